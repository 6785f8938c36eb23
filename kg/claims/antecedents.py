"""Who is meant by 该公司, 其, 他, 后者, 双方 and 该模型: what a sentence, or the text before it, has named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.claims import scene as symbols
from kg.claims.scene import Element
from kg.entities.gazetteer import load_gazetteer
from kg.model import Entity

KIND_OF_COMPANY = (
    "公司|企业|初创公司|机构|独角兽|厂商|集团|实验室|团队|巨头|车企|新秀|制造商|开发商|供应商|运营商|零售商|工作室"
    "|基金(?!会)|银行|券商"
)
ORGANIZATION_MEANT = re.compile(
    rf"(?:该|这家|(?<![日基根原资])本|(?<![因如从彼])此(?![前次外后时间]))(?!目标|合资|标的|新[设公])[\u3400-\u9fffA-Z]{{0,6}}?(?:{KIND_OF_COMPANY})"
    rf"|这家(?!目标|合资|标的|新[设公])[^,.。;:!?、\n]{{0,18}}?(?:{KIND_OF_COMPANY})"
    r"|(?<![\u3400-\u9fffA-Za-z0-9])公司(?![\u3400-\u9fff]?(?:法|章程|治理))"
    r"|它(?!们)|(?<=[,。;:])其(?!他|它|中|实|次|余|间|后|乐|貌)"
    r"|其(?!他|它|中|实|次|余|间)(?=[\u3400-\u9fff]{0,6}(?:创始人|CEO|首席|旗下|子公司|母公司|估值|最新|自研|产品|模型|竞争|投资|股东|董事长|客户|供应商|合作伙伴|对手))"
)
FORMER_OR_LATTER = re.compile("前者|后者")
BOTH = re.compile(
    "(?<![供需劳资买卖甲乙交])(?:合作|交易)?双方|(?:这|上述)?(?:两家|两大)(?:公司|企业|巨头|机构|集团)(?![都均]?[在中以]外)|(?<!这)两者|二者"
)
"""Two that were named before; they become two names joined by 和."""
_OF_ANYTHING = re.compile("两者|二者")
NAMED_BY_KIND = re.compile("该|这家|本|此")
# 拟设立一家投资公司,...该公司: what is new has no name.
_NEW_ONE = re.compile(r"(?:设立|成立|组建|创办)了?(?:一家|一个|新|合资)[^,。;!?]{0,24}(?:公司|企业|机构)")
_PREDICATE = re.compile("(?:是|成为|作为|系)了?$")
_LOOK_BACK = 80
_CLAUSE = ",;:"
_LONGEST_LEAD = 10  # of what describes the name that a clause is about: 芯片制造商甲公司
_OBLIQUE = re.compile("[在于从向对给为被由与同跟据比和及将把让使]|收购|投资|加入|离开|使用|采用|推出|来自|包括")
_DEALT_WITH = re.compile("(?:[与对向给被由同跟]|师从|告诉|接替|取代|感谢|超过|(?:[对向]|告诉)[^,。;、]{1,12})$")
_OWNED = re.compile(r"(?:\([^()\n]{1,40}\))?(?:旗下|名下|的[\u3400-\u9fff]{1,6}[,。;])")
_MEMORY = 2  # sentences after which 双方 no longer means the two named


class Antecedents:
    """Resolves the anaphors of a document sentence by sentence, and remembers who and what was named."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.person: Entity | None = None
        self.works: dict[str, Entity] = {}
        self.pair: tuple[Element, ...] = ()
        self.age = 0

    def resolve(self, start: int, elements: Sequence[Element], topic: Entity | None) -> list[Element]:
        """Return the elements of the sentence that begins at `start`, each anaphor with the entity that it means.

        `topic` is the organization that the text is about. An anaphor that has no antecedent is left out.
        """
        resolved: list[Element] = []
        for element in self._with_works(elements):
            if element.symbol == symbols.PERSON and not element.nested:
                self.person = element.entity
            if element.entity is not None or element.symbol not in symbols.ORG_ANAPHOR + symbols.PERSON_ANAPHOR:
                resolved.append(element)
            else:
                resolved += self._meant(element, resolved, start, topic)
        self._remember(resolved)
        self.person = self._person_spoken_of(start, resolved)
        return resolved

    def _person_spoken_of(self, start: int, elements: Sequence[Element]) -> Entity | None:
        """Return whom the next 他 means: the last person named, but the subject rather than whom he only deals with."""
        people = [e for e in elements if e.symbol in symbols.PEOPLE and e.entity and not e.nested]
        people = [
            e for e, before in zip(people, [None, *people], strict=False) if not before or e.entity != before.entity
        ]
        if len(people) < 2:
            return self.person
        first, last = people[0], people[-1]
        head = max(start, *(self.text.rfind(mark, start, first.start) + 1 for mark in _CLAUSE))
        leads = first.start - head <= _LONGEST_LEAD and not _OBLIQUE.search(self.text[head : first.start])
        aside = _DEALT_WITH.search(self.text, max(start, people[-2].end), last.start) or _OWNED.match(
            self.text, last.end
        )
        return first.entity if leads and aside else self.person

    def _meant(
        self, element: Element, before: Sequence[Element], start: int, topic: Entity | None
    ) -> Iterator[Element]:
        if FORMER_OR_LATTER.fullmatch(element.text):
            named = _of_two(before, latter=element.text == "后者")
            if named is not None:
                yield replace(element, symbol=named.symbol, entity=named.entity)
        elif BOTH.fullmatch(element.text):
            if both := self._both(element, before):
                yield replace(element, symbol=both[0].symbol, entity=both[0].entity, fellow=both[1])
        elif element.symbol == symbols.PERSON_ANAPHOR:
            person = self._person_spoken_of(start, before)
            if person is not None:
                yield replace(element, entity=person)
        else:
            owner = self._organization(element, before, start, topic)
            if owner is not None:
                yield replace(element, entity=owner)

    def _organization(
        self, element: Element, before: Sequence[Element], start: int, topic: Entity | None
    ) -> Entity | None:
        unit = next((e.entity for e in before if _is_unit(e)), None)
        if element.text == "其" and unit:
            return self._other_than_subject(element, before, topic) if self._is_predicate(element) else unit
        if NAMED_BY_KIND.match(element.text):
            new = _NEW_ONE.search(self.text, max(0, start - _LOOK_BACK), element.start)
            if new and not any(_is_unit(e) and new.start() < e.start <= new.end() for e in before):
                return None
            topic = self._subject_before(element, before, start) or self._only_one(element, before, start) or topic
        elif element.text == "公司":
            topic = self._subject_before(element, before, start) or topic
        return topic or unit

    def _only_one(self, element: Element, before: Sequence[Element], start: int) -> Entity | None:
        """Return the business that the sentence has named so far, where it is but one and stands in another clause.

        In its own clause it does something with whom the anaphor means: 甲公司有意收购该公司.
        """
        units = _different(before)
        clause = max(self.text.rfind(mark, start, element.start) for mark in _CLAUSE)
        return units[0].entity if len(units) == 1 and units[0].end <= clause else None

    def _is_predicate(self, element: Element) -> bool:
        """Whether a subject is said to be something of somebody's: 甲公司是其合作伙伴."""
        return _PREDICATE.search(self.text, max(0, element.start - 4), element.start) is not None

    def _other_than_subject(self, element: Element, before: Sequence[Element], topic: Entity | None) -> Entity | None:
        """Return who 其 means that is not itself the subject of the clause: who was named before, or the topic."""
        clause = max(self.text.rfind(mark, 0, element.start) for mark in _CLAUSE)
        subjects = {e.entity.id for e in before if e.entity and e.start > clause}
        earlier = [e.entity for e in before if _is_unit(e) and e.end <= clause and e.entity]
        meant = [e for e in [*earlier[:1], topic] if e is not None and e.id not in subjects]
        return meant[0] if meant else None

    def _subject_before(self, element: Element, before: Sequence[Element], start: int) -> Entity | None:
        """Return what an earlier clause of the sentence is about: 甲公司股价大涨,该公司... speaks of 甲公司."""
        clause = max(self.text.rfind(mark, start, element.start) for mark in _CLAUSE)
        for unit in reversed(before):
            if not (_is_unit(unit) and unit.end <= clause and _is_business(unit.entity)):
                continue
            head = max(start, *(self.text.rfind(mark, start, unit.start) + 1 for mark in _CLAUSE + "、"))
            lead = self.text[head : unit.start]
            if (
                len(lead) <= _LONGEST_LEAD
                and not _OBLIQUE.search(lead)
                and not any(e.start >= head for e in before if e.end <= unit.start)
            ):
                return unit.entity
        return None

    def _both(self, element: Element, before: Sequence[Element]) -> tuple[Element, Element] | None:
        """Return the two organizations that the sentence, or one shortly before it, names; None if there are more."""
        named = [e for e in before if e.entity and e.symbol in symbols.NAMES and not e.nested]
        if _OF_ANYTHING.fullmatch(element.text) and any(e.symbol not in symbols.UNITS for e in named):
            return None
        units = _different(before)
        if len(units) == 2:
            return units[0], units[1]
        if len(self.pair) == 2 and {e.entity.id for e in units if e.entity} <= {
            e.entity.id for e in self.pair if e.entity
        }:
            return self.pair[0], self.pair[1]
        return None

    def _remember(self, elements: Sequence[Element]) -> None:
        units = _different(elements)
        people = {e.entity.id for e in elements if e.symbol == symbols.PERSON and e.entity}
        known = {e.entity.id for e in self.pair if e.entity}
        if len(units) == 2:
            self.pair, self.age = tuple(units), 0
        elif {e.entity.id for e in units if e.entity} <= known and len(people) < 2 and self.age < _MEMORY:
            self.age += 1
        else:
            self.pair = ()

    def _with_works(self, elements: Sequence[Element]) -> Iterator[Element]:
        """Yield the elements, 该模型 and 这款产品 as the last work of their kind; what has none is left out."""
        for element in elements:
            if element.symbol not in symbols.MADE:
                yield element
                continue
            entity = element.entity or self.works.get(element.symbol)
            if entity is None and element.symbol == symbols.PRODUCT:
                entity = self.works.get(symbols.MODEL)  # what users use may be a model
            if entity is not None:
                symbol = symbols.SYMBOLS[entity.type]
                self.works[symbol] = entity
                yield replace(element, symbol=symbol, entity=entity)


def _is_unit(element: Element) -> bool:
    return element.symbol in symbols.UNITS and element.symbol != symbols.ORG_ANAPHOR and not element.nested


def _is_business(entity: Entity | None) -> bool:
    record = load_gazetteer().records.get(entity.id) if entity else None
    return record is None or record.kind not in ("media", "exchange", "government", "university")


def _different(elements: Sequence[Element]) -> list[Element]:
    """Return the businesses among elements, each once, where they stand under their own names first."""
    found = {e.entity.id: e for e in reversed(elements) if _is_unit(e) and e.entity and _is_business(e.entity)}
    return sorted(found.values(), key=lambda e: e.start)


def _of_two(before: Sequence[Element], *, latter: bool) -> Element | None:
    """Return what 后者 (the last name) or 前者 (the one of its kind before it) means."""
    named = [e for e in before if e.entity and not e.nested and e.symbol in symbols.NAMES]
    named = [e for e in named if not FORMER_OR_LATTER.fullmatch(e.text)]
    if not named:
        return None
    last = named[-1]
    if latter:
        return last
    kinds = symbols.UNITS if last.symbol in symbols.UNITS else last.symbol
    return next((e for e in reversed(named[:-1]) if e.symbol in kinds and e.entity != last.entity), None)
