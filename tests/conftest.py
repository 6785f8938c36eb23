"""The same examples in every run, so that a property that fails here fails everywhere.

The profile `thorough` (HYPOTHESIS_PROFILE=thorough) has other examples in every run.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=4_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
