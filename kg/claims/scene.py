"""A sentence as the extractors see it: names, money, dates and posts become one symbol each, quotes and brackets go.

    月之暗面完成了超过10亿美金的融资,投资方包括红杉中国、小红书   becomes   ⓒ完成了ⓜ的融资,投资方包括ⓒ、ⓒ

so that a rule is an ordinary regular expression over symbols and the words between them.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kg.model import Entity, EntityType, Money, PartialDate

COMPANY, ORGANIZATION, MODEL, PRODUCT, PERSON = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
MONEY, DATE, ROUND, SHARE, TITLE, ORG_ANAPHOR, PERSON_ANAPHOR, EXCHANGE, SCHOOL = (
    "\ue005", "\ue006", "\ue007", "\ue008", "\ue009", "\ue00a", "\ue00b", "\ue00c", "\ue00d",
)  # fmt: skip
SYMBOLS = {
    EntityType.COMPANY: COMPANY,
    EntityType.ORGANIZATION: ORGANIZATION,
    EntityType.MODEL: MODEL,
    EntityType.PRODUCT: PRODUCT,
    EntityType.PERSON: PERSON,
}
NAMES = frozenset(SYMBOLS.values()) | {EXCHANGE, SCHOOL}
UNITS = COMPANY + ORGANIZATION + ORG_ANAPHOR + SCHOOL
PEOPLE = PERSON + PERSON_ANAPHOR
MADE = MODEL + PRODUCT
ANY_NAME = UNITS + PEOPLE + MADE + EXCHANGE

# Beside quotes, the symbols' own characters: web pages write icons with them, and they must not pass for names.
_DROPPED = frozenset('“”"‘’「」『』《》【】[]*') | {chr(code) for code in range(0xE000, 0xE010)}

MORE = "{0,40}"
"""How often an enumeration goes on: with a bound, the time that a pattern takes grows with the text and not faster."""

_BRACKETS = re.compile(r"\([^()\n]{0,60}\)")


@dataclass(frozen=True, slots=True)
class Element:
    """One symbol of a scene: what it stands for, at `[start, end)` of the normalized text.

    An anaphor for two (双方) has a `fellow`, the second of them; a scene shows it as two symbols joined by 和.
    """

    symbol: str
    start: int
    end: int
    text: str
    entity: Entity | None = None
    value: Money | PartialDate | str | None = None
    nested: bool = False
    fellow: Element | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence as symbols and words; `offsets[i]` is where character `i` of `text` stands in the normalized text."""

    start: int
    end: int
    text: str
    offsets: array[int]
    elements: dict[int, Element]
    aside: tuple[Element, ...]

    def between(self, start: int, end: int) -> list[Element]:
        """Return the elements whose symbols stand in `text[start:end]`, in order."""
        return [self.elements[i] for i in range(start, end) if i in self.elements]

    def names(self) -> list[Element]:
        """Return the elements that are names, in order."""
        return [e for _, e in sorted(self.elements.items()) if e.symbol in NAMES]

    def without(self, ranges: Sequence[tuple[int, int]]) -> Scene:
        """Return the scene with the given stretches of its text left out."""
        if not ranges:
            return self
        text: list[str] = []
        offsets = array("l")
        moved: dict[int, Element] = {}
        position = 0
        for start, end in [*sorted(ranges), (len(self.text), len(self.text))]:
            if start > position:
                shift = len(offsets) - position
                moved |= {old + shift: e for old, e in self.elements.items() if position <= old < start}
                text.append(self.text[position:start])
                offsets += self.offsets[position:start]
            position = max(position, end)
        return Scene(self.start, self.end, "".join(text), offsets, moved, self.aside)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the normalized text that `text[start:end]` stands for."""
        last = end - 1
        stop = self.elements[last].end if last in self.elements else self.offsets[last] + 1
        return self.offsets[start], stop


_CITED = re.compile(
    r"(?:的)?(?:(?:App|APP)?(?:信息|数据|资料)?显示|报道|获悉|消息(?!.{0,3}(?:不|系|是假|纯属|属实|被否|传出))|记者|讯|援引|了解|数据|统计|研报|报告|《)"
)
# 来自腾讯的张三: who comes from somewhere belongs there.
_HAS = re.compile(rf"(?:公司|集团)?的?[{PERSON}{TITLE}]")
_CITING = re.compile(r"(?:据|据悉|援引|来源:|作者|文/|来自|根据)$")


def is_cited(scene: Scene, index: int) -> bool:
    """Return whether the name at `index` of a scene is only the source of what the sentence says."""
    ahead, behind = scene.text[index + 1 : index + 12], scene.text[max(0, index - 3) : index]
    return bool(_CITED.match(ahead) or (_CITING.search(behind) and not _HAS.match(ahead)))


def find_subject(scene: Scene, index: int, topic: Entity | None) -> Entity | None:
    """Return who a headless clause at `index` speaks of: the first organization before the clause, else the `topic`."""
    clause = max(scene.text.rfind(mark, 0, index + 1) for mark in ",;:")
    for place, element in sorted(scene.elements.items()):
        if place > clause:
            break
        if element.symbol in UNITS and element.entity is not None and not is_cited(scene, place):
            return element.entity
    return topic


def build_scene(
    text: str, start: int, end: int, elements: Iterable[Element], *, within: bool = False, opened: int = -1
) -> Scene:
    """Build the scene of the sentence `text[start:end]`; `elements` are those of the sentence, in order.

    Nested elements (an owner inside a longer name) and elements inside brackets are kept in `aside`. With `within`,
    the stretch stands inside brackets and its first element is the name in front of them. The bracket at `opened` is
    read with the rest.
    """
    if within:
        first, *rest = elements
        inner = build_scene(text, start, end, rest)
        offsets = array("l", [first.start, *inner.offsets])
        return Scene(
            start,
            end,
            first.symbol + inner.text,
            offsets,
            {0: first, **{i + 1: e for i, e in inner.elements.items()}},
            (),
        )
    brackets = [(m.start() + start, m.end() + start) for m in _BRACKETS.finditer(text[start:end])]
    brackets = [b for b in brackets if b[0] != opened]
    begins = [a for a, _ in brackets]
    hidden = bytearray(end - start)
    for a, b in brackets:
        hidden[a - start : b - start] = b"\1" * (b - a)
    characters: list[str] = []
    offsets = array("l")
    placed: dict[int, Element] = {}
    aside: list[Element] = []
    position = start
    for element in elements:
        place = bisect_left(begins, element.start) - 1
        in_brackets = place >= 0 and element.end <= brackets[place][1]
        if element.nested or element.start < position or in_brackets:
            aside.append(element)
            continue
        _copy(text, position, element.start, hidden, start, characters, offsets)
        for shown in _shown(element):
            if isinstance(shown, Element):
                placed[len(characters)] = shown
            characters.append(shown.symbol if isinstance(shown, Element) else shown)
            offsets.append(element.start)
        position = element.end
    _copy(text, position, end, hidden, start, characters, offsets)
    return Scene(start, end, "".join(characters), offsets, placed, tuple(aside))


def _shown(element: Element) -> tuple[Element | str, ...]:
    """Return what a scene shows of an element: its symbol, or two joined by 和."""
    fellow = element.fellow
    if fellow is None:
        return (element,)
    return element, "和", replace(element, symbol=fellow.symbol, entity=fellow.entity)


def _copy(
    text: str, start: int, end: int, hidden: bytearray, origin: int, characters: list[str], offsets: array[int]
) -> None:
    """Append `text[start:end]` but for marks and what is hidden; `hidden` begins at `origin`."""
    for i in range(start, end):
        if text[i] in _DROPPED or hidden[i - origin]:
            continue
        if text[i] == " " and (not characters or characters[-1] == " "):
            continue
        characters.append(text[i])
        offsets.append(i)
