"""Put documents into a graph, take them out again, and find those that a newer extractor should read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kg import __version__
from kg.build.extraction import Found, Rejection, Settings, prepare, work_on
from kg.build.journal import JOURNAL, Entry, Journal, Outcome, place_of
from kg.build.report import REPORT, BuildReport, write_report
from kg.build.version import extractor_version
from kg.build.workers import Fault, Job, work_in_order
from kg.errors import InputError, StoreError
from kg.graph.maintenance import update_inferred
from kg.graph.rules import drop_inferred
from kg.graph.runs import Run
from kg.graph.store import GraphStore, open_graph
from kg.graph.vocab import DEFAULT_BASE
from kg.model import Document, Extractor, Issue

_SECONDS, _CHARACTERS_A_SECOND = 60.0, 100
"""How long a worker may take over a document: so long, and a second more for so many characters."""

_FLUSHED = 500
"""After so many documents the store writes out what it holds in memory."""

_COMPACTED = 1000
"""A build that puts so many documents into the graph compacts the store at its end."""


def build_graph(
    items: Iterable[Document | Issue],
    directory: Path,
    *,
    base: str = DEFAULT_BASE,
    with_inferred: bool = True,
    validate: bool = False,
    extractor: Extractor = Extractor.ALL,
    processes: int = 1,
    on_item: Callable[[Document | Issue, BuildReport], None] | None = None,
) -> BuildReport:
    """Add documents to the graph in `directory`, made where it is missing; a document is in it wholly or not at all.

    A document that the graph has already, read by the same version of the extractor, is left as it is; one that stands
    where another version of it was read replaces that version (`kg.build.journal.place_of` tells what that means). So a
    build that was killed goes on where it was, and ends as it would have ended.

    An `Issue` among the items, and a document whose extraction fails, goes into the report and the build goes on. With
    `validate` so does a document whose graph breaks the shapes, which then is not in the graph, whatever an earlier
    build put there. `on_item` is called after each item. What rules infer lags behind from the first document that is
    written, and is brought up to date at the end; where `with_inferred` is false, it is dropped then.

    With more than one of `processes`, documents are read by as many workers; one that dies or hangs is replaced, and
    its document reported. The graph is the same.

    Raises:
        StoreLockedError: another build is writing to the directory.
        StoreError: the directory cannot be written.
    """
    started = datetime.now(UTC)
    report = BuildReport()
    settings = Settings(base, extractor, validate)
    with _open(directory, base) as (store, journal):
        build = _Build(store, journal, settings, report)
        steps: Iterator[_Step] = work_in_order(
            build.plan(items), work_on, processes=processes, prepare=prepare if processes > 1 else None,
            settings=(settings,),
        )  # fmt: skip
        try:
            for step in steps:
                item = build.take(step)
                if on_item:
                    on_item(item, report)
        finally:
            if build.sources:
                store.write_metadata(Run(started, datetime.now(UTC), __version__, sources=build.sources))
        if with_inferred:
            report.inferred = dict(update_inferred(store).rules)
        elif not store.has_inferred:
            drop_inferred(store)
        if report.documents >= _COMPACTED:
            store.compact()
    write_report(report, directory / REPORT)
    return report


def outdated_sources(directory: Path, extractor: Extractor = Extractor.ALL) -> list[Path]:
    """Return the files that another version of the extractor has read into the graph, sorted.

    Raises:
        StoreError: no build has written there.
    """
    if not (directory / JOURNAL).is_file():
        raise StoreError(f"there is no journal of builds in {directory}; build with: kg build ARTICLES -o {directory}")
    with Journal.open(directory / JOURNAL) as journal:
        return [Path(path) for path in journal.outdated(*_versions(extractor))]


def remove_documents(
    directory: Path, names: Sequence[str], *, base: str = DEFAULT_BASE, with_inferred: bool = True
) -> list[str]:
    """Remove documents from the graph, each at once, and return their ids.

    A name is a document's id or IRI, its URL, or a file: all that was read from it.

    Raises:
        InputError: a name fits no document; then nothing is removed.
        StoreLockedError: a build is writing to the directory.
        StoreError: there is no graph, or it cannot be written.
    """
    with open_graph(directory):
        pass  # says so where there is none
    with _open(directory, base) as (store, journal):
        found = {name: _find(name, store, journal) for name in names}
        if missing := [name for name, ids in found.items() if not ids]:
            raise InputError(f"the graph has no document {missing[0]}; name an id, a URL or a file that was read")
        removed = sorted({document_id for ids in found.values() for document_id in ids})
        for document_id in removed:
            store.remove_document(document_id)
            journal.forget(document_id)
        if with_inferred:
            update_inferred(store)
        else:
            drop_inferred(store)
    return removed


def _find(name: str, store: GraphStore, journal: Journal) -> list[str]:
    document_id = store.ids.to_document_id(name)
    if document_id in store:
        return [document_id]
    by_url = journal.find(f"url {name}")
    entries = [by_url] if by_url else journal.find_file(str(Path(name).absolute()))
    return [entry.document for entry in entries]


@contextmanager
def _open(directory: Path, base: str) -> Iterator[tuple[GraphStore, Journal]]:
    """Open store and journal for writing; the lock of the store is that of both."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write to {directory}: {error.strerror}") from error
    with open_graph(directory, read_only=False, base=base) as store, Journal.open(directory / JOURNAL) as journal:
        yield store, journal


