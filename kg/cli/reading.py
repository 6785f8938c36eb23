"""Commands that read articles: build, extract."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from kg.cli.group import NOTHING, PARTLY, extractor_option, main, paths_argument
from kg.cli.writing import PAGE_LIMIT, render_page
from kg.model import Document, Extractor, Issue


@main.command()
@paths_argument
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("graph"), show_default=True,
    help="Where to write the graph; an existing one is added to.",
)  # fmt: skip
@click.option("--sample", is_flag=True, help="Read the sample articles that come with the package.")
@click.option("--page/--no-page", default=None, help="Write the page too. [default: for up to 300 documents]")
@click.option("--validate", is_flag=True, help="Leave out articles whose graph breaks the shapes (see kg validate).")
@click.option("--no-infer", is_flag=True, help="Leave out what follows from the articles; see `kg infer`.")
@extractor_option
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but faults.")
@click.pass_context
def build(
    ctx: click.Context,
    paths: tuple[Path, ...],
    output: Path,
    sample: bool,
    page: bool | None,
    validate: bool,
    no_infer: bool,
    extractor: str,
    quiet: bool,
) -> None:
    """Read articles and write the graph.

    PATHS are files or directories; `-` reads standard input. Read are plain text, Markdown with front matter, HTML,
    JSON, JSON Lines, JSON Feed and CSV, in UTF-8, UTF-16, GB18030 and Big5.

    \b
    kg build article.txt feed.jsonl -o graph
    kg build ~/news -o graph
    curl -s https://example.com/feed.json | kg build - -o graph
    """
    from kg.build import build_graph

    with _sources(paths, sample) as sources:
        report = build_graph(
            _progress(sources, "documents", quiet), output, validate=validate, with_inferred=not no_infer,
            extractor=Extractor(extractor),
        )  # fmt: skip
    written = None
    if page or (page is None and 0 < report.documents <= 300):
        written = render_page(output, output / "page.html", focus=None, hops=1, limit=PAGE_LIMIT)
    for issue in report.issues:
        if issue.severity == "error" or not quiet:
            click.echo(f"{issue.severity}: {issue.source}: {issue.reason}", err=True)
    if not quiet:
        click.echo(_summary(report.to_dict(), output, written))
    if report.documents == 0:
        click.echo("kg: no document could be read", err=True)
        ctx.exit(NOTHING)
    ctx.exit(PARTLY if report.failed else 0)


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

    faults = 0
    with _sources(paths, sample) as sources:
        for item in _progress(sources, "documents", quiet):
            if isinstance(item, Issue):
                faults += item.severity == "error"
                click.echo(f"{item.severity}: {item.source}: {item.reason}", err=True)
            else:
                found = extract_document(item, extractor=Extractor(extractor))
                click.echo(json.dumps(to_record(found), ensure_ascii=False))
    ctx.exit(PARTLY if faults else 0)


@contextmanager
def _sources(paths: tuple[Path, ...], sample: bool) -> Iterator[Iterator[Document | Issue]]:
    from kg.text.sources import read_documents

    if not paths and not sample:
        raise click.UsageError("name files or directories to read, - for standard input, or --sample")
    if not sample:
        yield read_documents(paths, stdin=sys.stdin.buffer)
        return
    with resources.as_file(resources.files("kg") / "sample") as folder:
        articles = sorted(path for path in folder.iterdir() if path.name != "README.md")
        yield read_documents([*paths, *articles], stdin=sys.stdin.buffer)


def _progress(items: Iterator[Document | Issue], unit: str, quiet: bool) -> Iterator[Document | Issue]:
    hidden = quiet or not sys.stderr.isatty()
    yield from tqdm(items, unit=f" {unit}", disable=hidden, leave=False, file=sys.stderr, dynamic_ncols=True)


def _summary(report: dict[str, Any], output: Path, page_note: str | None) -> str:
    """Return what a build has found, and what to do next."""
    lines = [
        f"Read {report['documents']} articles ({report['characters']:,} characters) into {output}/store",
        f"Found {sum(report['entities'].values())} entities: " + _listed(report["entities"]),
        f"      {sum(report['claims'].values())} claims: " + _listed(report["claims"]),
        f"      {sum(report['investments'].values())} investments: " + _listed(report["investments"]),
    ]
    if report["inferred"]:
        lines.append(f"Inferred {sum(report['inferred'].values())} triples from all articles of the graph")
    faults = sum(issue["severity"] == "error" for issue in report["issues"])
    if faults:
        lines.append(f"Could not read {faults} inputs; they are listed above and in {output}/report.json")
    if page_note:
        lines.append(page_note)
    if report["documents"]:
        where = "" if str(output) == "graph" else f" -g {output}"
        lines += ["", "Ask next:", *(f"  kg query {question}{where}" for question in _questions_about(output))]
        lines.append("  kg query --list      (all questions)")
    return "\n".join(lines)


def _questions_about(directory: Path) -> list[str]:
    """Return three named questions that this graph answers, about what it says most of."""
    from kg.graph.statistics import find_protagonists
    from kg.graph.store import open_graph

    with open_graph(directory) as store:
        leads = find_protagonists(store)
    asked = {"investedIn": "investors", "develops": "models", "worksFor": "career"}
    return [f"{asked[predicate]} {_quoted(name)}" for predicate, name in leads.items()]


def _quoted(name: str) -> str:
    return shlex.quote(name) if re.search(r"[^\w.·-]", name) else name


def _listed(counts: dict[str, int]) -> str:
    return (
        ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))) or "none"
    )
