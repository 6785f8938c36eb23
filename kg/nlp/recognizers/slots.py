"""Names that no list knows, in places that only a name of one type fills: …宣布完成融资, 由…领投, 初创公司….

The places are in `data/slots.yaml`. One end of the name is given by the place, the other is a boundary: punctuation, a
listed name, or a word that stands in no name.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml
from spacy.language import Language
from spacy.tokens import Doc

from kg.model import EntityType
from kg.nlp.names import Name, names_of, text_of
from kg.nlp.recognizers.latin import is_term
from kg.nlp.recognizers.organizations import generic_words, is_ending, is_place, stop_words
from kg.nlp.tagger import load_tagger
from kg.nlp.titles import title_pattern
from kg.nlp.words import is_common_word

_PART = re.compile(r"[\u3400-\u9fffA-Za-z0-9&.\-·]+")
_OPENING, _CLOSING = '“"「『', '”"」』'
_GLOSS = re.compile(r"\([^()\n]{1,40}\)$")
_TIME = re.compile(r"(?:周|星期)[一二三四五六日天]|[今昨明前]天|\d+[年月日]|上午|下午|晚间|凌晨")
_NUMERAL = re.compile(r"十多|[一二三四五六七八九]十|[一二三四五六七八九十百千万亿两几数]{2}|第[一二三]|[首头][个家次]")
_ENUMERATES = re.compile("、")
_ENUMERATES_ON = re.compile("[、和与及等]|以及")
_NOTHING = re.compile(r"(?!)")
_CLAUSE_EDGE = "\n,。;:!?"
_ROLE = re.compile(r"(?:老|新|原|大)?(?:股东|投资方|投资人|投资机构|合作方|主办方|领投方|跟投方)")
_INNER = re.compile(r"(?![由被获据在与和向的对是给让了及从为])[\u3400-\u9fff]")
_BESIDE_TITLES = frozenset(["兼", "前", "时任", "现任", "原", "兼任", "新任", "暨"])
_MAX_PARTS, _MAX_LENGTH = 5, 10


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a name of a type: what stands `before` and `after` it; one of them may be missing."""

    type: EntityType
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    strong: bool
    closed: bool
    example: str


@lru_cache(maxsize=1)
def load_slots() -> tuple[Slot, ...]:
    """Return the slots of `data/slots.yaml`."""
    rows = yaml.safe_load((resources.files("kg.nlp") / "data" / "slots.yaml").read_text("utf-8"))
    return tuple(
        Slot(
            EntityType(row["type"]),
            re.compile(row["before"]) if "before" in row else None,
            re.compile(row["after"]) if "after" in row else None,
            row.get("strong", False),
            row.get("closed", False),
            row["example"],
        )
        for row in rows
    )


@Language.component("slot_names")
def recognize_slots(doc: Doc) -> Doc:
    """Add the names that stand in slots and overlap no certain name."""
    finder = _Finder(doc)
    text = finder.text  # `Doc.text` is put together anew at every access
    found: set[tuple[int, int, EntityType, float]] = set()
    for slot in load_slots():
        for match in (slot.before or slot.after or _NOTHING).finditer(text):
            span = (
                finder.right_of(match.end(), strong=slot.strong)
                if slot.before
                else finder.left_of(match.start(), strong=slot.strong)
            )
            if span and (slot.before is None or slot.after is None or slot.after.match(text, finder.beyond(span[1]))):
                # The right end of a Han name without quotation marks is a guess: it needs support.
                sure = (
                    slot.closed or slot.before is None or text[span[1] - 1].isascii() or text[span[0] - 1] in _OPENING
                )
                sure = sure or (slot.strong and text[span[1] : span[1] + 1] in tuple(_CLAUSE_EDGE))
                found.add((*span, slot.type, 1.9 if sure else 1.1))
    found.update(_beside_known(doc, finder))
    for start, end, kind, strength in sorted(found):
        names_of(doc).append(Name(start, end, text[start:end], kind, "slot", strength))
    return doc


def _beside_known(doc: Doc, finder: _Finder) -> Iterator[tuple[int, int, EntityType, float]]:
    """Yield what an enumeration names after a listed name: 阿里巴巴、腾讯、云帆智算与百度."""
    ends = {n.end: n.type for n in names_of(doc) if n.strength >= 2}
    for mark in _ENUMERATES.finditer(finder.text):
        kind = ends.get(mark.start())
        span = finder.right_of(mark.end()) if kind else None
        if kind and span and _ENUMERATES_ON.match(finder.text, finder.beyond(span[1])):
            ends[span[1]] = kind
            yield (*span, kind, 1.6)


