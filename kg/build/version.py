"""The version of an extractor: another one wherever anything that decides what is read from a document is other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from kg.model import Extractor

_PARTS = ("model.py", "text", "entities", "nlp", "claims", "graph/quads.py", "graph/naming.py", "graph/vocab.py")
_NETWORK = "nlp/data/reader/"


@cache
def extractor_version(extractor: Extractor) -> str:
    """Return 16 hexadecimal digits, a hash of the code and the data of the extractor."""
    digest = hashlib.sha256(str(extractor).encode())
    root = resources.files("kg")
    for part in _PARTS:
        for name, file in sorted(_walk(root.joinpath(part), part), key=lambda pair: pair[0]):
            if extractor is not Extractor.RULES or not name.startswith(_NETWORK):
                content = hashlib.sha256(file.read_bytes()).digest()
                digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:16]


def _walk(place: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    if place.is_file():
        yield name, place
        return
    for child in place.iterdir():
        if child.name != "__pycache__":
            yield from _walk(child, f"{name}/{child.name}")
