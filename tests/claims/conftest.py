"""Scenes built by hand: names are given with their types, no model and no gazetteer is loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from kg.claims import scene as symbols
from kg.claims.scene import Element, Scene, build_scene
from kg.model import Entity, EntityType, PartialDate
from kg.text.normalize import normalize
from kg.text.quantities import find_dates, find_money, find_rounds, find_shares

SYMBOLS = {**{str(t): s for t, s in symbols.SYMBOLS.items()}, "School": symbols.SCHOOL, "Exchange": symbols.EXCHANGE}
TYPES = {"School": EntityType.ORGANIZATION, "Exchange": EntityType.ORGANIZATION}


@pytest.fixture
def make_scene() -> Callable[[str, Mapping[str, str]], Scene]:
    """Return a function that builds the scene of one sentence from its names: {"腾讯": "Company"}."""

    def build(sentence: str, names: Mapping[str, str]) -> Scene:
        text = normalize(sentence).text
        elements = []
        taken = bytearray(len(text))
        for name, kind in sorted(names.items(), key=lambda pair: -len(pair[0])):
            start = text.find(normalize(name).text)
            while start >= 0:
                end = start + len(normalize(name).text)
                if not any(taken[start:end]):
                    taken[start:end] = b"\1" * (end - start)
                    entity_type = TYPES.get(kind) or EntityType(kind)
                    entity = Entity(f"{entity_type.lower()}/{name}", entity_type, name)
                    elements.append(Element(SYMBOLS[kind], start, end, text[start:end], entity))
                start = text.find(normalize(name).text, end)
        for symbol, found in (
            (symbols.MONEY, find_money(text)),
            (symbols.DATE, find_dates(text, PartialDate(2026, 6, 1))),
            (symbols.ROUND, find_rounds(text)),
            (symbols.SHARE, find_shares(text)),
        ):
            for item in found:
                if not any(taken[item.start : item.end]):
                    taken[item.start : item.end] = b"\1" * (item.end - item.start)
                    elements.append(
                        Element(symbol, item.start, item.end, text[item.start : item.end], value=item.value)
                    )
        return build_scene(text, 0, len(text), sorted(elements, key=lambda e: e.start))

    return build
