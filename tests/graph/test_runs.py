"""The metadata of runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kg.graph.runs import Run, to_run_quads
from kg.graph.vocab import AIO, PROV, Ids

START = datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=8)))


def test_a_run_tells_when_by_what_and_from_where() -> None:
    run = Run(START, datetime(2026, 3, 1, 1, tzinfo=UTC), "0.1.0", "workers=2", {"d1": "a.jsonl#1", "d2": ""})
    quads = to_run_quads(run, Ids())
    values = {quad.predicate: quad.object.value for quad in quads}  # type: ignore[union-attr]
    assert {quad.graph_name for quad in quads} == {Ids().runs}
    assert values[PROV.startedAtTime] == "2026-03-01T00:00:00Z"
    assert values[PROV.endedAtTime] == "2026-03-01T01:00:00Z"
    assert values[AIO.softwareVersion] == "0.1.0"
    assert values[AIO.settings] == "workers=2"
    assert values[AIO.documentCount] == "2"
    assert [quad.subject for quad in quads if quad.predicate == AIO.source] == [Ids().document("d1")]
    assert len([quad for quad in quads if quad.predicate == PROV.used]) == 2


def test_a_time_needs_its_zone() -> None:
    with pytest.raises(ValueError, match="lacks a time zone"):
        to_run_quads(Run(START.replace(tzinfo=None), START, "0.1.0"), Ids())
