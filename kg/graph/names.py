"""The names of the entities in a store: any alias in either script -> the entities that bear it."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from kg.graph.vocab import SCHEMA, SKOS
from kg.text.normalize import fold_name

__all__ = ["NameIndex"]


@dataclass(frozen=True)
class NameIndex:
    """Folded name -> the entities that bear it, sorted by IRI; `shown` is folded name -> one way to write it."""

    entities: dict[str, tuple[ox.NamedNode, ...]]
    shown: dict[str, str]

    @classmethod
    def build(cls, labels: Iterable[tuple[ox.NamedNode, str]]) -> NameIndex:
        """Build the index from (entity, name) pairs, in any order and with repetitions."""
        entities: defaultdict[str, set[ox.NamedNode]] = defaultdict(set)
        shown: dict[str, str] = {}
        for entity, name in labels:
            if folded := fold_name(name):
                entities[folded].add(entity)
                shown[folded] = min(name, shown.get(folded, name))
        ordered = {name: tuple(sorted(found, key=str)) for name, found in sorted(entities.items())}
        return cls(ordered, shown)

    @classmethod
    def read(cls, store: ox.Store) -> NameIndex:
        """Build the index from the labels of a store, over all its graphs."""
        labels = {
            (quad.subject, quad.object.value)
            for predicate in (SCHEMA.name, SKOS.prefLabel, SKOS.altLabel)
            for quad in store.quads_for_pattern(None, predicate, None, None)
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
        }
        return cls.build(labels)

    @cached_property
    def iris(self) -> frozenset[str]:
        """The IRIs of all entities that have a name."""
        return frozenset(entity.value for found in self.entities.values() for entity in found)

    def find(self, name: str) -> tuple[ox.NamedNode, ...]:
        """Return the entities that bear `name`, whatever its case, script or width; none where there are none."""
        return self.entities.get(fold_name(name), ())

    def suggest(self, name: str, *, limit: int = 3) -> list[str]:
        """Return up to `limit` names that look like `name`, the likest first."""
        folded = fold_name(name)
        near = difflib.get_close_matches(folded, self.entities, n=limit, cutoff=0.5)
        # A part of a long name is what people type most, and difflib finds it too unlike.
        parts = [known for known in self.entities if folded and (folded in known or known in folded)]
        return [self.shown[known] for known in list(dict.fromkeys((*parts[:limit], *near)))[:limit]]
