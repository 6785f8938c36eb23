"""Commands that write a graph for others: page, export."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from kg.cli.group import graph_option, main
from kg.cli.querying import end_when_late, read_sparql
from kg.cli.reading import show_reading

if TYPE_CHECKING:
    from kg.export.network import Network

PAGE_LIMIT = 20_000
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_FORMATS = ("gexf", "graphml", "neo4j", "csv", "jsonl", "turtle", "nquads", "ntriples", "trig", "jsonld")


def _read_date(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if value and not _DATE.fullmatch(value):
        raise click.BadParameter(f"{value!r} is no date; write 2026, 2026-03 or 2026-03-05")
    return value


@main.command()
@graph_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=Path("page.html"), show_default=True
)
@click.option("--focus", metavar="NAME", help="Show the neighbourhood of an entity, by any of its names.")
@click.option("--hops", type=click.IntRange(1, 6), default=1, show_default=True, help="How far from --focus.")
@click.option("--query", metavar="SPARQL", help="Show what a CONSTRUCT query makes: a file, `-`, or the query itself.")
@click.option("--investments", is_flag=True, help="Show investors and companies, with the amounts.")
@click.option("--since", metavar="DATE", default="", callback=_read_date, help="Only articles from then on: 2026-03.")
@click.option("--until", metavar="DATE", default="", callback=_read_date, help="Only articles up to then.")
@click.option(
    "--top",
    "--limit",
    type=click.IntRange(1),
    default=PAGE_LIMIT,
    show_default=True,
    help="Show at most so many entities: those with most facts.",
)
@click.option(
    "--style",
    type=click.Choice(["auto", "classic", "large"]),
    default="auto",
    show_default=True,
    help="Drawn by vis-network, or by a canvas for many entities.  [auto: by their number]",
)
def page(
    directory: Path,
    output: Path,
    focus: str | None,
    hops: int,
    query: str | None,
    investments: bool,
    since: str,
    until: str,
    top: int,
    style: Literal["auto", "classic", "large"],
) -> None:
    """Write an interactive network as one HTML file that works offline.

    \b
    kg page -o page.html
    kg page --focus 月之暗面 --hops 2 -o moonshot.html
    kg page --investments --since 2025 -o money.html
    kg page --query partners.rq --top 200
    """
    from kg.export.constructed import read_constructed
    from kg.export.investments import read_investments
    from kg.export.network import read_network
    from kg.export.page.html import write_page
    from kg.graph.store import open_graph

    if query and (focus or investments or since or until):
        raise click.UsageError("--query says by itself what to show; leave out the other options")
    sparql = read_sparql(query) if query else None
    if query and not sparql:
        raise click.UsageError(f"--query takes a CONSTRUCT query or a file with one (.rq, .sparql), not {query!r}")
    with open_graph(directory) as store:
        if sparql:
            network = end_when_late(lambda: read_constructed(store, sparql, limit=top))
        else:
            read = read_investments if investments else read_network
            with show_reading(None if focus else len(store.document_ids())) as bar:
                network = read(
                    store, focus=focus, hops=hops, since=since, until=until, limit=top, on_article=bar.update
                )
    title = focus or ("SPARQL" if query else "AI 产业投融资" if investments else "AI 产业知识图谱")
    click.echo(_tell(write_page(network, output, title=title, style=style), network))


@main.command()
@click.argument("form", type=click.Choice(_FORMATS), metavar="FORMAT")
@graph_option
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write.  [default: by the format]")
@click.option("--focus", metavar="NAME", help="Only the neighbourhood of an entity (gexf and graphml).")
@click.option("--hops", type=click.IntRange(1, 6), default=1, show_default=True, help="How far from --focus.")
@click.option("--inferred", is_flag=True, help="Write what was inferred too (RDF formats).")
def export(form: str, directory: Path, output: Path | None, focus: str | None, hops: int, inferred: bool) -> None:
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
    if inferred and form not in rdf.RDF_FORMATS:
        raise click.UsageError("--inferred goes with turtle, nquads, ntriples, trig and jsonld")
    with open_graph(directory) as store:
        if form in ("gexf", "graphml"):
            write = gexf.write_gexf if form == "gexf" else gexf.write_graphml
            written = [write(network.read_network(store, focus=focus, hops=hops), output or Path(f"graph.{form}"))]
        elif form == "neo4j":
            written = neo4j.write_neo4j(store, output or Path("neo4j"))
        elif form in ("csv", "jsonl"):
            written = tables.write_tables(store, output or Path("tables"), form=form)
        else:
            written = [
                rdf.write_rdf(store, output or Path(f"graph.{rdf.RDF_FORMATS[form]}"), form=form, inferred=inferred)
            ]
    for path in written:
        click.echo(path)


def write_whole_page(directory: Path, output: Path) -> str:
    """Write the page of a whole graph; return what to tell the user."""
    from kg.export.network import read_network
    from kg.export.page.html import write_page
    from kg.graph.store import open_graph

    with open_graph(directory) as store:
        network = read_network(store, limit=PAGE_LIMIT)
    return _tell(write_page(network, output), network)


def _tell(path: Path, network: Network[str]) -> str:
    """Return what was written, and what was left out and why."""
    left = network.graph["left_out"]
    notes = [
        (left["entities"], "entities with fewer facts left out (--top)"),
        (left["articles"], "articles outside the period or without a date left out (--since, --until)"),
        (left.get("unnamed", 0), "investments without a named investor left out"),
    ]
    said = "".join(f"; {count:,} {note}" for count, note in notes if count)
    return f"Wrote {path}: {network.number_of_nodes():,} entities and {network.number_of_edges():,} facts{said}"
