"""Claims that the names themselves state: 百度智能云 belongs to 百度, Claude Opus 4.8 is a version of Claude.

Beside them one heuristic: where a sentence (or, weaker, one and the sentence before) names a model or product together
with the organization that the gazetteer knows as its maker, the text is taken to state that it makes it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from kg.claims.clauses import Clauses
from kg.claims.modality import read_modality
from kg.claims.rules import Finding
from kg.claims.scene import ANY_NAME, MADE, NAMES, PEOPLE, UNITS, Element, Scene
from kg.entities.gazetteer import Gazetteer, Record, load_gazetteer
from kg.model import ORGANIZATIONS, WORKS, Entity, EntityType, Modality, Predicate

_GROUP = re.compile(r"(?:控股)?集团(?:公司|有限公司)?$")
_LEAST_STEM = 2
# What is left of a name behind the owner's where it only spells the owner out (甲集团|股份有限公司), names a department
# (甲大学|材料学院, but not a named school: 甲大学|斯隆管理学院), or the country where the owner is at work.
_SAME = re.compile(
    r"(?:(?:投资|基金|资产|股权|管理|咨询|控股|股份|集团|有限|责任|总){0,6}公司|控股|股份|集团){1,2}|[^·]{0,8}(?<!商)(?<!管理)学院|(?:中国|美国|日本|韩国|印度|欧洲|亚太)(?:区|分部)?|委员会"
)
# What share of such claims is annotated, by whether lists have the longer name, and the text the owner by itself.
_OWNS = {(True, True): 0.75, (True, False): 0.6, (False, True): 0.4, (False, False): 0.25}
_MAKES = {(True, True): 0.9, (True, False): 0.75, (False, True): 0.65, (False, False): 0.5}
_SERIES = re.compile(r"(?P<stem>\D{2,60}?)[\s-]*\d")
_PART = re.compile(r"^[ ·]|(?:实验室|研究院|研究所|委员会|学院|事业部|事业群|中心|云|资本|创投)$")


def extract_nested_owners(elements: Sequence[Element]) -> Iterator[Finding]:
    """Yield what an owner's name at the head of a longer name says: 腾讯云, 腾讯元宝, 谷歌DeepMind."""
    outer: Element | None = None
    alone = {e.entity.id for e in elements if e.entity and not e.nested}
    for element in elements:
        if element.symbol not in NAMES or element.entity is None:
            continue
        if not element.nested:
            outer = element
            continue
        if outer is None or outer.entity is None or not outer.start <= element.start < element.end <= outer.end:
            continue
        owned, owner = outer.entity, element.entity
        rest = outer.text[element.end - outer.start :]
        sign = outer.entity.id in load_gazetteer().records, owner.id in alone
        if owned.id == owner.id or _is_independent(owned, owner, rest):
            continue
        if owned.type in ORGANIZATIONS:
            if _SAME.fullmatch(rest.strip()):
                continue
            yield _stated(owned, Predicate.SUBSIDIARY_OF, owner, outer, "name.owner", _OWNS[sign])
        elif owned.type in WORKS:
            yield _stated(owner, _makes(owned), owned, outer, "name.maker", _MAKES[sign])


def extract_group_members(elements: Sequence[Element]) -> Iterator[Finding]:
    """Yield what a group's name says of its namesakes in the document: SK海力士 beside SK集团."""
    units = {e.entity.id: e for e in reversed(elements) if e.symbol in UNITS and e.entity and not e.nested}
    for group in units.values():
        stem = _GROUP.sub("", group.text)
        if stem == group.text or len(stem) < _LEAST_STEM:
            continue
        for unit in units.values():
            if unit is group or not unit.text.startswith(stem) or len(unit.text) == len(stem):
                continue
            if unit.entity and group.entity and not _is_independent(unit.entity, group.entity, unit.text[len(stem) :]):
                yield _stated(unit.entity, Predicate.SUBSIDIARY_OF, group.entity, unit, "name.group", 0.7)


