"""A trained tagger of names that no table lists: it reads the words around a word, and the form of the word itself.

A log-linear model over the tokens of a `Doc`, in which the listed names are one item each, known by type alone, so
that `<Company>、云帆智算、<Company>` says as much as the names would. It never sees names as such: a word that is not
ordinary is a shape to it (`<h4>` for four Han characters). The recipe is in `training/README.md`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from kg.model import EntityType
from kg.nlp.words import is_common_word

TYPES = tuple(EntityType)
LABELS = ("O", *(f"{position}-{kind}" for kind in TYPES for position in "BI"))
_HAN = re.compile(r"[\u3400-\u9fff]")
_OPENING, _CLOSING = frozenset('“"「『《‘'), frozenset('”"」』》’')
_EDGE = "<edge>"
_LONGEST = 10


@dataclass(frozen=True, slots=True)
class Item:
    """A token, or a listed name as one; `known` is the type of a listed name."""

    start: int
    end: int
    text: str
    known: EntityType | None = None


@dataclass(frozen=True, slots=True)
class Tagged:
    """A stretch of text that the tagger takes for a name of a type, with the probability that it is one."""

    start: int
    end: int
    type: EntityType
    probability: float


def read_items(tokens: Iterable[tuple[int, str]], known: Sequence[tuple[int, int, EntityType]]) -> list[Item]:
    """Return tokens (offset, text) and known names as items in order; tokens are cut where a name begins or ends.

    `known` are disjoint and in order. Blank tokens are left out.
    """
    items: list[Item] = []
    spans = [*known, (1 << 60, 1 << 60, None)]
    index = 0
    for offset, text in tokens:
        end = offset + len(text)
        while offset < end:
            start, stop, kind = spans[index]
            if offset >= stop:
                index += 1
            elif offset >= start:
                if kind is not None and (not items or items[-1].start != start):
                    items.append(Item(start, stop, "", kind))
                offset = min(end, stop)
            else:
                piece = text[len(text) - (end - offset) : len(text) - (end - min(end, start))]
                if piece.strip() or "\n" in piece:
                    items.append(Item(offset, min(end, start), piece.strip() or "¶"))
                offset = min(end, start)
    return items


def shape(text: str) -> str:
    """Return the class of a word by its form alone.

    >>> shape("云帆"), shape("DeepX"), shape("V3"), shape("2024"), shape(",")
    ('<h2>', '<Xx>', '<X9>', '<9>', ',')
    """
    if _HAN.match(text):
        return f"<h{min(len(text), 5)}>"
    if text[0].isdigit():
        return "<9>" if text.replace(".", "").replace(",", "").isdigit() else "<9x>"
    if not text[0].isalpha():
        return text[0]
    digits = "9" if any(c.isdigit() for c in text) else ""
    if text.isupper():
        return f"<X{digits}>"
    return f"<x{digits}>" if text.islower() else f"<Xx{digits}>"


class Tagger:
    """The model: rows of weights by feature, one column for each of `LABELS`."""

    def __init__(self, words: Iterable[str], features: Sequence[str], weights: NDArray[np.float32]) -> None:
        self.words = frozenset(words)
        self.rows = {feature: row for row, feature in enumerate(features, 1)}
        self.weights = np.vstack([np.zeros((1, len(LABELS)), np.float32), weights])  # row 0: unknown feature

    def features(self, items: Sequence[Item]) -> list[list[str]]:
        """Return the features of each item, as strings, always equally many."""
        return list(_features(items, self.words))

    def tag(self, items: Sequence[Item]) -> list[Tagged]:
        """Return the names among the items that are not known, in order."""
        if not items:
            return []
        get = self.rows.get
        rows = np.array([[get(f, 0) for f in features] for features in self.features(items)], np.int32)
        scores = self.weights[rows].sum(axis=1)
        scores -= scores.max(axis=1, keepdims=True)
        scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
        likely = np.flatnonzero(scores[:, 0] < np.log(0.75))  # where a name is at all likely
        return _spans(items, scores, frozenset(likely.tolist()))


def _spans(items: Sequence[Item], scores: NDArray[np.float32], likely: frozenset[int]) -> list[Tagged]:
    """Return the likeliest name at each place where one may begin, those that overlap a likelier one left out."""
    found: list[tuple[float, int, int, int]] = []
    for first in sorted(likely):
        if items[first].known:
            continue
        for kind in range(len(TYPES)):
            begin, inside = 1 + 2 * kind, 2 + 2 * kind
            total = float(scores[first, begin])
            if total < -1.6:
                continue
            last = first
            best: tuple[float, int] | None = None
            while True:
                following = last + 1
                ends = (
                    following >= len(items)
                    or items[following].known
                    or items[following].start > items[last].end + 1
                    or following - first >= _LONGEST
                )
                stop = 0.0 if ends else float(np.log1p(-min(0.9999, np.exp(scores[following, inside]))))
                length = following - first
                value = total / length + stop
                if best is None or value > best[0]:
                    best = (value, last)
                if ends or scores[following, inside] < -2.3:
                    break
                total += float(scores[following, inside])
                last = following
            if best is not None:
                found.append((best[0], first, best[1], kind))
    taken: set[int] = set()
    kept = []
    for value, first, last, kind in sorted(found, key=lambda f: (-f[0], f[1], f[3])):
        if taken.isdisjoint(range(first, last + 1)):
            taken.update(range(first, last + 1))
            kept.append(Tagged(items[first].start, items[last].end, TYPES[kind], float(np.exp(value))))
    return sorted(kept, key=lambda t: t.start)


def _features(items: Sequence[Item], words: frozenset[str]) -> Iterable[list[str]]:
    symbols = [_EDGE] * 3 + [_symbol(item, words) for item in items] + [_EDGE] * 3
    counts = Counter(item.text for item in items)
    for index, item in enumerate(items):
        at = index + 3
        s = symbols
        if item.known:
            yield ["known"] * FEATURES
            continue
        text = item.text
        ordinary = s[at] == text
        own = s[at]
        form = shape(text)
        common = "c" if is_common_word(text) else "r"
        often = str(min(counts[text], 3))
        quoted = ("q" if s[at - 1] in _OPENING else "") + ("p" if s[at + 1] in _CLOSING else "")
        yield [
            "b",
            f"0{own}",
            f"-1{s[at - 1]}",
            f"+1{s[at + 1]}",
            f"-2{s[at - 2]}",
            f"+2{s[at + 2]}",
            f"-3{s[at - 3]}",
            f"+3{s[at + 3]}",
            f"-10{s[at - 1]}|{own}",
            f"+10{own}|{s[at + 1]}",
            f"-21{s[at - 2]}|{s[at - 1]}",
            f"+12{s[at + 1]}|{s[at + 2]}",
            f"-11{s[at - 1]}|{s[at + 1]}",
            f"-321{s[at - 3]}|{s[at - 2]}|{s[at - 1]}",
            f"+123{s[at + 1]}|{s[at + 2]}|{s[at + 3]}",
            f"f{form}{common}{often}",
            f"q{quoted}{form}",
            "" if ordinary else f"z{text[-1]}",
            "" if ordinary else f"Z{text[-2:]}",
            "" if ordinary else f"a{text[0]}{len(text)}",
            f"-f{s[at - 1]}|{form}{common}",
            f"+f{form}{common}|{s[at + 1]}",
        ]


FEATURES = 22


def _symbol(item: Item, words: frozenset[str]) -> str:
    if item.known:
        return f"<{item.known}>"
    if item.text in words:
        return item.text
    form = shape(item.text)
    return form + "c" if form[0] == "<" and is_common_word(item.text) else form


@lru_cache(maxsize=1)
def load_tagger() -> Tagger:
    """Return the package's tagger."""
    with resources.as_file(resources.files("kg.nlp") / "data" / "tagger.npz") as path, np.load(path) as arrays:
        words, features = (bytes(arrays[name]).decode().split("\n") for name in ("words", "features"))
        return Tagger(words, features, arrays["weights"].astype(np.float32) * arrays["scales"])
