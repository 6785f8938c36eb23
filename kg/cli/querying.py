"""The command that puts questions to a graph, or changes it on demand: query."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import TIMEOUT_MAX
from typing import TYPE_CHECKING, TypeVar

import click
from click.core import ParameterSource

from kg.cli.group import INTERRUPTED, NOTHING, PARTLY, graph_option, main
from kg.errors import QueryError, QueryTimeoutError

if TYPE_CHECKING:
    from kg.graph.results import QueryResult

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Limits:
    timeout: float
    max_rows: int


@main.command()
@click.argument("question", required=False)
@click.argument("values", nargs=-1)
@graph_option
@click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of a named question.")
@click.option("-f", "--format", "form", type=click.Choice(["table", "csv", "json"]),
              help="[default: a table on a terminal, CSV in a pipe]")  # fmt: skip
@click.option("--list", "list_only", is_flag=True, help="List the named questions.")
@click.option("--timeout", type=click.FloatRange(min=0), default=60, show_default=True, metavar="SECONDS",
              help="Give up after so long; 0: never.")  # fmt: skip
@click.option("--max-rows", type=click.IntRange(min=0), default=100_000, show_default=True, metavar="N",
              help="Print no more rows (or triples) than this; 0: all.")  # fmt: skip
@click.option("--update", is_flag=True, help="Take SPARQL for an update, and let it change the graph.")
@click.pass_context
def query(
    ctx: click.Context,
    question: str | None,
    values: tuple[str, ...],
    directory: Path,
    params: tuple[str, ...],
    form: str | None,
    list_only: bool,
    timeout: float,
    max_rows: int,
    update: bool,
) -> None:
    """Answer a question: a named one, a SPARQL query, or a file that holds one.

    \b
    kg query --list
    kg query investors 月之暗面
    kg query career --param person=杨植麟
    kg query 'SELECT ?company ?model { ?company aio:develops ?model } LIMIT 9'
    kg query question.rq --format json
    kg query --update 'INSERT DATA { GRAPH <notes> { <company/a-tech> rdfs:comment "seen" } }'

    SPARQL reads nothing but the graph: no files (LOAD), no other servers (SERVICE). Without --update it changes
    nothing.

    An update has to say GRAPH <…> { } for what it matches and writes: what stands outside is in no export. Put what is
    yours into a graph of its own, such as <notes>: an article's graph is replaced when `kg build` reads the article
    again. What was inferred is dropped, since it may no longer be true; `kg infer` builds it again.
    """
    if update:
        _change(question, values + params, directory, timeout)
        return
    if list_only or question is None:
        _list_questions()
        return
    result = _ask(question, values, params, directory, _Limits(timeout, max_rows))
    _print(result, form or ("table" if sys.stdout.isatty() else "csv"))
    if not result.complete:
        click.echo(f"kg: these are the first {max_rows} only; for all of them: --max-rows 0", err=True)
        # Who set a limit has what they asked for; who did not might take a part for the whole.
        ctx.exit(PARTLY if ctx.get_parameter_source("max_rows") is ParameterSource.DEFAULT else 0)


def _list_questions() -> None:
    from kg.graph.queries import list_questions

    for known in list_questions():
        click.echo(f"{known.name:25} {known.title}")
        for parameter in known.parameters:
            click.echo(f"{'':27} {parameter.name}: {parameter.help}{'' if parameter.required else ' (optional)'}")
        click.echo(f"{'':27} example: kg query {known.name} {_write_example(known.examples)}".rstrip())


def _ask(
    question: str, values: tuple[str, ...], params: tuple[str, ...], directory: Path, limits: _Limits
) -> QueryResult:
    from kg.graph.queries import run_question
    from kg.graph.store import open_graph

    # Without a limit too, a thread that can be waited for lets Ctrl-C through.
    timeout, max_rows = limits.timeout or TIMEOUT_MAX, limits.max_rows or None
    with open_graph(directory) as store:
        sparql = read_sparql(question)
        if sparql is not None:
            return end_when_late(lambda: store.query(sparql, max_rows=max_rows, timeout=timeout))
        given = _parameters(question, values, params)
        return end_when_late(lambda: run_question(store, question, given, max_rows=max_rows, timeout=timeout))


def _change(question: str | None, others: tuple[str, ...], directory: Path, timeout: float) -> None:
    from kg.graph.deadline import Deadline
    from kg.graph.store import open_graph

    sparql = None if question is None else read_sparql(question)
    if sparql is None or others:
        raise click.UsageError("--update takes a SPARQL update or a file that holds one, and nothing else")
    open_graph(directory).close()  # Opening to write would make a graph where there is none; this says so.
    with open_graph(directory, read_only=False) as store:
        deadline = Deadline(timeout or TIMEOUT_MAX)
        report = end_when_late(lambda: deadline.run(lambda: store.update(sparql)))
    click.echo(f"The graph held {report.before} statements and holds {report.after} now.")
    if report.dropped_inferred:
        click.echo("What was inferred is dropped; build it again with: kg infer")


def _print(result: QueryResult, form: str) -> None:
    if form == "table":
        click.echo(result.to_table(), nl=False)
        if not len(result) and result.complete:
            click.echo("No answer: the articles state nothing of the kind.", err=True)
    else:
        click.echo(result.to_json() if form == "json" else result.to_csv(), nl=form == "json")


def end_when_late(ask: Callable[[], T]) -> T:
    """Return what `ask` returns, and end the process where it is late or Ctrl-C is pressed.

    The thread that answers cannot be stopped, and to leave in the ordinary way would pull the store from under it. To
    end at once is safe: nothing was printed yet, and an update is in the store as a whole or not at all.
    """
    try:
        return ask()
    except QueryTimeoutError as error:
        click.echo(f"kg: {error}", err=True)
        code = NOTHING
    except KeyboardInterrupt:
        click.echo("Aborted!", err=True)
        code = INTERRUPTED
    sys.stderr.flush()
    os._exit(code)


def _write_example(examples: tuple[str, ...]) -> str:
    """Return the arguments of a question's first example, quoted where they have to be."""
    from kg.graph.queries import read_example

    given = [f"{name}={value}" for name, value in read_example(examples[0]).items()]
    return " ".join(f"-p '{part}'" if " " in part else f"-p {part}" for part in given)


def read_sparql(question: str) -> str | None:
    """Return the query that an argument holds or names, None where it is the name of a question."""
    from kg.graph.sparql import is_sparql

    if question == "-":
        return sys.stdin.read()
    if is_sparql(question):
        return question
    path = Path(question)
    if path.suffix in (".rq", ".ru", ".sparql"):
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
