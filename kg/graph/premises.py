"""What the rules read of a document, and the record of what it said that a store keeps until they have read it again.

A rule that reads a term more needs it here; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Protocol

import pyoxigraph as ox

from kg.graph.vocab import AIO, INVESTMENT_CLASSES, PREDICATES, RDF, SCHEMA

__all__ = ["KINDS", "RELATIONS", "Stated", "find_premises", "is_premise", "read_record", "to_record"]

RELATIONS: Final = frozenset(PREDICATES.values())
"""The predicates of direct triples."""

KINDS: Final = frozenset({AIO.Model, AIO.ModelFamily})
"""The types of entities that rules ask for; of events they read any type."""

_READ: Final = RELATIONS | {
    RDF.subject, RDF.predicate, RDF.object, AIO.modality, AIO.workStatus, AIO.role, AIO.investor, AIO.investee,
    SCHEMA.datePublished,
}  # fmt: skip
_CLASSES: Final = KINDS | set(INVESTMENT_CLASSES.values())


class Stated(Protocol):
    """A quad as the graph has them: without blank nodes, so that all but some objects are IRIs."""

    @property
    def subject(self) -> ox.NamedNode:
        """Whom it is stated of."""

    @property
    def predicate(self) -> ox.NamedNode:
        """What is stated."""

    @property
    def object(self) -> Any:
        """A literal or an IRI, as the predicate has it."""

    @property
    def graph_name(self) -> ox.NamedNode:
        """Where it is stated."""

    @property
    def triple(self) -> ox.Triple:
        """The quad without its graph."""


def is_premise(quad: Stated | ox.Quad | ox.Triple) -> bool:
    """Return whether the rules read this of a document."""
    return quad.predicate in _READ or (quad.predicate == RDF.type and quad.object in _CLASSES)


def find_premises(quads: Iterable[Stated] | Iterable[ox.Quad]) -> frozenset[ox.Triple]:
    """Return what the rules read of these quads of a document."""
    return frozenset(quad.triple for quad in quads if is_premise(quad))


def to_record(premises: Iterable[ox.Triple]) -> ox.Literal:
    """Return premises as a literal of N-Triples, where no query takes them for facts."""
    return ox.Literal("".join(sorted(f"{triple} .\n" for triple in premises)))


def read_record(record: ox.Literal) -> frozenset[ox.Triple]:
    """Return the premises that a record holds, or any other N-Triples."""
    quads = ox.parse(record.value, format=ox.RdfFormat.N_TRIPLES)
    return frozenset(quad.triple for quad in quads if is_premise(quad))
