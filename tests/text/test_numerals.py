from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text.numerals import parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.5", "2.5"), ("1,200", "1200"), ("三", "3"), ("六亿", "600000000"), ("十二亿五千万", "1250000000"),
        ("两百", "200"), ("3千万", "30000000"), ("1.2万亿", "1200000000000"), ("半", "0.5"), ("十五", "15"),
        ("一百零五", "105"), ("一百五", "150"), ("两万三", "23000"), ("一亿二", "120000000"),
        ("12亿5000万", "1250000000"),
        ("三点一四", "3.14"), ("二〇二五", "2025"), ("百万", "1000000"), ("亿", "100000000"), ("0", "0"),
        ("1.50", "1.5"),
    ],
)  # fmt: skip
def test_a_number_is_read(text: str, value: str) -> None:
    assert str(parse_number(text)) == value


@pytest.mark.parametrize("text", ["", "多", "3个", "3 5", "三 五", "1,20", "-3", "1.", "9" * 40, "三5"])
def test_what_is_no_number_gives_none(text: str) -> None:
    assert parse_number(text) is None


def _in_chinese(number: int) -> str:
    """Spell an integer below 10^12 in Chinese, every place with its unit."""
    if number >= 10**8:
        return _in_chinese(number // 10**8) + "亿" + _rest(number % 10**8, 10**7)
    if number >= 10**4:
        return _in_chinese(number // 10**4) + "万" + _rest(number % 10**4, 10**3)
    for unit, name in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= unit:
            return "一二三四五六七八九"[number // unit - 1] + name + _rest(number % unit, unit // 10)
    return "零一二三四五六七八九"[number]


def _rest(number: int, highest: int) -> str:
    if not number:
        return ""
    return ("" if number >= highest else "零") + _in_chinese(number)


@given(st.integers(0, 10**12 - 1))
def test_a_number_spelled_in_chinese_is_read_back(number: int) -> None:
    assert parse_number(_in_chinese(number)) == number


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_a_figure_is_read_with_and_without_separators(whole: int, cents: int) -> None:
    assert (
        parse_number(f"{whole:,}.{cents:02}") == parse_number(f"{whole}.{cents:02}") == Decimal(f"{whole}.{cents:02}")
    )


@given(st.text("0123456789,.零一二两九十百千万亿兆点半", max_size=40))
def test_any_string_of_figures_gives_a_finite_number_or_none(text: str) -> None:
    value = parse_number(text)
    assert value is None or value.is_finite()
