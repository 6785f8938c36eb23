"""Posts: who is what where, from titles beside names: 微软CEO纳德拉, 陶芳波 心识宇宙创始人, 曾任谷歌副总裁."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.claims import scene as symbols
from kg.claims.modality import read_modality
from kg.claims.rules import Finding
from kg.claims.scene import Scene, find_subject
from kg.model import Entity, Modality, Predicate
from kg.nlp.titles import load_titles

_U, _T, _H = f"[{symbols.UNITS}]", symbols.TITLE, f"[{symbols.PEOPLE}]"
_WORD = f"[^{symbols.ANY_NAME}{symbols.TITLE},。;:!?、]"
_UNITS = rf"{_U}(?:(?:、|和|与|及){_U})*"
_POST = (
    rf"(?:{_UNITS})(?:的|)?(?:{_WORD}{{0,12}}?{_T}(?:{_WORD}{{0,3}}(?:[、,/&兼和与及]|以及|暨|&){_WORD}{{0,4}}{_T})*)"
)
_POSTS = rf"{_POST}(?:(?:[、,/&兼和与及]|以及|暨|，)?{_WORD}{{0,3}}{_POST})*"
_BEFORE = re.compile(
    rf"(?P<lead>(?:前|原|曾任|时任|曾|现任|新任)?)(?P<posts>{_POSTS})(?:{_WORD}{{0,4}}?)(?P<who>{_H}(?:、{_H})*(?:和{_H})?)"
)
_AFTER = re.compile(
    rf"(?P<who>{_H})(?P<lead>[^{symbols.ANY_NAME}{symbols.TITLE}。;!?、和与及给接]{{0,8}}?)(?P<posts>(?:前|原|现任)?{_POSTS})(?!{_WORD}{{0,3}}{_H})"
)
_HELD = re.compile(
    rf"(?P<who>{_H})[^。;!?{symbols.PEOPLE}]{{0,40}}?(?P<lead>曾任|曾担任|先后担任|先后任|历任|担任|出任|现任|升任|任|接任|兼任|获任|成为|就任)(?P<posts>(?:前|原)?{_POSTS})"
)
_AT = re.compile(
    rf"(?P<who>{_H})(?P<lead>[^。;!?{symbols.PEOPLE}]{{0,40}}?)在(?P<units>{_UNITS}){_WORD}{{0,10}}?(?:担任|任职|任|做|当|出任)(?P<tail>{_WORD}{{0,12}}?{_T})"
)
_MAKER = re.compile(rf"(?P<lead>)(?P<units>[{symbols.PRODUCT}])(?P<tail>的?{_WORD}{{0,6}}?{_T})(?P<who>{_H})")
_BARE = [
    re.compile(
        rf"(?P<who>{_H})(?P<lead>:)(?P<tail>{_WORD}{{0,4}}?{_T}(?:[、,/&兼和与及]{_WORD}{{0,3}}{_T})*)(?!{_WORD}{{0,3}}{_H})"
    ),
    re.compile(
        rf"(?:^|[,;:。、])(?P<lead>{_WORD}{{0,4}}?)(?P<tail>{_T}(?:[、,/&兼和与及]{_WORD}{{0,3}}{_T})*)(?P<who>{_H})"
    ),
    re.compile(
        rf"(?P<who>{_H})(?P<lead>(?:现任|出任|担任|升任|接任|将担任|将出任|兼任|就任|接替[^,。;]{{0,8}}))(?P<tail>{_WORD}{{0,6}}?{_T})(?![^,。;!?]{{0,6}}{_H})"
    ),
]
_ITEM = re.compile(rf"(?P<lead>前|原|曾任|时任)?(?P<units>{_UNITS})(?P<tail>[^{symbols.UNITS}]*)")
_ROLE_EDGE = re.compile(r"^[的、,/&兼和与及暨以 ]+(?:前|原|现任|时任)?|^(?:前|原|现任|时任)|[的、,/& ]+$")
_FORMER_ROLE = re.compile(r"[的、,/&兼和与及暨以 ]*(?:前|原)(?!沿|端|台)")
_FORMER = re.compile(
    r"前(?!沿|景|端|台|者|述|期|后|去|往)|原(?!生|创|力)|曾|时任|历任|此前|先后|之前|离职|卸任|辞去|离开|退休|当时"
)


@dataclass(frozen=True, slots=True)
class _Role:
    """A post as a text words it: whether it is only a founder's, and whether 前 or 原 stands before it."""

    wording: str
    founder: bool
    former: bool


