"""Who does what a verb says, where the verb's clause does not name him: 张三,1990年生,曾任甲公司总监,后加入乙公司."""

from __future__ import annotations

import re

from kg.claims import scene as symbols
from kg.claims.scene import Element, Scene
from kg.claims.wording import any_of
from kg.model import Entity

_BREAKS = ",;:。!?"
# 向张三提出: the person is addressed, mentioned or owns something, and does not act.
_OBLIQUE = re.compile(any_of("oblique") + "$")
# 张三与李四共同: the second acts too; 张三与李四会面后 tells what the first does.
_WITH = re.compile(r"(?:与|和|同|跟|携手|联合)$")
_TOGETHER = re.compile(r"(?:等人?|两人|二人|一起|一道|共同|联合|联手|携手|合伙|合作|[ 、])*")
_OPENING = re.compile(any_of("opening") + "*")
_SPEAKS = re.compile(any_of("speaks"))
_PASSED_BY = re.compile(any_of("passed_by") + r"[^\ue000-\ue00d,。;:!?]{0,8}$")
_PLURAL = re.compile(any_of("plural"))
_MODIFIES = re.compile(
    rf"(?:[、,]?(?:并|且|后|随后|又|转而|再)?(?:转任|出任|担任|加入|加盟|创立|创办)[^{symbols.PEOPLE}的,。;:!?]{{1,14}})?"
    rf"[^\ue000-\ue00d,。;:!?]{{0,8}}的(?:[^\ue000-\ue00d,。;:!?]{{0,10}}|[^\ue000-\ue008\ue00a-\ue00d,。;:!?]{{0,12}}\ue009)(?P<who>[{symbols.PEOPLE}])"
)
_LEADS = re.compile(any_of("opening", "headless") + "*")
_CONTINUES = re.compile(any_of("continues"))
_NOT_NOW = re.compile(any_of("not_now"))
_NOW = re.compile(any_of("now"))
# A clause that is but an apposition: 张三,甲公司CEO,曾在乙公司工作.
_POST_ALONE = re.compile(
    rf"[{symbols.UNITS}][^{symbols.ANY_NAME},。;:!?、]{{0,12}}{symbols.TITLE}"
    rf"(?:[、/&和兼暨+ \\]{{1,3}}[^{symbols.ANY_NAME},。;:!?]{{0,6}}{symbols.TITLE}){{0,3}}"
)
_OWNS = re.compile(r"的|[^\ue000-\ue00d,。;:!?]{1,8}的[^\ue000-\ue00d,。;:!?]{0,6}[\ue000-\ue003]")


def find_agents(scene: Scene, start: int, end: int, protagonist: Entity | None = None) -> list[Entity]:
    """Return the persons who do what the verb phrase `text[start:end]` of a scene says; none where nobody does.

    They stand behind the phrase where it modifies their name (加入乙公司的张三), before it in its clause, or are the
    subject of an earlier clause; a sentence that names nobody speaks of the `protagonist`.
    """
    text = scene.text
    if modified := _MODIFIES.match(text, end):
        return _entities(scene.between(*modified.span("who")))
    clause = _clause_start(scene, start)
    here = _subjects(scene, clause, start)
    if here is not None:
        return here
    plural = _PLURAL.search(text[clause:start]) is not None
    if not plural and not _has_no_subject(scene, clause, start):
        return []
    bare = True
    while clause > 0:
        stop = clause - 1
        clause = _clause_start(scene, stop)
        heads = _heads(scene, clause, stop)
        if heads is not None and (len(heads) > 1 or not plural):
            return heads
        plural = plural or _PLURAL.search(text[clause:stop]) is not None
        bare = bare and _has_no_subject(scene, clause, stop)
    return [protagonist] if protagonist and bare and not plural else []


def _has_no_subject(scene: Scene, start: int, end: int) -> bool:
    """Whether a clause begins with its verb, so that its subject must be looked for elsewhere."""
    first = min((i for i, _ in _named(scene, start, end)), default=end)
    if first == end:
        return (_LEADS.fullmatch(scene.text, start, end) or _CONTINUES.match(scene.text, start, end)) is not None
    return (
        _LEADS.fullmatch(scene.text, start, first) is not None or _PASSED_BY.search(scene.text[start:first]) is not None
    )


def read_protagonist(scene: Scene, previous: Entity | None) -> Entity | None:
    """Return whom the sentence after `scene` speaks of, if it names nobody; `previous` is whom `scene` spoke of."""
    people = [(i, e) for i, e in sorted(scene.elements.items()) if e.symbol in symbols.PEOPLE and e.entity]
    units = [i for i, e in scene.elements.items() if e.symbol in symbols.UNITS]
    if not people:
        return previous if not units else None
    first, element = people[0]
    heads = _heads(scene, 0, len(scene.text))
    if heads and element.entity in heads and (not units or first < min(units) or _has_post(scene, first)):
        return element.entity
    return None


