"""Investments as events: who raised or was bought, from whom, how much, at what valuation, in which round, when.

A document tells an event over several sentences (本轮融资由…领投), so the reader keeps the event it is in.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from kg.claims import scene as symbols
from kg.claims.backers import Backer, find_advisers, find_backers, may_raise
from kg.claims.events import Event, is_same, is_substantial
from kg.claims.modality import read_modality
from kg.claims.offerings import find_offerings, tells_offering
from kg.claims.recipients import FUNDING, find_actor, find_headless, find_recipient
from kg.claims.rules import Finding
from kg.claims.scene import Scene
from kg.claims.terms import clauses_around, date_of, fill_money, fill_price, leading_date
from kg.model import Entity, EntityType, InvestmentKind, Predicate

__all__ = ["Event", "extract_investments", "investor_findings"]

_N = symbols.ANY_NAME
_TRIGGER = re.compile(rf"{FUNDING}|{symbols.ROUND}|募资|筹集|募集|筹得|注资|战略投资|融了|融到|[领跟参]投|增资")
_CONTINUES = re.compile(
    rf"(?:本轮|此轮|该轮|这轮|本次|此次|这次|新一轮|这一轮|上述|这笔|该笔|其中)[^{_N}。;!?]{{0,8}}(?:融资|投资|领投|资金|\ue007|募资|轮|认购)"
)
_GOES_ON = re.compile("领投|跟投|参投|投资方|投资者|投资人|出资方|老股东|新股东|投后|投前")
_MEANT = re.compile(rf"(?:这家|该)[^{_N},。;!?]{{0,16}}(?:公司|企业|独角兽|平台|厂商)")
_ASKED = re.compile(rf"[向从由被与和跟同对给][^{_N},。;!?]{{0,8}}$")
_THIS = re.compile("本轮|此轮|本次|此次|这次")
_REACH = 4  # sentences after which nothing goes on about a round
_NO_SUBJECT = re.compile(
    r"[A-Za-z]{2,}|公司|企业|机构|平台|厂商|品牌|项目|团队|基金|双方|初创|独角兽|开发商|制造商|我们|他们|市场|行业|赛道|领域|国内|全球"
)


def extract_investments(scenes: Sequence[tuple[Scene, Entity | None]], findings: Sequence[Finding]) -> list[Event]:
    """Return the events of a document; `findings` are its claims, from which acquisitions and stakes are taken."""
    reader = _Rounds()
    for number, (scene, topic) in enumerate(scenes):
        reader.read(scene, topic, number)
    plain = [scene for scene, _ in scenes]
    stated = _from_claims(plain, findings, reader.events)
    return [e for e in [*reader.events, *stated, *find_offerings(plain)] if is_substantial(e)]


class _Rounds:
    """Reads rounds sentence by sentence; `current` is the one that a sentence without a company goes on about."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.current: Event | None = None
        self.last = -_REACH  # the sentence that last spoke of the current event

    def read(self, scene: Scene, topic: Entity | None, number: int) -> None:
        """Read the sentence with this number."""
        if not (_TRIGGER.search(scene.text) or _GOES_ON.search(scene.text)):
            return
        if _THIS.search(scene.text) and self.events:
            self.current = self._main(self.current or self.events[-1])
        elif number - self.last > _REACH:
            self.current = None
        carried: Entity | None = None
        for part in _parts(scene):
            opened = self._open(part, topic, carried)
            for event in opened:
                self._keep(event)
                carried = event.investee
            if opened:
                self.last = number
            elif self.current is not None and self._goes_on(part, topic):
                _fill(self.current, part, find_backers(part))
                self.last = number

    def _open(self, part: Scene, topic: Entity | None, carried: Entity | None) -> list[Event]:
        """Return the events that a part of a sentence tells of by itself."""
        if not _TRIGGER.search(part.text) or tells_offering(part):
            return []
        backers = find_backers(part)
        givers = backers.keys() | find_advisers(part)
        recipient = find_recipient(part, givers)
        if recipient is not None:
            investees, begin, end = recipient.entities, recipient.start, recipient.end
        else:
            if self.current is not None and carried is None and _CONTINUES.search(part.text):
                return []
            headless = find_headless(part)
            trigger = re.search("[领跟参]投|\ue007", part.text) or _CONTINUES.search(part.text)
            if headless is None and not ((backers or carried) and trigger):
                return []
            begin, end = headless or (0, len(part.text))
            told = headless[0] if headless else min([trigger.start() if trigger else end, *backers])
            investee = self._implied(part, told, givers, topic, carried)
            investees = (investee,) if investee else ()
        events = [_new(part, investee, begin, end) for investee in investees]
        for event in events:
            _fill(event, part, backers if len(events) == 1 else {})
        return events

    def _implied(
        self, part: Scene, end: int, givers: set[int], topic: Entity | None, carried: Entity | None
    ) -> Entity | None:
        """Return who raises the money where the words do not say it beside the verb."""
        actor = find_actor(part, end, givers)
        if actor is not None or carried is not None:
            return actor or carried
        if _NO_SUBJECT.search(part.text[:end]) and not (_CONTINUES.search(part.text) or _MEANT.search(part.text[:end])):
            return None
        parties = {b.entity.id for i in givers if (b := part.elements[i]).entity}
        if self.current is not None and (topic is None or not may_raise(topic) or topic.id in parties):
            return self.current.investee
        return topic if topic is not None and may_raise(topic) and topic.id not in parties else None

    def _goes_on(self, part: Scene, topic: Entity | None) -> bool:
        """Whether a part goes on about the current round: it points back, or its company is still the same."""
        if self.current is None:
            return False
        if _CONTINUES.search(part.text):
            return True
        named = {e.entity.id for e in part.elements.values() if e.entity and may_raise(e.entity)}
        same = topic is None or topic.id == self.current.investee.id or topic.id in self.current.investors
        return bool(_GOES_ON.search(part.text)) and (same or not may_raise(topic or self.current.investee) or not named)

    def _main(self, current: Event) -> Event:
        """Return the round that the document is about, which 本轮 means, where it has told of earlier ones since."""
        return next(e for e in self.events if e.investee.id == current.investee.id)

    def _keep(self, event: Event) -> None:
        """Add an event, or complete the one that it tells again."""
        known = next((e for e in reversed(self.events) if is_same(e, event)), None)
        if known is None:
            self.events.append(event)
        else:
            known.merge(event)
        self.current = known or event


