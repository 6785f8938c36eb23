"""Cuts a text into the pieces that the encoder knows: a unigram segmentation (SentencePiece's), with offsets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

BEGIN, PAD, END, UNKNOWN = range(4)
"""The ids of the pieces that stand for no text; they come first in every vocabulary."""

SPACE = "\u2581"  # how SentencePiece writes a space
_BLANK = re.compile(r"\s")
_UNKNOWN_PENALTY = 10.0


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a text: their ids, and where each stands in it, `[start, end)` in code points."""

    ids: list[int]
    spans: list[tuple[int, int]]


class Vocabulary:
    """Pieces with their log-probabilities; `pieces[i]` has the id `i`, the first four stand for no text."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        self.pieces = tuple(pieces)
        self.scores = tuple(scores)
        self._beginnings = {piece[:end] for piece in self.pieces for end in range(1, len(piece))}
        self._known = {piece: (i, score) for i, (piece, score) in enumerate(zip(pieces, scores, strict=True)) if i > 3}
        self._unknown = min(self.scores) - _UNKNOWN_PENALTY

    def cut(self, text: str) -> Pieces:
        """Return the likeliest pieces of `text`; a character that no piece holds is unknown, alone.

        A space belongs to the piece behind it, whose span leaves it out; one that stands alone has a span too.
        """
        marked = SPACE + _BLANK.sub(SPACE, text)
        size = len(marked)
        best = [0.0] + [-1e30] * size
        back: list[tuple[int, int]] = [(0, 0)] * (size + 1)
        known, beginnings, unknown = self._known.get, self._beginnings, self._unknown
        for start in range(size):
            base = best[start]
            if base + unknown > best[start + 1]:
                best[start + 1], back[start + 1] = base + unknown, (start, UNKNOWN)
            for end in range(start + 1, size + 1):
                part = marked[start:end]
                piece = known(part)
                if piece is not None and base + piece[1] > best[end]:
                    best[end], back[end] = base + piece[1], (start, piece[0])
                if part not in beginnings:
                    break
        ids, spans = [], []
        end = size
        while end:
            start, piece_id = back[end]
            first = start
            while first < end - 1 and marked[first] == SPACE:
                first += 1
            if end > 1:  # a mark of its own in front of the text stands for nothing
                ids.append(piece_id)
                spans.append((max(first - 1, 0), end - 1))
            end = start
        return Pieces(ids[::-1], spans[::-1])
