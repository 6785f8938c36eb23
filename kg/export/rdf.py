"""The graph as RDF files: the same facts give the same bytes."""

from __future__ import annotations

from pathlib import Path

from kg.errors import ExportError
from kg.graph.store import DUMP_FORMATS, GraphStore

__all__ = ["RDF_FORMATS", "write_rdf"]

RDF_FORMATS = {name: fmt.file_extension for name, fmt in DUMP_FORMATS.items()}
"""Name of a format -> the usual file name extension."""


def write_rdf(store: GraphStore, path: Path, *, form: str, inferred: bool = False) -> Path:
    """Write the graph to `path`; `form` is one of :data:`RDF_FORMATS`. Turtle and N-Triples hold the union of articles.

    What rules inferred is written too if `inferred`: a graph of its own where the format has graphs.

    Raises:
        ExportError: the file cannot be written, or nothing was inferred from the articles as they are.
    """
    if inferred and not store.has_inferred:
        raise ExportError("nothing has been inferred since articles were last added; run: kg infer")
    try:
        with path.open("wb") as out:
            store.dump(out, form, inferred=inferred)
    except OSError as error:
        raise ExportError(f"cannot write {path}: {error.strerror}") from error
    return path
