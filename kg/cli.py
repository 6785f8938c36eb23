"""The command `kg`: every body parses, calls the library, prints.

Exit codes: 0 everything went well; 1 done, but some inputs could not be read (they are listed); 2 the command line is
wrong; 3 nothing could be done, the message says why.
"""

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

from kg import __version__
from kg.errors import KgError, QueryError
from kg.model import Document, Issue

_EPILOG = "Start with: kg build --sample"
_PARTLY, _NOTHING = 1, 3
_PAGE_LIMIT = 500


class _Group(click.Group):
    """Turns the package's exceptions into a message and an exit code, the only place that does."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as error:
            click.echo(f"kg: {error}", err=True)
            ctx.exit(_NOTHING)


@click.group(
    cls=_Group, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Read Chinese AI-industry news and build a knowledge graph in which every fact shows the sentence that states it.

    \b
    kg build articles/ -o graph        read articles, write the graph
    kg query investors 月之暗面         who put money into it, when, in which round, which sentence says so
    kg page -o page.html               an interactive network that opens in any browser, offline
    kg export gexf -o network.gexf     a file for Gephi (or neo4j, graphml, turtle, jsonld, csv …)
    """


_FORMATS = ("gexf", "graphml", "neo4j", "csv", "jsonl", "turtle", "nquads", "ntriples", "trig", "jsonld")

_paths = click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
_graph = click.option(
    "-g", "--graph", "directory", type=click.Path(path_type=Path, file_okay=False), default=Path("graph"),
    show_default=True, envvar="KG_GRAPH", help="The directory that `kg build` wrote.",
)  # fmt: skip