class _Finder:
    """Finds the other end of a name of which one end is known."""

    def __init__(self, doc: Doc) -> None:
        self.text = text_of(doc)
        self.starts = [token.idx for token in doc]
        self.words = [token.text for token in doc]
        self.ordinary = load_tagger().words
        self.taken = bytearray(len(self.text))
        for name in names_of(doc):
            if name.strength >= 2:
                self.taken[name.start : name.end] = b"\1" * (name.end - name.start)
        for title in title_pattern().finditer(self.text):
            self.taken[title.start() : title.end()] = b"\1" * len(title.group())

    def beyond(self, end: int) -> int:
        """Return `end`, or the place behind a closing quotation mark there."""
        return end + (self.text[end : end + 1] in tuple(_CLOSING))

    def left_of(self, end: int, *, strong: bool = False) -> tuple[int, int] | None:
        """Return the name that ends at `end`, brackets and quotation marks between them left out."""
        if gloss := _GLOSS.search(self.text[max(0, end - 42) : end]):
            end -= len(gloss.group())
        if end and self.text[end - 1] in _CLOSING:
            return self._quoted(end - 1)
        index = bisect_left(self.starts, end)
        if index >= len(self.starts) or self.starts[index] != end:
            return None
        first = index
        while first and index - first < _MAX_PARTS:
            is_last = first == index
            if not self._is_part(first - 1, ordinary=strong or (is_last and is_ending(self.words[first - 1]))):
                break
            first -= 1
        return self._checked(first, index, strong=strong)

    def right_of(self, start: int, *, strong: bool = False) -> tuple[int, int] | None:
        """Return the name that begins at `start`, a quotation mark between them left out."""
        if self.text[start : start + 1] in tuple(_OPENING):
            close = re.compile(r"[”\"」』]").search(self.text, start + 1, start + 14)
            return self._quoted(close.start()) if close else None
        index = bisect_left(self.starts, start)
        if index >= len(self.starts) or self.starts[index] != start:
            return None
        last = index
        while last < len(self.starts) and self._is_part(last, ordinary=strong) and last - index < _MAX_PARTS:
            last += 1
        return self._checked(index, last, strong=strong)

    def _quoted(self, end: int) -> tuple[int, int] | None:
        opening = max(self.text.rfind(mark, max(0, end - 14), end) for mark in _OPENING)
        start = opening + 1
        name = self.text[start:end]
        if opening < 0 or not 2 <= len(name) <= _MAX_LENGTH or not _PART.fullmatch(name) or any(self.taken[start:end]):
            return None
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return None if self._is_phrase(name, self.words[first:last]) else (start, end)

    def _is_part(self, index: int, *, ordinary: bool = False) -> bool:
        """Whether a token may stand in a name; with `ordinary`, words that seldom do may too."""
        word, start = self.words[index], self.starts[index]
        return bool(
            _PART.fullmatch(word)
            and word not in stop_words()
            and (ordinary or len(word) == 1 or word not in self.ordinary or not is_common_word(word))
            and not _TIME.match(self.text, start)
            and not word.isdigit()
            and not any(self.taken[start : start + len(word)])
            and word not in _BESIDE_TITLES
        )

    def _checked(self, first: int, last: int, *, strong: bool = False) -> tuple[int, int] | None:
        """Return the span of the tokens `[first, last)` where they can be a name: bounded, and no ordinary words."""
        if first >= last or last - first >= _MAX_PARTS:
            return None
        while last - first > 1 and self.words[last - 1].isascii() and is_common_word(self.words[first]):
            first += 1  # 就是 in front of a Latin name
        start, end = self.starts[first], self.starts[last - 1] + len(self.words[last - 1])
        end -= self.text[end - 1] in ".-"
        name, words = self.text[start:end], self.words[first:last]
        is_han = bool(re.search(r"[\u3400-\u9fff]", name))
        if not 2 <= len(name) <= (_MAX_LENGTH if is_han else 24) or (not is_han and is_term(name)):
            return None
        if role := _ROLE.match(name):
            start, name = start + role.end(), name[role.end() :]
            words = [name]
            if len(name) < 2:
                return None
        elif first and len(words) == 1 and len(self.words[first - 1]) == 1 and _INNER.match(self.text, start - 1):
            return None  # 渡期 in 过渡期
        closed = start == 0 or self.text[start - 1] in _CLAUSE_EDGE or self.text[end : end + 1] in tuple(_CLAUSE_EDGE)
        if strong and closed and 3 <= len(name) <= 5 and len(words) in (2, 3) and not is_common_word(name):
            return None if _NUMERAL.match(name) or words[-1] in generic_words() else (start, end)
        return None if self._is_phrase(name, words) else (start, end)

    def _is_phrase(self, name: str, words: list[str]) -> bool:
        """Whether a stretch is an ordinary word, or has no word that is not one."""
        if is_common_word(name) or _NUMERAL.match(name) or is_place(name):
            return True
        return all(len(w) == 1 or w in self.ordinary or is_common_word(w) for w in words)
