"""`kg page`: what it can show, and what it says it left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import main


def page(graph: Path, *arguments: object) -> Result:
    output = graph / "page.html"
    result = CliRunner().invoke(main, ["page", "-g", str(graph), "-o", str(output), *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_the_whole_graph(graph: Path) -> None:
    result = page(graph)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Wrote {graph / 'page.html'}: ")
    assert "left out" not in result.stdout
    assert "vis-network" in (graph / "page.html").read_text("utf-8")


def test_it_says_what_it_left_out_and_why(graph: Path) -> None:
    assert "entities with fewer facts left out (--top)" in page(graph, "--top", 2).stdout
    assert "0 entities and 0 facts; 1 articles outside the period" in page(graph, "--until", "1999").stdout


def test_the_canvas_on_request(graph: Path) -> None:
    assert page(graph, "--style", "large").exit_code == 0
    assert "vis-network" not in (graph / "page.html").read_text("utf-8")


def test_investments(graph: Path) -> None:
    result = page(graph, "--investments")
    assert result.exit_code == 0
    assert "投融资" in (graph / "page.html").read_text("utf-8")


def test_what_a_query_constructs(graph: Path) -> None:
    query = graph / "ask.rq"
    query.write_text("CONSTRUCT { ?b <https://x.example/backedBy> ?a } WHERE { ?a aio:investedIn ?b }", "utf-8")
    assert page(graph, "--query", query).exit_code == 0
    assert "backedBy" in (graph / "page.html").read_text("utf-8")
    query.write_text("SELECT ?a { ?a a aio:Company }", "utf-8")
    result = page(graph, "--query", query)
    assert result.exit_code != 0
    assert "CONSTRUCT" in result.stderr


def test_a_query_written_on_the_command_line(graph: Path) -> None:
    assert page(graph, "--query", "CONSTRUCT { ?a aio:investedIn ?b } WHERE { ?a aio:investedIn ?b }").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [("--since", "2026-13-1"), ("--since", "last year"), ("--query", "nowhere.rq"), ("--top", 0), ("--hops", 9)],
)
def test_bad_options(graph: Path, arguments: tuple[object, ...]) -> None:
    result = page(graph, *arguments)
    assert result.exit_code > 1
    assert "Error" in result.stderr or "cannot read" in result.stderr


def test_a_query_goes_with_no_other_choice(graph: Path) -> None:
    (graph / "ask.rq").write_text("CONSTRUCT {?s ?p ?o} WHERE {?s ?p ?o}", "utf-8")
    result = page(graph, "--query", graph / "ask.rq", "--investments")
    assert result.exit_code == 2
    assert "leave out the other options" in result.stderr
