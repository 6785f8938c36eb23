"""A small trained encoder that reads a text: which of its pieces are names, and vectors to judge pairs of names by.

It is a BERT of eight layers that onnxruntime runs on the CPU, on one thread, one window of whole sentences at a time.
What it was trained on, and how good it is, stands in `data/reader/README.md`.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.model import EntityType
from kg.nlp.pieces import BEGIN, END, Pieces, Vocabulary
from kg.nlp.sentences import split_sentences

Array = NDArray[np.float32]

TYPES = tuple(EntityType)
TAGS = ("O", *(f"{place}-{kind}" for kind in TYPES for place in "BIES"))
_WINDOW = 446
_OVERLAP = 40
"""Pieces that are read twice. With 120 the program is a fifth slower, claims differ within the noise of a sample."""
_SLOW_FUSION = "SkipLayerNormFusion"
"""The fused operator takes longer than its parts: 5 to 9 % of a window's time."""
_DIGITS = 4
"""Decimals that are kept of a probability: processors may differ behind them."""


@dataclass(frozen=True, slots=True)
class ReadName:
    """A name that the encoder read, at `[start, end)` of the text, with its probability."""

    start: int
    end: int
    type: EntityType
    probability: float


@dataclass(frozen=True, slots=True)
class Window:
    """The pieces `[first, last)` of a text as the encoder read them together.

    `vectors` is (pieces, width), `attention` (pieces, pieces), with the two special pieces at the ends.
    """

    first: int
    last: int
    vectors: Array
    attention: Array


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the encoder read it: `spans[i]` is where piece `i` stands, `tags` (pieces, tags) are probabilities."""

    spans: tuple[tuple[int, int], ...]
    tags: Array
    windows: tuple[Window, ...]

    def pieces_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the first and last piece that `[start, end)` of the text touches; last < first where there is none."""
        return bisect_right(self.spans, start, key=lambda s: s[1]), bisect_left(self.spans, end, key=lambda s: s[0]) - 1

    def names(self) -> list[ReadName]:
        """Return the likeliest names, in order."""
        found = []
        for first, last, kind in _spans(_decode(self.tags)):
            base = 1 + 4 * kind
            wanted = [base + 3] if first == last else [base, *[base + 1] * (last - first - 1), base + 2]
            odds = self.tags[range(first, last + 1), wanted]
            probability = round(float(np.exp(np.log(odds + 1e-9).mean())), _DIGITS)
            found.append(ReadName(self.spans[first][0], self.spans[last][1], TYPES[kind], probability))
        return found

    def types(self, start: int, end: int) -> dict[EntityType, float]:
        """Return for each type the mean probability that the pieces of `[start, end)` belong to a name of it."""
        first, last = self.pieces_of(start, end)
        if last < first:
            return {}
        means = self.tags[first : last + 1, 1:].reshape(last + 1 - first, len(TYPES), 4).sum(2).mean(0)
        return {kind: round(float(mean), _DIGITS) for kind, mean in zip(TYPES, means, strict=True)}

    def chance(self, start: int, end: int) -> float:
        """Return the mean probability that the pieces of `[start, end)` belong to names."""
        first, last = self.pieces_of(start, end)
        if last < first:
            return 0.0
        return round(1.0 - float(self.tags[first : last + 1, 0].mean()), _DIGITS)


class Encoder:
    """Runs the network; `read` is the one thing it does."""

    def __init__(self, model: bytes, arrays: Any) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"], disabled_optimizers=[_SLOW_FUSION]
        )
        self.vocabulary = Vocabulary(bytes(arrays["pieces"]).decode().split("\n"), arrays["scores"].tolist())
        self._words, self._scales = arrays["words"], arrays["scales"]
        self._places = arrays["places"].astype(np.float32)

    def read(self, text: str, names: Sequence[tuple[int, int]] = ()) -> Reading:
        """Return a text as the network reads it: the sentences in which one of `names` stands, all if there are none.

        One between two such sentences is read too; of the others the reading has no pieces.
        """
        pieces = self.vocabulary.cut(text)
        if names:
            pieces = _pieces_within(_sentences_with(names, text), pieces)
        tags = np.zeros((len(pieces.ids), len(TAGS)), np.float32)
        tags[:, 0] = 1
        windows = []
        done = 0
        for first, last in _windows(text, pieces.spans):
            ids = [BEGIN, *pieces.ids[first:last], END]
            embedded = self._words[ids] * self._scales[ids] + self._places[: len(ids)]
            logits, vectors, attention = self._session.run(None, {"embedded": embedded[None]})
            middle = first if first >= done else first + (done - first) // 2
            tags[middle:last] = _softmax(logits[0, 1 + middle - first : -1])
            windows.append(Window(first, last, vectors[0], attention[0]))
            done = last
        return Reading(tuple(pieces.spans), tags, tuple(windows))


