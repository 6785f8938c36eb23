"""The named questions of `ontology/queries/*.rq`: a SPARQL query each, valid as it stands, with a header of comments.

::

    # title: Who invested in a company?
    # description: One row for each investor and each statement of an article.
    # param: company entity "the company, by any of its names"
    # param: since date "leave out what is older" optional
    # example: company=甲科技 since=2025
    # answer: investor | round
    #   乙资本 | B
    #   丙资本 |

The answer is the whole one to the first example on the bundled sample, row by row and in order, in the columns that
matter; a test compares them.

The query holds `VALUES ?company { UNDEF }` for each parameter, which restricts nothing; an answer puts the parameter's
values in place of UNDEF. An `entity` is named by any alias in either script, by its id (`company/a-tech`) or its IRI, a
`date` is `yyyy`, `yyyy-mm` or `yyyy-mm-dd`, and `text` is taken as it is.

Habits of the questions:

- They read claims and events inside `GRAPH ?article {…}` with their `aio:evidence`, which only articles give: what is
  inferred in a graph of its own is never counted.
- Every OPTIONAL has a `GRAPH ?article {…}` of its own after the required one: inside of it they took 40 times as long
  on 357,000 quads. And it starts from a variable that is bound for sure: from an unbound one, it matches whatever else
  the article says.
- What has to be looked up for each solution stands in an OPTIONAL, tested with BOUND: FILTER NOT EXISTS and a join with
  a UNION went through the whole graph for each (17 seconds instead of 0.02 for the plans of 1,000 articles).
- An optional entity is a variable of the pattern itself where it can be (`movers`): the engine then looks it up, where
  a FILTER on it goes through everything first. Claims of a well-known company are found by the direct triple of their
  article (`contradictions`), not by their rdf:subject, which thousands share.
- One unbound value makes MIN, MAX and SUM unbound for its group: COALESCE it inside, to "" for MAX, to "~" for MIN.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from kg.errors import DataError, QueryError
from kg.graph.quads import date_literal, to_literal
from kg.graph.results import QueryResult
from kg.graph.store import GraphStore
from kg.graph.vocab import XSD, ontology_files

__all__ = [
    "Answer",
    "Parameter",
    "Question",
    "bind_parameters",
    "list_questions",
    "load_question",
    "parse_question",
    "read_example",
    "resolve_entity",
    "run_question",
]

_HEADER = re.compile(r"# (title|description|param|example|answer): ?(.*)")
_ROW = re.compile(r"#   (.*)")
_PARAMETER = re.compile(r'(\w+) (entity|text|date) "([^"]+)"( optional)?')
_SLOT = re.compile(r"VALUES \?(\w+) \{ UNDEF \}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question needs to be told; `kind` is `entity`, `text` or `date`."""

    name: str
    kind: str
    help: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question answers to its first example: some of its columns, and all rows, each cell as it is written."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A named question; an example is what to write for its parameters: `company=甲科技 since=2025`."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    examples: tuple[str, ...]
    sparql: str
    answer: Answer | None = None


def list_questions() -> list[Question]:
    """Return all questions, sorted by name.

    Raises:
        DataError: a query file is malformed.
    """
    return list(_questions().values())


def load_question(name: str) -> Question:
    """Return the question of that name.

    Raises:
        QueryError: there is none.
    """
    questions = _questions()
    if name not in questions:
        raise QueryError(f"there is no question {name!r}; there are {', '.join(questions)}")
    return questions[name]


def run_question(
    store: GraphStore,
    name: str,
    params: Mapping[str, str],
    *,
    max_rows: int | None = None,
    timeout: float | None = None,
) -> QueryResult:
    """Answer a question from the store; where several entities bear a name, the answer is about all of them.

    The limits are those of :meth:`kg.graph.store.GraphStore.query`.

    Raises:
        QueryTimeoutError: there was no answer within `timeout` seconds.
        QueryError: there is no such question, parameter or entity, a parameter is missing, or a date is none.
    """
    return store.query(bind_parameters(store, load_question(name), params), max_rows=max_rows, timeout=timeout)


def bind_parameters(store: GraphStore, question: Question, params: Mapping[str, str]) -> str:
    """Return the question's query with values for its parameters, ready to run here or elsewhere.

    Raises:
        QueryError: as :func:`run_question`.
    """
    values = _read_parameters(store, question, params)
    # One pass: what a user typed is never searched for slots.
    return _SLOT.sub(lambda slot: _fill(slot, values), question.sparql)


