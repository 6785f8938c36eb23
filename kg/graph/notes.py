"""The inferred graph and what a store notes beside it: what was inferred, and from which documents no longer.

The inferred graph follows from the documents' graphs, and lags behind while documents are written: whatever writes one
notes in the same step, in the graph `<base>pending`, what the rules read of it before. As long as there are such notes
:attr:`Notes.has_inferred` is false; a build that is killed leaves them, and
:func:`kg.graph.maintenance.update_inferred` catches up. Where nothing was inferred, nothing is noted. The graph
`<base>tally` counts what was inferred.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from kg.graph.premises import find_premises, read_record, to_record
from kg.graph.vocab import PREFIXES, RDF, Ids

__all__ = ["Notes"]


class Notes:
    """What is noted in `store`, whose ids are `ids`; :class:`kg.graph.store.GraphStore` opens it and turns errors."""

    def __init__(self, store: ox.Store, ids: Ids) -> None:
        self._store = store
        self._ids = ids

    @property
    def graphs(self) -> tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]:
        """The inferred graph, and those of the notes: they go together."""
        return self._ids.inferred, self._ids.pending, self._ids.tally

    @property
    def has_inferred(self) -> bool:
        """Whether the inferred graph is there and is what the rules infer from the documents as they are now."""
        store = self._store
        return store.contains_named_graph(self._ids.inferred) and not store.contains_named_graph(self._ids.pending)

    @property
    def former_premises(self) -> dict[ox.NamedNode, frozenset[ox.Triple]]:
        """Graph of each document written since rules inferred -> what they read of it then: nothing of a new one."""
        return {
            quad.subject: read_record(quad.object)
            for quad in self._store.quads_for_pattern(None, RDF.value, None, self._ids.pending)
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
        }

    @property
    def tally(self) -> dict[ox.NamedNode, str]:
        """What was noted of the inferred graph when it was last written; nothing where there is none."""
        quads = self._store.quads_for_pattern(None, RDF.value, None, self._ids.tally)
        return {quad.subject: quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)}  # type: ignore[misc]

    def note_change(self, graph: ox.NamedNode, statements: str) -> str:
        """Return the update, or nothing, that notes what rules read of a document before `statements` replace it."""
        if not self._store.contains_named_graph(self._ids.inferred) or self._is_noted(graph):
            return ""
        before = find_premises(self._store.quads_for_pattern(None, None, None, graph))
        # The statements of a new document need no parsing: they hardly say nothing.
        if not before and not statements:
            return ""
        if before and before == find_premises(ox.parse(statements, format=ox.RdfFormat.N_TRIPLES)):
            return ""
        return f"INSERT {_data(self._ids.pending, [ox.Triple(graph, RDF.value, to_record(before))])} ; "

    def note_new(self, graphs: Iterable[ox.NamedNode]) -> None:
        """Note that rules read nothing of documents that are about to come."""
        if self._store.contains_named_graph(self._ids.inferred):
            new = [graph for graph in graphs if not self._is_noted(graph)]
            self._store.extend(ox.Quad(graph, RDF.value, to_record([]), self._ids.pending) for graph in new)

    def replace_inferred(self, steps: Sequence[str]) -> None:
        """Drop the inferred graph with its notes, and run updates that fill it: see the store's method."""
        create = [f"CREATE SILENT GRAPH {self._ids.inferred}"] if steps else []
        self._store.update(
            "\n;\n".join([*_drop(self.graphs), *create, *steps]), base_iri=self._ids.base, prefixes=PREFIXES
        )

    def amend_inferred(
        self, gone: Iterable[ox.Triple], new: Iterable[ox.Triple], *, tally: Mapping[ox.NamedNode, str]
    ) -> None:
        """Take triples out of the inferred graph and put others in, and note that it is up to date, and `tally`."""
        # Only what changed is written: what is deleted and written anew each time slows down every look at it.
        before, after = self.tally.items(), tally.items()
        steps = [
            f"DELETE {_data(self._ids.inferred, gone)}",
            f"INSERT {_data(self._ids.inferred, new)}",
            *_drop((self._ids.pending,)),
            f"DELETE {_data(self._ids.tally, _to_counts(before - after))}",
            f"INSERT {_data(self._ids.tally, _to_counts(after - before))}",
        ]
        self._store.update(" ;\n".join(steps))

    def _is_noted(self, graph: ox.NamedNode) -> bool:
        return any(self._store.quads_for_pattern(graph, RDF.value, None, self._ids.pending))


def _drop(graphs: Iterable[ox.NamedNode]) -> list[str]:
    return [f"DROP SILENT GRAPH {graph}" for graph in graphs]


def _to_counts(counts: Iterable[tuple[ox.NamedNode, str]]) -> Iterator[ox.Triple]:
    return (ox.Triple(term, RDF.value, ox.Literal(value)) for term, value in counts)


def _data(graph: ox.NamedNode, triples: Iterable[ox.Triple]) -> str:
    lines = "".join(f"{triple} .\n" for triple in triples)
    return f"DATA {{ GRAPH {graph} {{\n{lines}}} }}"
