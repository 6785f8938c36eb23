"""What in a graph breaks the shapes, told in words: which rule, in which article, in which sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.errors import InputError
from kg.graph.results import QueryResult, Term, show_text
from kg.graph.shapes import Check, Shape, load_shapes
from kg.graph.store import GraphStore
from kg.graph.vocab import DEFAULT_BASE, RDF, Ids

__all__ = ["Finding", "Violation", "describe", "find_violations", "format_violations", "open_file", "validate_quads"]

_SEVERITIES: Final = ("violation", "warning", "info")
_FORMATS: Final = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".ttl": ox.RdfFormat.TURTLE,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_QUOTE_IN_TABLE = 48

_ARTICLE = """SELECT ?headline ?url ?source WHERE {{
  GRAPH {graph} {{ ?article a aio:Article }}
  OPTIONAL {{ GRAPH {graph} {{ ?article schema:headline ?headline }} }}
  OPTIONAL {{ GRAPH {graph} {{ ?article schema:url ?url }} }}
  OPTIONAL {{ GRAPH {runs} {{ ?article aio:source ?source }} }}
}} ORDER BY ?headline ?url ?source LIMIT 1"""

# An entity has many sentences: one on the value that is wrong comes first.
_SENTENCE = """SELECT ?quote WHERE {{ GRAPH {graph} {{
  {{ {this} aio:evidence/oa:hasSelector ?selector . BIND(0 AS ?rank) }}
  UNION {{ {this} oa:hasSelector ?selector . BIND(0 AS ?rank) }}
  UNION {{ ?evidence oa:hasSelector {this} , ?selector . BIND(0 AS ?rank) }}
  UNION {{ ?event (aio:amount|aio:valuation|aio:investee|aio:investor) {this} ; aio:evidence/oa:hasSelector ?selector .
    BIND(2 AS ?rank) }}
  UNION {{ ?claim (rdf:subject|rdf:object) {this} ; aio:evidence/oa:hasSelector ?selector .
    BIND(IF(EXISTS {{ ?claim (rdf:subject|rdf:object) {value} }}, 1, 2) AS ?rank) }}
  ?selector oa:exact ?quote .
}} }} ORDER BY ?rank ?quote LIMIT 1"""

_NAMES = """SELECT ?name ?subject ?predicate ?object WHERE {{ GRAPH {graph} {{
  {{ {this} schema:name ?name }}
  UNION {{ {this} rdf:predicate ?predicate ; rdf:subject/schema:name ?subject ; rdf:object/schema:name ?object }}
  UNION {{ {this} aio:investee/schema:name ?name }}
  UNION {{ ?event (aio:amount|aio:valuation) {this} ; aio:investee/schema:name ?name }}
}} }} ORDER BY ?name ?subject ?predicate ?object LIMIT 1"""

_GRAPHS_OF = "SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ {this} ?predicate ?object }} }} ORDER BY ?graph"


@dataclass(frozen=True, slots=True)
class Finding:
    """A node that breaks a shape, in the graph of one article or (None) across articles; `value` is what is wrong."""

    shape: Shape
    graph: Term | None
    node: Term
    value: Term | None


@dataclass(frozen=True, slots=True)
class Violation:
    """A finding in words; texts are as the articles have them (see :func:`kg.graph.results.show_text`).

    `about` names the entity or the parties of the claim; `sentence` is the quote of the evidence; either is empty where
    the graph has none. `source` is the file, where a build noted it.
    """

    shape: str
    severity: str
    message: str
    article: str
    headline: str
    url: str
    source: str
    sentence: str
    about: str
    node: str
    value: str

    def to_dict(self) -> dict[str, str]:
        """Return the fields as JSON-ready values."""
        return asdict(self)


def find_violations(store: GraphStore) -> list[Finding]:
    """Return everything in the documents' graphs, and across them, that breaks the shapes: violations first."""
    return _sorted([*_run(store, load_shapes()), *_run(_union_of(store), load_shapes("shapes-union.ttl"))])


def validate_quads(quads: Iterable[ox.Quad], *, base: str = DEFAULT_BASE) -> list[Violation]:
    """Return what breaks the shapes in the graph of one document, which is in no store yet."""
    memory = ox.Store()
    memory.extend(quads)
    # Parsing the queries is nearly all of the cost: leave out those that have nothing to look at.
    present = {q.object for q in memory.quads_for_pattern(None, RDF.type, None, None)}
    present |= {q.predicate for q in memory}
    checks = [check for check in load_shapes() if not check.targets.isdisjoint(present)]
    store = GraphStore(memory, base=base)
    return describe(store, _sorted(list(_run(store, checks))))


