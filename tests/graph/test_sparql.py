"""SERVICE and LOAD are refused wherever the parser would obey them, and nowhere else."""

from __future__ import annotations

from contextlib import suppress

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.graph.sparql import explain_syntax, has_dataset, is_sparql, refuse_elsewhere
from kg.graph.store import GraphStore

ELSEWHERE = "<http://127.0.0.1:1/>"
OBEYED = [
    f"SELECT * {{ SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ service silent {ELSEWHERE} {{ ?s ?p ?o }} }}",
    f"PREFIX : {ELSEWHERE} SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p 1SERVICE{ELSEWHERE}{{?s ?p 'q'}} }}",
    f"SELECT * {{ ?s ?p trueSERVICE{ELSEWHERE}{{?s ?p 'q'}} }}",
    # The `<` compares here, though it looks like an IRI that hides an apostrophe.
    f"SELECT * {{ ?s ?p ?a FILTER(?a<'x>')SERVICE{ELSEWHERE}{{?s ?p 'q'}} }}",
    f"ASK {{ {{ SELECT * {{ SERVICE ?where {{ ?s ?p ?o }} VALUES ?where {{ {ELSEWHERE} }} }} }} }}",
    f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p 'service' . SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
]
HARMLESS = [
    "SELECT * { ?s ?p 'a SERVICE <http://x/> { }' }",
    "SELECT ?service { ?service ?p ?o } # SERVICE",
    "SELECT * { ?s <https://example.org/service> ?o }",
    "PREFIX service: <https://example.org/> SELECT * { ?s service:SERVICE ?o }",
]


OBEYED_IN_UPDATES = [
    f"LOAD {ELSEWHERE}",
    f"load silent{ELSEWHERE}INTO GRAPH <a:a>",
    f"PREFIX load: {ELSEWHERE}\n# load\nLOAD load:x",
    f"INSERT DATA {{ <a:a> <a:b> 'load' }};LOAD{ELSEWHERE}",
    # The three apostrophes look as if they opened a text that reaches to the end.
    f"DELETE {{ }} WHERE {{ VALUES ?x {{ '''x' }} }} ; LOAD {ELSEWHERE}",
    f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
    f"DELETE {{ ?s ?p ?o }} USING <a:a> WHERE {{ {{ SELECT * {{ service silent {ELSEWHERE} {{ ?s ?p ?o }} }} }} }}",
]
HARMLESS_IN_UPDATES = [
    'INSERT DATA { <a:load> <a:service> \'LOAD <file:///etc/passwd>\', """SERVICE <http://x/> { }"""@x-load }',
    "# LOAD <a:a>\nPREFIX load: <a:> DELETE WHERE { load:service load:LOAD ?load }",
    "DROP GRAPH <a:load>",
]


@pytest.mark.parametrize("sparql", OBEYED)
def test_pyoxigraph_would_obey_these(sparql: str) -> None:
    # The next test means something only as long as these parse; nothing listens on port 1.
    with suppress(OSError, RuntimeError):
        ox.Store().query(sparql)


@pytest.mark.parametrize("sparql", OBEYED)
def test_service_is_refused(sparql: str) -> None:
    with GraphStore.open(None) as store, pytest.raises(QueryError, match="SERVICE is refused"):
        store.query(sparql)


@pytest.mark.parametrize("sparql", HARMLESS)
def test_the_word_is_not(sparql: str) -> None:
    refuse_elsewhere(sparql, base="https://example.org/")


@pytest.mark.parametrize("sparql", OBEYED_IN_UPDATES)
def test_pyoxigraph_would_obey_these_updates(sparql: str) -> None:
    with suppress(OSError, RuntimeError):
        ox.Store().update(sparql)


@pytest.mark.parametrize("sparql", OBEYED_IN_UPDATES)
def test_an_update_that_reads_elsewhere_is_refused(sparql: str) -> None:
    with GraphStore.open(None) as store:
        with pytest.raises(QueryError, match="SERVICE and LOAD are refused"):
            store.update(sparql)
        assert len(store) == 0


