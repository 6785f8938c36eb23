from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import main

pytestmark = pytest.mark.slow

ARTICLE = "月之暗面完成超10亿美元融资\n\n月之暗面近日完成超10亿美元融资，由阿里巴巴领投。创始人杨植麟毕业于清华大学。\n"


def run(*arguments: object, text: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], input=text)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "a.txt").write_text(ARTICLE, "utf-8")
    (folder / "b.jsonl").write_text(
        '{"id": "7", "title": "谷歌收购Wiz", "date": "2025-03-18", "text": "谷歌宣布以320亿美元收购Wiz。"}\n', "utf-8"
    )
    result = run("build", folder, "-o", folder / "graph")
    assert result.exit_code == 0, result.output
    return folder / "graph"


def test_build_says_what_it_found_and_what_to_do_next(graph: Path) -> None:
    result = run("build", graph.parent / "a.txt", "-o", graph)
    assert "Read 1 articles" in result.stdout
    assert "Ask next:" in result.stdout
    assert (graph / "page.html").is_file()


def test_a_broken_file_is_reported_and_the_rest_is_built(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    (tmp_path / "b.txt").write_bytes(b"\x00\x01\x02" * 200)
    (tmp_path / "c.jsonl").write_text('{"text": "谷歌收购了Wiz。"}\n{broken\n', "utf-8")
    result = run("build", tmp_path, "-o", tmp_path / "graph", "--no-page")
    assert result.exit_code == 1
    assert "b.txt" in result.stderr
    assert "c.jsonl#2" in result.stderr
    assert "Read 2 articles" in result.stdout


def test_nothing_readable_and_nothing_named(tmp_path: Path) -> None:
    assert run("build", tmp_path / "missing.txt", "-o", tmp_path / "g").exit_code == 3
    assert run("build").exit_code == 2


def test_extract_prints_one_object_a_document(graph: Path) -> None:
    result = run("extract", graph.parent / "b.jsonl")
    record = json.loads(result.stdout)
    assert record["id"] == "7"
    assert {(c["s"], c["p"], c["o"]) for c in record["claims"]} == {("company/google", "acquired", "company/wiz")}


def test_extract_reads_standard_input() -> None:
    record = json.loads(run("extract", "-", text=ARTICLE).stdout)
    assert any(claim["p"] == "foundedBy" for claim in record["claims"])


@pytest.mark.parametrize("name", ["月之暗面", "Moonshot", "moonshot ai", "北京月之暗面科技有限公司"])
def test_a_question_takes_any_name_of_an_entity(name: str, graph: Path) -> None:
    for arguments in (
        ["investors", name],
        ["investors", "--param", f"company={name}"],
        ["investors", "-p", f"x={name}"],
    ):
        rows = list(csv.DictReader(io.StringIO(run("query", *arguments, "-g", graph, "-f", "csv").stdout)))
        assert {row["investor"] for row in rows} == {"阿里巴巴"}
        assert "领投" in rows[0]["sentence"]


def test_sparql_inline_from_a_file_and_from_standard_input(graph: Path, tmp_path: Path) -> None:
    sparql = "SELECT ?o { <company/google> aio:acquired ?o }"
    (tmp_path / "q.rq").write_text(sparql, "utf-8")
    answers = [
        run("query", sparql, "-g", graph, "-f", "json"),
        run("query", tmp_path / "q.rq", "-g", graph, "-f", "json"),
        run("query", "-", "-g", graph, "-f", "json", text=sparql),
    ]
    for answer in answers:
        binding = json.loads(answer.stdout)["results"]["bindings"][0]
        assert binding["o"]["value"].endswith("company/wiz")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["investors", "月之暗"], "月之暗面"),
        (["nonsense", "x"], "no question"),
        (["SELECT {"], ""),
        (["INSERT DATA { <a:a> <a:b> <a:c> }"], ""),
        (["investors"], "needs"),
    ],
)
def test_a_bad_question_gets_advice(arguments: list[str], complaint: str, graph: Path) -> None:
    result = run("query", *arguments, "-g", graph)
    assert result.exit_code == 3
    assert result.stderr.startswith("kg: ")
    assert complaint in result.stderr
    assert result.stdout == ""


def test_list_stats_page_and_exports(graph: Path, tmp_path: Path) -> None:
    assert "investors" in run("query", "--list").stdout
    assert json.loads(run("stats", "-g", graph, "--json").stdout)["documents"] == 2
    assert run("page", "-g", graph, "--focus", "月之暗面", "-o", tmp_path / "p.html").exit_code == 0
    assert "月之暗面" in (tmp_path / "p.html").read_text("utf-8")
    for form in ("gexf", "graphml", "neo4j", "csv", "jsonl", "turtle", "nquads", "jsonld"):
        result = run("export", form, "-g", graph, "-o", tmp_path / form)
        assert result.exit_code == 0, result.output
        assert all(Path(line).stat().st_size for line in result.stdout.splitlines())


def test_evaluate_scores_new_and_given_extractions(graph: Path, tmp_path: Path) -> None:
    record = run("extract", graph.parent / "b.jsonl").stdout
    (tmp_path / "gold.jsonl").write_text(record, "utf-8")
    for more in (["--predicted", tmp_path / "gold.jsonl"], ["--documents", graph.parent / "b.jsonl"]):
        result = run("evaluate", tmp_path / "gold.jsonl", *more, "--json")
        assert json.loads(result.stdout)["claims"]["f1"] == 1.0


@pytest.mark.parametrize("command", ["build", "extract", "query", "page", "export", "evaluate"])
def test_help_teaches_by_example(command: str) -> None:
    assert f"kg {command} " in run(command, "--help").stdout.split("Options:")[0].split("\n", 2)[2]


def test_output_in_a_pipe_is_clean(graph: Path) -> None:
    command = [sys.executable, "-m", "kg.cli", "extract", str(graph.parent / "a.txt"), str(graph.parent / "b.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()]
    assert done.stderr == ""


def test_the_sample_builds_without_a_fault(tmp_path: Path) -> None:
    result = run("build", "--sample", "-o", tmp_path)
    assert result.exit_code == 0, result.stderr
    assert "Read 16 articles" in result.stdout
