from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import PartialDate
from kg.text.dates import find_dates

WEDNESDAY = PartialDate(2026, 6, 17)


def dates_in(text: str, reference: PartialDate | None = None) -> list[str]:
    return [found.value.iso for found in find_dates(text, reference)]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026年2月4日", "2026-02-04"), ("2025年12月", "2025-12"), ("2025年", "2025"), ("2025-12-01", "2025-12-01"),
        ("2025/12/01", "2025-12-01"), ("2025.12.1", "2025-12-01"), ("2025-12", "2025-12"), ("05年", "2005"),
        ("98年3月", "1998-03"), ("24年5月6日", "2024-05-06"), ("二〇二五年十二月三日", "2025-12-03"),
        ("2026Q1", "2026"), ("2026 Q1", "2026"), ("2024年第二季度", "2024"), ("2023年上半年", "2023"),
        ("2025年底", "2025"), ("2025年3月底", "2025-03"), ("2025年5月20号", "2025-05-20"), ("2024财年", "2024"),
    ],
)  # fmt: skip
def test_a_date_with_its_own_year_needs_no_reference(text: str, iso: str) -> None:
    (found,) = find_dates(f"于{text}。")
    assert (found.value.iso, found.value.wording) == (iso, text)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("今年2月", "2026-02"), ("去年12月", "2025-12"), ("去年12月5日", "2025-12-05"), ("前年", "2024"),
        ("明年", "2027"),
        ("今年年初", "2026"), ("去年底", "2025"), ("年初", "2026"), ("今年早些时候", "2026"), ("今年Q1", "2026"),
        ("4月", "2026-04"), ("4月1日", "2026-04-01"), ("12月1日", "2025-12-01"), ("11月", "2025-11"),
        ("7月31日", "2026-07-31"), ("9月1日", "2025-09-01"), ("三月五日", "2026-03-05"), ("2月29日", "2024-02-29"),
        ("上个月", "2026-05"), ("本月", "2026-06"), ("下月", "2026-07"), ("本月4日", "2026-06-04"), ("月初", "2026-06"),
        ("今日", "2026-06-17"), ("昨晚", "2026-06-16"), ("前天", "2026-06-15"), ("明天", "2026-06-18"),
        ("周一", "2026-06-15"), ("周三", "2026-06-17"), ("周四", "2026-06-11"), ("本周五", "2026-06-19"),
        ("上周日", "2026-06-14"), ("下周一", "2026-06-22"), ("上周", "2026-06"),
        ("一季度", "2026"), ("第四季度", "2025"), ("上半年", "2026"), ("16日消息", "2026-06-16"),
        ("20日晚", "2026-05-20"), ("三年前", "2023"), ("2年之前", "2024"), ("一年半前", "2024"),
        ("六个月前", "2025-12"), ("两周前", "2026-06"), ("三天前", "2026-06-14"),
    ],
)  # fmt: skip
def test_a_relative_date_goes_by_the_reference(text: str, iso: str) -> None:
    assert dates_in(f"他们{text},", WEDNESDAY) == [iso]
    assert dates_in(f"他们{text},") == []


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("预计9月上市", "2026-09"),
        ("最早于9月上市", "2026-09"),
        ("将于周五上市", "2026-06-19"),
        ("计划于2月发布", "2027-02"),
    ],
)
def test_an_announced_date_lies_ahead(text: str, iso: str) -> None:
    assert dates_in(text, WEDNESDAY) == [iso]


@pytest.mark.parametrize(
    ("text", "isos"),
    [
        ("2019年成立,次年3月上市", ["2019", "2020-03"]),
        ("2019年5月成立,同年11月上市", ["2019-05", "2019-11"]),
        ("2019年12月成立,次月上市,当月亏损", ["2019-12", "2020-01", "2020-01"]),
        ("2020年2月29日签约,次日公告,同日复牌", ["2020-02-29", "2020-03-01", "2020-03-01"]),
        ("2019年5月成立,8月融资", ["2019-05", "2019-08"]),
        ("2019年5月成立。8月融资", ["2019-05", "2025-08"]),
        ("当年,他们刚毕业", []),
    ],
)
def test_a_date_may_go_by_the_one_before_it(text: str, isos: list[str]) -> None:
    assert dates_in(text, PartialDate(2026, 5, 1)) == isos


def test_a_reference_without_a_month_leaves_months_to_the_text() -> None:
    assert dates_in("2022年回顾。10月发布", PartialDate(2023)) == ["2022", "2022-10"]
    assert dates_in("10月发布", PartialDate(2023)) == ["2023-10"]
    assert dates_in("昨天,周三,4日消息,上周,上月", PartialDate(2023)) == []


def test_a_week_across_two_months_gives_no_month() -> None:
    assert dates_in("上周", PartialDate(2026, 7, 8)) == []


@pytest.mark.parametrize(
    "text",
    ["2月30日", "2025年2月30日", "13月1日", "2月32日", "3年", "5个月", "三年内", "几年前", "多年前", "三年前后",
         "10天前瞻", "日前", "近日",
     "每周五", "周一鸣", "两周五次", "90年代", "1990年代", "2023-40", "版本2025-1-1-2", "上周期", "30日均线", "3000年",
     "GPT-4-2024-04-09"],
)  # fmt: skip
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert dates_in(text, WEDNESDAY) == []


@given(
    st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.sampled_from(["{0.year}年{0.month}月{0.day}日", "{0:%Y-%m-%d}"])
)
def test_every_full_date_is_read_back(day: date, form: str) -> None:
    assert dates_in(form.format(day)) == [day.isoformat()]


@given(st.dates(date(2001, 1, 1), date(2080, 12, 31)), st.integers(-240, 55))
def test_a_day_without_a_year_is_the_nearest_one(today: date, days: int) -> None:
    then = today + timedelta(days=days)
    if (then.month, then.day) != (2, 29):
        reference = PartialDate(today.year, today.month, today.day)
        assert dates_in(f"{then.month}月{then.day}日", reference) == [then.isoformat()]


@given(st.text("0123456789年月日周上本下今去前明同次当季度半初底一二三四十Q-/., 。号", max_size=50), st.booleans())
def test_finds_are_sorted_disjoint_and_real(text: str, referred: bool) -> None:
    found = find_dates(text, WEDNESDAY if referred else None)
    assert all(before.end <= after.start for before, after in pairwise(found))
    for one in found:
        assert one.value.wording == text[one.start : one.end] != ""
        date(one.value.year, one.value.month or 1, one.value.day or 1)
