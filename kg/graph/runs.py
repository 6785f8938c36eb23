"""The metadata of a run that built the graph: kept apart from the facts, which stay the same from run to run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pyoxigraph as ox

from kg.graph.quads import to_literal
from kg.graph.vocab import AIO, PROV, RDF, XSD, Ids
from kg.model import content_id

__all__ = ["Run", "to_run_quads"]


@dataclass(frozen=True, slots=True)
class Run:
    """One build: when, by which version, with which settings, and where each document was read.

    `started` and `ended` carry a time zone; `sources` is document id -> path (and place in it).
    """

    started: datetime
    ended: datetime
    version: str
    settings: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)


def to_run_quads(run: Run, ids: Ids) -> list[ox.Quad]:
    """Return the quads of a run, in the graph of the runs.

    Raises:
        ValueError: a time lacks its zone.
    """
    return [ox.Quad(*triple, ids.runs) for triple in _triples(run, ids)]


def _triples(run: Run, ids: Ids) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    node = ids.iri(f"run/{content_id('run', run.started.isoformat(), run.version)}")
    yield node, RDF.type, AIO.Run
    yield node, PROV.startedAtTime, _write_time(run.started)
    yield node, PROV.endedAtTime, _write_time(run.ended)
    yield node, AIO.softwareVersion, to_literal(run.version)
    yield node, AIO.documentCount, ox.Literal(len(run.sources))
    if run.settings:
        yield node, AIO.settings, to_literal(run.settings)
    for document_id, source in run.sources.items():
        yield node, PROV.used, ids.document(document_id)
        if source:
            yield ids.document(document_id), AIO.source, to_literal(source)


def _write_time(time: datetime) -> ox.Literal:
    if time.tzinfo is None:
        raise ValueError(f"{time} lacks a time zone")
    written = time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return ox.Literal(written, datatype=XSD.dateTime)