def _sentences_with(names: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Return the sentences that one of the names touches, and those with such a one on either side.

    A line break behind a sentence belongs to it.
    """
    sentences = split_sentences(text)
    touched: set[int] = set()
    for start, end in names:
        first = bisect_right(sentences, start, key=lambda s: s[1])
        touched.update(range(first, bisect_left(sentences, end, lo=first, key=lambda s: s[0])))
    between = {number + 1 for number in touched if number + 2 in touched}
    bounds = [0, *(start for start, _ in sentences[1:]), len(text)]
    return [(bounds[number], bounds[number + 1]) for number in sorted(touched | between)]


def _pieces_within(stretches: Sequence[tuple[int, int]], pieces: Pieces) -> Pieces:
    """Return the pieces that begin in one of the stretches, which are in order."""
    starts = [start for start, _ in pieces.spans]
    kept = [slice(bisect_left(starts, start), bisect_left(starts, end)) for start, end in stretches]
    return Pieces([i for part in kept for i in pieces.ids[part]], [s for part in kept for s in pieces.spans[part]])


def _windows(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield stretches of pieces that are read together: whole sentences where they fit, with some before them again."""
    starts = [start for start, _ in spans]
    ends = sorted({bisect_left(starts, end) for _, end in split_sentences(text)} | {len(spans)})
    bounds = [0]
    for end in ends:
        bounds += range(bounds[-1] + _WINDOW, end, _WINDOW)  # a sentence that is longer than a window
        bounds.append(end)
    bounds = sorted(set(bounds))
    first = 0
    while first < len(spans):
        last = max(b for b in bounds if b <= first + _WINDOW)
        yield first, last
        if last == len(spans):
            return
        reach = min(b for b in bounds if b > last) - _WINDOW  # from here on a window holds something new
        first = min(b for b in bounds if b >= max(last - _OVERLAP, reach))


def _softmax(logits: Array) -> Array:
    odds = np.exp(logits - logits.max(-1, keepdims=True))
    result: Array = odds / odds.sum(-1, keepdims=True)
    return result


def _allowed() -> Array:
    """Return (tags, tags): 0 where the second tag may follow the first, a large negative number where it may not."""
    table = np.full((len(TAGS), len(TAGS)), -1e4, np.float32)
    for a, b in itertools.product(range(len(TAGS)), repeat=2):
        opens, goes_on = TAGS[b][0] in "OBS", TAGS[a][0] in "BI"
        if (not goes_on and opens) or (goes_on and TAGS[b][0] in "IE" and TAGS[a][2:] == TAGS[b][2:]):
            table[a, b] = 0
    return table


_FOLLOWS = _allowed()


def _decode(tags: Array) -> list[int]:
    """Return the likeliest well-formed row of tags."""
    if not len(tags):
        return []
    scores = np.round(np.log(tags + 1e-9), _DIGITS)
    best = scores[0] + _FOLLOWS[0]
    back = []
    for row in scores[1:]:
        paths = best[:, None] + _FOLLOWS
        back.append(paths.argmax(0))
        best = paths.max(0) + row
    ending = [i for i, tag in enumerate(TAGS) if tag[0] in "OES"]
    path = [max(ending, key=lambda i: (best[i], -i))]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return path[::-1]


def _spans(tags: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    start = 0
    for place, tag in enumerate(tags):
        position = TAGS[tag][0]
        if position in "BS":
            start = place
        if position in "ES":
            yield start, place, (tag - 1) // 4


@lru_cache(maxsize=1)
def load_encoder() -> Encoder:
    """Return the package's encoder."""
    return Encoder((_folder() / "encoder.onnx").read_bytes(), read_arrays("words"))


def read_arrays(name: str) -> dict[str, NDArray[Any]]:
    """Return the arrays of one file of the trained model: `words` or `pairs`."""
    with resources.as_file(_folder() / f"{name}.npz") as path, np.load(path) as arrays:
        return dict(arrays)


def _folder() -> Traversable:
    return resources.files("kg.nlp") / "data" / "reader"
