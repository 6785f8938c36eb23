from __future__ import annotations

from decimal import Decimal

import pytest

from kg.claims.extractors import _reduce
from kg.claims.investments import Event, extract_investments, investor_findings
from kg.claims.rules import apply_rules
from kg.model import Evidence, Investment, InvestmentKind, Investor, Modality, Money, PartialDate, Predicate

NAMES = {
    "星海智能": "Company",
    "墨坊科技": "Company",
    "砚溪资本": "Company",
    "青岚创投": "Company",
    "云桥资本": "Company",
    "潮报": "Company",
    "临江交易所": "Organization",
    "云岭大学": "Organization",
    "陆知遥": "Person",
}


@pytest.fixture
def told(read_text):
    """Return a function: the events of a text, found beside the claims of the rules as in an extraction."""

    def read(text: str) -> list[Event]:
        scenes = [(_reduce(scene), topic) for scene, topic in read_text(text, NAMES).scenes]
        findings = [f for scene, topic in scenes for f in apply_rules(scene, topic)]
        return extract_investments(scenes, findings)

    return read


def investors(event: Event) -> dict[str, bool]:
    """Name of each investor -> whether it led."""
    return {event.parties[party].name: lead for party, lead in event.investors.items()}


def test_a_round_with_a_lead_and_followers(told) -> None:
    [event] = told("6月1日,星海智能宣布完成3亿元B轮融资,由砚溪资本领投,青岚创投、墨坊科技跟投。")
    assert (event.kind, event.investee.name, event.modality) == (InvestmentKind.ROUND, "星海智能", Modality.ASSERTED)
    assert investors(event) == {"砚溪资本": True, "青岚创投": False, "墨坊科技": False}
    assert event.round == "B"
    assert event.amount is not None
    assert (event.amount.value, event.amount.currency, event.amount.approximate) == (Decimal(300_000_000), "CNY", False)
    assert event.date is not None
    assert event.date.iso == "2026-06-01"
    assert event.valuation is None


def test_every_investor_of_a_round_is_a_claim(told) -> None:
    text = "星海智能完成3亿元B轮融资,由砚溪资本领投,青岚创投跟投。"
    [event] = told(text)
    claims = {f.subject.name: f for f in investor_findings(event)}
    assert {f.predicate for f in claims.values()} == {Predicate.INVESTED_IN}
    assert {f.object.name for f in claims.values()} == {"星海智能"}
    assert dict(claims["砚溪资本"].qualifiers)["lead"] == "true"
    assert dict(claims["青岚创投"].qualifiers)["lead"] is None
    for name, finding in claims.items():
        assert name in text[finding.start : finding.end]


@pytest.mark.parametrize(
    "text",
    [
        "砚溪资本领投了星海智能的B轮融资。",
        "星海智能完成了由砚溪资本领投的B轮融资。",
        "星海智能获得B轮融资,领投方为砚溪资本。",
        "星海智能B轮融资完成,砚溪资本独家领投。",
    ],
)
def test_the_lead_by_several_wordings(told, text) -> None:
    [event] = told(text)
    assert (event.investee.name, event.round, investors(event)) == ("星海智能", "B", {"砚溪资本": True})


def test_several_rounds_in_one_sentence(told) -> None:
    events = told("星海智能2023年完成天使轮融资5000万元,2024年完成A轮融资2亿元。")
    facts = [(e.investee.name, e.round, e.amount and e.amount.value, e.date and e.date.iso) for e in events]
    assert facts == [
        ("星海智能", "angel", Decimal(50_000_000), "2023"),
        ("星海智能", "A", Decimal(200_000_000), "2024"),
    ]


def test_rounds_named_together_and_led_apart(told) -> None:
    events = told("星海智能先后完成天使轮和A轮融资,天使轮由砚溪资本领投,A轮由青岚创投领投。")
    facts = [(e.investee.name, e.round, investors(e)) for e in events]
    assert facts == [("星海智能", "angel", {"砚溪资本": True}), ("星海智能", "A", {"青岚创投": True})]


@pytest.mark.parametrize(
    ("wording", "value", "stage"),
    [
        ("投前估值10亿美元", 10**9, "pre"),
        ("投后估值达12亿美元", 12 * 10**8, "post"),
        ("估值约12亿美元", 12 * 10**8, None),
        ("以12亿美元的投后估值", 12 * 10**8, "post"),
    ],
)
def test_a_valuation_is_no_amount(told, wording, value, stage) -> None:
    [event] = told(f"星海智能完成2亿美元C轮融资,{wording}。")
    assert event.amount is not None
    assert event.amount.value == Decimal(200_000_000)
    assert event.valuation is not None
    assert (event.valuation.money.value, event.valuation.money.currency, event.valuation.stage) == (value, "USD", stage)


