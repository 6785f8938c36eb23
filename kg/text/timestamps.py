"""When a document says that it was published: the dates of metadata fields and of the lines above an article."""

from __future__ import annotations

import datetime
import re
import unicodedata

from kg.model import PartialDate

__all__ = ["find_date_line", "parse_timestamp"]

_YEARS = range(1900, 2101)
_MONTH_NAMES = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split("|"), 1)}
_TIME = r"(?:[T\s]*(?:[01]?\d|2[0-4])[:点时]\s*[0-5]\d.*)?"
_WEEKDAY = r"(?:\s*\(?(?:星期|周|週)[一二三四五六日天]\)?)?"
_YEAR_FIRST = re.compile(
    rf"(?P<y>\d{{4}})(?:\s*[-/.年]\s*(?P<m>\d{{1,2}})(?:\s*[-/.月]\s*(?P<d>\d{{1,2}})\s*[日号號]?{_WEEKDAY}{_TIME}|\s*月)?|\s*年)?"
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?:T?\d{4}(?:\d\d)?(?:Z|[+-]\d{4})?)?")
_QUARTER = re.compile(r"(?P<y>\d{4})\s*[-年]?\s*(?:Q[1-4]|H[12]|第?[一二三四1-4]季度|[上下]半年)", re.IGNORECASE)
_DAY_FIRST = re.compile(
    rf"(?:[a-z]{{3,9}},?\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?P<name>{_MONTH_NAMES})[a-z]*\.?,?[\s-]+(?P<y>\d{{4}})"
    r"(?:,?\s+\d.*)?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?:[a-z]{{3,9}},?\s+)?(?P<name>{_MONTH_NAMES})[a-z]*\.?\s+(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?P<y>\d{{4}})"
    r"(?:,?\s+\d.*)?",
    re.IGNORECASE,
)
_FORMATS = (_QUARTER, _YEAR_FIRST, _COMPACT, _DAY_FIRST, _MONTH_FIRST)
_EPOCH = re.compile(r"(\d{9,10}|\d{13}|\d{16}|\d{19})(?:\.\d+)?")

# A date that stands by itself, not one that a heading is about (数据截至2025年8月21日).
_LINE_DATE = re.compile(
    r"(?:^|[\W_]|[于於])(\d{4}\s*(?:([-/.])\s*\d{1,2}\s*\2\s*\d{1,2}|年\s*\d{1,2}\s*月\s*\d{1,2}\s*[日号號]))"
    r"(?=$|[\W_]|T\d|星期|[周週发發来來])"
)
_SENTENCE = re.compile(r"[。！？!?；;，]|, ")
_DATE_LINE_CHARACTERS = 60


def parse_timestamp(wording: str) -> PartialDate | None:
    """Return the date of a metadata field, to the precision that it states, or None where it is no date.

    Reads ISO 8601, year-first dates with any separator, Chinese dates, RFC 822, English month names, quarters and half
    years (of which the year is kept), and Unix times in seconds to nanoseconds (in UTC). A time of day and its zone are
    read over: the day stays as it is written.

    >>> parse_timestamp("2026-02-12T08:14:08.000Z").iso, parse_timestamp("2025年12月").iso
    ('2026-02-12', '2025-12')
    >>> parse_timestamp("昨天") is None
    True
    """
    text = unicodedata.normalize("NFKC", wording).strip()
    if epoch := _EPOCH.fullmatch(text):
        return _from_epoch(epoch[1], wording)
    for pattern in _FORMATS:
        if match := pattern.fullmatch(text):
            parts = match.groupdict()
            month = _MONTHS[parts["name"].lower()] if parts.get("name") else _number(parts.get("m"))
            return _checked(int(parts["y"]), month, _number(parts.get("d")), wording)
    return None


def find_date_line(lines: list[str]) -> PartialDate | None:
    """Return the date of the first line that gives a full date and is no sentence, such as `来源：某网 2025-08-21`.

    >>> find_date_line(["某公司发布新模型", "2025年8月21日 来源：某网"]).iso
    '2025-08-21'
    >>> find_date_line(["2025年8月21日，某公司发布新模型。"]) is None
    True
    """
    for line in lines:
        if len(line) > _DATE_LINE_CHARACTERS or _SENTENCE.search(line):
            continue
        match = _LINE_DATE.search(unicodedata.normalize("NFKC", line))
        if match and (date := parse_timestamp(match[1])):
            return date
    return None


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _checked(year: int, month: int | None, day: int | None, wording: str) -> PartialDate | None:
    if year not in _YEARS:
        return None
    try:
        datetime.date(year, month or 1, day or 1)
    except ValueError:
        return None
    # A month or day of zero is how some databases write an unknown one.
    return PartialDate(year, month or None, (day or None) if month else None, wording)


def _from_epoch(digits: str, wording: str) -> PartialDate | None:
    seconds = int(digits) // 10 ** (3 * ((len(digits) - 9) // 3))
    day = datetime.date(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return _checked(day.year, day.month, day.day, wording)