def _parts(scene: Scene) -> list[Scene]:
    """Split a sentence that tells of several rounds into one part a round."""
    found = {*_cuts_between_rounds(scene), *_cuts_between_years(scene), *_cuts_between_recipients(scene)}
    cuts = sorted({0, *found, len(scene.text)})
    if len(cuts) == 2:
        return [scene]
    return [scene.without([(0, a), (b, len(scene.text))]) for a, b in itertools.pairwise(cuts)]


def _cuts_between_rounds(scene: Scene) -> Iterator[int]:
    rounds = [i for i, e in sorted(scene.elements.items()) if e.symbol == symbols.ROUND]
    rounds = [i for i in rounds if scene.elements[i].value not in ("strategic", "IPO", "cornerstone")]
    for previous, here in itertools.pairwise(rounds):
        if scene.elements[previous].value != scene.elements[here].value:
            breaks = [m.end() for m in re.finditer(r"[,;、和及]", scene.text[previous:here])]
            clauses = [m.end() for m in re.finditer(r"[,;]", scene.text[previous:here])]
            yield previous + (clauses or breaks or [here - previous])[-1]


def _cuts_between_years(scene: Scene) -> Iterator[int]:
    """Yield where a clause with a date and money begins, after another with a different one."""
    dated: str | None = None
    for clause in re.finditer(r"[^,;]+", scene.text):
        inside = [scene.elements[i] for i in range(*clause.span()) if i in scene.elements]
        date = next((e.text for e in inside if e.symbol == symbols.DATE), None)
        if date is None or not re.search("融资|筹集|募集|募资|融了|获投", clause.group()):
            continue
        if dated is not None and dated != date:
            yield clause.start()
        dated = date


