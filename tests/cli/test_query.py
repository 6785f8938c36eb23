"""`kg query`: what it may change, how long it may take, how much it prints."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import kg
from kg.cli import main
from kg.cli.querying import end_when_late
from kg.graph.store import open_graph

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(9)) + " }"
ROWS = "SELECT ?a ?b { ?a ?p ?x . ?b ?q ?y }"
NOTE = "INSERT DATA { GRAPH <notes> { <company/a-tech> rdfs:comment 'seen' } }"


def query(graph: Path, *arguments: object) -> Result:
    result = CliRunner().invoke(main, ["query", "-g", str(graph), *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def command(graph: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "kg.cli", "query", "-g", str(graph), *arguments]


def call(graph: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call the command in a process of its own, which a time limit ends."""
    return subprocess.run(
        command(graph, *arguments), capture_output=True, encoding="utf-8", env=environment(), timeout=60, check=False
    )


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(kg.__file__).parents[1]), "PYTHONUTF8": "1"}


def size(graph: Path) -> int:
    with open_graph(graph) as store:
        return len(store)


# -- updates ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sparql",
    [
        NOTE,
        "DROP ALL",
        "CLEAR DEFAULT",
        "LOAD <file:///etc/passwd>",
        "COPY <a:a> TO <a:b>",
        "# why\nPREFIX a: <a:> BASE <b:> DELETE WHERE { ?s ?p ?o }",
        "WITH <a:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_without_the_option_an_update_is_refused_and_the_option_named(graph: Path, sparql: str) -> None:
    before = size(graph)
    result = query(graph, sparql)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("kg: this is an update, and queries only read: to change the graph, --update")
    assert size(graph) == before


def test_with_the_option_it_changes_the_graph_and_says_what_was_done(graph: Path) -> None:
    before = size(graph)
    assert query(graph, NOTE, "--update").stdout == f"The graph held {before} statements and holds {before + 1} now.\n"
    assert query(graph, "SELECT ?c { ?s rdfs:comment ?c }").stdout.split() == ["c", "seen"]
    assert size(graph) == before + 1


def test_what_was_inferred_is_dropped_and_the_way_back_is_named(graph: Path) -> None:
    CliRunner().invoke(main, ["infer", "-g", str(graph)])
    result = query(graph, "--update", NOTE)
    assert result.exit_code == 0
    assert result.stdout.endswith("What was inferred is dropped; build it again with: kg infer\n")
    with open_graph(graph) as store:
        assert not store.has_inferred


@pytest.mark.parametrize(
    "sparql",
    [
        "LOAD <file:///etc/passwd>",
        f"{NOTE} ; LOAD SILENT <https://example.com/>",
        "INSERT { GRAPH <a> { ?s ?p ?o } } WHERE { SERVICE <https://example.com/> { ?s ?p ?o } }",
    ],
)
def test_an_update_may_not_read_elsewhere(graph: Path, sparql: str) -> None:
    before = size(graph)
    result = query(graph, "--update", sparql)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "SERVICE and LOAD are refused" in result.stderr
    assert size(graph) == before


def test_an_update_in_a_file(graph: Path, tmp_path: Path) -> None:
    (tmp_path / "note.ru").write_text(NOTE, encoding="utf-8")
    assert query(graph, "--update", tmp_path / "note.ru").exit_code == 0
    assert "seen" in query(graph, "SELECT ?c { ?s rdfs:comment ?c }").stdout


@pytest.mark.parametrize(
    "arguments", [[], ["investors"], ["investors", "甲科技"], [NOTE, "甲科技"], [NOTE, "-p", "a=b"]]
)
def test_the_option_takes_sparql_alone(graph: Path, arguments: list[str]) -> None:
    result = query(graph, "--update", *arguments)
    assert result.exit_code == 2
    assert "--update takes a SPARQL update" in result.stderr


def test_a_query_is_no_update(graph: Path) -> None:
    result = query(graph, "--update", COUNT)
    assert result.exit_code == 3
    assert "run it without --update" in result.stderr


def test_an_update_makes_no_graph_where_there_is_none(tmp_path: Path) -> None:
    result = query(tmp_path / "none", "--update", NOTE)
    assert result.exit_code == 3
    assert "there is no graph in" in result.stderr
    assert not (tmp_path / "none").exists()


# -- time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_what_takes_too_long_ends_with_a_message_and_nothing_else(graph: Path, form: str) -> None:
    begun = time.monotonic()
    result = call(graph, ENDLESS, "--timeout", "0.3", "--format", form)
    assert time.monotonic() - begun < 20
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr == (
        "kg: not done within 0.3 seconds; ask for less, or allow more time (--timeout, 0 for no limit)\n"
    )


def test_an_update_that_takes_too_long_leaves_the_graph_as_it_was(graph: Path) -> None:
    before = size(graph)
    endless = ENDLESS.replace("{", "{ GRAPH ?g {", 1) + " }"
    update = f"{NOTE} ; INSERT {{ GRAPH <notes> {{ <a> <b> ?n }} }} WHERE {{ {{ {endless} }} }}"
    result = call(graph, "--update", update, "--timeout", "0.3")
    assert (result.returncode, result.stdout) == (3, "")
    assert "not done within 0.3 seconds" in result.stderr
    assert size(graph) == before
    assert query(graph, "--update", NOTE).exit_code == 0, "the lock is gone with the process"


@pytest.mark.parametrize("timeout", ["0", "60"])
def test_in_time_there_is_no_difference(graph: Path, timeout: str) -> None:
    assert query(graph, COUNT, "--timeout", timeout).stdout == query(graph, COUNT).stdout
    assert query(graph, "investors", "甲科技", "--timeout", timeout).exit_code == 0


def test_ctrl_c_ends_a_query(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    def leave(code: int) -> None:
        raise SystemExit(code)

    monkeypatch.setattr(os, "_exit", leave)
    with pytest.raises(SystemExit) as left:
        end_when_late(interrupted)
    assert left.value.code == 130
    assert capsys.readouterr() == ("", "Aborted!\n")


# -- rows -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sparql", [ROWS, "CONSTRUCT { ?a <a:b> ?b } WHERE { ?a ?p ?x . ?b ?q ?y }"])
def test_more_rows_than_wanted_are_cut_with_a_note(graph: Path, sparql: str) -> None:
    result = query(graph, sparql, "--max-rows", "5")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1 + 5
    assert result.stderr == "kg: these are the first 5 only; for all of them: --max-rows 0\n"


def test_as_many_rows_as_allowed_are_all(graph: Path) -> None:
    result = query(graph, "SELECT ?x { VALUES ?x { 1 2 3 } }", "--max-rows", "3")
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) == 1 + 3


def test_zero_is_no_limit(graph: Path) -> None:
    squared = int(query(graph, COUNT).stdout.split()[1]) ** 2
    result = query(graph, ROWS, "--max-rows", "0")
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) == 1 + squared


def test_a_part_is_not_taken_for_the_whole(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nobody asked for the limit here, so a script has to learn of it.
    [option] = [parameter for parameter in main.commands["query"].params if parameter.name == "max_rows"]
    assert option.default == 100_000
    monkeypatch.setattr(option, "default", 7)
    result = query(graph, ROWS)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1 + 7
    assert "--max-rows 0" in result.stderr


def test_named_questions_are_cut_too(graph: Path) -> None:
    whole = query(graph, "evidence", "甲科技")
    part = query(graph, "evidence", "甲科技", "--max-rows", "1")
    assert whole.exit_code == part.exit_code == 0
    assert len(whole.stdout.splitlines()) > len(part.stdout.splitlines()) == 2
    assert "--max-rows 0" in part.stderr
