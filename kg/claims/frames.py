"""The engine that applies the frames of `data/relations/*.yaml`: a word and the roles that names play beside it.

A rule (`kg/claims/rules.py`) spells out what stands between two names; a frame names a word and says where to look for
the names, in the clauses of the sentence (`kg/claims/clauses.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from kg.claims import scene as symbols
from kg.claims.clauses import LEADING_ROLES, Clauses, Group
from kg.claims.modality import read_modality
from kg.claims.rules import FOR_BOTH, KINDS, Finding, entities_of, is_only_used, join_entities, read_relations
from kg.claims.scene import Element, Scene, is_cited
from kg.errors import DataError
from kg.model import Entity, Modality

_REACH = 12
_AHEAD = 6
_CLOSE = 8
_MOVED = re.compile(r"[把将向给从]")
_NAME = re.compile(f"[{symbols.ANY_NAME}]")
_HEAD = re.compile(rf"[^{symbols.ANY_NAME},。;:!?、]{{0,14}}(?:的|了|出|名为)[^{symbols.ANY_NAME},。;:!?、]{{0,10}}")
# 新车将采用, 该产品已接入, 它还搭载了, and no 公司已接入
_HEADLESS = re.compile(
    rf"^[^{symbols.ANY_NAME}。;!?]{{0,30}}?(?:^|,|该|这款|此款|本款|新|它)(?:产品|应用|车|机|手机|设备|模型|平台|系统|芯片|机器人|助手|软件|眼镜)?"
    r"(?:还|也|将|已|已经|均|都|则|并|其|全新|全面|首次|率先|正式|深度|同时|可|主要|是|旨在成为|被视为|被看作|堪称|从|与|对){0,3}$"
)
_IT = "它"
_WE = re.compile("我们|咱们")
_THIS = re.compile(r"(?:该|这款|此款|本款)[^,。;]{0,6}$")
_ATTRIBUTE = re.compile(rf"[^{symbols.ANY_NAME},。;:!?]{{0,12}}?的")
_TOPIC_FACTOR = 0.7
_ORDER = {"head": 2, "subject": 2, "owner": 2, "fellows": 4}
_MOST_FELLOWS = 6


@dataclass(frozen=True, slots=True)
class Role:
    """Where a name stands (`place`) and what kinds of names count (`kind`, symbols)."""

    place: str
    kind: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One way to state a relation around a word; `id`, `predicate` and `confidence` as in a rule."""

    id: str
    predicate: str
    words: re.Pattern[str]
    subject: Role
    object: Role
    confidence: float
    reach: int = _REACH
    topic: bool = False
    within_sentence: bool = False
    unless: re.Pattern[str] | None = None
    requires: re.Pattern[str] | None = None
    modality: Modality | None = None
    example: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)


@lru_cache(maxsize=1)
def load_frames() -> tuple[Frame, ...]:
    """Return the frames of the package.

    Raises:
        DataError: a frame names an unknown place or kind.
    """
    return tuple(
        Frame(
            id=name,
            predicate=entry["predicate"],
            words=re.compile(entry["words"]),
            subject=_role(name, entry["subject"]),
            object=_role(name, entry["object"]),
            confidence=float(entry["confidence"]),
            reach=int(entry.get("reach", _REACH)),
            topic=bool(entry.get("topic")),
            within_sentence=entry.get("topic") == "sentence",
            unless=re.compile(entry["unless"]) if "unless" in entry else None,
            requires=re.compile(entry["requires"]) if "requires" in entry else None,
            modality=Modality(entry["modality"]) if "modality" in entry else None,
            example=entry["example"],
        )
        for name, entry in read_relations().items()
        if "words" in entry
    )


def _role(frame: str, text: str) -> Role:
    place, _, kind = text.partition(" ")
    if place not in {"subject", "owner", "after", "before", "head", "fellows", *LEADING_ROLES} or kind not in KINDS:
        raise DataError(f"relations: {frame} has no such role: {text!r}")
    return Role(place, KINDS[kind])


def apply_frames(scene: Scene, topic: Entity | None, work: Entity | None = None) -> Iterator[Finding]:
    """Yield what the frames find in a scene; `topic` and `work` are who and what headless sentences speak of."""
    if not _NAME.search(scene.text):
        return
    clauses = Clauses(scene)
    for frame in load_frames():
        for trigger in frame.words.finditer(scene.text):
            yield from _Reading(frame, clauses, trigger.start(), trigger.end()).findings(topic, work)


