"""Investments as events: who raised or was bought, from whom, how much, at what valuation, in which round, when.

A document tells an event over several sentences (本轮融资由…领投), so the reader keeps the event it is in.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kg.claims import scene as symbols
from kg.claims.modality import read_modality
from kg.claims.rules import Finding, compile_match
from kg.claims.scene import Scene, is_cited
from kg.model import (
    ORGANIZATIONS,
    Entity,
    EntityType,
    InvestmentKind,
    Modality,
    Money,
    PartialDate,
    Predicate,
    Valuation,
)

_N = symbols.ANY_NAME
_RAISES = [
    compile_match(p)
    for p in (
        rf"{{s:UNIT}}[^{_N}。;!?]{{0,14}}(?:完成|获|获得|宣布)了?[^{_N}。;!?]{{0,6}}由{{PARTYS}}[^{_N}。;!?]{{0,6}}(?:领投|投资)[^{_N}。;!?]{{0,10}}(?:融资|\ue007)",
        rf"{{s:UNIT}}[^{_N}。;!?]{{0,30}}?(?:完成|获得?|获得|筹集|募集|募得|拿到|官宣|斩获|敲定|结束|进行|开启|寻求|启动|宣布|融到|筹得|获投|披露|公布|融得|融资|再获|连获|融了|洽谈|拟|以|正以|接近)[^{_N}。;!?]{{0,24}}?(?:融资|\ue007|募资|种子轮|注资)",
        rf"{{s:UNIT}}(?:的)?[^{_N},。;]{{0,10}}(?:\ue005)?(?:的)?\ue007(?:融资|轮)?",
        rf"{{s:UNIT}}(?:的|新一轮|首轮|上一轮|最新一轮|本轮|这轮|此轮|\ue006)*(?:\ue005)?(?:的)?[^{_N},。;]{{0,6}}融资",
        rf"{{s:UNIT}}[^{_N}。;!?]{{0,16}}(?:筹集|募集|融资|筹得|融到|募得|融了|再融)[^{_N}。;!?]{{0,10}}\ue005",
    )
]
_CONTINUES = re.compile(
    rf"(?:本轮|此轮|该轮|这轮|本次|此次|这次|新一轮|这一轮|此次融资|上述|这笔|该笔)[^{_N}。;!?]{{0,8}}(?:融资|投资|领投|资金|\ue007|募资|轮)"
)
_HEADLESS = re.compile(rf"^[^{_N}。;!?]{{0,24}}(?:完成|获得|宣布完成|筹集|募集)[^{_N}。;!?]{{0,24}}(?:融资|\ue007)")
_LEAD = [
    compile_match(rf"{{s:PARTYS}}(?:{{TITLE}})?(?:[^{_N},。;!?]{{0,6}})?(?:联合|共同|独家|联袂)?领投"),
    compile_match(r"领投方(?:为|是|包括|系|:){s:PARTYS}"),
    compile_match(rf"由{{s:PARTYS}}[^{_N},。;!?]{{0,4}}独家投资"),
]
_FOLLOW = [
    compile_match(rf"{{s:PARTYS}}[^{_N},。;!?]{{0,20}}(?:跟投|参投|参与了?|追加|加注|追投|超额认购|继续|共同投资|联合投资|出资|认购|投资(?!者|人|方|机构|银行|组合)|注资)"),
    compile_match(rf"(?:跟投方|参投方|投资方|投资者|投资人|投资机构|出资方|出资人|老股东|新股东|股东|资方)[^{_N}。;!?]{{0,16}}(?:包括|为|是|有|:|不乏|涵盖|还有|囊括|还包括|主要是)?(?:了)?[^{_N},。;!?]{{0,8}}{{s:PARTYS}}"),
    compile_match(rf"(?:获|获得|获得了|来自|由|引入|引入了|得到|得到了)[^{_N},。;!?]{{0,6}}{{s:PARTYS}}[^{_N},。;!?]{{0,12}}(?:的?投资|的?融资|战略投资|战投|注资|支持|投资的|等)"),
]  # fmt: skip
_FOLLOW.append(
    compile_match(
        rf"{{s:PARTYS}}[^{_N},。;!?]{{0,6}}(?:在|位列|出现在|名列|跻身)[^{_N},。;!?]{{0,4}}(?:投资方|投资人|投资者|股东)"
    )
)
_ADVISER = re.compile(
    rf"^[^{_N},。;!?]{{0,8}}(?:担任|任|为|作为|提供)?[^{_N},。;!?]{{0,8}}(?:(?:财务|法律){symbols.TITLE}|顾问|承销|保荐|FA)"
)
_VALUATION = re.compile(
    r"(?P<stage>投前|投后)?(?:整体|最新|公司)?估值[^\ue000-\ue004\ue005。;!?]{0,16}(?P<m>\ue005)|(?P<n>\ue005)(?:的|左右|以上)?(?P<stage2>投前|投后)?(?:的)?估值"
)
_FUNDING_MONEY = re.compile(
    r"(?:融资|筹集|募集|募资|筹得|融到|获|获得|完成|投资|注资|总额|金额|规模|斥资|出资|以|耗资|作价|价格|达|共|价值|花费|约|投入|掏出|豪掷)[^\ue000-\ue005。;!?]{0,10}(?P<m>\ue005)|(?P<n>\ue005)(?:的|规模的?|现金|全股票|左右)*(?:[^\ue000-\ue005,。;!?]{0,6})(?:融资|投资|\ue007|轮|收购|募资|战略投资|注资|价格|资金|要约)"
)
_MAX_EVIDENCE = 240
_TOTAL = re.compile(r"(?:累计|总共|总计|历史|合计|已经?融资|历轮)[^。;!?]{0,14}$")
_IPO = re.compile(r"(?:IPO|首次公开|上市(?!公司|企业|以来|后|前|时|地|的公司|公司)|招股|挂牌|递表|\ue007)")
_IPO_DONE = re.compile(r"已|完成|成功|正式|敲钟|挂牌|首日|开盘|收盘|股价|市值|登陆了?|上市后|上市以来|于\ue006")
_IPO_RULE = compile_match(
    rf"{{s:UNIT}}[^{_N}。;!?]{{0,30}}?(?:IPO|首次公开募股|首次公开发行|上市(?!公司|企业|以来|后|前|时|地)|招股书|赴港上市|递表|挂牌|\ue007)"
)


@dataclass(slots=True)
class Event:
    """An investment as it is put together; `start` and `end` are offsets of the normalized text."""

    kind: InvestmentKind
    investee: Entity
    modality: Modality
    start: int
    end: int
    investors: dict[str, bool] = field(default_factory=dict)
    parties: dict[str, Entity] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    round: str | None = None
    amount: Money | None = None
    valuation: Valuation | None = None
    date: PartialDate | None = None

    def add_investor(self, entity: Entity, *, lead: bool, span: tuple[int, int]) -> None:
        """Add a party, or learn that a known one led; the investee itself is none."""
        if entity.id == self.investee.id or entity.type not in (*ORGANIZATIONS, EntityType.PERSON):
            return
        self.investors[entity.id] = self.investors.get(entity.id, False) or lead
        self.parties[entity.id] = entity
        self.spans.setdefault(entity.id, span)


def extract_investments(scenes: Sequence[tuple[Scene, Entity | None]], findings: Sequence[Finding]) -> list[Event]:
    """Return the events of a document; `findings` are its claims, from which acquisitions and stakes are taken."""
    events: list[Event] = []
    current: Event | None = None
    for scene, topic in scenes:
        for part in _parts(scene):
            opened = _opened(part, topic, current)
            if opened is not None:
                _fill(opened, part)
                current = next((e for e in reversed(events) if _is_same(e, opened)), None)
                if current is None:
                    current = opened
                    events.append(opened)
                else:
                    _merge(current, opened)
            elif current is not None and _speaks_of_round(part):
                if topic is not None and _has_moved_on(current, part, topic):
                    current = _new(part, topic, 0, len(part.text))
                    events.append(current)
                _fill(current, part)
    events += _from_claims(scenes, findings, events)
    events += _offerings(scenes)
    return [e for e in events if _is_substantial(e)]


def _parts(scene: Scene) -> list[Scene]:
    """Split a sentence that tells of several named rounds into one part a round."""
    rounds = [i for i, e in sorted(scene.elements.items()) if e.symbol == symbols.ROUND]
    rounds = [i for i in rounds if scene.elements[i].value != "strategic"] or rounds
    values = {scene.elements[i].value for i in rounds}
    if len(values) < 2:
        return [scene]
    cuts = [0]
    for previous, here in itertools.pairwise(rounds):
        if scene.elements[previous].value != scene.elements[here].value:
            breaks = [m.end() for m in re.finditer(r"[,、;和及]", scene.text[previous:here])]
            cuts.append(previous + breaks[-1] if breaks else here)
    cuts.append(len(scene.text))
    return [scene.without([(0, a), (b, len(scene.text))]) for a, b in itertools.pairwise(cuts) if b > a]


def _opened(scene: Scene, topic: Entity | None, current: Event | None) -> Event | None:
    """Return a new event where a scene says that an organization raises money."""
    if not re.search(r"融资|\ue007|募资|筹集|募集|筹得|注资|战略投资|融了", scene.text) or _tells_offering(scene):
        return None
    if _CONTINUES.search(scene.text) and current is not None and not _explicit(scene):
        return None
    for pattern in _RAISES:
        for match in pattern.finditer(scene.text):
            investee = scene.elements[match.start("s")].entity
            if investee is None or investee.type is not EntityType.COMPANY or _is_investor(scene, match.start("s")):
                continue
            return _new(scene, investee, match.start(), match.end())
    if "领投" in scene.text:
        return _told_by_lead(scene, topic if current is None else None)
    headless = _HEADLESS.search(scene.text)
    return _new(scene, topic, *headless.span()) if topic and headless else None


def _told_by_lead(scene: Scene, topic: Entity | None) -> Event | None:
    """Return the round that a sentence about its lead investor tells of: the subject's, else the topic's."""
    for index, element in sorted(scene.elements.items()):
        if element.symbol in symbols.UNITS and element.entity:
            if _is_investor(scene, index):
                break
            return _new(scene, element.entity, index, len(scene.text))
    return _new(scene, topic, 0, len(scene.text)) if topic else None


def _tells_offering(scene: Scene) -> bool:
    """Whether the money of a scene comes from going public."""
    named = any(e.symbol == symbols.ROUND and e.value != "IPO" for e in scene.elements.values())
    return (
        not named
        and bool(re.search(r"IPO|首次公开|招股|上市(?!公司)", _symbols_spelt(scene)))
        and "轮" not in scene.text
    )


def _symbols_spelt(scene: Scene) -> str:
    return "".join(scene.elements[i].text if c == symbols.ROUND else c for i, c in enumerate(scene.text))


def _explicit(scene: Scene) -> bool:
    return any(not _is_investor(scene, m.start("s")) for m in _RAISES[1].finditer(scene.text))


def _is_investor(scene: Scene, index: int) -> bool:
    """Whether the name at `index` stands as one that gives the money, advises, or is the source."""
    if is_cited(scene, index):
        return True
    after = scene.text[index + 1 : index + 30]
    before = scene.text[max(0, index - 3) : index]
    if _ADVISER.match(scene.text[index + 1 : index + 24]):
        return True
    head = re.match(
        rf"^(?:[、,和与及][^{_N}]{{0,6}}[{_N}])*[^{_N},。;!?]{{0,8}}(?:领投|跟投|参投|独家投资|出资|认购|投资了|入股)",
        after,
    )
    return bool(head) or before.endswith(("由", "自", "方", "股东", "获得了", "获得", "获", "得到", "引入"))


def _new(scene: Scene, investee: Entity, begin: int, finish: int) -> Event:
    modality = read_modality(scene, begin, finish)
    start, end = scene.span(begin, finish)
    return Event(InvestmentKind.ROUND, investee, modality, start, end)


def _speaks_of_round(scene: Scene) -> bool:
    """Whether a sentence goes on about the round of the sentence before."""
    return bool(_CONTINUES.search(scene.text) or re.search("领投|跟投|参投|投资方|投后|投前", scene.text))


def _has_moved_on(current: Event, scene: Scene, topic: Entity) -> bool:
    """Whether the text speaks of another company by now, and the sentence does not point back to the round."""
    if topic.type is not EntityType.COMPANY or _CONTINUES.search(scene.text):
        return False
    return topic.id != current.investee.id and topic.id not in current.investors


def _is_same(known: Event, other: Event) -> bool:
    """Whether two tellings can be of one event: same investee, and neither round, amount nor year differ."""
    if known.kind is not other.kind or known.investee.id != other.investee.id:
        return False
    if known.round and other.round:
        return known.round == other.round
    if known.date and other.date and known.date.year != other.date.year:
        return False
    amounts = [e.amount for e in (known, other) if e.amount and e.amount.value is not None]
    if len(amounts) == 2 and amounts[0].value and amounts[1].value:
        ratio = amounts[0].value / amounts[1].value
        return amounts[0].currency != amounts[1].currency or Decimal("0.9") <= ratio <= Decimal("1.12")
    return True


def _weight(event: Event) -> int:
    """Return how much a telling says of its event."""
    return len(event.investors) + sum(x is not None for x in (event.round, event.amount, event.valuation, event.date))


def _merge(known: Event, other: Event) -> None:
    """Complete an event by another telling of it."""
    if known.modality is not Modality.ASSERTED and other.modality is Modality.ASSERTED:
        known.modality = other.modality
    if other.end - known.start <= _MAX_EVIDENCE:
        known.end = max(known.end, other.end)
    elif _weight(other) > _weight(known):
        known.start, known.end = other.start, other.end
    known.round = known.round or other.round
    known.amount = known.amount or other.amount
    known.valuation = known.valuation or other.valuation
    known.date = known.date or other.date
    for party, lead in other.investors.items():
        known.add_investor(other.parties[party], lead=lead, span=other.spans[party])


def _fill(event: Event, scene: Scene) -> None:
    """Read round, money, date and investors off a scene into an event, where it does not have them yet.

    The event's evidence grows by the scene where that is near and adds something.
    """
    before = (event.round, event.amount, event.valuation, len(event.investors))
    _read_into(event, scene)
    if (
        before != (event.round, event.amount, event.valuation, len(event.investors))
        and scene.end - event.start <= _MAX_EVIDENCE
    ):
        event.end = max(event.end, scene.end - 1)


def _read_into(event: Event, scene: Scene) -> None:
    elements = sorted(scene.elements.items())
    for _, element in elements:
        named = element.symbol == symbols.ROUND and element.value not in ("IPO", "cornerstone")
        if named and event.round is None and isinstance(element.value, str):
            event.round = element.value
    _fill_money(event, scene)
    if event.date is None:
        event.date = _date(scene)
    for lead, patterns in ((True, _LEAD), (False, _FOLLOW)):
        for pattern in patterns:
            for match in pattern.finditer(scene.text):
                if _ADVISER.match(scene.text[match.end("s") : match.end("s") + 20]):
                    continue
                for element in scene.between(*match.span("s")):
                    if element.entity is not None and element.symbol != symbols.ORG_ANAPHOR:
                        event.add_investor(element.entity, lead=lead, span=scene.span(*match.span()))


def _fill_money(event: Event, scene: Scene) -> None:
    used: set[int] = set()
    for match in _VALUATION.finditer(scene.text):
        index = match.start("m") if match["m"] else match.start("n")
        used.add(index)
        money = scene.elements[index].value
        stage = {"投前": "pre", "投后": "post"}.get(match["stage"] or match["stage2"] or "")
        if event.valuation is None and isinstance(money, Money):
            event.valuation = Valuation(money, stage)
    for match in _FUNDING_MONEY.finditer(scene.text):
        index = match.start("m") if match["m"] else match.start("n")
        money = scene.elements[index].value
        if index in used or event.amount is not None or not isinstance(money, Money):
            continue
        if not _TOTAL.search(scene.text[:index]):
            event.amount = money


def _date(scene: Scene) -> PartialDate | None:
    for _, element in sorted(scene.elements.items()):
        if element.symbol == symbols.DATE and isinstance(element.value, PartialDate):
            return element.value
    return None


def _from_claims(
    scenes: Sequence[tuple[Scene, Entity | None]], findings: Sequence[Finding], events: Sequence[Event]
) -> Iterator[Event]:
    """Yield acquisitions and stakes that the claims state and no round covers, with the money of their sentence."""
    covered = {(e.investee.id, i) for e in events for i in e.investors}
    made: dict[tuple[str, str], Event] = {}
    for finding in findings:
        if finding.predicate is Predicate.ACQUIRED and finding.object.type is not EntityType.PERSON:
            kind = InvestmentKind.ACQUISITION
        elif finding.predicate is Predicate.INVESTED_IN and (finding.object.id, finding.subject.id) not in covered:
            kind = InvestmentKind.STAKE
        else:
            continue
        key = (finding.object.id, str(kind))
        event = made.get(key)
        if event is None:
            event = Event(kind, finding.object, finding.modality, finding.start, finding.end)
            made[key] = event
        event.add_investor(finding.subject, lead=False, span=(finding.start, finding.end))
        scene = next((s for s, _ in scenes if s.start <= finding.start < s.end), None)
        if scene is not None:
            if event.date is None:
                event.date = _date(scene)
            _fill_money(event, scene)
    yield from made.values()


def _offerings(scenes: Sequence[tuple[Scene, Entity | None]]) -> Iterator[Event]:
    """Yield public offerings: who goes public, when, for how much; a listing that is not said to be done is planned."""
    made: dict[str, Event] = {}
    for scene, _ in scenes:
        spelt = _symbols_spelt(scene)
        if not _IPO.search(spelt):
            continue
        for match in _IPO_RULE.finditer(scene.text):
            last = scene.elements.get(match.end() - 1)
            investee = scene.elements[match.start("s")].entity
            if (
                (last is not None and last.value != "IPO")
                or investee is None
                or investee.type is not EntityType.COMPANY
            ):
                continue
            if _is_investor(scene, match.start("s")):
                continue
            event = made.get(investee.id)
            if event is None:
                start, end = scene.span(match.start(), match.end())
                modality = read_modality(scene, match.start(), match.end())
                if modality is Modality.ASSERTED and not _IPO_DONE.search(scene.text):
                    modality = Modality.PLANNED
                event = Event(InvestmentKind.IPO, investee, modality, start, end, round="IPO")
                made[investee.id] = event
            event.date = event.date or _date(scene)
            _fill_money(event, scene)
    yield from made.values()


def _is_substantial(event: Event) -> bool:
    """Whether an event says anything beside that it happened."""
    if event.kind is not InvestmentKind.ROUND:
        return True
    return bool(event.investors or event.amount or event.valuation or event.round)


def investor_findings(event: Event) -> Iterator[Finding]:
    """Yield an `investedIn` claim for every investor of a round."""
    if event.kind is not InvestmentKind.ROUND:
        return
    for party, lead in event.investors.items():
        start, end = event.spans[party]
        yield Finding(
            event.parties[party], Predicate.INVESTED_IN, event.investee, event.modality, start, end,
            "round.lead" if lead else "round.investor", 0.85, (("lead", "true" if lead else None),),
        )  # fmt: skip
