"""What a query has to pass before the store answers it, and what to say of one that does not."""

from __future__ import annotations

import re

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.vocab import PREFIXES

__all__ = ["explain_syntax", "refuse_service"]

_SERVICE = re.compile("service", re.IGNORECASE)
_UPDATE = re.compile(r"^\s*(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b", re.IGNORECASE)
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def refuse_service(sparql: str, *, base: str) -> None:
    """Refuse a query that would ask another server: pyoxigraph sends the request from here to wherever it says.

    Nothing in pyoxigraph switches SERVICE off, and a pattern over the text can be led astray (in `?a<'x>'` the `<` may
    open an IRI or compare). So its own parser judges: spelled otherwise, the word still parses in a string, a name or a
    comment, and does not parse as a keyword.

    Raises:
        QueryError: the query uses SERVICE, or says "service" and is malformed.
    """
    if not _SERVICE.search(sparql):
        return
    try:
        ox.Store().query(_SERVICE.sub("Servicf", sparql), base_iri=base, prefixes=PREFIXES)
    except SyntaxError as error:
        advice = "SERVICE is refused, since a query may not ask other servers"
        raise QueryError(f"{advice}; {explain_syntax(error, sparql)}") from error


def explain_syntax(error: SyntaxError, sparql: str) -> str:
    """Return a message that shows the line of the query and points at the column where pyoxigraph gave up."""
    match = _POSITION.match(str(error))
    if match is None:
        return f"the query is malformed: {error}"
    line, column, expected = int(match[1]), int(match[2]), match[3]
    lines = sparql.split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    hint = ""
    # Of the rest of what the parser expected, a person learns nothing: it is a list of half the grammar.
    if "Prefix not found" in expected:
        hint = ": a prefix is not declared"
    elif _UPDATE.search(text):
        hint = ": queries only read"
    return f"the query is malformed at line {line}, column {column}{hint}\n  {text}\n  {' ' * (column - 1)}^"
