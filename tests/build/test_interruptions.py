"""Builds that are killed, and builds on a full disk: nothing is lost, done twice, or different the second time."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.build import build_graph
from kg.errors import StoreError
from kg.graph.store import open_graph
from kg.model import Document, Extractor

pytestmark = pytest.mark.slow

SURNAMES, FIRST, SECOND = "陈林周吴郑沈许宋", "星云澜衡启砚森朗泽岚", "图智川岳舟帆桥野辰溪"
ROUNDS = ("天使轮", "A轮", "B轮", "C轮", "Pre-A轮")


def articles(count: int) -> list[Document]:
    """Make articles that speak of some of the same companies, funds and people."""
    chance = random.Random(11)  # noqa: S311
    companies = [f"{a}{b}{kind}" for a in FIRST for b in SECOND for kind in ("智能", "科技")]
    people = [f"{a}{b}{c}" for a in SURNAMES for b in FIRST for c in SECOND]
    made = []
    for number in range(count):
        company, fund = chance.choice(companies), f"{chance.choice(FIRST)}{chance.choice(SECOND)}资本"
        text = (
            f"{company}宣布完成{chance.randint(1, 90)}亿元{chance.choice(ROUNDS)}融资，由{fund}领投。"
            f"{company}CEO{chance.choice(people)}表示，公司将发布新产品。"
        )
        made.append(Document(text, url=f"https://news.example/{number}", source=f"news.jsonl#{number + 1}"))
    return made


def dump(directory: Path) -> bytes:
    with open_graph(directory) as store:
        out = io.BytesIO()
        store.dump(out, inferred=True)
        return out.getvalue()


DRIVER = """
import json, os, random, signal, sys, time
sys.path.insert(0, sys.argv[1])
from test_interruptions import articles, build_graph, Extractor, dump
from kg.build.extraction import Settings, prepare
from kg.build.report import REPORT
from pathlib import Path

folder, wanted, count = Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
documents = articles(count)
prepare(Settings("", Extractor.RULES, False))

def start(target):
    child = os.fork()
    if child == 0:
        code = 1
        try:
            build_graph(documents, target, extractor=Extractor.RULES)
            code = 0
        finally:
            os._exit(code)
    return child

begun = time.monotonic()
assert os.waitpid(start(folder / "whole"), 0)[1] == 0
whole = time.monotonic() - begun
chance = random.Random(5)
kills, finished = 0, 0
while kills < wanted or not finished:
    target = folder / f"killed{finished}"
    child = start(target)
    # Thirteen or so slices make a build, so that kills fall anywhere in it, into the inference at its end too.
    until = time.monotonic() + chance.uniform(0, whole / 6 if kills < wanted else whole * 20)
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < until:
        time.sleep(0.002)
    if ended == (0, 0):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kills += 1
    else:
        assert ended[1] == 0
        finished += 1
print(json.dumps({"kills": kills, "finished": finished}))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_build_that_is_killed_fifty_times_ends_with_the_same_bytes(tmp_path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(Path(__file__).parent), str(tmp_path), "50", "500"],
        capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["kills"] >= 50
    whole = dump(tmp_path / "whole")
    assert whole.count(b"\n") > 10_000
    for number in range(result["finished"]):
        assert dump(tmp_path / f"killed{number}") == whole


def mount(options: str, place: Path) -> None:
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no small file system can be mounted here: {done.stderr.strip()}")


def test_a_full_disk_is_a_clear_error_and_the_store_stays_whole(tmp_path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small file system")
    mount("size=2m", disk)
    try:
        documents = articles(300)
        with pytest.raises(StoreError, match=r"cannot (write|open|read)"):
            build_graph(documents, disk / "graph", extractor=Extractor.RULES)
        with open_graph(disk / "graph") as store:
            held = store.document_ids()
        assert set(held) <= {document.id for document in documents}
        mount("remount,size=200m", disk)
        report = build_graph(documents, disk / "graph", extractor=Extractor.RULES)
        assert report.documents + report.unchanged == 300
        assert report.unchanged == len(held)
        build_graph(documents, tmp_path / "whole", extractor=Extractor.RULES)
        assert dump(disk / "graph") == dump(tmp_path / "whole")
    finally:
        time.sleep(0.1)
        subprocess.run(["umount", str(disk)], check=True)
