"""Hand-built extractions: what the pipeline would find in short made-up articles."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from kg.model import (
    Alias,
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
    Valuation,
)

A_TECH = Entity(
    "company/a-tech",
    EntityType.COMPANY,
    "甲科技",
    (Alias("甲科技", "zh-Hans"), Alias("A Tech", "en")),
    (("wikidata", "Q1"),),
)
B_CAPITAL = Entity("company/b-capital", EntityType.COMPANY, "乙资本")
CEO = Entity("person/x-1", EntityType.PERSON, "丙某")

EXAMPLE_TEXT = (
    "甲科技完成B轮融资\n3月5日，甲科技宣布完成由乙资本领投的近亿元B轮融资，投后估值10亿元。甲公司首席执行官丙某表示，资金用于研发。"
)


def evidence(document: Document, quote: str) -> Evidence:
    start = document.text.index(quote)
    return Evidence(document.id, start, start + len(quote), quote)


@pytest.fixture
def example() -> Extraction:
    """The article that the module docstring of `kg.graph.quads` writes out."""
    document = Document(
        EXAMPLE_TEXT,
        title="甲科技完成B轮融资",
        url="https://news.example/1",
        publisher="示例新闻",
        author="王记者",
        published=PartialDate(2026, 3, 5),
        record_id="row-7",
    )
    round_ = evidence(document, "甲科技宣布完成由乙资本领投的近亿元B轮融资")
    post = evidence(document, "甲公司首席执行官丙某")
    funded = Claim(
        "company/b-capital",
        Predicate.INVESTED_IN,
        "company/a-tech",
        Modality.ASSERTED,
        round_,
        (("date", "2026-03"), ("lead", "true")),
        "investment",
        0.9,
    )
    works = Claim(
        "person/x-1",
        Predicate.WORKS_FOR,
        "company/a-tech",
        Modality.ASSERTED,
        post,
        (("role", "首席执行官"), ("status", "current")),
    )
    event = Investment(
        InvestmentKind.ROUND,
        "company/a-tech",
        Modality.ASSERTED,
        round_,
        (Investor("company/b-capital", lead=True),),
        "B",
        Money(Decimal("1E+8"), "CNY", True, Decimal("9E+7"), Decimal("1E+8"), "近亿元"),
        Valuation(Money(Decimal(1_000_000_000), "CNY", wording="10亿元"), "post"),
        PartialDate(2026, 3),
        "investment",
        0.9,
    )
    mention = Mention(evidence(document, "甲公司"), EntityType.COMPANY, "甲公司", "company/a-tech")
    return Extraction(document, (A_TECH, B_CAPITAL, CEO), (mention,), (funded, works), (event,))
