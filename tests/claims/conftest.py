"""Scenes and Docs built by hand: names are given with their types, no model and no listed name is loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
import spacy
from spacy.tokens import Doc

from kg.claims import scene as symbols
from kg.claims.discourse import Discourse, read_discourse
from kg.claims.scene import Element, Scene, build_scene
from kg.entities.gazetteer import COLUMNS, Gazetteer, read_table
from kg.model import ORGANIZATIONS, Entity, EntityType, PartialDate
from kg.nlp.names import Name, register_extensions
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
                    value = str(item.value) if isinstance(item.value, Decimal) else item.value
                    elements.append(Element(symbol, item.start, item.end, text[item.start : item.end], value=value))
        return build_scene(text, 0, len(text), sorted(elements, key=lambda e: e.start))

    return build


ROWS = (
    "xinghai-ai\tCompany\tstartup\t星海智能\t\tXinghai\t\tcompany/xinghai-group\t",
    "xinghai-group\tCompany\tgroup\t星海集团\t\t\t\t\t",
    "mofang\tCompany\tstartup\t墨坊科技\t\t\t\t\t",
    "chaobao\tCompany\tmedia\t潮报\t\t\t\t\t",
    "linjiang-exchange\tOrganization\texchange\t临江交易所\t\t\t\t\t",
    "xingyu\tModel\t\t星语\t\t\t\tcompany/xinghai-ai\t",
    "xingbao\tProduct\t\t星宝\t\t\t\tcompany/xinghai-ai\t",
    "wuzhu\tModel\t\t无主模型\t\t\t\t\t",
)


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """Invented names: a company and its group, another company, a newspaper, an exchange, three works."""
    return Gazetteer(read_table(["\t".join(COLUMNS), *ROWS], "test"))


@pytest.fixture(scope="session")
def read_text(gazetteer: Gazetteer) -> Callable[..., Discourse]:
    """Return a function that lays a text out as scenes, from its names: {"星海智能": "Company"}.

    A name that a longer one begins with is nested in it where it is an organization's, as in the pipeline.
    """
    register_extensions()
    vocab = spacy.blank("zh").vocab

    def read(text: str, names: Mapping[str, str]) -> Discourse:
        text = normalize(text).text
        found: list[Name] = []
        taken: dict[int, int] = {}
        for name, kind in sorted(names.items(), key=lambda pair: (-len(pair[0]), pair[0])):
            entity_type = EntityType(kind)
            records = tuple(r.id for r in gazetteer.lookup(name) if r.type is entity_type)
            for match in re.finditer(re.escape(normalize(name).text), text):
                nested = any(i in taken for i in range(*match.span()))
                if nested and (entity_type not in ORGANIZATIONS or taken.get(match.start()) != match.start()):
                    continue
                if not nested:
                    taken |= dict.fromkeys(range(*match.span()), match.start())
                found.append(Name(*match.span(), match.group(), entity_type, "test", 3.0, records, nested))
        found.sort(key=lambda n: (n.start, -n.end))
        words = [text] if text else []
        doc = Doc(vocab, words=words, spaces=[False] * len(words))
        doc._.names = found
        return read_discourse(doc, PartialDate(2026, 6, 1), gazetteer, [n.text for n in found])

    return read
