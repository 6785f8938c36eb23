"""Words beside a name that tell its type, from `data/cues.yaml`."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

import yaml

from kg.model import EntityType

_OPENING = "“\"‘'「『《("
_CLOSING = "”\"’'」』》)"


@lru_cache(maxsize=1)
def _patterns() -> tuple[list[tuple[EntityType, re.Pattern[str]]], list[tuple[EntityType, re.Pattern[str]]]]:
    raw = yaml.safe_load((resources.files("kg.nlp") / "data" / "cues.yaml").read_text("utf-8"))
    after, before = [], []
    for type_name, sides in raw.items():
        words = sorted(sides["after"], key=lambda w: (-len(w), w))
        after.append((EntityType(type_name), re.compile("|".join(map(re.escape, words)))))
        words = sorted(sides["before"], key=lambda w: (-len(w), w))
        before.append((EntityType(type_name), re.compile(f"(?:{'|'.join(map(re.escape, words))})$")))
    return after, before


def read_cues(text: str, start: int, end: int) -> dict[EntityType, int]:
    """Return for each type the length of the cue words that touch `[start, end)` of a normalized text, 0 left out."""
    while start and text[start - 1] in _OPENING:
        start -= 1
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    after, before = _patterns()
    ahead, behind = text[end : end + 8].lstrip(" "), text[max(0, start - 8) : start].rstrip(" ")
    scores: dict[EntityType, int] = {}
    for entity_type, pattern in after:
        if found := pattern.match(ahead):
            scores[entity_type] = scores.get(entity_type, 0) + len(found.group())
    for entity_type, pattern in before:
        if found := pattern.search(behind):
            scores[entity_type] = scores.get(entity_type, 0) + len(found.group())
    return scores


def best_type(scores: dict[EntityType, int]) -> EntityType | None:
    """Return the type with the highest score, None where there is none; ties go to the type named first in the enum."""
    if not scores:
        return None
    order = list(EntityType)
    return max(scores, key=lambda t: (scores[t], -order.index(t)))
