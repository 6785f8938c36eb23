"""The quantities that news states: money, dates, funding rounds, shares, numbers.

All of them are found in normalized text (:mod:`kg.text.normalize`): Simplified characters, half-width digits and
punctuation, no spaces beside Chinese characters. Offsets point into that text.
"""

from __future__ import annotations

import re
from decimal import Decimal

from kg.text.dates import find_dates
from kg.text.money import find_money
from kg.text.numerals import Found, parse_number
from kg.text.rounds import find_rounds

__all__ = ["Found", "find_dates", "find_money", "find_rounds", "find_shares", "parse_number"]

_PERCENTAGE = r"(?:(?<![\d.])\d{1,3}(?:\.\d{1,6})?%|百分之[零一二三四五六七八九十百点]{1,8})"
_SHARE = re.compile(
    rf"(?P<before>{_PERCENTAGE})(?:以上|左右)?的?(?:股权|股份|股本|持股|控股|普通股|权益)"
    rf"|(?:持股|占股|持有股份|股权占比|持股占比|股比)(?:比例)?(?:仅|只有|分别|合计|均|都)?[为达约超过至在占逾]{{0,4}}"
    rf"(?P<after>{_PERCENTAGE})"
)


def find_shares(text: str) -> list[Found[Decimal]]:
    """Return the shares in a company that `text` states, in per cent, in order.

    >>> [str(found.value) for found in find_shares("收购其79.09%股份,创始人持股比例为百分之五")]
    ['79.09', '5']
    """
    found = []
    for match in _SHARE.finditer(text):
        wording = match["before"] or match["after"]
        value = parse_number(wording.removesuffix("%").removeprefix("百分之"))
        if value is not None and 0 < value <= 100:
            found.append(Found(*match.span(), value))
    return found
