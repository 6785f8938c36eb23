"""`kg validate`, and `kg build --validate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import kg.build.extraction
from kg.cli import main
from kg.graph.quads import to_quads
from kg.graph.vocab import AIO, ontology_files

EXAMPLE = Path(__file__).parents[1] / "graph" / "example.nq"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The example with no wording of its amounts."""
    lines = EXAMPLE.read_text("utf-8").splitlines(keepends=True)
    path = tmp_path / "broken.nq"
    path.write_text("".join(line for line in lines if AIO.wording.value not in line), encoding="utf-8")
    return path


def test_a_graph_that_conforms() -> None:
    result = run("validate", EXAMPLE)
    assert result.exit_code == 0
    assert result.stdout == "The graph satisfies its shapes.\n"


def test_a_violation_in_words(broken: Path) -> None:
    result = run("validate", broken)
    assert result.exit_code == 1
    assert "violation: An amount has exactly one wording, as the article puts it." in result.stdout
    assert "甲科技完成B轮融资" in result.stdout
    assert "https://news.example/1" in result.stdout
    assert "甲科技宣布完成由乙资本领投的近亿元B轮融资" in result.stdout
    assert result.stdout.endswith("\n2 violations\n")


def test_a_violation_as_json(broken: Path) -> None:
    result = run("validate", broken, "--format", "json", "--limit", "1", "--language", "zh")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert (report["conforms"], report["violations"], report["warnings"]) == (False, 2, 0)
    [shown] = report["results"]
    assert shown["message"] == "金额有且只有一个原文表述。"
    assert shown["sentence"] == "甲科技宣布完成由乙资本领投的近亿元B轮融资"


def test_the_limit_counts_what_it_leaves_out(broken: Path) -> None:
    assert "and 1 more (--limit)" in run("validate", broken, "--limit", "1").stdout
    assert run("validate", broken, "--limit", "0").exit_code == 1


def test_a_warning_is_no_violation(tmp_path: Path) -> None:
    path = tmp_path / "circle.trig"
    path.write_text(
        f"<https://x.example/a> <{AIO.versionOf.value}> <https://x.example/b> . "
        f"<https://x.example/b> <{AIO.versionOf.value}> <https://x.example/a> ."
    )
    result = run("validate", path, "--format", "json")
    report = json.loads(result.stdout)
    assert report["warnings"] == 2
    assert result.exit_code == 1  # no article states these
    assert report["violations"] == 2


def test_what_cannot_be_read(tmp_path: Path) -> None:
    for arguments in (["-g", tmp_path / "none"], [tmp_path / "none.nq"]):
        result = run("validate", *arguments)
        assert result.exit_code == 3
        assert str(tmp_path / "none") in result.stderr


@pytest.mark.slow
def test_build_leaves_out_what_breaks_the_shapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("云帆智算科技有限公司完成由砚溪资本领投的3亿元B轮融资。", encoding="utf-8")
    bad.write_text("星澜智能科技有限公司完成由砚溪资本领投的5亿元A轮融资。", encoding="utf-8")

    def forget_confidence(extraction, **options):  # the bug that validation is there for
        wrong = "星澜" in extraction.document.text
        return [q for q in to_quads(extraction, **options) if not (wrong and q.predicate == AIO.confidence)]

    monkeypatch.setattr(kg.build.extraction, "to_quads", forget_confidence)
    graph = tmp_path / "graph"
    assert run("build", bad, good, "--no-page", "-o", graph).exit_code == 0
    assert run("validate", "-g", graph).exit_code == 1
    result = run("build", bad, good, "--no-page", "--validate", "-o", graph)
    assert result.exit_code == 1
    [fault] = result.stderr.splitlines()
    assert fault.startswith(f"error: {bad}: left out, as it breaks the shapes (A claim has exactly one confidence")
    assert "星澜智能科技有限公司完成由砚溪资本领投的5亿元A轮融资" in fault
    assert "Read 1 articles" in result.stdout
    assert run("validate", "-g", graph).stdout == "The graph satisfies its shapes.\n"


def test_the_shapes_ship_with_the_package() -> None:
    assert (ontology_files() / "shapes.ttl").is_file()
    assert (ontology_files() / "shapes-union.ttl").is_file()
