from __future__ import annotations

import json
from decimal import Decimal

import pytest

from kg.claims.records import to_record
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
    Valuation,
)

TEXT = "星海智能完成由砚溪资本领投的约2.5亿元B轮融资,投后估值20亿元。星海发布星宝。"
DOCUMENT = Document(TEXT)
COMPANY = Entity("company/xinghai", EntityType.COMPANY, "星海智能科技")
FUND = Entity("company/yanxi", EntityType.COMPANY, "砚溪资本")


def at(quote: str) -> Evidence:
    start = TEXT.index(quote)
    return Evidence(DOCUMENT.id, start, start + len(quote), quote)


def mention(name: str, entity: Entity) -> Mention:
    return Mention(at(name), entity.type, name, entity.id)


MONEY = Money(Decimal("2.5E+8"), "CNY", approximate=True, wording="约2.5亿元")
CLAIM = Claim(
    FUND.id,
    Predicate.INVESTED_IN,
    COMPANY.id,
    Modality.ASSERTED,
    at("由砚溪资本领投"),
    (("date", "2026-05"), ("lead", "true")),
    "rules:round.lead",
    0.85,
)
EVENT = Investment(
    InvestmentKind.ROUND, COMPANY.id, Modality.REPORTED, at("B轮"), (Investor(FUND.id, lead=True),), "B", MONEY,
    Valuation(Money(Decimal(2_000_000_000), "CNY", wording="20亿元"), "post"), PartialDate(2026, 5),
)  # fmt: skip


def test_an_extraction_as_a_record() -> None:
    mentions = (mention("星海智能", COMPANY), mention("星海", COMPANY), mention("砚溪资本", FUND))
    record = to_record(Extraction(DOCUMENT, (COMPANY, FUND), mentions, (CLAIM,), (EVENT,)))
    assert json.loads(json.dumps(record)) == record
    assert record == {
        "id": DOCUMENT.id,
        "entities": [
            {"id": "company/xinghai", "type": "Company", "names": ["星海智能", "星海", "星海智能科技"]},
            {"id": "company/yanxi", "type": "Company", "names": ["砚溪资本"]},
        ],
        "claims": [
            {
                "s": "company/yanxi",
                "p": "investedIn",
                "o": "company/xinghai",
                "modality": "asserted",
                "q": {"date": "2026-05", "lead": True},
                "evidence": "由砚溪资本领投",
                "start": 6,
                "end": 13,
                "confidence": 0.85,
                "extractor": "rules:round.lead",
            }
        ],
        "investments": [
            {
                "investee": "company/xinghai",
                "investors": [{"e": "company/yanxi", "lead": True}],
                "kind": "round",
                "modality": "reported",
                "evidence": "B轮",
                "start": TEXT.index("B轮"),
                "end": TEXT.index("B轮") + 2,
                "round": "B",
                "amount": {"value": 250_000_000, "currency": "CNY", "approx": True, "text": "约2.5亿元"},
                "valuation": {
                    "value": 2_000_000_000,
                    "currency": "CNY",
                    "approx": False,
                    "text": "20亿元",
                    "stage": "post",
                },
                "date": "2026-05",
            }
        ],
    }


def test_what_an_investment_does_not_state_is_left_out() -> None:
    bare = Investment(InvestmentKind.ACQUISITION, COMPANY.id, Modality.PLANNED, at("星海"))
    [record] = to_record(Extraction(DOCUMENT, (COMPANY,), (), (), (bare,)))["investments"]
    assert not {"round", "amount", "valuation", "date"} & record.keys()
    assert record["investors"] == []


@pytest.mark.parametrize(("value", "written"), [("1E+8", 100_000_000), ("0.5", 0.5), ("1.50", 1.5), (None, None)])
def test_amounts_are_plain_numbers(value, written) -> None:
    money = Money(None if value is None else Decimal(value), "USD")
    event = Investment(InvestmentKind.ROUND, COMPANY.id, Modality.ASSERTED, at("B轮"), amount=money)
    [record] = to_record(Extraction(DOCUMENT, (), (), (), (event,)))["investments"]
    assert record["amount"]["value"] == written
    assert type(record["amount"]["value"]) is type(written)


def test_a_record_of_the_source_keeps_its_id() -> None:
    assert to_record(Extraction(Document("甲", record_id="row-7")))["id"] == "row-7"
    assert to_record(Extraction(Document("甲")))["id"] == Document("甲").id
