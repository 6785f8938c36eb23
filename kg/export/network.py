"""The graph as a network of entities: one edge for each fact, with every sentence that states it.

The network is a :class:`networkx.MultiDiGraph` whose nodes are the IRIs of entities and whose edge keys are predicates:

- a node has `label`, `type`, `aliases` (all names), `labels` (language -> name), `same_as`, `documents` (how many
  articles mention it) and `degree` (how many facts of the network it is part of);
- an edge has `predicate`, `modality` (the surest of its evidence), `disputed` (some deny what others state),
  `confidence` (the highest), `sources` (how many articles), `first` and `last` (their dates) and `evidence`, a list of
  dictionaries, the surest first: `quote`, `prefix`, `suffix`, `start`, `end`, `article` (IRI), `title`, `publisher`,
  `date`, `url`, `modality`, `confidence`, `role`, `status`, `lead`, `ticker`, `when` (the fact's own date) and `claim`;
- the graph has `focus` (IRIs), `articles` (how many are cited), `left_out` (how many `entities` and `facts` a limit cut
  off, how many `articles` the period left out) and `investments`, a list of dictionaries: `iri`, `kind`, `investee`,
  its `name`, `investors` (`entity`, `name`, `lead`), `round`, `date`, `modality` and `statements`: what each article
  says of amount and valuation, with its `evidence`.

Facts of symmetric predicates run from the IRI that sorts first, so that two articles that put it the other way round
state one fact. Everything is in an order that depends on the facts alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import networkx as nx
import pyoxigraph as ox

from kg.export.facts import (
    AmountRecord,
    Article,
    ArticleRecord,
    ClaimRecord,
    EntityRecord,
    InvestmentRecord,
    QuoteRecord,
    read_articles,
    read_entities,
)
from kg.graph.queries import resolve_entity
from kg.graph.store import GraphStore
from kg.graph.vocab import MODALITIES
from kg.model import SYMMETRIC, Modality, Predicate

__all__ = [
    "Fact",
    "Network",
    "articles_about",
    "build_network",
    "gather_facts",
    "node_attributes",
    "read_network",
    "to_fact",
]

Network = nx.MultiDiGraph
"""What :func:`read_network` returns; the top of this module says what is in it."""

_SURENESS = {modality: rank for rank, modality in enumerate(Modality)}
Fact = tuple[str, Predicate, str]
"""Subject, predicate, object; a symmetric predicate runs from the IRI that sorts first."""


def read_network(
    store: GraphStore,
    *,
    focus: str | None = None,
    hops: int = 1,
    modalities: Collection[Modality] = tuple(Modality),
    since: str = "",
    until: str = "",
    limit: int | None = None,
    isolated: bool = False,
    on_article: Callable[[], object] = lambda: None,
) -> nx.MultiDiGraph[str]:
    """Return the network of the store, or what lies within `hops` facts of the entity called `focus`.

    `focus` is any name of an entity in either script, its id or its IRI. Only facts of the given modalities count, and
    only articles published from `since` to `until`, ISO dates of any precision, both included; articles without a date
    are left out where one of them is given.

    `limit` keeps that many entities, those nearest to the focus and with most evidence. Entities without a fact are in
    the network only if `isolated`. `on_article` is called after each article that is read.

    Raises:
        QueryError: nothing is called `focus`; the message suggests names.
    """
    near = None if focus is None else _find_neighbourhood(store, focus, hops, modalities)
    articles, outside = [], 0
    for article in read_articles(store, iris=None if near is None else articles_about(store, near)):
        on_article()
        if _is_within(article.record.published, since, until):
            articles.append(article)
        else:
            outside += 1
    facts = gather_facts(articles, modalities, near)
    events = _gather_events(articles, modalities, near)
    named = {entity for about in events.values() for _, event in about for entity in (event.investee, *event.investors)}
    entities = read_entities(store, iris=None if near is None else {*near, *named})
    present = set(near or ()) & set(entities) if near is not None else set(entities)
    kept = _choose(present, facts, near or {}, limit, isolated)
    network = build_network(kept, facts, entities)
    network.graph["focus"] = sorted(iri for iri, distance in (near or {}).items() if distance == 0)
    network.graph["investments"] = [
        _event(about, entities) for _, about in sorted(events.items()) if about[0][1].investee in network
    ]
    shown = {evidence["article"] for _, _, data in network.edges(data=True) for evidence in data["evidence"]}
    shown |= {say["evidence"]["article"] for event in network.graph["investments"] for say in event["statements"]}
    network.graph["articles"] = len(shown)
    related = {end for subject, _, object_ in facts for end in (subject, object_)}
    candidates = present if isolated else present & (related | set(network.graph["focus"]))
    network.graph["left_out"] = {
        "entities": len(candidates - set(network)),
        "facts": len(facts) - network.number_of_edges(),
        "articles": outside,
    }
    return network


def _is_within(published: str, since: str, until: str) -> bool:
    """Tell whether a date of any precision may lie within others.

    >>> _is_within("2026-03", "2026-03-15", ""), _is_within("2026-03-05", "", "2026-02"), _is_within("", "2026", "")
    (True, False, False)
    """
    if not since and not until:
        return True
    return bool(published) and published >= since[: len(published)] and (not until or published[: len(until)] <= until)


def _find_neighbourhood(store: GraphStore, focus: str, hops: int, modalities: Collection[Modality]) -> dict[str, int]:
    """Return entity -> how many facts it is away from the focus."""
    distances = {node.value: 0 for node in resolve_entity(store, focus)}
    frontier = sorted(distances)
    allowed = " ".join(str(MODALITIES[modality]) for modality in Modality if modality in modalities)
    for distance in range(1, hops + 1):
        answer = store.query(
            f"SELECT DISTINCT ?s ?o {{ VALUES ?e {{ {_write(frontier)} }} VALUES ?m {{ {allowed} }} "
            "?claim rdf:subject|rdf:object ?e . ?claim rdf:subject ?s ; rdf:object ?o ; aio:modality ?m }"
        )
        found = {term.value for row in answer.terms for term in row if isinstance(term, ox.NamedNode)}
        frontier = sorted(found - set(distances))
        distances |= dict.fromkeys(frontier, distance)
    return distances


def articles_about(store: GraphStore, entities: Iterable[str]) -> list[str]:
    """Return the IRIs of the articles that state a fact or tell of an investment of one of the entities."""
    answer = store.query(
        f"SELECT DISTINCT ?g {{ VALUES ?e {{ {_write(sorted(entities))} }} "
        "GRAPH ?g { ?fact rdf:subject|rdf:object|aio:investee|aio:investor ?e } }"
    )
    return [graph.value for (graph,) in answer.terms if isinstance(graph, ox.NamedNode)]


def _write(iris: Iterable[str]) -> str:
    return " ".join(str(ox.NamedNode(iri)) for iri in iris)


def gather_facts(
    articles: Iterable[Article], modalities: Collection[Modality], near: Collection[str] | None
) -> dict[Fact, list[tuple[ArticleRecord, ClaimRecord]]]:
    """Return each fact, in order, with the claims that state it; both its ends are among `near` where that is given."""
    within = None if near is None else frozenset(near)
    facts: defaultdict[Fact, list[tuple[ArticleRecord, ClaimRecord]]] = defaultdict(list)
    for article in articles:
        for claim in article.claims:
            if claim.modality in modalities and (within is None or {claim.subject, claim.object} <= within):
                facts[to_fact(claim.subject, claim.predicate, claim.object)].append((article.record, claim))
    return dict(sorted(facts.items()))


def to_fact(subject: str, predicate: Predicate, object_: str) -> Fact:
    """Return the fact that a triple states, whichever way round a symmetric one is put."""
    if predicate in SYMMETRIC and object_ < subject:
        return object_, predicate, subject
    return subject, predicate, object_


def _gather_events(
    articles: Iterable[Article], modalities: Collection[Modality], near: Mapping[str, int] | None
) -> dict[str, list[tuple[ArticleRecord, InvestmentRecord]]]:
    events: defaultdict[str, list[tuple[ArticleRecord, InvestmentRecord]]] = defaultdict(list)
    for article in articles:
        for event in article.investments:
            if event.modality in modalities and (near is None or event.investee in near):
                events[event.iri].append((article.record, event))
    return events


def _choose(
    present: set[str],
    facts: Mapping[Fact, list[tuple[ArticleRecord, ClaimRecord]]],
    near: Mapping[str, int],
    limit: int | None,
    isolated: bool,
) -> set[str]:
    """Return the entities to keep; an entity that lost all its neighbours to the limit goes too."""
    weights = dict.fromkeys(present, 0)
    for (subject, _, object_), stated in facts.items():
        for end in (subject, object_):
            if end in weights:
                weights[end] += len(stated)
    ranked = sorted(weights, key=lambda iri: (near.get(iri, 0), -weights[iri], iri))
    kept = set(ranked[:limit])
    if isolated:
        return kept
    joined = {end for subject, _, object_ in facts if {subject, object_} <= kept for end in (subject, object_)}
    return kept & (joined | {iri for iri, distance in near.items() if distance == 0})


def build_network(
    kept: set[str],
    facts: Mapping[Fact, list[tuple[ArticleRecord, ClaimRecord]]],
    entities: Mapping[str, EntityRecord],
) -> nx.MultiDiGraph[str]:
    """Return the network of the entities to keep and the facts among them; the graph's own attributes are not set."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for iri in sorted(kept):
        network.add_node(iri, **node_attributes(entities[iri]))
    for (subject, predicate, object_), stated in facts.items():
        if subject in kept and object_ in kept:
            network.add_edge(subject, object_, key=predicate.value, **_merge(predicate, stated))
    for iri, degree in network.degree():
        network.nodes[iri]["degree"] = degree
    return network


