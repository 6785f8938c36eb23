"""Which strings are ordinary words: the dictionary that ships with `spacy-pkuseg` (about 390,000 words)."""

from __future__ import annotations

import pickle
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def _dictionary() -> frozenset[str]:
    data = (resources.files("spacy_pkuseg") / "dicts" / "default.pkl").read_bytes()
    return frozenset(pickle.loads(data).split("\n"))  # noqa: S301  the file is part of an installed dependency


def is_common_word(word: str) -> bool:
    """Return whether a word stands in the general dictionary (which also holds some famous names)."""
    return word in _dictionary()
