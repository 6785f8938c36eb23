"""The rules of `ontology/rules/*.ru`: what follows from the documents' graphs, in a graph of its own.

::

    # title: Who owns whom, over any number of steps
    # description: A subsidiary is owned by its parent …
    # infers: aio:ownedBy aio:owns

Each is a SPARQL 1.1 UPDATE, valid as it stands under the base of a store. It reads the documents' graphs and what the
rules before it inferred, and writes into the graph `<inferred>` alone, only what its `infers` line names (properties,
and classes that it puts things into); no two rules infer the same.

Dates are the articles'. They come as years, months and days, and one is later than another only where no reading of
them says otherwise: `SUBSTR(STR(?later), 1, STRLEN(STR(?earlier))) > STR(?earlier)` compares as far as both go, so that
2026 and 2026-03-05 have no order. A claim of an article without a date is neither earlier nor later than any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import pyoxigraph as ox

from kg.errors import DataError
from kg.graph.store import GraphStore
from kg.graph.vocab import PREFIXES, ontology_files

__all__ = [
    "InferenceReport",
    "Rule",
    "drop_inferred",
    "fingerprint",
    "format_report",
    "infer",
    "list_rules",
    "parse_rule",
    "read_report",
]

_PROLOGUE = re.compile(r"^PREFIX .*\n", re.MULTILINE)
_HEADER = re.compile(r"# (title|description|infers): (.+)")
_COUNT = """
INSERT { GRAPH <tally> { ?term rdf:value ?count } }
WHERE {
  SELECT ?term (STR(COUNT(*)) AS ?count)
  { GRAPH <inferred> { ?s ?p ?o } BIND(IF(?p = rdf:type, ?o, ?p) AS ?term) }
  GROUP BY ?term
}
"""
"""Counts what was inferred by term, for a rule's :attr:`Rule.infers`; done in the same step, since it is linear."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; `infers` are the terms that it writes, with their prefixes: `aio:ownedBy`."""

    name: str
    title: str
    description: str
    infers: tuple[str, ...]
    sparql: str

    @property
    def operations(self) -> str:
        """The update without its prefixes, which a store declares for itself."""
        return _PROLOGUE.sub("", self.sparql)

    @property
    def terms(self) -> tuple[ox.NamedNode, ...]:
        """The terms of `infers` as IRIs."""
        split = (term.split(":") for term in self.infers)
        return tuple(ox.NamedNode(PREFIXES[prefix] + name) for prefix, name in split)


@dataclass(frozen=True, slots=True)
class InferenceReport:
    """How many triples each rule inferred, by the rule's name in the rules' order."""

    rules: Mapping[str, int]

    @property
    def total(self) -> int:
        """The number of triples in the inferred graph."""
        return sum(self.rules.values())


def infer(store: GraphStore) -> InferenceReport:
    """Drop the inferred graph and build it again, all or nothing: the same documents give the same triples.

    Raises:
        StoreError: the store is read-only or cannot be written.
        DataError: a rule file is malformed.
    """
    mark = f'INSERT DATA {{ GRAPH <tally> {{ <inferred> rdf:value "{fingerprint()}" }} }}'
    store.replace_inferred([*(rule.operations for rule in list_rules()), _COUNT, mark])
    return read_report(store)


def read_report(store: GraphStore) -> InferenceReport:
    """Return what the store notes of its inferred graph: all zero where there is none."""
    tally = store.tally
    return InferenceReport({rule.name: sum(int(tally.get(t, 0)) for t in rule.terms) for rule in list_rules()})


@cache
def fingerprint() -> str:
    """Return a hash of all rules: what others inferred is no ground for these to go on from."""
    return sha256("".join(rule.sparql for rule in list_rules()).encode()).hexdigest()[:16]


def drop_inferred(store: GraphStore) -> None:
    """Remove everything that was inferred; the documents' graphs stay as they are.

    Raises:
        StoreError: the store is read-only or cannot be written.
    """
    store.replace_inferred([])


def list_rules() -> list[Rule]:
    """Return the rules in the order in which they run: by file name.

    Raises:
        DataError: a rule file is malformed.
    """
    return list(_rules())


def parse_rule(name: str, text: str) -> Rule:
    """Read the text of a rule file.

    Raises:
        DataError: the header is malformed.
    """
    fields: dict[str, list[str]] = {"title": [], "description": [], "infers": []}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        match = _HEADER.fullmatch(line)
        if match is None:
            raise DataError(f"rule {name}: malformed header line {line!r}")
        fields[match[1]].append(match[2])
    if any(len(lines) != 1 for lines in fields.values()):
        raise DataError(f"rule {name}: needs one title, one description and one line of what it infers")
    return Rule(name, fields["title"][0], fields["description"][0], tuple(fields["infers"][0].split()), text)


def format_report(report: InferenceReport) -> str:
    """Return the report as text for a terminal."""
    lines = [f"inferred  {report.total}", *(f"  {rule:16} {count}" for rule, count in report.rules.items())]
    return "\n".join(lines)


@cache
def _rules() -> tuple[Rule, ...]:
    files = [file for file in (ontology_files() / "rules").iterdir() if file.name.endswith(".ru")]
    return tuple(
        parse_rule(file.name.removesuffix(".ru"), file.read_text(encoding="utf-8"))
        for file in sorted(files, key=lambda file: file.name)
    )
