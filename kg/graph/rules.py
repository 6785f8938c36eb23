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

from kg.errors import DataError
from kg.graph.store import GraphStore
from kg.graph.vocab import ontology_files

__all__ = ["InferenceReport", "Rule", "drop_inferred", "format_report", "infer", "list_rules", "parse_rule"]

_PROLOGUE = re.compile(r"^PREFIX .*\n", re.MULTILINE)
_HEADER = re.compile(r"# (title|description|infers): (.+)")
_COUNT = """
SELECT ?term (COUNT(*) AS ?n)
{ GRAPH <inferred> { ?s ?p ?o } BIND(IF(?p = rdf:type, ?o, ?p) AS ?term) }
GROUP BY ?term
"""


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
    store.replace_inferred([rule.operations for rule in list_rules()])
    found = {str(record["term"]): int(str(record["n"])) for record in store.query(_COUNT).records()}
    return InferenceReport({rule.name: sum(found.get(term, 0) for term in rule.infers) for rule in list_rules()})


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
