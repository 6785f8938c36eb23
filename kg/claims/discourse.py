"""A `Doc` as scenes: its names with the entities they mean, its quantities and posts, and who is being talked about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.claims import scene as symbols
from kg.claims.antecedents import BOTH, FORMER_OR_LATTER, NAMED_BY_KIND, ORGANIZATION_MEANT, Antecedents
from kg.claims.offices import is_committee
from kg.claims.scene import Element, Scene, build_scene, is_cited
from kg.entities.gazetteer import Gazetteer
from kg.entities.linker import NameUse, link
from kg.model import ORGANIZATIONS, Entity, EntityType, PartialDate
from kg.nlp.names import Name, equations_of, names_of, text_of
from kg.nlp.sentences import split_sentences
from kg.nlp.titles import title_pattern
from kg.text.normalize import fold_name
from kg.text.quantities import find_dates, find_money, find_rounds, find_shares

_BRACKET = re.compile(r"\([^()\n]{3,60}\)")
_KIND = 2
_BRACKET_BEFORE = re.compile(r"\([^()\n]{1,60}\) ?$")
_EXAMPLES = re.compile(r"\((?:如|例如|比如|包括|其中包括|像)(?!果)[^()\n]{2,80}\)")
_PERSON_ANAPHOR = re.compile(
    r"(?<![其])(?:他|她)(?!们|人|国|的?公司)|(?:这位|该名|这名)[^,。;:!?、\n]{0,10}?(?:创始人|创办人|CEO|执行长|首席执行官|高管|科学家|企业家|工程师|研究员|学者|教授|富豪|亿万富翁|掌门人|投资人)"
)
_WORK_ANAPHOR = re.compile(
    r"(?:该|此|这[一]?)款?[\u3400-\u9fff]{0,4}?(?:(?P<model>大模型|模型)|(?P<product>产品|应用|平台|工具|芯片|机器人|手机|软件|助手|智能体|游戏|浏览器))(?![\u3400-\u9fff]?(?:公司|企业|厂商|行业|市场|领域|业务|团队))"
)
# A profile in sections, 【融资】…【客户】…, speaks of the company that it names first.
_SECTION = re.compile(r"【[^【】\n]{2,24}】")
_SECTIONS = 2
# 商务部长: the name of the ministry takes the first half of the post.
_HEAD_OF_OFFICE = re.compile(r"(?<=[部局厅署校社])长(?![期远足大处城])")
# A profile, as lists of start-ups print them: 甲公司是一家专注于...的企业。客户包括...
_INTRODUCED = re.compile(
    rf"\s*(?P<who>[{symbols.COMPANY}])[^{symbols.ANY_NAME},。;!?]{{0,8}}(?:是|为|,)(?:一[家间个]|由|专注|全球|[^{symbols.ANY_NAME},。;!?]{{0,24}}(?:公司|企业|新创|初创|独角兽|厂商|开发商|供应商|龙头|领导者|领先者))"
)
# A profile of a company that it does not name: 德州机器人公司,开发通用机器人。
_UNNAMED = re.compile(
    rf"[^{symbols.ANY_NAME},。;!?]{{0,24}}(?:公司|企业|新创|初创|独角兽|厂商|开发商|供应商|平台)(?:,|[。;]|$)|(?:开发|打造|提供|专注于?|研发|主打)(?!者|商)"
)
_BEHEADED = re.compile(r"[^\w【\s]{1,3}【")  # the body of such a profile: the first section without what it is about
_MAX_PROFILE = 1000
_MAX_HEADING = 40
_OWNS = re.compile(rf"(?:集团)?(?:旗下|子公司|控股|全资)[^{symbols.ANY_NAME},。;!?、]{{0,12}}[{symbols.UNITS}]")
_EXCHANGE = re.compile(
    r"(?:证券|股票)交易(?:所|市场)|(?:港|联|证|纽|上|深|北)交所|^纳斯达克|Nasdaq|NYSE|Stock Exchange", re.I
)
_SCHOOL = re.compile(r"(?:大学|学院|中学|理工|University|College|Institute of Technology|MIT|UC Berkeley)$")


@dataclass(frozen=True, slots=True)
class Discourse:
    """The scenes of a document, in order, each with the organization it is about; all elements; entities by name."""

    scenes: tuple[tuple[Scene, Entity | None], ...]
    elements: tuple[Element, ...]
    names: tuple[tuple[Name, Entity], ...]


def read_discourse(doc: Doc, reference: PartialDate | None, gazetteer: Gazetteer, wordings: Sequence[str]) -> Discourse:
    """Link the names of a `Doc` and lay it out as scenes.

    `wordings` are the names as the original text writes them, one for each of `doc._.names`.
    """
    names = names_of(doc)
    uses = read_uses(doc, wordings)
    pairs = [(e.first, e.second) for e in equations_of(doc)]
    linked = list(zip(names, link(uses, pairs, gazetteer), strict=True))
    text = text_of(doc)
    elements = _elements(text, linked, reference, gazetteer)
    scenes = _scenes(text, elements, gazetteer)
    return Discourse(tuple(scenes), tuple(elements), tuple(linked))


_NEAR = 40


def read_uses(doc: Doc, wordings: Sequence[str]) -> list[NameUse]:
    """Return the names of a `Doc` as the linker wants them: with what stands near those that need it."""
    names = names_of(doc)
    text = text_of(doc)
    uses = []
    for index, (name, wording) in enumerate(zip(names, wordings, strict=True)):
        beside: tuple[str, ...] = ()
        employer = ""
        if len(name.records) > 1 or (name.type is EntityType.PERSON and not name.records and len(name.text) == 2):
            near = [n for n in names[max(0, index - 6) : index + 4] if n.type in ORGANIZATIONS and n is not name]
            near = [n for n in near if n.end > name.start - _NEAR and n.start < name.end + _NEAR]
            near.sort(key=lambda n: (max(name.start - n.end, n.start - name.end), n.start))
            beside = tuple(r for n in near for r in n.records)
            employer = next((fold_name(n.text) for n in near if _is_employer(text, n, name)), "")
        uses.append(NameUse(wording, name.type, name.records, beside, employer))
    return uses


def _is_employer(text: str, unit: Name, person: Name) -> bool:
    """Whether nothing but a post stands between an organization and a person: 甲科技CEO李明."""
    if not unit.end <= person.start <= unit.end + 12:
        return False
    between = text[unit.end : person.start]
    return bool(title_pattern().search(between)) and not re.search(r"[,。;:!?、\n]", between)


def _symbol(entity: Entity, gazetteer: Gazetteer) -> str:
    if entity.type is EntityType.ORGANIZATION:
        record = gazetteer.records.get(entity.id)
        if record.kind == "exchange" if record else _EXCHANGE.search(entity.name):
            return symbols.EXCHANGE
        if (record and record.kind == "university") or _SCHOOL.search(entity.name):
            return symbols.SCHOOL
    return symbols.SYMBOLS[entity.type]


def _elements(
    text: str, linked: Sequence[tuple[Name, Entity]], reference: PartialDate | None, gazetteer: Gazetteer
) -> list[Element]:
    """Return all elements in order; what overlaps a name gives way to it."""
    found = [Element(_symbol(e, gazetteer), n.start, n.end, n.text, e, nested=n.nested) for n, e in linked]
    taken = bytearray(len(text))
    for element in found:
        taken[element.start : element.end] = b"\1" * (element.end - element.start)
    others = [Element(symbols.MONEY, f.start, f.end, text[f.start : f.end], value=f.value) for f in find_money(text)]
    others += [
        Element(symbols.DATE, f.start, f.end, text[f.start : f.end], value=f.value) for f in find_dates(text, reference)
    ]
    others += [Element(symbols.ROUND, f.start, f.end, text[f.start : f.end], value=f.value) for f in find_rounds(text)]
    others += [
        Element(symbols.SHARE, f.start, f.end, text[f.start : f.end], value=str(f.value)) for f in find_shares(text)
    ]
    others += [Element(symbols.PERSON_ANAPHOR, m.start(), m.end(), m.group()) for m in _PERSON_ANAPHOR.finditer(text)]
    others += [Element(symbols.TITLE, a, b, text[a:b]) for a, b in _titles(text, taken)]
    others += [
        Element(symbols.TITLE, m.start(), m.end(), text[m.start() - 1 : m.end()])
        for m in _HEAD_OF_OFFICE.finditer(text)
        if taken[m.start() - 1]
    ]
    for pattern in (ORGANIZATION_MEANT, FORMER_OR_LATTER, BOTH):
        others += [Element(symbols.ORG_ANAPHOR, m.start(), m.end(), m.group()) for m in pattern.finditer(text)]
    others += [
        Element(symbols.MODEL if m["model"] else symbols.PRODUCT, m.start(), m.end(), m.group())
        for m in _WORK_ANAPHOR.finditer(text)
    ]
    for element in others:
        if not any(taken[element.start : element.end]):
            taken[element.start : element.end] = b"\1" * (element.end - element.start)
            found.append(element)
    return sorted(found, key=lambda e: (e.start, -e.end))


def _titles(text: str, taken: bytearray) -> Iterator[tuple[int, int]]:
    """Yield where posts stand; of one that a name runs into, what is left of it: 联想中国|区总裁."""
    pattern = title_pattern()
    for match in pattern.finditer(text):
        start, end = match.span()
        while start < end and taken[start]:
            start += 1
        rest = match if start == match.start() else pattern.search(text, start, end)
        if rest is not None and rest.end() == end:
            yield rest.span()


def _scenes(text: str, elements: list[Element], gazetteer: Gazetteer) -> Iterator[tuple[Scene, Entity | None]]:
    main = _main_unit(elements)
    topic: Entity | None = None
    antecedents = Antecedents(text)
    profiled = _profiled_unit(text, elements)
    unnamed, heading = _BEHEADED.match(text) is not None, None
    index = 0
    for start, end in split_sentences(text):
        own = []
        while index < len(elements) and elements[index].start < end:
            own.append(elements[index])
            index += 1
        about = None if unnamed else profiled or topic or main
        resolved = antecedents.resolve(start, own, about)
        scene = build_scene(text, start, end, resolved)
        if profiled is None and topic in (None, heading) and _leaves_unnamed(scene, len(text)):
            profiled, unnamed = heading, heading is None
        heading = _heading(scene)
        profiled = profiled or _profiled(scene, len(text))
        about = None if unnamed else profiled or topic or main
        yield scene, about
        for remark in _remarks(text, start, end, resolved):
            yield remark, about
        for stretch in _with_examples(text, start, end, resolved):
            yield stretch, about
        if not _goes_on_about(topic, resolved):
            topic = _topic(scene, gazetteer) or topic


def _profiled(scene: Scene, length: int) -> Entity | None:
    """Return the company that a short text introduces in its first sentence: all that it says is about it."""
    if length > _MAX_PROFILE or scene.start > _MAX_HEADING:
        return None
    match = _INTRODUCED.match(scene.text)
    return scene.elements[match.start("who")].entity if match else None


def _leaves_unnamed(scene: Scene, length: int) -> bool:
    """Whether a short text begins with the description of a company that it does not name.

    The heading may name it; without one, nobody is the topic of what follows.
    """
    return length <= _MAX_PROFILE and scene.start <= _MAX_HEADING and _UNNAMED.match(scene.text) is not None


def _heading(scene: Scene) -> Entity | None:
    """Return the company whose name is all that the first line of a text says."""
    if scene.start > 0 or scene.text.strip() not in (*symbols.COMPANY,):
        return None
    return next(e.entity for e in scene.elements.values())


def _remarks(text: str, start: int, end: int, elements: Sequence[Element]) -> Iterator[Scene]:
    """Yield what brackets add to the name before them as scenes of their own: xAI(现已并入SpaceX)."""
    for bracket in _BRACKET.finditer(text, start, end):
        inside = [e for e in elements if bracket.start() < e.start and e.end < bracket.end()]
        place = _first_bracket(text, bracket.start())
        before = [e for e in elements if e.entity and not e.nested and _is_named_by(text, e, place)]
        named = [e for e in inside if e.entity]
        if not before and _tells_of_people(named):
            yield build_scene(text, bracket.start() + 1, bracket.end() - 1, inside)
        runs_on = before and named and before[0].symbol == symbols.PRODUCT and named[0].symbol == symbols.MODEL
        if before and named and (runs_on or len(named[0].text) < len(bracket.group()) - 2):
            yield build_scene(text, bracket.start() + 1, bracket.end() - 1, [before[0], *inside], within=True)


def _is_named_by(text: str, element: Element, place: int) -> bool:
    """Whether the name stands before a bracket at `place`, with what kind of thing it is behind it: 方舟项目(...)."""
    return element.end <= place <= element.end + _KIND and not re.search(r"[^\u3400-\u9fff]", text[element.end : place])


def _tells_of_people(named: Sequence[Element]) -> bool:
    """Whether a bracket may state by itself who is where: (当时李雷任甲公司CEO)."""
    return any(e.symbol in symbols.PEOPLE for e in named) and any(e.symbol in symbols.UNITS for e in named)


def _first_bracket(text: str, start: int) -> int:
    """Return where the first of brackets in a row begins: 甲公司(下称甲)(纽交所:XX)."""
    while ahead := _BRACKET_BEFORE.search(text, max(0, start - 62), start):
        start = ahead.start()
    return start


def _with_examples(text: str, start: int, end: int, elements: Sequence[Element]) -> Iterator[Scene]:
    """Yield what leads up to a bracket, and the bracket, where it names who is meant: 其客户(如甲公司、乙公司)."""
    for bracket in _EXAMPLES.finditer(text, start, end):
        named = [e for e in elements if bracket.start() < e.start < bracket.end() and e.entity]
        if named:
            own = [e for e in elements if e.start < bracket.end()]
            yield build_scene(text, start, bracket.end(), own, opened=bracket.start())


def _profiled_unit(text: str, elements: Sequence[Element]) -> Entity | None:
    """Return the company that a profile in sections is about, None for another text."""
    sections = [m.start() for m in _SECTION.finditer(text)]
    if len(sections) < _SECTIONS:
        return None
    first = next((e for e in elements if e.symbol == symbols.COMPANY and not e.nested), None)
    return first.entity if first and first.start < sections[0] else None


def _main_unit(elements: Sequence[Element]) -> Entity | None:
    """Return the organization that the document names most often."""
    counts = Counter(e.entity.id for e in elements if e.entity and e.entity.type in ORGANIZATIONS)
    if not counts:
        return None
    best = min(counts, key=lambda i: (-counts[i], i))
    return next(e.entity for e in elements if e.entity and e.entity.id == best)


def _goes_on_about(topic: Entity | None, elements: Sequence[Element]) -> bool:
    """Whether a sentence calls the topic 该公司: it goes on about it, whoever else it names."""
    return topic is not None and any(
        e.symbol == symbols.ORG_ANAPHOR and e.entity == topic and NAMED_BY_KIND.match(e.text) for e in elements
    )


def _topic(scene: Scene, gazetteer: Gazetteer) -> Entity | None:
    """Return the first organization of a scene that acts in it rather than being cited."""
    for index, element in sorted(scene.elements.items()):
        if element.symbol in symbols.UNITS and element.entity and not is_cited(scene, index):
            if _OWNS.match(scene.text, index + 1) or is_committee(element.entity):
                continue  # 甲集团旗下的乙 is about 乙
            record = gazetteer.records.get(element.entity.id)
            if record is None or record.kind not in ("media", "exchange", "government"):
                return element.entity
    return None
