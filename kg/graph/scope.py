"""The part of a store that an inference needs, copied into memory: whole pairs of entities, and the rules run on them.

All that claims, direct triples and events say of two entities, in either direction, is a *pair*. Of a pair that is in
the scope everything is, so the rules infer of it here what they infer of it in the whole store. What follows from
chains of pairs is true here as well, though not all of it may follow; only ModelFamily says that something is *not*
there, and holds for the families that the scope covers alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import cast

import pyoxigraph as ox

from kg.graph.premises import KINDS, RELATIONS, Stated, is_premise
from kg.graph.rules import list_rules
from kg.graph.store import GraphStore
from kg.graph.vocab import AIO, RDF, SCHEMA

__all__ = ["Pair", "Scope", "Step", "list_owners", "list_wholes", "to_pair"]

Pair = tuple[ox.NamedNode, ox.NamedNode]
"""Two entities, sorted; or one twice, of which something is said in relation to itself."""

Step = Callable[[GraphStore, ox.NamedNode], set[ox.NamedNode]]
"""What a chain may lead to next from an entity."""


def to_pair(one: ox.NamedNode, other: ox.NamedNode) -> Pair:
    """Return the pair of two entities, in whichever order they come."""
    return (one, other) if one.value <= other.value else (other, one)


class Scope:
    """Some pairs of a store; `claims` are those of each pair, `families` those that are covered."""

    def __init__(self, store: GraphStore) -> None:
        self.claims: dict[Pair, set[ox.NamedNode]] = {}
        self.families: set[ox.NamedNode] = set()
        self._store = store
        self._copy = ox.Store()
        self._articles: set[ox.NamedNode] = set()
        self._entities: set[ox.NamedNode] = set()
        self._events: set[ox.NamedNode] = set()

    def add_pairs(self, pairs: Iterable[Pair]) -> bool:
        """Copy pairs; return whether there was one that the scope did not have."""
        fresh = set(pairs) - self.claims.keys()
        for pair in fresh:
            quads = set(self._read_pair(pair))
            self.claims[pair] = {q.subject for q in quads if q.predicate == RDF.subject}
            for copied in (quads, self._read_dates(q.graph_name for q in quads), self._read_kinds(pair)):
                self._copy.extend(cast("Iterable[ox.Quad]", copied))
        return bool(fresh)

    def add_steps(self, entities: Iterable[ox.NamedNode], step: Step) -> bool:
        """Copy the pairs by which a chain may go on from these entities; return whether there were any new ones."""
        return self.add_pairs(to_pair(entity, other) for entity in entities for other in step(self._store, entity))

    def add_families(self, families: set[ox.NamedNode]) -> bool:
        """Copy what it takes to judge whether these are families of models; return whether anything was new."""
        self.families |= families
        versions = {
            to_pair(quad.subject, family)
            for family in families
            for quad in self._store.match(None, AIO.versionOf, family)
        }
        # What a family is itself a version of counts too, and whether it comes round to its own versions.
        reached, waiting = set(families), list(families)
        while waiting:
            wholes = list_wholes(self._store, waiting.pop()) - reached
            reached |= wholes
            waiting += wholes
        grown = self.add_pairs(versions)
        return self.add_steps(reached, list_wholes) or grown

    def infer(self) -> set[ox.Triple]:
        """Return what the rules infer of the scope that is true of the whole store."""
        with GraphStore(self._copy, base=self._store.ids.base) as copy:
            copy.replace_inferred(rule.operations for rule in list_rules())
            found = copy.match(graph=copy.ids.inferred)
            return {q.triple for q in found if q.object != AIO.ModelFamily or q.subject in self.families}

    def _read_pair(self, pair: Pair) -> Iterator[Stated]:
        for subject, object_ in {pair, pair[::-1]}:
            for claim in self._joining(RDF.subject, subject, RDF.object, object_):
                yield from self._read_node(claim)
            for quad in self._store.match(subject, None, object_):
                if quad.predicate in RELATIONS and _is_stated(self._store, quad):
                    yield quad
            for event in self._joining(AIO.investor, subject, AIO.investee, object_):
                # Its other investors belong to other pairs; all else is copied once: a hundred articles may tell it.
                if event not in self._events:
                    self._events.add(event)
                    yield from (q for q in self._read_node(event) if q.predicate != AIO.investor)
                yield from self._store.match(event, AIO.investor, subject)

    def _read_node(self, node: ox.NamedNode) -> Iterator[Stated]:
        return (quad for quad in self._store.match(node) if is_premise(quad))

    def _joining(
        self, start: ox.NamedNode, subject: ox.NamedNode, end: ox.NamedNode, object_: ox.NamedNode
    ) -> set[ox.NamedNode]:
        """Return the claims or events with `subject` at their start and `object_` at their end.

        Looks from both sides at a time until one has no more, since either may be named in a thousand articles.
        """
        starts, ends = self._store.match(None, start, subject), self._store.match(None, end, object_)
        starting: set[ox.NamedNode] = set()
        ending: set[ox.NamedNode] = set()
        # Lazily: each first look costs a search of the store, and most have nothing at their start.
        for quad in starts:
            starting.add(quad.subject)
            other = next(ends, None)
            if other is None:
                return {node for node in ending if any(self._store.match(node, start, subject))}
            ending.add(other.subject)
        return {node for node in starting if any(self._store.match(node, end, object_))}

    def _read_dates(self, articles: Iterable[ox.NamedNode]) -> Iterator[Stated]:
        for article in set(articles) - self._articles:
            self._articles.add(article)
            yield from self._store.match(article, SCHEMA.datePublished, None, article)

    def _read_kinds(self, entities: Iterable[ox.NamedNode]) -> Iterator[Stated]:
        for entity in set(entities) - self._entities:
            self._entities.add(entity)
            for kind in KINDS:
                stated = (q for q in self._store.match(entity, RDF.type, kind) if _is_stated(self._store, q))
                # Rules ask whether an article says so, and a model may be named in a thousand.
                yield from (quad for quad in [next(stated, None)] if quad)


def _is_stated(store: GraphStore, quad: Stated) -> bool:
    """Return whether a document states this, and no rule inferred it."""
    return quad.graph_name != store.ids.inferred


def list_owners(store: GraphStore, owned: ox.NamedNode) -> set[ox.NamedNode]:
    """Return whatever may own something directly: stated, told as an event, or inferred, be it disputed or planned."""
    owners = {quad.object for quad in store.match(owned, AIO.subsidiaryOf)}
    owners |= {quad.subject for quad in store.match(None, AIO.acquired, owned)}
    for event in {quad.subject for quad in store.match(None, AIO.investee, owned)}:
        if any(store.match(event, RDF.type, AIO.Acquisition)):
            owners |= {quad.object for quad in store.match(event, AIO.investor)}
    return owners


def list_wholes(store: GraphStore, version: ox.NamedNode) -> set[ox.NamedNode]:
    """Return whatever something is said to be a version of."""
    return {quad.object for quad in store.match(version, AIO.versionOf)}
