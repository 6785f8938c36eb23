"""The command that infers: infer."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kg.cli.group import graph_option, main


@main.command()
@graph_option
@click.option("--drop", is_flag=True, help="Remove what was inferred and infer nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def infer(directory: Path, drop: bool, as_json: bool) -> None:
    """Infer what follows from the articles: inverses, ownership, families, posts, which claims stand.

    It goes into a graph of its own, which is dropped and built again; what the articles say stays as it is. `kg build`
    does the same at its end.

    \b
    kg infer
    kg query 'SELECT ?owned ?owner { ?owned aio:ownedBy ?owner }'
    kg infer --drop
    """
    from kg.graph import rules
    from kg.graph.store import open_graph

    open_graph(directory).close()  # Opening to write would make a graph where there is none; this says so.
    with open_graph(directory, read_only=False) as store:
        if drop:
            rules.drop_inferred(store)
            return
        report = rules.infer(store)
    if as_json:
        click.echo(json.dumps(dict(report.rules), indent=1))
    else:
        click.echo(rules.format_report(report))
