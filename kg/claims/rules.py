"""The engine that applies the rules of `data/relations/*.yaml` to scenes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from kg.claims import scene as symbols
from kg.claims.agents import find_agents, is_over
from kg.claims.modality import read_modality
from kg.claims.scene import Element, Scene, find_subject, is_cited
from kg.errors import DataError
from kg.model import SYMMETRIC, Entity, EntityType, Modality, Predicate, joins_right_types

KINDS = {
    "UNIT": symbols.UNITS,
    "SCHOOL": symbols.SCHOOL,
    "EXCHANGE": symbols.EXCHANGE,
    "MODEL": symbols.MODEL,
    "PRODUCT": symbols.PRODUCT,
    "MADE": symbols.MADE,
    "PERSON": symbols.PEOPLE,
    "PARTY": symbols.UNITS + symbols.PEOPLE,
    "BOUGHT": symbols.COMPANY + symbols.PRODUCT + symbols.ORG_ANAPHOR,
    "RIVAL": symbols.UNITS + symbols.MADE,
    "FOUNDABLE": symbols.COMPANY + symbols.ORGANIZATION + symbols.ORG_ANAPHOR + symbols.PRODUCT,
    "VENTURE": symbols.COMPANY + symbols.ORGANIZATION + symbols.ORG_ANAPHOR,
    "TITLE": symbols.TITLE,
    "MONEY": symbols.MONEY,
}
_GAP = f"[^{symbols.ANY_NAME},。;!?]{{0,16}}?"
_LONG_GAP = f"[^{symbols.ANY_NAME}。;!?]{{0,30}}?"
_ANY_GAP = "[^。;!?]{0,40}?"
# What a member of a list is may stand behind its name: 甲助手、乙平台和丙.
KIND_OF_WORK = (
    "(?:[^\ue000-\ue00d,。;:!?、和与及跟同的是在将为对把被用了]{0,6}?(?:平台|应用|软件|工具|助手|助理|系统|模型|芯片|处理器|显卡|手机|平板|电脑|笔记本|汽车|轿车"
    "|车型|机器人|智能体|引擎|浏览器|框架|产品|游戏|眼镜|头显|音箱|耳机|手表|社区|网站|插件|机型|服务器|服务|功能|系列|版本?|技术))"
)
_SEPARATOR = rf"{KIND_OF_WORK}?(?:[、,/&和与及]|以及|,以及|、以及|,还有|,和|以及)[^{symbols.ANY_NAME},。;:!?、]{{0,8}}"
# An enumeration of investors goes on over members that no name was found in: A、B等机构,以及C.
_LOOSE_SEPARATOR = (
    rf"(?:等[^{symbols.ANY_NAME},。;:!?、]{{0,8}},?(?:以及|和|及)|[、,/&和与及]|以及|,以及|、以及|,还有|,和)"
    rf"(?:[^{symbols.ANY_NAME},。;:!?、]{{1,12}}、){{0,2}}[^{symbols.ANY_NAME},。;:!?、]{{0,8}}"
)
# Partners are listed over members without a name too: A、某某大学、B.
_OPEN_SEPARATOR = (
    rf"(?:、(?:[^{symbols.ANY_NAME},。;:!?、]{{2,12}}、){{1,2}}|,"
    rf"|(?:[、/&和与及]|,?以及|、以及|,还有|,和)[^{symbols.ANY_NAME},。;:!?、]{{0,8}})"
)
_SEPARATORS = {"investedIn": _LOOSE_SEPARATOR, "partnersWith": _OPEN_SEPARATOR}
_MACRO = re.compile(r"\{(?:(?P<role>[so]):)?(?P<kind>[A-Z]+?)(?P<many>S)?\}")


# What stands before a work that is compared or used rather than made: 类ChatGPT, 超越GPT-4, 基于Llama.
NOT_MADE = re.compile(
    r"(?:类|类似|像|超越|超过|基于|使用|在用|采用|接入|搭载|融入|比|对标|版|类的|媲美|应对|支持|调用|连接|兼容|适配|受|前身为|前身是)$"
)

# What stands behind a work that only serves another: GPT赋能的平台, DDR5驱动的电脑.
_SERVES = re.compile(f"[^{symbols.ANY_NAME},。;]{{0,6}}(?:驱动|赋能|加持|支撑)的")


_USES = re.compile(r"(?:接入|搭载|采用|使用|基于|内置|支持|兼容|对标|集成|配备|运行|整合|预装|替代|取代|超越|类似)")
_CONTROL = 50.0  # per cent
_WHOLE = 99.5  # per cent: who has it all is the owner, no investor
_SHARE = re.compile(f"[^{symbols.ANY_NAME},。;]{{0,4}}{symbols.SHARE}")
_BUYS = re.compile("收购|购买|购入|买下")

FOR_BOTH = 0.8
"""Factor of the confidence of what is said of 双方: the sentence that names the two is surer of what they do."""
_LED = re.compile(f"(?:与|同|跟|携手|联合)[^{symbols.ANY_NAME},。;:!?、]{{1,14}}$")
_PARTS = frozenset("与跟同")
_LAST_OF_ROW = frozenset(f"{unit}和" for unit in symbols.UNITS)
_PREPOSITIONS = frozenset("向对从给被比除据")


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to state a relation; `pattern` matches scene text and has the groups `s` and `o`."""

    id: str
    predicate: str
    pattern: re.Pattern[str]
    confidence: float
    modality: Modality | None = None
    status: str | None = None
    topic_subject: bool = False
    topic_object: bool = False
    agent_subject: bool = False
    agent_object: bool = False
    example: dict[str, object] = field(default_factory=dict, compare=False, hash=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim as a rule found it; `start` and `end` are offsets of the normalized text."""

    subject: Entity
    predicate: Predicate
    object: Entity
    modality: Modality
    start: int
    end: int
    rule: str
    confidence: float
    qualifiers: tuple[tuple[str, str | None], ...] = ()


def compile_match(match: str, *, separator: str = _SEPARATOR) -> re.Pattern[str]:
    """Compile the `match` of a rule: macros and gaps expanded; `separator` stands between members of a list.

    Raises:
        DataError: a macro names an unknown kind.
    """

    def expand(found: re.Match[str]) -> str:
        kind, many = found["kind"], found["many"]
        if kind not in KINDS:
            raise DataError(f"relations: unknown kind {kind} in {match!r}")
        one = f"[{KINDS[kind]}]"
        # Separators hold no names, so that a member ends in one place only: an atomic group tries one way alone.
        body = f"{one}(?>(?:{separator})?{one}){symbols.MORE}(?:等)?" if many else one
        return f"(?P<{found['role']}>{body})" if found["role"] else f"(?:{body})"

    with_gaps = match.replace("~~", _LONG_GAP).replace("~", _GAP).replace("...", _ANY_GAP)
    return re.compile(_MACRO.sub(expand, with_gaps))


@lru_cache(maxsize=1)
def read_relations() -> dict[str, dict[str, Any]]:
    """Return the entries of `data/relations/*.yaml` by their ids: rules have a `match`, frames have `words`."""
    folder = resources.files("kg.claims") / "data" / "relations"
    raw: dict[str, dict[str, Any]] = {}
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name):
        raw |= yaml.safe_load(file.read_text("utf-8"))
    return raw


@lru_cache(maxsize=1)
def load_rules() -> tuple[Rule, ...]:
    """Return the rules of the package.

    Raises:
        DataError: a rule is malformed.
    """
    return tuple(
        Rule(
            id=name,
            predicate=entry["predicate"],
            pattern=compile_match(
                entry["match"],
                separator=_SEPARATORS.get(entry["predicate"], _SEPARATOR),
            ),
            confidence=float(entry["confidence"]),
            modality=Modality(entry["modality"]) if "modality" in entry else None,
            status=entry.get("status"),
            topic_subject=entry.get("subject") == "topic",
            topic_object=entry.get("object") == "topic",
            agent_subject=entry.get("subject") == "agent",
            agent_object=entry.get("object") == "agent",
            example=entry["example"],
        )
        for name, entry in read_relations().items()
        if "match" in entry
    )


def apply_rules(scene: Scene, topic: Entity | None, protagonist: Entity | None = None) -> Iterator[Finding]:
    """Yield what the rules find in a scene; headless sentences speak of the `topic`, or the person `protagonist`."""
    for rule in load_rules():
        position = 0
        while match := rule.pattern.search(scene.text, position):
            position = match.start() + 1
            leads = match.start() and "s" in match.groupdict() and match.start("s") == match.start()
            if leads and scene.text[match.start() - 1] in _PREPOSITIONS:
                continue  # an oblique name is no subject: 向谷歌提出收购
            if leads and rule.predicate == "partnersWith" and _LED.search(scene.text, 0, match.start()):
                continue  # 与著名的安全公司甲和乙合作 does not say that 甲 works with 乙
            yield from _findings(rule, scene, match, topic, protagonist)


def _findings(
    rule: Rule, scene: Scene, match: re.Match[str], topic: Entity | None, protagonist: Entity | None
) -> Iterator[Finding]:
    implied = find_subject(scene, match.start(), topic) if rule.topic_subject or rule.topic_object else None
    given = [implied] if implied else []
    if rule.agent_subject or rule.agent_object:
        given = find_agents(scene, match.start(), match.end(), protagonist)
    objects = given if rule.topic_object or rule.agent_object else entities_of(_uncited(scene, *match.span("o")))
    if rule.predicate == "makes":
        objects = entities_of(_uncited(scene, match.start("o"), _end_of_made(scene.text, *match.span("o"))))
    if rule.predicate == "makes" and is_only_used(scene.text, *match.span("o")):
        return
    subjects = given if rule.topic_subject or rule.agent_subject else entities_of(_uncited(scene, *match.span("s")))
    if rule.predicate == "partnersWith" and "s" in match.groupdict():
        subjects, objects = _parted(scene, match, subjects, objects)
    if implied and implied in (objects if rule.topic_subject else subjects):
        return  # the list names the topic itself: 比亚迪、理想汽车等客户 is not about 比亚迪's
    begin = min(match.start(group) for group in match.groupdict())
    if rule.agent_subject or rule.agent_object:
        begin = match.start()
    # what ends (不再担任) is no denial
    modality = rule.modality or read_modality(scene, begin, begin if rule.status == "former" else match.end())
    status, modality = _read_status(rule, scene, match, modality)
    start, end = scene.span(begin, match.end())
    both = any(e.fellow for e in scene.between(*match.span()))
    qualities = modality, start, end, rule.id, round(rule.confidence * (FOR_BOTH if both else 1), 2)
    for finding in _joined(rule, scene, match, subjects, objects, qualities):
        if _is_other_share(scene, match, finding.predicate):
            continue
        if finding.predicate is Predicate.WORKS_FOR:
            finding = replace(finding, qualifiers=(("status", status),))
        yield finding


def _joined(
    rule: Rule,
    scene: Scene,
    match: re.Match[str],
    subjects: Sequence[Entity],
    objects: Sequence[Entity],
    qualities: tuple[Modality, int, int, str, float],
) -> Iterator[Finding]:
    """Yield the relation between the two sides; A、B和C合作 says of A and B too that they work with each other."""
    yield from join_entities(rule.predicate, subjects, objects, qualities)
    if rule.predicate != "partnersWith" or "s" not in match.groupdict():
        return
    is_row = not _PARTS.intersection(scene.text[match.start("s") : match.end("o")])
    if is_row and scene.text[match.end("s") - 1 : match.start("o")] in _LAST_OF_ROW:
        for number, subject in enumerate(subjects):
            yield from join_entities(rule.predicate, [subject], subjects[number + 1 :], qualities)


def _parted(
    scene: Scene, match: re.Match[str], subjects: Sequence[Entity], objects: Sequence[Entity]
) -> tuple[list[Entity], list[Entity]]:
    """Return who stand before 与, and all behind it: 甲与乙和丙合作 says nothing of 乙 and 丙."""
    cut = next((i for i in range(*match.span("s")) if scene.text[i] in _PARTS), None)
    if cut is None and scene.text[match.end("s") : match.start("o")].endswith("和"):
        cut = next((i for i in range(*match.span("o")) if scene.text[i] in _PARTS), None)
    if cut is None:
        return list(subjects), list(objects)
    left = entities_of(_uncited(scene, match.start("s"), cut))
    return left, [e for e in [*subjects, *objects] if e not in left]


def join_entities(
    relation: str,
    subjects: Sequence[Entity],
    objects: Sequence[Entity],
    qualities: tuple[Modality, int, int, str, float],
) -> Iterator[Finding]:
    """Yield the relation between every subject and object whose types admit it; `makes` is develops or offers.

    `qualities` are the modality, start, end, rule and confidence of each finding.
    """
    for subject in subjects:
        for object_ in objects:
            predicate = _predicate(relation, object_)
            if predicate is None or subject.id == object_.id:
                continue
            if not joins_right_types(predicate, subject.type, object_.type):
                continue
            if predicate in SYMMETRIC and object_.id < subject.id:
                first, second = object_, subject
            else:
                first, second = subject, object_
            yield Finding(first, predicate, second, *qualities)


def is_only_used(text: str, start: int, end: int) -> bool:
    """Whether the work at `[start, end)` of a scene is one that another is compared with or built upon."""
    return bool(NOT_MADE.search(text[max(0, start - 3) : start]) or _SERVES.match(text, end))


def _end_of_made(text: str, start: int, end: int) -> int:
    """Return where a list of works that somebody makes ends: 推出G9、P7,搭载Orin names no third one."""
    used = _USES.search(text, start, end)
    return used.start() if used else end


def _read_status(rule: Rule, scene: Scene, match: re.Match[str], modality: Modality) -> tuple[str, Modality]:
    """Return whether a post is held or over; who plans to leave a post holds it."""
    if rule.status == "former" and modality is Modality.PLANNED:
        return "current", Modality.ASSERTED
    clause = max(scene.text.rfind(mark, 0, match.start()) for mark in ",;:。") + 1
    return rule.status or ("former" if is_over(scene, clause, match.start()) else "current"), modality


def _predicate(relation: str, object_: Entity) -> Predicate | None:
    if relation != "makes":
        return Predicate(relation)
    if object_.type is EntityType.MODEL:
        return Predicate.DEVELOPS
    return Predicate.OFFERS if object_.type is EntityType.PRODUCT else None


def _is_other_share(scene: Scene, match: re.Match[str], predicate: Predicate) -> bool:
    """Whether the share that a sentence states contradicts a takeover (below half) or a stake (half bought, or all)."""
    stated = _SHARE.match(scene.text, match.end("o")) if "o" in match.groupdict() else None
    if stated is None or predicate not in (Predicate.ACQUIRED, Predicate.INVESTED_IN):
        return False
    share = scene.elements[stated.end() - 1].value
    per_cent = float(share) if isinstance(share, str) else 0.0
    is_control = per_cent >= _CONTROL
    if predicate is Predicate.ACQUIRED:
        return not is_control
    return is_control and (per_cent >= _WHOLE or _BUYS.search(match.group()) is not None)


def _uncited(scene: Scene, start: int, end: int) -> list[Element]:
    """Return the elements of a stretch that are not merely the source of what the sentence says."""
    return [scene.elements[i] for i in range(start, end) if i in scene.elements and not is_cited(scene, i)]


def entities_of(elements: Iterable[Element]) -> list[Entity]:
    """Return the entities of elements, each once."""
    found = {e.entity.id: e.entity for e in elements if e.entity is not None}
    return list(found.values())
