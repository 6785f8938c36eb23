"""The command that describes the graph's own terms: ontology."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.group import main


@main.command()
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=Path("ontology.html"), show_default=True
)
def ontology(output: Path) -> None:
    """Write the documentation of the ontology as one HTML file that works offline.

    Every class and property with its definition in three languages, examples, alignments, and diagrams.

    \b
    kg ontology -o ontology.html
    """
    from kg.export.ontology import write_ontology

    click.echo(f"Wrote {write_ontology(output)}")