def node_attributes(entity: EntityRecord) -> dict[str, Any]:
    """Return the attributes of an entity's node, but for its degree."""
    return {
        "label": entity.name,
        "type": entity.type.value,
        "aliases": list(entity.names),
        "labels": dict(entity.labels),
        "same_as": list(entity.same_as),
        "documents": entity.documents,
    }


def _merge(predicate: Predicate, stated: list[tuple[ArticleRecord, ClaimRecord]]) -> dict[str, Any]:
    surest_first = sorted(
        stated,
        key=lambda pair: (
            _SURENESS[pair[1].modality], -pair[1].confidence, pair[0].published, pair[0].iri, pair[1].quote,
            pair[1].iri,
        ),
    )  # fmt: skip
    modalities = {claim.modality for _, claim in stated}
    dates = sorted(article.published for article, _ in stated if article.published)
    return {
        "predicate": predicate.value,
        "modality": surest_first[0][1].modality.value,
        "disputed": Modality.DENIED in modalities and len(modalities) > 1,
        "confidence": max(claim.confidence for _, claim in stated),
        "sources": len({article.iri for article, _ in stated}),
        "first": dates[0] if dates else "",
        "last": dates[-1] if dates else "",
        "evidence": [_evidence(article, claim) for article, claim in surest_first],
    }