def _versions(extractor: Extractor) -> tuple[str, str]:
    """Return how the journal calls a version of the extractor, without and with a check of the shapes."""
    version = extractor_version(extractor)
    return version, f"{version} validated"


@dataclass(frozen=True, slots=True)
class _Known:
    """A document that needs no work: it has been met in this build, or the graph has it."""

    document: Document
    place: str
    path: str | None
    version: str
    same_as: str | None


_Job = Job[tuple[Document, Settings]]
_Step = tuple[_Job, Found | Rejection | Fault] | Issue | _Known


class _Build:
    """One build: what it has met so far, and what is to be done about the next document."""

    def __init__(self, store: GraphStore, journal: Journal, settings: Settings, report: BuildReport) -> None:
        self._store, self._journal, self._settings, self._report = store, journal, settings, report
        self._places: dict[str, str] = {}
        self._met: dict[str, str] = {}
        self._entities: set[str] = set()
        self._investments: set[str] = set()
        unchecked, checked = _versions(settings.extractor)
        self._version: Final = checked if settings.validate else unchecked
        self._good_versions: Final = {checked} if settings.validate else {unchecked, checked}
        self.sources: dict[str, str] = {}

    def plan(self, items: Iterable[Document | Issue]) -> Iterator[_Job | Issue | _Known]:
        """Yield what is to be done about each item, in order."""
        for item in items:
            yield item if isinstance(item, Issue) else self._plan(item)

    def _plan(self, document: Document) -> _Job | _Known:
        place, path = place_of(document)
        if self._places.setdefault(place, document.id) != document.id:
            place = f"{place} {document.id}"  # two versions in one build: both count
        if document.id in self._met:
            return _Known(document, place, path, self._version, same_as=self._met[document.id])
        self._met[document.id] = document.source
        for entry in self._journal.find_document(document.id):
            if entry.outcome is Outcome.STORED and entry.version in self._good_versions and document.id in self._store:
                return _Known(document, place, path, entry.version, same_as=None)
        seconds = _SECONDS + len(document.text) / _CHARACTERS_A_SECOND
        return Job((document, self._settings), seconds, about=(place, path))

    def take(self, step: _Step) -> Document | Issue:
        """Write the result of a step; return the item that it was about."""
        if isinstance(step, Issue):
            self._report.issues.append(step)
            return step
        if isinstance(step, _Known):
            self._take_known(step)
            return step.document
        job, result = step
        document, _ = job.task
        place, path = job.about
        if isinstance(result, Found):
            self._write(document, place, path, result)
            self._count(document, result)
        else:
            self._reject(document, place, path, result)
        return document

    def _take_known(self, known: _Known) -> None:
        document = known.document
        if known.same_as is not None:
            self._report.duplicates += 1
            self._report.issues.append(Issue(document.source, f"the same document as {known.same_as}", "notice"))
            if document.id not in self.sources:
                return  # what it is the same as could not be worked on
        else:
            self._report.unchanged += 1
            self.sources[document.id] = document.source
        for earlier in self._earlier(known.place, document.id):
            self._store.remove_document(earlier)
            self._report.replaced += 1
        self._journal.note(Entry(known.place, known.path, document.id, known.version, Outcome.STORED))

    def _write(self, document: Document, place: str, path: str | None, found: Found) -> None:
        self.sources[document.id] = document.source
        earlier = self._earlier(place, document.id)
        self._store.write_document(document.id, found.statements, instead_of=earlier)
        self._report.replaced += len(earlier)
        self._journal.note(Entry(place, path, document.id, self._version, Outcome.STORED))
        if len(self.sources) % _FLUSHED == 0:
            self._store.flush()

    def _reject(self, document: Document, place: str, path: str | None, why: Rejection | Fault) -> None:
        """Report a document that is not to be in the graph; an earlier version of it stays there."""
        self._report.issues.append(Issue(document.source, why.reason))
        outcome = Outcome.FAILED
        if isinstance(why, Rejection) and why.breaks_shapes:
            outcome = Outcome.REFUSED
            self._store.remove_document(document.id)
        entry = self._journal.find(place)
        if entry is None or entry.document == document.id:
            self._journal.note(Entry(place, path, document.id, self._version, outcome, why.reason))

    def _earlier(self, place: str, document_id: str) -> list[str]:
        """Return the version that this one replaces: what stood in its place, if it stands nowhere else."""
        entry = self._journal.find(place)
        if entry is None or entry.document == document_id or entry.document in self._met:
            return []
        elsewhere = any(other.place != place for other in self._journal.find_document(entry.document))
        return [] if elsewhere or entry.document not in self._store else [entry.document]

    def _count(self, document: Document, found: Found) -> None:
        report = self._report
        report.documents += 1
        report.characters += len(document.text)
        report.claims.update(found.claims)
        report.modalities.update(found.modalities)
        for seen, counts, named in (
            (self._entities, report.entities, found.entities),
            (self._investments, report.investments, found.investments),
        ):
            for name, kind in named:
                if name not in seen:
                    seen.add(name)
                    counts[kind] += 1
