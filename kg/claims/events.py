"""An investment as it is put together from the sentences of a document, and when two tellings are of one event."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from kg.claims.backers import may_invest
from kg.model import Entity, InvestmentKind, Modality, Money, PartialDate, Valuation

_MAX_EVIDENCE = 240
_ABOUT_EQUAL = (Decimal("0.9"), Decimal("1.12"))


@dataclass(slots=True)
class Event:
    """An investment as it is put together; `start` and `end` are offsets of the normalized text.

    `is_claimed` marks one that was read off the claims of the document rather than off its sentences.
    """

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
    is_claimed: bool = False

    def add_investor(self, entity: Entity, *, lead: bool, span: tuple[int, int]) -> None:
        """Add a party, or learn that a known one led; the investee itself is none."""
        if entity.id == self.investee.id or not may_invest(entity):
            return
        self.investors[entity.id] = self.investors.get(entity.id, False) or lead
        self.parties[entity.id] = entity
        self.spans.setdefault(entity.id, span)

    @property
    def weight(self) -> int:
        """How much the telling says of its event."""
        return len(self.investors) + sum(x is not None for x in (self.round, self.amount, self.valuation, self.date))

    def widen(self, end: int) -> None:
        """Let the evidence reach to `end` where that is near."""
        if end - self.start <= _MAX_EVIDENCE:
            self.end = max(self.end, end)

    def merge(self, other: Event) -> None:
        """Complete the event by another telling of it."""
        if self.modality is not Modality.ASSERTED and other.modality is Modality.ASSERTED:
            self.modality = other.modality
        if other.end - self.start <= _MAX_EVIDENCE:
            self.end = max(self.end, other.end)
        elif other.weight > self.weight:
            self.start, self.end = other.start, other.end
        self.round = self.round or other.round
        self.amount = self.amount or other.amount
        self.valuation = self.valuation or other.valuation
        self.date = self.date or other.date
        for party, lead in other.investors.items():
            self.add_investor(other.parties[party], lead=lead, span=other.spans[party])


def is_same(known: Event, other: Event) -> bool:
    """Whether two tellings can be of one event: same investee, and neither round, amount nor year differ."""
    if known.kind is not other.kind or known.investee.id != other.investee.id:
        return False
    if known.round and other.round:
        return known.round == other.round
    if known.date and other.date and known.date.year != other.date.year:
        return False
    return have_equal_amounts(known.amount, other.amount)


def have_equal_amounts(first: Money | None, second: Money | None) -> bool:
    """Whether two amounts can be of one sum: about equal, in different currencies, or one of them unknown."""
    if first is None or second is None or not first.value or not second.value:
        return True
    if first.currency != second.currency:
        return True
    return _ABOUT_EQUAL[0] <= first.value / second.value <= _ABOUT_EQUAL[1]


def is_substantial(event: Event) -> bool:
    """Whether an event says anything beside that it happened."""
    if event.kind is not InvestmentKind.ROUND:
        return True
    return bool(event.investors or event.amount or event.valuation or event.round)
