"""What changed in a store since the rules inferred: whom the documents written since speak of, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pyoxigraph as ox

from kg.graph.premises import KINDS, RELATIONS, find_premises
from kg.graph.scope import Pair, to_pair
from kg.graph.store import GraphStore
from kg.graph.vocab import AIO, RDF, SCHEMA

__all__ = ["Changes", "read_changes"]

_Premises = frozenset[Any]
"""Triples, whose type does not know that no graph has blank nodes."""


@dataclass(slots=True)
class Changes:
    """The pairs of entities that something else is said of now; `claims` are those that say so, or said so before.

    `kinds` are the entities that became models or stated families of models, or ceased to be.
    """

    pairs: set[Pair] = field(default_factory=set)
    claims: dict[Pair, set[ox.NamedNode]] = field(default_factory=dict)
    kinds: set[ox.NamedNode] = field(default_factory=set)


def read_changes(store: GraphStore) -> Changes:
    """Compare the documents written since the rules inferred with what they said then."""
    changes = Changes()
    kinds: set[Any] = set()
    former: dict[ox.NamedNode, _Premises] = dict(store.former_premises)
    for graph, before in former.items():
        after: _Premises = find_premises(store.match(graph=graph))
        changed = before ^ after
        if any(triple.predicate == SCHEMA.datePublished for triple in changed):
            changed = before | after  # all of its claims are newer or older than they were
        nodes = set()
        for triple in changed:
            if triple.predicate in RELATIONS:
                changes.pairs.add(to_pair(triple.subject, triple.object))
            elif triple.predicate == RDF.type and triple.object in KINDS:
                kinds.add(triple)
            else:
                nodes.add(triple.subject)
        _add_nodes(store, changes, nodes, before | after)
    changes.kinds = {triple.subject for triple in kinds if _is_new(store, triple, former)}
    return changes


def _add_nodes(store: GraphStore, changes: Changes, nodes: set[ox.NamedNode], said: _Premises) -> None:
    """Add the pairs of these claims and events."""
    ends = {node: _Ends() for node in nodes}
    for triple in said:
        if triple.subject in ends:
            ends[triple.subject].add(triple)
    for node, found in ends.items():
        for subject, object_ in product(found.subjects, found.objects):
            pair = to_pair(subject, object_)
            changes.pairs.add(pair)
            changes.claims.setdefault(pair, set()).add(node)
        if found.investees:
            # Other articles may tell of the event with other investors, and what is denied of it concerns them too.
            investors = found.investors | {quad.object for quad in store.match(node, AIO.investor)}
            investees = found.investees | {quad.object for quad in store.match(node, AIO.investee)}
            changes.pairs |= {to_pair(*pair) for pair in product(investors, investees)}


@dataclass(slots=True)
class _Ends:
    """The entities that a claim or an event joins."""

    subjects: set[ox.NamedNode] = field(default_factory=set)
    objects: set[ox.NamedNode] = field(default_factory=set)
    investors: set[ox.NamedNode] = field(default_factory=set)
    investees: set[ox.NamedNode] = field(default_factory=set)

    def add(self, triple: Any) -> None:
        for predicate, found in (
            (RDF.subject, self.subjects),
            (RDF.object, self.objects),
            (AIO.investor, self.investors),
            (AIO.investee, self.investees),
        ):
            if triple.predicate == predicate:
                found.add(triple.object)


def _is_new(store: GraphStore, kind: Any, former: Mapping[ox.NamedNode, _Premises]) -> bool:
    """Return whether it was stated before and is not now, or the reverse, whichever documents state it."""
    graphs: Iterable[ox.NamedNode] = (
        quad.graph_name for quad in store.match(*kind) if quad.graph_name != store.ids.inferred
    )
    is_stated = False
    for graph in graphs:
        if graph not in former:
            return False
        is_stated = True
    return is_stated != any(kind in before for before in former.values())