def is_over(scene: Scene, start: int, end: int) -> bool:
    """Return whether the clause `text[start:end]` before a post, or the one it goes on from, puts it into the past.

    What stands before a person's name says something about the name (前总裁张三) unless it is a time of its own (当时).
    """
    clause = scene.text[start:end]
    if people := [*re.finditer(f"[{symbols.PEOPLE}]", clause)]:
        if re.search(r"当时|那时|早年|早期", clause[: people[-1].start()]):
            return True
        clause = clause[people[-1].end() :]
    if marks := [*_NOW.finditer(clause)]:
        if marks[-1].group() == "仍" and re.search(r"当时|那时", clause[: marks[-1].start()]):
            return True  # 当时,张三仍是
        return bool(_NOT_NOW.search(clause[marks[-1].end() :]))
    if _NOT_NOW.search(clause):
        return True
    earlier = scene.text[:start].rstrip(",")
    earlier = earlier[max(earlier.rfind(mark) for mark in ",;。") + 1 :]
    return (
        not people and bool(re.search(r"曾|先后|早年|历任", earlier)) and not re.search(r"现|目前|如今|后来|后", clause)
    )


def _has_post(scene: Scene, index: int) -> bool:
    return symbols.TITLE in scene.text[max(0, index - 3) : index]


def _clause_start(scene: Scene, index: int) -> int:
    return max(scene.text.rfind(mark, 0, index) for mark in _BREAKS) + 1


def _subjects(scene: Scene, start: int, index: int) -> list[Entity] | None:
    """Return who acts between the beginning of a clause and its verb; None where the clause has no subject."""
    people = [(i, e) for i, e in _named(scene, start, index) if e.symbol in symbols.PEOPLE]
    if not people:
        if re.search(rf"(?<!任)(?<!的){symbols.TITLE}[^{symbols.ANY_NAME},。;:!?]{{0,4}}$", scene.text[start:index]):
            return []  # a title acts whose holder is not named
        others = [i for i, e in _named(scene, start, index) if e.symbol in symbols.UNITS]
        return [] if any(not _PASSED_BY.search(scene.text[start:i]) for i in others) else None
    last = people[-1][0]
    if scene.text[last + 1 : last + 2] == "的":
        return []
    between = [i for i, e in _named(scene, last + 1, index) if e.symbol in symbols.UNITS]
    if between and _SPEAKS.search(scene.text[last + 1 : between[0]]):
        return []
    group = _group_before(scene, start, last)
    if _WITH.search(scene.text[start : group[0]]) and (heads := [e for i, e in people if i < group[0]]):
        together = _TOGETHER.fullmatch(scene.text, last + 1, index) is not None
        return _entities(heads[:1] + ([scene.elements[i] for i in group] if together else []))
    if _OBLIQUE.search(scene.text[start : group[0]]):
        rest = [e for i, e in people if i < group[0]]
        return _entities(rest[:1])
    return _entities([scene.elements[i] for i in group])


def _heads(scene: Scene, start: int, end: int) -> list[Entity] | None:
    """Return the subject of a whole clause where it is a person; none where it is another; None where it has none."""
    for index, element in _named(scene, start, end):
        before = scene.text[start:index]
        if element.symbol in symbols.PEOPLE:
            if re.match(rf"的[{symbols.PEOPLE}]", scene.text[index + 1 : end]):
                continue
            if _OBLIQUE.search(before) or _OWNS.match(scene.text[index + 1 : end]):
                return []
            group = [index]
            while (following := _next_in_group(scene, group[-1], end)) is not None:
                group.append(following)
            return _entities([scene.elements[i] for i in group])
        if element.symbol in symbols.UNITS and _opens(scene, start, index) and not _is_modifier(scene, index, end):
            return None if _POST_ALONE.fullmatch(scene.text, index, end) else []
    return None


def _opens(scene: Scene, start: int, index: int) -> bool:
    """Whether the name at `index` begins the clause that begins at `start`, so that it may be its subject."""
    return _OPENING.fullmatch(scene.text, start, index) is not None


def _is_modifier(scene: Scene, index: int, end: int) -> bool:
    """Whether the unit at `index` only says who the next person is: 谷歌前首席科学家李四."""
    return bool(
        re.match(
            rf"[^{symbols.PEOPLE},。;:!?]{{0,24}}{symbols.TITLE}[^{symbols.ANY_NAME},。;:!?、]{{0,2}}[{symbols.PEOPLE}]",
            scene.text[index + 1 : end],
        )
    )


def _named(scene: Scene, start: int, end: int) -> list[tuple[int, Element]]:
    names = symbols.ANY_NAME
    return [
        (i, e) for i in range(start, end) if (e := scene.elements.get(i)) and e.symbol in names and e.entity is not None
    ]


def _group_before(scene: Scene, start: int, last: int) -> list[int]:
    """Return the enumeration of persons that ends at `last`: 张三、李四和王五."""
    group = [last]
    while match := re.search(
        rf"[{symbols.PEOPLE}](?:、|和|与|及|以及|&|/)(?:[^{symbols.PEOPLE},。;:!?]{{0,16}}(?:{symbols.TITLE}|同事|同学|好友))?$",
        scene.text[start : group[0]],
    ):
        group.insert(0, start + match.start())
    return group


def _next_in_group(scene: Scene, index: int, end: int) -> int | None:
    match = re.match(
        rf"(?:、|和|与|及|以及|&|/)(?:[^\ue000-\ue008\ue00a-\ue00d,。;:!?]{{0,8}}\ue009)?(?=[{symbols.PEOPLE}])",
        scene.text[index + 1 : end],
    )
    return index + 1 + match.end() if match else None


def _entities(elements: list[Element]) -> list[Entity]:
    return [e.entity for e in elements if e.entity is not None]
