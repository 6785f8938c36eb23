import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text.timestamps import find_date_line, parse_timestamp


@pytest.mark.parametrize(
    ("wording", "iso"),
    [
        ("2026-02-12T08:14:08.000Z", "2026-02-12"),
        ("2026-02-12T23:59:59-08:00", "2026-02-12"),
        ("2026-02-12 08:14", "2026-02-12"),
        ("2025-12", "2025-12"),
        ("2025", "2025"),
        ("2022-Q4", "2022"),
        ("2022年第四季度", "2022"),
        ("2025H1", "2025"),
        ("2026年2月4日", "2026-02-04"),
        ("2026年2月4日 星期三 10:30", "2026-02-04"),
        ("2025年12月", "2025-12"),
        ("2025年", "2025"),
        ("2026/2/4", "2026-02-04"),
        ("2026.02.04", "2026-02-04"),
        ("２０２６－０２－０４", "2026-02-04"),
        ("20260204", "2026-02-04"),
        ("20260204T081408Z", "2026-02-04"),
        ("202602041130", "2026-02-04"),
        ("Wed, 04 Feb 2026 08:00:00 +0800", "2026-02-04"),
        ("4 February 2026", "2026-02-04"),
        ("Feb 4, 2026", "2026-02-04"),
        ("February 2026", "2026-02"),
        ("1770163200", "2026-02-04"),
        ("1770163200.75", "2026-02-04"),
        ("1770163200000", "2026-02-04"),
        ("1770163200000000", "2026-02-04"),
        ("1770163200000000000", "2026-02-04"),
        ("2025-00-00", "2025"),
        ("2025-06-00", "2025-06"),
    ],
)
def test_dates_are_read_to_the_precision_stated(wording: str, iso: str) -> None:
    date = parse_timestamp(wording)
    assert date is not None
    assert (date.iso, date.wording) == (iso, wording)


@pytest.mark.parametrize(
    "wording",
    [
        "",
        "昨天",
        "3小时前",
        "2025-13-01",
        "2025-02-30",
        "0000-00-00",
        "02/04/2026",
        "2025-2-3x",
        "1850-01-01",
        "9" * 400,
    ],
)
def test_what_is_no_date_is_none(wording: str) -> None:
    assert parse_timestamp(wording) is None


@given(st.text(max_size=30) | st.from_regex(r"[0-9年月日/:TZ. -]{0,25}", fullmatch=True))
def test_nothing_raises(wording: str) -> None:
    date = parse_timestamp(wording)
    assert date is None or 1900 <= date.year <= 2100


@given(
    st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y年%m月%d日", "%Y%m%d"]),
)
def test_every_day_is_read_in_every_form(day: datetime.date, form: str) -> None:
    date = parse_timestamp(day.strftime(form))
    assert date is not None
    assert date.iso == day.isoformat()


@pytest.mark.parametrize(
    "line",
    [
        "2025-08-21 17:19",
        "2025年8月21日",
        "来源：星河网 2025-08-21 17:19",
        "发布于2025-08-21",
        "2025-08-21发布",
        "作者 | 2025/8/21",
    ],
)
def test_a_date_line_is_found(line: str) -> None:
    date = find_date_line(["星河智能发布新模型", line])
    assert date is not None
    assert date.iso == "2025-08-21"


@pytest.mark.parametrize(
    "line",
    [
        "2025年8月21日，星河智能发布新模型",
        "数据截至2025年8月21日",
        "2025年8月21日起施行",
        "2025-08",
        "2025-99-99",
        "第12025-08-211号",
    ],
)
def test_a_date_within_a_sentence_or_a_heading_is_no_date_line(line: str) -> None:
    assert find_date_line([line]) is None