def _is_independent(unit: Entity, owner: Entity, rest: str) -> bool:
    """Return whether the gazetteer knows that a unit is not its namesake's: 京东方 is not 京东's.

    One without a known owner counts as independent unless the `rest` of its name sounds like a part of something.
    """
    gazetteer = load_gazetteer()
    record = gazetteer.records.get(unit.id)
    if record is None or unit.type not in ORGANIZATIONS or (not record.owner and _PART.search(rest)):
        return False
    return owner.id not in _chain(unit.id, gazetteer)


NAMESAKE = "name.namesake"
"""The rule of findings that state no version, but that one work is named after another and has its maker."""


def extract_versions(elements: Sequence[Element]) -> Iterator[Finding]:
    """Yield that a versioned name belongs to the family that the document names too; the longest family wins.

    Those of the rule `NAMESAKE` are no versions: they serve to find who made what.
    """
    first: dict[str, Element] = {}
    names: dict[str, str] = {}
    shorter: dict[str, str] = {}
    tails: set[str] = set()
    named = {e.text.lower().strip() for e in elements if e.symbol in MADE + UNITS}
    for element in elements:
        if element.symbol in MADE and element.entity is not None:
            first.setdefault(element.entity.id, element)
            name = element.text.lower().strip()
            names.setdefault(name, element.entity.id)
            known = element.entity.name.lower()
            if known.endswith(f" {name}"):
                tails.add(known)
            names.setdefault(known, element.entity.id)  # GPT4 is GPT-4
            shorter |= dict.fromkeys(_shorter(name, named), element.entity.id)
    names = {f: i for f, i in shorter.items() if f not in named} | names
    for name, entity_id in sorted(names.items()):
        if name in tails - named:
            continue  # the text says Mythos: that it is a Claude, only the gazetteer tells
        families = [f for f in names if names[f] != entity_id and _is_member(name, f)]
        if families:
            longest = max(families, key=lambda f: (len(f), f))
            family = first[names[longest]]
            member = first[entity_id]
            if member.entity and family.entity:
                is_member = _is_of_kind(member.entity, family.entity, name, longest)
                rule = "name.version" if is_member else NAMESAKE
                yield _stated(member.entity, Predicate.VERSION_OF, family.entity, member, rule, 0.7)


def _is_of_kind(member: Entity, family: Entity, name: str, shorter: str) -> bool:
    """Whether a longer name is that of a member rather than of an app named after a model or a part of a platform.

    Models are called what their makers please. The services of a platform are too (Azure Boost), so that a product
    counts only where its name adds a number or a word for an edition.
    """
    if member.type is not family.type:
        return False
    if member.type is EntityType.MODEL or _EDITION_NAME.search(name.replace(shorter, "", 1)):
        return True
    return name.endswith(shorter) and not name[: -len(shorter)].isascii()  # 折叠屏iPhone


def _shorter(name: str, named: Collection[str]) -> Iterator[str]:
    """Yield a name without the names it begins with and the kind it ends with: claude mythos 5, gpt系列."""
    forms = {name, _KIND.sub("", name)}
    forms |= {
        form[match.end() :].strip()
        for form in forms
        for match in _FIRST_WORD.finditer(form)
        if match.group().strip() in named
    }
    yield from (f for f in sorted(forms) if len(f) > 2 and f != name and f[0].isalpha() and f[0].isascii())


