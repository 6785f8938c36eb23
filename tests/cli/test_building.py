"""`kg build` and `kg remove` as a user runs them: again, in several processes, stopped, and on other machines."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import main
from kg.graph.store import open_graph

pytestmark = pytest.mark.slow


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def build(*arguments: object) -> Result:
    return run("build", "--no-page", "--extractor", "rules", *arguments)


@pytest.fixture
def article(tmp_path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("云帆智算科技宣布完成2亿元A轮融资，由砚溪资本领投。", encoding="utf-8")
    return path


def test_a_second_build_says_what_it_left_alone(article, tmp_path) -> None:
    assert "Read 1 articles" in build(article, "-o", tmp_path / "g").stdout
    again = build(article, "-o", tmp_path / "g")
    assert again.exit_code == 0
    assert "Left 1 articles as they are" in again.stdout
    assert "Found" not in again.stdout
    article.write_text("云帆智算科技宣布完成3亿元B轮融资，由砚溪资本领投。", encoding="utf-8")
    assert "Removed 1 earlier versions" in build(article, "-o", tmp_path / "g").stdout


def test_refreshing(article, tmp_path) -> None:
    assert "no journal" in build("--refresh", "-o", tmp_path / "g").stderr
    build(article, "-o", tmp_path / "g")
    same = build("--refresh", "-o", tmp_path / "g")
    assert (same.exit_code, same.stderr) == (0, "")
    # The trained model is another extractor than the rules.
    other = run("build", "--no-page", "--refresh", "-o", tmp_path / "g")
    assert other.exit_code == 0, other.output
    assert "Read 1 articles" in other.stdout


def test_removing(article, tmp_path) -> None:
    build(article, "-o", tmp_path / "g")
    with open_graph(tmp_path / "g") as store:
        ids = store.document_ids()
    removed = run("remove", article, "-g", tmp_path / "g")
    assert removed.stdout.split() == ids
    again = run("remove", article, "-g", tmp_path / "g")
    assert again.exit_code == 3
    assert "no document" in again.stderr


def test_the_same_bytes_whatever_the_machine_order_and_number_of_processes(tmp_path, dump) -> None:
    with resources.as_file(resources.files("kg") / "sample") as folder:
        paths = sorted(str(path) for path in folder.iterdir() if path.name != "README.md")
        settings = (
            (paths, "1", {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Shanghai", "PYTHONUTF8": "0"}),
            (paths[::-1], "2", {"PYTHONHASHSEED": "77", "LC_ALL": "C.UTF-8", "TZ": "America/Los_Angeles"}),
        )
        for number, (given, jobs, environment) in enumerate(settings):
            command = [sys.executable, "-m", "kg.cli", "build", *given, "--no-page", "-q", "--jobs", jobs]
            subprocess.run(
                [*command, "--extractor", "rules", "-o", tmp_path / str(number)],
                env=os.environ | environment, cwd=tmp_path, check=True, stdin=subprocess.DEVNULL,
            )  # fmt: skip
    assert dump(tmp_path / "0") == dump(tmp_path / "1")


@pytest.mark.skipif(not hasattr(signal, "SIGINT") or sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_stops_and_the_next_build_goes_on(tmp_path, jobs) -> None:
    for number in range(300):
        path = tmp_path / "articles" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"云帆智算科技宣布完成{number}亿元A轮融资，由砚溪资本领投。" * 8, encoding="utf-8")
    command = [sys.executable, "-m", "kg.cli", "build", tmp_path / "articles", "--no-page", "--extractor", "rules"]
    with subprocess.Popen(
        [*command, "--jobs", jobs, "-o", tmp_path / "g"], stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        journal = tmp_path / "g" / "journal.sqlite-wal"
        until = time.monotonic() + 120
        while time.monotonic() < until and not (journal.exists() and journal.stat().st_size > 100_000):
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: every process gets it
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Run the same command to go on" in errors
    assert "Traceback" not in errors
    with open_graph(tmp_path / "g") as store:
        held = len(store.document_ids())
    assert 0 < held < 300
    left = re.search(r"Left (\d+) articles as they are", build(tmp_path / "articles", "-o", tmp_path / "g").stdout)
    # One that was written, but not yet noted in the journal, is read again.
    assert left
    assert held - int(left[1]) in (0, 1)
