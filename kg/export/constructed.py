"""The network that a CONSTRUCT query makes: facts of the graph with their evidence, and what else it puts together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx
import pyoxigraph as ox

from kg.errors import QueryError
from kg.export.facts import PREDICATES_BY_IRI, read_articles, read_entities
from kg.export.network import Fact, articles_about, build_network, gather_facts, to_fact
from kg.graph.results import Term
from kg.graph.store import GraphStore
from kg.graph.vocab import RDF, SCHEMA, SKOS
from kg.model import Modality

__all__ = ["read_constructed"]

_NAMES = {SCHEMA.name.value, SKOS.prefLabel.value, "http://www.w3.org/2000/01/rdf-schema#label"}
_Row = tuple[Term | None, ...]


def read_constructed(
    store: GraphStore, sparql: str, *, limit: int | None = None, timeout: float | None = 60
) -> nx.MultiDiGraph[str]:
    """Return a network like that of :func:`kg.export.network.read_network` of the triples that a query constructs.

    A triple that an article states brings its evidence; any other between two resources is an edge without evidence.
    Names (schema:name, skos:prefLabel, rdfs:label) that the query constructs name what the graph does not know, and
    other literals and types are left out. `limit` keeps the resources with most edges.

    Raises:
        QueryError: the query is malformed, is no CONSTRUCT or DESCRIBE, or makes no edge.
        QueryTimeoutError: there was no answer within `timeout` seconds.
    """
    answer = store.query(sparql, timeout=timeout)
    if answer.kind != "graph":
        raise QueryError("a page shows the triples of a CONSTRUCT query; this one gives rows")
    named = {_value(s): _value(o) for s, p, o in answer.terms if _value(p) in _NAMES}
    edges = [row for row in answer.terms if isinstance(row[2], ox.NamedNode) and row[1] != RDF.type]
    if not edges:
        raise QueryError("the query constructed no triple between two resources, so there is nothing to draw")
    ends = {_value(end) for subject, _, object_ in edges for end in (subject, object_)}
    iris = {iri for iri in ends if not iri.startswith("_:")}
    articles = list(read_articles(store, iris=articles_about(store, iris)))
    stated = gather_facts(articles, tuple(Modality), iris)
    wanted = {fact for fact in map(_fact, edges) if fact is not None}
    facts = {fact: said for fact, said in stated.items() if fact in wanted}
    entities = read_entities(store, iris=iris)
    network = build_network(set(entities), facts, entities)
    _add_made(network, [row for row in edges if _fact(row) not in facts], named)
    ranked = sorted((iri for iri, degree in network.degree() if degree), key=lambda iri: (-network.degree(iri), iri))
    network.remove_nodes_from(set(network) - set(ranked[:limit]))
    left = len(ranked) - len(network)
    cited = {evidence["article"] for _, _, data in network.edges(data=True) for evidence in data["evidence"]}
    network.graph.update(
        focus=[], investments=[], articles=len(cited), left_out={"entities": left, "facts": 0, "articles": 0}
    )
    return network


def _fact(row: _Row) -> Fact | None:
    """Return a triple as a fact of the ontology, or None if its predicate is another."""
    subject, iri, object_ = map(_value, row)
    predicate = PREDICATES_BY_IRI.get(iri)
    return None if predicate is None else to_fact(subject, predicate, object_)


def _add_made(network: nx.MultiDiGraph[str], rows: Iterable[_Row], named: Mapping[str, str]) -> None:
    """Add the triples that no article states."""
    for row in rows:
        subject, predicate, object_ = map(_value, row)
        for end in (subject, object_):
            if end not in network:
                label = named.get(end) or end.rpartition("/")[2].rpartition("#")[2] or end
                network.add_node(
                    end, label=label, type="other", aliases=[label], labels={}, same_as=[], documents=0, degree=0
                )
        name = predicate.rpartition("/")[2].rpartition("#")[2]
        network.add_edge(
            subject, object_, key=name, predicate=name, modality=Modality.ASSERTED.value, disputed=False,
            confidence=1.0, sources=0, first="", last="", evidence=[],
        )  # fmt: skip
    for iri, degree in network.degree():
        network.nodes[iri]["degree"] = degree


def _value(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