def test_a_cumulative_total_is_no_amount(told) -> None:
    [event] = told("星海智能完成A轮融资,累计融资已超5亿元。")
    assert event.amount is None
    [event] = told("星海智能完成1亿元A轮融资,累计融资额已达5亿元。")
    assert event.amount is not None
    assert event.amount.value == Decimal(100_000_000)


def test_an_amount_without_a_figure(told) -> None:
    [event] = told("星海智能完成数千万元天使轮融资。")
    assert event.amount is not None
    assert (event.amount.value, event.amount.approximate) == (None, True)


@pytest.mark.parametrize(
    "adviser", [",云桥资本担任独家财务顾问", "。云桥资本为FA", ",由云桥资本担任本轮融资的财务顾问"]
)
def test_an_adviser_is_no_investor(told, adviser) -> None:
    [event] = told(f"星海智能完成1亿元A轮融资,由砚溪资本领投{adviser}。")
    assert investors(event) == {"砚溪资本": True}


def test_the_newspaper_that_reports_is_no_party(told) -> None:
    [event] = told("据潮报报道,星海智能完成1亿元A轮融资,由砚溪资本领投。")
    assert (event.investee.name, set(investors(event))) == ("星海智能", {"砚溪资本"})


def test_an_offering_that_is_planned_and_one_that_is_done(told) -> None:
    [planned] = told("星海智能启动IPO,计划募资20亿元。")
    [done] = told("星海智能已于5月8日完成IPO,募资20亿元。")
    assert {e.kind for e in (planned, done)} == {InvestmentKind.IPO}
    assert {e.investee.name for e in (planned, done)} == {"星海智能"}
    assert {e.amount.value for e in (planned, done) if e.amount} == {Decimal(2_000_000_000)}
    assert (planned.modality, done.modality) == (Modality.PLANNED, Modality.ASSERTED)
    assert done.date is not None
    assert done.date.iso == "2026-05-08"


def test_an_offering_at_a_named_exchange(told) -> None:
    [event] = told("星海智能拟在临江交易所上市,计划募资20亿元。")
    assert (event.kind, event.modality) == (InvestmentKind.IPO, Modality.PLANNED)


@pytest.mark.parametrize("text", ["星海智能是上市公司,业绩不错。", "上市后的星海智能业绩不错。"])
def test_a_listed_company_is_no_offering(told, text) -> None:
    assert told(text) == []


@pytest.mark.parametrize("text", ["星海智能宣布以3亿美元收购墨坊科技。", "墨坊科技被星海智能以3亿美元收购。"])
def test_an_acquisition_with_its_price(told, text) -> None:
    [event] = told(text)
    assert (event.kind, event.investee.name, investors(event)) == (
        InvestmentKind.ACQUISITION,
        "墨坊科技",
        {"星海智能": False},
    )
    assert event.amount is not None
    assert (event.amount.value, event.amount.currency) == (Decimal(300_000_000), "USD")
    assert list(investor_findings(event)) == [], "a buyer has acquired, it has not invested"


def test_a_stake_without_a_round(told) -> None:
    [event] = told("砚溪资本持有星海智能15%的股份。")
    assert (event.kind, event.investee.name, set(investors(event))) == (InvestmentKind.STAKE, "星海智能", {"砚溪资本"})


@pytest.mark.parametrize(
    "text",
    [
        "星海智能完成3亿元B轮融资。资料显示,星海智能的B轮融资由砚溪资本领投。",
        "星海智能完成3亿元B轮融资。星海智能此次获得近3亿元融资,砚溪资本领投。",
        "砚溪资本领投了星海智能的B轮融资。星海智能完成3亿元B轮融资。",
    ],
)
def test_one_round_told_twice_is_one_event(told, text) -> None:
    [event] = told(text)
    assert (event.round, investors(event)) == ("B", {"砚溪资本": True})
    assert event.amount is not None
    assert event.amount.value == Decimal(300_000_000)


@pytest.mark.parametrize(
    "text",
    [
        "星海智能完成1亿元A轮融资。去年,星海智能完成3亿元B轮融资。",
        "2023年,星海智能获得1亿元融资。2025年,星海智能获得1亿元融资。",
        "星海智能获得1亿元融资。后来,星海智能又获得9亿元融资。",
        "星海智能完成1亿元A轮融资。墨坊科技完成1亿元A轮融资。",
    ],
)
def test_rounds_that_differ_stay_apart(told, text) -> None:
    assert len(told(text)) == 2


@pytest.mark.parametrize("begin", ["本轮融资", "此轮融资", "这笔融资"])
def test_this_round_goes_on_about_the_round_before(told, begin) -> None:
    [event] = told(f"星海智能宣布完成3亿元B轮融资。{begin}由砚溪资本领投,青岚创投跟投。资金将用于研发。")
    assert investors(event) == {"砚溪资本": True, "青岚创投": False}


