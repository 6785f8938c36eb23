from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

EXAMPLE = Path(__file__).parents[1] / "graph" / "example.nq"


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """A directory with the graph of one article."""
    (tmp_path / "graph").mkdir()
    store = ox.Store(str(tmp_path / "graph" / "store"))
    store.load(path=str(EXAMPLE))
    store.flush()
    return tmp_path / "graph"
