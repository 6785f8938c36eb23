from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import kg
from kg.cli import main

ROUND = "云帆智算科技有限公司宣布完成2亿元A轮融资，由砚溪资本领投。云帆智算CEO陈若彤表示，资金将用于研发。"
GOLD = Path(__file__).parent / "gold"


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def articles(tmp_path) -> Path:
    """A directory with an article and a feed of two."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "round.txt").write_text(ROUND, encoding="utf-8")
    feed = [{"id": f"row-{n}", "title": f"快讯{n}", "text": f"今天是第{n}天，没有新闻。"} for n in (1, 2)]
    (folder / "feed.jsonl").write_text("".join(json.dumps(row) + "\n" for row in feed), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Path:
    """The graph of the sample articles."""
    directory = tmp_path_factory.mktemp("sample") / "graph"
    result = run("build", "--sample", "--no-page", "-o", directory)
    assert result.exit_code == 0, result.output
    return directory


# -- build ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_build_writes_a_graph_and_says_what_it_found(articles, tmp_path) -> None:
    result = run("build", articles, "--no-page", "-o", tmp_path / "graph")
    assert result.exit_code == 0
    assert "Read 3 articles" in result.stdout
    assert "1 investments: 1 round" in result.stdout
    assert f"kg query investors 云帆智算科技有限公司 -g {tmp_path}/graph" in result.stdout
    assert sorted(p.name for p in (tmp_path / "graph").iterdir()) == ["journal.sqlite", "report.json", "store"]


@pytest.mark.slow
def test_what_build_advises_to_ask_has_an_answer(articles, tmp_path) -> None:
    build = run("build", articles, "--no-page", "-o", tmp_path / "graph")
    advised = [line.split() for line in build.stdout.splitlines() if line.startswith("  kg query") and " -g " in line]
    assert advised
    for _, *command in advised:
        answer = run(*command, "--format", "csv")
        assert answer.exit_code == 0
        assert len(answer.stdout.splitlines()) > 1, command


@pytest.mark.slow
def test_build_goes_on_behind_a_broken_file(articles, tmp_path) -> None:
    (articles / "broken.json").write_text('{"text": ', encoding="utf-8")
    result = run("build", articles, "--no-page", "-o", tmp_path / "graph")
    assert result.exit_code == 1
    [fault] = result.stderr.splitlines()
    assert fault.startswith(f"error: {articles}/broken.json: ")
    assert "Read 3 articles" in result.stdout
    assert "Could not read 1 inputs" in result.stdout
    report = json.loads((tmp_path / "graph" / "report.json").read_text("utf-8"))
    assert [issue["source"] for issue in report["issues"]] == [f"{articles}/broken.json"]


@pytest.mark.slow
def test_build_goes_on_behind_a_broken_line_and_a_binary_file(articles, tmp_path) -> None:
    (articles / "binary.txt").write_bytes(b"\x00\x01\x02" * 200)
    (articles / "lines.jsonl").write_text('{"text": "今天有雨。"}\n{broken\n', encoding="utf-8")
    result = run("build", articles, "--no-page", "-o", tmp_path / "graph")
    assert result.exit_code == 1
    assert "binary.txt" in result.stderr
    assert "lines.jsonl#2" in result.stderr
    assert "Read 4 articles" in result.stdout


@pytest.mark.slow
def test_build_writes_the_page_too(articles, tmp_path) -> None:
    assert "Wrote" in run("build", articles, "-o", tmp_path / "graph").stdout
    assert "砚溪资本" in (tmp_path / "graph" / "page.html").read_text("utf-8")


@pytest.mark.slow
def test_build_of_nothing_that_can_be_read(tmp_path) -> None:
    (tmp_path / "empty.txt").write_text("")
    for path in (tmp_path / "missing.txt", tmp_path / "empty.txt"):
        result = run("build", path, "-o", tmp_path / "graph")
        assert result.exit_code == 3
        assert str(path) in result.stderr
        assert "no document could be read" in result.stderr


@pytest.mark.slow
def test_build_reads_standard_input(tmp_path) -> None:
    result = run("build", "-", "--no-page", "-o", tmp_path / "graph", stdin=ROUND.encode("gb18030"))
    assert result.exit_code == 0
    assert "Read 1 articles" in result.stdout
    assert "砚溪资本" in run("query", "investors", "云帆智算", "-g", tmp_path / "graph").stdout


@pytest.mark.slow
def test_a_quiet_build_says_nothing(articles, tmp_path) -> None:
    result = run("build", articles, "--quiet", "--no-page", "-o", tmp_path / "graph")
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.slow
def test_a_second_build_adds(articles, tmp_path) -> None:
    for source in (articles / "round.txt", articles / "feed.jsonl", articles / "round.txt"):
        assert run("build", source, "--no-page", "-o", tmp_path / "graph").exit_code == 0
    assert json.loads(run("stats", "--json", "-g", tmp_path / "graph").stdout)["documents"] == 3


@pytest.mark.parametrize("command", ["build", "extract"])
def test_a_command_without_input_is_a_mistake(command) -> None:
    result = run(command)
    assert result.exit_code == 2
    assert "--sample" in result.stderr


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(articles, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    result = run("build", articles, "-o", tmp_path / "file" / "graph")
    assert result.exit_code == 3
    assert result.stderr.startswith("kg: cannot write to")
    assert "Traceback" not in result.output


# -- explain ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_explain_says_why_names_are_one(articles, tmp_path) -> None:
    text = articles / "round.txt"
    text.write_text("光砚星河科技有限公司（以下简称“光砚”）宣布完成A轮融资。光砚没有透露投资方。", encoding="utf-8")
    assert run("build", text, "--no-page", "-o", tmp_path / "graph").exit_code == 0
    for command in (["-g", tmp_path / "graph"], ["--text", text]):
        result = run("explain", "光砚", *command)
        assert result.exit_code == 0, result.output
        assert "光砚: the text says so: 光砚星河科技有限公司（以下简称“光砚”" in result.stdout
    assert run("explain", "没有这个名字", "--text", text).exit_code == 3


@pytest.mark.slow
def test_explain_names_the_table(sample) -> None:
    result = run("explain", "月之暗面", "-g", sample)
    assert "company/moonshot-ai  (a row of the tables" in result.stdout
    assert "Moonshot AI: listed in the tables" in result.stdout


# -- extract ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_extract_prints_one_record_a_document_and_nothing_else(articles) -> None:
    result = run("extract", articles)
    assert (result.exit_code, result.stderr) == (0, "")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [r["id"] for r in records[:2]] == ["row-1", "row-2"]
    assert all(r.keys() == {"id", "entities", "claims", "investments"} for r in records)
    [event] = records[2]["investments"]
    assert (event["round"], event["amount"]["value"]) == ("A", 200_000_000)
    for claim in records[2]["claims"]:
        assert ROUND[claim["start"] : claim["end"]] == claim["evidence"]


@pytest.mark.slow
def test_extract_keeps_faults_out_of_its_output(articles) -> None:
    (articles / "broken.json").write_text("[", encoding="utf-8")
    result = run("extract", articles)
    assert result.exit_code == 1
    assert len([json.loads(line) for line in result.stdout.splitlines()]) == 3
    assert result.stderr.startswith(f"error: {articles}/broken.json")


@pytest.mark.slow
def test_extract_reads_standard_input() -> None:
    record = json.loads(run("extract", "-", stdin=ROUND).stdout)
    assert {claim["p"] for claim in record["claims"]} >= {"investedIn", "worksFor"}


@pytest.mark.slow
@pytest.mark.parametrize("extractor", ["rules", "model", "all"])
def test_extract_reads_with_rules_the_model_or_both(extractor) -> None:
    result = run("extract", "-", "--extractor", extractor, stdin=ROUND)
    assert (result.exit_code, result.stderr) == (0, "")
    record = json.loads(result.stdout)
    names = {name for entity in record["entities"] for name in entity["names"]}
    assert {"砚溪资本", "陈若彤"} <= names
    claims = {claim["p"]: claim["extractor"] for claim in record["claims"]}
    assert {"investedIn", "worksFor"} <= claims.keys()
    by_rules = {found.startswith("rules:") for found in claims.values()}
    assert by_rules == {extractor != "model"}


@pytest.mark.slow
def test_both_are_what_reads_unless_told_otherwise() -> None:
    assert run("extract", "-", stdin=ROUND).stdout == run("extract", "-", "--extractor", "all", stdin=ROUND).stdout


@pytest.mark.parametrize("command", ["build", "extract", "evaluate"])
def test_an_unknown_extractor_is_a_mistake(command, articles) -> None:
    result = run(command, articles, "--extractor", "magic")
    assert result.exit_code == 2
    assert "'magic' is not one of 'rules', 'model', 'all'" in result.stderr


# -- query ------------------------------------------------------------------------------------------------------------


def test_the_named_questions_are_listed_with_their_parameters() -> None:
    listed = run("query", "--list").stdout
    for name in ("investors", "career", "models", "evidence"):
        assert f"\n{name} " in "\n" + listed
    assert "company: " in listed
    assert "example: kg query staff -p 'company=Scale AI'\n" in listed
    assert "example: kg query movers -p from=OpenAI -p to=腾讯\n" in listed
    assert run("query").stdout == listed


def rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.mark.slow
def test_a_named_question_with_values_and_with_parameters(sample) -> None:
    by_value = rows(run("query", "investors", "月之暗面", "-g", sample))
    assert "阿里巴巴" in {row["investor"] for row in by_value}
    assert all(row["sentence"] for row in by_value)
    assert by_value == rows(run("query", "investors", "--param", "company=月之暗面", "-g", sample))
    assert by_value == rows(run("query", "investors", "-p", "x=月之暗面", "-g", sample))


@pytest.mark.slow
def test_an_entity_answers_to_its_name_in_either_script_and_in_english(sample) -> None:
    simplified = rows(run("query", "models", "英伟达", "-g", sample))
    assert simplified == rows(run("query", "models", "輝達", "-g", sample))
    assert simplified == rows(run("query", "models", "nvidia", "-g", sample))
    assert rows(run("query", "career", "杨植麟", "-g", sample)) == rows(run("query", "career", "楊植麟", "-g", sample))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["investors", "月之暗"], "did you mean .*月之暗面"),
        (["investers", "月之暗面"], "there are .*investors"),
        (["investors"], "needs company"),
        (["investors", "甲", "乙"], "takes 1 values"),
        (["investors", "-p", "firm=月之暗面"], "no parameter 'firm'.*company"),
        (["missing.rq"], "cannot read the query"),
        (["SELECT ?s { ?s ?p"], "malformed"),
        (["DELETE WHERE { ?s ?p ?o }"], "only read"),
        (["INSERT DATA { <x:a> <x:b> <x:c> }"], "only read"),
        (["SELECT * { SERVICE <https://example.com/> { ?s ?p ?o } }"], "SERVICE"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(sample, arguments, advice) -> None:
    result = run("query", *arguments, "-g", sample)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("kg: ")
    assert re.search(advice, result.stderr), result.stderr


@pytest.mark.slow
def test_an_update_leaves_the_graph_as_it_was(sample) -> None:
    before = run("stats", "--json", "-g", sample).stdout
    assert run("query", "DELETE WHERE { ?s ?p ?o }", "-g", sample).exit_code == 3
    assert run("stats", "--json", "-g", sample).stdout == before


@pytest.mark.slow
def test_sparql_inline_in_a_file_and_from_standard_input(sample, tmp_path) -> None:
    sparql = "SELECT ?company { ?company aio:develops ?model } ORDER BY ?company ?model LIMIT 3"
    (tmp_path / "question.rq").write_text(sparql, encoding="utf-8")
    inline = rows(run("query", sparql, "-g", sample))
    assert len(inline) == 3
    assert inline == rows(run("query", tmp_path / "question.rq", "-g", sample))
    assert inline == rows(run("query", "-", "-g", sample, stdin=sparql))


@pytest.mark.slow
def test_answers_as_a_table_csv_and_json(sample) -> None:
    arguments = ("query", "founders", "月之暗面", "-g", sample)
    as_csv = rows(run(*arguments, "--format", "csv"))
    as_json = json.loads(run(*arguments, "--format", "json").stdout)
    table = run(*arguments, "--format", "table").stdout
    assert as_json["head"]["vars"] == list(as_csv[0])
    assert len(as_json["results"]["bindings"]) == len(as_csv)
    assert len(table.splitlines()) - 2 == len(as_csv)
    assert "周昕宇" in table


@pytest.mark.slow
def test_no_answer_is_said_beside_an_empty_table(sample) -> None:
    result = run("query", "SELECT ?x { ?x a <x:nothing> }", "--format", "table", "-g", sample)
    assert result.exit_code == 0
    assert "No answer" in result.stderr
    assert rows(run("query", "SELECT ?x { ?x a <x:nothing> }", "-g", sample)) == []


@pytest.mark.parametrize("command", [["query", "investors", "甲"], ["stats"]])
def test_without_a_graph_there_is_advice(command, tmp_path) -> None:
    result = run(*command, "-g", tmp_path / "none")
    assert result.exit_code == 3
    assert "kg build" in result.stderr
    assert not (tmp_path / "none").exists(), "asking makes no graph"


def test_a_parameter_needs_a_name_and_a_value(tmp_path) -> None:
    result = run("query", "investors", "--param", "company", "-g", tmp_path)
    assert result.exit_code in (2, 3)


# -- stats and evaluate -----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_stats_count_what_the_report_counted(sample) -> None:
    counts = json.loads(run("stats", "--json", "-g", sample).stdout)
    report = json.loads((sample / "report.json").read_text("utf-8"))
    assert counts["documents"] == report["documents"] == 22
    for name in ("entities", "modalities"):
        assert counts[name] == report[name]
    assert counts["claims"].keys() == report["claims"].keys()
    assert counts["most_mentioned"]
    text = run("stats", "-g", sample).stdout
    assert text.splitlines()[0] == "documents  22"


@pytest.mark.slow
def test_the_page_of_a_neighbourhood(sample, tmp_path) -> None:
    result = run("page", "-g", sample, "--focus", "月之暗面", "-o", tmp_path / "page.html")
    assert result.exit_code == 0
    assert "月之暗面" in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    "form", ["gexf", "graphml", "neo4j", "csv", "jsonl", "turtle", "nquads", "ntriples", "trig", "jsonld"]
)
def test_exports_name_the_files_that_they_wrote(sample, tmp_path, form) -> None:
    result = run("export", form, "-g", sample, "-o", tmp_path / form)
    assert result.exit_code == 0, result.output
    files = [Path(line) for line in result.stdout.splitlines()]
    assert files
    assert all(file.stat().st_size for file in files)


@pytest.mark.slow
def test_evaluate_extracts_or_reads_predictions(tmp_path) -> None:
    gold, documents = GOLD / "sample.jsonl", GOLD / "sample_docs.jsonl"
    now = json.loads(run("evaluate", gold, "--documents", documents, "--json").stdout)
    predicted = tmp_path / "facts.jsonl"
    predicted.write_text(run("extract", documents).stdout, encoding="utf-8")
    errors = tmp_path / "errors.jsonl"
    read = run("evaluate", gold, "--predicted", predicted, "--json", "--errors", errors)
    assert json.loads(read.stdout) == now
    assert now["documents"] == 22
    assert {json.loads(line)[1] for line in errors.read_text("utf-8").splitlines()} >= {"missed claim", "wrong claim"}
    table = run("evaluate", gold, "--predicted", predicted).stdout
    [claims] = [line.split() for line in table.splitlines() if line.startswith("claims ")]
    assert float(claims[2]) == pytest.approx(now["claims"]["recall"], abs=0.001)


@pytest.mark.slow
def test_evaluate_judges_what_one_extractor_finds_alone(tmp_path) -> None:
    (tmp_path / "docs.jsonl").write_text(json.dumps({"id": "a", "text": ROUND}) + "\n", encoding="utf-8")
    gold = tmp_path / "gold.jsonl"
    gold.write_text(run("extract", tmp_path / "docs.jsonl", "--extractor", "rules").stdout, encoding="utf-8")
    for extractor, prefix in (("rules", "rules:"), ("model", "network")):
        figures = json.loads(run("evaluate", gold, "--extractor", extractor, "--rules", "--json").stdout)
        assert figures["documents"] == 1
        assert all(name.startswith(prefix) for name in figures["per_extractor"])
        assert figures["per_extractor"]
        assert extractor == "model" or figures["claims"]["f1"] == 1.0


def test_gold_against_itself() -> None:
    gold = GOLD / "sample.jsonl"
    scores = json.loads(run("evaluate", gold, "--predicted", gold, "--json").stdout)
    assert scores["entities_typed"]["f1"] == 1.0
    assert scores["claims"]["recall"] == 1.0
    assert scores["modality_accuracy"] == 1.0


def test_malformed_gold_is_told_in_a_sentence(tmp_path) -> None:
    (tmp_path / "gold.jsonl").write_text("{]\n")
    result = run("evaluate", tmp_path / "gold.jsonl", "--predicted", tmp_path / "gold.jsonl")
    assert result.exit_code == 3
    assert "gold.jsonl:1" in result.stderr


# -- help and the program itself --------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["build", "extract", "query", "page", "export", "evaluate"])
def test_the_help_of_a_command_shows_an_example(command) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"\n  kg {command} " in result.stdout
    assert run(command, "-h").stdout == result.stdout


def test_the_help_shows_where_to_start() -> None:
    result = run("--help")
    assert "kg build --sample" in result.stdout
    for command in main.commands:
        assert f"\n  {command} " in result.stdout


def test_the_version() -> None:
    assert run("--version").stdout.split()[-1] == kg.__version__


@pytest.mark.slow
def test_the_program_as_a_process_of_its_own(tmp_path) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(kg.__file__).parents[1]), "PYTHONIOENCODING": "utf-8"}

    def call(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kg.cli", *arguments],
            input=stdin, capture_output=True, encoding="utf-8", cwd=tmp_path, env=environment, check=False, timeout=120,
        )  # fmt: skip

    built = call("build", "-", "--no-page", stdin=ROUND)
    assert (built.returncode, built.stderr) == (0, "")
    assert "Read 1 articles" in built.stdout
    asked = call("query", "investors", "云帆智算")
    assert asked.returncode == 0
    assert "砚溪资本" in asked.stdout
    assert call("query", "investors", "无此公司").returncode == 3
    assert call("no-such-command").returncode == 2


# -- infer ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_infer_drops_and_builds_again(articles, tmp_path) -> None:
    graph = tmp_path / "graph"
    run("build", articles, "--no-page", "--no-infer", "-q", "-o", graph)
    post = "SELECT ?person { ?post a aio:Post ; org:member ?person }"
    assert rows(run("query", post, "-g", graph)) == []
    counted = json.loads(run("infer", "-g", graph, "--json").stdout)
    assert counted["09-posts"] > 0
    assert len(rows(run("query", post, "-g", graph))) == 1
    lines = run("infer", "-g", graph).stdout.splitlines()
    assert lines[0] == f"inferred  {sum(counted.values())}"
    assert len(lines) == 1 + len(counted)
    assert run("infer", "--drop", "-g", graph).stdout == ""
    assert rows(run("query", post, "-g", graph)) == []


def test_infer_makes_no_graph_where_there_is_none(tmp_path) -> None:
    result = run("infer", "-g", tmp_path / "none")
    assert result.exit_code == 3
    assert "there is no graph in" in result.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_export_writes_what_was_inferred_only_if_told_to(articles, tmp_path) -> None:
    graph, plain, full = tmp_path / "graph", tmp_path / "plain.nq", tmp_path / "full.nq"
    run("build", articles, "--no-page", "-q", "-o", graph)
    run("export", "nquads", "-g", graph, "-o", plain)
    run("export", "nquads", "--inferred", "-g", graph, "-o", full)
    added = full.read_text("utf-8").removeprefix(plain.read_text("utf-8")).splitlines()
    assert added == sorted(added)
    assert {line.rpartition(" <")[2] for line in added} == {"https://w3id.org/ai-industry/id/inferred> ."}
    run("infer", "--drop", "-g", graph)
    result = run("export", "nquads", "--inferred", "-g", graph, "-o", full)
    assert result.exit_code == 3
    assert "run: kg infer" in result.stderr
    assert run("export", "gexf", "--inferred", "-g", graph).exit_code == 2
