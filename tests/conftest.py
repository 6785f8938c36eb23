"""The same examples in every run, so that a property that fails here fails everywhere.

The profile `thorough` (HYPOTHESIS_PROFILE=thorough) has other examples in every run.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from kg.graph.store import open_graph

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=4_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


@pytest.fixture(scope="session")
def dump() -> Callable[[Path], bytes]:
    """Return a function that gives the N-Quads of a graph in a directory, with what was inferred."""

    def write(directory: Path) -> bytes:
        out = io.BytesIO()
        with open_graph(directory) as store:
            store.dump(out, inferred=True)
        return out.getvalue()

    return write
