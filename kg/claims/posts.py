"""Posts: who is what where, from titles beside names: 微软CEO纳德拉, 陶芳波 心识宇宙创始人, 曾任谷歌副总裁."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.claims import scene as symbols
from kg.claims.agents import find_agents, is_over
from kg.claims.modality import read_modality
from kg.claims.offices import find_office, is_committee
from kg.claims.rules import Finding
from kg.claims.scene import Scene, find_subject
from kg.claims.titles import Chain, Post, read_chains
from kg.claims.wording import any_of
from kg.model import Entity, EntityType, Modality, Predicate

_H, _U = f"[{symbols.PEOPLE}]", f"[{symbols.UNITS}]"
_FREE = f"[^{symbols.ANY_NAME}{symbols.TITLE},。;:!?、]"
_FOLLOWS = re.compile(
    rf"(?:之一|代表|博士)?(?: |:|·|[-—]{{1,8}}|,(?={_H}))?(?:[\u3400-\u9fffA-Za-z]{{1,4}}[-·.])?"
    rf"(?P<who>{_H}(?:(?:、|和|与|及|以及){_H}(?!{_FREE}{{0,12}}{symbols.TITLE})){symbols.MORE})"
)
_BESIDE = re.compile(rf"(?:、|、?兼)(?P<unit>{_U})(?P<who>{_H})(?!的|{_FREE}{{0,6}}{symbols.TITLE})")
# A post that one person holds: who stands behind its holder (甲公司CEO张三和李四) shares it only where two may.
_SINGLE = re.compile(
    r"^(?!.*(?:联合|联席|共同|轮值|副|前后)).*(?:CEO|首席执行官|行政总裁|执行长|董事长|总裁|总经理|主席|首席科学家|CTO|CFO|COO)$"
)
# 作为甲公司创始人和一位投资者,李雷...
_AS_WELL = re.compile(
    rf"[^{symbols.PEOPLE},。;:!?]{{1,24}},(?:[^{symbols.ANY_NAME},。;:!?]{{1,8}}的)?(?P<who>{_H})(?!的|{_FREE}{{0,6}}{symbols.TITLE})"
)
_NAMED = re.compile(
    rf"(?:之一)?(?:就|便|正)?(?:是|为|名叫|名为|叫|由|系)(?P<who>{_H}(?:(?:、|和|与|及|以及){_H}){symbols.MORE})(?!的|{_FREE}{{0,6}}{symbols.TITLE})"
)
_INCLUDES = re.compile(r"(?:之一)?(?:们)?(?:包括了?|(?:,[^,。;:!?]{0,12})?分别(?:是|为):?|有|中有|中的|还有)")
_MEMBER = re.compile(rf"[^{symbols.PEOPLE}。;!?]{{0,30}}?(?P<who>{_H})(?=[,、。;!?和与及等 (]|以及|$)")
_HOLDER = re.compile(rf"{_FREE}{{0,6}}的(?P<who>{_H})")
_ROW = re.compile(r"、?(?:、|和|与|及|以及|/)")
_WHERE = re.compile(rf"的{_FREE}{{0,8}}(?P<unit>{_U})")
_ELSEWHERE = re.compile(any_of("elsewhere") + "$")
_PLAIN_WORDS = re.compile(any_of("plain_words") + "$")
_ADVERBS = any_of("adverbs")
_TENURE = any_of("tenure")
# 从甲公司挖来研发经理张三: who is hired away has left.
_POACHED = re.compile(rf"(?:挖来|挖走|挖角|挖到|招揽|延揽)了?[^{symbols.PEOPLE},。;:!?]{{0,10}}$")
_LEAVES = re.compile(any_of("leaves"))
_WANTS = re.compile(any_of("wants") + "$")
_PUBLIC_OFFICE = re.compile(any_of("public_office") + "$")
_APPOINTS = re.compile(any_of("appoints"))
_WITH_FELLOWS = re.compile(
    rf"(?P<who>{_H}(?:(?:、|和|与){_H}){symbols.MORE})(?:和|与|跟|同|及|以及)(?:[他她{symbols.PERSON_ANAPHOR}]们?的|自己的|其|其他|另外?)?"
    r"(?:其他|另一位|另一名|[0-9一二两三四五六几]位|[0-9一二两三四五六几]名)?$"
)
_ONE_OF_MANY = re.compile(rf"(?:{any_of('copula')})(?P<one>一名|一位|一个|知名|著名)?")
_COPULA = any_of("copula")
_OF_OTHER_THING = re.compile(r"[这那该](?!家|公司|企业|机构|组织)[^,。;]{1,12}的")  # 是这封信的发起人
_STOPS = re.compile(r"之一|[,。;!?、) ]|[和兼与及的]|以及|$")
_VERB = re.compile(
    rf"(?P<verb>{_TENURE}|{_COPULA})(?:了|过)?(?:一名|一位|其|该公司的|公司的| |(?P<gap>{_FREE}{{0,10}}?))$"
)
# 以甲公司CEO的身份: in what capacity somebody acts.
_IN = re.compile(r"(?P<verb>以)(?P<gap>)$")
_CAPACITY = re.compile("的?身份")
_UNKNOWN_UNIT = re.compile(
    r"(?<!公司)(?<!企业)(?<!团队)的$|[A-Z][A-Za-z]+ ?$|我们|某|多位|一些|另一家|几位|两位|多家|其他"
)
# A post elsewhere or with a person: 一家房地产公司的高管, 张三顾问李四.
_OF_ANOTHER = re.compile(rf"(?:一家|一个|某家|另一家)[^,。;]{{0,16}}的[^,。;]{{0,6}}{symbols.TITLE}$")
_LEGAL = "法定代表人"
_PERSONAL = re.compile("(?:顾问|助理|秘书|律师|经纪人|发言人)$")
# An organization in which no name was found: 资本集团股票投资主管.
_UNLISTED = re.compile(
    r"(?<![\u3400-\u9fff])(?!(?:该|这家|本|我|其|此|母|新|子|分|上市|科技|跨国)+(?:公司|集团|银行))[\u3400-\u9fffA-Za-z]{2,6}(?:集团|公司|银行|证券|基金会|大学|研究院|资本|协会)[\u3400-\u9fff]{0,6}$"
)
_APPOSED = re.compile(
    rf"(?P<who>{_H}(?:(?:、|和|与|及){_H}){symbols.MORE})(?P<lead>{_ADVERBS}{{0,4}}[:( -]?|,{_FREE}{{0,16}})$"
)
_HEADLESS = re.compile(rf"(?:^|[,;])(?P<lead>{_ADVERBS}{{0,3}})$")
_ENDS = re.compile(r"(?:之一)?[,。;!?)、]|$| (?!\ue004)")
_ACTS = re.compile(any_of("acts"))
_AWAY = re.compile(r"(?:的|、|和)?[^\ue000-\ue004\ue009,。;!?将拟即传计]{0,8}?" + any_of("away"))
# The writer of an article: 甲报记者 张三, and no more.
_BYLINE = re.compile(
    rf"记者[^{symbols.ANY_NAME}]?{_H}[ )/|]*(?:$|[0-9\n{symbols.DATE}]|报道|发自|摄| {_H}|、{_H}[ )]*$)"
)
# Who writes about an organization is not there: 长期跟踪甲公司的记者张三.
_WATCHES = re.compile("(?:跟踪|关注|报道|追踪|研究|覆盖|看好|看空|追随|解读)$")
_WATCHERS = re.compile("(?:记者|分析师|作家|博主|专家|评论员|作者)$")
_PARLIAMENT = re.compile(r"议员$")
_SCHOOL = re.compile(r"大学|学院|中学")
_AT_SCHOOL = re.compile(rf"{symbols.SCHOOL}[^{symbols.ANY_NAME}。;]{{0,8}},$")
_PARTY = re.compile(r"党$")


def extract_posts(scene: Scene, topic: Entity | None, protagonist: Entity | None = None) -> Iterator[Finding]:
    """Yield the posts and the founders that a scene states with a title and a name.

    A title without an organization (CEO宋亚宸) is a post at the organization that the sentence speaks of, else at the
    `topic`; a sentence without a person speaks of the `protagonist`.
    """
    reader = _Reader(scene, topic, protagonist)
    for chain in read_chains(scene):
        yield from reader.read(chain)


class _Reader:
    """Finds out who holds the posts of a scene, one enumeration after the other."""

    def __init__(self, scene: Scene, topic: Entity | None, protagonist: Entity | None) -> None:
        self.scene, self.topic, self.protagonist = scene, topic, protagonist
        self.end = -1
        self.units: tuple[Entity, ...] = ()
        self.people: list[Entity] = []
        self.former = False

    def read(self, chain: Chain) -> list[Finding]:
        ways = (
            self._fellows,
            self._of_next,
            self._beside,
            self._of_verb,
            self._continued,
            self._apposed,
            self._around,
            self._members,
        )
        return next((found for way in ways if (found := way(chain))), [])

    def _fellows(self, chain: Chain) -> list[Finding]:
        """Return the founders of whom one is told from the others: 张三和他的联合创始人李四, 张三与其他创始人."""
        match = _WITH_FELLOWS.search(self.scene.text[: chain.start])
        if match is None or not chain.posts[0].founder or chain.posts[0].units:
            return []
        unit = find_subject(self.scene, chain.start, self.topic)
        if unit is None:
            return []
        people = self._people(*match.span("who"))
        end = chain.end
        if others := _FOLLOWS.match(self.scene.text, chain.end):
            people += self._people(*others.span("who"))
            end = others.end()
        place = (match.start(), end)
        return self._state(chain.at(unit), people, place, False, Modality.ASSERTED, "founder.fellow", 0.65)

    def _of_next(self, chain: Chain) -> list[Finding]:
        """Return the posts of the person behind the title: 微软CEO纳德拉, 担任微软CEO的纳德拉."""
        text, following = self.scene.text, self.scene.text[chain.end :]
        before = text[: chain.start]
        is_named = chain.posts[-1].units or chain.posts[-1].role == _LEGAL
        match = _FOLLOWS.match(following) or (is_named and _NAMED.match(following)) or None
        if match is None and (
            re.search(rf"(?:{_TENURE}|{_COPULA})$", before)
            or text.startswith(("现任", "时任", "曾任", "新任"), chain.start)
        ):
            match = _HOLDER.match(following)
        if match is None and chain.posts[0].units and before.endswith(("作为", "身为")):
            match = _AS_WELL.match(following)
        if match is None:
            return []
        if following.startswith(",") and not re.search(r"(?:作为|身为|,|^)$", before):
            return []
        if chain.posts[0].units and _WATCHES.search(before) and _WATCHERS.search(chain.posts[-1].role):
            return []
        if chain.posts[-1].role.endswith("记者") and _BYLINE.match("记者" + following):
            return []
        people = self._people(chain.end, chain.end + match.end())
        if len(people) > 1 and "、" not in match["who"] and _SINGLE.match(self.scene.elements[chain.end - 1].text):
            people = people[:1]
        former = bool(
            re.search(r"曾|当时|时任|那时|彼时|昔日|已故|离职|离开|历任", before[-3:])
            or re.search(r"老兵|旧将|旧部", chain.posts[-1].role)
            or _AWAY.match(following[match.end() :])
            or _POACHED.search(before + text[chain.start : chain.end])
        )
        planned = re.search(r"(?:拟任|候任|准|即将(?:出|上|就)任(?:的)?)$", before)
        modality = Modality.PLANNED if planned else Modality.ASSERTED
        place = (chain.start, chain.end + match.end())
        if chain.posts[0].units:
            return self._state(chain, people, place, former, modality)
        if self.units and re.fullmatch(r"[、和与及]|以及|,以及", text[self.end : chain.start]):
            return self._state(chain.at(*self.units), people, place, former, modality, "post.title", 0.85)
        if not self._may_be_at_topic(chain) or (following[:1] == "," and not before.endswith(("作为", "身为"))):
            return []
        unit = find_office(self.scene, chain.start, self.topic, people)
        return self._state(chain.at(unit), people, place, former, modality, "post.topic", 0.6) if unit else []

    def _beside(self, chain: Chain) -> list[Finding]:
        """Return the posts of a person behind an organization where his post is not named: 甲公司创始人、乙资本张三."""
        match = _BESIDE.match(self.scene.text, chain.end)
        if match is None or not chain.posts[0].units:
            return []
        people = self._people(*match.span("who"))
        place = (chain.start, match.end())
        found = self._state(chain, people, place, False, Modality.ASSERTED)
        unit = self.scene.elements[match.start("unit")].entity
        if unit is None:
            return found
        span = self.scene.span(*place)
        now = (("status", "current"),)
        return found + [
            Finding(p, Predicate.WORKS_FOR, unit, Modality.ASSERTED, *span, "post.beside", 0.75, now) for p in people
        ]

    def _of_verb(self, chain: Chain) -> list[Finding]:
        """Return the posts that a verb says somebody holds: 陆奇曾任微软副总裁, 他加入腾讯担任首席科学家."""
        scene, text = self.scene, self.scene.text
        match = _VERB.search(text[: chain.start])
        if match is None and _CAPACITY.match(text, chain.end):
            match = _IN.search(text[: chain.start])
        if match is None or (
            match["gap"] and (len(match["verb"]) == 1 < len(match["gap"]) != 2 and match["verb"] != "是")
        ):
            return []
        begin = match.start()
        if re.fullmatch(_COPULA, match["verb"]) and not _is_said_of(text[:begin]):
            return []
        if match["verb"] in ("现任", "新任") and text[:begin].endswith("的"):
            return []  # 包括甲在内的现任高管
        if _WANTS.search(text[:begin]):
            return []  # 希望成为首席科学家
        people = find_agents(scene, begin, chain.end, self.protagonist)
        if not people:
            return []
        clause = max(text.rfind(mark, 0, begin) for mark in ",;:。") + 1
        places = [i for i, e in scene.elements.items() if e.entity in people and i < begin]
        start = max([clause, *places])
        former = _LEAVES.fullmatch(match["verb"]) is not None or is_over(scene, clause, chain.start)
        modality = read_modality(scene, start, chain.end)
        place = (max(places, default=start), chain.end)
        if chain.posts[0].units:
            return self._state(chain, people, place, former, modality)
        units = self._units_of_verb(chain, begin, max(places, default=clause))
        return self._state(chain.at(*units), people, place, former, modality, "post.held", 0.7) if units else []

    def _units_of_verb(self, chain: Chain, begin: int, agent: int) -> list[Entity]:
        """Return where a post is held whose verb at `begin` names no organization: the last ones after the `agent`."""
        elements, text = self.scene.elements, self.scene.text
        if where := _WHERE.match(text, chain.end):
            unit = elements[where.start("unit")].entity
            return [unit] if unit else []
        places = sorted(i for i in elements if agent < i < begin and self._employs(i))
        if places:
            row = [places.pop()]
            while places and _ROW.fullmatch(text, places[-1] + 1, row[0]):
                row.insert(0, places.pop())
            return [e for i in row if (e := elements[i].entity)]
        if _PUBLIC_OFFICE.search(chain.posts[0].role):
            return []
        clause = max(text.rfind(mark, 0, agent) for mark in ",;:。") + 1
        if appointer := self._appointer(clause, agent):
            return [appointer]
        if chain.posts[0].founder and _OF_OTHER_THING.search(text, begin, chain.end):
            return []
        if not self._may_be_at_topic(chain, held=True) or _is_of_a_kind(text, begin, chain):
            return []
        found = find_subject(self.scene, begin, self.topic)
        return [found] if found and not (_SCHOOL.search(found.name) or is_committee(found)) else []

    def _appointer(self, start: int, end: int) -> Entity | None:
        """Return the organization that gives a person the post: 甲公司聘请乙大学的张三担任CEO."""
        places = [i for i in self.scene.elements if start <= i < end and self._employs(i)]
        if not places or not _APPOINTS.search(self.scene.text, min(places), end):
            return None
        return self.scene.elements[min(places)].entity

    def _employs(self, index: int) -> bool:
        element = self.scene.elements[index]
        if element.symbol not in symbols.UNITS or element.entity is None:
            return False
        return element.symbol != symbols.SCHOOL and not (
            _PARTY.search(element.entity.name) or is_committee(element.entity)
        )

    def _may_be_at_topic(self, chain: Chain, *, held: bool = False) -> bool:
        """Whether a title without organization may be one at the organization that the text speaks of."""
        text = self.scene.text
        if not held and (
            _UNKNOWN_UNIT.search(text[max(0, chain.start - 6) : chain.start])
            or _OF_ANOTHER.search(text[max(0, chain.start - 24) : chain.end])
            or (text[chain.start - 1 : chain.start] in (*symbols.PEOPLE,) and _PERSONAL.search(chain.posts[0].role))
            or (_ELSEWHERE.search(chain.posts[0].role) and not self._is_head_of_school(chain))
        ):
            return False
        if text[chain.start - 1 : chain.start] and text[chain.start - 1] in symbols.MADE:
            return False
        title = text.find(symbols.TITLE, chain.start)
        words = text[chain.start : title].strip(" ")
        if _UNLISTED.search(text[max(0, chain.start - 8) : title]):
            return False
        return not words or bool(_PLAIN_WORDS.search(words))

    def _is_head_of_school(self, chain: Chain) -> bool:
        """Whether a school stands before a bare title of those that schools give: 在甲大学,校长李雷..."""
        before = self.scene.text[: chain.start]
        return chain.posts[0].role.endswith("校长") and _AT_SCHOOL.search(before) is not None

    def _continued(self, chain: Chain) -> list[Finding]:
        """Return the posts of an enumeration that goes on after a comma: 曾任甲公司CTO,乙公司顾问."""
        text = self.scene.text
        if not self.people or text[self.end : chain.start] != "," or not _ENDS.match(text[chain.end :]):
            return []
        if not chain.posts[0].units:
            return []
        return self._state(chain, self.people, (chain.start, chain.end), self.former, Modality.ASSERTED)

    def _apposed(self, chain: Chain) -> list[Finding]:
        """Return the posts of the person before the title: 陶芳波 心识宇宙创始人, 张三,甲公司CEO,."""
        text = self.scene.text
        before, following = text[: chain.start], text[chain.end :]
        match = _APPOSED.search(before)
        if match is not None:
            if "," in match["lead"] and not _ends(following, at_head=text[: match.start()][-1:] in ("", ",")):
                return []
            people = self._people(*match.span("who"))
            start = match.start("who")
        elif (match := _HEADLESS.search(before)) and before and _ENDS.match(following):
            people = find_agents(self.scene, match.start() + 1, chain.end) if text[0] in symbols.PEOPLE else []
            start = match.start() + 1
        else:
            return []
        former = is_over(self.scene, chain.start - len(match["lead"]), chain.start)
        place = (start, chain.end)
        if chain.posts[0].units:
            return self._state(chain, people, place, former, Modality.ASSERTED)
        if match["lead"].strip(" ") not in (":", "("):
            return []
        unit = find_subject(self.scene, start, self.topic)
        if unit is None:
            return []
        return self._state(chain.at(unit), people, place, former, Modality.ASSERTED, "post.held", 0.65)

    def _around(self, chain: Chain) -> list[Finding]:
        """Return the post that stands around a name: 哈佛商学院艾德蒙森教授."""
        match = re.search(rf"(?P<unit>{_U})的?(?P<who>{_H})$", self.scene.text[: chain.start])
        if match is None or chain.posts[0].units or self.scene.text[match.end() : chain.end] != symbols.TITLE:
            return []
        unit = self.scene.elements[match.start("unit")].entity
        if unit is None:
            return []
        people = self._people(*match.span("who"))
        return self._state(chain.at(unit), people, (match.start(), chain.end), False, Modality.ASSERTED)

    def _members(self, chain: Chain) -> list[Finding]:
        """Return the posts of those whom the rest of a sentence lists: 创始人包括甲和曾在乙公司工作的丙."""
        text = self.scene.text
        head = _INCLUDES.match(text, chain.end)
        if head is None or not chain.posts[0].units:
            return []
        people: list[Entity] = []
        position = head.end()
        while match := _MEMBER.match(text, position):
            people += self._people(*match.span("who"))
            position = match.end()
        return self._state(chain, people, (chain.start, position), False, Modality.ASSERTED, confidence=0.8)

    def _state(
        self,
        chain: Chain,
        people: list[Entity],
        place: tuple[int, int],
        former: bool,
        modality: Modality,
        rule: str = "",
        confidence: float = 0.9,
    ) -> list[Finding]:
        self.end, self.people, self.units, self.former = place[1], people, chain.posts[-1].units, former
        span = self.scene.span(*place)
        found: list[Finding] = []
        for person in people:
            for post in chain.posts:
                over = post.former or (former and not post.now)
                for unit in post.units:
                    found += _claims(post, person, unit, over, modality, span, rule, confidence)
        return found

    def _people(self, start: int, end: int) -> list[Entity]:
        return [e.entity for e in self.scene.between(start, end) if e.symbol in symbols.PEOPLE and e.entity]


def _is_of_a_kind(text: str, begin: int, chain: Chain) -> bool:
    """Whether the words from `begin` tell what somebody is, and not where: 他是一位科学家, 她是教授, 他是高管创业."""
    match = _ONE_OF_MANY.match(text, begin, chain.end)
    if match is None:
        return False
    return bool(
        match["one"]
        or _ELSEWHERE.search(chain.posts[0].role)
        or (match.group() == "是" and not _STOPS.match(text, chain.end))
    )


def _is_said_of(before: str) -> bool:
    """Whether a copula behind `before` speaks of a person, or of whom the clause before speaks of."""
    return bool(_APPOSED.search(before) or _HEADLESS.search(before))


def _claims(
    post: Post,
    person: Entity,
    unit: Entity,
    former: bool,
    modality: Modality,
    span: tuple[int, int],
    rule: str,
    confidence: float,
) -> Iterator[Finding]:
    if post.founder:
        yield Finding(unit, Predicate.FOUNDED_BY, person, modality, *span, rule or "post.founder", confidence)
    if not post.role or unit.type is EntityType.PRODUCT or unit.type is EntityType.MODEL:
        return
    if _PARLIAMENT.search(post.role) and _PARTY.search(unit.name):
        return  # 民主党参议员 holds no post in the party
    qualifiers = (("role", post.role), ("status", "former" if former else "current"))
    yield Finding(person, Predicate.WORKS_FOR, unit, modality, *span, rule or "post.title", confidence, qualifiers)


def _ends(following: str, *, at_head: bool) -> bool:
    """Whether an apposition may end before `following`; one whose name begins a clause may go straight to its verb."""
    return bool(_ENDS.match(following) or (at_head and _ACTS.match(following)))
