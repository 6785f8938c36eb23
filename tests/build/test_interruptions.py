"""Builds that are killed, and builds on a full disk: nothing is lost, done twice, or different the second time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import growth
import pytest
from growth import make_articles

from kg.build import build_graph
from kg.errors import StoreError
from kg.graph.store import open_graph
from kg.model import Extractor

pytestmark = pytest.mark.slow

DRIVER = """
import json, os, random, signal, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from growth import make_articles
from kg.build import build_graph
from kg.build.extraction import Settings, prepare
from kg.model import Extractor

folder, wanted, count = Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
documents = list(make_articles(count, seed=11))
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
def test_a_build_that_is_killed_fifty_times_ends_with_the_same_bytes(tmp_path, dump) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(Path(growth.__file__).parent), str(tmp_path), "50", "500"],
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


def test_a_full_disk_is_a_clear_error_and_the_store_stays_whole(tmp_path, dump) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small file system")
    mount("size=2m", disk)
    try:
        documents = list(make_articles(300, seed=11))
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
