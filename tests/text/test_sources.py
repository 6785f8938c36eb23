import io
import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.model import Document, Issue
from kg.text.sources import FORMATS, ReadLimits, find_sources, read_documents, read_source

A, B = "星河智能发布了新的语言模型，价格比去年低了一半。", "云岭科技在上个月完成了新一轮的融资。"


def split(results: Iterator[Document | Issue]) -> tuple[list[Document], list[Issue]]:
    found = list(results)
    return [r for r in found if isinstance(r, Document)], [r for r in found if isinstance(r, Issue)]


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read_one_fault(path: Path | str, limits: ReadLimits | None = None) -> str:
    documents, issues = split(read_documents([path], limits=limits or ReadLimits()))
    assert documents == []
    [issue] = issues
    assert (issue.severity, issue.source.split("#")[0]) == ("error", Path(path).as_posix())
    return issue.reason


CONTENTS = {
    "text": A,
    "html": f"<html><body><p>{A}</p></body></html>",
    "json": json.dumps([{"text": A}]),
    "jsonl": json.dumps({"text": A}),
    "csv": f"id,text\n1,{A}\n",
    "tsv": f"id\ttext\n1\t{A}\n",
}


@pytest.mark.parametrize("suffix", [*FORMATS, ".TXT", ".JsonL"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_format_is_read_in_every_encoding(tmp_path: Path, suffix: str, encoding: str) -> None:
    content = CONTENTS[FORMATS[suffix.lower()]]
    [document], issues = split(read_source(write(tmp_path / f"a{suffix}", content.encode(encoding))))
    assert (document.text, issues) == (A, [])
    assert document.source.startswith((tmp_path / f"a{suffix}").as_posix())


def test_big5_pages_follow_their_declaration(tmp_path: Path) -> None:
    markup = "<html><head><meta charset=big5><title>公告</title></head><body><p>齊</p></body></html>"
    [document], issues = split(read_source(write(tmp_path / "a.htm", markup.encode("big5"))))
    assert (document.text, issues) == ("公告\n齊", [])


def test_line_breaks_stay_and_only_the_mark_goes(tmp_path: Path) -> None:
    text = f"\r\n  {A}\r\r\n\x0c{B}\n\n"
    [document], _ = split(read_source(write(tmp_path / "a.txt", b"\xef\xbb\xbf" + text.encode())))
    assert document.text == text


@pytest.mark.parametrize(
    ("content", "sources"),
    [
        (A, ["-"]),
        (f"<!-- 页 -->\n<!DOCTYPE html><html><body><p>{A}</p></body></html>", ["-"]),
        (json.dumps({"text": A}), ["-#1"]),
        (json.dumps({"text": A}, indent=1), ["-"]),
        (json.dumps([{"text": A}], ensure_ascii=False), ["-#1"]),
        ("\n" + "\n".join([json.dumps({"text": A})] * 3), ["-#2", "-#3", "-#4"]),
        ('{"text": \n' + json.dumps({"text": A}), ["-#2"]),
        (json.dumps({"text": A, "x": "x" * 100_000}), ["-#1"]),
    ],
)
def test_standard_input_is_judged_by_its_first_bytes(content: str, sources: list[str]) -> None:
    documents, _ = split(read_documents(["-"], stdin=io.BytesIO(content.encode())))
    assert [(document.source, document.text) for document in documents] == [(source, A) for source in sources]


@pytest.mark.parametrize("text", ["[快讯] 星河智能降价", "[1] 脚注", "{不是对象", "<公司> 发布模型"])
def test_brackets_do_not_make_json_or_html_of_text(text: str) -> None:
    content = text if not text.startswith("{") else "《" + text
    [document], _ = split(read_documents(["-"], stdin=io.BytesIO(content.encode())))
    assert document.text == content


def test_many_comments_take_no_time() -> None:
    [document], _ = split(read_documents(["-"], stdin=io.BytesIO(b"<!---->" * 9000 + A.encode())))
    assert document.text.endswith(A)


def test_the_process_input_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(A.encode())))
    [document], _ = split(read_documents(["-"]))
    assert (document.text, document.source) == (A, "-")