def _is_member(name: str, family: str) -> bool:
    """Whether `name` is `family` with something before or behind it, cut at a word's end: gpt-4o, 新bing, ios 26."""
    if len(family) < 2 or len(name) <= len(family):
        return False
    if name.startswith(family):
        tail = name[len(family) :]
        if _OTHER_KIND.match(tail):
            return False
        if _HAN.fullmatch(family) and _HAN.fullmatch(tail) and not _EDITION.search(tail):
            return False  # 微信支付 is no version of 微信
        return not (tail[0].isascii() and tail[0].isalpha() and family[-1].isalpha() and family[-1].isascii()) and not (
            tail[0] in ".0123456789" and family[-1].isdigit()
        )
    kind = _KIND.search(family)
    if kind and kind.start() > 1 and _HAN.fullmatch(name) and name.startswith(family[: kind.start()]):
        return name.endswith(kind.group())  # 盘古气象大模型 of 盘古大模型
    if name.endswith(family):
        head = name[: -len(family)]
        if head.isascii() and head.strip() not in ("new", "mini"):
            return False
        return not (head[-1].isascii() and head[-1].isalnum() and family[0].isascii() and family[0].isalnum())
    return False


# What is made of a family rather than a member of it: Claude Code, Gemini应用, Microsoft 365 Copilot.
_OTHER_KIND = re.compile(
    r"[\s-]*(?:code\b|apps?\b|应用|copilot|api\b|sdk\b|cli\b|store|studio|llm\b|linux|数据集|平台|框架)"
)
_KIND = re.compile(r"(?:大语言模型|大模型|模型|系列|家族|系列模型)$")
_FIRST_WORD = re.compile(r"^[a-z0-9]+ |^[\u3400-\u9fff]{2,4}(?=[a-z])")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_EDITION = re.compile(r"(?:版|模型|系列|专业|企业|旗舰|青春|极速|代)$")
_EDITION_NAME = re.compile(
    r"[0-9一二三四五六七八九十]|[版代]|系列|专业|企业|旗舰|青春|极速|^[新老大]$|new|mini|(?<![a-z])(?:pro|max|plus|ultra|air|turbo|lite|nano|flash"
    r"|preview|next|neo|elite|edge|se|rt|xl|xs|xr|x|s|t|fe|gt|ti|evo|super|premium|standard|enterprise|edition|health|for|in|opus|sonnet|haiku)(?![a-z])"
)
_NEAR = 120
# What stands before a work that a sentence only uses, compares or replaces, and behind one it only compares.
_USED = re.compile(
    r"(?:(?<!相)比|较|(?<!人)类|像|取代|替代|基于|接入|搭载|预装|脱胎于|仅次于|落后于|兼容|对标|超越|超过)"
    rf"[^{ANY_NAME},。;:!?、的]{{0,4}}$"
)
_PLACED = re.compile(rf"(?<![正存所])在[^{ANY_NAME},。;:!?、的]{{0,4}}$")
_IS_PLACE = re.compile(rf"[^{ANY_NAME},。;:!?、的]{{0,4}}?(?:上|里|中|内|平台|环境|下)")
_LIKENED = re.compile(r"之于|之父|杀手|时刻|上[^线架市]|平台上|设备上|的?设计师")


def extract_known_makers(
    scenes: Sequence[tuple[Scene, Entity | None]], versions: Sequence[Finding], gazetteer: Gazetteer
) -> Iterator[Finding]:
    """Yield the makers that the gazetteer knows of the works that a text speaks of beside them (a heuristic).

    Maker and work stand in one sentence; or the maker is what the text is about (the second of each scene), named in
    the sentence before or, where the sentence names nobody else, within two sentences: what is told further off is
    the maker's work in one of four cases only. An unlisted member of a listed family
    (`versions`) has the family's maker. Works that are only used or compared do not count.
    """
    families = {v.subject.id: v.object.id for v in versions if v.subject.id not in gazetteer.records}
    previous: Scene | None = None
    named = [{e.entity.id for e in _makers_named(scene) if e.entity} for scene, _ in scenes]
    for number, (scene, topic) in enumerate(scenes):
        around = set().union(*named[max(0, number - 2) : number + 3])
        near = previous if previous is not None and scene.start - previous.start < _NEAR else None
        candidates = _makers_named(scene)
        clauses = Clauses(scene)
        works = [*scene.elements.items(), *((-1, e) for e in scene.aside if not e.nested)]
        for place, element in works:
            if element.entity is None or element.symbol not in MADE:
                continue
            record = gazetteer.records.get(families.get(element.entity.id, element.entity.id))
            record = record or _listed_head(element, gazetteer)
            chain = _chain(record.owner, gazetteer)[:2] if record and record.owner else []
            if not chain or (place >= 0 and (_is_used(clauses, place, chain) or _is_denied(clauses, place))):
                continue
            if maker := _nearest(element, chain, candidates):
                yield _between(maker, _makes(element.entity), element, "known.maker", 0.75)
            elif near and topic and topic.id in chain:
                if maker := _nearest(element, chain, _makers_named(near)):
                    yield _between(maker, _makes(element.entity), element, "known.maker_before", 0.6)
                elif topic.id in around and not any(e.symbol in UNITS + PEOPLE for e in scene.names()):
                    yield _stated(topic, _makes(element.entity), element.entity, element, "known.maker_topic", 0.45)
        previous = scene


