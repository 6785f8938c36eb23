"""The words around persons and their posts, from `data/people.yaml`."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import yaml


@lru_cache(maxsize=1)
def _lists() -> dict[str, str]:
    raw = yaml.safe_load((resources.files("kg.claims") / "data" / "people.yaml").read_text("utf-8"))
    return {name: "|".join(words.split()) for name, words in raw.items()}


def any_of(*names: str) -> str:
    """Return a regular expression that matches any word of the lists of these names.

    Raises:
        KeyError: there is no list of that name.
    """
    return f"(?:{'|'.join(_lists()[name] for name in names)})"