def extract_posts(scene: Scene, topic: Entity | None) -> Iterator[Finding]:
    """Yield the posts and the founders that a scene states with a title next to a name.

    A title without an organization (CEO宋亚宸) is a post at the `topic`.
    """
    for pattern in (_BEFORE, _AFTER, _HELD):
        position = 0
        while match := pattern.search(scene.text, position):
            position = match.start() + 1
            yield from _read_match(scene, match, held=pattern is _HELD)
    for match in _AT.finditer(scene.text):
        units = [e.entity for e in scene.between(*match.span("units")) if e.entity]
        yield from _read_plain(scene, match, units, "post.at", 0.8)
    for match in _MAKER.finditer(scene.text):
        works = [e.entity for e in scene.between(*match.span("units")) if e.entity]
        found = _read_plain(scene, match, works, "post.founder", 0.9)
        yield from (f for f in found if f.predicate is Predicate.FOUNDED_BY)
    for number, pattern in enumerate(_BARE):
        for match in pattern.finditer(scene.text):
            unit = find_subject(scene, match.start(), topic)
            if unit is not None:
                yield from _read_plain(scene, match, [unit], "post.topic" if number == 1 else "post.held", 0.6)


def _read_plain(
    scene: Scene, match: re.Match[str], units: list[Entity], rule: str, confidence: float
) -> Iterator[Finding]:
    former = bool(_FORMER.search(match["lead"])) or bool(re.match(r"前|原", match["tail"]))
    modality = read_modality(scene, match.start("who"), match.end())
    span = scene.span(min(match.start("who"), match.start("tail")), match.end())
    roles = _roles(scene, *match.span("tail"))
    for person in (e.entity for e in scene.between(*match.span("who")) if e.entity):
        for unit in units:
            for finding in _claims(person, unit, roles, former, modality, *span):
                yield replace(finding, rule=rule, confidence=confidence)


def _read_match(scene: Scene, match: re.Match[str], *, held: bool) -> Iterator[Finding]:
    people = [e.entity for e in scene.between(*match.span("who")) if e.entity]
    begin, finish = match.span("posts")
    before = scene.text[max(0, match.start() - 3) : match.start()]
    lead_former = bool(_FORMER.search(match["lead"])) or bool(re.search(r"(?:前|原|曾任|时任)$", before))
    modality = read_modality(scene, match.start(), match.end())
    if held and modality is Modality.PLANNED and "将" not in scene.text[match.start() : match.end()]:
        modality = Modality.ASSERTED
    start, end = scene.span(match.start(), match.end())
    for item in _ITEM.finditer(scene.text, begin, finish):
        former = lead_former or bool(item["lead"]) or bool(re.search(r"^的?(?:前|原)", item["tail"]))
        units = [e.entity for e in scene.between(*item.span("units")) if e.entity]
        roles = _roles(scene, *item.span("tail"))
        for person in people:
            for unit in units:
                yield from _claims(person, unit, roles, former, modality, start, end)


def _claims(
    person: Entity, unit: Entity, roles: list[_Role], former: bool, modality: Modality, start: int, end: int
) -> Iterator[Finding]:
    if any(role.founder for role in roles):
        yield Finding(unit, Predicate.FOUNDED_BY, person, modality, start, end, "post.founder", 0.9)
    posts = [role for role in roles if not role.founder or role.wording.endswith("合伙人")]
    if posts:
        status = "former" if former or posts[0].former else "current"
        qualifiers = (("role", posts[0].wording), ("status", status))
        yield Finding(person, Predicate.WORKS_FOR, unit, modality, start, end, "post.title", 0.9, qualifiers)


def _roles(scene: Scene, start: int, end: int) -> list[_Role]:
    """Return the posts named in a stretch of a scene."""
    titles = load_titles()
    roles = []
    text_start = start
    for index in range(start, end):
        element = scene.elements.get(index)
        if element and element.symbol == symbols.TITLE:
            before = scene.text[text_start:index]
            words = "".join(c for c in _ROLE_EDGE.sub("", before) if c < "\ue000" or c > "\ue00f")
            known = titles.get(element.text)
            roles.append(_Role(words + element.text, bool(known and known.founder), bool(_FORMER_ROLE.match(before))))
            text_start = index + 1
    return roles
