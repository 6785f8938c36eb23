"""Turn annotated passages into what the network learns from: pieces, tags of names, and pairs of names with labels.

An example is a text with its mentions `(start, end, type, entity)` and its claims; `encode` turns it into numbers,
`rename` puts other names of the same type in the place of its names, so that the network learns contexts, not names.
"""

from __future__ import annotations

import json
import random
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.claims.pairs import QUALITIES
from kg.model import SYMMETRIC, EntityType, Extraction, Predicate
from kg.nlp.encoder import TAGS, TYPES
from kg.nlp.pieces import Vocabulary
from kg.nlp.sentences import split_sentences
from kg.text.normalize import normalize

LABELS = (*map(str, Predicate), *QUALITIES)
LONGEST = 448
"""Most pieces of a text that the network reads at once."""

_LATIN = re.compile(r"[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim of an example: entities by their number, the labels that hold of it, and where it is stated."""

    subject: int
    object: int
    predicates: tuple[str, ...]
    qualities: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Example:
    """A passage: `mentions` are (start, end, type, number of the entity), in order."""

    id: str
    text: str
    mentions: tuple[tuple[int, int, EntityType, int], ...]
    statements: tuple[Statement, ...]


def read_annotated(docs: Path, gold: Path) -> Iterator[Example]:
    """Yield the passages of gold annotations; every occurrence of an annotated name is a mention of its entity."""
    texts = {row["id"]: row for row in _lines(docs)}
    for record in _lines(gold):
        row = texts[record["id"]]
        normalized = normalize(row["text"])
        numbers = {entity["id"]: number for number, entity in enumerate(record["entities"])}
        mentions = _find_mentions(normalized.text, record["entities"])
        statements = [
            Statement(
                numbers[claim["s"]],
                numbers[claim["o"]],
                (claim["p"], *claim.get("alt", [])),
                _qualities(claim),
                *_place(normalized.text, normalize(claim["evidence"]).text),
            )
            for claim in record["claims"]
        ]
        yield Example(record["id"], normalized.text, mentions, tuple(statements))


def to_example(extraction: Extraction) -> Example:
    """Return what was found in a document as an example: the names and claims of the rules, for instance."""
    normalized = normalize(extraction.document.text)
    numbers = {entity.id: number for number, entity in enumerate(extraction.entities)}
    kinds = {entity.id: entity.type for entity in extraction.entities}
    mentions = [
        (*normalized.to_normalized(m.evidence.start, m.evidence.end), kinds[m.entity], numbers[m.entity])
        for m in extraction.mentions
    ]
    statements = []
    for claim in extraction.claims:
        qualifiers = dict(claim.qualifiers)
        qualities = (qualifiers.get("status"), "lead" if "lead" in qualifiers else None, str(claim.modality))
        statements.append(
            Statement(
                numbers[claim.subject],
                numbers[claim.object],
                (str(claim.predicate),),
                tuple(q for q in qualities if q in LABELS),
                *normalized.to_normalized(claim.evidence.start, claim.evidence.end),
            )
        )
    mentions.sort(key=lambda m: (m[0], -m[1]))
    return Example(extraction.document.id, normalized.text, tuple(mentions), tuple(statements))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _qualities(claim: dict[str, Any]) -> tuple[str, ...]:
    qualifiers = claim.get("q") or {}
    lead = "lead" if qualifiers.get("lead") else ""
    return tuple(q for q in (qualifiers.get("status"), lead, claim.get("modality")) if q in LABELS)


def _place(text: str, quote: str) -> tuple[int, int]:
    start = text.find(quote)
    return (start, start + len(quote)) if start >= 0 and quote else (0, len(text))


def _find_mentions(text: str, entities: Sequence[dict[str, Any]]) -> tuple[tuple[int, int, EntityType, int], ...]:
    """Return where the names stand, longer ones first; a name inside a longer one only where it stands nowhere else."""
    names = [(normalize(n).text, i) for i, e in enumerate(entities) for n in e["names"]]
    names = sorted({(n, i) for n, i in names if n}, key=lambda pair: (-len(pair[0]), pair[1]))
    taken = bytearray(len(text))
    found: list[tuple[int, int, EntityType, int]] = []
    nested: dict[int, list[tuple[int, int, EntityType, int]]] = defaultdict(list)
    for name, number in names:
        kind = EntityType(entities[number]["type"])
        for start in _occurrences(text, name):
            end = start + len(name)
            if any(taken[start:end]):
                nested[number].append((start, end, kind, number))
            else:
                taken[start:end] = b"\1" * len(name)
                found.append((start, end, kind, number))
    standing = {mention[3] for mention in found}
    for number, places in nested.items():
        if number not in standing:
            found.append(places[0])
    return tuple(sorted(found, key=lambda m: (m[0], -m[1])))


def _occurrences(text: str, name: str) -> Iterator[int]:
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not (_joins(text[start - 1 : start], name[0]) or _joins(name[-1], text[end : end + 1])):
            yield start
        start = text.find(name, start + 1)


def _joins(before: str, behind: str) -> bool:
    """Whether two characters stand inside one Latin word."""
    return bool(_LATIN.match(before) and _LATIN.match(behind)) and (before + behind).isalpha()


def rename(example: Example, names: dict[EntityType, Sequence[str]], chance: random.Random, share: float) -> Example:
    """Give some entities another name of their type, everywhere in the example; nested and shared names stay."""
    spans = example.mentions
    fixed = set()
    words: dict[int, set[str]] = defaultdict(set)
    for index, (start, end, _, number) in enumerate(spans):
        words[number].add(example.text[start:end])
        for other in spans[index + 1 :]:
            if other[0] >= end:
                break
            fixed |= {number, other[3]}
    for first, wordings in words.items():
        for second, others in words.items():
            if first != second and any(a in b for a in wordings for b in others):
                fixed |= {first, second}
    fresh = {
        (number, word): chance.choice(names[kind])
        for number, kind in sorted({(m[3], m[2]) for m in spans})
        if number not in fixed and chance.random() < share
        for word in sorted(words[number])
    }
    return _rewrite(example, fresh)


def _rewrite(example: Example, fresh: dict[tuple[int, str], str]) -> Example:
    pieces, mentions, edits = [], [], []
    position, shift = 0, 0
    for start, end, kind, number in example.mentions:
        if start < position:
            mentions.append((start + shift, end + shift, kind, number))
            continue
        word = example.text[start:end]
        new = fresh.get((number, word), word)
        pieces += [example.text[position:start], new]
        mentions.append((start + shift, start + shift + len(new), kind, number))
        shift += len(new) - len(word)
        edits.append((end, shift))
        position = end
    pieces.append(example.text[position:])
    ends = [end for end, _ in edits]

    def move(place: int, *, after: bool) -> int:
        index = (bisect_right if after else bisect_left)(ends, place) - 1
        return place + (edits[index][1] if index >= 0 else 0)

    statements = tuple(
        replace(s, start=move(s.start, after=True), end=max(move(s.end, after=True), move(s.start, after=True)))
        for s in example.statements
    )
    return Example(example.id, "".join(pieces), tuple(mentions), statements)


def windows(example: Example, vocabulary: Vocabulary) -> Iterator[Example]:
    """Yield the example in stretches of whole sentences that the network can read at once."""
    start = None
    end = 0
    size = 0
    for first, last in split_sentences(example.text):
        pieces = len(vocabulary.cut(example.text[first:last]).ids)
        if start is not None and size + pieces > LONGEST - 2:
            yield _stretch(example, start, end)
            start, size = None, 0
        start = first if start is None else start
        end, size = last, size + pieces
    if start is not None:
        yield _stretch(example, start, end)


def _stretch(example: Example, start: int, end: int) -> Example:
    inside = [m for m in example.mentions if start <= m[0] and m[1] <= end]
    present = {m[3] for m in inside}
    return Example(
        f"{example.id}@{start}",
        example.text[start:end],
        tuple((a - start, b - start, kind, number) for a, b, kind, number in inside),
        tuple(
            replace(s, start=max(s.start - start, 0), end=min(s.end, end) - start)
            for s in example.statements
            if s.subject in present and s.object in present and start <= s.start < end
        ),
    )


def encode(example: Example, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return an example as numbers: ids, tags, mentions in pieces, and the labels of pairs of mentions.

    `pairs` are (subject mention, object mention, labels); `unsure` are pairs of mentions of entities of which something
    is stated elsewhere: nothing is learnt from them.
    """
    pieces = vocabulary.cut(example.text)
    starts = [start for start, _ in pieces.spans]
    ends = [end for _, end in pieces.spans]
    tags = [0] * len(pieces.ids)
    mentions, numbers, kinds = [], [], []
    for start, end, kind, number in example.mentions:
        first, last = bisect_right(ends, start), bisect_left(starts, end) - 1
        if not first <= last < len(tags):
            continue
        mentions.append((first, last))
        numbers.append(number)
        kinds.append(TYPES.index(kind))
        if not any(tags[first : last + 1]):
            base = TAGS.index(f"B-{kind}")
            tags[first : last + 1] = [base + 3] if first == last else [base, *[base + 1] * (last - first - 1), base + 2]
    sentences = [start for start, _ in split_sentences(example.text)]
    pairs, unsure = _pairs(example, mentions, numbers, starts, ends)
    return {
        "id": example.id,
        "ids": pieces.ids[: LONGEST - 2],
        "tags": tags[: LONGEST - 2],
        "mentions": mentions,
        "numbers": numbers,
        "kinds": kinds,
        "sentences": [bisect_right(sentences, starts[first]) for first, _ in mentions],
        "pairs": pairs,
        "unsure": unsure,
        "stated": [(s.subject, s.object, [LABELS.index(p) for p in s.predicates]) for s in example.statements],
    }


def _pairs(
    example: Example,
    mentions: Sequence[tuple[int, int]],
    numbers: Sequence[int],
    starts: Sequence[int],
    ends: Sequence[int],
) -> tuple[list[tuple[int, int, list[int]]], list[tuple[int, int]]]:
    places: dict[int, list[int]] = defaultdict(list)
    for index, number in enumerate(numbers):
        places[number].append(index)
    labels: dict[tuple[int, int], set[int]] = defaultdict(set)
    about: set[tuple[int, int]] = set()
    for statement in example.statements:
        first, last = bisect_right(ends, statement.start), bisect_left(starts, statement.end) - 1
        candidates = [(s, o) for s in places[statement.subject] for o in places[statement.object] if s != o]
        if not candidates:
            continue

        def cost(pair: tuple[int, int], first: int = first, last: int = last) -> tuple[int, int]:
            outside = sum(max(first - mentions[m][0], mentions[m][1] - last, 0) for m in pair)
            return outside, abs(mentions[pair[0]][0] - mentions[pair[1]][0])

        best = min(candidates, key=lambda pair: (cost(pair), pair))
        found = {LABELS.index(label) for label in (*statement.predicates, *statement.qualities)}
        labels[best] |= found
        about |= {(statement.subject, statement.object)}
        if statement.predicates[0] in SYMMETRIC:
            labels[best[1], best[0]] |= found
            about |= {(statement.object, statement.subject)}
    unsure = [(s, o) for a, b in about for s in places[a] for o in places[b] if s != o and (s, o) not in labels]
    return [(s, o, sorted(found)) for (s, o), found in sorted(labels.items())], sorted(unsure)


def names_of_types(rows: Iterable[tuple[EntityType, str]]) -> dict[EntityType, list[str]]:
    """Return the names of every type, sorted, each once."""
    names: dict[EntityType, set[str]] = defaultdict(set)
    for kind, name in rows:
        names[kind].add(name)
    return {kind: sorted(found) for kind, found in names.items()}
