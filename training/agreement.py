"""Fit how far rules and network are believed together, on annotated passages that neither has learnt from.

    pip install scikit-learn
    python training/agreement.py DIR kg/claims/data/agreement.yaml

DIR holds docs.jsonl and gold.jsonl. Every claim that the rules find, or that the network finds at all likely, is right
or wrong by the annotations; a logistic regression (L2) on the network's odds of it and of its rivals, on the sort and
the confidence of the rule that found it, if any, and on its predicate gives the weights. The table of thresholds that
is printed comes from five folds of the passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import yaml
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from kg.claims.agreement import SORTS, Rivals, key_of, names_owner, sort_of, to_odds
from kg.claims.extractors import extract_sides
from kg.claims.records import to_record
from kg.evaluation import Record, match_entities, read_records
from kg.model import SYMMETRIC, Document, Predicate
from kg.text.sources import read_source

_PREDICATES = tuple(Predicate)
_BY_PREDICATE = 0.7
"""What is learnt of one predicate counts less than what is learnt of all: many have few examples."""
_PENALTY = 0.1
_ODDS = 4
"""The network's: of the claim and of three rivals."""
_FUNDING = re.compile("融资|领投|估值")
_WEIGHT_OF_FUNDING = 4.0
"""Passages on funding are 12 % of the held-out ones, and 34 % of those of TRAIN: so they count as much as there."""


@dataclass(frozen=True, slots=True)
class Row:
    """A claim that may be right: the network's probability of it and of its rivals, the rule that found it, if any.

    `gold` is the annotated claim that it is.
    """

    document: str
    predicate: Predicate
    judged: float
    rivals: tuple[float, float, float]
    rule: str | None
    confidence: float
    gold: tuple[str, str, str] | None
    weight: float

    def features(self) -> list[float]:
        """Return the odds, the rivals', those of each sort of rules, the rule's, and the predicate."""
        odds = to_odds(self.judged)
        sorts = [float(self.rule is not None and sort_of(self.rule) == sort) for sort in SORTS]
        by_rule = [value for is_one in sorts for value in (is_one, is_one * odds)]
        here = [_BY_PREDICATE * (p is self.predicate) for p in _PREDICATES]
        sure = to_odds(self.confidence) if self.rule else 0.0
        return [odds, *map(to_odds, self.rivals), *by_rule, sure, *here]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--threshold", default=0.42, show_default=True, help="What a claim must reach; see the table.")
@click.option("--of", "thresholds", type=(click.Choice([str(p) for p in Predicate]), float), multiple=True,
              help="What a claim of one predicate must reach instead: --of investedIn 0.34.")  # fmt: skip
def main(folder: Path, out: Path, threshold: float, thresholds: tuple[tuple[str, float], ...]) -> None:
    """Fit the weights on the annotated passages of FOLDER, print what thresholds would give, write OUT."""
    wanted = read_records(folder / "gold.jsonl")
    stated = sum(claim["modality"] != "denied" for record in wanted.values() for claim in record["claims"])
    rows = [
        row
        for document in read_source(folder / "docs.jsonl")
        if isinstance(document, Document) and document.record_id
        for row in _rows(document, wanted[document.record_id])
    ]
    features, right = np.array([row.features() for row in rows]), np.array([row.gold is not None for row in rows])
    model = LogisticRegression(C=_PENALTY, max_iter=5000)
    weights = np.array([row.weight for row in rows])
    odds = np.zeros(len(rows))
    for seen, tested in GroupKFold(5).split(features, right, [row.document for row in rows]):
        model.fit(features[seen], right[seen], weights[seen])
        odds[tested] = model.predict_proba(features[tested])[:, 1]
    for at in np.arange(0.25, 0.61, 0.05):
        click.echo(f"threshold {at:.2f}: {_figures(rows, odds >= at, stated)}")
    model.fit(features, right, weights)
    learnt = [round(float(w), 3) for w in model.coef_[0]]
    judged, *rivals = learnt[:_ODDS]
    by_sort = learnt[_ODDS : _ODDS + 2 * len(SORTS)]
    sure, *here = learnt[_ODDS + 2 * len(SORTS) :]
    found = {
        "threshold": threshold,
        "thresholds": dict(thresholds),
        "bias": round(float(model.intercept_[0]), 3),
        "odds": judged,
        "rivals": rivals,
        "rules": {sort: by_sort[2 * i : 2 * i + 2] for i, sort in enumerate(SORTS)},
        "confidence": sure,
        "predicates": {str(p): round(_BY_PREDICATE * bias, 3) for p, bias in zip(_PREDICATES, here, strict=True)},
    }
    out.write_text(yaml.safe_dump(found, sort_keys=False, default_flow_style=None), "utf-8")


def _rows(document: Document, wanted: Record) -> Iterator[Row]:
    sides = extract_sides(document)
    found = to_record(sides.rules)
    entities = match_entities(wanted["entities"], found["entities"])
    gold = {}
    for claim in wanted["claims"]:
        for predicate in (claim["p"], *claim.get("alt", [])):
            key = claim["s"], claim["p"], claim["o"]
            gold[claim["s"], predicate, claim["o"]] = key
            if predicate in SYMMETRIC:
                gold[claim["o"], predicate, claim["s"]] = key
    rules = {(c.subject, c.predicate, c.object): c for c in sides.rules.claims}
    judged = {key_of(j): j.probability for j in sides.network.made}
    rivals = Rivals(sides.network.made)
    unheard = {key_of(j) for j in sides.network.made if names_owner(j)}
    weight = _WEIGHT_OF_FUNDING if _FUNDING.search(document.text) else 1.0
    for subject, predicate, object_ in sorted(rules.keys() | (judged.keys() - unheard)):
        if (subject, object_) not in sides.network.pairs:
            continue
        key = entities.get(subject, ""), str(predicate), entities.get(object_, "")
        claim = subject, predicate, object_
        probability, others, rule = judged.get(claim, 0.0), rivals.of(*claim), rules.get(claim)
        name, confidence = (rule.extractor.removeprefix("rules:"), rule.confidence) if rule else (None, 0.0)
        yield Row(document.id, predicate, probability, others, name, confidence, gold.get(key), weight)


def _figures(rows: list[Row], chosen: NDArray[np.bool_], stated: int) -> str:
    kept = [row for row, keep in zip(rows, chosen, strict=True) if keep]
    right = [row for row in kept if row.gold]
    precision = len(right) / max(1, len(kept))
    recall = len({(row.document, row.gold) for row in right}) / max(1, stated)
    return f"P {precision:.3f} R {recall:.3f} F1 {2 * precision * recall / max(1e-9, precision + recall):.3f}"


if __name__ == "__main__":
    main()
