"""The command that checks a graph: validate."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from kg.cli.group import PARTLY, graph_option, main


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@graph_option
@click.option("-f", "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--limit", type=click.IntRange(0), default=100, show_default=True, help="Show at most this many.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of the messages.")
@click.pass_context
def validate(ctx: click.Context, file: Path | None, directory: Path, form: str, limit: int, language: str) -> None:
    """Check a graph against the SHACL shapes: the article and the sentence of everything that breaks one.

    FILE is RDF to be checked in place of a graph that was built: .nq, .trig, .nt, .ttl, .jsonld. The exit code is 1
    where there are violations; warnings alone leave it 0.

    \b
    kg validate
    kg validate facts.nq --format json
    """
    from kg.graph.store import open_graph
    from kg.graph.validation import describe, find_violations, format_violations, open_file

    with open_file(file) if file is not None else open_graph(directory) as store:
        findings = find_violations(store)
        shown = describe(store, findings[:limit], language="zh-hans" if language == "zh" else "en")
    counts = Counter(finding.shape.severity for finding in findings)
    if form == "json":
        report = {
            "conforms": not counts["violation"],
            "violations": counts["violation"],
            "warnings": counts["warning"],
            "results": [violation.to_dict() for violation in shown],
        }
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        click.echo(format_violations(shown, counts))
    ctx.exit(PARTLY if counts["violation"] else 0)
