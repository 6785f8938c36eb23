"""The command that reads articles and prints what they state: extract; and how commands come by articles."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from kg.cli.group import PARTLY, extractor_option, main, paths_argument
from kg.model import Document, Extractor, Issue


@main.command()
@paths_argument
@click.option("--sample", is_flag=True, help="Read the sample articles that come with the package.")
@extractor_option
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
@click.pass_context
def extract(ctx: click.Context, paths: tuple[Path, ...], sample: bool, extractor: str, quiet: bool) -> None:
    """Print what the articles state: one JSON object a document, without building a graph.

    \b
    kg extract article.txt | python -m json.tool --no-ensure-ascii
    kg extract feed.jsonl > facts.jsonl
    """
    from kg.claims.extractors import extract as extract_document
    from kg.claims.records import to_record

    if not paths and not sample:
        raise click.UsageError("name files or directories to read, - for standard input, or --sample")
    faults = 0
    with open_sources(paths, sample=sample) as sources, show_progress(sources, quiet=quiet) as bar:
        for item in sources:
            if isinstance(item, Issue):
                faults += item.severity == "error"
                click.echo(f"{item.severity}: {item.source}: {item.reason}", err=True)
            else:
                found = extract_document(item, extractor=Extractor(extractor))
                click.echo(json.dumps(to_record(found), ensure_ascii=False))
            bar.update()
    ctx.exit(PARTLY if faults else 0)


@contextmanager
def open_sources(paths: Sequence[Path], *, sample: bool) -> Iterator[Sources]:
    """Open the articles of files and directories, and the sample's."""
    if not sample:
        yield Sources(paths)
        return
    with resources.as_file(resources.files("kg") / "sample") as folder:
        articles = sorted(path for path in folder.iterdir() if path.name != "README.md")
        yield Sources([*paths, *articles])


@dataclass(frozen=True, slots=True)
class Sources:
    """Files and directories to read articles from; `-` is standard input."""

    paths: Sequence[Path]

    def __iter__(self) -> Iterator[Document | Issue]:
        from kg.text.sources import read_documents

        return read_documents(self.paths, stdin=sys.stdin.buffer)

    def count(self) -> int | None:
        """Return how many articles and faults there are, None where they can be read only once."""
        return None if Path("-") in self.paths else sum(1 for _ in self)


def show_progress(sources: Sources, *, quiet: bool) -> tqdm[Any]:
    """Return a bar for a terminal: how many articles are done and left, how fast they go, how long it will take.

    Reading is some hundred times as fast as extraction, so counting before costs little.
    """
    hidden = quiet or not sys.stderr.isatty()
    return show_reading(None if hidden else sources.count(), hidden=hidden)


def show_reading(total: int | None, *, hidden: bool = False) -> tqdm[Any]:
    """Return a bar for a terminal: how many of so many articles are read."""
    hidden = hidden or not sys.stderr.isatty()
    return tqdm(total=total, unit=" articles", disable=hidden, leave=False, file=sys.stderr, dynamic_ncols=True)