def _makers_named(scene: Scene) -> list[Element]:
    """Return the names of a scene but for those inside a unit's: 腾讯云 is not 腾讯."""
    units = [e for e in [*scene.names(), *scene.aside] if e.symbol in UNITS and not e.nested]
    return [
        e
        for e in [*scene.names(), *scene.aside]
        if not (e.nested and any(u.start <= e.start < e.end <= u.end for u in units))
    ]


def settle_makers(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out makers that the gazetteer only supplied where the text says of another that it makes the work."""
    stated: dict[str, set[str]] = {}
    for finding in findings:
        if finding.predicate in _MAKING and not finding.rule.startswith("known."):
            stated.setdefault(finding.object.id, set()).add(finding.subject.id)
    return [
        f
        for f in findings
        if not f.rule.startswith("known.maker") or f.subject.id in stated.get(f.object.id, {f.subject.id})
    ]


_MAKING = (Predicate.DEVELOPS, Predicate.OFFERS)
_UNIT = re.compile(r"(?:实验室|研究院|研究所|研究中心|中心|事业群|事业部|团队|工作室|委员会|BG|BU|Labs?|Research)$")


def extract_known_owners(scenes: Sequence[tuple[Scene, Entity | None]], gazetteer: Gazetteer) -> Iterator[Finding]:
    """Yield the owners that the gazetteer knows of a division, lab or brand, where the owner stands in its sentence.

    A unit that could stand on its own counts only directly behind its owner: 北汽极狐, 博通的VMware. That two companies
    of one group stand in one sentence says nothing about who owns whom.
    """
    for scene, _ in scenes:
        units = [e for e in [*scene.names(), *scene.aside] if e.symbol in UNITS and not e.nested]
        in_front = {id(e): scene.elements.get(i - 1 - scene.text[:i].endswith("的")) for i, e in scene.elements.items()}
        for unit in units:
            if unit.entity is None or unit.entity.id not in gazetteer.records:
                continue
            nearby = units if _UNIT.search(unit.text) else [e for e in [in_front.get(id(unit))] if e]
            owner = _nearest(unit, _chain(unit.entity.id, gazetteer)[1:], nearby)
            if owner and owner.entity:
                yield _between(unit, Predicate.SUBSIDIARY_OF, owner, "known.owner", 0.75)


def _listed_head(work: Element, gazetteer: Gazetteer) -> Record | None:
    """Return the listed work of the same kind whose name an unlisted one begins with, where it is that of one alone."""
    for head in gazetteer.find_heads(work.text):
        if len(head.records) == 1 and not head.ambiguous and work.entity and head.records[0].type is work.entity.type:
            return head.records[0]
    return None


def _is_used(clauses: Clauses, place: int, makers: Collection[str]) -> bool:
    """Whether a sentence only uses, compares or likens the work; who acts in a work of their own makes it."""
    group = next(g for g in clauses.groups if g.start <= place < g.end)
    if _LIKENED.match(clauses.text, group.end):
        return True
    start, _ = clauses.bounds(group.start)
    placed = _PLACED.search(clauses.text, start, group.start)
    if placed and _IS_PLACE.match(clauses.text, group.end):
        owner = clauses.scene.elements.get(placed.start() - 1)
        return not (owner and owner.entity and owner.entity.id in makers)
    return bool(_USED.search(clauses.text, start, group.start))


def _is_denied(clauses: Clauses, place: int) -> bool:
    start, _ = clauses.bounds(place)
    return read_modality(clauses.scene, start, place) is Modality.DENIED


def _nearest(work: Element, chain: Sequence[str], names: Sequence[Element]) -> Element | None:
    """Return the nearest name of the first organization of `chain` that is named."""
    for organization in chain:
        fitting = [e for e in names if e.entity and e.entity.id == organization and e.text != work.text]
        if fitting:
            return min(fitting, key=lambda e: (abs(e.start - work.start), e.start))
    return None


def _between(subject: Element, predicate: Predicate, object_: Element, rule: str, confidence: float) -> Finding:
    if subject.entity is None or object_.entity is None:
        raise ValueError("a finding needs two entities")
    span = min(subject.start, object_.start), max(subject.end, object_.end)
    return Finding(subject.entity, predicate, object_.entity, Modality.ASSERTED, *span, rule, confidence)


def contradicts_maker(finding: Finding) -> bool:
    """Return whether the gazetteer's makers contradict a finding.

    It says that a listed organization makes what the gazetteer knows another to make (a parent or a unit of the known
    maker does not contradict it, an unlisted organization neither), or that two of one house are rivals, a unit and its
    namesake partners.
    """
    if finding.predicate is Predicate.PARTNERS_WITH:
        first, second = sorted((finding.subject.name, finding.object.name), key=len)
        return second.startswith(first)
    if finding.predicate is Predicate.COMPETES_WITH:
        return (
            _of_one_house(finding.subject, finding.object)
            or _of_one_series(finding.subject, finding.object)
            or EntityType.ORGANIZATION in (finding.subject.type, finding.object.type)
        )
    if finding.predicate not in (Predicate.DEVELOPS, Predicate.OFFERS):
        return False
    gazetteer = load_gazetteer()
    work, maker = gazetteer.records.get(finding.object.id), gazetteer.records.get(finding.subject.id)
    if work is None or maker is None or not work.owner:
        return False
    return not set(_chain(maker.id, gazetteer)) & set(_chain(work.owner, gazetteer))


def _of_one_series(first: Entity, second: Entity) -> bool:
    """Whether two works differ by their numbers: GPT-4 and GPT-3.5."""
    if first.type in ORGANIZATIONS or second.type in ORGANIZATIONS:
        return False
    one, other = (_SERIES.match(e.name.lower()) for e in (first, second))
    return one is not None and other is not None and one.group("stem") == other.group("stem")


def _of_one_house(first: Entity, second: Entity) -> bool:
    gazetteer = load_gazetteer()
    one, other = gazetteer.records.get(first.id), gazetteer.records.get(second.id)
    if one is None or other is None:
        return False
    return bool(set(_chain(one.owner or one.id, gazetteer)) & set(_chain(other.owner or other.id, gazetteer)))


def _chain(organization: str, gazetteer: Gazetteer) -> list[str]:
    """Return an organization and those that own it, at most three."""
    chain = [organization]
    while (
        (record := gazetteer.records.get(chain[-1])) and record.owner and record.owner not in chain and len(chain) < 3
    ):
        chain.append(record.owner)
    return chain


def _makes(entity: Entity) -> Predicate:
    return Predicate.DEVELOPS if entity.type is EntityType.MODEL else Predicate.OFFERS


def _stated(
    subject: Entity, predicate: Predicate, object_: Entity, at: Element, rule: str, confidence: float
) -> Finding:
    return Finding(subject, predicate, object_, Modality.ASSERTED, at.start, at.end, rule, confidence)
