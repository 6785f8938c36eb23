"""Rules and network together: how likely a claim is, given whether a rule found it and what the network says of it.

A log-linear model with the weights of `data/agreement.yaml`, which `training/agreement.py` fits on annotated passages
that neither the rules nor the network have learnt from. Its probability is the confidence of the claim.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

import yaml

from kg.claims import scene as symbols
from kg.claims.pairs import Judgement, Judgements
from kg.claims.rules import Finding
from kg.claims.scene import Scene
from kg.model import Entity, Modality, Predicate

NETWORK = "network"
"""The name of the extractor of claims that no rule found."""

_FLOOR = 0.005
_ALONE = 0.5
_LITERAL = 0.95
_FORMER, _SURELY_FORMER = 0.6, 0.9
"""How sure the network must be that a post is a former one, where it alone knows of it, and against a rule."""
_DIGITS = 2

Key = tuple[str, Predicate, str]


@dataclass(frozen=True, slots=True)
class Weights:
    """The log-linear model; `predicates` are biases: one always, and another where a rule found the claim.

    A claim must reach `threshold`, or that of its predicate in `thresholds`.
    """

    threshold: float
    thresholds: dict[Predicate, float]
    bias: float
    odds: float
    rule: float
    rule_odds: float
    predicates: dict[Predicate, tuple[float, float]]

    def suffices(self, predicate: Predicate, probability: float) -> bool:
        """Return whether a claim that is so likely is made."""
        return probability >= self.thresholds.get(predicate, self.threshold)

    def probability(self, predicate: Predicate, judged: float, *, has_rule: bool) -> float:
        """Return how likely a claim is to be right, `judged` being the network's probability."""
        odds = to_odds(judged)
        either, with_rule = self.predicates.get(predicate, (0.0, 0.0))
        score = self.bias + self.odds * odds + either
        if has_rule:
            score += self.rule + self.rule_odds * odds + with_rule
        return round(1 / (1 + math.exp(-score)), _DIGITS)


def to_odds(probability: float) -> float:
    """Return the logarithm of the odds, of no more than the network can be sure of."""
    bounded = min(max(probability, _FLOOR), 1 - _FLOOR)
    return math.log(bounded / (1 - bounded))


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Return the package's weights."""
    raw = yaml.safe_load((resources.files("kg.claims") / "data" / "agreement.yaml").read_text("utf-8"))
    predicates = {Predicate(name): (float(a), float(b)) for name, (a, b) in raw.pop("predicates").items()}
    thresholds = {Predicate(name): float(value) for name, value in raw.pop("thresholds").items()}
    plain = {name: float(value) for name, value in raw.items()}
    return Weights(**plain, thresholds=thresholds, predicates=predicates)


def propose(
    judgements: Judgements, findings: Iterable[Finding], scenes: Sequence[Scene], *, alone: bool = False
) -> Iterator[Finding]:
    """Yield what the network finds likely enough, and no rule has found.

    That no rule has found it speaks against a claim, unless the network works `alone`.
    """
    weights = load_weights()
    found = {_key(finding) for finding in findings}
    for judgement in judgements.made:
        if alone:
            probability = round(judgement.probability, _DIGITS)
            suffices = probability >= _ALONE
        else:
            probability = weights.probability(judgement.predicate, judgement.probability, has_rule=False)
            # The rule of names that begin with their owner's has judged those.
            suffices = weights.suffices(judgement.predicate, probability) and not names_owner(judgement)
        if suffices and _key(judgement) not in found:
            yield _to_finding(judgement, probability, scenes)


def names_owner(judgement: Judgement) -> bool:
    """Whether a judgement makes a part of what its name begins with: 某大学文学院, 某大学. Few articles say that."""
    return judgement.predicate is Predicate.SUBSIDIARY_OF and any(
        owner in part for part in _names(judgement.subject) for owner in _names(judgement.object)
    )


def settle(findings: Iterable[Finding], judgements: Judgements) -> list[Finding]:
    """Return the findings that are likely enough, each with its probability as confidence.

    What joins names too far apart for the network to have judged them together stays as the rules found it, and so does
    what a rule reads off words that say nothing else (X是Y的子公司). A post that a rule takes for a current one is a
    former one where the network is sure of that.
    """
    weights = load_weights()
    judged = {_key(judgement): judgement for judgement in judgements.made}
    kept = []
    for finding in findings:
        if finding.confidence >= _LITERAL or (finding.subject.id, finding.object.id) not in judgements.pairs:
            kept.append(finding)
            continue
        has_rule = finding.rule != NETWORK
        judgement = judged.get(_key(finding))
        likely = judgement.probability if judgement else 0.0
        probability = weights.probability(finding.predicate, likely, has_rule=has_rule)
        if weights.suffices(finding.predicate, probability):
            qualifiers = finding.qualifiers
            if judgement and judgement.qualities["former"] >= _SURELY_FORMER:
                qualifiers = tuple((name, "former" if name == "status" else value) for name, value in qualifiers)
            kept.append(replace(finding, confidence=probability, qualifiers=qualifiers))
    return _without_closure(kept)


def _without_closure(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out the owner of an owner where the network alone names it: 丙是乙旗下的公司,乙是甲的子公司."""
    owned = [(f.subject.id, f.object.id) for f in findings if f.predicate is Predicate.SUBSIDIARY_OF]
    implied = {(part, whole) for part, owner in owned for other, whole in owned if other == owner}
    return [
        f
        for f in findings
        if f.rule != NETWORK or f.predicate is not Predicate.SUBSIDIARY_OF or (f.subject.id, f.object.id) not in implied
    ]


def _names(entity: Entity) -> set[str]:
    return {entity.name, *(alias.name for alias in entity.aliases)}


def _key(claim: Judgement | Finding) -> Key:
    return claim.subject.id, claim.predicate, claim.object.id


def _to_finding(judgement: Judgement, probability: float, scenes: Sequence[Scene]) -> Finding:
    qualities = judgement.qualities
    modality = max((Modality.REPORTED, Modality.PLANNED, Modality.DENIED), key=lambda m: qualities[m])
    qualifiers: tuple[tuple[str, str | None], ...] = ()
    if judgement.predicate is Predicate.WORKS_FOR:
        status = "former" if qualities["former"] >= _FORMER else "current"
        qualifiers = (("role", _role(judgement, scenes)), ("status", status))
    elif judgement.predicate is Predicate.INVESTED_IN and qualities["lead"] >= 0.5:
        qualifiers = (("lead", "true"),)
    return Finding(
        judgement.subject, judgement.predicate, judgement.object,
        modality if qualities[modality] >= 0.5 else Modality.ASSERTED,
        judgement.start, judgement.end, NETWORK, probability, qualifiers,
    )  # fmt: skip


def _role(judgement: Judgement, scenes: Sequence[Scene]) -> str | None:
    """Return the post that stands between a person and an organization, the nearest to the person of several."""
    titles = [
        e
        for scene in scenes
        if scene.start < judgement.end and judgement.start < scene.end
        for e in scene.elements.values()
        if e.symbol == symbols.TITLE and judgement.start <= e.start and e.end <= judgement.end
    ]
    nearest = min if judgement.subject_first else max
    return nearest(titles, key=lambda e: e.start).text if titles else None