def test_a_file_of_another_suffix_is_read_when_it_is_named(tmp_path: Path) -> None:
    paths = [write(tmp_path / "a.log", A), write(tmp_path / "b", json.dumps({"text": B}))]
    documents, issues = split(read_documents(paths))
    assert ([document.text for document in documents], issues) == ([A, B], [])


def test_json_lines_in_a_json_file_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", "\n".join(json.dumps({"text": text}) for text in (A, B)))
    documents, issues = split(read_source(path))
    assert ([document.text for document in documents], issues) == ([A, B], [])


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t", "empty"),
        ("a.txt", "\u3000\n".encode(), "no text"),
        ("a.jsonl", b"\n\n", "empty"),
        ("a.txt", b"a\0b", "binary"),
        ("a.txt", b"\x01\x02\x03\x04 text", "binary"),
        ("a.txt", b"a" * 70_000 + b"\0", "binary"),
        ("a.md", A.encode()[:10] + A.encode()[11:], "save the file as UTF-8"),
        ("a.txt", b"\xff\xfea", "byte-order mark"),
        ("a.zip", b"PK\x03\x04" + b"x" * 20, "ZIP"),
        ("a.txt", b"\x1f\x8b\x08\x00", "gzip"),
        ("a.pdf", b"%PDF-1.4\n", "PDF"),
        ("a.json", b'{"text": ', "broken JSON"),
        ("a.json", b'"text"', "a string"),
        ("a.json", b"[" * 50_000, "nested too deeply"),
        ("a.html", b"<html></html>", "no text"),
        ("a.html", b"<div>" * 5_000 + b"x", "nested too deeply"),
        ("a.csv", b"id,title\n1,2\n", "no column holds the text"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_error(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    assert reason in read_one_fault(write(tmp_path / name, content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "长" * 1001),
        ("a.txt", "a" * 9000),
        ("a.jsonl", '{"text": "' + "长" * 1000 + '"}'),
        ("a.json", '{"text": "' + "长" * 1001 + '"}'),
        ("a.json", " " * 9000 + "{}"),
        ("a.html", "<p>" + "长" * 1001),
        ("a.html", "x" * 9000),
        ("a.html", "<p>" * 60 + "x"),
    ],
)
def test_what_is_too_large_is_one_error(tmp_path: Path, name: str, content: str) -> None:
    limits = ReadLimits(max_file_bytes=8000, max_record_chars=1000, max_elements=50)
    reason = read_one_fault(write(tmp_path / name, content), limits)
    assert "limit of" in reason or "more than 50 elements" in reason


def test_a_huge_text_is_refused_without_being_read() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            buffer[:] = b"a" * len(buffer)
            self.given += len(buffer)
            return len(buffer)

    stream = Endless()
    limits = ReadLimits(max_record_chars=1000)
    [issue] = read_documents(["-"], stdin=io.BufferedReader(stream), limits=limits)
    assert isinstance(issue, Issue)
    assert "limit" in issue.reason
    assert stream.given < 300_000


def test_faults_do_not_stop_the_rest(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", b"\0")
    write(tmp_path / "b.jsonl", "{\n" + json.dumps({"text": A}))
    write(tmp_path / "c.txt", B)
    documents, issues = split(read_documents([tmp_path / "none.txt", tmp_path]))
    assert [document.text for document in documents] == [A, B]
    assert len(issues) == 3


def test_many_faults_of_one_file_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", "{\n" * 50 + json.dumps({"text": A}))
    documents, issues = split(read_source(path, limits=ReadLimits(max_issues=10)))
    assert [document.text for document in documents] == [A]
    assert len(issues) == 11
    assert issues[-1].reason.startswith("40 more faults")
    assert issues[-1].severity == "error"


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    assert "no such file" in read_one_fault(tmp_path / "none.txt")
    assert "no such file" in str(next(read_source(tmp_path / "none.txt")))


def test_a_path_that_no_system_takes_is_an_error() -> None:
    [issue] = find_sources(["a\0b"])
    assert isinstance(issue, Issue)


def test_an_unreadable_file_or_directory_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.txt", A)
    write(tmp_path / "b" / "c.txt", A)
    write(tmp_path / "d.txt", B)
    monkeypatch.setattr(Path, "open", refuse(Path.open, "a.txt"))
    monkeypatch.setattr(Path, "iterdir", refuse(Path.iterdir, "b"))
    documents, issues = split(read_documents([tmp_path]))
    assert [document.text for document in documents] == [B]
    assert [(issue.severity, issue.source) for issue in issues] == [
        ("error", (tmp_path / name).as_posix()) for name in ("a.txt", "b")
    ]
    assert all("permissions" in issue.reason for issue in issues)


def refuse(method: Callable[..., object], name: str) -> Callable[..., object]:
    def call(path: Path, *arguments: object) -> object:
        if path.name == name:
            raise PermissionError(13, "Permission denied")
        return method(path, *arguments)

    return call


def test_a_fault_of_the_device_is_an_error() -> None:
    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            raise OSError(5, "Input/output error")

    [issue] = read_documents(["-"], stdin=io.BufferedReader(Broken()))
    assert issue == Issue("-", "it could not be read: Input/output error")


def test_a_directory_is_walked_in_the_order_of_its_names(tmp_path: Path) -> None:
    names = ["b.txt", "a/z.md", "a/b/c.txt", "Z.txt", "乙.txt", "a.txt", "10.txt", "9.txt"]
    for name in names:
        write(tmp_path / name, A)
    found = [path.relative_to(tmp_path).as_posix() for path in find_sources([tmp_path]) if isinstance(path, Path)]
    assert found == ["10.txt", "9.txt", "Z.txt", "a/b/c.txt", "a/z.md", "a.txt", "b.txt", "乙.txt"]


def test_the_order_does_not_hang_on_the_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b.txt", "a.txt", "c/d.txt"):
        write(tmp_path / name, A)
    before = list(find_sources([tmp_path]))
    iterdir = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda path: sorted(iterdir(path), reverse=True))
    assert list(find_sources([tmp_path])) == before
    assert len(before) == 3


def test_hidden_files_are_left_out_and_unknown_ones_are_a_notice(tmp_path: Path) -> None:
    for name in (".git/a.txt", ".hidden.txt", "a.txt", "b.png", "LICENSE"):
        write(tmp_path / name, A)
    documents, issues = split(read_documents([tmp_path]))
    assert [Path(document.source).name for document in documents] == ["a.txt"]
    assert [(Path(issue.source).name, issue.severity) for issue in issues] == [
        ("LICENSE", "notice"),
        ("b.png", "notice"),
    ]


def test_a_hidden_file_is_read_when_it_is_named(tmp_path: Path) -> None:
    [document], _ = split(read_documents([write(tmp_path / ".a.txt", A)]))
    assert document.text == A


def test_an_empty_directory_is_a_warning(tmp_path: Path) -> None:
    [issue] = find_sources([tmp_path])
    assert isinstance(issue, Issue)
    assert issue.severity == "warning"


def test_links_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    write(tmp_path / "a" / "x.txt", A)
    write(tmp_path / "else" / "y.txt", B)
    (tmp_path / "a" / "up").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "a" / "side").symlink_to(tmp_path / "else", target_is_directory=True)
    (tmp_path / "a" / "gone.txt").symlink_to(tmp_path / "gone.txt")
    (tmp_path / "a" / "self.txt").symlink_to(tmp_path / "a" / "self.txt")
    documents, issues = split(read_documents([tmp_path / "a"]))
    assert [Path(document.source).name for document in documents] == ["y.txt", "x.txt"]
    assert [Path(issue.source).name for issue in issues] == ["gone.txt", "self.txt", "up"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_read_when_named_and_passed_over_in_a_directory(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    documents, issues = split(read_documents([tmp_path]))
    assert documents == []
    assert issues[0].severity == "notice"
    writer = threading.Thread(target=lambda: pipe.write_text(A, "utf-8"))
    writer.start()
    [document], _ = split(read_documents([pipe]))
    writer.join()
    assert document.text == A


def test_a_name_that_is_no_unicode_can_be_written(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))
    try:
        write(path, A)
    except OSError:
        pytest.skip("the file system takes only Unicode")
    [document], _ = split(read_documents([path]))
    assert document.source.encode().endswith("/\ufffd.txt".encode())


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    for name, content in (
        ("a.html", CONTENTS["html"]),
        ("b.jsonl", "{\n" + CONTENTS["jsonl"]),
        ("c.csv", CONTENTS["csv"]),
    ):
        write(tmp_path / name, content)
    assert list(read_documents([tmp_path])) == list(read_documents([str(tmp_path)]))