def _cuts_between_recipients(scene: Scene) -> Iterator[int]:
    """Yield where a clause begins that says of another company that it raises money: A获得B投资,C获得D投资."""
    known: tuple[Entity, ...] = ()
    clauses = list(re.finditer(r"[^,;]+", scene.text))
    if len(clauses) < 2 or sum(e.symbol in symbols.COMPANY for e in scene.elements.values()) < 2:
        return
    for clause in clauses:
        if not _TRIGGER.search(clause.group()) and "投资" not in clause.group():
            continue
        begin, end = clause.span()
        part = scene.without([(0, begin), (end, len(scene.text))])
        recipient = find_recipient(part, find_backers(part).keys() | find_advisers(part))
        if recipient is None or _ASKED.search(part.text, 0, recipient.start):
            continue
        if known and not set(known) & set(recipient.entities):
            yield begin
        known = recipient.entities


def _new(scene: Scene, investee: Entity, begin: int, finish: int) -> Event:
    modality = read_modality(scene, begin, finish)
    start, end = scene.span(begin, finish)
    return Event(InvestmentKind.ROUND, investee, modality, start, end)


def _fill(event: Event, scene: Scene, backers: dict[int, Backer]) -> None:
    """Read round, money, date and investors off a scene into an event, where it does not have them yet.

    The event's evidence grows by the scene where that is near and adds something.
    """
    before = event.weight
    for _, element in sorted(scene.elements.items()):
        named = element.symbol == symbols.ROUND and element.value not in ("IPO", "cornerstone")
        if named and event.round is None and isinstance(element.value, str):
            event.round = element.value
    fill_money(event, scene)
    if event.date is None:
        event.date = date_of(scene)
    for backer in backers.values():
        if backer.element.entity is not None:
            span = scene.span(backer.start, backer.end)
            event.add_investor(backer.element.entity, lead=backer.lead, span=span)
    if event.weight != before:
        event.widen(scene.end - 1)


def _from_claims(scenes: Sequence[Scene], findings: Sequence[Finding], events: Sequence[Event]) -> Iterator[Event]:
    """Yield acquisitions and stakes that the claims state and no round covers, with the money of their clauses."""
    covered = {(e.investee.id, i) for e in events for i in e.investors}
    made: dict[tuple[str, str], Event] = {}
    for finding in findings:
        if finding.predicate is Predicate.ACQUIRED and finding.object.type is not EntityType.PERSON:
            kind = InvestmentKind.ACQUISITION
        elif _is_stake(finding) and (finding.object.id, finding.subject.id) not in covered:
            kind = InvestmentKind.STAKE
        else:
            continue
        scene = next((s for s in scenes if s.start <= finding.start < s.end), None)
        part = None
        if scene is not None:
            part = clauses_around(scene, finding.start, finding.end, margin=int(kind is InvestmentKind.ACQUISITION))
            if kind is InvestmentKind.STAKE and re.search(rf"{FUNDING}|募集|筹集|\ue007", part.text):
                kind = InvestmentKind.ROUND
        if scene is not None and finding.end > scene.end and any(_tells_of(e, finding) for e in events):
            continue  # of a round whose sentences have said who its investors are
        key = (finding.object.id, str(kind))
        event = made.get(key)
        if event is None:
            event = Event(kind, finding.object, finding.modality, finding.start, finding.end, is_claimed=True)
            made[key] = event
        event.add_investor(finding.subject, lead=False, span=(finding.start, finding.end))
        if part is not None:
            event.date = event.date or date_of(part) or (leading_date(scene, finding.start) if scene else None)
            fill_money(event, part)
            if scene is not None and (event.amount is None or event.amount.value is None):
                fill_price(event, scene, finding.end)
    yield from made.values()


def _tells_of(event: Event, finding: Finding) -> bool:
    return event.investee.id == finding.object.id and event.start < finding.end and finding.start < event.end


def _is_stake(finding: Finding) -> bool:
    return finding.predicate is Predicate.INVESTED_IN and may_raise(finding.object)


def investor_findings(event: Event) -> Iterator[Finding]:
    """Yield an `investedIn` claim for every investor of a round that was not itself read off such claims."""
    if event.kind is not InvestmentKind.ROUND or event.is_claimed:
        return
    for party, lead in event.investors.items():
        start, end = event.spans[party]
        yield Finding(
            event.parties[party], Predicate.INVESTED_IN, event.investee, event.modality, start, end,
            "round.lead" if lead else "round.investor", 0.85, (("lead", "true" if lead else None),),
        )  # fmt: skip
