"""Decoded lines of a byte stream, one at a time, each of bounded length."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kg.errors import InputError
from kg.text.encodings import decode_bytes, guess_encoding
from kg.text.limits import ReadLimits

__all__ = ["HEAD_BYTES", "Line", "read_lines", "read_whole", "rewind"]

HEAD_BYTES = 65_536
_CHUNK_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Line:
    """One line, counted from 1, with its line break; `fault` says why it could not be read (its text is then empty)."""

    number: int
    text: str
    fault: str | None = None


class _Rewound(io.RawIOBase):
    """A stream that gives some bytes which were read before, then the rest of another stream."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def rewind(head: bytes, rest: BinaryIO) -> BinaryIO:
    """Return a stream that begins with `head` again; it works for pipes, which cannot seek."""
    return io.BufferedReader(_Rewound(head, rest), HEAD_BYTES)


def read_whole(stream: BinaryIO, max_bytes: int, *, advice: str) -> bytes:
    """Return all bytes of a stream.

    Raises InputError, which ends with `advice`, when there are more than `max_bytes`; not much more is read then.
    """
    data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise InputError(f"larger than the limit of {max_bytes:,} bytes: {advice}")
    return data


def read_lines(stream: BinaryIO, limits: ReadLimits) -> Iterator[Line]:
    """Yield the lines of a stream, which end with a line feed; the encoding is guessed from its first 64 KiB.

    A line that does not fit that encoding is tried in the others. A line that is too long or fits no encoding comes
    with its fault. Raises InputError for UTF-16 above `max_file_bytes`, which cannot be cut into lines of bytes.
    """
    head = stream.read(HEAD_BYTES)
    encoding = guess_encoding(head)
    stream = rewind(head.removeprefix(codecs.BOM_UTF8), stream)
    if encoding is not None and encoding.startswith("utf-16"):
        advice = "save it as UTF-8, which is read line by line"
        text = decode_bytes(read_whole(stream, limits.max_file_bytes, advice=advice)).text
        for number, line in enumerate(io.StringIO(text, newline="\n"), 1):
            yield _bounded(number, line, limits)
        return
    number = 0
    while data := stream.readline(limits.max_record_bytes + 1):
        number += 1
        if len(data) > limits.max_record_bytes:
            _skip_line(stream, data)
            yield Line(number, "", _explain_length(limits))
            continue
        try:
            line = _decode_line(data, encoding)
        except InputError as fault:
            yield Line(number, "", str(fault))
        else:
            yield _bounded(number, line, limits)


def _decode_line(data: bytes, encoding: str | None) -> str:
    if encoding is not None:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    return decode_bytes(data).text


def _bounded(number: int, text: str, limits: ReadLimits) -> Line:
    if len(text) > limits.max_record_chars:
        return Line(number, "", _explain_length(limits))
    return Line(number, text)


def _explain_length(limits: ReadLimits) -> str:
    return f"a line longer than the limit of {limits.max_record_chars:,} characters: split it into records"


def _skip_line(stream: BinaryIO, data: bytes) -> None:
    while data and not data.endswith(b"\n"):
        data = stream.readline(_CHUNK_BYTES)
