"""Posts as a scene words them: 微软CEO, 月之暗面创始人、董事长兼CEO, 前谷歌高级副总裁, and enumerations of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg.claims import scene as symbols
from kg.claims.scene import Scene
from kg.claims.wording import any_of
from kg.entities.gazetteer import load_gazetteer
from kg.model import Entity
from kg.nlp.titles import load_titles

_U = f"[{symbols.UNITS}{symbols.EXCHANGE}]"
_OR = r"(?:、|和|与|及|以及|&|/)"
_NO_UNIT = symbols.UNITS + symbols.PEOPLE + symbols.EXCHANGE + symbols.TITLE + "、,。;:!?"
_NO_NAME = symbols.ANY_NAME + symbols.TITLE + ",。;:!?"
_HEAD = re.compile(
    rf"(?P<units>{_U}(?:{_OR}{_U}){symbols.MORE}(?:(?<={symbols.SCHOOL})(?:[^{_NO_UNIT}]{{1,8}}学(?:、|和|与)){{1,3}})?)(?P<words>[^{_NO_UNIT}]{{0,20}}|负责[^{_NO_NAME}]{{2,28}}的[^{_NO_NAME}、]{{0,6}})$"
)
_WORK = re.compile(rf"(?P<units>[{symbols.MADE}])(?P<words>[^{symbols.ANY_NAME}、,。;:!?]{{0,6}})$")
# 谷歌搜索负责人: who looks after a work is with its maker.
_OF_WORK = re.compile(rf"(?P<work>[{symbols.MADE}])[^{symbols.ANY_NAME}、,。;:!?]{{0,6}}$")
_BARE = re.compile(rf"[^{symbols.ANY_NAME}、,。;:!?—]{{0,16}}$")
_LINK = re.compile(
    r" ?(?:[、,/+·]|\\?&|和|与|及|以及|暨|也是|又是|同时是|同时担任|并担任|并任|兼任|兼|并) ?(?:兼|同时)?"
)
# What kind of organization it is may stand before its name: 美国初创公司.
_DESCRIBED = re.compile(
    r"(?:美国|英国|法国|德国|日本|韩国|加拿大|以色列|印度|中国|国内|全球|知名|著名)?"
    r"(?:[^\W\d_任为是作即系在从被由向对入开立办与和及前原的\ue000-\ue00d]{0,6}" + any_of("described_by") + ")?$"
)
_TIME = re.compile(r"(?:前|原)$")
_TERM = re.compile(r"(?:前|原|时任|现任|新任|曾任)$")
_LEAD = re.compile("^.*" + any_of("leads_to_post"))
_HAPPENS = re.compile(any_of("happens"))
_OWN = re.compile(rf"{_U}(?:及|和|与|以及)$")  # 甲公司及其CEO
_COMMA = re.compile(r",(?:[\u3400-\u9fff]{2}[省市]?)?")
_OPENS = re.compile(r"(?:^|[,;:。]) ?$")
_PART = re.compile(any_of("part_of_unit"))
_FORMER = re.compile(r"(?:的|公司|集团|旗下)?(?:前(?!沿|端|台|瞻)|原(?!生|创|力|型|画)|已?(?:离职|离任|卸任)的?)")
_ENDS_FORMER = re.compile(r"(?<![目此之日以空年月天期当])前$")  # 甲公司中国区前负责人
_ROLE_HEAD = re.compile(
    r"^(?:的|公司|集团|[ 、,/&兼暨·]|以及|和(?!平)|与|及|前(?!沿|端|台|瞻)|原(?!生|创|力|型|画)|现任|时任|新任"
    r"|知名|著名|一名|一位|目前|现|年轻|最年轻|唯一)+"
)


@dataclass(frozen=True, slots=True)
class Post:
    """One post, or several at the same `units`: the `role` as the text says it, empty where it is only a founder's."""

    units: tuple[Entity, ...]
    role: str
    founder: bool
    former: bool
    now: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """Posts that stand in one enumeration, at `text[start:end]` of the scene."""

    start: int
    end: int
    posts: tuple[Post, ...]

    def at(self, *units: Entity) -> Chain:
        """Return the chain with `units` for the posts that name none."""
        return replace(self, posts=tuple(p if p.units else replace(p, units=units) for p in self.posts))


@dataclass(slots=True)
class _Draft:
    """A post while it is read: titles may still be added to it."""

    start: int
    units: tuple[Entity, ...]
    time: str
    titles: list[tuple[int, int]]


def read_chains(scene: Scene) -> list[Chain]:
    """Return the posts that a scene words, as the enumerations in which they stand."""
    chains: list[list[_Draft]] = []
    end = 0
    for index in (i for i, c in enumerate(scene.text) if c == symbols.TITLE):
        stretch = scene.text[end:index]
        draft = _draft(scene, end, index)
        link = _LINK.match(stretch) if end and chains else None
        if draft.units:
            between = scene.text[end : draft.start]
            if end and chains[-1][0].units and _continues(scene, between, link, chains[-1][0].start):
                chains[-1].append(draft)
            else:
                chains.append([draft])
        elif end and (link or stretch in ("", " ")) and _joins(stretch, link) and not _is_anothers(scene, end, index):
            begin = end + (link.end() if link else 0)
            chains[-1][-1].titles.append((begin, index))
        else:
            chains.append([draft])
        end = index + 1
    return [_chain(scene, drafts) for drafts in chains]


