"""What a build costs as it grows: time and memory for so many articles, and one article more in a store of so many.

    python benchmarks/growth.py 100 1000 10000

Articles are made up (two sentences, with some of the same companies, funds and people); the rules read them. Every
build runs in a process of its own, whose peak memory is measured. Prints a Markdown table.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click

from kg.build import build_graph
from kg.build.extraction import Settings, prepare
from kg.model import Document, Extractor

_SURNAMES, _FIRST, _SECOND = "陈林周吴郑沈许宋", "星云澜衡启砚森朗泽岚", "图智川岳舟帆桥野辰溪"
_ROUNDS = ("天使轮", "A轮", "B轮", "C轮", "Pre-A轮")


@click.command()
@click.argument("counts", type=int, nargs=-1)
@click.option("--alone", type=click.Path(path_type=Path), hidden=True)
@click.option("--infer", is_flag=True, help="Infer what follows too, at the end of each build.")
def main(counts: tuple[int, ...], alone: Path | None, infer: bool) -> None:
    """Print what builds of so many articles cost."""
    if alone:
        click.echo(json.dumps(_measure(counts[0], alone, infer)))
        return
    click.echo(
        "| articles | seconds | an article, ms | peak memory, MB | one article more, ms |\n|---|---|---|---|---|"
    )
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, __file__, str(count), "--alone", folder, *(["--infer"] if infer else [])]
            done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
        found = json.loads(done.stdout.splitlines()[-1])
        click.echo(
            f"| {count:,} | {found['seconds']:.1f} | {1000 * found['seconds'] / count:.1f} | {found['memory']:.0f} "
            f"| {found['more']:.0f} |"
        )


def _measure(count: int, folder: Path, infer: bool) -> dict[str, float]:
    prepare(Settings("", Extractor.RULES, validate=False))
    build_graph(make_articles(5, seed=1), folder / "warm", extractor=Extractor.RULES)
    begun = time.process_time()
    build_graph(make_articles(count, seed=2), folder / "graph", extractor=Extractor.RULES, with_inferred=infer)
    seconds = time.process_time() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = []
    for article in make_articles(7, seed=3):
        begun = time.process_time()
        build_graph([article], folder / "graph", extractor=Extractor.RULES, with_inferred=infer)
        times.append(time.process_time() - begun)
    return {"seconds": seconds, "memory": memory, "more": 1000 * sorted(times)[len(times) // 2]}


def make_articles(count: int, *, seed: int) -> Iterator[Document]:
    """Make articles that speak of some of the same companies, funds and people."""
    chance = random.Random(seed)  # noqa: S311
    companies = [f"{a}{b}{c}{kind}" for a in _FIRST for b in _SECOND for c in _SECOND for kind in ("智能", "科技")]
    people = [f"{a}{b}{c}" for a in _SURNAMES for b in _FIRST for c in _SECOND]
    for number in range(count):
        company, fund = chance.choice(companies), f"{chance.choice(_FIRST)}{chance.choice(_SECOND)}资本"
        yield Document(
            f"{company}宣布完成{chance.randint(1, 90)}亿元{chance.choice(_ROUNDS)}融资，由{fund}领投。"
            f"{company}CEO{chance.choice(people)}表示，公司将发布新产品，编号{seed}-{number}。",
            source=f"{seed}-{number}.txt",
        )


if __name__ == "__main__":
    main()
