"""Cleans and folds a text for recognition, and keeps the way back to the characters of the original.

Every step either puts one character in the place of another or takes characters out; none puts any in. So one sorted
array of offsets leads from the folded text back to the original, and evidence can quote the article as it was printed.
"""

from __future__ import annotations

import html
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC

from kg.errors import DataError

__all__ = ["NormalizedText", "fold_name", "language_of", "normalize", "to_simplified", "to_traditional"]

HAN = "〇㐀-䶿一-鿿豈-﫿\U00020000-\U000323af"
_LONGEST_BOILERPLATE = 40
_MOST_ROUNDS = 20  # markup nested deeper than this is no web page but an attack


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """A text as it was read and the form of it that recognition runs on.

    >>> folded = normalize("騰訊 （Tencent） 投資了５億美元")
    >>> folded.text
    '腾讯(Tencent)投资了5亿美元'
    >>> folded.to_original(14, 18)
    (16, 20)
    """

    original: str
    text: str
    _offsets: array[int] | None = field(default=None, repr=False, compare=False)
    """For each character of `text` its offset in `original`; `None` where they are the same."""

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest span of `original` that covers `text[start:end]`; an empty span stays empty."""
        if self._offsets is None:
            return start, end
        if start >= end:
            place = self._offsets[start] if start < len(self._offsets) else len(self.original)
            return place, place
        return self._offsets[start], self._offsets[end - 1] + 1

    def to_normalized(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of `text` that is left of `original[start:end]`, empty where all of it was taken out."""
        if self._offsets is None:
            return start, end
        return bisect_left(self._offsets, start), bisect_left(self._offsets, end)


def normalize(text: str) -> NormalizedText:
    """Clean `text` of what web pages and converters leave in it, and fold script, width and spacing.

    The result has Simplified characters and half-width ASCII, no markup, links, boilerplate lines or pinyin in brackets
    behind characters, no spaces next to Chinese characters; line breaks stay (never more than two in a row).
    Normalizing the result again changes nothing.

    >>> normalize("用戶(hù)的網絡（Network）\\u200b").text
    '用户的网络(Network)'
    """
    draft = _Draft(text)
    for _ in range(_MOST_ROUNDS):
        if not _clean(draft):
            break
    draft.text = to_simplified(draft.text)
    _remove_boilerplate(draft)
    draft.remove(match.span() for match in _BLANK_LINES.finditer(draft.text))
    if draft.offsets is None:
        return NormalizedText(text, draft.text)
    offsets = array("i")
    offsets.frombytes(draft.offsets.tobytes())
    return NormalizedText(text, draft.text, offsets)


