"""Finds funding rounds and spells them one way: seed, angel+, Pre-A, A1, B+, Pre-IPO, strategic, IPO, cornerstone."""

from __future__ import annotations

import re

from kg.text.numerals import Found

__all__ = ["find_rounds"]

_NAME = r"(?:[Pp][Rr][Ee][- ]{0,2})?(?:种子|天使|IPO|Seed|seed|[A-Ka-k](?:-?[1-9])?)(?:\+(?![A-K])){0,3}"
_NAMED = re.compile(
    rf"(?<![A-Za-z0-9.&+-])(?P<names>{_NAME}(?:(?:轮?[、/,和及与至到+]|轮?以及){_NAME}){{0,5}})"
    r"(?:[两三四2-4]?轮(?![胎椅廓毂船盘换岗流])|(?:系列|期)?(?:融资|优先股)|投资(?!者|人|方|机构|银行|基金)| round\b)"
    r"|(?<![A-Za-z])(?i:series[ -](?P<series>seed|[a-k][1-9]?\+{0,3}))(?![A-Za-z0-9])"
    r"|(?P<listing>(?<![A-Za-z-])(?:(?P<before>[Pp]re-?)?IPO\+?)(?![A-Za-z])|首次公开(?:募股|发行|招股|募集))"
    r"|(?P<strategic>战略(?:轮|融资|投资(?!者|人|方|部|机构|基金|公司|总|副|负责|委|事业|与)|入股)|(?<=引入)战略投资者|战投(?!部|负责|总))"
    r"|(?P<cornerstone>基石(?:轮|投资|融资))"
)
_PART = re.compile(_NAME)
_SPELLINGS = {"种子": "seed", "天使": "angel", "ipo": "IPO", "seed": "seed"}


def find_rounds(text: str) -> list[Found[str]]:
    """Return the funding rounds that normalized `text` names, in order; 「A、B两轮」 names two.

    >>> [found.value for found in find_rounds("先后完成Pre-A轮和A+轮融资,筹备IPO")]
    ['Pre-A', 'A+', 'IPO']
    """
    found = []
    for match in _NAMED.finditer(text):
        if match["names"]:
            parts = list(_PART.finditer(text, match.start(), match.end("names")))
            ends = [*(part.end() for part in parts[:-1]), match.end()]
            found += [Found(part.start(), end, _spell(part.group())) for part, end in zip(parts, ends, strict=True)]
        else:
            found.append(Found(*match.span(), _name_of(match)))
    return found


def _name_of(match: re.Match[str]) -> str:
    if match["series"]:
        return _spell(match["series"])
    if match["listing"]:
        return ("Pre-IPO" if match["before"] else "IPO") + ("+" if match["listing"].endswith("+") else "")
    return "strategic" if match["strategic"] else "cornerstone"


def _spell(name: str) -> str:
    """Return the one spelling of a round's name.

    >>> [_spell(name) for name in ("pre-a", "天使+", "A-1", "PreIPO")]
    ['Pre-A', 'angel+', 'A1', 'Pre-IPO']
    """
    lower = name.lower()
    before = "Pre-" if lower.startswith("pre") else ""
    rest = re.sub(r"^pre[- ]*", "", lower)
    stem = rest.rstrip("+")
    return before + _SPELLINGS.get(stem, stem.replace("-", "").upper()) + rest[len(stem) :]
