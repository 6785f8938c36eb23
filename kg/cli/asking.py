"""Commands that ask a graph: explain, stats; and evaluate, which asks how good the extraction is."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.group import extractor_option, graph_option, main
from kg.model import Document, Extractor

if TYPE_CHECKING:
    from kg.graph.naming import EntityExplanation


@main.command()
@click.argument("name")
@graph_option
@click.option("--text", "article", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
              help="Explain the names of this article instead of a graph's.")  # fmt: skip
def explain(name: str, directory: Path, article: Path | None) -> None:
    """Say which names were taken for one entity, and why each.

    \b
    kg explain 深度求索
    kg explain 云帆智算 --text article.txt
    """
    from kg.graph import naming
    from kg.graph.store import open_graph

    if article is not None:
        explanations = _explain_article(name, article)
    else:
        with open_graph(directory) as store:
            explanations = naming.explain_entities(store, name)
    click.echo("\n\n".join(naming.format_explanation(e) for e in explanations))


def _explain_article(name: str, path: Path) -> list[EntityExplanation]:
    from kg.claims.extractors import extract
    from kg.graph.naming import explain_extraction
    from kg.text.sources import read_documents

    documents = [d for d in read_documents([path], stdin=sys.stdin.buffer) if isinstance(d, Document)]
    return explain_extraction(name, [extract(document) for document in documents])


@main.command()
@graph_option
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
    "--errors", type=click.Path(path_type=Path, dir_okay=False),
    help="Write every error here, a JSON array a line, and print them by group.",
)  # fmt: skip
@click.option("--rules", is_flag=True, help="Print what each rule found, and how much of it is right.")
@extractor_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(
    gold: Path,
    documents: Path | None,
    predicted: Path | None,
    errors: Path | None,
    rules: bool,
    extractor: str,
    as_json: bool,
) -> None:
    """Score the extraction against gold annotations.

    \b
    kg evaluate gold.jsonl --documents docs.jsonl
    kg evaluate gold.jsonl --predicted facts.jsonl --errors errors.jsonl
    """
    from kg import diagnosis, evaluation

    wanted = evaluation.read_records(gold)
    if predicted is not None:
        found = evaluation.read_records(predicted)
    else:
        found = evaluation.extract_records(documents or gold.with_name("docs.jsonl"), extractor=Extractor(extractor))
    scores = evaluation.evaluate(wanted, found)
    if errors is not None:
        diagnosis.write_faults(scores.faults, errors)
    if as_json:
        figures = scores.to_dict()
        if rules:
            figures["per_extractor"] = {name: t.to_dict() for name, t in sorted(scores.per_extractor.items())}
        click.echo(json.dumps(figures, ensure_ascii=False, indent=1))
        return
    parts = [evaluation.format_scores(scores)]
    if rules:
        parts.append(evaluation.format_rules(scores))
    if errors is not None:
        parts.append(diagnosis.format_faults(scores.faults))
    click.echo("\n\n".join(part for part in parts if part))