class _Reading:
    """One frame at one place of a scene."""

    def __init__(self, frame: Frame, clauses: Clauses, start: int, end: int) -> None:
        self.frame, self.clauses, self.start, self.end = frame, clauses, start, end

    def findings(self, topic: Entity | None, work: Entity | None) -> Iterator[Finding]:
        sides = (self.frame.subject, self.frame.object)
        found: list[Group | None] = [None, None]
        # what stands around the word comes first: a subject is looked for only where there is something to say of it
        for i in sorted((0, 1), key=lambda i: _ORDER.get(sides[i].place, 0) + (i == 0)):
            found[i] = self._find(sides[i], found[1 - i])
            if found[i] is None and sides[i].place == "with":
                found = self._parted(sides)
                break
            if found[i] is None and sides[i].place not in ("subject", "owner"):
                return
        found = self._of_one_kind(found)
        implied = self._implied(sides, found, topic, work)
        members = [
            entities_of(group.of_kind(role.kind)) if group else [implied] if implied else []
            for role, group in zip(sides, found, strict=True)
        ]
        yield from self._joined(members, [g for g in found if g])

    def _find(self, role: Role, other: Group | None) -> Group | None:
        if role.place == "after":
            head = "head" not in (self.frame.subject.place, self.frame.object.place)
            return self.clauses.after(self.end, role.kind, self.frame.reach, head=head)
        if role.place == "before":
            return self.clauses.before(self.start, role.kind, self.frame.reach)
        if role.place == "head":
            return self._head(role.kind, other)
        if role.place == "fellows":
            return self._fellows(role.kind, other)
        if role.place in ("subject", "owner"):
            limit = min(self.start, other.start) if other else self.start
            return self._subject(limit, role.kind, other, employer=role.place == "subject")
        return self.clauses.led(role.place, self.start, role.kind)

    def _subject(self, limit: int, kind: str, other: Group | None, *, employer: bool) -> Group | None:
        """Return the subject; for a work also what the clause before introduces. 它 beside works is no company."""
        subject = self.clauses.subject(limit, kind, employer=employer)
        among_works = set(kind) <= set(symbols.MADE) or self._compares_works(other)
        if among_works and (subject is None or subject.elements[0].symbol in symbols.UNITS):
            introduced = self.clauses.introduced(limit, symbols.MADE)
            is_it = subject is not None and subject.elements[0].text == _IT
            return introduced or (None if is_it else subject)
        return subject

    def _compares_works(self, other: Group | None) -> bool:
        """Whether one argument of a rivalry is a work, so that the other must be one too."""
        return self.frame.predicate == "competesWith" and other is not None and not other.of_kind(symbols.UNITS)

    def _of_one_kind(self, found: Sequence[Group | None]) -> list[Group | None]:
        """Let the owner of a work stand for it where a company is its rival: 谷歌正在应对OpenAI的o1."""
        subject, object_ = found
        if subject and self._compares_works(object_) and object_ and subject.of_kind(symbols.UNITS):
            return [subject, self.clauses.owner(object_) or object_]
        return [subject, object_]

    def _head(self, kind: str, other: Group | None) -> Group | None:
        """Return what the words behind the other argument describe: the assistant in 基于GLM打造的助手."""
        begin = other.end if other and other.start >= self.end else self.end
        following = next((g for g in self.clauses.groups if g.start >= begin), None)
        if following is None or not _HEAD.fullmatch(self.clauses.text[begin : following.start]):
            return None
        return following if following.of_kind(kind) else None

    def _fellows(self, kind: str, group: Group | None) -> Group | None:
        """Return the group itself where its members do something with each other and the word is about nobody else."""
        if group is None or not 1 < len(group.of_kind(kind)) <= _MOST_FELLOWS:
            return None
        return None if _NAME.search(self.clauses.text, group.end, self.start) else group

    def _parted(self, sides: Sequence[Role]) -> list[Group | None]:
        group = self.clauses.before(self.start, sides[0].kind, _CLOSE) or self.clauses.pair(self.start, sides[0].kind)
        if group is None or _MOVED.search(self.clauses.text, group.end, self.start):
            return [None, None]
        return list(self.clauses.parted(group) or (None, None))

    def _implied(
        self, sides: Sequence[Role], found: Sequence[Group | None], topic: Entity | None, work: Entity | None
    ) -> Entity | None:
        """Return what a sentence without a subject is about, where nothing before the word could be its subject."""
        role = next((r for r, g in zip(sides, found, strict=True) if g is None), None)
        group = next((g for g in found if g), None)
        if role is None or group is None or not self.frame.topic or self._is_first_person():
            return None
        if set(role.kind) <= set(symbols.MADE) or self._compares_works(group):
            implied = work if self._is_headless(group.start) else None
        elif self.frame.predicate == "makes" and self._is_of_work():
            return None
        else:
            others = [e.entity for e in self._units_before(group) if e.entity]
            alone = others[0] if others and all(e == others[0] for e in others) else None
            falls_back = role.place != "owner" and self._is_nameless(group)
            outside = None if self.frame.within_sentence else topic
            implied = (alone if falls_back else None) if others else outside
        return None if any(e.entity == implied for e in group.elements) else implied

    def _is_first_person(self) -> bool:
        """Whether a speaker says 我们: who that is, the topic does not tell."""
        return _WE.search(self.clauses.text, 0, self.start) is not None

    def _is_nameless(self, group: Group) -> bool:
        """Whether the clause names nobody else before the word, so that it may speak of who was named before."""
        start, _ = self.clauses.bounds(self.start)
        return all(g is group or not start <= g.start < self.start for g in self.clauses.groups)

    def _is_of_work(self) -> bool:
        """Whether a work does what the word says: 助手上线新功能 is not said of a company."""
        start, _ = self.clauses.bounds(self.start)
        return any(start <= g.start < self.start and g.of_kind(symbols.MADE) for g in self.clauses.groups)

    def _units_before(self, group: Group) -> list[Element]:
        """Return the organizations before the word that could be its subject."""
        scene = self.clauses.scene
        places = (i for i, e in scene.elements.items() if e.symbol in symbols.UNITS and i not in group.places)
        return [scene.elements[i] for i in places if i < self.start and not is_cited(scene, i)]

    def _is_attribute(self, clause: int, groups: Sequence[Group]) -> bool:
        """Whether word and object only describe what follows: 搭载M2的Mac says nothing of the subject before."""
        last = max(groups, key=lambda g: g.end)
        if self.frame.object.place != "after" or self.frame.subject.place != "subject" or last.start < self.end:
            return False
        has_subject = any(clause <= g.start < self.start for g in groups) or _THIS.search(
            self.clauses.text, 0, self.start
        )
        return not has_subject and _ATTRIBUTE.match(self.clauses.text, last.end) is not None

    def _is_headless(self, stop: int) -> bool:
        """Whether nobody is named before the word, and nothing but an anaphor could be its subject."""
        head = self.clauses.text[: min(self.start, stop)]
        if self.frame.predicate == "competesWith":
            its = [i for i, e in self.clauses.scene.elements.items() if e.text == _IT]
            head = "".join(_IT if i in its else c for i, c in enumerate(head))
        return _HEADLESS.search(head) is not None

    def _joined(self, members: Sequence[Sequence[Entity]], groups: Sequence[Group]) -> Iterator[Finding]:
        subjects, objects = members
        if not subjects or not objects:
            return
        frame, text = self.frame, self.clauses.text
        begin = min([self.start, *(g.start for g in groups)])
        end = max([self.end, *(g.end for g in groups)])
        if frame.unless and frame.unless.search(text, begin, end + _AHEAD):
            return
        if frame.requires and not frame.requires.search(text, begin, self.start):
            return
        if frame.predicate == "makes" and any(is_only_used(text, g.start, g.end) for g in groups):
            return
        clause, _ = self.clauses.bounds(self.start)
        if frame.predicate == "poweredBy" and self._is_attribute(clause, groups):
            return
        modality = frame.modality or read_modality(self.clauses.scene, max(begin, clause), end)
        both = any(e.fellow for g in groups for e in g.elements)
        factor = (_TOPIC_FACTOR if len(groups) < 2 else 1) * (FOR_BOTH if both else 1)
        confidence = round(frame.confidence * factor, 2)
        span = self.clauses.scene.span(begin, end)
        yield from join_entities(frame.predicate, subjects, objects, (modality, *span, frame.id, confidence))