def resolve_entity(store: GraphStore, name: str) -> tuple[ox.NamedNode, ...]:
    """Return the entities that `name` stands for: at least one, sorted by IRI.

    Raises:
        QueryError: nothing in the store bears the name; the message suggests similar ones.
    """
    if found := store.names.find(name):
        return found
    for iri in (name, store.ids.entity(name).value):
        if iri in store.names.iris:
            return (ox.NamedNode(iri),)
    suggestions = store.names.suggest(name)
    advice = f"; did you mean {', '.join(suggestions)}?" if suggestions else ""
    raise QueryError(f"nothing in the graph is called {name!r}{advice}")


def parse_question(name: str, text: str) -> Question:
    """Read the text of a query file.

    Raises:
        DataError: the header is malformed, or parameters and `VALUES` slots do not match.
    """
    fields: dict[str, list[str]] = {"title": [], "description": [], "param": [], "example": [], "answer": []}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if fields["answer"] and (row := _ROW.fullmatch(line)):
            fields["answer"].append(row[1])
        elif match := _HEADER.fullmatch(line):
            fields[match[1]].append(match[2])
        else:
            raise DataError(f"question {name}: malformed header line {line!r}")
    if len(fields["title"]) != 1 or len(fields["description"]) != 1:
        raise DataError(f"question {name}: needs one title and one description")
    parameters = tuple(_parse_parameter(name, line) for line in fields["param"])
    if {parameter.name for parameter in parameters} != set(_SLOT.findall(text)):
        raise DataError(f"question {name}: parameters and VALUES slots do not match")
    answer = _parse_answer(name, fields["answer"]) if fields["answer"] else None
    return Question(
        name, fields["title"][0], fields["description"][0], parameters, tuple(fields["example"]), text, answer
    )


def read_example(example: str) -> dict[str, str]:
    """Return the parameters that an example gives.

    >>> read_example("company=Mistral AI since=2025")
    {'company': 'Mistral AI', 'since': '2025'}
    """
    given: dict[str, str] = {}
    name = ""
    for word in example.split():
        start, equals, rest = word.partition("=")
        if equals and start.isidentifier():
            name, given[start] = start, rest
        elif name:
            given[name] += f" {word}"
    return given


def _parse_answer(name: str, lines: list[str]) -> Answer:
    columns, *rows = (tuple(cell.strip() for cell in line.split("|")) for line in lines)
    if any(len(row) != len(columns) for row in rows):
        raise DataError(f"question {name}: a row of the answer has not as many cells as there are columns")
    return Answer(columns, tuple(rows))


def _parse_parameter(name: str, line: str) -> Parameter:
    match = _PARAMETER.fullmatch(line)
    if match is None:
        raise DataError(f"question {name}: malformed parameter {line!r}")
    return Parameter(match[1], match[2], match[3], required=match[4] is None)


@cache
def _questions() -> dict[str, Question]:
    files = (file for file in (ontology_files() / "queries").iterdir() if file.name.endswith(".rq"))
    questions = (parse_question(file.name.removesuffix(".rq"), file.read_text(encoding="utf-8")) for file in files)
    return {question.name: question for question in sorted(questions, key=lambda question: question.name)}


def _read_parameters(
    store: GraphStore, question: Question, params: Mapping[str, str]
) -> dict[str, tuple[ox.NamedNode | ox.Literal, ...]]:
    known = {parameter.name: parameter for parameter in question.parameters}
    for unknown in sorted(set(params) - set(known)):
        raise QueryError(f"the question {question.name} has no parameter {unknown!r}; it takes {', '.join(known)}")
    for parameter in question.parameters:
        if parameter.required and not params.get(parameter.name, "").strip():
            raise QueryError(f"the question {question.name} needs {parameter.name}: {parameter.help}")
    return {
        name: _read_value(store, known[name], text.strip()) for name, text in sorted(params.items()) if text.strip()
    }


def _read_value(store: GraphStore, parameter: Parameter, text: str) -> tuple[ox.NamedNode | ox.Literal, ...]:
    match parameter.kind:
        case "entity":
            return resolve_entity(store, text)
        case "date" if date_literal(text).datatype == XSD.string:
            raise QueryError(f"{parameter.name} is no date: {text!r}; write yyyy, yyyy-mm or yyyy-mm-dd")
        case _:
            return (to_literal(text),)


def _fill(slot: re.Match[str], values: Mapping[str, tuple[ox.NamedNode | ox.Literal, ...]]) -> str:
    if slot[1] not in values:
        return slot[0]
    # str() of a term is N-Triples, which escapes whatever could end it.
    return f"VALUES ?{slot[1]} {{ {' '.join(map(str, values[slot[1]]))} }}"
