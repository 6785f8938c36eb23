"""What a recognizer finds: a candidate name at character offsets of the normalized text, kept in `doc._.names`."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc

from kg.model import EntityType


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


def names_of(doc: Doc) -> list[Name]:
    """Return the candidates found so far."""
    found: list[Name] = doc._.names
    return found


def register_extensions() -> None:
    """Declare the attributes that the components share."""
    for attribute in ("names", "aliases"):
        if not Doc.has_extension(attribute):
            Doc.set_extension(attribute, default=None)
