"""Posts: who is what where, from titles beside names: 微软CEO纳德拉, 陶芳波 心识宇宙创始人, 曾任谷歌副总裁."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.claims import scene as symbols
from kg.claims.agents import find_agents
from kg.claims.modality import read_modality
from kg.claims.rules import Finding
from kg.claims.scene import Scene, find_subject
from kg.claims.titles import Chain, Post, read_chains
from kg.model import Entity, EntityType, Modality, Predicate

_H, _U = f"[{symbols.PEOPLE}]", f"[{symbols.UNITS}]"
_FREE = f"[^{symbols.ANY_NAME}{symbols.TITLE},。;:!?、]"
_FOLLOWS = re.compile(
    rf"(?:之一|代表|博士)?(?: |:|·|,(?={_H}))?(?P<who>{_H}(?:(?:、|和|与|及|以及){_H}(?!{_FREE}{{0,12}}{symbols.TITLE}))*)"
)
_HOLDER = re.compile(rf"的(?P<who>{_H})")
_ADVERBS = (
    r"(?:如今|目前|现在|此前|之前|同时|还|也|曾经|曾|一直|已经|已|将|先后|后来|随后|后|又|则|便|就|正式|原本|原|当时|早年|一度|均|都|分别|既|"
    r"本人|先生|女士|博士|教授|老师|今|现|即|[,( ]|\ue006(?:年|月|起|底|初)?)"
)
_TENURE = (
    r"曾任|曾担任|先后担任|先后任|历任|担任过?|出任|现任|升任|接任|兼任|获任|成为|就任|转任|改任|调任|续任|连任|留任|继任|接棒|新任|履新|"
    r"任职|任命为|聘为|聘任为|选为|推举为|提拔为|擢升为|委任为|晋升为|晋升|升为|当选为?|当上|当过|当|做|被评为|职务为|职位是|身份是|任"
)
_COPULA = r"是|为|作为|身为|系|即"
_VERB = re.compile(rf"(?P<verb>{_TENURE}|{_COPULA})了?(?:一名|一位|其|该公司的|公司的| )?$")
_APPOSED = re.compile(rf"(?P<who>{_H}(?:(?:、|和|与|及){_H})*)(?P<lead>{_ADVERBS}{{0,4}}[:( -]?)$")
_HEADLESS = re.compile(rf"(?:^|[,;])(?P<lead>{_ADVERBS}{{0,3}})$")
_ENDS = re.compile(r"[,。;!?)、]|$| (?!\ue004)")
_AWAY = re.compile(
    r"(?:的|、|和)?(?:[^\ue000-\ue004\ue009,。;!?]{0,8}?)(?:离职|辞职|离任|辞任|辞去|卸任|退休|去世|逝世|离世|被解雇|被罢免|被解职|被开除|出走|引咎|已离开|宣布离开|下台|跳槽)"
)
_NOT_NOW = re.compile(r"曾|时任|历任|此前|先后|之前|当时|早年|原|前(?!沿|景|端|台|者|述|期|后|去|往)|离职|卸任|辞去|离开|退休|一度|最初")
_NOW = re.compile(r"现任|目前|如今|现在|现为|现是|今|新任|兼任|仍|接任|出任|升任")
_PARLIAMENT = re.compile(r"议员$")
_PARTY = re.compile(r"党$")


def extract_posts(scene: Scene, topic: Entity | None, protagonist: Entity | None = None) -> Iterator[Finding]:
    """Yield the posts and the founders that a scene states with a title and a name.

    A title without an organization (CEO宋亚宸) is a post at the organization that the sentence speaks of, else at the
    `topic`; a sentence without a person speaks of the `protagonist`.
    """
    for chain in read_chains(scene):
        yield from _of_next(scene, chain, topic) or _of_verb(scene, chain, topic, protagonist) or _apposed(scene, chain)


def _of_next(scene: Scene, chain: Chain, topic: Entity | None) -> list[Finding]:
    """Return the posts of the person behind the title: 微软CEO纳德拉, 担任微软CEO的纳德拉."""
    following = scene.text[chain.end :]
    match = _FOLLOWS.match(following)
    before = scene.text[: chain.start]
    if match is None and re.search(rf"(?:{_TENURE}|{_COPULA})$", before):
        match = _HOLDER.match(following)
    if match is None:
        return []
    if following.startswith(",") and not re.search(r"(?:作为|身为|,|^)$", before):
        return []
    end = chain.end + match.end()
    people = _people(scene, chain.end, end)
    former = bool(_NOT_NOW.search(before[-3:])) or bool(_AWAY.match(scene.text[end:]))
    modality = Modality.PLANNED if re.search(r"(?:拟任|候任|准|即将(?:出|上|就)任(?:的)?)$", before) else Modality.ASSERTED
    start = chain.start
    if chain.posts[0].units:
        return list(_state(scene, chain, people, (start, end), former, modality))
    unit = find_subject(scene, start, topic)
    if unit is None or (following[:1] == "," and not before.endswith(("作为", "身为"))):
        return []
    return list(_state(scene, chain.at(unit), people, (start, end), former, modality, "post.topic", 0.6))


def _of_verb(scene: Scene, chain: Chain, topic: Entity | None, protagonist: Entity | None) -> list[Finding]:
    """Return the posts that a verb says somebody holds: 陆奇曾任微软副总裁, 他加入腾讯担任首席科学家."""
    match = _VERB.search(scene.text[: chain.start])
    if match is None:
        return []
    copula = re.fullmatch(_COPULA, match["verb"]) is not None
    begin = match.start()
    if copula and not (_APPOSED.search(scene.text[:begin]) or _HEADLESS.search(scene.text[:begin])):
        return []
    people = find_agents(scene, begin, protagonist)
    if not people:
        return []
    places = [i for i, e in scene.elements.items() if e.entity in people and i < begin]
    clause = max(scene.text.rfind(mark, 0, begin) for mark in ",;:。") + 1
    start = max([clause, *places])
    if places and scene.text[start : start + 1] != scene.text[max(places)]:
        start = clause
    former = _is_over(scene, start, chain.start)
    modality = read_modality(scene, start, chain.end)
    span = (min([start, *places]) if places else start, chain.end)
    if chain.posts[0].units:
        return list(_state(scene, chain, people, span, former, modality))
    unit = _nearest_unit(scene, begin, chain.end, topic)
    return list(_state(scene, chain.at(unit), people, span, former, modality, "post.held", 0.7)) if unit else []


def _apposed(scene: Scene, chain: Chain) -> list[Finding]:
    """Return the posts of the person before the title: 陶芳波 心识宇宙创始人, 张三,甲公司CEO,."""
    before = scene.text[: chain.start]
    match = _APPOSED.search(before)
    following = scene.text[chain.end :]
    if match is not None:
        if "," in match["lead"] and not _ENDS.match(following):
            return []
        people = _people(scene, *match.span("who"))
        start = match.start("who")
    elif (match := _HEADLESS.search(before)) and _ENDS.match(following) and before:
        people = find_agents(scene, match.start() + 1) if scene.text[0] in symbols.PEOPLE else []
        start = match.start() + 1
    else:
        return _around(scene, chain)
    former = bool(_NOT_NOW.search(match["lead"])) and not _NOW.search(match["lead"])
    span = (start, chain.end)
    if chain.posts[0].units:
        return list(_state(scene, chain, people, span, former, Modality.ASSERTED))
    if match["lead"].strip(" ") not in (":", "("):
        return _around(scene, chain)
    unit = find_subject(scene, start, None)
    return list(_state(scene, chain.at(unit), people, span, former, Modality.ASSERTED, "post.held", 0.6)) if unit else []


def _around(scene: Scene, chain: Chain) -> list[Finding]:
    """Return the post that stands around a name: 哈佛商学院艾德蒙森教授."""
    match = re.search(rf"(?P<unit>{_U})的?(?P<who>{_H})$", scene.text[: chain.start])
    if match is None or chain.posts[0].units or scene.text[match.end() : chain.end] != symbols.TITLE:
        return []
    unit = scene.elements[match.start("unit")].entity
    if unit is None:
        return []
    people = _people(scene, *match.span("who"))
    return list(_state(scene, chain.at(unit), people, (match.start(), chain.end), False, Modality.ASSERTED))


def _state(
    scene: Scene,
    chain: Chain,
    people: list[Entity],
    place: tuple[int, int],
    former: bool,
    modality: Modality,
    rule: str = "",
    confidence: float = 0.9,
) -> Iterator[Finding]:
    start, end = scene.span(*place)
    for person in people:
        for post in chain.posts:
            over = post.former or (former and not post.now)
            for unit in post.units:
                yield from _claims(post, person, unit, over, modality, (start, end), rule, confidence)


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


def _is_over(scene: Scene, start: int, end: int) -> bool:
    """Whether the clause in front of a post, or one that it goes on from, puts it into the past."""
    clause = scene.text[start:end]
    if marks := [*_NOW.finditer(clause)]:
        return bool(_NOT_NOW.search(clause[marks[-1].end() :]))
    if _NOT_NOW.search(clause):
        return True
    earlier = scene.text[:start].rstrip(",")
    earlier = earlier[max(earlier.rfind(mark) for mark in ",;。") + 1 :]
    return bool(re.search(r"曾|先后|早年", earlier)) and not re.search(rf"[{symbols.PEOPLE}]", clause)


def _nearest_unit(scene: Scene, index: int, end: int, topic: Entity | None) -> Entity | None:
    """Return the organization named last before the verb of a post that names none, else the `topic`."""
    places = [i for i, e in scene.elements.items() if e.symbol in symbols.UNITS and e.entity and i < index]
    return scene.elements[max(places)].entity if places else topic


def _people(scene: Scene, start: int, end: int) -> list[Entity]:
    return [e.entity for e in scene.between(start, end) if e.symbol in symbols.PEOPLE and e.entity]
