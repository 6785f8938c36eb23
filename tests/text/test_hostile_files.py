"""Files made to break a reader: bombs, links in circles, names that break lines, encodings that lie."""

from __future__ import annotations

import gzip
import json
import os
import time
import tracemalloc
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from kg.model import Document, Issue
from kg.text.limits import ReadLimits
from kg.text.sources import find_sources, read_documents, read_source

A = "星河智能发布了新的语言模型，价格比去年低了一半。"


def read(path: Path, limits: ReadLimits | None = None) -> tuple[list[Document], list[str]]:
    start = time.process_time()
    found = list(read_source(path, limits=limits or ReadLimits()))
    assert time.process_time() - start < 20
    return [f for f in found if isinstance(f, Document)], [f.reason for f in found if isinstance(f, Issue)]


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + A,
        "<b>" * 100_000 + A,
        "<p>" * 100_000 + A,
        "<table><tr><td>" * 30_000 + A,
        "<a href=x>" * 10_000 + A + "</a>" * 10_000,
        "<!--" * 100_000 + A,
        "<![CDATA[" * 100_000 + A,
        "<" * 300_000 + A,
        f"<p {'a=1 ' * 1_000_000}>{A}</p>",
        f"<p {' '.join(f'a{i}=1' for i in range(100_000))}>{A}</p>",
        f"<p title='{'x' * 5_000_000}'>{A}</p>",
        f"<p>{A}</p>" + "&nbsp;" * 500_000,
    ],
    ids=lambda markup: markup[:12],
)
def test_a_page_built_to_burst_is_read_or_refused_in_time(tmp_path: Path, markup: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(markup, "utf-8")
    documents, reasons = read(path)
    assert all("星河智能" in document.text for document in documents)
    assert len(documents) == 1 or any("element" in r or "no text" in r or "limit" in r for r in reasons)


def test_entities_are_not_expanded_without_end(tmp_path: Path) -> None:
    names = "abcdefghij"
    laughs = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    page = f'<!DOCTYPE html [<!ENTITY a "哈">{laughs}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    path = tmp_path / "a.xhtml"
    path.write_text(f"{page}<html><body><p>{A}&j;&file;</p></body></html>", "utf-8")
    [document], _ = read(path)
    assert A in document.text
    assert "哈" * 20 not in document.text
    assert "root:" not in document.text


@pytest.mark.parametrize("deep", ['{"items":' * 900 + "[]" + "}" * 900, '{"text":' * 990 + '"甲"' + "}" * 990])
def test_a_feed_nested_absurdly_is_one_fault(tmp_path: Path, deep: str) -> None:
    for name in ("a.json", "a.jsonl"):
        (tmp_path / name).write_text(deep)
        documents, reasons = read(tmp_path / name)
        assert (documents, len(reasons)) == ([], 1)


def test_halves_of_characters_and_nuls_in_json_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        r"{\"text\": \"\ud800" + A + r"\udfff\"}",
        r"{\"text\": \"a\u0000b\"}",
        json.dumps({"text": A, "title": "\ud83d"}),
    ]
    path.write_text("\n".join(lines).replace('\\"', '"'), "utf-8")
    documents, reasons = read(path)
    assert [document.text for document in documents] == [f"\ufffd{A}\ufffd", f"\ufffd\n{A}"]
    assert [reason.split(" ")[0] for reason in reasons] == ["halves", "binary", "halves"]


@pytest.mark.parametrize("name", ["a\nb.txt", "a\tb.txt", "\u202egpj.txt", "..txt.txt", "...", "a..txt", " .txt", "-"])
def test_a_strange_file_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(A, "utf-8")
    [document] = read_documents([path])
    assert isinstance(document, Document)
    assert (document.text, document.source) == (A, path.as_posix())


def test_a_way_up_and_down_again_is_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a.txt").write_text(A, "utf-8")
    [document] = read_documents([tmp_path / "b" / ".." / "a.txt"])
    assert isinstance(document, Document)
    assert document.text == A


def test_archives_are_never_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "in" / "a.txt"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../out.txt", A)
        archive.writestr("/tmp/out.txt", A)  # noqa: S108
    (tmp_path / "in" / "b.json").write_bytes(gzip.compress(b"[" * 10_000_000))
    found = list(read_documents([tmp_path]))
    assert [f.reason.split(":")[0] for f in found if isinstance(f, Issue)] == [
        "a ZIP archive or an Office file (docx, xlsx, epub), not a text",
        "a gzip archive, not a text",
    ]
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.txt", "b.json", "in"]


def test_links_in_circles_end(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    (one / "two").symlink_to(two, target_is_directory=True)
    (two / "one").symlink_to(one, target_is_directory=True)
    (one / "root").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "x").symlink_to("y")
    (tmp_path / "y").symlink_to("x")
    (one / "a.txt").write_text(A, "utf-8")
    found = list(find_sources([tmp_path]))
    assert [f.name for f in found if isinstance(f, Path)] == ["a.txt"]
    [fault] = read_documents([tmp_path / "x"])
    assert isinstance(fault, Issue)
    assert fault.severity == "error"


def test_a_tree_of_a_thousand_folders_is_walked(tmp_path: Path) -> None:
    home = Path.cwd()
    os.chdir(tmp_path)  # the whole path would be longer than a system takes
    try:
        for _ in range(40):
            Path("d" * 20).mkdir()
            os.chdir("d" * 20)
        Path("a.txt").write_text(A, "utf-8")
    finally:
        os.chdir(home)
    [document] = read_documents([tmp_path])
    assert isinstance(document, Document)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json", "a.csv", "a.jsonl", "a.md"])
def test_a_file_of_100_mb_is_one_fault_and_little_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.write(b'{"text": "' if "json" in name else b"text,title\n" if "csv" in name else b"<p>")
        for _ in range(100):
            stream.write(A.encode() * (2**20 // len(A.encode())))
    tracemalloc.start()
    try:
        documents, reasons = read(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert documents == []
    assert len(reasons) == 1
    assert "limit of" in reasons[0]
    assert peak < 150 * 2**20
