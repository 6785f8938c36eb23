from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kg.build import BuildReport, build_graph, extraction, graph, write_report
from kg.errors import StoreError, StoreLockedError
from kg.graph.store import GraphStore, open_graph
from kg.model import (
    Claim,
    Document,
    Entity,
    EntityType,
    Evidence,
    Extraction,
    Investment,
    InvestmentKind,
    Investor,
    Issue,
    Mention,
    Modality,
    Money,
    Predicate,
)

MAKER = Entity("company/x-1", EntityType.COMPANY, "星海智能")
FUND = Entity("company/x-2", EntityType.COMPANY, "砚溪资本")
WORK = Entity("product/x-1", EntityType.PRODUCT, "星宝")
ENTITIES = (MAKER, FUND, WORK)

FIRST = Document("砚溪资本投资了星海智能,星海智能发布星宝。", title="其一", source="first.txt")
SECOND = Document("星海智能的星宝上线。", title="其二", source="second.txt")
THIRD = Document("今天有雨。", source="third.txt")


def read_names(document: Document, **_: object) -> Extraction:
    """Stand in for the pipeline: the three names, the product of the company, the fund's money."""
    found = [e for e in ENTITIES if e.name in document.text]
    starts = {e: document.text.index(e.name) for e in found}
    proofs = {e.id: Evidence(document.id, at, at + len(e.name), e.name) for e, at in starts.items()}
    mentions = [Mention(proofs[e.id], e.type, e.name, e.id) for e in found]
    claims, events = [], []
    if {MAKER, WORK} <= set(found):
        claims.append(Claim(MAKER.id, Predicate.OFFERS, WORK.id, Modality.ASSERTED, proofs[MAKER.id]))
    if {MAKER, FUND} <= set(found):
        claims.append(Claim(FUND.id, Predicate.INVESTED_IN, MAKER.id, Modality.REPORTED, proofs[FUND.id]))
        money = Money(Decimal(100), "CNY", wording="100元")
        events.append(
            Investment(
                InvestmentKind.STAKE, MAKER.id, Modality.REPORTED, proofs[FUND.id], (Investor(FUND.id),), amount=money
            )
        )
    return Extraction(document, tuple(found), tuple(mentions), tuple(claims), tuple(events))


@pytest.fixture(autouse=True)
def names_for_a_pipeline(request, monkeypatch) -> None:
    if "slow" not in request.keywords:
        monkeypatch.setattr(extraction, "extract", read_names)


def dump(directory: Path) -> bytes:
    with open_graph(directory) as store:
        out = io.BytesIO()
        store.dump(out)
        return out.getvalue()


def document_ids(directory: Path) -> list[str]:
    with open_graph(directory) as store:
        return store.document_ids()


def test_a_build_reports_what_it_found(tmp_path) -> None:
    report = build_graph([FIRST, SECOND, THIRD], tmp_path / "graph")
    assert report.to_dict() == {
        "documents": 3,
        "unchanged": 0,
        "replaced": 0,
        "duplicates": 0,
        "characters": sum(len(d.text) for d in (FIRST, SECOND, THIRD)),
        "entities": {"Company": 2, "Product": 1},
        "claims": {"investedIn": 1, "offers": 2},
        "modalities": {"asserted": 2, "reported": 1},
        "investments": {"stake": 1},
        "inferred": report.inferred,
        "issues": [],
    }
    assert not report.failed
    assert document_ids(tmp_path / "graph") == sorted(d.id for d in (FIRST, SECOND, THIRD))


