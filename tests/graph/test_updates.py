"""Updates that someone wrote: all or nothing, and nothing inferred outlives them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.errors import QueryError, StoreError
from kg.graph.quads import to_quads
from kg.graph.rules import infer
from kg.graph.store import GraphStore
from kg.graph.updates import UpdateReport
from kg.model import Extraction

NOTE = "INSERT DATA { GRAPH <notes> { <company/a-tech> rdfs:comment 'seen' } }"
NOTED = "SELECT ?text { GRAPH <notes> { ?s rdfs:comment ?text } }"


@pytest.fixture(params=["memory", "disk"])
def inferred(request: pytest.FixtureRequest, tmp_path: Path, corpus: list[Extraction]) -> Iterator[GraphStore]:
    """The corpus and what follows from it."""
    with GraphStore.open(tmp_path / "store" if request.param == "disk" else None) as store:
        store.load_documents((extraction.document.id, to_quads(extraction)) for extraction in corpus)
        infer(store)
        yield store


def test_an_update_is_done_and_told(inferred: GraphStore) -> None:
    size = len(inferred)
    assert inferred.update(NOTE) == UpdateReport(size, size + 1, dropped_inferred=True)
    assert inferred.query(NOTED).rows == [("seen",)]
    assert not inferred.has_inferred
    assert inferred.update(NOTE) == UpdateReport(size + 1, size + 1, dropped_inferred=False)


@pytest.mark.parametrize(
    "sparql",
    [
        f"{NOTE} ;",
        f"{NOTE} ; # done",
        f"{NOTE}# done",
        "PREFIX n: <https://n.example/>\nINSERT DATA { GRAPH <notes> { n:a rdfs:comment 'seen' } }",
        "INSERT DATA { GRAPH <notes> { <a> <b> <c> } } ; MOVE <notes> TO <other> ; " + NOTE,
    ],
)
def test_however_an_update_ends_the_inferred_graph_goes(inferred: GraphStore, sparql: str) -> None:
    assert inferred.update(sparql).dropped_inferred
    assert inferred.query(NOTED).rows == [("seen",)]
    assert not inferred.has_inferred


@pytest.mark.parametrize("sparql", ["", "# nothing", "PREFIX a: <b:>"])
def test_an_update_of_nothing(inferred: GraphStore, sparql: str) -> None:
    report = inferred.update(sparql)
    assert report.before == report.after


def test_what_was_inferred_can_be_read_but_not_added_to(inferred: GraphStore) -> None:
    inferred.update(
        "INSERT { GRAPH <notes> { ?owned aio:ownedBy ?owner } GRAPH <inferred> { ?owned <a:b> ?owner } }"
        "WHERE { GRAPH <inferred> { ?owned ?any ?owner } }"
    )
    assert inferred.query("ASK { GRAPH <notes> { ?owned aio:ownedBy ?owner } }").rows == [(True,)]
    assert not inferred.has_inferred


@pytest.mark.parametrize(
    ("sparql", "message"),
    [
        (f"{NOTE} ; DROP GRAPH <nowhere>", "the update cannot be done"),
        (f"{NOTE} ; DROP", "the update is malformed"),
        (f"{NOTE} ; LOAD <file:///etc/passwd>", "LOAD are refused"),
    ],
)
def test_an_update_that_fails_changes_nothing(inferred: GraphStore, sparql: str, message: str) -> None:
    size = len(inferred)
    with pytest.raises(QueryError, match=message):
        inferred.update(sparql)
    assert len(inferred) == size
    assert inferred.has_inferred


def test_a_store_that_is_only_read_is_not_updated(tmp_path: Path) -> None:
    GraphStore.open(tmp_path / "store").close()
    with (
        GraphStore.open(tmp_path / "store", read_only=True) as store,
        pytest.raises(StoreError, match="opened read-only"),
    ):
        store.update(NOTE)


def test_outside_of_graphs_there_is_nothing_to_match_or_export(inferred: GraphStore) -> None:
    size = len(inferred)
    assert inferred.update("DELETE WHERE { ?s ?p ?o }").after == size
    inferred.update("INSERT DATA { <stray> <a:b> 1 } ; " + NOTE)
    dumped = io.BytesIO()
    inferred.dump(dumped)
    assert b"/stray>" not in dumped.getvalue()
    assert b'"seen" <https://w3id.org/ai-industry/id/notes>' in dumped.getvalue()


def test_a_document_that_is_replaced_takes_what_was_written_into_its_graph(
    inferred: GraphStore, example: Extraction
) -> None:
    graph = inferred.ids.document(example.document.id)
    inferred.update(f"INSERT DATA {{ GRAPH {graph} {{ <stray> <a:b> 1 }} }} ; {NOTE}")
    inferred.replace_document(example.document.id, to_quads(example))
    assert inferred.query("SELECT ?o { <stray> <a:b> ?o }").rows == []
    assert inferred.query(NOTED).rows == [("seen",)]


def test_a_name_that_an_update_gives_is_found(inferred: GraphStore) -> None:
    assert not inferred.names.find("新名字")
    inferred.update("INSERT DATA { GRAPH <notes> { <company/a-tech> skos:altLabel '新名字'@zh-Hans } }")
    assert [node.value for node in inferred.names.find("新名字")] == [f"{inferred.ids.base}company/a-tech"]
