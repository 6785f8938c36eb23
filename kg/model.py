"""The data types that the layers hand to each other: frozen dataclasses, standard library only.

Offsets are Unicode code points of :attr:`Document.text`, the end excluded. Ids are content hashes, never random.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

__all__ = [
    "ORGANIZATIONS",
    "SIGNATURES",
    "SYMMETRIC",
    "Alias",
    "Claim",
    "Document",
    "Entity",
    "EntityType",
    "Evidence",
    "Extraction",
    "Extractor",
    "Investment",
    "InvestmentKind",
    "Investor",
    "Issue",
    "Mention",
    "Modality",
    "Money",
    "Naming",
    "PartialDate",
    "Predicate",
    "Valuation",
    "content_id",
]


class EntityType(StrEnum):
    """What a name stands for."""

    COMPANY = "Company"
    ORGANIZATION = "Organization"
    MODEL = "Model"
    PRODUCT = "Product"
    PERSON = "Person"


ORGANIZATIONS = frozenset({EntityType.COMPANY, EntityType.ORGANIZATION})
WORKS = frozenset({EntityType.MODEL, EntityType.PRODUCT})
_ANY = frozenset(EntityType)


class Predicate(StrEnum):
    """The thirteen relations that the graph knows."""

    DEVELOPS = "develops"
    OFFERS = "offers"
    POWERED_BY = "poweredBy"
    VERSION_OF = "versionOf"
    FOUNDED_BY = "foundedBy"
    WORKS_FOR = "worksFor"
    EDUCATED_AT = "educatedAt"
    SUBSIDIARY_OF = "subsidiaryOf"
    ACQUIRED = "acquired"
    INVESTED_IN = "investedIn"
    PARTNERS_WITH = "partnersWith"
    COMPETES_WITH = "competesWith"
    LISTED_ON = "listedOn"


SYMMETRIC = frozenset({Predicate.PARTNERS_WITH, Predicate.COMPETES_WITH})

SIGNATURES: dict[Predicate, tuple[frozenset[EntityType], frozenset[EntityType]]] = {
    Predicate.DEVELOPS: (ORGANIZATIONS, frozenset({EntityType.MODEL})),
    Predicate.OFFERS: (ORGANIZATIONS, frozenset({EntityType.PRODUCT})),
    Predicate.POWERED_BY: (WORKS, WORKS),
    Predicate.VERSION_OF: (WORKS, WORKS),
    Predicate.FOUNDED_BY: (ORGANIZATIONS | {EntityType.PRODUCT}, frozenset({EntityType.PERSON})),
    Predicate.WORKS_FOR: (frozenset({EntityType.PERSON}), ORGANIZATIONS),
    Predicate.EDUCATED_AT: (frozenset({EntityType.PERSON}), frozenset({EntityType.ORGANIZATION})),
    Predicate.SUBSIDIARY_OF: (ORGANIZATIONS, ORGANIZATIONS),
    Predicate.ACQUIRED: (ORGANIZATIONS | {EntityType.PERSON}, ORGANIZATIONS | {EntityType.PRODUCT}),
    Predicate.INVESTED_IN: (ORGANIZATIONS | {EntityType.PERSON}, ORGANIZATIONS),
    Predicate.PARTNERS_WITH: (_ANY, _ANY),
    Predicate.COMPETES_WITH: (_ANY, _ANY),
    Predicate.LISTED_ON: (ORGANIZATIONS, frozenset({EntityType.ORGANIZATION})),
}
"""Predicate -> (types a subject may have, types an object may have)."""


class Modality(StrEnum):
    """How sure the text is of what it states."""

    ASSERTED = "asserted"
    REPORTED = "reported"
    PLANNED = "planned"
    DENIED = "denied"


class InvestmentKind(StrEnum):
    """The kinds of investment events."""

    ROUND = "round"
    STAKE = "stake"
    IPO = "ipo"
    ACQUISITION = "acquisition"


class Extractor(StrEnum):
    """What looks for names and claims in a document: rules, a trained model, or both together."""

    RULES = "rules"
    MODEL = "model"
    ALL = "all"


def content_id(*parts: object) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of `parts`, written as a JSON array.

    >>> content_id("a", 1) == content_id("a", 1)
    True
    >>> content_id("a", "b") == content_id("ab")
    False
    """
    data = json.dumps(parts, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(data.encode("ascii")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date to the precision that the text states; `wording` is how the text puts it.

    >>> PartialDate(2025, 12).iso
    '2025-12'
    """

    year: int
    month: int | None = None
    day: int | None = None
    wording: str = field(default="", compare=False)

    @property
    def iso(self) -> str:
        """The date as `yyyy`, `yyyy-mm` or `yyyy-mm-dd`."""
        if self.month is None:
            return f"{self.year:04d}"
        if self.day is None:
            return f"{self.year:04d}-{self.month:02d}"
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in full units (yuan, dollars) of an ISO 4217 `currency`, beside its original wording.

    A range takes its lower bound as `value` and keeps both bounds; a wording without a figure (数千万) has no value.
    """

    value: Decimal | None
    currency: str
    approximate: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Valuation:
    """What a company was valued at; `stage` is `pre` or `post` (money) where the text says so."""

    money: Money
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One article as it was read.

    `text` is everything that evidence may point into: the title and a line break come first where the source keeps the
    title apart from the body. `source` says where the document was read (a path, and `#` and the record's place in it).
    """

    text: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: PartialDate | None = None
    source: str = field(default="", compare=False)
    record_id: str | None = field(default=None, compare=False)

    @property
    def id(self) -> str:
        """The content hash of everything that the document says of itself, whatever file it came from."""
        published = self.published.iso if self.published else None
        return content_id("document", self.text, self.title, self.url, self.publisher, self.author, published)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The characters of a document that state something: `quote` is `text[start:end]`."""

    document: str
    start: int
    end: int
    quote: str

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end or len(self.quote) != self.end - self.start:
            raise ValueError(f"evidence offsets {self.start}:{self.end} do not fit a quote of {len(self.quote)}")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name where it stands in a document, and the id of the entity it was linked to."""

    evidence: Evidence
    type: EntityType
    name: str
    entity: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Alias:
    """A name of an entity; `language` is a BCP 47 tag (`zh-Hans`, `zh-Hant`, `en`)."""

    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A company, organization, model, product or person.

    `id` is `<type in lower case>/<slug>` for an entity of the gazetteer and `<type>/x-<content hash>` for one that was
    minted from its name; `external_ids` are (scheme, id) pairs such as `("wikidata", "Q21708200")`. `kind` is what the
    gazetteer knows beyond the type (`university`, `exchange`, `lab`, `family`, …), empty where it knows nothing.
    """

    id: str
    type: EntityType
    name: str
    aliases: tuple[Alias, ...] = ()
    external_ids: tuple[tuple[str, str], ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Naming:
    """A document says that `name` is another name of an entity: 甲公司(以下简称“甲”)."""

    entity: str
    name: str
    evidence: Evidence

    @property
    def id(self) -> str:
        """The content hash of the name and the place that introduces it."""
        return content_id("naming", self.entity, self.name, self.evidence.document, self.evidence.start)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one stretch of one document states: subject and object are entity ids.

    `qualifiers` are sorted (name, value) pairs: `role`, `status` (`current`, `former`), `lead` (`true`), `date`,
    `ticker`.
    `extractor` names the rule or model that found the claim, `confidence` is between 0 and 1.
    """

    subject: str
    predicate: Predicate
    object: str
    modality: Modality
    evidence: Evidence
    qualifiers: tuple[tuple[str, str], ...] = ()
    extractor: str = ""
    confidence: float = 1.0

    @property
    def id(self) -> str:
        """The content hash of the statement and the place that states it."""
        return content_id(
            "claim", self.subject, self.predicate, self.object, self.modality, self.qualifiers,
            self.evidence.document, self.evidence.start, self.evidence.end,
        )  # fmt: skip

    @property
    def holds(self) -> bool:
        """Whether the claim is stated as a fact (asserted or reported), not planned or denied."""
        return self.modality in (Modality.ASSERTED, Modality.REPORTED)


@dataclass(frozen=True, slots=True, order=True)
class Investor:
    """One party of an investment: an entity id, and whether it led."""

    entity: str
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Investment:
    """A funding round, stake purchase, public offering or acquisition, as one document tells it.

    `round` is `seed`, `angel`, `Pre-A`, `A`, `A+`, …, `strategic`, `IPO`.
    """

    kind: InvestmentKind
    investee: str
    modality: Modality
    evidence: Evidence
    investors: tuple[Investor, ...] = ()
    round: str | None = None
    amount: Money | None = None
    valuation: Valuation | None = None
    date: PartialDate | None = None
    extractor: str = ""
    confidence: float = 1.0

    @property
    def id(self) -> str:
        """The content hash of what identifies the event, so that two articles on one round give one id.

        A named round of a company is one event, a strategic one only within its year, since there may be several;
        anything else is told apart by its month, else its amount, else its parties.
        """
        if self.round and self.kind is InvestmentKind.ROUND:
            repeats = self.round == "strategic" and self.date is not None
            key: object = [self.round, self.date.year] if repeats and self.date else self.round
        elif self.kind is InvestmentKind.ACQUISITION:
            key = sorted(i.entity for i in self.investors)
        elif self.date:
            key = self.date.iso[:7]
        elif self.amount and self.amount.value is not None:
            key = [str(self.amount.value), self.amount.currency]
        else:
            key = sorted(i.entity for i in self.investors)
        return content_id("investment", self.kind, self.investee, key)


@dataclass(frozen=True, slots=True)
class Issue:
    """What was wrong with an input, for the build report: where, what, and what became of it."""

    source: str
    reason: str
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything that was found in one document, in a fixed order."""

    document: Document
    entities: tuple[Entity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    claims: tuple[Claim, ...] = ()
    investments: tuple[Investment, ...] = ()
    namings: tuple[Naming, ...] = ()

    def names(self, entity_id: str) -> list[str]:
        """Return the surface forms of an entity in this document, each once, in order of appearance."""
        return list(dict.fromkeys(m.name for m in self.mentions if m.entity == entity_id))


def joins_right_types(predicate: Predicate, subject: EntityType, object_: EntityType) -> bool:
    """Return whether `predicate` may join a subject and an object of these types."""
    subjects, objects = SIGNATURES[predicate]
    if predicate is Predicate.COMPETES_WITH and subject is not object_:
        return {subject, object_} <= ORGANIZATIONS or {subject, object_} <= WORKS
    return subject in subjects and object_ in objects


def sort_qualifiers(qualifiers: Iterable[tuple[str, str | None]]) -> tuple[tuple[str, str], ...]:
    """Return the qualifiers that have a value, sorted by name."""
    return tuple(sorted((name, value) for name, value in qualifiers if value))
