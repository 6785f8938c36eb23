"""Who does what a verb says, where the verb's clause does not name him: 张三,1990年生,曾任甲公司总监,后加入乙公司."""

from __future__ import annotations

import re

from kg.claims import scene as symbols
from kg.claims.scene import Element, Scene
from kg.model import Entity

_BREAKS = ",;:。!?"
# 向张三提出: the person is addressed, mentioned or owns something, and does not act.
_OBLIQUE = re.compile(
    r"(?:向|对|给|跟|替|据|除了?|告诉|采访|感谢|不满|关于|针对|受|像|如|比|击败|超过|取代|接替|代替)$"
)
# What may stand before the subject of a clause; whatever else stands there is a verb, and the name its object.
_OPENING = re.compile(
    r"(?:[\ue006 (]|今年|去年|近日|此前|随后|目前|不过|但是?|而|同时|其中|最近|日前|当时|当天|对此|此外|据悉|后来|之后|年|月|日|底|初|起|早在|如今|现在|"
    r"因此|然而|所以|虽然|尽管|由于|因为|如果|其实|例如|比如|以及|和|据|另外|早前|本周|上周|昨日|今日|今天|昨天|随即|于是|接着|最终|原来|也就是说|在这一背景下)*"
)
_SPEAKS = re.compile(
    r"表示|宣布|称|说|认为|透露|指出|看到|希望|要求|邀请|建议|发现|预计|看好|评价|批评|投资|起诉|收购|宣称|声称|谈到|提到"
)
_PASSED_BY = re.compile(
    r"(?:从|自|在|于|离开|辞去|告别|结束|卸任|作为|身为|代表|加入|加盟|任职|就职|供职|曾任|担任|任|由|被|与|和|同|、|到|至|为)"
    r"[^\ue000-\ue00d,。;:!?]{0,8}$"
)
_PLURAL = re.compile(r"他们|她们|我们|你们|两人|二人|三人|两者|双方|大家|几人|众人|人们|夫妇|兄弟|团队")
_MODIFIES = re.compile(
    rf"[^\ue000-\ue00d,。;:!?]{{0,8}}的(?:[^\ue000-\ue008\ue00a-\ue00d,。;:!?]{{0,12}}\ue009)?(?P<who>[{symbols.PEOPLE}])"
)
# What a clause without a subject may begin with, before its verb or the name that it goes past.
_LEADS = re.compile(
    rf"(?:{_OPENING.pattern[3:-2]}|曾经?|并且?|还|也|又|之?后|先后|于|在|从|自|已经?|将|就|便|才|正式|一度|继续|选择|决定|宣布|开始|回国|毕业|本科|硕士|博士|"
    r"离开|离职|加入|为|以|作为|通过|因|受邀|再次?|重新|成功|顺利|独自|自己|一手|亲自|联合|共同|一起|携手|另|同样|之前|[0-9]+岁时?|直接|全职|长期|短暂|主要|"
    r"[0-9一二两三四五六七八九十几多半]+(?:年|个?月|天|周)(?:之?后|之?前|来|多|里)?|辞职|退休|辞去|留校|出国|赴美|前往|先|现|至今|期间|时|与|和|同|被|由|先是|最初|最早|早期|原|接任|卸任|任职|就职|供职|担任|曾任|历任|大学|公司|了|工作|"
    r"\ue006|\ue009|、|的)*"
)
_NOT_NOW = re.compile(
    r"曾|时任|历任|此前|先后|(?<![年月日天周入开职业任])之前|当时|早年|原(?!因|来|则|创|生|本)|一度|最初|"
    r"(?<![年月日天周之入开职业任以目提])前(?!沿|景|端|台|者|述|期|后|去|往|不久|来|面)"
)
_NOW = re.compile(
    r"曾|时任|历任|此前|先后|之前|当时|早年|原(?!因|来|则|创|生|本)|前(?!沿|景|端|台|者|述|期|后|去|往|不久|来)|离职|卸任|辞去|离开|退休|一度|最初|毕业后"
)
_NOW = re.compile(r"现任|目前|如今|现在|现为|现是|新任|兼任|仍|接任|出任|升任|现")
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
        return _LEADS.fullmatch(scene.text, start, end) is not None
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
    """Return whether the clause `text[start:end]` in front of a post, or the one it goes on from, puts it into the past.

    What stands before a person's name says something about the name (前总裁张三) unless it is a time of its own (当时).
    """
    clause = scene.text[start:end]
    if people := [*re.finditer(f"[{symbols.PEOPLE}]", clause)]:
        if re.search(r"当时|那时|早年|早期", clause[: people[-1].start()]):
            return True
        clause = clause[people[-1].end() :]
    if marks := [*_NOW.finditer(clause)]:
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
            return []
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
