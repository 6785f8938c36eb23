"""What stands where in a sentence: its clauses, its enumerations of names, and the role that each plays beside a verb.

    ⓒ宣布与ⓒ、ⓒ达成合作,将ⓜ接入ⓟ   has the clauses   ⓒ宣布 | 与ⓒ、ⓒ达成合作, | 将ⓜ接入ⓟ

The subject of the second and third is that of the first: a clause without a subject of its own has the one before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from kg.claims.rules import KIND_OF_WORK
from kg.claims.scene import ANY_NAME, MADE, PEOPLE, TITLE, UNITS, Element, Scene, is_cited
from kg.entities.gazetteer import load_gazetteer

_WORDS = f"[^{ANY_NAME},。;:!?、]"
# What leads up to the next member of a list, but for what begins a clause: 甲,搭载乙.
_MEMBER = rf"(?:(?!内置|搭载|采用|基于|通过|结合|使用|接入|配备|集成){_WORDS}){{0,8}}"
# An enumeration goes on over members that no name was found in: A、某集团、B.
_LINK = re.compile(
    rf"{KIND_OF_WORK}?等?(?:(?:[、/&和与及跟同]|或(?![将成许会被已可])|以及|还有|,和|、和|,以及|或者)(?:{_WORDS}{{1,12}}、){{0,2}}{_MEMBER}|,)"
)
_BOUNDARY = re.compile(
    r"[,;:。!?…\n]|——|表示|声称|透露|认为|宣布|指出|坦言|直言|称,|强调|显示|意味着|(?:分析|讲述|探讨|揭示|回顾|复盘)了"
)
_TOGETHER = re.compile(r"等|(?:都|均|也)(?!在?竞)|分别|[两三四]家|各自")
_SPLIT = re.compile(r"[与跟同和]")

# What stands directly before a name that is no subject: prepositions, verbs whose object it is, comparisons.
_OBLIQUE = re.compile(
    r"(?:[从向给被跟较继按用像类将把让使含到]|[在对为与](?!此)|于(?!是)|由(?!此|于)|据(?!悉|此)|自(?!此|然)|以(?!来|后|前)|至(?!今|此)|同(?![时样期年月日])|比(?!如)|(?<=.)比如|除(?!非)|和|(?<!正)如(?![今果])|携手|联合|联手|牵手|会同|签约|通过|基于|针对|围绕|根据|包括|(?<=.)例如|类似|按照|来自|关于|随着|面对"
    r"|收购|投资|入股|加入|离开|使用|采用|接入|搭载|内置|配备|集成|支持|打造|发布|推出|拥有|进入|对标|挑战|超越|取代|替代|推翻|应对|剑指|追赶|媲美|优于|采购|购买|租用|签约|控股|拿下|成为|作为|(?<!原因)(?<![但可只于])是|有|了|过|着|前往|击败|领投|任职|就职|获得?)"
    rf"{_WORDS}{{0,4}}$"
)
# 与著名的研究型安全公司甲公司: a partner may be described at length.
_LONG_OBLIQUE = re.compile(
    rf"(?:与(?!此)|同(?![时样期年月日])|跟|携手|联合){_WORDS}{{5,14}}"
    r"(?:公司|企业|巨头|组织|机构|厂商|平台|商|集团|中心|院|所|大学|团队|品牌)$"
)
_VERBS = "与和跟同在对为将被由把向从有是接入超越发布推出"
# What no description of a work holds: a verb, a preposition.
_ACTS = (
    "接入|使用|采用|收购|投资|基于|搭载|支持|购买|兼容|超越|对标|竞争|攻击|利用|部署|集成|合作|针对|成为|通过|加入|进入"
    "|测试|推出|发布|上线|用户|表示|[在将与为对把被用给向让从由比和是以称或有了过着已正曾]"
)
# What joins a name to the name it only describes: 谷歌的Gemini, 阿里旗下的夸克, ChatGPT开发商OpenAI.
_OF_WORK = re.compile(
    rf"(?:集团|公司|旗下|自研|自家|自主研发|最新|全新|推出|发布|开发|研发|打造|出品|新一代|新款|名为|版){{0,12}}(?:的{_WORDS}{{0,8}})?"
    rf"|{_WORDS}{{0,10}}(?:推出|发布|开发|研发|打造|训练|打磨|出品|提供|收购|设计|制造|生产)的{_WORDS}{{0,8}}"
    rf"|(?:(?!{_ACTS}){_WORDS}){{0,6}}(?:款|代|强|{KIND_OF_WORK})"
)
_OF_UNIT = re.compile(
    rf"{_WORDS}{{0,6}}的[^{ANY_NAME},。;:!?、{_VERBS}]{{0,6}}|(?:集团)?(?:旗下|控股|子公司|母公司|参股){_WORDS}{{0,6}}"
)
_OF_PERSON = re.compile(rf"的?{_WORDS}{{0,4}}{TITLE}(?:[、兼和/&]?{_WORDS}{{0,4}}{TITLE}){{0,6}}{_WORDS}{{0,2}}")
_OF_MAKER = re.compile(r"(?:的|背后的?|之?母)?(?:开发商|开发者|开发公司|母公司|公司|团队|制造商|运营商|东家|所属)的?")

_LEADS = {
    # 与志愿者运营的爱沙尼亚组织X: what describes the partner may be long, where it ends in 的 or the kind of company.
    "with": re.compile(
        rf"(?:与(?!此)|和|同(?![时样期年月日])|跟|携手|联合|联手|牵手|会同)(?:{_WORDS}{{0,8}}|{_WORDS}{{0,14}}的{_WORDS}{{0,6}}|{_WORDS}{{0,12}}(?:公司|企业|巨头|组织|机构|厂商|平台|商|集团|中心|院|所|大学|团队|品牌|独角兽|基金|媒体))$"
    ),
    "by": re.compile(rf"(?:由|被|受|获得?|得到|依托|靠|借助|利用|通过|使用|采用){_WORDS}{{0,8}}$"),
    "agent": re.compile(rf"由{_WORDS}{{0,8}}$"),
    "for": re.compile(rf"(?:为|给|向|对|替|助力?)(?:{_WORDS}{{0,8}}|{_WORDS}{{0,14}}的)$"),
    "ba": re.compile(rf"(?:将|把|使|让){_WORDS}{{0,8}}$"),
    "in": re.compile(rf"(?:在|于|到|至){_WORDS}{{0,6}}$"),
    "than": re.compile(rf"(?:比|较|相比于?|对比|相较于?|比起){_WORDS}{{0,6}}$"),
    "facing": re.compile(rf"(?:面对|面临|应对|来自|迎接|遭遇|遭到|抵御|受到){_WORDS}{{0,8}}$"),
    "from": re.compile(rf"(?:从|自|向|由){_WORDS}{{0,6}}$"),
}
LEADING_ROLES = frozenset(_LEADS)
# What brings a work up, and what may stand between it and the end of its clause: 推出新车G9轿车,
_INTRODUCES = re.compile(
    r"发布|推出|上线|上架|带来|亮相|打造|展示|展出|公布|揭晓|更新|升级|上市|量产|研发|开发|祭出|开源|交付"
)
_AT_LENGTH = re.compile(r"(?:已经?|将|还|也|正|曾|拟)?(?:在|就|围绕|于|针对|宣布)")
_KIND_WORDS = 8
_NEUTRAL_CLAUSES = 2
_REACH = 24
_REACHES = {"with": 36}  # 与甲公司在产业创新、技术应用、商业发展等方面开展合作
_ADVERBS = 9
_COMPARED = re.compile(r"^(?:和|与|同|跟)$|(?:比|像|如|类|类似|类似于|相当于)$")


@dataclass(frozen=True, slots=True)
class Group:
    """Names in a row, of one family (units, works or people), at `text[start:end]` of a scene."""

    start: int
    end: int
    places: tuple[int, ...]
    elements: tuple[Element, ...]

    def of_kind(self, symbols: str) -> tuple[Element, ...]:
        """Return the elements that a kind of names admits."""
        return tuple(e for e in self.elements if e.symbol in symbols)


def _is_media(element: Element) -> bool:
    record = load_gazetteer().records.get(element.entity.id) if element.entity else None
    return bool(record and record.kind == "media")


def _family(symbol: str) -> str:
    return next((family for family in (UNITS, MADE, PEOPLE) if symbol in family), symbol)


class Clauses:
    """The clauses and groups of one scene."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.text = scene.text
        self.groups = tuple(_find_groups(scene))
        inside = {i for g in self.groups for i in range(g.start, g.end)}
        self._starts = [0]
        for boundary in _BOUNDARY.finditer(self.text):
            if boundary.start() not in inside and boundary.end() < len(self.text):
                self._starts.append(boundary.end())

    def bounds(self, index: int) -> tuple[int, int]:
        """Return where the clause around `index` starts and ends."""
        place = bisect_right(self._starts, index)
        return self._starts[place - 1], self._starts[place] if place < len(self._starts) else len(self.text)

    def subject(self, before: int, symbols: str, *, employer: bool = True) -> Group | None:
        """Return the subject of the kind `symbols` of the clause that `before` stands in, inherited where it has none.

        It is the first group of its clause that is not oblique, cited, or a modifier. A clause about something else
        (a work or person, where a unit is looked for) has none; without `employer`, one about a person who acts for a
        unit has none either.
        """
        start, _ = self.bounds(before)
        stop = before
        if not self._has_subject(start, stop) and not self._is_headless(start, stop):
            return None
        while True:
            for group in self.groups:
                if start <= group.start and group.end <= stop and self._is_nominative(group, start):
                    if group.of_kind(symbols):
                        return group
                    if employer and (unit := self._employer(group, start, symbols)):
                        return unit
                    if not set(symbols) & set(MADE):
                        return None
            if start == 0:
                return None
            stop = start
            start, _ = self.bounds(start - 1)

    def introduced(self, before: int, symbols: str) -> Group | None:
        """Return the work that a clause without any name is about where the one before introduces it.

        推出了新车G9,全系搭载Orin芯片 speaks of the car. Clauses without names may stand between (售价20万元).
        """
        start, _ = self.bounds(before)
        if before - start > _ADVERBS or any(start <= g.start < before for g in self.groups):
            return None
        for _ in range(_NEUTRAL_CLAUSES):
            stop = start
            if not stop or self.text[stop - 1] != ",":
                return None
            start, _ = self.bounds(stop - 1)
            groups = [g for g in self.groups if start <= g.start and g.end <= stop]
            if groups:
                last = groups[-1]
                is_last = stop - last.end <= _KIND_WORDS and last.of_kind(symbols)
                begin = max([start, *(g.end for g in groups[:-1] if g.elements[0].symbol in MADE)])
                return last if is_last and _INTRODUCES.search(self.text, begin, last.start) else None
        return None

    def _employer(self, group: Group, start: int, symbols: str) -> Group | None:
        """Return for whom a person acts: 深言公司CEO陆知遥发布了... is said of the company."""
        number = self.groups.index(group)
        before = self.groups[number - 1] if number else None
        acts_for = before and before.start >= start and group.elements[0].symbol in PEOPLE and self.modifies(before)
        return before if before and acts_for and before.of_kind(symbols) else None

    def _has_subject(self, start: int, stop: int) -> bool:
        return any(start <= g.start and g.end <= stop and self._is_nominative(g, start) for g in self.groups)

    def _is_headless(self, start: int, stop: int) -> bool:
        """Return whether a clause so far has room for adverbs only: what has a subject is not about the one before."""
        oblique = [g for g in self.groups if start <= g.start and g.end <= stop]
        first = oblique[0].start if oblique else stop
        return first - start <= _ADVERBS

    def after(self, index: int, symbols: str, reach: int, *, head: bool = True) -> Group | None:
        """Return the first group of the kind within `reach` characters behind `index`.

        With `head`, a group that only describes the next one is passed over.
        """
        _, end = self.bounds(index)
        owner: Group | None = None
        for group in self.groups:
            if group.start < index:
                continue
            if group.start >= end or group.start - index > reach:
                return owner
            if _COMPARED.search(self.text[index : group.start]):
                return None
            if group.elements[0].text == "其":
                return None  # possessive: 追赶其对手 is not about who is meant by 其
            if self.modifies(group) and (head or not group.of_kind(symbols)):
                index = group.end
                owner = group if group.of_kind(symbols) and not set(symbols) & set(MADE) else None
                continue
            return group if group.of_kind(symbols) else owner
        return owner

    def before(self, index: int, symbols: str, reach: int) -> Group | None:
        """Return the group of the kind that ends at most `reach` characters before `index` in its clause."""
        start, _ = self.bounds(index)
        near = [g for g in self.groups if start <= g.start and index - reach <= g.end <= index]
        if not near or "是" in self.text[near[-1].end : index]:
            return None
        return near[-1] if near[-1].of_kind(symbols) else None

    def led(self, role: str, before: int, symbols: str) -> Group | None:
        """Return the last group before `before` in its clause that the prepositions of `role` lead."""
        start, _ = self.bounds(before)
        for number in range(len(self.groups) - 1, -1, -1):
            group = self.groups[number]
            if group.end > before or before - group.end > _REACHES.get(role, _REACH) or group.start < start:
                continue
            if not group.of_kind(symbols) or (self.modifies(group) and not self._stands_for_work(role, group)):
                continue
            if role == "ba" and _COMPARED.search(self.text[start : group.start]):
                continue  # 将类ChatGPT的技术接入
            head = number
            while head and self.groups[head - 1].start >= start and self.modifies(self.groups[head - 1]):
                head -= 1
            if _LEADS[role].search(self.text[start : self.groups[head].start]):
                return group
        return None

    def _stands_for_work(self, role: str, group: Group) -> bool:
        """Whether a unit before its own work is who one works with: 与微软Copilot合作 says so of 微软."""
        following = next((g for g in self.groups if g.start >= group.end), None)
        return role == "with" and following is not None and following.elements[0].symbol in MADE

    def owner(self, group: Group) -> Group | None:
        """Return whose the work is that a group names: OpenAI in OpenAI的o1."""
        number = self.groups.index(group)
        before = self.groups[number - 1] if number else None
        return before if before and before.elements[-1].symbol in UNITS and self.modifies(before) else None

    def parted(self, group: Group) -> tuple[Group, Group] | None:
        """Part `A与B` into A and B, at the last 与 or, without one, the last 和; not where both do the same apart."""
        if _TOGETHER.match(self.text, group.end) or len(group.places) > 3:
            return None
        cuts = [
            (self.text[a + 1 : b].startswith("和"), i)
            for i, (a, b) in enumerate(zip(group.places, group.places[1:], strict=False), 1)
            if _SPLIT.match(self.text[a + 1 : b])
        ]
        if not cuts:
            return None
        cut = max(cuts, key=lambda c: (not c[0], c[1]))[1]
        places, elements = group.places, group.elements
        left = Group(group.start, places[cut - 1] + 1, places[:cut], elements[:cut])
        return left, Group(places[cut], group.end, places[cut:], elements[cut:])

    def pair(self, before: int, symbols: str) -> Group | None:
        """Return the last group of the kind in the clause of which something is said at length: 甲与乙在X上展开竞争."""
        start, _ = self.bounds(before)
        for group in reversed(self.groups):
            if start <= group.start and group.end <= before and len(group.of_kind(symbols)) > 1:
                return group if _AT_LENGTH.match(self.text, group.end) else None
        return None

    def modifies(self, group: Group) -> bool:
        """Return whether a group only describes the next one: 谷歌 in 谷歌的Gemini."""
        following = next((g for g in self.groups if g.start >= group.end), None)
        if following is None:
            return False
        link = self.text[group.end : following.start]
        first, second = group.elements[-1].symbol, following.elements[0].symbol
        if first in UNITS and second in MADE:
            return bool(_OF_WORK.fullmatch(link))
        if first in UNITS and second in UNITS:
            return bool(_OF_UNIT.fullmatch(link))
        if first in MADE and second in UNITS:
            return bool(_OF_MAKER.fullmatch(link))
        return first in UNITS and second in PEOPLE and bool(_OF_PERSON.fullmatch(link))

    def _is_nominative(self, group: Group, start: int) -> bool:
        if is_cited(self.scene, group.start) or _is_media(group.elements[0]) or self.modifies(group):
            return False
        number = self.groups.index(group)
        while number and self.groups[number - 1].start >= start and self.modifies(self.groups[number - 1]):
            number -= 1
        lead = self.text[start : self.groups[number].start]
        return not _OBLIQUE.search(lead) and not _LONG_OBLIQUE.search(lead)


def _find_groups(scene: Scene) -> Iterator[Group]:
    """Yield the rows of names in order; a unit that only says whose the next work is does not break a row of works."""
    names = sorted(i for i, e in scene.elements.items() if e.symbol in ANY_NAME)
    row: list[int] = []
    skipped = False
    for number, place in enumerate(names):
        if skipped:
            skipped = False
            row.append(place)
            continue
        if row:
            link = scene.text[row[-1] + 1 : place]
            if _LINK.fullmatch(link):
                if _family(scene.text[place]) == _family(scene.text[row[-1]]):
                    row.append(place)
                    continue
                following = names[number + 1] if number + 1 < len(names) else None
                if (
                    following
                    and scene.text[place] in UNITS
                    and scene.text[row[-1]] in MADE
                    and scene.text[following] in MADE
                    and _OF_WORK.fullmatch(scene.text[place + 1 : following])
                ):
                    skipped = True
                    continue
            yield _group(scene, row)
        row = [place]
    if row:
        yield _group(scene, row)


def _group(scene: Scene, places: list[int]) -> Group:
    end = places[-1] + 1
    return Group(places[0], end, tuple(places), tuple(scene.elements[i] for i in places))
