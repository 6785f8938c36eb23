"""Finds dates and resolves relative ones: 2025年12月, 12月1日, 去年11月, 上周三, 次年3月, 二季度."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from kg.model import PartialDate
from kg.text.numerals import Found, parse_number

__all__ = ["find_dates"]

_MONTH = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = "(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_PART_OF_MONTH = "(?:份|[初底末]|[上中下]旬)"
_MONTH_AND_DAY = f"{_MONTH}月(?:{_DAY}[日号]|{_PART_OF_MONTH}|(?![0-9薪]))"
_QUARTER = "(?:第?[一二三四]季度?|[上下]半年)"
_PART_OF_YEAR = f"(?:年?[初底末中](?!国)|年终|岁末|{_QUARTER}|Q[1-4](?![0-9A-Za-z])|早些时候|晚些时候)"

# Kinds of wordings, the more specific before the more general where both may begin at the same place.
_KINDS: Mapping[str, str] = {
    "numeric": (
        r"(?<![A-Za-z0-9./_-])(?:19|20)[0-9]{2}(?:-[0-9]{1,2}-[0-9]{1,2}|/[0-9]{1,2}/[0-9]{1,2}|\.[0-9]{1,2}\.[0-9]{1,2}"
        r"|[-/](?:1[0-2]|0[1-9]))(?![0-9年%/-]|\.[0-9])"
    ),
    "year": (
        f"(?<![0-9])(?:(?:19|20)[0-9]{{2}}|[0-9]{{2}}(?=年{_MONTH}月)|0[0-9]|(?:一九|二[〇零])[〇零一二三四五六七八九]{{2}})"
        f"财?年(?![代期版款])度?(?:的?(?:{_MONTH_AND_DAY}|{_PART_OF_YEAR}))?"
        "|(?<![A-Za-z0-9.])20[0-9]{2}(?: ?(?:Q[1-4]|H[12])(?![0-9A-Za-z])|[上下]半年)"
    ),
    "relative_year": (
        "(?:今年|本年度?|去年|上年|明年|前年|后年|同年|当年|这年|那年|那一年|次年|翌年)"
        f"(?:的?(?:{_MONTH_AND_DAY}|{_PART_OF_YEAR}))?"
    ),
    "relative_month": (
        f"(?:上个?月|本月|这个月|下个?月|同月|当月|次月)(?:的?(?:{_DAY}[日号]|{_PART_OF_MONTH}))?|(?<![0-9每个])月[初底]"
    ),
    "ago": (
        "(?<![0-9.第数几])(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3}|半)(?:年半?|个半?月|周|个?星期|天)(?:之?前|以前)"
        "(?![沿景后瞻期往段台端夕]|[一二三四五六七八九十0-9])"
    ),
    "month": f"(?<![0-9个两几数每近])(?<![0-9][.,]){_MONTH_AND_DAY}",
    "day": (r"(?<![0-9月个近前后两几数每内.-])(?:3[01]|[12][0-9]|[1-9])日(?=[,晚早上下午晨凌电讯]|宣布|消息|报道)"),
    "relative_day": "今[日天晨晚]|昨[日天晚夜]|前天|明[日天]|同日|当[日天]|[次翌]日",
    "weekday": (
        "(?<![0-9一两二三四五六七八九十几每数])[上下本这]?(?:周|星期|礼拜)[一二三四五六日天]"
        "(?![均报刊末期鸣围福年个种位款])"
    ),
    "week": "[上本]周(?![一二三四五六日天年期边])",
    "season": f"(?<![0-9]){_QUARTER}|(?<![0-9年一两三几多每半近])年[初底]",
}
_DATE = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()))

_YEAR_OFFSETS = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1, "后年": 2}
_ANCHORED_YEARS = {"同年": 0, "当年": 0, "这年": 0, "那年": 0, "那一": 0, "次年": 1, "翌年": 1}
_DAY_OFFSETS = {"今": 0, "昨": -1, "前": -2, "明": 1}
_WEEK_OFFSETS = {"上": -1, "本": 0, "这": 0, "下": 1}
_WEEKDAYS = "一二三四五六日"
_FIRST_MONTHS = {"一季": 1, "二季": 4, "三季": 7, "四季": 10, "上半": 1, "下半": 7, "年初": 1, "年底": 12}

_MONTH_IN = re.compile(f"({_MONTH})月")
_DAY_IN = re.compile(f"({_DAY})[日号]")
_SENTENCE_END = re.compile("[。!?\n]")
_AHEAD = re.compile(
    "(?:将于|将在|将|拟于|拟在|计划于|计划在|预计于|预计在|预计|最早于?|最快于?|最迟|定于|有望于|有望在)$"
)
_FURTHEST_AHEAD = timedelta(days=61)


def find_dates(text: str, reference: PartialDate | None = None) -> list[Found[PartialDate]]:
    """Return the dates in normalized `text`, in order, to the precision that they are stated with.

    `reference` is the day the text was published. A month without a year takes the year of a date before it in the
    sentence; else it is the one nearest to the reference, but no more than two months after it, unless a word such as
    预计 announces it. 同年 and 次年 go by the date before them. Quarters and halves give their year. Without a
    reference only what the text itself settles is found; impossible dates are not. What is told by how long ago it was
    is known to the unit of that length: 三年前 to the year, 六个月前 and 两周前 to the month, 三天前 to the day.

    >>> [found.value.iso for found in find_dates("去年11月成立,今年2月4日上线", PartialDate(2026, 3, 1))]
    ['2025-11', '2026-02-04']
    """
    resolver = _Resolver(text, reference)
    for match in _DATE.finditer(text):
        resolver.resolve(match)
    return resolver.found


class _Resolver:
    """Turns the wordings of one text into dates; remembers the last one, which the next may go by."""

    def __init__(self, text: str, reference: PartialDate | None) -> None:
        self.found: list[Found[PartialDate]] = []
        self._text = text
        self._reference = reference
        self._today = _to_day(reference)
        self._start = 0
        self._states_year = False  # whether the last date found came with a year

    def resolve(self, match: re.Match[str]) -> None:
        kind, wording, self._start = match.lastgroup or "", match.group(), match.start()
        try:
            resolved = _READERS[kind](self, wording)
        except OverflowError:  # before the year 1, or after 9999
            return
        if resolved is None or not _exists(resolved):
            return
        year, month, day = resolved
        self._states_year = kind in ("numeric", "year", "relative_year") or self._sentence_year() is not None
        self.found.append(Found(*match.span(), PartialDate(year, month, day, wording)))

    def read_numeric(self, wording: str) -> _Date:
        year, month, *day = (int(part) for part in re.split("[-/.]", wording))
        return year, month, day[0] if day else None

    def read_year(self, wording: str) -> _Date:
        digits = re.match("[0-9]+|[〇零一二三四五六七八九]+", wording)
        year = int(parse_number(digits.group()) or 0) if digits else 0
        if year < 100:
            year += 1900 if year >= 70 else 2000
        return year, *_month_and_day(wording)

    def read_relative_year(self, wording: str) -> _Date | None:
        word = wording[:2]
        if word in _YEAR_OFFSETS:
            return (self._reference.year + _YEAR_OFFSETS[word], *_month_and_day(wording)) if self._reference else None
        return (self._last.year + _ANCHORED_YEARS[word], *_month_and_day(wording)) if self._last else None

    def read_relative_month(self, wording: str) -> _Date | None:
        anchor = self._last if wording[0] in "同当次" else self._reference
        if anchor is None or anchor.month is None:
            return None
        offset = {"上": -1, "下": 1, "次": 1}.get(wording[0], 0)
        months = anchor.year * 12 + anchor.month - 1 + offset
        return months // 12, months % 12 + 1, _month_and_day(wording)[1]

    def read_ago(self, wording: str) -> _Date | None:
        """Return the year for 三年前, the month for 六个月前 and 两周前, the day for 三天前."""
        if self._reference is None:
            return None
        length = re.match("[0-9]+|[一二两三四五六七八九十]+", wording)
        number = int(parse_number(length.group()) or 0) if length else 0
        if "年" in wording or "月" in wording:
            return self._months_ago(number, wording)
        ago = _shift(self._today, -number * (1 if "天" in wording else 7))
        return ago if ago is None or "天" in wording else (*ago[:2], None)

    def _months_ago(self, number: int, wording: str) -> _Date | None:
        reference, half = self._reference, "半" in wording
        if reference is None or (reference.month is None and (half or "月" in wording)):
            return None
        if "年" in wording and not half:
            return reference.year - number, None, None
        months = number * 12 + 6 if "年" in wording else number
        year, month = divmod(reference.year * 12 + (reference.month or 1) - 1 - months, 12)
        return year, None if "年" in wording else month + 1, None

    def read_month(self, wording: str) -> _Date | None:
        month, day = _month_and_day(wording)
        year = self._nearest_year(month or 1, day)
        return (year, month, day) if year else None

    def read_day(self, wording: str) -> _Date | None:
        day = _number(wording[:-1])
        if self._today is None:
            return None
        month = self._today.replace(day=1)
        if day > self._today.day:
            month = (month - timedelta(days=1)).replace(day=1)
        return month.year, month.month, day

    def read_relative_day(self, wording: str) -> _Date | None:
        if wording[0] in _DAY_OFFSETS:
            return _shift(self._today, _DAY_OFFSETS[wording[0]])
        return _shift(_to_day(self._last), 1 if wording[0] in "次翌" else 0)

    def read_weekday(self, wording: str) -> _Date | None:
        if self._today is None:
            return None
        weekday = _WEEKDAYS.index(wording[-1].replace("天", "日"))
        away = weekday - self._today.weekday()
        if wording[0] in _WEEK_OFFSETS:
            away += 7 * _WEEK_OFFSETS[wording[0]]
        else:
            away = away % 7 if self._is_announced() else -(-away % 7)
        return _shift(self._today, away)

    def read_week(self, wording: str) -> _Date | None:
        """Return the month of the week, where it lies in one."""
        if self._today is None:
            return None
        monday = self._today - timedelta(days=self._today.weekday() - 7 * _WEEK_OFFSETS[wording[0]])
        sunday = monday + timedelta(days=6)
        return (monday.year, monday.month, None) if monday.month == sunday.month else None

    def read_season(self, wording: str) -> _Date | None:
        year = self._nearest_year(_FIRST_MONTHS[wording.removeprefix("第")[:2]], None)
        return (year, None, None) if year else None

    @property
    def _last(self) -> PartialDate | None:
        return self.found[-1].value if self.found else None

    def _sentence_year(self) -> int | None:
        """Return the year of the last date, if it stands in this sentence and came with one."""
        if not self._states_year or _SENTENCE_END.search(self._text, self.found[-1].end, self._start):
            return None
        return self.found[-1].value.year

    def _is_announced(self) -> bool:
        return _AHEAD.search(self._text[max(0, self._start - 4) : self._start]) is not None

    def _nearest_year(self, month: int, day: int | None) -> int | None:
        year = self._sentence_year()
        if year is not None or self._reference is None:
            return year
        reference = self._reference
        if reference.month is None:
            return self._last.year if self._last else reference.year
        if self._is_announced():
            return reference.year + ((month, day or 31) < (reference.month, reference.day or 1))
        if day is None:
            return reference.year - (month > reference.month + 1)
        latest = date(reference.year, reference.month, reference.day or 15) + _FURTHEST_AHEAD
        for year in range(latest.year, latest.year - 9, -1):  # 29 February may be eight years back
            if _exists((year, month, day)) and date(year, month, day) <= latest:
                return year
        return None


_Date = tuple[int, int | None, int | None]
_READERS: Mapping[str, Callable[[_Resolver, str], _Date | None]] = {
    kind: getattr(_Resolver, f"read_{kind}") for kind in _KINDS
}


def _month_and_day(wording: str) -> tuple[int | None, int | None]:
    month, day = _MONTH_IN.search(wording), _DAY_IN.search(wording)
    return _number(month[1]) if month else None, _number(day[1]) if day else None


def _number(digits: str) -> int:
    return int(parse_number(digits) or 0)


def _to_day(partial: PartialDate | None) -> date | None:
    if partial is None or partial.month is None or partial.day is None:
        return None
    return date(partial.year, partial.month, partial.day)


def _shift(day: date | None, days: int) -> _Date | None:
    if day is None:
        return None
    shifted = day + timedelta(days=days)
    return shifted.year, shifted.month, shifted.day


def _exists(partial: _Date) -> bool:
    try:
        date(partial[0], partial[1] or 1, partial[2] or 1)
    except ValueError:
        return False
    return True
