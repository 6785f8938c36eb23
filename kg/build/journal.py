"""What builds have done: for each place that was read, which document stood there, and how reading it ended.

A document goes into the store first and is noted here behind it. A build that is killed between the two works on that
document again, which changes nothing: its graph is replaced by the same graph. So the journal never claims more than
the store holds, unless the store itself was lost; whoever asks the journal asks the store too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from kg.errors import StoreError
from kg.model import Document

JOURNAL = "journal.sqlite"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
  place TEXT PRIMARY KEY, path TEXT, document TEXT NOT NULL, version TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_document ON document (document);
"""
_COLUMNS = "place, path, document, version, outcome, reason"


class Outcome(StrEnum):
    """How work on a document ended; of the last two kinds nothing is in the graph."""

    STORED = "stored"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """The last that was done about a place; `path` is the file to read it from again, where there is one."""

    place: str
    path: str | None
    document: str
    version: str
    outcome: Outcome
    reason: str | None = None


class Journal:
    """The journal of a graph; use it as a context manager. Every note is kept at once."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self._path = connection, path

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the journal at `path`, made where it is missing.

        Raises:
            StoreError: it cannot be opened, or is none.
        """
        with _journal_errors(path):
            connection = sqlite3.connect(path, isolation_level=None)
            # Behind a power cut the last notes may be missing, never half there; see the top of this module.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(_SCHEMA)
        return cls(connection, path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def find(self, place: str) -> Entry | None:
        """Return what was last done about a place."""
        return next(self._entries("WHERE place = ?", place), None)

    def find_document(self, document_id: str) -> list[Entry]:
        """Return all places where a document was read, in order."""
        return list(self._entries("WHERE document = ? ORDER BY place", document_id))

    def find_file(self, path: str) -> list[Entry]:
        """Return all that was read from a file, in order."""
        return list(self._entries("WHERE path = ? ORDER BY place", path))

    def outdated(self, *versions: str) -> list[str]:
        """Return the files that other versions of the extractor have read something from, sorted."""
        known = ", ".join("?" * len(versions))
        with _journal_errors(self._path):
            rows = self._connection.execute(
                f"SELECT DISTINCT path FROM document WHERE version NOT IN ({known}) AND path IS NOT NULL ORDER BY path",  # noqa: S608
                versions,
            ).fetchall()
        return [path for (path,) in rows]

    def note(self, entry: Entry) -> None:
        """Keep what was done about a place, instead of what was known of it."""
        with _journal_errors(self._path):
            self._connection.execute("INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?, ?, ?)", astuple(entry))

    def forget(self, document_id: str) -> None:
        """Forget a document, wherever it was read."""
        with _journal_errors(self._path):
            self._connection.execute("DELETE FROM document WHERE document = ?", (document_id,))

    def _entries(self, condition: str, *values: str) -> Iterator[Entry]:
        with _journal_errors(self._path):
            rows = self._connection.execute(f"SELECT {_COLUMNS} FROM document {condition}", values).fetchall()  # noqa: S608
        for place, path, document, version, outcome, reason in rows:
            yield Entry(place, path, document, version, Outcome(outcome), reason)


def place_of(document: Document) -> tuple[str, str | None]:
    """Return what a document is known by, so that another version replaces it, and the file to read it from again.

    Its URL; or else its file, if that holds nothing but it; or its id in its file. What has none of these is known by
    its content alone: another version of it is another document.
    """
    name, _, number = document.source.rpartition("#")
    alone = not (name and number.isdecimal())
    given = document.source if alone else name
    path = None if given in ("", "-") else str(Path(given).absolute())
    if document.url:
        return f"url {document.url}", path
    if path and alone:
        return f"file {path}", path
    if path and document.record_id:
        return f"record {path} {document.record_id}", path
    return f"content {document.id}", path


@contextmanager
def _journal_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreError(f"cannot write the journal {path}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"the journal {path} is damaged ({error}); move it away, and the next build reads everything again"
        ) from error
