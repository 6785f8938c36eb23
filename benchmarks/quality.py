"""Hold the quality floors: score the extraction on annotated articles and fail where a figure falls below its floor.

    python benchmarks/quality.py --shared DIR

`DIR/eval/dev/` holds `docs.jsonl` and `gold.jsonl`; where it is absent, nothing is checked and the program says so. The
floors are in `benchmarks/floors.json`. Raise one when a figure has risen for good; lower one only with a reason in
the commit.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from kg.evaluation import evaluate, extract_records, format_scores, read_records

FLOORS = Path(__file__).with_name("floors.json")


@click.command()
@click.option("--shared", type=click.Path(path_type=Path), required=True, help="The directory that holds eval/.")
def main(shared: Path) -> None:
    """Score every annotated set that has floors and is there."""
    fallen = []
    for name, floors in json.loads(FLOORS.read_text("utf-8")).items():
        folder = shared / "eval" / name
        if not (folder / "gold.jsonl").is_file():
            click.echo(f"{name}: skipped, there are no annotated articles at this place")
            continue
        scores = evaluate(read_records(folder / "gold.jsonl"), extract_records(folder / "docs.jsonl"))
        click.echo(f"{name}\n{format_scores(scores)}")
        figures = scores.to_dict()
        for figure, floor in floors.items():
            value = _figure(figures, figure)
            if value < floor:
                fallen.append(f"{name}: {figure} is {value:.4f}, its floor is {floor:.4f}")
    for line in fallen:
        click.echo(line, err=True)
    sys.exit(1 if fallen else 0)


def _figure(figures: dict[str, Any], path: str) -> float:
    value: Any = figures
    for part in path.split("."):
        value = value[part]
    return float(value)


if __name__ == "__main__":
    main()