def test_investors_in_the_next_sentence(told) -> None:
    [event] = told("星海智能完成B轮融资。投资方包括砚溪资本和青岚创投。")
    assert investors(event) == {"砚溪资本": False, "青岚创投": False}


def test_a_headless_sentence_is_about_the_company_the_text_speaks_of(told) -> None:
    [event] = told("星海智能发布新品,星海智能股价上涨。近日完成3亿元B轮融资,由砚溪资本领投。")
    assert (event.investee.name, event.round, investors(event)) == ("星海智能", "B", {"砚溪资本": True})


def test_the_next_company_has_a_round_of_its_own(told) -> None:
    first, second = told("星海智能完成B轮融资。墨坊科技完成A轮融资,由砚溪资本领投。")
    assert (first.investee.name, first.round, investors(first)) == ("星海智能", "B", {})
    assert (second.investee.name, second.round, investors(second)) == ("墨坊科技", "A", {"砚溪资本": True})


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("星海智能拟进行B轮融资,规模约3亿元。", Modality.PLANNED),
        ("有消息称,星海智能完成3亿元B轮融资。", Modality.REPORTED),
        ("星海智能否认完成3亿元B轮融资。", Modality.DENIED),
    ],
)
def test_an_event_has_the_modality_of_its_sentence(told, text, modality) -> None:
    [event] = told(text)
    assert event.modality is modality


def test_a_fact_outweighs_a_rumour_of_the_same_round(told) -> None:
    [event] = told("有消息称,星海智能完成3亿元B轮融资。星海智能今日宣布完成3亿元B轮融资。")
    assert event.modality is Modality.ASSERTED


@pytest.mark.parametrize(
    "text", ["星海智能获投。", "星海智能暂无融资计划。", "云岭大学获得3亿元经费。", "砚溪资本看好星海智能。", ""]
)
def test_what_is_no_event(told, text) -> None:
    assert told(text) == []


def test_the_evidence_of_an_event_states_it(told) -> None:
    text = "今天有雨。星海智能宣布完成3亿元B轮融资。本轮由砚溪资本领投。天晴了。"
    [event] = told(text)
    quote = text[event.start : event.end]
    assert quote.startswith("星海智能")
    assert "B轮" in quote
    assert "天晴" not in quote


def test_giver_and_recipient_told_across_names(told) -> None:
    [event] = told("星海智能获得砚溪资本领投的3亿元融资,老股东青岚创投继续加注。")
    assert (event.investee.name, investors(event)) == ("星海智能", {"砚溪资本": True, "青岚创投": False})


def test_where_an_angel_comes_from_gives_nothing(told) -> None:
    assert all("墨坊科技" not in investors(e) for e in told("星海智能完成天使轮融资,由墨坊科技早期投资人领投。"))


def test_this_round_is_the_one_the_text_is_about(told) -> None:
    main, earlier = told("星海智能宣布完成3亿元融资。2023年,星海智能曾获得5000万元融资。本轮融资由砚溪资本领投。")
    assert (investors(main), investors(earlier)) == ({"砚溪资本": True}, {})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("砚溪资本收购了星海智能12%的股份。", InvestmentKind.STAKE),
        ("墨坊科技收购了星海智能80%的股份。", InvestmentKind.ACQUISITION),
    ],
)
def test_the_share_tells_a_stake_from_a_takeover(told, text, kind) -> None:
    assert [e.kind for e in told(text)] == [kind]


def _told_by(document: str, **terms) -> Investment:
    terms = {"kind": InvestmentKind.ROUND, **terms}
    return Investment(investee="company/x", modality=Modality.ASSERTED, evidence=Evidence(document, 0, 1, "x"), **terms)


def test_a_named_round_is_one_event_in_all_articles() -> None:
    first = _told_by("1", round="B", amount=Money(Decimal(300), "CNY"), date=PartialDate(2026, 5))
    second = _told_by("2", round="B", amount=Money(Decimal(280), "CNY", True), investors=(Investor("company/y"),))
    assert first.id == second.id


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"round": "A"}, {"round": "B"}),
        ({"round": "strategic", "date": PartialDate(2023)}, {"round": "strategic", "date": PartialDate(2025, 3)}),
        ({"date": PartialDate(2023, 4)}, {"date": PartialDate(2025, 4)}),
        ({"amount": Money(Decimal(1), "USD")}, {"amount": Money(Decimal(2), "USD")}),
        ({"investors": (Investor("company/y"),)}, {"investors": (Investor("company/z"),)}),
        ({"round": "IPO"}, {"kind": InvestmentKind.IPO, "round": "IPO"}),
    ],
)
def test_rounds_that_differ_are_different_events(first, second) -> None:
    assert _told_by("1", **first).id != _told_by("2", **second).id
