"""Commands that write a graph for others: page, export."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.group import graph_option, main

PAGE_LIMIT = 500
_FORMATS = ("gexf", "graphml", "neo4j", "csv", "jsonl", "turtle", "nquads", "ntriples", "trig", "jsonld")


@main.command()
@graph_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=Path("page.html"), show_default=True
)
@click.option("--focus", metavar="NAME", help="Show the neighbourhood of an entity, by any of its names.")
@click.option("--hops", type=click.IntRange(1, 6), default=1, show_default=True, help="How far from --focus.")
@click.option(
    "--limit", type=click.IntRange(1), default=PAGE_LIMIT, show_default=True, help="Show at most this many entities."
)
def page(directory: Path, output: Path, focus: str | None, hops: int, limit: int) -> None:
    """Write an interactive network as one HTML file that works offline.

    \b
    kg page -o page.html
    kg page --focus 月之暗面 --hops 2 -o moonshot.html
    """
    click.echo(render_page(directory, output, focus=focus, hops=hops, limit=limit))


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


def render_page(directory: Path, output: Path, *, focus: str | None, hops: int, limit: int) -> str:
    """Write the page of a graph; return what to tell the user."""
    from kg.export.network import read_network
    from kg.export.page.html import write_page
    from kg.graph.store import open_graph

    with open_graph(directory) as store:
        network = read_network(store, focus=focus, hops=hops, limit=limit)
    path = write_page(network, output, title=focus or "AI 产业知识图谱")
    left = network.graph["left_out"]["entities"]
    note = f", {left} with fewer facts left out (--limit)" if left else ""
    return f"Wrote {path}: {network.number_of_nodes()} entities and {network.number_of_edges()} facts{note}"
