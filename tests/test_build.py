from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

import kg.build
from kg.build import build_graph
from kg.errors import StoreError, StoreLockedError
from kg.graph.store import GraphStore, open_graph
from kg.model import Document, Extraction, Issue, PartialDate

pytestmark = pytest.mark.slow

DOCUMENTS = [
    Document("杨植麟创立的月之暗面发布Kimi K2。", title="一", published=PartialDate(2025, 7, 11), source="a.txt"),
    Document("谷歌收购了Wiz。微软CEO纳德拉表示祝贺。", source="b.txt"),
    Document("宇树科技完成C轮融资，由中国移动、腾讯领投。", source="c.txt"),
]


def quads(directory: Path) -> bytes:
    out = io.BytesIO()
    with open_graph(directory) as store:
        store.dump(out)
    return out.getvalue()


def test_a_build_counts_what_it_found(tmp_path: Path) -> None:
    report = build_graph(DOCUMENTS, tmp_path)
    assert (report.documents, report.duplicates, report.failed) == (3, 0, False)
    assert report.claims["acquired"] == 1
    assert report.investments["round"] == 1
    with open_graph(tmp_path) as store:
        assert set(store.document_ids()) == {d.id for d in DOCUMENTS}
    assert json.loads((tmp_path / "report.json").read_text("utf-8")) == report.to_dict()


def test_the_order_of_articles_and_a_second_build_change_no_byte(tmp_path: Path) -> None:
    build_graph(DOCUMENTS, tmp_path / "a")
    build_graph(reversed(DOCUMENTS), tmp_path / "b")
    build_graph(DOCUMENTS[:1], tmp_path / "b")
    assert quads(tmp_path / "a") == quads(tmp_path / "b") != b""


def test_issues_and_duplicates_are_reported_and_stop_nothing(tmp_path: Path) -> None:
    items = [Issue("bad.txt", "empty"), DOCUMENTS[0], DOCUMENTS[0], DOCUMENTS[1]]
    report = build_graph(items, tmp_path)
    assert (report.documents, report.duplicates, report.failed) == (2, 1, True)
    assert [issue.severity for issue in report.issues] == ["error", "notice"]


def test_an_article_that_breaks_the_extraction_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = kg.build.extract

    def fragile(document: Document) -> Extraction:
        if document is DOCUMENTS[1]:
            raise RuntimeError("boom")
        return real(document)

    monkeypatch.setattr(kg.build, "extract", fragile)
    report = build_graph(DOCUMENTS, tmp_path)
    assert report.documents == 2
    assert [issue.source for issue in report.issues] == ["b.txt"]
    assert "boom" in report.issues[0].reason


def test_another_writer_is_told_apart_from_a_missing_graph(tmp_path: Path) -> None:
    build_graph(DOCUMENTS[:1], tmp_path)
    with GraphStore.open(tmp_path / "store"), pytest.raises(StoreLockedError):
        build_graph(DOCUMENTS, tmp_path)
    with pytest.raises(StoreError, match="kg build"):
        open_graph(tmp_path / "nowhere")
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreError):
        build_graph(DOCUMENTS, tmp_path / "file")