@pytest.mark.parametrize("sparql", HARMLESS_IN_UPDATES)
def test_the_words_are_not_in_updates(sparql: str) -> None:
    refuse_elsewhere(sparql, base="https://example.org/", update=True)


@pytest.mark.parametrize(
    ("text", "sparql"),
    [
        ("DESCRIBE <company/a>", True),
        ("# why\nPREFIX a: <b:>\nBASE <c:>\ndrop all", True),
        ("CLEAR<a:a>", True),
        ("LOAD <file:///etc/passwd>", True),
        ("ASK { }", True),
        ("investors", False),
        ("drop", False),
        ("question.rq", False),
        ("#" * 60, False),
    ],
)
def test_what_is_taken_for_sparql(text: str, sparql: bool) -> None:
    assert is_sparql(text) is sparql


def test_a_message_without_a_position() -> None:
    assert explain_syntax(SyntaxError("no idea"), "ASK {}") == "the query is malformed: no idea"


def test_an_unknown_prefix_is_named() -> None:
    with GraphStore.open(None) as store, pytest.raises(QueryError, match="a prefix is not declared"):
        store.query("SELECT * { ?s foo:b ?c }")


def test_an_update_is_called_one() -> None:
    for sparql in ("PREFIX a: <a:>\nINSERT DATA { a:a a:b a:c }", "PREFIX a: <a:> # not a query\n DELETE{} WHERE {}"):
        with GraphStore.open(None) as store, pytest.raises(QueryError, match=r"queries only read.*--update"):
            store.query(sparql)


def test_a_query_is_called_one() -> None:
    with GraphStore.open(None) as store, pytest.raises(QueryError, match="changes nothing: run it without --update"):
        store.update("BASE <a:>\nSELECT * { ?s ?p ?o }")


def test_what_is_missing_at_the_end_of_an_update_is_pointed_at() -> None:
    place = r"update is malformed at line 2, column 5\n   <b>\n      \^$"
    with GraphStore.open(None) as store, pytest.raises(QueryError, match=place):
        store.update("INSERT DATA { <a>\n <b>")


NAMES = "SELECT ?name {}{{ <company/yunqi> schema:name ?name }}"


@pytest.mark.parametrize(
    ("clause", "count"),
    [
        ("", 3),
        ("FROM {0} ", 1),
        ("from{0}from{1}", 2),
        ("# FROM {1}\nFROM {0} FROM NAMED {1} WHERE ", 1),
        ("FROM <document/unknown> ", 0),
        ("FROM NAMED {0} ", 0),
    ],
)
def test_a_query_reads_the_graphs_of_from(store: GraphStore, clause: str, count: int) -> None:
    graphs = [store.ids.document(document_id) for document_id in store.document_ids()]
    assert len(store.query(NAMES.format(clause.format(*graphs))).rows) == count


def test_graph_reads_those_of_from_named(store: GraphStore) -> None:
    first, second, *_ = (store.ids.document(document_id) for document_id in store.document_ids())
    dataset = f"FROM {first} FROM NAMED {second}"
    named = store.query(f"SELECT ?g {dataset} {{ GRAPH ?g {{ ?s schema:name ?n }} ?s schema:name ?n }}")
    assert {row[0] for row in named.terms} == {second}
    described = store.query(f"DESCRIBE <company/yunqi> FROM {first}")
    assert len(described.rows) < len(store.query("DESCRIBE <company/yunqi>").rows)


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?from ('FROM <a:a>' AS ?text) { ?from a:from ?to } # FROM <a:a>",
        "SELECT ?aaaa ?from ?FROM (1 AS ?From) { ?aaaa a:from ?from, ?FROM }",
        "PREFIX from: <a:from> ASK { from:FROM <FROM> 'x'@from }",
        "ASK { ?s ?p ?a FILTER(?a<'x>' && ?a != ' FROM <a:a> ') }",
    ],
)
def test_the_word_names_no_graphs(sparql: str) -> None:
    text = f"PREFIX a: <a:> {sparql}"
    ox.Store().query(text, base_iri="a:")  # so that it means something
    assert not has_dataset(text, base="a:")
