"""Annotated passages of news that stays elsewhere: they refer to it by document and offset, and carry none of its text.

    python training/annotations.py read NEWS.jsonl OUT       # writes OUT/docs.jsonl and OUT/gold.jsonl
    python training/annotations.py read NEWS.jsonl OUT --only training/annotations/held_out.txt
    python training/annotations.py write DOCS.jsonl GOLD.jsonl training/annotations/passages.jsonl

A line of `training/annotations/*.jsonl` is a passage: characters `start` to `end` of the text of document `doc`. What
gold annotations quote (names, evidence, wordings, roles) stands in it as `[start, end]` within the passage; the rest is
as in gold annotations. Offsets count Unicode code points, the end excluded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

Record = dict[str, Any]
_FOLDER = Path(__file__).with_name("annotations")


@click.group()
def main() -> None:
    """Put annotations and the texts that they refer to together, or take them apart."""


@main.command()
@click.argument("news", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--passages", type=click.Path(path_type=Path, exists=True), default=_FOLDER / "passages.jsonl")
@click.option(
    "--only", type=click.Path(path_type=Path, exists=True), multiple=True, help="It names passages: DOC:START-END."
)
@click.option(
    "--without", type=click.Path(path_type=Path, exists=True), multiple=True, help="Such a file: they are left out."
)
def read(news: Path, out: Path, passages: Path, only: tuple[Path, ...], without: tuple[Path, ...]) -> None:
    """Write the passages as articles, and their annotations in the form that `kg evaluate` reads."""
    chosen, left = ({name for file in files for name in file.read_text("utf-8").split()} for files in (only, without))
    wanted = [p for p in _lines(passages) if (_name(p) in chosen or not only) and _name(p) not in left]
    documents = {passage["doc"] for passage in wanted}
    texts = {row["id"]: row for row in _lines(news) if row["id"] in documents}
    if missing := sorted(documents - texts.keys()):
        raise click.ClickException(f"{len(missing)} of the documents are not in {news}, the first is {missing[0]}")
    out.mkdir(parents=True, exist_ok=True)
    with (
        (out / "docs.jsonl").open("w", encoding="utf-8") as docs,
        (out / "gold.jsonl").open("w", encoding="utf-8") as gold,
    ):
        for passage in wanted:
            article = texts[passage["doc"]]
            text = article["text"][passage["start"] : passage["end"]]
            name = _name(passage)
            _write(docs, {"id": name, "date": article.get("date"), "text": text})
            record = _map_quotes(passage, lambda place, text=text: text[slice(*place)])
            _write(gold, {"id": name, **{part: record[part] for part in ("entities", "claims", "investments")}})


@main.command()
@click.argument("docs", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
def write(docs: Path, gold: Path, out: Path) -> None:
    """Write annotations as offsets; DOCS has `doc`, `start`, `end` and `text` of each passage."""
    articles = {row["id"]: row for row in _lines(docs)}
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8") as file:
        for record in sorted(_lines(gold), key=lambda record: str(record["id"])):
            article = articles[record["id"]]
            place = {part: article[part] for part in ("doc", "start", "end")}
            _write(file, place | _map_quotes(record, lambda quote, text=article["text"]: _find(quote, text)))


def _name(passage: Record) -> str:
    return f"{passage['doc']}:{passage['start']}-{passage['end']}"


def _find(quote: str, text: str) -> list[int]:
    start = text.find(quote)
    if start < 0:
        raise click.ClickException(f"{quote!r} is not in the passage")
    return [start, start + len(quote)]


def _map_quotes(record: Record, turn: Callable[[Any], Any]) -> Record:
    """Return the parts of an annotation with everything that quotes the text turned into something else."""
    return {
        "entities": [entity | {"names": [turn(name) for name in entity["names"]]} for entity in record["entities"]],
        "claims": [
            claim | {"evidence": turn(claim["evidence"])} | _turned(claim, "q", ("role",), turn)
            for claim in record["claims"]
        ],
        "investments": [
            event
            | {"evidence": turn(event["evidence"])}
            | {
                part: value
                for slot in ("amount", "valuation")
                for part, value in _turned(event, slot, ("text",), turn).items()
            }
            for event in record["investments"]
        ],
    }


def _turned(record: Record, part: str, quotes: tuple[str, ...], turn: Callable[[Any], Any]) -> Record:
    if not record.get(part):
        return {}
    inner = record[part]
    return {part: inner | {quote: turn(inner[quote]) for quote in quotes if inner.get(quote)}}


def _lines(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _write(file: Any, record: Record) -> None:
    file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
