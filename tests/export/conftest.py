"""A small graph in memory, built by hand: two articles, hostile text among them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from kg.graph.quads import to_quads
from kg.graph.store import GraphStore
from kg.model import (
    Claim,
    Document,
    Entity,
    EntityType,
    Evidence,
    Extraction,
    Investment,
    InvestmentKind,
    Investor,
    Mention,
    Modality,
    Money,
    PartialDate,
    Predicate,
    sort_qualifiers,
)

HOSTILE = '=HYPERLINK("x");<script>alert(1)</script>\'"\n甲科技'


def _evidence(document: Document, quote: str) -> Evidence:
    start = document.text.index(quote)
    return Evidence(document.id, start, start + len(quote), quote)


def _extraction(document: Document, quote: str, amount: str) -> Extraction:
    company = Entity("company/a-tech", EntityType.COMPANY, "甲科技")
    investor = Entity("company/b-capital", EntityType.COMPANY, "乙资本;B")
    person = Entity("person/x-1", EntityType.PERSON, HOSTILE)
    evidence = _evidence(document, quote)
    claims = (
        Claim(investor.id, Predicate.INVESTED_IN, company.id, Modality.ASSERTED, evidence, (("lead", "true"),)),
        Claim(
            person.id, Predicate.WORKS_FOR, company.id, Modality.PLANNED, evidence,
            sort_qualifiers([("role", "CEO"), ("status", "current")]),
        ),
    )  # fmt: skip
    investment = Investment(
        InvestmentKind.ROUND, company.id, Modality.ASSERTED, evidence, (Investor(investor.id, True),), "B",
        Money(Decimal(amount), "CNY", wording=f"{amount}元"), date=PartialDate(2026, 3),
    )  # fmt: skip
    mentions = (Mention(evidence, company.type, company.name, company.id),)
    return Extraction(document, (company, investor, person), mentions, claims, (investment,))


@pytest.fixture
def store() -> Iterator[GraphStore]:
    """Yield the store of the two articles."""
    with GraphStore.open(None) as opened:
        for number, amount in (("1", "100"), ("2", "120")):
            text = f"标题{number}\n乙资本领投甲科技B轮;=1+1\x0b<b>完</b>"
            document = Document(
                text, title=f"=标题{number}</script>", publisher="示例", published=PartialDate(2026, 3, 5)
            )
            extraction = _extraction(document, "乙资本领投甲科技B轮;=1+1\x0b<b>完</b>", amount)
            opened.replace_document(document.id, to_quads(extraction))
        yield opened