def _evidence(article: ArticleRecord, claim: ClaimRecord) -> dict[str, Any]:
    return {
        **_source(article, claim.quote),
        "modality": claim.modality.value,
        "confidence": claim.confidence,
        "role": claim.role,
        "status": claim.status,
        "lead": claim.lead,
        "ticker": claim.ticker,
        "when": claim.date,
        "claim": claim.iri,
    }


def _source(article: ArticleRecord, quote: QuoteRecord) -> dict[str, Any]:
    return {
        "quote": quote.exact,
        "prefix": quote.prefix,
        "suffix": quote.suffix,
        "start": quote.start,
        "end": quote.end,
        "article": article.iri,
        "title": article.title,
        "publisher": article.publisher,
        "date": article.published,
        "url": article.url,
    }


def _event(about: list[tuple[ArticleRecord, InvestmentRecord]], entities: Mapping[str, EntityRecord]) -> dict[str, Any]:
    events = [event for _, event in about]
    leads = {investor for event in events for investor in event.leads}
    named = {investor for event in events for investor in event.investors}
    investors = sorted(named, key=lambda iri: (iri not in leads, iri))
    return {
        "iri": events[0].iri,
        "kind": events[0].kind.value,
        "investee": events[0].investee,
        "name": entities[events[0].investee].name,
        "investors": [{"entity": i, "name": entities[i].name, "lead": i in leads} for i in investors],
        "round": min((event.round for event in events if event.round), default=""),
        # The most precise of the dates: 2026-03-05 says more than 2026-03.
        "date": max((event.date for event in events), key=lambda date: (len(date), date)),
        "modality": min((event.modality for event in events), key=_SURENESS.__getitem__).value,
        "statements": [
            {
                "amounts": [_amount(amount) for amount in event.amounts],
                "valuations": [_amount(amount) for amount in event.valuations],
                "modality": event.modality.value,
                "confidence": event.confidence,
                "evidence": _source(article, event.quotes[0]),
            }
            for article, event in about
        ],
    }


def _amount(amount: AmountRecord) -> dict[str, Any]:
    return {
        "value": None if amount.value is None else str(amount.value),
        "currency": amount.currency,
        "approximate": amount.approximate,
        "wording": amount.wording,
        "stage": amount.stage,
    }