@main.command()
@_paths
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("graph"), show_default=True,
    help="Where to write the graph; an existing one is added to.",
)  # fmt: skip
@click.option("--sample", is_flag=True, help="Read the sample articles that come with the package.")
@click.option("--page/--no-page", default=None, help="Write the page too. [default: for up to 300 documents]")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but faults.")
@click.pass_context
def build(
    ctx: click.Context, paths: tuple[Path, ...], output: Path, sample: bool, page: bool | None, quiet: bool
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
        report = build_graph(_progress(sources, "documents", quiet), output)
    written = None
    if page or (page is None and 0 < report.documents <= 300):
        written = _write_page(output, output / "page.html", focus=None, hops=1, limit=_PAGE_LIMIT)
    for issue in report.issues:
        if issue.severity == "error" or not quiet:
            click.echo(f"{issue.severity}: {issue.source}: {issue.reason}", err=True)
    if not quiet:
        click.echo(_summary(report.to_dict(), output, written))
    if report.documents == 0:
        click.echo("kg: no document could be read", err=True)
        ctx.exit(_NOTHING)
    ctx.exit(_PARTLY if report.failed else 0)


@main.command()
@_paths
@click.option("--sample", is_flag=True, help="Read the sample articles that come with the package.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
@click.pass_context
def extract(ctx: click.Context, paths: tuple[Path, ...], sample: bool, quiet: bool) -> None:
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
                click.echo(json.dumps(to_record(extract_document(item)), ensure_ascii=False))
    ctx.exit(_PARTLY if faults else 0)


@main.command()
@click.argument("question", required=False)
@click.argument("values", nargs=-1)
@_graph
@click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of a named question.")
@click.option("-f", "--format", "form", type=click.Choice(["table", "csv", "json"]),
              help="[default: a table on a terminal, CSV in a pipe]")  # fmt: skip
@click.option("--list", "list_only", is_flag=True, help="List the named questions.")
def query(
    question: str | None,
    values: tuple[str, ...],
    directory: Path,
    params: tuple[str, ...],
    form: str | None,
    list_only: bool,
) -> None:
    """Answer a question: a named one, a SPARQL query, or a file that holds one.

    \b
    kg query --list
    kg query investors 月之暗面
    kg query career --param person=杨植麟
    kg query 'SELECT ?company ?model { ?company aio:develops ?model } LIMIT 9'
    kg query question.rq --format json
    """
    from kg.graph.queries import list_questions, run_question
    from kg.graph.store import open_graph

    if list_only or question is None:
        for known in list_questions():
            click.echo(f"{known.name:18} {known.title}")
            for parameter in known.parameters:
                click.echo(f"{'':18}   {parameter.name}: {parameter.help}{'' if parameter.required else ' (optional)'}")
        return
    with open_graph(directory) as store:
        sparql = _read_sparql(question)
        if sparql is not None:
            result = store.query(sparql)
        else:
            result = run_question(store, question, _parameters(question, values, params))
    form = form or ("table" if sys.stdout.isatty() else "csv")
    if form == "table":
        click.echo(result.to_table(), nl=False)
        if not len(result):
            click.echo("No answer: the articles state nothing of the kind.", err=True)
    else:
        click.echo(result.to_json() if form == "json" else result.to_csv(), nl=form == "json")


@main.command()
@_graph
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=Path("page.html"), show_default=True
)
@click.option("--focus", metavar="NAME", help="Show the neighbourhood of an entity, by any of its names.")
@click.option("--hops", type=click.IntRange(1, 6), default=1, show_default=True, help="How far from --focus.")
@click.option(
    "--limit", type=click.IntRange(1), default=_PAGE_LIMIT, show_default=True, help="Show at most this many entities."
)
def page(directory: Path, output: Path, focus: str | None, hops: int, limit: int) -> None:
    """Write an interactive network as one HTML file that works offline.

    \b
    kg page -o page.html
    kg page --focus 月之暗面 --hops 2 -o moonshot.html
    """
    click.echo(_write_page(directory, output, focus=focus, hops=hops, limit=limit))


@main.command()
@click.argument("form", type=click.Choice(_FORMATS), metavar="FORMAT")
@_graph
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write.  [default: by the format]")
@click.option("--focus", metavar="NAME", help="Only the neighbourhood of an entity (gexf and graphml).")
@click.option("--hops", type=click.IntRange(1, 6), default=1, show_default=True, help="How far from --focus.")
def export(form: str, directory: Path, output: Path | None, focus: str | None, hops: int) -> None:
    """Write the graph for another program.

    FORMAT is gexf (Gephi), graphml, neo4j (a directory of CSV files and a Cypher script), csv or jsonl (a directory of
    tables), or an RDF format: turtle, nquads, ntriples, trig, jsonld.

    \b
    kg export gexf -o network.gexf
    kg export neo4j -o neo4j/
    kg export turtle -o graph.ttl
    """
    from kg.export import gexf, neo4j, network, rdf, tables
    from kg.graph.store import open_graph

    if focus and form not in ("gexf", "graphml"):
        raise click.UsageError("--focus goes with gexf and graphml")
    with open_graph(directory) as store:
        if form in ("gexf", "graphml"):
            write = gexf.write_gexf if form == "gexf" else gexf.write_graphml
            written = [write(network.read_network(store, focus=focus, hops=hops), output or Path(f"graph.{form}"))]
        elif form == "neo4j":
            written = neo4j.write_neo4j(store, output or Path("neo4j"))
        elif form in ("csv", "jsonl"):
            written = tables.write_tables(store, output or Path("tables"), form=form)
        else:
            written = [rdf.write_rdf(store, output or Path(f"graph.{rdf.RDF_FORMATS[form]}"), form=form)]
    for path in written:
        click.echo(path)


@main.command()
@_graph
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def stats(directory: Path, as_json: bool) -> None:
    """Count what the graph holds: documents, entities by type, claims by predicate and modality, investments."""
    from kg.graph.statistics import count_graph, format_counts
    from kg.graph.store import open_graph

    with open_graph(directory) as store:
        counts = count_graph(store)
    click.echo(json.dumps(counts, ensure_ascii=False, indent=1) if as_json else format_counts(counts))


@main.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--documents", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="The articles, as JSON Lines with the ids of GOLD. [default: docs.jsonl beside GOLD]")  # fmt: skip
@click.option("--predicted", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="Score this output of `kg extract` instead of extracting now.")  # fmt: skip
@click.option(
    "--errors", type=click.Path(path_type=Path, dir_okay=False), help="Write every error here, a JSON array a line."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(gold: Path, documents: Path | None, predicted: Path | None, errors: Path | None, as_json: bool) -> None:
    """Score the extraction against gold annotations.

    \b
    kg evaluate gold.jsonl --documents docs.jsonl
    kg evaluate gold.jsonl --predicted facts.jsonl --errors errors.jsonl
    """
    from kg import evaluation

    wanted = evaluation.read_records(gold)
    if predicted is not None:
        found = evaluation.read_records(predicted)
    else:
        found = evaluation.extract_records(documents or gold.with_name("docs.jsonl"))
    scores = evaluation.evaluate(wanted, found)
    if errors is not None:
        evaluation.write_faults(scores.faults, errors)
    click.echo(
        json.dumps(scores.to_dict(), ensure_ascii=False, indent=1) if as_json else evaluation.format_scores(scores)
    )


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


def _read_sparql(question: str) -> str | None:
    """Return the query that an argument holds or names, None where it is the name of a question."""
    if question == "-":
        return sys.stdin.read()
    if "{" in question:
        return question
    path = Path(question)
    if path.suffix in (".rq", ".sparql"):
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise QueryError(f"cannot read the query {path}: {error}") from error
    return None


def _parameters(question: str, values: tuple[str, ...], params: tuple[str, ...]) -> dict[str, str]:
    """Return the parameters of a question: VALUES in their order, then --param."""
    from kg.graph.queries import load_question

    names = [p.name for p in load_question(question).parameters]
    if len(values) > len(names):
        raise QueryError(f"the question {question} takes {len(names)} values ({', '.join(names)}), not {len(values)}")
    given = dict(zip(names, values, strict=False))
    for param in params:
        name, separator, value = param.partition("=")
        if not separator:
            raise click.UsageError(f"--param takes NAME=VALUE, not {param!r}")
        given[names[0] if name == "x" and "x" not in names and names else name] = value
    return given


def _write_page(directory: Path, output: Path, *, focus: str | None, hops: int, limit: int) -> str:
    """Write the page of a graph; return what to tell the user."""
    from kg.export.html import write_page
    from kg.export.network import read_network
    from kg.graph.store import open_graph

    with open_graph(directory) as store:
        network = read_network(store, focus=focus, hops=hops, limit=limit)
    path = write_page(network, output, title=focus or "AI 产业知识图谱")
    left = network.graph["left_out"]["entities"]
    note = f", {left} with fewer facts left out (--limit)" if left else ""
    return f"Wrote {path}: {network.number_of_nodes()} entities and {network.number_of_edges()} facts{note}"


def _summary(report: dict[str, Any], output: Path, page_note: str | None) -> str:
    """Return what a build has found, and what to do next."""
    lines = [
        f"Read {report['documents']} articles ({report['characters']:,} characters) into {output}/store",
        f"Found {sum(report['entities'].values())} entities: " + _listed(report["entities"]),
        f"      {sum(report['claims'].values())} claims: " + _listed(report["claims"]),
        f"      {sum(report['investments'].values())} investments: " + _listed(report["investments"]),
    ]
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


if __name__ == "__main__":
    main()