class _Draft:
    """A text under work, and for each of its characters the offset where it came from."""

    __slots__ = ("offsets", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.offsets: NDArray[np.intc] | None = None

    def remove(self, spans: Iterable[tuple[int, int]]) -> bool:
        """Take the sorted, disjoint spans out of the text; return whether there were any."""
        return self.replace((start, end, "") for start, end in spans)

    def replace(self, edits: Iterable[tuple[int, int, str]]) -> bool:
        """Put a string of at most one character in the place of each sorted, disjoint span."""
        pieces = []
        kept = 0
        keep: NDArray[np.bool_] | None = None
        for start, end, character in edits:
            if keep is None:
                keep = np.ones(len(self.text), dtype=np.bool_)
            pieces.append(self.text[kept:start])
            pieces.append(character)
            keep[start + len(character) : end] = False
            kept = end
        if keep is None:
            return False
        pieces.append(self.text[kept:])
        offsets = np.arange(len(self.text), dtype=np.intc) if self.offsets is None else self.offsets
        self.text = "".join(pieces)
        self.offsets = offsets[keep]
        return True


def _clean(draft: _Draft) -> bool:
    """Run every step once; return whether markup went, which may have brought other markup together."""
    draft.remove(match.span() for match in _INVISIBLE.finditer(draft.text))
    draft.text = _DOTTED_NAME.sub("·", draft.text)  # before a wide point becomes a full stop
    draft.text = draft.text.translate(_FOLDED)
    if "#" in draft.text:  # before spaces go, because one makes the difference between a heading and a #topic
        draft.remove(match.span() for match in _HEADING.finditer(draft.text))
    draft.remove(match.span() for match in _SPACES.finditer(draft.text))
    draft.text = _DOTTED_NAME.sub("·", draft.text)
    changed = False
    for mark, step in _MARKUP:
        if mark in draft.text:
            changed |= step(draft)
    return changed


# --- characters -------------------------------------------------------------------------------------------------

_INVISIBLE = re.compile(
    "\r(?=\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
    "\ud800-\udfff]+"  # lone halves of characters, which no text file can hold
)
_FOLDED_RANGES = (
    (0x2E80, 0x2FD5),  # radicals that PDF readers give in the place of characters
    (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),  # compatibility ideographs
    (0xFE30, 0xFE6B),  # vertical and small forms
    (0xFF01, 0xFF9F), (0xFFE0, 0xFFE6),  # full and half width
)  # fmt: skip


def _folded_characters() -> dict[int, str]:
    table = {}
    for first, last in _FOLDED_RANGES:
        for code in range(first, last + 1):
            usual = unicodedata.normalize("NFKC", chr(code))
            if len(usual) == 1 and usual != chr(code):
                table[code] = usual
    spaces = "\t\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
    table |= {ord(space): " " for space in spaces}
    table |= {ord(line_break): "\n" for line_break in "\r\x85\u2028\u2029"}
    table |= {ord(hyphen): "-" for hyphen in "\u2010\u2011\u2212"}
    table[0xFFE3] = "\uffe3"  # its usual form is a space and a combining mark
    return table


_FOLDED = _folded_characters()
_DOTTED_NAME = re.compile(f"(?<=[{HAN}])[•‧∙⋅・．](?=[{HAN}])")

# A space next to one of these separates nothing.
_SOLID = f"{HAN}々、。「」『』《》〈〉【】…"
_SPACES = re.compile(f" ++(?=[{_SOLID}\\n])|(?<=[{_SOLID}\\n]) ++|\\A ++| ++\\Z|(?<= ) ++")


# --- markup -----------------------------------------------------------------------------------------------------

_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#[xX][0-9a-fA-F]{1,5});")
_TAG = re.compile(
    r"<!--[^\n]{0,300}?-->|</?(?:(?P<block>blockquote|br|dd|div|dl|dt|figcaption|figure|h[1-6]|hr|li|ol|p|pre|section"
    r"|table|tr|ul)|abbr|a|big|b|center|code|em|font|iframe|img|ins|i|mark|small|source|span|strong|sub|sup|svg|s"
    r"|tbody|td|tfoot|thead|th|u|video)(?:[ /][^<>\n]{0,300})?>",
    re.IGNORECASE,
)
_LINK = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\n]{0,500}\)|\[(?P<text>[^\[\]\n]{1,300})\]\([^()\n]{0,500}\)")
# Brackets, quotation marks, commas and all that is not ASCII end an address.
_URL = re.compile("https?://[!#-&*+./0-9:=?@A-Z_a-z~-]+", re.IGNORECASE)
_HOST = re.compile("(?<![A-Za-z0-9.])www\\.[!#-&*+./0-9:=?@A-Z_a-z~-]+")
_MAIL = re.compile(r"(?<![\w.%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+", re.ASCII)
_EMPHASIS = re.compile(r"\*\*+|(?<![A-Za-z0-9_])__+(?=\S)|(?<=[^\sA-Za-z0-9_])__+(?![A-Za-z0-9_])")
_CODE = re.compile("`+")
_HEADING = re.compile("^ *#[# ][# ]*", re.MULTILINE)


def _decode_entities(draft: _Draft) -> bool:
    def decoded() -> Iterable[tuple[int, int, str]]:
        for match in _ENTITY.finditer(draft.text):
            character = html.unescape(match.group())
            if len(character) == 1:
                yield *match.span(), character

    return draft.replace(decoded())


