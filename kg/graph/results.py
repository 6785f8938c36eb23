"""What a query answered: rows of Python values, and the ways to write them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

import pyoxigraph as ox

__all__ = ["QueryResult", "Term", "Value", "read_result", "show_text"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Value = str | int | Decimal | float | bool | None
"""A cell: None where a variable has no value. IRIs are shortened, dates stay strings, amounts are decimals."""

_XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The answer to a query, independent of the store.

    `kind` is `select` (a row for each solution), `ask` (one row with one boolean) or `graph` (a row for each triple,
    sorted). `terms` are the same cells as RDF terms. Where a limit cut the answer, `complete` is false.
    """

    kind: Literal["select", "ask", "graph"]
    variables: tuple[str, ...]
    rows: list[tuple[Value, ...]]
    terms: list[tuple[Term | None, ...]]
    complete: bool = True

    def __len__(self) -> int:
        return len(self.rows)

    def records(self) -> list[dict[str, Value]]:
        """Return the rows as dictionaries, variable -> value."""
        return [dict(zip(self.variables, row, strict=True)) for row in self.rows]

    def to_json(self) -> str:
        """Return SPARQL 1.1 JSON results; the triples of a graph are rows of `s`, `p` and `o` there too."""
        answer: dict[str, object] = {"head": {"vars": list(self.variables)}}
        if self.kind == "ask":
            answer = {"head": {}, "boolean": self.rows[0][0]}
        else:
            bindings = [
                {name: _to_json(term) for name, term in zip(self.variables, row, strict=True) if term is not None}
                for row in self.terms
            ]
            answer["results"] = {"bindings": bindings}
        return json.dumps(answer, ensure_ascii=False)

    def to_csv(self) -> str:
        """Return SPARQL 1.1 CSV results: full IRIs, no language tags or types, lines end in CR LF."""
        lines = [self.variables, *([_plain(term) for term in row] for row in self.terms)]
        return "".join(",".join(map(_quote_field, line)) + "\r\n" for line in lines)

    def to_table(self, *, max_width: int | None = 60) -> str:
        """Return a table for a terminal, in which a Chinese character takes two columns.

        A cell wider than `max_width` columns is cut (None: never). Control characters are shown as spaces.
        """
        cells = [[_shown(value, max_width) for value in row] for row in self.rows]
        table = [[_cut(name, max_width) for name in self.variables], *cells]
        widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
        lines = ["  ".join(_pad(cell, width) for cell, width in zip(row, widths, strict=True)) for row in table]
        lines.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join(line.rstrip() for line in lines) + "\n"


def read_result(
    result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples,
    *,
    prefixes: Mapping[str, str],
    base: str,
    max_rows: int | None = None,
    check: Callable[[], object] | None = None,
) -> QueryResult:
    """Read an answer of pyoxigraph; IRIs under `base` lose it in `rows`, others take a prefix.

    After `max_rows` rows, or different triples, nothing more is asked of the store: what is left is neither computed
    nor held. `check` is called before each row and stops the reading by an exception.
    """
    if isinstance(result, ox.QueryBoolean):
        return QueryResult("ask", ("result",), [(bool(result),)], [(ox.Literal(bool(result)),)])
    terms: list[tuple[Term | None, ...]] = []
    if isinstance(result, ox.QueryTriples):
        triples, complete = _read_triples(result, max_rows, check)
        terms = [(triple.subject, triple.predicate, triple.object) for triple in sorted(triples, key=str)]
        return QueryResult("graph", ("s", "p", "o"), _rows(terms, prefixes, base), terms, complete)
    variables = tuple(variable.value for variable in result.variables)
    complete = True
    for solution in result:
        if check is not None:
            check()
        if len(terms) == max_rows:
            complete = False
            break
        terms.append(tuple(solution))
    return QueryResult("select", variables, _rows(terms, prefixes, base), terms, complete)


def _read_triples(
    result: Iterable[ox.Triple], max_rows: int | None, check: Callable[[], object] | None
) -> tuple[set[ox.Triple], bool]:
    """Return the triples, each once although CONSTRUCT repeats them, and whether these are all."""
    triples: set[ox.Triple] = set()
    for triple in result:
        if check is not None:
            check()
        if len(triples) == max_rows and triple not in triples:
            return triples, False
        triples.add(triple)
    return triples, True


def to_value(term: Term | None, *, prefixes: Mapping[str, str], base: str) -> Value:
    """Return a term as a Python value.

    >>> to_value(ox.Literal("0.5", datatype=ox.NamedNode(_XSD + "decimal")), prefixes={}, base="https://x.example/")
    Decimal('0.5')
    >>> to_value(ox.NamedNode("https://x.example/company/a"), prefixes={}, base="https://x.example/")
    'company/a'
    """
    if isinstance(term, ox.NamedNode):
        return _shorten(term.value, prefixes, base)
    if isinstance(term, ox.Literal):
        return _literal_value(term)
    return None if term is None else str(term)


def _rows(terms: Iterable[tuple[Term | None, ...]], prefixes: Mapping[str, str], base: str) -> list[tuple[Value, ...]]:
    return [tuple(to_value(term, prefixes=prefixes, base=base) for term in row) for row in terms]


def _literal_value(literal: ox.Literal) -> Value:
    text, datatype = literal.value, literal.datatype.value.removeprefix(_XSD)
    try:
        match datatype:
            case "integer":
                return int(text)
            case "decimal":
                return Decimal(text)
            case "double" | "float":
                return float(text)
            case "boolean":
                return {"true": True, "1": True, "false": False, "0": False}[text]
    except (ValueError, InvalidOperation, KeyError):
        return text  # ill-typed, so all that can be said of it is how it is written
    return text


def _shorten(iri: str, prefixes: Mapping[str, str], base: str) -> str:
    if iri.startswith(base):
        return iri.removeprefix(base)
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def _to_json(term: Term) -> dict[str, object]:
    match term:
        case ox.NamedNode():
            return {"type": "uri", "value": term.value}
        case ox.BlankNode():
            return {"type": "bnode", "value": term.value}
        case ox.Literal():
            written: dict[str, object] = {"type": "literal", "value": term.value}
            if term.language:
                return written | {"xml:lang": term.language}
            return written if term.datatype.value == _XSD + "string" else written | {"datatype": term.datatype.value}
        case ox.Triple():
            parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
            return {"type": "triple", "value": {name: _to_json(part) for name, part in parts.items()}}


def _plain(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _quote_field(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in '",\r\n') else text


def _shown(value: Value, max_width: int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return _cut(show_text(text), max_width)


def show_text(text: str) -> str:
    """Return text that is harmless on a terminal: each control character becomes a space."""
    # Category C: escape sequences that a terminal would obey, line breaks, marks that turn the writing direction.
    return "".join(" " if unicodedata.category(c)[0] == "C" or c in "\u2028\u2029" else c for c in text)


def _width(text: str) -> int:
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _cut(text: str, max_width: int | None) -> str:
    if max_width is None or _width(text) <= max_width:
        return text
    kept, width = "", 1
    for character in text:
        width += _columns(character)
        if width > max_width:
            break
        kept += character
    return kept + "…"


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
