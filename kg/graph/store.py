"""The graph on disk or in memory: a named graph a document, one of what rules infer, one for the metadata of runs.

The inferred graph lags behind while documents are written, and dumps leave it out then; :mod:`kg.graph.notes` has how.

Queries run over the union of all graphs. **A triple that stands in two named graphs is counted twice there** (a
property of the store, measured with pyoxigraph 0.5.13): two articles that both call a company 甲科技 give two solutions
for its label. So aggregate over `SELECT DISTINCT` sub-queries, or match inside `GRAPH ?article {…}`; claims, evidence
and amounts are safe, because each of these nodes stands in one graph alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Final, Self, cast

import pyoxigraph as ox

from kg.errors import QueryError, StoreError, StoreLockedError
from kg.graph.deadline import Deadline
from kg.graph.names import NameIndex
from kg.graph.notes import Notes
from kg.graph.premises import Stated
from kg.graph.results import QueryResult, Term, read_result
from kg.graph.runs import Run, to_run_quads
from kg.graph.sparql import explain_syntax, has_dataset, refuse_elsewhere
from kg.graph.updates import UpdateReport, run_update
from kg.graph.vocab import DEFAULT_BASE, PREFIXES, Ids

if TYPE_CHECKING:
    import rdflib

__all__ = ["DUMP_FORMATS", "GraphStore", "open_graph", "write_statements"]

DUMP_FORMATS: Final[dict[str, ox.RdfFormat]] = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
}
"""Name of a dump format -> how pyoxigraph calls it; the last two have no named graphs, so they hold the union."""

_BATCH = 100_000
"""Quads a bulk load takes at once: some 50 MB of Python objects."""


class GraphStore:
    """A store of document graphs; use it as a context manager, which lets go of the lock at the end.

    >>> with GraphStore.open(None) as store:
    ...     store.query("ASK { ?s ?p ?o }").rows
    [(False,)]
    """

    def __init__(self, store: ox.Store, *, base: str = DEFAULT_BASE, read_only: bool = False) -> None:
        self._opened: ox.Store | None = store
        self._read_only = read_only
        self._names: NameIndex | None = None
        self.ids: Final = Ids(base)

    @classmethod
    def open(cls, path: Path | None, *, read_only: bool = False, base: str = DEFAULT_BASE) -> Self:
        """Open the store in directory `path` (made where it is missing), or one in memory where `path` is None.

        A store opened `read_only` shows what was there at that moment and needs no lock, so it opens beside a build
        that is running. `base` is the IRI that ids are put under; use the one that the store was built with.

        Raises:
            StoreLockedError: another process is writing to the store.
            StoreError: there is no store at `path`, or it cannot be read.
        """
        if path is None:
            return cls(ox.Store(), base=base, read_only=read_only)
        if read_only and not (path / "CURRENT").is_file():
            raise StoreError(f"there is no graph store at {path}; build one first")
        try:
            store = ox.Store.read_only(str(path)) if read_only else ox.Store(str(path))
        except OSError as error:
            if "lock" in str(error).lower():
                raise StoreLockedError(
                    f"another process is writing to {path}; wait until it has finished, or open the store read-only"
                ) from error
            raise StoreError(f"cannot open the graph store {path}: {_first_line(error)}") from error
        return cls(store, base=base, read_only=read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write everything out and let go of the lock; what is done with the store after that raises StoreError."""
        if self._opened is not None and not self._read_only:
            with _store_errors("write"):
                self._opened.flush()
        self._opened = None  # pyoxigraph closes a store when the last reference goes
        self._names = None

    def flush(self) -> None:
        """Write out what is held in memory: half a gigabyte after ten thousand documents, if it never is."""
        with self._writing() as store:
            store.flush()

    def compact(self) -> None:
        """Put what is on disk in order (RocksDB compacts it): halves the time of lookups after much was written."""
        with self._writing() as store:
            store.optimize()

    @property
    def _store(self) -> ox.Store:
        if self._opened is None:
            raise StoreError("the graph store has been closed")
        return self._opened

    @property
    def _notes(self) -> Notes:
        return Notes(self._store, self.ids)

    # -- documents ----------------------------------------------------------------------------------------------------

    def replace_document(self, document_id: str, quads: Iterable[ox.Quad]) -> None:
        """Put `quads` in place of what the document's graph holds, all or nothing.

        Raises:
            ValueError: a quad belongs to another graph.
        """
        self.write_document(document_id, write_statements(quads, self.ids.document(document_id)))

    def write_document(self, document_id: str, statements: str, *, instead_of: Iterable[str] = ()) -> None:
        """Put `statements`, as `write_statements` gives them, in place of what the document's graph holds.

        The graphs of the documents `instead_of` it go in the same step.
        """
        graph = self.ids.document(document_id)
        others = [self.ids.document(other) for other in instead_of]
        with self._writing() as store:
            notes = "".join(
                [self._notes.note_change(graph, statements), *(self._notes.note_change(other, "") for other in others)]
            )
            drops = "".join(f"DROP SILENT GRAPH {name} ; " for name in [graph, *others])
            store.update(f"{notes}{drops}INSERT DATA {{ GRAPH {graph} {{\n{statements}}} }}")

    def remove_document(self, document_id: str) -> None:
        """Remove what the document's graph holds; a document that is not there is none the less removed."""
        graph = self.ids.document(document_id)
        with self._writing() as store:
            store.update(f"{self._notes.note_change(graph, '')}DROP SILENT GRAPH {graph}")

    def load_documents(self, batches: Iterable[tuple[str, list[ox.Quad]]]) -> None:
        """Put many documents in place, many times as fast as one by one.

        Documents that the store has already are replaced. Not atomic as a whole: after a crash every document is there
        either completely or not at all, and the ones that are missing can be loaded again.
        """
        pending: list[ox.Quad] = []
        waiting: set[str] = set()
        for document_id, quads in batches:
            graph = self.ids.document(document_id)
            if document_id in waiting or self._store.contains_named_graph(graph):
                self._load(pending, waiting)
                self.replace_document(document_id, quads)
                continue
            pending.extend(_in_graph(quads, graph))
            waiting.add(document_id)
            if len(pending) >= _BATCH:
                self._load(pending, waiting)
        self._load(pending, waiting)

    def _load(self, pending: list[ox.Quad], waiting: set[str]) -> None:
        with self._writing() as store:
            # Noted first, so that a crash in between leaves notes of documents that are not there, not the reverse.
            self._notes.note_new(self.ids.document(document_id) for document_id in waiting)
            store.bulk_extend(pending)
        pending.clear()
        waiting.clear()

    def document_ids(self) -> list[str]:
        """Return the ids of the documents that the store holds, sorted."""
        ids = (self.ids.document_id(graph) for graph in self._document_graphs())
        return sorted(document_id for document_id in ids if document_id is not None)

    def __contains__(self, document_id: str) -> bool:
        return self._store.contains_named_graph(self.ids.document(document_id))

    def __len__(self) -> int:
        """Return the number of quads in document graphs."""
        others = (self._store.quads_for_pattern(None, None, None, graph) for graph in self.ids.graphs_of_no_document)
        return len(self._store) - sum(1 for quads in others for _ in quads)

    def quads(self, *, inferred: bool = False) -> Iterator[ox.Quad]:
        """Yield the quads of the documents' graphs, sorted by graph and in it by their N-Quads line.

        Those of the inferred graph follow if `inferred`, unless it lags behind.
        """
        for graph in [*self._document_graphs(), *([self.ids.inferred] if inferred and self.has_inferred else [])]:
            yield from sorted(self._store.quads_for_pattern(None, None, None, graph), key=str)

    def triples_with(self, predicates: Iterable[ox.NamedNode]) -> Iterator[ox.Triple]:
        """Yield what the documents' graphs state with these predicates: as often as it is stated, in no order."""
        apart = self.ids.graphs_of_no_document
        for predicate in predicates:
            for quad in self._store.quads_for_pattern(None, predicate, None, None):
                if quad.graph_name not in apart:
                    yield quad.triple

    def match(
        self,
        subject: ox.NamedNode | None = None,
        predicate: ox.NamedNode | None = None,
        object_: ox.NamedNode | ox.Literal | None = None,
        graph: ox.NamedNode | None = None,
    ) -> Iterator[Stated]:
        """Yield the quads of all graphs that have these terms, in no order; None stands for any."""
        return cast("Iterator[Stated]", self._store.quads_for_pattern(subject, predicate, object_, graph))

    def _document_graphs(self) -> list[ox.NamedNode]:
        graphs = (graph for graph in self._store.named_graphs() if isinstance(graph, ox.NamedNode))
        apart = self.ids.graphs_of_no_document
        return sorted((graph for graph in graphs if graph not in apart), key=attrgetter("value"))

    # -- what rules infer ---------------------------------------------------------------------------------------------

    @property
    def has_inferred(self) -> bool:
        """Whether the inferred graph is there and is what the rules infer from the documents as they are now."""
        return self._notes.has_inferred

    @property
    def former_premises(self) -> dict[ox.NamedNode, frozenset[ox.Triple]]:
        """Graph of each document written since rules inferred -> what they read of it then: nothing of a new one."""
        return self._notes.former_premises

    @property
    def tally(self) -> dict[ox.NamedNode, str]:
        """What was noted of the inferred graph when it was last written; nothing where there is none."""
        return self._notes.tally

    def replace_inferred(self, updates: Iterable[str]) -> None:
        """Drop the inferred graph and run SPARQL updates that fill it, in their order, all or nothing.

        Relative IRIs stand under the store's base, so the graph is `<inferred>`, and prefixes are those of queries: an
        update has no prologue, since pyoxigraph 0.5.13 takes none after the first `;`. Without updates the graph is
        only dropped.
        """
        steps = list(updates)
        with self._writing():
            self._notes.replace_inferred(steps)

    def amend_inferred(
        self, gone: Iterable[ox.Triple], new: Iterable[ox.Triple], *, tally: Mapping[ox.NamedNode, str]
    ) -> None:
        """Take triples out of the inferred graph and put others in, so that it no longer lags behind, all or nothing.

        `tally` replaces what was noted of it: see :attr:`tally`.
        """
        with self._writing():
            self._notes.amend_inferred(gone, new, tally=tally)

    # -- questions ----------------------------------------------------------------------------------------------------

    def query(
        self,
        sparql: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        max_rows: int | None = None,
        timeout: float | None = None,
    ) -> QueryResult:
        """Answer a SPARQL SELECT, ASK, CONSTRUCT or DESCRIBE query over the union of all graphs.

        A query with FROM or FROM NAMED is answered from the graphs that it names, as SPARQL has it: what stands outside
        of GRAPH is matched in those of FROM, hence nowhere if there are only FROM NAMED; GRAPH, in those of FROM NAMED.

        The prefixes of :data:`kg.graph.vocab.PREFIXES` need no declaration, and relative IRIs stand under the store's
        base: `<company/a-tech>`. `bindings` gives values to variables of the SELECT clause: the way to pass text that a
        user typed. See the top of this module on counting.

        Whatever the query says, it writes nothing and reads nothing but this store. `max_rows` cuts the answer after so
        many rows or triples (`complete` is false then), and `timeout` is in seconds. By default there is no limit. What
        has run out of time may go on computing in a thread until the process ends; see :mod:`kg.graph.deadline`.

        Raises:
            QueryError: the query is malformed, would write, or would ask another server (SERVICE).
            QueryTimeoutError: there was no answer within `timeout`.
        """
        store = self._store
        substitutions = {ox.Variable(name): term for name, term in (bindings or {}).items()}
        deadline = None if timeout is None else Deadline(timeout)

        def answer() -> QueryResult:
            refuse_elsewhere(sparql, base=self.ids.base)
            result = store.query(
                sparql,
                base_iri=self.ids.base,
                prefixes=PREFIXES,
                use_default_graph_as_union=not has_dataset(sparql, base=self.ids.base),
                substitutions=substitutions,
            )
            check = deadline.check if deadline else None
            return read_result(result, prefixes=PREFIXES, base=self.ids.base, max_rows=max_rows, check=check)

        with _query_errors(sparql):
            return answer() if deadline is None else deadline.run(answer)

    def update(self, sparql: str) -> UpdateReport:
        """Change the store by a SPARQL update, all or nothing, and drop the inferred graph in the same step.

        Prefixes and relative IRIs are those of :meth:`query`, but a pattern outside `GRAPH` matches, and a triple
        outside it goes into, the default graph, which builds leave empty and dumps leave out. An article's graph is
        replaced when the article is read again; what should last belongs into a graph of its own. There is no time
        limit here, since what cannot be interrupted would still be written later.

        Raises:
            QueryError: the update is malformed or fails, or would read a file or another server (LOAD, SERVICE).
            StoreError: the store was opened read-only, or cannot be written.
        """
        had_inferred, before = self.has_inferred, self._count_stated()
        with self._writing() as store, _query_errors(sparql, update=True):
            refuse_elsewhere(sparql, base=self.ids.base, update=True)
            run_update(store, sparql, base=self.ids.base, drop=self._notes.graphs)
        return UpdateReport(before, self._count_stated(), had_inferred)

    def _count_stated(self) -> int:
        apart = (self._store.quads_for_pattern(None, None, None, graph) for graph in self._notes.graphs)
        return len(self._store) - sum(1 for quads in apart for _ in quads)

    @property
    def names(self) -> NameIndex:
        """The names of all entities; read from the store at first use and again after the store was written to."""
        if self._names is None:
            self._names = NameIndex.read(self._store)
        return self._names

    # -- runs ---------------------------------------------------------------------------------------------------------

    def write_metadata(self, run: Run) -> None:
        """Add a run to the graph `<base>run`, which dumps, :meth:`__len__` and :meth:`document_ids` leave out.

        Queries see it, as they see every graph; its terms (`aio:Run`, `aio:source`) are used nowhere else.
        """
        with self._writing() as store:
            store.extend(to_run_quads(run, self.ids))

    # -- hand-over ----------------------------------------------------------------------------------------------------

    def dump(self, file: IO[bytes], format: str = "nquads", *, inferred: bool = False) -> None:
        """Write the documents' graphs: the same facts give the same bytes, whatever the order they came in.

        The inferred graph is written too if `inferred`. `format` is one of :data:`DUMP_FORMATS`. N-Quads and TriG are
        written graph by graph; formats without graphs, which hold the union, are put together in memory.

        Raises:
            ValueError: there is no such format.
        """
        try:
            rdf_format = DUMP_FORMATS[format]
        except KeyError:
            raise ValueError(f"no dump format {format!r}; there are {', '.join(DUMP_FORMATS)}") from None
        with _store_errors("read"):
            if rdf_format.supports_datasets:
                # N-Quads have no prefixes; elsewhere they make the difference between legible and not.
                prefixes = None if rdf_format is ox.RdfFormat.N_QUADS else PREFIXES
                ox.serialize(self.quads(inferred=inferred), file, rdf_format, prefixes=prefixes)
            else:
                triples = sorted({quad.triple for quad in self.quads(inferred=inferred)}, key=str)
                ox.serialize(triples, file, rdf_format, prefixes=PREFIXES)

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the store as an rdflib dataset without copying it; the default graph is the union.

        Do not run pySHACL on it: measured 60 times slower than on rdflib's own graph, and wrong.
        """
        import oxrdflib
        import rdflib

        return rdflib.Dataset(store=oxrdflib.OxigraphStore(store=self._store), default_union=True)

    @contextmanager
    def _writing(self) -> Iterator[ox.Store]:
        if self._read_only:
            raise StoreError("the graph store was opened read-only; open it for writing to change it")
        self._names = None
        with _store_errors("write"):
            yield self._store


def open_graph(directory: Path, *, read_only: bool = True, base: str = DEFAULT_BASE) -> GraphStore:
    """Open the graph in the directory that a build writes to: the store in `directory/store`.

    Raises:
        StoreError: there is none, or it cannot be read.
        StoreLockedError: it is to be written, and another process writes to it.
    """
    if read_only and not (directory / "store").is_dir():
        raise StoreError(f"there is no graph in {directory}; build one with: kg build ARTICLES -o {directory}")
    return GraphStore.open(directory / "store", read_only=read_only, base=base)


def write_statements(quads: Iterable[ox.Quad], graph: ox.NamedNode) -> str:
    """Return the triples of a graph's quads as N-Triples, for :meth:`GraphStore.write_document`.

    Raises:
        ValueError: a quad belongs to another graph.
    """
    return "".join(f"{quad.triple} .\n" for quad in _in_graph(quads, graph))


@contextmanager
def _store_errors(verb: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot {verb} the graph store: {_first_line(error)}") from error


@contextmanager
def _query_errors(sparql: str, *, update: bool = False) -> Iterator[None]:
    try:
        yield
    except SyntaxError as error:
        raise QueryError(explain_syntax(error, sparql, update=update)) from error
    except (RuntimeError, ValueError) as error:
        failed = "the update cannot be done" if update else "the query cannot be answered"
        raise QueryError(f"{failed}: {_first_line(error)}") from error
    except OSError as error:
        raise StoreError(f"cannot {'write' if update else 'read'} the graph store: {_first_line(error)}") from error


def _in_graph(quads: Iterable[ox.Quad], graph: ox.NamedNode) -> Iterator[ox.Quad]:
    for quad in quads:
        if quad.graph_name != graph:
            raise ValueError(f"a quad of {quad.graph_name} among those of {graph}")
        yield quad


def _first_line(error: object) -> str:
    return str(error).partition("\n")[0]
