"""Train the tagger of unlisted names on news that the package's own tables label.

    python training/tagging.py NEWS.jsonl OUT.npz [--without TEXTS.jsonl ...]

Every article is read by the pipeline. Half of the names that it finds with certainty, chosen by name, are then hidden:
the text around them is cut into words without the tables, and the tagger has to find them from their surroundings and
their form. The other half stays as known neighbours. `--without` leaves out articles that share text with others, such
as those of an annotated set. Training is deterministic.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from spacy.language import Language

from kg.entities.gazetteer import load_gazetteer
from kg.model import Extractor, content_id
from kg.nlp.names import Name, names_of
from kg.nlp.pipeline import COMPONENTS, build_pipeline
from kg.nlp.tagger import FEATURES, LABELS, TYPES, Item, Tagger, read_items
from kg.nlp.tokenizer import PkusegTokenizer, load_tokenizer
from kg.text.normalize import fold_name, normalize

LEARNING_RATE = 0.2
EPOCHS = 5
BATCH = 4000
RARE = 4
LONGEST = 1500


@click.command()
@click.argument("news", type=click.Path(path_type=Path, exists=True))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--without", multiple=True, type=click.Path(path_type=Path, exists=True))
@click.option("--articles", default=2400, show_default=True)
def main(news: Path, out: Path, without: Sequence[Path], articles: int) -> None:
    """Train and write the model."""
    banned = set()
    for path in without:
        for line in path.read_text("utf-8").splitlines():
            banned.update(_snippets(json.loads(line)["text"], step=1))
    texts = []
    for line in news.read_text("utf-8").splitlines():
        text = json.loads(line)["text"]
        if banned.isdisjoint(_snippets(text, step=_SNIPPET)):
            texts.append(text)
    texts.sort(key=content_id)
    click.echo(f"{len(texts)} articles")
    labelled = [pair for text in texts[:articles] for pair in read_labels(text)]
    words = ordinary_words(labelled)
    click.echo(f"{sum(len(i) for i, _ in labelled)} words, {len(words)} of them ordinary ones")
    features, weights = train(labelled, words)
    write(out, words, features, weights)


_SNIPPET = 24


def _snippets(text: str, *, step: int) -> set[str]:
    plain = "".join(normalize(text).text.split())
    return {plain[i : i + _SNIPPET] for i in range(0, max(1, len(plain) - _SNIPPET), step)}


_LEARNT = ("slot_names", "tagged_names")


@lru_cache(maxsize=1)
def _readers() -> tuple[Language, PkusegTokenizer]:
    """Return the pipeline without what needs the tagger, and a tokenizer that knows no names."""
    nlp = build_pipeline(load_gazetteer(), components=[c for c in COMPONENTS[Extractor.RULES] if c not in _LEARNT])
    return nlp, load_tokenizer(nlp.vocab)


def read_labels(text: str) -> Iterator[tuple[list[Item], list[int]]]:
    """Yield an article as items and their labels: -1 where nobody knows, or a name is known."""
    nlp, bare = _readers()
    text = normalize(text).text[:LONGEST]
    names = [n for n in names_of(nlp(text)) if not n.nested]
    sure = [n for n in names if n.strength >= (2.5 if n.records else 2.0)]
    unsure = [n for n in names if n not in set(sure)]
    tokens = [(token.idx, token.text) for token in bare(text)]
    for half in (0, 1):
        hidden = {n for n in sure if int(content_id(text[:50], fold_name(n.text)), 16) % 2 == half}
        items = read_items(tokens, [(n.start, n.end, n.type) for n in sure if n not in hidden])
        yield items, _labels(items, hidden, unsure)


def _labels(items: Sequence[Item], hidden: set[Name], unsure: Sequence[Name]) -> list[int]:
    labels = [0] * len(items)
    by_start = {item.start: i for i, item in enumerate(items)}
    ends = {item.end for item in items}
    for index, item in enumerate(items):
        if item.known:
            labels[index] = -1
    for name in [*hidden, *unsure]:
        whole = name in hidden and name.start in by_start and name.end in ends
        kind = 1 + 2 * TYPES.index(name.type)
        for index, item in enumerate(items):
            if item.start < name.end and item.end > name.start:
                labels[index] = (kind if item.start == name.start else kind + 1) if whole else -1
    return labels


def ordinary_words(labelled: Sequence[tuple[list[Item], list[int]]]) -> list[str]:
    """Return the words that are frequent and seldom part of a name."""
    outside: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for items, labels in labelled:
        seen_out = {i.text for i, label in zip(items, labels, strict=True) if label == 0}
        seen_in = {i.text for i, label in zip(items, labels, strict=True) if label > 0}
        outside.update(seen_out)
        inside.update(seen_in)
    return sorted(w for w, n in outside.items() if n >= 20 and inside[w] <= 0.15 * (n + inside[w]))


def train(
    labelled: Sequence[tuple[list[Item], list[int]]], words: Sequence[str]
) -> tuple[list[str], NDArray[np.float32]]:
    """Return the features and their weights: multinomial logistic regression by Adagrad."""
    reader = Tagger(words, [], np.zeros((0, len(LABELS)), np.float32))
    counts: Counter[str] = Counter()
    for items, labels in labelled:
        for row, label in zip(reader.features(items), labels, strict=True):
            if label >= 0:
                counts.update(row)
    features = sorted(f for f, n in counts.items() if n >= RARE and f not in ("", "known"))
    numbers = {f: i for i, f in enumerate(features, 1)}
    rows, gold = [], []
    for items, labels in labelled:
        for row, label in zip(reader.features(items), labels, strict=True):
            if label >= 0:
                rows.append(np.array([numbers.get(f, 0) for f in row], np.int32))
                gold.append(label)
    x, y = np.array(rows, np.int32), np.array(gold)
    click.echo(f"{len(y)} examples, {int((y > 0).sum())} in names, {len(features)} features")
    weights = np.zeros((len(features) + 1, len(LABELS)), np.float32)
    squares = np.full_like(weights, 1e-1)
    random = np.random.default_rng(0)
    for epoch in range(EPOCHS):
        loss = 0.0
        order = random.permutation(len(y))
        for begin in range(0, len(y), BATCH):
            batch = order[begin : begin + BATCH]
            scores = weights[x[batch]].sum(axis=1)
            scores -= scores.max(axis=1, keepdims=True)
            p = np.exp(scores)
            p /= p.sum(axis=1, keepdims=True)
            loss -= float(np.log(p[np.arange(len(batch)), y[batch]] + 1e-12).sum())
            p[np.arange(len(batch)), y[batch]] -= 1
            used, inverse = np.unique(x[batch], return_inverse=True)
            gradient = np.zeros((len(used), len(LABELS)), np.float32)
            for column in range(len(LABELS)):
                gradient[:, column] = np.bincount(
                    inverse.ravel(), np.repeat(p[:, column], FEATURES), minlength=len(used)
                )
            gradient += 1e-4 * len(batch) / 1000 * weights[used]
            squares[used] += gradient**2
            weights[used] -= LEARNING_RATE * gradient / np.sqrt(squares[used])
            weights[0] = 0
        click.echo(f"epoch {epoch + 1}: loss {loss / len(y):.4f}")
    return features, weights[1:]


def write(out: Path, words: Sequence[str], features: Sequence[str], weights: NDArray[np.float32]) -> None:
    """Write the model with the weights in 8 bits and fixed time stamps; rows of small weights are left out."""
    kept = np.flatnonzero(np.abs(weights).max(axis=1) > 0.15)
    weights = weights[kept]
    scales = (np.abs(weights).max(axis=0) / 127).astype(np.float32)
    arrays = {
        "features": np.frombuffer("\n".join(features[i] for i in kept).encode(), np.uint8),
        "scales": scales,
        "weights": np.round(weights / scales).astype(np.int8),
        "words": np.frombuffer("\n".join(words).encode(), np.uint8),
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, buffer.getvalue())
    click.echo(f"{len(kept)} features, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