def _continues(scene: Scene, between: str, link: re.Match[str] | None, start: int) -> bool:
    """Whether a post with an organization goes on from the posts that begin at `start`, over what is `between`.

    Over a comma only where the earlier posts open their clause: 甲公司董事,乙公司总裁张三 are one man's.
    """
    if between.startswith(",") and _COMMA.fullmatch(between):
        return _OPENS.search(scene.text[:start]) is not None
    return between == " " or (link is not None and link.end() == len(between))


def _joins(stretch: str, link: re.Match[str] | None) -> bool:
    words = stretch[link.end() :] if link else stretch
    return (
        len(words) <= 10
        and not _HAPPENS.search(words)
        and not re.search(f"[{symbols.UNITS}{symbols.PEOPLE},。;:!?]", words)
    )


def _is_anothers(scene: Scene, end: int, index: int) -> bool:
    """Whether a title behind a comma opens what is told of another person: 张三任甲公司CEO,联合创始人李四表示."""
    text = scene.text
    clause = max(text.rfind(mark, 0, end) for mark in ",;:。") + 1
    return (
        text[end] == ","
        and text[index + 1 : index + 2] in (*symbols.PEOPLE,)
        and any(c in symbols.PEOPLE for c in text[clause:end])
    )


def _draft(scene: Scene, start: int, index: int) -> _Draft:
    text = scene.text
    stretch = text[start:index]
    match = _HEAD.search(stretch)
    if match and not match["words"].startswith("负责") and _HAPPENS.search(match["words"]):
        match = None
    if match is None and _is_founder(scene, index):
        match = _WORK.search(stretch)
    if match is not None:
        begin = start + match.start("units")
        words = start + match.start("words")
        own = _OWN.search(text[:begin]) if scene.elements[begin].text == "其" else None
        begin -= len(own.group()) if own else 0
        units = tuple(
            e.entity for e in scene.between(begin, begin + 1 if own else start + match.end("units")) if e.entity
        )
        described = _DESCRIBED.search(text[start:begin])
        begin -= len(described.group()) if described else 0
        time = (_TERM if _LINK.match(stretch) and start else _TIME).search(text[start:begin])
        begin -= len(time.group()) if time else 0
        return _Draft(begin, units, time.group() if time else "", [(words, index)])
    if (work := _OF_WORK.search(stretch)) and (maker := _maker(scene, start + work.start())):
        return _Draft(start + work.start(), (maker,), "", [(start + work.end("work"), index)])
    bare = _BARE.search(stretch)
    begin = start + (bare.start() if bare else 0)
    lead = _LEAD.match(text[begin:index])
    begin += lead.end() if lead else 0
    begin += max((m.end() for m in _HAPPENS.finditer(text[begin:index])), default=0)
    return _Draft(begin, (), "", [(begin, index)])


def _maker(scene: Scene, place: int) -> Entity | None:
    """Return who makes the work at `place`, where its name says so or the sentence names its known maker."""
    work = scene.elements[place]
    record = load_gazetteer().records.get(work.entity.id) if work.entity else None
    for element in [*scene.aside, *scene.names()]:
        if element.entity is None or element.symbol not in symbols.UNITS:
            continue
        inside = element.nested and work.start <= element.start < element.end < work.end
        if inside or (not element.nested and record is not None and record.owner == element.entity.id):
            return element.entity
    return None


def _chain(scene: Scene, drafts: list[_Draft]) -> Chain:
    end = drafts[-1].titles[-1][1] + 1
    return Chain(drafts[0].start, end, tuple(_post(scene, draft) for draft in drafts))


def _post(scene: Scene, draft: _Draft) -> Post:
    former = draft.time in ("前", "原", "时任", "曾任")
    founder = False
    places: list[tuple[int, int]] = []
    for begin, index in draft.titles:
        ahead = scene.text[begin:index].lstrip(" ")
        former = former or bool(_FORMER.match(ahead) or _ENDS_FORMER.search(ahead))
        if _is_founder(scene, index):
            founder = founder or not _PART.search(scene.text[begin:index])
            if not scene.elements[index].text.endswith("合伙人"):
                continue
        if places and places[-1][1] != begin and not _is_link(scene.text[places[-1][1] : begin]):
            continue  # a founder's title between two posts: the first one stands for both
        places = [(places[0][0] if places else begin, index + 1)]
    role = _wording(scene, *places[0]) if places else ""
    return Post(draft.units, role, founder, former, draft.time in ("现任", "新任"))


def _is_link(text: str) -> bool:
    return bool((match := _LINK.match(text)) and match.end() == len(text)) or text in ("", " ")


def _wording(scene: Scene, start: int, end: int) -> str:
    head = _ROLE_HEAD.match(scene.text[start : end - 1])
    start += head.end() if head else 0
    words = (scene.elements[i].text if i in scene.elements else scene.text[i] for i in range(start, end))
    return "".join(words).strip()


def _is_founder(scene: Scene, index: int) -> bool:
    known = load_titles().get(scene.elements[index].text)
    return bool(known and known.founder)
