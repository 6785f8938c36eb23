"""Rules and network together: how likely a claim is, given whether a rule found it and what the network says of it.

Its likeliest rivals count too: the same subject with another object, the same object with another subject, another
predicate between the two.

A log-linear model with the weights of `data/agreement.yaml`, which `training/agreement.py` fits on annotated passages
that neither the rules nor the network have learnt from. Its probability is the confidence of the claim.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

import yaml

from kg.claims import scene as symbols
from kg.claims.pairs import Judgement, Judgements
from kg.claims.rules import Finding
from kg.claims.scene import Scene
from kg.model import SYMMETRIC, Entity, Modality, Predicate

NETWORK = "network"
"""The name of the extractor of claims that no rule found."""

_FLOOR = 0.005
_ALONE = 0.5
_FORMER, _SURELY_FORMER, _SURELY_CURRENT = 0.7, 0.85, 0.03
"""How sure the network must be that a post is a former one, where it alone knows of it, and against a rule; and that it
is a current one, against a rule that takes a word of time for one about the post: 此前该公司CEO表示.
"""
_DIGITS = 2

Key = tuple[str, Predicate, str]


@dataclass(frozen=True, slots=True)
class Weights:
    """The log-linear model: `odds` and `rivals` weigh the network's odds, `predicates` are biases.

    `rules` has for each sort of rules (`sort_of`) a bias and a weight of the network's odds where one found the claim,
    `confidence` weighs the odds of that rule. A claim must reach `threshold`, or that of its predicate in `thresholds`.
    """

    threshold: float
    thresholds: dict[Predicate, float]
    bias: float
    odds: float
    rivals: tuple[float, float, float]
    rules: dict[str, tuple[float, float]]
    confidence: float
    predicates: dict[Predicate, float]

    def suffices(self, predicate: Predicate, probability: float) -> bool:
        """Return whether a claim that is so likely is made."""
        return probability >= self.thresholds.get(predicate, self.threshold)

    def probability(
        self,
        predicate: Predicate,
        judged: float,
        rivals: tuple[float, float, float],
        found: tuple[str, float] | None = None,
    ) -> float:
        """Return how likely a claim is to be right.

        `judged` and `rivals` are probabilities of the network; `found` is the rule that found it, with its confidence.
        """
        odds = to_odds(judged)
        score = self.bias + self.odds * odds + self.predicates.get(predicate, 0.0)
        score += sum(weight * to_odds(rival) for weight, rival in zip(self.rivals, rivals, strict=True))
        if found is not None:
            rule, confidence = found
            bias, with_odds = self.rules[sort_of(rule)]
            score += bias + with_odds * odds + self.confidence * to_odds(confidence)
        return round(1 / (1 + math.exp(-score)), _DIGITS)


SORTS = ("stated", "name", "known")


def sort_of(rule: str) -> str:
    """Return whether a rule reads off what a text states, off the names themselves, or off lists what is known."""
    head = rule.partition(".")[0]
    return head if head in SORTS else "stated"


class Rivals:
    """The likeliest claims about each entity and each pair, to find what speaks against another, or for it."""

    def __init__(self, judgements: Iterable[Judgement]) -> None:
        self._by_subject: dict[tuple[str, Predicate], dict[str, float]] = defaultdict(dict)
        self._by_object: dict[tuple[str, Predicate], dict[str, float]] = defaultdict(dict)
        self._by_pair: dict[frozenset[str], dict[str, float]] = defaultdict(dict)
        for judgement in judgements:
            subject, predicate, object_ = key_of(judgement)
            self._note(subject, predicate, object_, judgement.probability)
            if predicate in SYMMETRIC:
                self._note(object_, predicate, subject, judgement.probability)

    def _note(self, subject: str, predicate: Predicate, object_: str, probability: float) -> None:
        self._by_subject[subject, predicate][object_] = probability
        self._by_object[object_, predicate][subject] = probability
        pair = self._by_pair[frozenset((subject, object_))]
        pair[predicate] = max(probability, pair.get(predicate, 0.0))

    def of(self, subject: str, predicate: Predicate, object_: str) -> tuple[float, float, float]:
        """Return how likely the likeliest claim is with another object, with another subject, of another predicate."""
        return (
            _likeliest(self._by_subject.get((subject, predicate), {}), object_),
            _likeliest(self._by_object.get((object_, predicate), {}), subject),
            _likeliest(self._by_pair.get(frozenset((subject, object_)), {}), predicate),
        )


def _likeliest(others: Mapping[str, float], but: str) -> float:
    return max((probability for other, probability in others.items() if other != but), default=0.0)


def to_odds(probability: float) -> float:
    """Return the logarithm of the odds, of no more than the network can be sure of."""
    bounded = min(max(probability, _FLOOR), 1 - _FLOOR)
    return math.log(bounded / (1 - bounded))


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Return the package's weights."""
    raw = yaml.safe_load((resources.files("kg.claims") / "data" / "agreement.yaml").read_text("utf-8"))
    predicates = {Predicate(name): float(bias) for name, bias in raw.pop("predicates").items()}
    rules = {sort: (float(a), float(b)) for sort, (a, b) in raw.pop("rules").items()}
    thresholds = {Predicate(name): float(value) for name, value in raw.pop("thresholds").items()}
    of_subject, of_object, of_pair = map(float, raw.pop("rivals"))
    plain = {name: float(value) for name, value in raw.items()}
    return Weights(
        **plain, rivals=(of_subject, of_object, of_pair), rules=rules, thresholds=thresholds, predicates=predicates
    )