def _remove_tags(draft: _Draft) -> bool:
    return draft.replace((*match.span(), "\n" if match["block"] else "") for match in _TAG.finditer(draft.text))


def _remove_links(draft: _Draft) -> bool:
    """Take out pictures whole, and of a link everything but its text."""

    def spans() -> Iterable[tuple[int, int]]:
        for match in _LINK.finditer(draft.text):
            if match["text"] is None:
                yield match.span()
            else:
                yield match.start(), match.start("text")
                yield match.end("text"), match.end()

    return draft.remove(spans())


def _remover(pattern: re.Pattern[str], replacement: str = "") -> Callable[[_Draft], bool]:
    return lambda draft: draft.replace((*match.span(), replacement) for match in pattern.finditer(draft.text))


# --- pinyin -----------------------------------------------------------------------------------------------------

_PLAIN_LETTERS = "a-zü"
_TONED_LETTERS = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ\u0300\u0301\u0304\u030c"
_PINYIN = re.compile(f"(?<=[{HAN}])[A-Za-z]?(?P<brackets>(?:\\([{_PLAIN_LETTERS}{_TONED_LETTERS}]{{1,7}}\\))+)")
_TONE = re.compile(f"[{_TONED_LETTERS}]")
_SYLLABLE = re.compile(
    "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:i?ang?|i?ao|i?ong|ia|ai|a|i?e|ian|ei|er|eng?|i?u|iou|ing?|i|ou?"
    "|u?ai|u?ang?|ua|ue|ui|u?eng?|un|uo|ü[en]?|üan|v|ve)|hm|hng|[mn]g?"
)
_LEAST_EVIDENCE = 3


def _remove_pinyin(draft: _Draft) -> bool:
    """Take out the readings that a converter to Traditional put behind characters.

    A reading with a tone mark is unmistakable. One without (们(men), but also 智能(ai)) goes only where the text has
    other readings and the character before it is a Traditional one, which is what such converters annotate.
    """
    readings = list(_PINYIN.finditer(draft.text))
    toned = [_TONE.search(match["brackets"]) is not None for match in readings]
    garbled = sum(toned) >= _LEAST_EVIDENCE

    def spans() -> Iterable[tuple[int, int]]:
        for match, has_tone in zip(readings, toned, strict=True):
            before = draft.text[match.start() - 1]
            plain = garbled and match.start() == match.start("brackets") and _convert(_t2s(), before) != before
            if (has_tone or plain) and all(map(_is_syllable, match["brackets"][1:-1].split(")("))):
                yield match.span("brackets")

    return draft.remove(spans())


@lru_cache(maxsize=4096)
def _is_syllable(reading: str) -> bool:
    toneless = re.sub("[\u0300\u0301\u0304\u030c]", "", unicodedata.normalize("NFD", reading))
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", toneless)) is not None


_MARKUP: tuple[tuple[str, Callable[[_Draft], bool]], ...] = (
    ("&", _decode_entities),
    ("<", _remove_tags),
    ("](", _remove_links),
    ("://", _remover(_URL, " ")),
    ("www.", _remover(_HOST, " ")),
    ("@", _remover(_MAIL, " ")),
    ("**", _remover(_EMPHASIS)),
    ("__", _remover(_EMPHASIS)),
    ("`", _remover(_CODE)),
    ("(", _remove_pinyin),
)
"""A string without which a step has nothing to do, and the step."""


# --- lines ------------------------------------------------------------------------------------------------------

_BLANK_LINES = re.compile(r"(?<=\n\n)\n+")


@cache
def _boilerplate() -> re.Pattern[str]:
    source = files("kg.text").joinpath("data/boilerplate.txt")
    lines = source.read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line.strip() and not line.startswith("#")]
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise DataError(f"{source}: {pattern!r} is no regular expression: {error}") from error
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


@lru_cache(maxsize=65536)
def _is_boilerplate(line: str) -> bool:
    return _boilerplate().fullmatch(line) is not None


def _remove_boilerplate(draft: _Draft) -> None:
    def spans() -> Iterable[tuple[int, int]]:
        start = 0
        for line in draft.text.split("\n"):
            if 0 < len(line) <= _LONGEST_BOILERPLATE and _is_boilerplate(line):
                yield start, start + len(line)
            start += len(line) + 1

    draft.remove(spans())


