"""Answers as Python values, tables, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph.results import QueryResult, to_value
from kg.graph.store import GraphStore

VALUES = """
SELECT ?x { VALUES (?order ?x) {
  (1 <company/a>) (2 aio:Company) (3 <https://example.org/>) (4 "文字"@zh) (5 7) (6 1.50) (7 true) (8 1e3)
  (9 "2026-03"^^xsd:gYearMonth) (10 UNDEF)
} } ORDER BY ?order
"""


@pytest.fixture
def answer() -> QueryResult:
    with GraphStore.open(None) as store:
        return store.query(VALUES)


def test_cells_are_python_values(answer: QueryResult) -> None:
    assert answer.kind == "select"
    assert answer.variables == ("x",)
    assert [row[0] for row in answer.rows] == [
        "company/a", "aio:Company", "https://example.org/", "文字", 7, Decimal("1.5"), True, 1000.0, "2026-03", None,
    ]  # fmt: skip
    assert answer.records()[0] == {"x": "company/a"}
    assert len(answer) == 10


def test_json_is_what_pyoxigraph_reads(answer: QueryResult) -> None:
    read = ox.parse_query_results(answer.to_json(), ox.QueryResultsFormat.JSON)
    assert isinstance(read, ox.QuerySolutions)
    assert [tuple(solution) for solution in read] == answer.terms


def test_csv_has_plain_values(answer: QueryResult) -> None:
    rows = list(csv.reader(io.StringIO(answer.to_csv(), newline="")))
    assert [row[0] if row else "" for row in rows] == [
        "x", "https://w3id.org/ai-industry/id/company/a", "https://w3id.org/ai-industry/ontology#Company",
        "https://example.org/", "文字", "7", "1.5", "true", "1000", "2026-03", "",
    ]  # fmt: skip


def test_tables_line_up_chinese_text() -> None:
    with GraphStore.open(None) as store:
        result = store.query('SELECT ?名字 ?n { VALUES (?名字 ?n) { ("月之暗面" 1) ("Kimi" 20) (UNDEF true) } }')
    assert result.to_table() == (
        "名字      n\n"
        "--------  ----\n"
        "月之暗面  1\n"
        "Kimi      20\n"
        "          true\n"
    )  # fmt: skip


@pytest.mark.parametrize(("width", "shown"), [(4, "月…"), (5, "月之…"), (8, "月之暗面"), (None, "月之暗面")])
def test_long_cells_are_cut(width: int | None, shown: str) -> None:
    with GraphStore.open(None) as store:
        result = store.query('SELECT ?n { VALUES ?n { "月之暗面" } }')
    assert result.to_table(max_width=width).splitlines()[2] == shown


def test_a_table_cannot_steer_the_terminal() -> None:
    with GraphStore.open(None) as store:
        result = store.query("SELECT ?n { }", bindings={"n": ox.Literal("a\x1b[31m\nb\u202ec")})
    assert result.to_table().splitlines()[2] == "a [31m b c"


def test_no_rows() -> None:
    with GraphStore.open(None) as store:
        result = store.query("SELECT ?a { ?a ?b ?c }")
    assert (result.to_table(), result.to_csv()) == ("a\n-\n", "a\r\n")


def test_ask() -> None:
    with GraphStore.open(None) as store:
        result = store.query("ASK { }")
    assert (result.kind, result.rows) == ("ask", [(True,)])
    assert json.loads(result.to_json()) == {"head": {}, "boolean": True}
    assert result.to_table() == "result\n------\ntrue\n"


def test_construct() -> None:
    with GraphStore.open(None) as store:
        result = store.query("CONSTRUCT { <b> aio:role ?x } WHERE { VALUES ?x { 2 1 2 } }")
    assert result.kind == "graph"
    assert result.rows == [("b", "aio:role", 1), ("b", "aio:role", 2)]
    assert json.loads(result.to_json())["head"]["vars"] == ["s", "p", "o"]


@pytest.mark.parametrize(
    ("max_rows", "rows", "complete"), [(None, 4, True), (5, 4, True), (4, 4, True), (3, 3, False), (0, 0, False)]
)
def test_a_cut_answer_says_so(max_rows: int | None, rows: int, complete: bool) -> None:
    values = "{ VALUES ?x { 1 2 3 4 } }"
    with GraphStore.open(None) as store:
        table = store.query(f"SELECT ?x {values}", max_rows=max_rows)
        graph = store.query(f"CONSTRUCT {{ <b> aio:role ?x . <b> aio:role ?x }} WHERE {values}", max_rows=max_rows)
        assert (len(table), table.complete) == (len(graph), graph.complete) == (rows, complete)
        assert store.query("ASK { }", max_rows=max_rows).rows == [(True,)]


def test_what_is_cut_off_is_never_read() -> None:
    join = " ".join(f"VALUES ?{name} {{ 1 2 3 4 5 6 7 8 9 }}" for name in "abcdefghij")
    with GraphStore.open(None) as store:
        assert len(store.query(f"SELECT * {{ {join} }}", max_rows=10)) == 10
        assert len(store.query(f"CONSTRUCT {{ [] <a:b> ?a }} WHERE {{ {join} }}", max_rows=10)) == 10


def test_blank_nodes_and_triples_have_a_form_too() -> None:
    with GraphStore.open(None) as store:
        result = store.query("SELECT ?x ?y { BIND(BNODE() AS ?x) BIND(<<( <a> <b> 1 )>> AS ?y) }")
    [binding] = json.loads(result.to_json())["results"]["bindings"]
    assert binding["x"]["type"] == "bnode"
    assert binding["y"]["value"]["object"]["value"] == "1"
    assert str(result.rows[0][0]).startswith("_:")


@pytest.mark.parametrize("datatype", ["integer", "decimal", "boolean", "double"])
def test_ill_typed_literals_stay_text(datatype: str) -> None:
    node = ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}")
    assert to_value(ox.Literal("many", datatype=node), prefixes={}, base="https://example.org/") == "many"


@given(text=st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"])))
def test_any_text_comes_back_from_csv_and_json(text: str) -> None:
    with GraphStore.open(None) as store:
        result = store.query("SELECT ?text ?n { BIND(1 AS ?n) }", bindings={"text": ox.Literal(text)})
    assert list(csv.reader(io.StringIO(result.to_csv(), newline="")))[1] == [text, "1"]
    assert json.loads(result.to_json())["results"]["bindings"][0]["text"]["value"] == text
