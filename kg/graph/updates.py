"""Running a SPARQL update that someone wrote, together with what has to follow from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from kg.graph.vocab import PREFIXES

__all__ = ["UpdateReport", "run_update"]


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did: quads outside the inferred graph `before` and `after`, and whether that was dropped."""

    before: int
    after: int
    dropped_inferred: bool


def run_update(store: ox.Store, sparql: str, *, base: str, drop: Iterable[ox.NamedNode]) -> None:
    """Run an update and drop some graphs behind it, all or nothing; LOAD and SERVICE have to be refused before.

    Raises:
        SyntaxError: the update is malformed.
        RuntimeError: it fails, as where it drops a graph that is not there.
        OSError: the store cannot be written.
    """
    # The graphs go last, since pyoxigraph 0.5.13 takes no prologue after the first `;`. So the update may read what
    # was inferred, and what it adds there does not stay.
    drops = " ; ".join(f"DROP SILENT GRAPH {graph}" for graph in drop)
    try:
        store.update(f"{sparql}\n;\n{drops}", base_iri=base, prefixes=PREFIXES)
    except SyntaxError as error:
        try:  # It may end in a semicolon of its own, or be nothing but a prologue.
            store.update(f"{sparql}\n{drops}", base_iri=base, prefixes=PREFIXES)
        except SyntaxError:
            raise error from None