# --- script and names -------------------------------------------------------------------------------------------


@cache
def _t2s() -> OpenCC:
    return OpenCC("t2s")


@cache
def _s2t() -> OpenCC:
    return OpenCC("s2t")


_LONE_SURROGATES = re.compile("([\ud800-\udfff]+)")


def _convert(converter: OpenCC, text: str) -> str:
    """Return `text` in the other script; OpenCC takes no halves of characters, which stay."""
    if not _LONE_SURROGATES.search(text):
        converted: str = converter.convert(text)
        return converted
    pieces = _LONE_SURROGATES.split(text)
    return "".join(converter.convert(piece) if number % 2 == 0 else piece for number, piece in enumerate(pieces))


# OpenCC leaves 看著 alone. In a Traditional text 著 after a verb is the aspect marker 着.
_ASPECT_MARKER = re.compile(f"(?<=[{HAN}])(?<![名巨专显卓昭土原论编译合所遗新拙执较大])著(?![名作称者有书述录])")


def to_simplified(text: str) -> str:
    """Return `text` in Simplified characters, each in the place of one of `text`.

    >>> to_simplified("臺灣的網絡意味著什麼")
    '台湾的网络意味着什么'
    """
    simplified = _convert(_t2s(), text)
    if simplified == text:
        return text
    if len(simplified) != len(text):  # a phrase of OpenCC's that changes the length
        characters = (_convert(_t2s(), character) for character in text)
        simplified = "".join(new if len(new) == 1 else old for new, old in zip(characters, text, strict=True))
    return to_simplified(_ASPECT_MARKER.sub("着", simplified))


def language_of(name: str) -> str:
    """Return the BCP 47 tag of a name: `en` without Chinese characters, else by the script it is written in.

    A name that reads the same in both scripts (小米) counts as Simplified.

    >>> language_of("月之暗面"), language_of("騰訊"), language_of("Moonshot AI")
    ('zh-Hans', 'zh-Hant', 'en')
    """
    if not re.search(f"[{HAN}]", name):
        return "en"
    return "zh-Hans" if to_simplified(name) == name else "zh-Hant"


def to_traditional(text: str) -> str:
    """Return `text` in Traditional characters for a label; words stay, and the length may change.

    OpenCC's plain `s2t`, because the Taiwanese vocabulary of `s2twp` rewrites parts of names (智谱信息 → 智譜資訊).

    >>> to_traditional("智谱信息")
    '智譜信息'
    """
    return _convert(_s2t(), text)


_BRACKETED_READING = re.compile(
    "\\([a-zA-Zɑāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿêń̌ \u0300-\u036f]{1,8}\\)",
)
_HAN_BRACKET = re.compile(r"[一-鿿]\s?\(")
_NAME_POINT = re.compile(r"(?<![0-9])\.|\.(?![0-9])")


@lru_cache(maxsize=1 << 17)
def fold_name(name: str) -> str:
    """Return the key under which names are the same: script, width, case, spacing and punctuation do not matter.

    A point between digits counts (3.5 is not 35), and so do `+`, `#`, `&`, `%`, `$` and `@` (A+, C#). A name that
    consists of nothing else keeps its folded case.

    >>> fold_name("GPT-4o") == fold_name("gpt 4o")
    True
    >>> fold_name("山姆·奧特曼（Sam）")
    '山姆奥特曼'
    """
    usual = unicodedata.normalize("NFKC", name)
    if _HAN_BRACKET.search(usual):
        usual = _BRACKETED_READING.sub("", usual)
    folded = _convert(_t2s(), usual).casefold()
    kept = "".join(character for character in folded if _counts(character))
    return _NAME_POINT.sub("", kept) or name.casefold()


@lru_cache(maxsize=8192)
def _counts(character: str) -> bool:
    if character in ".+#&%$@":
        return True
    return unicodedata.category(character)[0] not in "ZPC" and character not in "~`"
