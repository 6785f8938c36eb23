"""Commands that ask a graph: query, explain, stats; and evaluate, which asks how good the extraction is."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.group import extractor_option, graph_option, main
from kg.errors import QueryError
from kg.model import Document, Extractor

if TYPE_CHECKING:
    from kg.graph.naming import EntityExplanation


@main.command()
@click.argument("question", required=False)
@click.argument("values", nargs=-1)
@graph_option
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
            click.echo(f"{known.name:25} {known.title}")
            for parameter in known.parameters:
                click.echo(f"{'':27} {parameter.name}: {parameter.help}{'' if parameter.required else ' (optional)'}")
            click.echo(f"{'':27} example: kg query {known.name} {_write_example(known.examples)}".rstrip())
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


def _write_example(examples: tuple[str, ...]) -> str:
    """Return the arguments of a question's first example, quoted where they have to be."""
    from kg.graph.queries import read_example

    given = [f"{name}={value}" for name, value in read_example(examples[0]).items()]
    return " ".join(f"-p '{part}'" if " " in part else f"-p {part}" for part in given)


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