def test_the_report_lies_beside_the_store(tmp_path) -> None:
    report = build_graph([FIRST, Issue("broken.txt", "no text")], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["journal.sqlite", "report.json", "store"]
    assert json.loads((tmp_path / "report.json").read_text("utf-8")) == report.to_dict()
    assert report.to_dict()["issues"] == [{"source": "broken.txt", "reason": "no text", "severity": "error"}]


def test_a_large_build_compacts_the_store(tmp_path, monkeypatch) -> None:
    compacted = []
    compact = GraphStore.compact

    def watch(store: GraphStore) -> None:
        compacted.append(len(store.document_ids()))
        compact(store)

    monkeypatch.setattr(GraphStore, "compact", watch)
    monkeypatch.setattr(graph, "_COMPACTED", 2)
    build_graph([FIRST], tmp_path / "graph")
    build_graph([SECOND, THIRD], tmp_path / "graph")
    build_graph([FIRST, SECOND, THIRD], tmp_path / "graph")
    assert compacted == [3]
    assert document_ids(tmp_path / "graph") == sorted(d.id for d in (FIRST, SECOND, THIRD))


def test_a_document_that_comes_twice_is_built_once(tmp_path) -> None:
    again = Document(FIRST.text, title=FIRST.title, source="copy.txt")
    report = build_graph([FIRST, again], tmp_path)
    assert (report.documents, report.duplicates) == (1, 1)
    [issue] = report.issues
    assert (issue.source, issue.severity) == ("copy.txt", "notice")
    assert "first.txt" in issue.reason
    assert not report.failed
    assert document_ids(tmp_path) == [FIRST.id]


def test_faults_among_the_inputs_are_reported_and_passed_over(tmp_path) -> None:
    faults = [Issue("a.txt", "broken"), Issue("b.txt", "a detail", "notice")]
    report = build_graph([faults[0], FIRST, faults[1], SECOND], tmp_path)
    assert report.issues == faults
    assert report.documents == 2
    assert report.failed
    assert not build_graph([faults[1]], tmp_path).failed


def test_a_document_whose_extraction_fails_is_left_out_alone(tmp_path, monkeypatch) -> None:
    def fail_on_second(document: Document, **_: object) -> Extraction:
        if document.id == SECOND.id:
            raise RecursionError("too deep")
        return read_names(document)

    monkeypatch.setattr(extraction, "extract", fail_on_second)
    seen: list[str] = []
    report = build_graph([FIRST, SECOND, THIRD], tmp_path, on_item=lambda item, _: seen.append(item.source))
    assert report.documents == 2
    assert report.failed
    [issue] = report.issues
    assert issue.source == "second.txt"
    assert "RecursionError: too deep" in issue.reason
    assert "test_graph.py" in issue.reason
    assert document_ids(tmp_path) == sorted([FIRST.id, THIRD.id])
    assert seen == ["first.txt", "second.txt", "third.txt"]


def test_an_interruption_is_no_fault_of_a_document(tmp_path, monkeypatch) -> None:
    def interrupt(document: Document, **_: object) -> Extraction:
        if document.id == SECOND.id:
            raise KeyboardInterrupt
        return read_names(document)

    monkeypatch.setattr(extraction, "extract", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build_graph([FIRST, SECOND, THIRD], tmp_path)
    assert document_ids(tmp_path) == [FIRST.id], "what was read before it is there"


def test_a_second_build_adds_to_the_first(tmp_path) -> None:
    build_graph([FIRST], tmp_path)
    report = build_graph([SECOND], tmp_path)
    assert report.documents == 1
    assert document_ids(tmp_path) == sorted([FIRST.id, SECOND.id])
    build_graph([FIRST, SECOND], tmp_path / "at-once")
    build_graph([FIRST], tmp_path / "at-once")
    assert dump(tmp_path) == dump(tmp_path / "at-once"), "what is read again unchanged changes nothing"


def test_a_document_that_is_read_again_replaces_what_it_said(tmp_path, monkeypatch) -> None:
    build_graph([FIRST, SECOND], tmp_path)
    monkeypatch.setattr(extraction, "extract", lambda document, **_: Extraction(document))
    monkeypatch.setattr(graph, "extractor_version", lambda _: "newer")
    build_graph([FIRST], tmp_path)
    with open_graph(tmp_path) as store:
        claims = store.query("SELECT ?p { ?c a aio:Claim ; rdf:predicate ?p }").records()
    assert claims == [{"p": "aio:offers"}], "the claim of the second document is left"


def test_the_same_documents_give_the_same_bytes_in_any_order(tmp_path) -> None:
    build_graph([FIRST, SECOND, THIRD], tmp_path / "forward")
    build_graph([THIRD, SECOND, FIRST], tmp_path / "backward")
    assert dump(tmp_path / "forward") == dump(tmp_path / "backward") != b""


def test_ids_stand_under_the_base_that_was_asked_for(tmp_path) -> None:
    build_graph([FIRST], tmp_path, base="https://kg.example/")
    assert b"<https://kg.example/company/x-1>" in dump(tmp_path)


def test_a_run_notes_when_and_what_was_read(tmp_path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    build_graph([FIRST, SECOND], tmp_path)
    with open_graph(tmp_path) as store:
        [run] = store.query(
            "SELECT ?started ?n { ?r a aio:Run ; prov:startedAtTime ?started ; aio:documentCount ?n }"
        ).records()
        sources = store.query("SELECT ?s { ?d aio:source ?s } ORDER BY ?s").records()
    assert run["n"] == 2
    assert before <= datetime.fromisoformat(str(run["started"])) <= datetime.now(UTC)
    assert [row["s"] for row in sources] == ["first.txt", "second.txt"]
    assert b"first.txt" not in dump(tmp_path), "where a file lay is no fact"


def inferred(directory: Path) -> list[tuple[object, ...]]:
    with open_graph(directory) as store:
        return store.query("SELECT ?p ?o { GRAPH <inferred> { ?s ?p ?o } } ORDER BY ?p ?o").rows


def is_up_to_date(directory: Path) -> bool:
    with open_graph(directory) as store:
        return store.has_inferred


def test_a_build_ends_with_what_follows_from_all_documents(tmp_path) -> None:
    report = build_graph([FIRST], tmp_path)
    assert report.to_dict()["inferred"] == report.inferred
    assert sum(report.inferred.values()) == len(inferred(tmp_path)) > 0
    build_graph([SECOND], tmp_path)
    build_graph([SECOND, FIRST], tmp_path / "at-once")
    assert inferred(tmp_path) == inferred(tmp_path / "at-once")


def test_a_build_without_inferences_leaves_none_of_earlier_ones(tmp_path) -> None:
    build_graph([FIRST], tmp_path)
    assert inferred(tmp_path)
    assert build_graph([SECOND], tmp_path, with_inferred=False).inferred == {}
    assert inferred(tmp_path) == []


def test_a_build_after_one_that_was_interrupted_catches_up(tmp_path) -> None:
    build_graph([FIRST], tmp_path)
    assert is_up_to_date(tmp_path)

    def broken_feed():
        yield SECOND
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_graph(broken_feed(), tmp_path)
    assert not is_up_to_date(tmp_path)
    report = build_graph([], tmp_path)
    assert is_up_to_date(tmp_path)
    again = build_graph([SECOND, FIRST], tmp_path / "at-once")
    assert inferred(tmp_path) == inferred(tmp_path / "at-once")
    assert report.inferred == again.inferred


def test_nothing_to_read_makes_an_empty_graph(tmp_path) -> None:
    report = build_graph([], tmp_path / "new" / "graph")
    assert (report.documents, report.failed) == (0, False)
    assert document_ids(tmp_path / "new" / "graph") == []


def test_a_graph_that_is_being_written_is_locked(tmp_path) -> None:
    build_graph([FIRST], tmp_path)
    code = "import sys, pyoxigraph as ox; s = ox.Store(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "store")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"open"
        with pytest.raises(StoreLockedError, match="another process"):
            build_graph([SECOND], tmp_path)
        assert document_ids(tmp_path) == [FIRST.id], "reading goes on"
    build_graph([SECOND], tmp_path)


def test_the_lock_is_let_go_after_a_fault(tmp_path) -> None:
    def broken_feed():
        yield FIRST
        raise OSError("the feed broke off")

    with pytest.raises(OSError, match="broke off"):
        build_graph(broken_feed(), tmp_path)
    assert build_graph([SECOND], tmp_path).documents == 1


def test_a_place_that_cannot_be_written(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot write to"):
        build_graph([FIRST], tmp_path / "file" / "graph")
    with pytest.raises(StoreError, match="cannot write to"):
        build_graph([FIRST], tmp_path / "file")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "store").write_text("")
    with pytest.raises(StoreError, match="cannot open"):
        build_graph([FIRST], tmp_path / "taken")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_directory(tmp_path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(StoreError):
        build_graph([FIRST], closed)
    with pytest.raises(StoreError, match="cannot write to"):
        build_graph([FIRST], closed / "graph")


def test_a_report_is_written_in_one_step(tmp_path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    write_report(BuildReport(documents=3), path)
    assert json.loads(path.read_text("utf-8"))["documents"] == 3
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.slow
def test_a_real_build_answers_questions(tmp_path) -> None:
    text = "云帆智算科技有限公司宣布完成2亿元A轮融资，由砚溪资本领投。云帆智算CEO陈若彤表示，资金将用于研发。"
    documents = [Document(text, source="a.txt"), Document("今天有雨。", source="b.txt")]
    report = build_graph(documents, tmp_path / "forward")
    build_graph(documents[::-1], tmp_path / "backward")
    assert (report.documents, report.failed) == (2, False)
    assert report.investments == {"round": 1}
    assert dump(tmp_path / "forward") == dump(tmp_path / "backward")
    with GraphStore.open(tmp_path / "forward" / "store", read_only=True) as store:
        rows = store.query("SELECT ?n { ?c rdf:predicate aio:investedIn ; rdf:subject/schema:name ?n }").records()
    assert {row["n"] for row in rows} == {"砚溪资本"}
