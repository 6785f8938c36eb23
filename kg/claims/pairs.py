"""What a trained network says of every pair of names of a document: which predicates hold of it, and how.

The encoder has read the text (`kg.nlp.encoder`); here its vectors of two names, and of the words that both look at, are
judged together (the arrays come from `training/`). Computed in numpy, in single precision.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.model import SYMMETRIC, Entity, EntityType, Predicate, joins_right_types
from kg.nlp.encoder import Reading, Window, read_arrays
from kg.nlp.names import Name

Array = NDArray[Any]

QUALITIES = ("former", "lead", "reported", "planned", "denied")
_TYPES = tuple(EntityType)
_PREDICATES = tuple(Predicate)
_BUCKETS = 12
_NEAREST = 8
"""Of two entities with many mentions in one window, so many of the nearest pairs are judged."""
_LEAST = 0.02
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Judgement:
    """How likely `predicate` holds between two entities, and of the pair of names that says so most clearly.

    `[start, end)` are offsets of the normalized text from the first name to the second; `qualities` are the
    probabilities of `former`, `lead`, `reported`, `planned` and `denied`, given that the claim is made.
    """

    subject: Entity
    predicate: Predicate
    object: Entity
    probability: float
    start: int
    end: int
    subject_first: bool
    qualities: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Judgements:
    """All judgements of a document, in a fixed order, and the pairs of entities (ids) that were judged at all."""

    made: tuple[Judgement, ...]
    pairs: frozenset[tuple[str, str]]


class PairNetwork:
    """The head of the network that labels pairs."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
        self._half = len(self._arrays["subject.bias"])

    def _linear(self, name: str, x: Array) -> Array:
        result: Array = x @ self._arrays[f"{name}.weight"].T + self._arrays[f"{name}.bias"]
        return result

    def judge(self, window: Window, mentions: Array, kinds: Array, pairs: Array) -> Array:
        """Return the probabilities (pairs, labels) of `pairs` (pairs, 2) of `mentions` (mentions, 2) of a window."""
        first, last = mentions.T
        ends = np.concatenate([window.vectors[first], window.vectors[last]], 1)
        types = self._arrays["types.weight"][kinds]
        subjects = self._linear("subject", ends) + types[:, : self._half]
        objects = self._linear("object", ends) + types[:, self._half :]
        looks = (window.attention[first] + window.attention[last]) / 2
        shared = looks[pairs[:, 0]] * looks[pairs[:, 1]]
        shared /= shared.sum(1, keepdims=True) + 1e-8
        context = self._linear("context", shared @ window.vectors)
        subject = np.tanh(subjects[pairs[:, 0]] + context[:, : self._half])
        object_ = np.tanh(objects[pairs[:, 1]] + context[:, self._half :])
        near = self._arrays["distance.weight"][_buckets(first[pairs[:, 1]] - first[pairs[:, 0]])]
        hidden = np.maximum(self._linear("hidden", np.concatenate([subject, object_, subject * object_, near], 1)), 0)
        result: Array = 1 / (1 + np.exp(-self._linear("label", hidden)))
        return result


def _buckets(distances: Array) -> Array:
    """Return a bucket for each signed distance in pieces: one for each power of two, the backwards ones behind."""
    sizes = np.minimum(np.frexp(np.abs(distances).astype(np.float64))[1], _BUCKETS - 1)
    return np.where(distances >= 0, sizes, _BUCKETS + sizes)


def judge_pairs(reading: Reading, names: Sequence[tuple[Name, Entity]]) -> Judgements:
    """Return the judgements of all pairs of entities that one window names, each predicate once."""
    best: dict[tuple[str, Predicate, str], Judgement] = {}
    judged: set[tuple[str, str]] = set()
    for window in reading.windows:
        inside = [
            (name, entity, first - window.first + 1, last - window.first + 1)
            for name, entity in names
            for first, last in [reading.pieces_of(name.start, name.end)]
            if window.first <= first <= last < window.last
        ]
        pairs = np.array(list(_pairs([(e.id, first) for _, e, first, _ in inside])), np.intp).reshape(-1, 2)
        if not len(pairs):
            continue
        judged |= {(inside[s][1].id, inside[o][1].id) for s, o in pairs}
        mentions = np.array([(first, last) for _, _, first, last in inside], np.intp)
        kinds = np.array([_TYPES.index(e.type) for _, e, _, _ in inside], np.intp)
        labels = load_pair_network().judge(window, mentions, kinds, pairs)
        for index, label in zip(*np.nonzero(labels[:, : len(_PREDICATES)] > _LEAST), strict=True):
            (one, subject, *_), (other, object_, *_) = (inside[i] for i in pairs[index])
            predicate = _PREDICATES[label]
            if not joins_right_types(predicate, subject.type, object_.type):
                continue
            if predicate in SYMMETRIC and object_.id < subject.id:
                subject, object_ = object_, subject
            key = (subject.id, predicate, object_.id)
            probability = round(float(labels[index, label]), _DIGITS)
            if key not in best or probability > best[key].probability:
                rest = np.round(labels[index, len(_PREDICATES) :].astype(float), _DIGITS).tolist()
                qualities = dict(zip(QUALITIES, rest, strict=True))
                span = min(one.start, other.start), max(one.end, other.end)
                ahead = one.start < other.start
                best[key] = Judgement(subject, predicate, object_, probability, *span, ahead, qualities)
    return Judgements(tuple(best[key] for key in sorted(best)), frozenset(judged))


def _pairs(mentions: Sequence[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of mentions (entity id, place) of different entities, of two entities the nearest ones."""
    by_entities: dict[tuple[str, str], list[tuple[int, int, int]]] = defaultdict(list)
    for s, (subject, here) in enumerate(mentions):
        for o, (object_, there) in enumerate(mentions):
            if subject != object_:
                by_entities[subject, object_].append((abs(there - here), s, o))
    for candidates in by_entities.values():
        yield from ((s, o) for _, s, o in sorted(candidates)[:_NEAREST])


@lru_cache(maxsize=1)
def load_pair_network() -> PairNetwork:
    """Return the package's network for pairs."""
    return PairNetwork(read_arrays("pairs"))
