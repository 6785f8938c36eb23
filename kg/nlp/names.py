"""What a recognizer finds: a candidate name at character offsets of the normalized text, kept in `doc._.names`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.model import EntityType
from kg.nlp.encoder import Reading

CERTAIN = 1.5
"""The strength from which a name needs no support elsewhere in its document."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name at `[start, end)` of `doc.text`.

    `records` are ids of the gazetteer that bear the name. `strength` orders candidates: 3 is certain (listed, or a
    full legal form), 2 is marked by its neighbours, 1 is a guess that needs support elsewhere in the document.
    `nested` marks an owner's name inside a longer one (百度 in 百度智能云).
    """

    start: int
    end: int
    text: str
    type: EntityType
    source: str
    strength: float
    records: tuple[str, ...] = ()
    nested: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Equation:
    """Two names (folded) that a document uses for one thing; `reason` is `stated`, with the place, or `short form`."""

    first: str
    second: str
    reason: str
    start: int
    end: int


def equations_of(doc: Doc) -> list[Equation]:
    """Return the pairs of names that the document equates, in order."""
    found: list[Equation] = doc._.aliases or []
    return found


def names_of(doc: Doc) -> list[Name]:
    """Return the candidates found so far."""
    found: list[Name] = doc._.names
    return found


def reading_of(doc: Doc) -> Reading | None:
    """Return what the encoder made of the document, where it has read it."""
    found: Reading | None = doc._.reading
    return found


def text_of(doc: Doc) -> str:
    """Return `doc.text`, which spaCy joins from its tokens at every access, joined once."""
    if doc._.whole is None:
        doc._.whole = doc.text
    text: str = doc._.whole
    return text


def pick(names: Iterable[Name]) -> list[Name]:
    """Return the names that stand where several overlap: the strongest, then the longest; in order."""
    taken: set[int] = set()
    kept = []
    for name in sorted(names, key=lambda n: (-_rank(n), n.start - n.end, n.start, n.type, n.source)):
        span = range(name.start, name.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(name)
    return sorted(kept, key=lambda n: n.start)


def _rank(name: Name) -> float:
    """Names of one class of certainty compete by length: a longer one holds the shorter one inside it."""
    if name.strength >= 3:
        return 20 + (name.end - name.start) / 100
    return 10 + (name.end - name.start) / 100 if name.strength >= 2 else name.strength


def register_extensions() -> None:
    """Declare the attributes that the components share."""
    for attribute in ("names", "aliases", "reading", "whole"):
        if not Doc.has_extension(attribute):
            Doc.set_extension(attribute, default=None)
