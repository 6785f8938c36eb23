"""Feed hostile inputs to the readers, the normalizer, the quantities and the whole extraction, and report faults.

    python benchmarks/fuzz.py                                 # 100,000 cases, seed 1
    python benchmarks/fuzz.py --cases 5000 --seed 7 --only extraction
    python benchmarks/fuzz.py --atheris /tmp/corpus           # guided by coverage, where atheris is installed

Prints the faults (at most ten, each with the case), how many cases ran, and the slowest of each target. Exit code 1
where there is a fault: an exception, an offset outside its text, two results for one input, or more than `--limit`
seconds of processor time. A case has a number of its own: `--first N --cases 1` runs it alone.

Of a hundred cases 30 go to the readers (each read as every format), 30 to the normalizer, 25 to the quantities, 14 to
the rules and 1 to rules and model together. atheris (`pip install atheris`; wheels for Linux, CPython 3.11 to 3.13)
finds its own bytes from what they reach in `kg.text`; it goes on until it is stopped or finds a fault.
"""

from __future__ import annotations

import importlib
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

import click
import hostile

from kg.model import Extractor

TARGETS = ("reading", "normalizing", "quantities", "extraction", "model")
WEIGHTS = (30, 30, 25, 14, 1)
MOST_TOLD = 10


def run_case(target: str, rng: random.Random, folder: Path) -> object:
    """Run one case and return its input."""
    if target == "reading":
        data = hostile.make_bytes(rng)
        hostile.check_reading(data, folder)
        return data
    text = hostile.make_text(rng)
    reference = rng.choice(hostile.REFERENCES)
    if target == "normalizing":
        hostile.check_normalizing(text)
    elif target == "quantities":
        hostile.check_quantities(text, reference)
    else:
        hostile.check_extraction(text, Extractor.ALL if target == "model" else Extractor.RULES, reference)
    return text


def input_of(target: str, rng: random.Random) -> object:
    return hostile.make_bytes(rng) if target == "reading" else hostile.make_text(rng)


def run_atheris(corpus: str) -> None:
    import atheris  # type: ignore[import-not-found]

    for name in [name for name in sys.modules if name == "hostile" or name.split(".")[0] == "kg"]:
        del sys.modules[name]  # so that they are imported again, instrumented
    with atheris.instrument_imports(include=["kg.text"]):
        cases = importlib.import_module("hostile")
    Path(corpus).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:

        def run_one(data: bytes) -> None:
            cases.check_reading(data, Path(folder))
            text = data.decode("utf-8", "surrogateescape")
            cases.check_normalizing(text)
            cases.check_quantities(text, cases.REFERENCES[len(data) % len(cases.REFERENCES)])

        atheris.Setup([sys.argv[0], corpus, "-max_len=2000"], run_one)
        atheris.Fuzz()


@click.command(help=__doc__)
@click.option("--cases", default=100_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--first", default=0, show_default=True, help="Number of the first case.")
@click.option("--only", type=click.Choice(TARGETS), help="Run this target alone.")
@click.option("--limit", default=5.0, show_default=True, help="Seconds of processor time that a case may take.")
@click.option(
    "--atheris", "corpus", type=click.Path(file_okay=False), help="Folder of its corpus: run atheris instead."
)
def main(cases: int, seed: int, first: int, only: str | None, limit: float, corpus: str | None) -> None:
    if corpus:
        run_atheris(corpus)
        return
    counts: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    slowest: dict[str, tuple[float, int]] = {}
    hostile.check_extraction("甲公司收购乙公司。", Extractor.RULES)  # loads what is loaded once
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + cases):
            choice = random.Random(f"{seed}/{number}/target")  # noqa: S311
            target = only or choice.choices(TARGETS, WEIGHTS)[0]
            if target == "model" and not counts["model"]:
                hostile.check_extraction("甲公司收购乙公司。", Extractor.ALL)
            start = time.process_time()
            try:
                run_case(target, random.Random(f"{seed}/{number}"), Path(folder))  # noqa: S311
                fault = ""
            except Exception:
                fault = traceback.format_exc(limit=-4)
            taken = time.process_time() - start
            counts[target] += 1
            slowest[target] = max(slowest.get(target, (0.0, 0)), (taken, number))
            if taken > limit:
                fault = fault or f"took {taken:.1f} s"
            if fault:
                faults[target] += 1
                if faults.total() <= MOST_TOLD:
                    case = repr(input_of(target, random.Random(f"{seed}/{number}")))  # noqa: S311
                    click.echo(f"--- case {number} ({target}): {case[:2000]}\n{fault}")
    for target, count in counts.items():
        taken, number = slowest[target]
        case = repr(input_of(target, random.Random(f"{seed}/{number}")))[:200]  # noqa: S311
        click.echo(
            f"{target}: {count:,} cases, {faults[target]:,} faults, slowest {taken:.3f} s (case {number}: {case})"
        )
    click.echo(f"{counts.total():,} cases, {faults.total():,} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
