"""Numbers as Chinese news writes them: 2.5, 1,200, 六亿, 3千万, 1.2万亿, 两千三."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

__all__ = ["DIGITS", "Found", "parse_number", "to_plain"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and the span of the text (code points, end excluded) that states it."""

    start: int
    end: int
    value: T


DIGITS = "零〇一二两三四五六七八九"
_VALUES = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_LONGEST = 28  # more digits than Decimal computes with are no quantity of the news
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_TOKEN = re.compile(
    rf"(?P<arabic>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)|(?P<chinese>[{DIGITS}]+(?:点[{DIGITS}]+)?)"
    "|(?P<small>[十百千])|(?P<large>[万亿兆])",
    re.ASCII,
)


def parse_number(text: str) -> Decimal | None:
    """Return the number that `text` is, or `None` where it is none.

    >>> [int(parse_number(text)) for text in ("1,200", "3千万", "1.2万亿", "十二亿五千万", "两百", "一亿二")]
    [1200, 30000000, 1200000000000, 1250000000, 200, 120000000]
    >>> parse_number("半"), parse_number("三点五"), parse_number("3个")
    (Decimal('0.5'), Decimal('3.5'), None)
    """
    if text == "半":
        return Decimal("0.5")
    if not 0 < len(text) <= _LONGEST:
        return None
    total, section = Decimal(0), Decimal(0)
    number: Decimal | None = None
    ceiling, unit, place = 0, 0, 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            return None
        place, token = match.end(), match.group()
        if match.lastgroup == "small":
            unit = _SMALL[token]
            section += Decimal(1 if number is None else number) * unit
            number = None
        elif match.lastgroup == "large":
            unit = _LARGE[token]
            section += number or Decimal(0)
            if unit > ceiling:  # 1.2万亿 multiplies what came before, 12亿5000万 adds to it
                total = (total + section or Decimal(1)) * unit
            else:
                total += (section or Decimal(1)) * unit
            ceiling, section, number = unit, Decimal(0), None
        elif number is not None:
            return None
        elif match.lastgroup == "arabic":
            number, unit = Decimal(token.replace(",", "")), 0
        else:
            number = _read_digits(token)
            if unit >= 100 and number and len(token) == 1 and place == len(text):  # 三千五, 一亿二
                number = number * unit / 10
    return to_plain(total + section + (number or 0))


def to_plain(value: Decimal) -> Decimal:
    """Return the same number without trailing zeros or an exponent, so that equal numbers print alike.

    >>> to_plain(Decimal("2.50") * 10**8)
    Decimal('250000000')
    """
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()


def _read_digits(token: str) -> Decimal:
    return Decimal("".join("." if character == "点" else str(_VALUES[character]) for character in token))