def propose(
    judgements: Judgements, findings: Iterable[Finding], scenes: Sequence[Scene], *, alone: bool = False
) -> Iterator[Finding]:
    """Yield what the network finds likely enough, and no rule has found.

    That no rule has found it speaks against a claim, unless the network works `alone`.
    """
    weights = load_weights()
    rivals = Rivals(judgements.made)
    found = {key_of(finding) for finding in findings}
    for judgement in judgements.made:
        key = key_of(judgement)
        if alone:
            probability = round(judgement.probability, _DIGITS)
            suffices = probability >= _ALONE
        else:
            probability = weights.probability(judgement.predicate, judgement.probability, rivals.of(*key))
            # The rule of names that begin with their owner's has judged those.
            suffices = weights.suffices(judgement.predicate, probability) and not names_owner(judgement)
        if suffices and key not in found:
            yield _to_finding(judgement, probability, scenes)


def names_owner(judgement: Judgement) -> bool:
    """Whether a judgement makes a part of what its name begins with: 某大学文学院, 某大学. Few articles say that."""
    return judgement.predicate is Predicate.SUBSIDIARY_OF and any(
        owner in part for part in _names(judgement.subject) for owner in _names(judgement.object)
    )


def settle(findings: Iterable[Finding], judgements: Judgements) -> list[Finding]:
    """Return the findings that are likely enough, each with its probability as confidence.

    What joins names too far apart for the network to have judged them together stays as the rules found it. Whether a
    post is a current or a former one, the network says against a rule where it is sure.
    """
    weights = load_weights()
    judged = {key_of(judgement): judgement for judgement in judgements.made}
    rivals = Rivals(judgements.made)
    kept = []
    for finding in findings:
        if (finding.subject.id, finding.object.id) not in judgements.pairs:
            kept.append(finding)
            continue
        found = None if finding.rule == NETWORK else (finding.rule, finding.confidence)
        key = key_of(finding)
        judgement = judged.get(key)
        likely = judgement.probability if judgement else 0.0
        probability = weights.probability(finding.predicate, likely, rivals.of(*key), found)
        if weights.suffices(finding.predicate, probability):
            qualifiers = _told_status(finding, judgement) if judgement else finding.qualifiers
            kept.append(replace(finding, confidence=probability, qualifiers=qualifiers))
    return _without_closure(kept)


def _told_status(finding: Finding, judgement: Judgement) -> tuple[tuple[str, str | None], ...]:
    """Return the qualifiers of a finding, with the status of a post as the network tells it where it is sure."""
    former = judgement.qualities["former"]
    if _SURELY_CURRENT < former < _SURELY_FORMER:
        return finding.qualifiers
    status = "former" if former >= _SURELY_FORMER else "current"
    return tuple((name, status if name == "status" else value) for name, value in finding.qualifiers)


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


def key_of(claim: Judgement | Finding) -> Key:
    """Return what is claimed, without how and where: subject, predicate, object."""
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
