"""Documents that come again: unchanged, changed, moved, copied, removed, and read by a newer extractor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.build import build_graph, graph, outdated_sources, remove_documents
from kg.build.journal import JOURNAL
from kg.errors import InputError, StoreError
from kg.graph.store import open_graph
from kg.model import Document, Extractor
from kg.text.sources import read_documents

OPTIONS = {"extractor": Extractor.RULES}

pytestmark = pytest.mark.slow


def text_of(company: str) -> str:
    return f"{company}科技宣布完成2亿元A轮融资，由砚溪资本领投。"


@pytest.fixture
def files(tmp_path) -> list[Path]:
    paths = [tmp_path / f"{name}.txt" for name in "abc"]
    for path, company in zip(paths, ("云帆", "星图", "澜智"), strict=True):
        path.write_text(text_of(company), encoding="utf-8")
    return paths


def build(paths: list[Path], directory: Path, **options: object):
    return build_graph(read_documents(paths), directory, **(OPTIONS | options))  # type: ignore[arg-type]


def test_what_is_there_already_is_left_as_it_is(files, tmp_path, monkeypatch, dump) -> None:
    build(files[:2], tmp_path / "g")
    before = dump(tmp_path / "g")
    monkeypatch.setattr(graph, "work_on", None)
    report = build(files[:2], tmp_path / "g")
    assert (report.documents, report.unchanged, report.failed) == (0, 2, False)
    assert dump(tmp_path / "g") == before


def test_a_changed_file_replaces_what_it_said(files, tmp_path, dump) -> None:
    build(files, tmp_path / "g")
    files[0].write_text(text_of("衡岳"), encoding="utf-8")
    report = build(files, tmp_path / "g")
    assert (report.documents, report.unchanged, report.replaced) == (1, 2, 1)
    build(files, tmp_path / "fresh")
    assert dump(tmp_path / "g") == dump(tmp_path / "fresh")


def test_a_url_is_known_wherever_its_article_is_read(tmp_path, dump) -> None:
    first = Document(text_of("云帆"), url="https://a.example/1", source="old.jsonl#1")
    second = Document(text_of("星图"), url="https://a.example/1", source="new.jsonl#9")
    build_graph([first], tmp_path / "g", **OPTIONS)
    assert build_graph([second], tmp_path / "g", **OPTIONS).replaced == 1
    build_graph([second], tmp_path / "fresh", **OPTIONS)
    assert dump(tmp_path / "g") == dump(tmp_path / "fresh")


def test_two_versions_in_one_build_both_count_whatever_their_order(tmp_path, dump) -> None:
    url = "https://a.example/1"
    versions = [Document(text_of(company), url=url, source=f"f#{company}") for company in ("云帆", "星图")]
    build_graph(versions, tmp_path / "g", **OPTIONS)
    build_graph(versions[::-1], tmp_path / "backward", **OPTIONS)
    for order in (versions, versions[::-1]):
        build_graph(order, tmp_path / "g", **OPTIONS)
        assert dump(tmp_path / "g") == dump(tmp_path / "backward")


def test_a_file_that_was_moved_or_copied_is_not_read_again(files, tmp_path) -> None:
    build(files[:1], tmp_path / "g")
    moved = files[0].rename(tmp_path / "moved.txt")
    assert build([moved], tmp_path / "g").unchanged == 1
    copy = tmp_path / "copy.txt"
    copy.write_bytes(moved.read_bytes())
    assert build([copy], tmp_path / "g").unchanged == 1
    copy.write_text(text_of("衡岳"), encoding="utf-8")
    assert build([copy], tmp_path / "g").replaced == 0, "the article still stands in the other file"
    with open_graph(tmp_path / "g") as store:
        assert len(store.document_ids()) == 2


def test_records_of_a_feed_that_shift(tmp_path) -> None:
    feed = tmp_path / "feed.jsonl"

    def write(*companies: str) -> None:
        feed.write_text("".join(json.dumps({"text": text_of(c)}) + "\n" for c in companies), encoding="utf-8")

    write("云帆", "星图")
    build([feed], tmp_path / "g")
    write("澜智", "云帆", "星图")
    report = build([feed], tmp_path / "g")
    assert (report.documents, report.unchanged, report.replaced) == (1, 2, 0)


def test_a_newer_extractor_reads_again_only_what_the_older_one_has_read(files, tmp_path, monkeypatch) -> None:
    build(files[:2], tmp_path / "g")
    assert outdated_sources(tmp_path / "g", Extractor.RULES) == []
    monkeypatch.setattr(graph, "extractor_version", lambda _: "newer")
    build(files[2:], tmp_path / "g")
    assert outdated_sources(tmp_path / "g", Extractor.RULES) == files[:2]
    report = build(outdated_sources(tmp_path / "g", Extractor.RULES), tmp_path / "g")
    assert (report.documents, report.unchanged) == (2, 0)
    assert outdated_sources(tmp_path / "g", Extractor.RULES) == []


def test_a_check_of_the_shapes_counts_for_builds_without_one_but_not_the_other_way_round(files, tmp_path) -> None:
    build(files, tmp_path / "g", validate=True)
    assert build(files, tmp_path / "g").unchanged == 3
    build(files, tmp_path / "h")
    assert build(files, tmp_path / "h", validate=True).documents == 3


def test_removing_documents(files, tmp_path, dump) -> None:
    document = Document(text_of("衡岳"), url="https://a.example/1", source="f#1")
    build_graph([*read_documents(files), document], tmp_path / "g", **OPTIONS)
    [first] = [d.id for d in read_documents(files[:1]) if isinstance(d, Document)]
    assert remove_documents(tmp_path / "g", [str(files[0])]) == [first]
    assert remove_documents(tmp_path / "g", ["https://a.example/1"]) == [document.id]
    build(files[1:], tmp_path / "fresh")
    assert dump(tmp_path / "g") == dump(tmp_path / "fresh")
    with open_graph(tmp_path / "g") as store:
        [second, third] = store.document_ids()
        iri = store.ids.document(third).value
    with pytest.raises(InputError, match="no document nowhere"):
        remove_documents(tmp_path / "g", [second, "nowhere"])
    assert remove_documents(tmp_path / "g", [second, f"<{iri}>"]) == sorted([second, third])
    assert build(files, tmp_path / "g").documents == 3, "what was removed may come back"
    with pytest.raises(StoreError, match="no graph"):
        remove_documents(tmp_path / "nothing", [second])


def test_a_store_that_was_lost_is_built_again(files, tmp_path, dump) -> None:
    build(files, tmp_path / "g")
    whole = dump(tmp_path / "g")
    (tmp_path / "g" / "store").rename(tmp_path / "lost")
    assert build(files, tmp_path / "g").documents == 3
    (tmp_path / "g" / JOURNAL).unlink()
    assert build(files, tmp_path / "g").documents == 3
    assert dump(tmp_path / "g") == whole


def test_several_processes_give_the_same_graph_and_report(files, tmp_path, dump) -> None:
    one = build([*files, tmp_path / "missing.txt"], tmp_path / "one")
    two = build([*files, tmp_path / "missing.txt"], tmp_path / "two", processes=2)
    assert one.to_dict() == two.to_dict()
    assert dump(tmp_path / "one") == dump(tmp_path / "two")