def describe(store: GraphStore, findings: Iterable[Finding], *, language: str = "en") -> list[Violation]:
    """Tell findings in words; `language` is that of the message, `en` or `zh-hans`."""
    return [_describe(store, finding, language) for finding in findings]


def format_violations(violations: list[Violation], counts: Counter[str]) -> str:
    """Return text for a terminal: a table under each rule; `counts` are of all findings by severity."""
    lines = []
    for (severity, message), group in groupby(violations, key=lambda v: (v.severity, v.message)):
        rows: list[tuple[str | int | None, ...]] = [
            (v.headline or v.article, v.url or v.source, v.sentence, v.about, v.node, v.value) for v in group
        ]
        table = QueryResult("select", ("article", "where", "sentence", "about", "node", "value"), list(rows), [])
        lines += [f"{severity}: {show_text(message)}", table.to_table(max_width=_QUOTE_IN_TABLE)]
    if left := counts.total() - len(violations):
        lines.append(f"and {left:,} more (--limit)")
    total = ", ".join(f"{counts[s]:,} {s}{'s' if counts[s] != 1 else ''}" for s in _SEVERITIES if counts[s])
    lines.append(total or "The graph satisfies its shapes.")
    return "\n".join(lines)


def open_file(path: Path, *, base: str = DEFAULT_BASE) -> GraphStore:
    """Read an RDF file into memory, to be validated; a file without named graphs is the graph of one article.

    Raises:
        InputError: it cannot be read, or is no RDF in the format that its suffix names.
    """
    rdf_format = _FORMATS.get(path.suffix.lower())
    if rdf_format is None:
        raise InputError(f"cannot read {path}: its suffix is none of {', '.join(_FORMATS)}")
    memory, alone = ox.Store(), ox.NamedNode(path.absolute().as_uri())
    try:
        memory.bulk_load(path=str(path), format=rdf_format)
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(f"cannot read {path}: {str(error).partition(chr(10))[0]}") from error
    without_graph = list(memory.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    memory.bulk_extend(ox.Quad(q.subject, q.predicate, q.object, alone) for q in without_graph)
    return GraphStore(memory, base=base)


def _run(store: GraphStore, checks: Iterable[Check]) -> Iterator[Finding]:
    apart = store.ids.graphs_of_no_document
    for check in checks:
        for graph, node, value in store.query(check.sparql).terms:
            if graph not in apart and node is not None:
                yield Finding(check.shape, graph, node, value)


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    """Return a finding for each shape and node, with the first of its values."""
    ordered = sorted(
        findings,
        key=lambda f: (_SEVERITIES.index(f.shape.severity), f.shape.iri, str(f.graph), str(f.node), str(f.value)),
    )
    return list({(f.shape.iri, f.graph, f.node): f for f in reversed(ordered)}.values())[::-1]


def _union_of(store: GraphStore) -> GraphStore:
    """Return a store that holds once what the documents state and the shapes of the union look at."""
    wanted = {term for check in load_shapes("shapes-union.ttl") for term in check.terms}
    memory, graph = ox.Store(), store.ids.iri("union")
    triples = store.triples_with(sorted(wanted, key=str))
    memory.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    return GraphStore(memory, base=store.ids.base)


def _describe(store: GraphStore, finding: Finding, language: str) -> Violation:
    graph = finding.graph or _first(store, _GRAPHS_OF, this=finding.node)[0]
    places = {"graph": graph, "this": finding.node}
    headline, url, source = _first(store, _ARTICLE, graph=graph, runs=store.ids.runs)
    [quote] = _first(store, _SENTENCE, **places, value=finding.value or finding.node)
    name, subject, predicate, object_ = map(_text, _first(store, _NAMES, **places))
    return Violation(
        finding.shape.iri.rpartition("#")[2],
        finding.shape.severity,
        finding.shape.message(language),
        _text(graph),
        _text(headline),
        _text(url),
        _text(source),
        _text(quote),
        name or (f"{subject} {predicate.rpartition('#')[2]} {object_}" if subject else ""),
        _shorten(finding.node, store.ids),
        _shorten(finding.value, store.ids),
    )


def _first(store: GraphStore, sparql: str, **terms: Term | None) -> tuple[Term | None, ...]:
    """Return the first solution of a query about terms, else a None for each variable."""
    width = sparql.partition("WHERE")[0].count("?")
    names = {name: str(term) for name, term in terms.items() if not isinstance(term, ox.BlankNode | None)}
    if len(names) < len(terms):
        return (None,) * width  # SPARQL cannot name a blank node
    found = store.query(sparql.format(**names)).terms
    return found[0] if found else (None,) * width


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _shorten(term: Term | None, ids: Ids) -> str:
    return _text(term).removeprefix(ids.base)
