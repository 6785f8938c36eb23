import codecs
import io
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.text.limits import DEFAULT_LIMITS, ReadLimits
from kg.text.lines import HEAD_BYTES, read_lines, read_whole, rewind

LINES = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), max_size=8)
SMALL = ReadLimits(max_record_chars=10, max_file_bytes=100)


class Trickle(io.RawIOBase):
    """A pipe that gives a few bytes at a time and cannot seek."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        size = min(7, len(buffer), len(self.data))
        buffer[:size], self.data = self.data[:size], self.data[size:]
        return size


def pipe(data: bytes) -> BinaryIO:
    return io.BufferedReader(Trickle(data))


@given(LINES, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.sampled_from(["\n", "\r\n"]))
def test_lines_come_back_in_every_encoding(lines: list[str], encoding: str, ending: str) -> None:
    lines = [line.removeprefix("\ufeff") or "空" for line in lines]
    text = "".join(line + ending for line in lines)
    read = list(read_lines(pipe(text.encode(encoding)), DEFAULT_LIMITS))
    assert [line.text for line in read] == [line + ending for line in lines]
    assert [line.number for line in read] == list(range(1, len(lines) + 1))


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_a_rewound_stream_gives_everything(head: bytes, rest: bytes) -> None:
    assert rewind(head, pipe(rest)).read() == head + rest
    assert b"".join(rewind(head, pipe(rest))) == head + rest


def test_the_first_encoding_holds_for_lines_too_short_to_tell() -> None:
    first = "星河智能今天发布了自己的语言模型，它的价格只有对手的一半。\n"
    data = (first + "祎翀\n").encode("gb18030")
    assert [line.text for line in read_lines(pipe(data), DEFAULT_LIMITS)] == [first, "祎翀\n"]


def test_a_line_in_another_encoding_is_read_after_ascii() -> None:
    head = b"abc\n" * HEAD_BYTES
    tail = "星河智能今天发布了自己的语言模型\n"
    *_, last = read_lines(pipe(head + tail.encode("gb18030")), DEFAULT_LIMITS)
    assert last.text == tail


def test_an_undecodable_line_has_a_fault_and_the_next_is_read() -> None:
    good = "星河智能发布了模型\n"
    lines = list(read_lines(pipe(good.encode() + b"\xe6\x98\xff\n" + good.encode()), DEFAULT_LIMITS))
    assert [line.text for line in lines] == [good, "", good]
    assert "save the file as UTF-8" in str(lines[1].fault)


@pytest.mark.parametrize("long", ["字" * 11, "a" * 1000, "字" * 1000, "a" * 11])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_long_line_has_a_fault_and_the_next_is_read(long: str, encoding: str) -> None:
    limits = ReadLimits(max_record_chars=10)
    lines = list(read_lines(pipe(f"甲\n{long}\n乙".encode(encoding)), limits))
    assert [(line.number, line.text) for line in lines] == [(1, "甲\n"), (2, ""), (3, "乙")]
    assert "longer than the limit of 10 characters" in str(lines[1].fault)


def test_a_long_line_at_the_end_ends_the_stream() -> None:
    assert [line.text for line in read_lines(pipe("字".encode() * 99), SMALL)] == [""]


def test_utf16_and_whole_files_are_bounded() -> None:
    with pytest.raises(InputError, match="limit of 100 bytes: save it as UTF-8"):
        list(read_lines(pipe(codecs.BOM_UTF16_LE + b"a\0" * 60), SMALL))
    assert read_whole(pipe(b"a" * 100), 100, advice="split it") == b"a" * 100
    stream = pipe(b"a" * 1000)
    with pytest.raises(InputError, match="split it"):
        read_whole(stream, 100, advice="split it")
    assert len(stream.read()) > 800
