"""The group that the commands of `kg` belong to, and the options that several of them share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kg import __version__
from kg.errors import KgError
from kg.model import Extractor

PARTLY, NOTHING, INTERRUPTED = 1, 3, 130
_EPILOG = "Start with: kg build --sample"


class _Group(click.Group):
    """Turns the package's exceptions into a message and an exit code, the only place that does."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as error:
            click.echo(f"kg: {error}", err=True)
            ctx.exit(NOTHING)


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


paths_argument = click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
extractor_option = click.option(
    "--extractor", type=click.Choice([str(e) for e in Extractor]), default=str(Extractor.ALL), show_default=True,
    help="Who reads: the rules (seven times as fast), the trained model, or both.",
)  # fmt: skip
graph_option = click.option(
    "-g", "--graph", "directory", type=click.Path(path_type=Path, file_okay=False), default=Path("graph"),
    show_default=True, envvar="KG_GRAPH", help="The directory that `kg build` wrote.",
)  # fmt: skip
