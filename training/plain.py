"""What small models without pre-training reach on the same passages, to compare the network with.

    pip install scikit-learn
    python training/plain.py TEST --annotated DIR --annotated DIR

Names: spaCy's own `ner`, a convolutional network over characters with hashed embeddings, trained on the annotated
passages. Pairs: a logistic regression for each predicate on hashed features: the types, the words between the names and
beside them, their order and distance. TEST and each DIR hold docs.jsonl and gold.jsonl. Prints the F1 of names (spans
with type) and of claims between given names at the best threshold, the figures that `learning.figures` gives for the
network, with sizes and times.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import spacy
from examples import Example, read_annotated
from learning import admissible
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import FeatureHasher
from sklearn.linear_model import SGDClassifier
from spacy.language import Language
from spacy.training import Example as Lesson

from kg.model import SYMMETRIC, EntityType, Predicate
from kg.nlp.encoder import TYPES

_PREDICATES = tuple(map(str, Predicate))
_ADMITTED = admissible(range(len(TYPES))).any(-1)
_NEAREST = 3
_BETWEEN = 30


@click.command()
@click.argument("test", type=click.Path(path_type=Path, exists=True))
@click.option("--annotated", type=click.Path(path_type=Path, exists=True), multiple=True, required=True)
@click.option("--epochs", default=6, show_default=True)
def main(test: Path, annotated: Sequence[Path], epochs: int) -> None:
    """Train on the annotated passages, print figures on those of TEST."""
    passages = [e for folder in annotated for e in read_annotated(folder / "docs.jsonl", folder / "gold.jsonl")]
    held_out = list(read_annotated(test / "docs.jsonl", test / "gold.jsonl"))
    begun = time.process_time()
    nlp = _train_names(passages, epochs)
    click.echo(f"names: F1 {_score_names(nlp, held_out):.4f}, {len(nlp.to_bytes()) / 1e6:.1f} MB")
    click.echo(f"trained in {time.process_time() - begun:.0f} CPU seconds")
    begun = time.process_time()
    for example in held_out:
        nlp(example.text)
    click.echo(f"{sum(len(e.text) for e in held_out) / (time.process_time() - begun):,.0f} characters a CPU second")
    begun = time.process_time()
    click.echo("claims between given names: F1 {:.4f} at P {:.3f}, R {:.3f}".format(*_score_pairs(passages, held_out)))
    click.echo(f"trained and judged in {time.process_time() - begun:.0f} CPU seconds")


def _spans(example: Example) -> list[tuple[int, int, str]]:
    spans, end = [], 0
    for start, stop, kind, _ in example.mentions:
        if start >= end:
            spans.append((start, stop, str(kind)))
            end = stop
    return spans


def _train_names(passages: Sequence[Example], epochs: int) -> Language:
    nlp = spacy.blank("zh")  # its default tokenizer: characters
    names = nlp.add_pipe("ner")
    for kind in TYPES:
        names.add_label(str(kind))
    lessons = [Lesson.from_dict(nlp.make_doc(e.text), {"entities": _spans(e)}) for e in passages]
    spacy.util.fix_random_seed(1)
    optimizer = nlp.initialize(lambda: lessons)
    chance = random.Random(1)  # noqa: S311
    for epoch in range(epochs):
        chance.shuffle(lessons)
        losses: dict[str, float] = {}
        for batch in spacy.util.minibatch(lessons, size=16):
            nlp.update(batch, sgd=optimizer, drop=0.2, losses=losses)
        click.echo(f"epoch {epoch + 1}/{epochs}: loss {losses['ner']:.0f}", err=True)
    return nlp


def _score_names(nlp: Language, held_out: Sequence[Example]) -> float:
    right = found = stated = 0
    for example in held_out:
        ours = {(e.start_char, e.end_char, e.label_) for e in nlp(example.text).ents}
        theirs = set(_spans(example))
        right, found, stated = right + len(ours & theirs), found + len(ours), stated + len(theirs)
    return 2 * right / (found + stated)


def _pairs(example: Example) -> Iterator[tuple[tuple[int, int], dict[str, float]]]:
    """Yield the pairs of entities (numbers) whose types admit a claim, with the features of their nearest mentions."""
    places: dict[int, list[tuple[int, int, EntityType]]] = defaultdict(list)
    for start, end, kind, number in example.mentions:
        places[number].append((start, end, kind))
    for s, ours in places.items():
        for o, theirs in places.items():
            if s == o or not _ADMITTED[TYPES.index(ours[0][2]), TYPES.index(theirs[0][2])]:
                continue
            near = sorted(((abs(a[0] - b[0]), a, b) for a in ours for b in theirs), key=lambda row: row[0])
            for _, a, b in near[:_NEAREST]:
                yield (s, o), _features(example.text, a, b)


def _features(text: str, a: tuple[int, int, EntityType], b: tuple[int, int, EntityType]) -> dict[str, float]:
    first, last = sorted((a, b))
    between = text[first[1] : last[0]]
    shape = f"{a[2]}>{b[2]}{'<' if b < a else ''}"
    found = {shape: 1.0, f"{shape}|{min(len(between), 200).bit_length()}": 1.0}
    found |= {f"{shape}|{mark}": 1.0 for mark in "。;\n," if mark in between}
    windows = {"b": between[:_BETWEEN], "B": between[-_BETWEEN:], "l": text[max(0, first[0] - 6) : first[0]]}
    windows["r"] = text[last[1] : last[1] + 6]
    for place, words in windows.items():
        for size in (1, 2, 3):
            for at in range(len(words) - size + 1):
                gram = words[at : at + size]
                found[f"{place}{gram}"] = 1.0
                found[f"{shape}{place}{gram}"] = 1.0
    return found


def _score_pairs(passages: Sequence[Example], held_out: Sequence[Example]) -> tuple[float, float, float]:
    hasher = FeatureHasher(1 << 20)

    def lay_out(examples: Sequence[Example]) -> tuple[list[tuple[int, int, int]], csr_matrix, list[set[str]]]:
        keys, features, labels = [], [], []
        for number, example in enumerate(examples):
            stated = _stated(example)
            for (s, o), found in _pairs(example):
                keys.append((number, s, o))
                features.append(found)
                labels.append(stated.get((s, o), set()))
        return keys, hasher.transform(features), labels

    _, features, labels = lay_out(passages)
    keys, judged, _ = lay_out(held_out)
    scored: dict[tuple[int, str, int, int], float] = {}
    for predicate in _PREDICATES:
        model = SGDClassifier(loss="log_loss", alpha=1e-5, max_iter=12, random_state=1, class_weight={True: 2.0})
        model.fit(features, [predicate in found for found in labels])
        for (number, s, o), odds in zip(keys, model.predict_proba(judged)[:, 1], strict=True):
            if predicate in SYMMETRIC and s > o:
                s, o = o, s
            key = number, predicate, s, o
            scored[key] = max(scored.get(key, 0.0), float(odds))
    gold = [_stated(example) for example in held_out]
    total = sum(len(example.statements) for example in held_out)
    best, right = (0.0, 0.0, 0.0), 0
    for rank, (number, predicate, s, o) in enumerate(sorted(scored, key=lambda k: -scored[k]), 1):
        right += predicate in gold[number].get((s, o), ())
        best = max(best, (2 * right / (rank + total), right / rank, right / total))
    return best


def _stated(example: Example) -> dict[tuple[int, int], set[str]]:
    stated: dict[tuple[int, int], set[str]] = defaultdict(set)
    for statement in example.statements:
        stated[statement.subject, statement.object] |= set(statement.predicates)
        if statement.predicates[0] in SYMMETRIC:
            stated[statement.object, statement.subject] |= set(statement.predicates)
    return stated


if __name__ == "__main__":
    main()
