from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Money
from kg.text.money import find_money


def money_in(text: str) -> list[tuple[str | None, str, bool]]:
    return [
        (None if found.value.value is None else str(found.value.value), found.value.currency, found.value.approximate)
        for found in find_money(text)
    ]


@pytest.mark.parametrize(
    ("text", "value", "currency", "approximate"),
    [
        ("5亿美元", "500000000", "USD", False),
        ("6.5万美金", "65000", "USD", False),
        ("1亿元", "100000000", "CNY", False),
        ("2.5亿元人民币", "250000000", "CNY", False),
        ("人民币2.5亿元", "250000000", "CNY", False),
        ("RMB 2.5亿", "250000000", "CNY", False),
        ("¥300", "300", "CNY", False),
        ("六亿美金", "600000000", "USD", False),
        ("1.75万亿美元", "1750000000000", "USD", False),
        ("12亿5000万元", "1250000000", "CNY", False),
        ("1,126亿元", "112600000000", "CNY", False),
        ("2个亿美元", "200000000", "USD", False),
        ("$500M", "500000000", "USD", False),
        ("$1.5B", "1500000000", "USD", False),
        ("US$20 million", "20000000", "USD", False),
        ("$14亿", "1400000000", "USD", False),
        ("HK$3亿", "300000000", "HKD", False),
        ("3亿新台币", "300000000", "TWD", False),
        ("2000亿日元", "200000000000", "JPY", False),
        ("5万亿韩元", "5000000000000", "KRW", False),
        ("33亿欧元", "3300000000", "EUR", False),
        ("2亿英镑", "200000000", "GBP", False),
        ("80亿卢比", "8000000000", "INR", False),
        ("5000万新加坡元", "50000000", "SGD", False),
        ("高达7亿美元", "700000000", "USD", False),
        ("超7亿美元", "700000000", "USD", True),
        ("逾80亿港元", "8000000000", "HKD", True),
        ("约为63亿美元", "6300000000", "USD", True),
        ("达到或超过1000亿美元", "100000000000", "USD", True),
        ("3000万元左右", "30000000", "CNY", True),
        ("50万元以上", "500000", "CNY", True),
        ("近亿元", "100000000", "CNY", True),
        ("亿元级", "100000000", "CNY", True),
        ("千万级美元", "10000000", "USD", True),
        ("千亿美元", "100000000000", "USD", True),
        ("上亿美元", "100000000", "USD", True),
        ("10余亿元", "1000000000", "CNY", True),
        ("5000多万美元", "50000000", "USD", True),
        ("十几亿元", "1000000000", "CNY", True),
        ("两三千万元", "20000000", "CNY", True),
        ("数千万美元", None, "USD", True),
        ("几十亿元", None, "CNY", True),
        ("数以十亿美元计", None, "USD", True),
    ],
)
def test_an_amount_is_read_whole(text: str, value: str | None, currency: str, approximate: bool) -> None:
    (found,) = find_money(text)
    assert money_in(text) == [(value, currency, approximate)]
    assert found.value.wording == text[found.start : found.end]
    assert found.value.wording == text.removeprefix("高达")


@pytest.mark.parametrize(
    ("text", "low", "high", "currency"),
    [
        ("10亿—12亿美元", 10**9, 12 * 10**8, "USD"),
        ("270亿美元至290亿美元", 27 * 10**9, 29 * 10**9, "USD"),
        ("30-40亿元", 3 * 10**9, 4 * 10**9, "CNY"),
        ("2到3亿美元", 2 * 10**8, 3 * 10**8, "USD"),
        ("$1-2 billion", 10**9, 2 * 10**9, "USD"),
    ],
)
def test_a_range_keeps_both_ends_and_takes_the_lower_as_its_value(
    text: str, low: int, high: int, currency: str
) -> None:
    (found,) = find_money(text)
    expected = Money(Decimal(low), currency, True, Decimal(low), Decimal(high), text)
    assert found.value == expected


def test_a_year_before_an_amount_makes_no_range() -> None:
    assert money_in("2024-30亿元") == [("3000000000", "CNY", False)]


def test_an_amount_without_currency_counts_only_as_money_that_is_raised_or_worth() -> None:
    assert money_in("融资3亿,用户3亿,下载量达5000万") == [("300000000", "CNY", False)]
    assert money_in("拿到2亿美元,估值约50亿。") == [("200000000", "USD", False), ("5000000000", "USD", True)]
    assert money_in("拿到2亿美元。次年估值约50亿。")[1] == ("5000000000", "CNY", True)
    assert money_in("投资5亿人的市场") == []


@pytest.mark.parametrize(
    "text",
    [
        "拥有3亿用户",
        "70亿参数",
        "二元对立",
        "3元宇宙",
        "2万USDT",
        "一元论",
        "5B模型",
        "iPhone 15",
        "第三方",
        "3.5亿",
        "",
    ],
)
def test_what_is_no_money_is_left_alone(text: str) -> None:
    assert find_money(text) == []


def test_a_round_behind_an_amount_is_no_unit() -> None:
    assert money_in("完成$3.5亿B轮,此前$2B轮") == [("350000000", "USD", False), ("2", "USD", False)]


def test_offsets_cover_the_approximating_words() -> None:
    text = "该公司完成超过20亿美元(约合人民币145亿元)融资"
    assert [text[f.start : f.end] for f in find_money(text)] == ["超过20亿美元", "约合人民币145亿元"]


@given(
    st.decimals("0.01", "9999", places=2),
    st.sampled_from(["", "万", "亿", "万亿", "千万"]),
    st.sampled_from([("美元", "USD"), ("元", "CNY"), ("港元", "HKD"), ("日元", "JPY"), ("欧元", "EUR")]),
)
def test_any_figure_unit_and_currency_is_read(figure: Decimal, unit: str, currency: tuple[str, str]) -> None:
    factor = {"": 1, "万": 10**4, "千万": 10**7, "亿": 10**8, "万亿": 10**12}[unit]
    (found,) = find_money(f"甲公司获得{figure}{unit}{currency[0]}。")
    assert (found.value.value, found.value.currency) == (figure * factor, currency[1])


@given(st.text("0123456789.,一两三十百千万亿数几上近超约多余个元美港日币$¥MB+-至到~估值融资 ", max_size=60))
def test_finds_are_sorted_disjoint_and_quote_the_text(text: str) -> None:
    found = find_money(text)
    assert all(before.end <= after.start for before, after in pairwise(found))
    for one in found:
        assert one.start < one.end
        assert one.value.wording == text[one.start : one.end]
