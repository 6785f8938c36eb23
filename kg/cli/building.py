"""Commands that write a graph: build, remove."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.group import INTERRUPTED, NOTHING, PARTLY, extractor_option, graph_option, main, paths_argument
from kg.cli.reading import open_sources, show_progress
from kg.cli.writing import write_whole_page
from kg.model import Document, Extractor, Issue

if TYPE_CHECKING:
    from kg.build import BuildReport


@main.command()
@paths_argument
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("graph"), show_default=True,
    help="Where to write the graph; an existing one is added to.",
)  # fmt: skip
@click.option("--sample", is_flag=True, help="Read the sample articles that come with the package.")
@click.option("--page/--no-page", default=None, help="Write the page too. [default: for up to 300 documents]")
@click.option("--validate", is_flag=True, help="Leave out articles whose graph breaks the shapes (see kg validate).")
@click.option(
    "-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="How many processes read articles."
)
@click.option("--refresh", is_flag=True, help="Read again what an earlier version of the extractor has read.")
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
    jobs: int,
    refresh: bool,
    no_infer: bool,
    extractor: str,
    quiet: bool,
) -> None:
    """Read articles and write the graph.

    PATHS are files or directories; `-` reads standard input. Read are plain text, Markdown with front matter, HTML,
    JSON, JSON Lines, JSON Feed and CSV, in UTF-8, UTF-16, GB18030 and Big5.

    Articles that the graph has already are left as they are; one whose text has changed replaces its earlier version
    (the same URL, file, or id in a file). A build that was stopped goes on where it was: run it again.

    \b
    kg build article.txt feed.jsonl -o graph
    kg build ~/news --jobs 4 -o graph
    kg build --refresh -o graph
    curl -s https://example.com/feed.json | kg build - -o graph
    """
    from kg.build import build_graph, outdated_sources

    if not paths and not sample and not refresh:
        raise click.UsageError("name files or directories to read, - for standard input, --sample or --refresh")
    old = outdated_sources(output, Extractor(extractor)) if refresh else []
    with open_sources([*paths, *old], sample=sample) as sources, show_progress(sources, quiet=quiet) as bar:

        def show(_: Document | Issue, report: BuildReport) -> None:
            bar.set_postfix(faults=len(report.issues), refresh=False)
            bar.update()

        try:
            report = build_graph(
                sources, output, validate=validate, with_inferred=not no_infer, extractor=Extractor(extractor),
                processes=jobs, on_item=show,
            )  # fmt: skip
        except KeyboardInterrupt:
            bar.close()
            click.echo(f"kg: stopped; {output} holds what was read so far. Run the same command to go on.", err=True)
            ctx.exit(INTERRUPTED)
    written = None
    if page or (page is None and 0 < report.documents + report.unchanged <= 300):
        written = write_whole_page(output, output / "page.html")
    for issue in report.issues:
        if issue.severity == "error" or not quiet:
            click.echo(f"{issue.severity}: {issue.source}: {issue.reason}", err=True)
    if not quiet:
        click.echo(_summary(report, output, written))
    if report.documents + report.unchanged == 0 and not (refresh and not old):
        click.echo("kg: no document could be read", err=True)
        ctx.exit(NOTHING)
    ctx.exit(PARTLY if report.failed else 0)


@main.command()
@click.argument("names", nargs=-1, required=True)
@graph_option
@click.option("--no-infer", is_flag=True, help="Leave out what follows from the articles; see `kg infer`.")
def remove(names: tuple[str, ...], directory: Path, no_infer: bool) -> None:
    """Remove articles from the graph, with everything that they alone state.

    NAMES are files that were read, URLs of articles, or their ids or IRIs as queries give them.

    \b
    kg remove news/rumour.html
    kg remove https://example.com/2026/rumour
    """
    from kg.build import remove_documents

    removed = remove_documents(directory, names, with_inferred=not no_infer)
    for document_id in removed:
        click.echo(document_id)


def _summary(report: BuildReport, output: Path, page_note: str | None) -> str:
    """Return what a build has found, and what to do next."""
    lines = [f"Read {report.documents} articles ({report.characters:,} characters) into {output}/store"]
    if report.unchanged:
        lines.append(f"Left {report.unchanged} articles as they are: the graph has them already")
    if report.replaced:
        lines.append(f"Removed {report.replaced} earlier versions of articles")
    if report.documents:
        lines += [
            f"Found {report.entities.total()} entities: " + _listed(report.entities),
            f"      {report.claims.total()} claims: " + _listed(report.claims),
            f"      {report.investments.total()} investments: " + _listed(report.investments),
        ]
    if report.inferred:
        lines.append(f"Inferred {sum(report.inferred.values())} triples from all articles of the graph")
    faults = sum(issue.severity == "error" for issue in report.issues)
    if faults:
        lines.append(f"Could not read {faults} inputs; they are listed above and in {output}/report.json")
    if page_note:
        lines.append(page_note)
    if report.documents + report.unchanged:
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


def _listed(counts: Mapping[str, int]) -> str:
    return (
        ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))) or "none"
    )
