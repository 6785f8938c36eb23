"""SERVICE is refused wherever the parser would obey it, and nowhere else."""

from __future__ import annotations

from contextlib import suppress

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.graph.sparql import explain_syntax, refuse_service
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
    refuse_service(sparql, base="https://example.org/")


def test_a_message_without_a_position() -> None:
    assert explain_syntax(SyntaxError("no idea"), "ASK {}") == "the query is malformed: no idea"


def test_an_unknown_prefix_is_named() -> None:
    with GraphStore.open(None) as store, pytest.raises(QueryError, match="a prefix is not declared"):
        store.query("SELECT * { ?s foo:b ?c }")


def test_an_update_is_called_one() -> None:
    with GraphStore.open(None) as store, pytest.raises(QueryError, match="queries only read"):
        store.query("PREFIX a: <a:>\nINSERT DATA { a:a a:b a:c }")
