"""Every exception that the package raises on purpose.

::

    KgError
    ├── InputError            a document, record or path that cannot be read
    ├── DataError             a data file of the package or of the user (gazetteer, patterns, gold) is malformed
    ├── StoreError            the graph store cannot be opened, read or written
    │   └── StoreLockedError  another process holds the store for writing
    ├── QueryError            a query is malformed, unknown, refused, or lacks a parameter
    │   └── QueryTimeoutError it was not answered in the time allowed
    └── ExportError           an export cannot be written

Dirty *input* is no exception during a build: it becomes a :class:`kg.model.Issue` in the report. Only the command line
turns these exceptions into messages and exit codes.
"""


class KgError(Exception):
    """The root of the package's exceptions; the message is one sentence for a person, with what to do next."""


class InputError(KgError):
    """A document, record or path cannot be read."""


class DataError(KgError):
    """A data file (gazetteer, patterns, gold annotations) is malformed."""


class StoreError(KgError):
    """The graph store cannot be opened, read or written."""


class StoreLockedError(StoreError):
    """Another process holds the store for writing."""


class QueryError(KgError):
    """A query is malformed, unknown, refused, or lacks a parameter."""


class QueryTimeoutError(QueryError):
    """A query was not answered, or an update not done, in the time allowed."""


class ExportError(KgError):
    """An export cannot be written."""
