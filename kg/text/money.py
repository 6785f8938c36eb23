"""Finds amounts of money: 超7亿美元, 2.5亿元人民币, 数千万美元, 30-40亿元, $300M, 融资近亿."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from kg.model import Money
from kg.text.numerals import DIGITS, Found, parse_number, to_plain

__all__ = ["find_money"]

_AFTER: Mapping[str, str] = {
    "美元": "USD", "美金": "USD", "美刀": "USD", "USD": "USD", "dollars": "USD",
    "元人民币": "CNY", "人民币": "CNY", "RMB": "CNY", "CNY": "CNY", "块钱": "CNY", "元": "CNY",
    "元港币": "HKD", "港元": "HKD", "港币": "HKD", "HKD": "HKD",
    "元新台币": "TWD", "元台币": "TWD", "新台币": "TWD", "台币": "TWD", "TWD": "TWD",
    "日元": "JPY", "日圆": "JPY", "JPY": "JPY", "韩元": "KRW", "韩币": "KRW", "欧元": "EUR", "EUR": "EUR",
    "英镑": "GBP", "GBP": "GBP", "印度卢比": "INR", "卢比": "INR", "新加坡元": "SGD", "新元": "SGD", "新币": "SGD",
    "澳大利亚元": "AUD", "澳元": "AUD", "加拿大元": "CAD", "加元": "CAD", "瑞士法郎": "CHF", "卢布": "RUB",
    "迪拉姆": "AED", "里亚尔": "SAR", "林吉特": "MYR", "令吉": "MYR", "泰铢": "THB", "雷亚尔": "BRL",
    "挪威克朗": "NOK", "瑞典克朗": "SEK", "丹麦克朗": "DKK", "越南盾": "VND", "印尼盾": "IDR", "谢克尔": "ILS",
}  # fmt: skip
_BEFORE: Mapping[str, str] = {
    "US$": "USD", "USD": "USD", "$": "USD", "人民币": "CNY", "RMB": "CNY", "CNY": "CNY", "¥": "CNY",
    "HK$": "HKD", "HKD": "HKD", "港币": "HKD", "NT$": "TWD", "TWD": "TWD", "新台币": "TWD", "台币": "TWD",
    "S$": "SGD", "A$": "AUD", "C$": "CAD", "R$": "BRL", "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP",
    "₩": "KRW", "₹": "INR", "JPY": "JPY",
}  # fmt: skip
_ENGLISH_UNITS = {
    "k": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6, "b": 10**9, "bn": 10**9, "billion": 10**9,
    "t": 10**12, "tn": 10**12, "trillion": 10**12,
}  # fmt: skip


def _any_of(words: Mapping[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_CURRENCY_AFTER = f"(?:{_any_of(_AFTER)})(?!(?<=元)[宇素件旦年老帅组音首勋气凶月]|(?<=[A-Zs])[A-Za-z])"
_UNIT = "[十百千]?(?:个?万亿|个?[万亿兆])|[百千]"
_FIGURE = (
    rf"(?:(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?[余多几]?(?:{_UNIT})?(?:(?<=亿)\d{{1,4}}万)?"
    rf"|[{DIGITS}十](?:[{DIGITS}十百千万亿兆余多几点]|个(?=[万亿]))*"
    r"|(?:数以|[数几上])(?:[十百千]?(?:万亿|[万亿])|[十百千])"
    r"|[百千]万亿|[百千]?亿|[百千]万|万亿)"
)
_TO = "(?:至|到|-|—{1,2}|–|~)"
_MONEY = re.compile(
    rf"(?P<before>(?<![A-Za-z])(?:{_any_of(_BEFORE)}) ?)?(?<!\d)(?<!\d[.,])"
    rf"(?:(?P<low>{_FIGURE})(?:{_CURRENCY_AFTER})?{_TO}(?:US\$|[$¥€£])?)?"
    rf"(?P<figure>{_FIGURE})(?:(?<=\d) ?(?P<english>(?i:million|billion|trillion|mn|bn|tn|[kmbt]))(?![A-Za-z轮]))?"
    rf"(?P<loose>[余多]|级别?)?(?: ?(?P<after>{_CURRENCY_AFTER}))?"
    r"(?P<about>级别?|计|多|\+|左右|上下|以上|不等|起(?![来于的]))?",
    re.ASCII,
)
_APPROXIMATELY = re.compile(
    "(?:(?:大约|大概|约合|约|接近|将近|近|达到或超过|不超过|不超|超过|超出|超|逾|突破|破|过|至少|多达|不少于|不低于|不到|不足|最多|或)"
    "[了为达]?){1,8}$"
)
_LONGEST_WORDING = 8
_WORTH = re.compile(
    "(?:融资|估值|募资|投资|出资|注资|筹资|筹集|斥资|耗资|募集|市值|增资|资金|金额|收购价)(?:额|规模|总额)?"
    "[了约为达到至高将已升飙]{0,4}$"
)
_WORTH_AFTER = re.compile("的?(?:[A-K][+]{0,2}轮|天使轮|新一轮|战略)?(?:融资(?!事件|案例)|募资|估值|注资)")
_ENDS_AMOUNT = re.compile(r"$|[,。;、!?)”」\n的了]|融资|估值|投资|收购|资金")
_SENTENCE_END = re.compile("[。!?;\n]")
_LOOSE = re.compile("[余多几个]|(?<=[一二两三四五六七八])[二三四五六七八九](?=[十百千万亿])")  # 两三千 is 2,000 or more
_LARGE_UNIT = re.compile("[万亿兆]+$")


def find_money(text: str) -> list[Found[Money]]:
    """Return the amounts of money in normalized `text`, in order.

    The span takes in the words that make an amount approximate. An amount without a currency counts only behind a
    word such as 融资 or 估值, in the currency of the amount before it in the sentence, else in yuan. 数千万 has no
    value; a bare 亿 or 千亿 is approximately that much.

    >>> [(str(found.value.value), found.value.currency) for found in find_money("融资超7亿美元,投前估值近百亿元")]
    [('700000000', 'USD'), ('10000000000', 'CNY')]
    """
    found: list[Found[Money]] = []
    for match in _MONEY.finditer(text):
        currency = _stated_currency(match)
        if currency is None and not _LARGE_UNIT.search(match["figure"]):
            continue
        start = _approximating_start(text, match.start())
        currency = currency or _implied_currency(text, start, match, found)
        if currency is not None:
            money = _read_money(text, start, match, currency)
            if money is not None:
                found.append(Found(match.end() - len(money.wording), match.end(), money))
    return found


def _stated_currency(match: re.Match[str]) -> str | None:
    if match["after"]:
        if match["before"] and match["after"] in ("元", "块钱"):  # 新台币3亿元
            return _BEFORE[match["before"].rstrip()]
        counted = match["before"] or match["figure"][-1] not in DIGITS + "十"  # 一元, 二元 are no amounts
        return _AFTER[match["after"]] if counted or match["after"] not in ("元", "块钱") else None
    return _BEFORE[match["before"].rstrip()] if match["before"] else None


def _implied_currency(text: str, start: int, match: re.Match[str], found: list[Found[Money]]) -> str | None:
    """Return the currency of an amount that names none, or `None` where it need not be money at all."""
    stated = _WORTH.search(text[max(0, start - _LONGEST_WORDING) : start]) and _ENDS_AMOUNT.match(text, match.end())
    if not stated and not _WORTH_AFTER.match(text, match.end()):
        return None
    if found and not _SENTENCE_END.search(text, found[-1].end, start):
        return found[-1].value.currency
    return "CNY"


def _approximating_start(text: str, start: int) -> int:
    before = text[max(0, start - _LONGEST_WORDING) : start]
    match = _APPROXIMATELY.search(before)
    return start - len(before) + match.start() if match else start


def _read_money(text: str, start: int, match: re.Match[str], currency: str) -> Money | None:
    """Return the amount of `match`, whose approximating words begin at `start`; `None` if the figure is malformed."""
    figure, low = match["figure"], match["low"]
    scale = _ENGLISH_UNITS[match["english"].lower()] if match["english"] else 1
    value = _read_figure(figure, scale)
    if value is None and not _is_vague(figure):
        return None
    if low:
        unit = _LARGE_UNIT.search(figure)
        inherited = unit.group() if unit and not _LARGE_UNIT.search(low) else ""
        minimum = _read_figure(low + inherited, scale)
        if minimum is None or value is None or minimum < value:
            return Money(minimum, currency, True, minimum, value, text[start : match.end()])
        start = match.start("figure")  # 2024-30亿元 is no range
    approximate = start < match.start() or bool(match["loose"] or match["about"]) or _is_approximate(figure)
    return Money(value, currency, approximate, wording=text[start : match.end()])


def _read_figure(figure: str, scale: int) -> Decimal | None:
    """Return the value of a figure, 1 亿 for a bare 亿 or 上亿; `None` for 数亿."""
    value = None if _is_vague(figure) else parse_number(_LOOSE.sub("", figure.removeprefix("上")))
    return None if value is None else to_plain(value * scale)


def _is_vague(figure: str) -> bool:
    return figure[0] in "数几"


def _is_approximate(figure: str) -> bool:
    return figure[0] in "数几上百千万亿" or _LOOSE.search(figure.replace("个", "")) is not None
