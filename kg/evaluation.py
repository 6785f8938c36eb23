"""Score extractions against gold annotations, document by document.

Names are compared by :func:`kg.text.normalize.fold_name`. A predicted entity is the gold entity with which it shares
most names; a predicted claim is right when subject and object are the right entities and the predicate is the gold one
or one of its alternatives. Company and Organization count as one type. A gold claim that is denied must not be returned
as a fact. Investments are matched on the investee and scored slot by slot.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.claims.extractors import extract
from kg.claims.records import to_record
from kg.diagnosis import Fault, Record, diagnose
from kg.errors import DataError
from kg.model import SYMMETRIC, Extractor, Issue, Modality
from kg.text.normalize import fold_name
from kg.text.sources import read_source

_SYMMETRIC = frozenset(str(p) for p in SYMMETRIC)
_DENIED = str(Modality.DENIED)


@dataclass(slots=True)
class Tally:
    """Counts of what was predicted, what is gold, and what of either is right."""

    predicted: int = 0
    gold: int = 0
    right_predicted: int = 0
    right_gold: int = 0

    @property
    def precision(self) -> float:
        """Right predictions among all predictions; 0 where there is none."""
        return self.right_predicted / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Gold items found among all gold items; 0 where there is none."""
        return self.right_gold / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def to_dict(self) -> dict[str, float | int]:
        """Return precision, recall, F1 (four decimals) and the two counts."""
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "predicted": self.predicted,
            "gold": self.gold,
        }


@dataclass(slots=True)
class Scores:
    """The result of an evaluation."""

    documents: int = 0
    claims: Tally = field(default_factory=Tally)
    entities: Tally = field(default_factory=Tally)
    entities_typed: Tally = field(default_factory=Tally)
    investment_slots: Tally = field(default_factory=Tally)
    modality: Tally = field(default_factory=Tally)
    work_status: Tally = field(default_factory=Tally)
    per_type: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    per_predicate: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    per_extractor: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    faults: list[Fault] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the scores as JSON-ready values; accuracies are None where nothing could be judged."""
        return {
            "documents": self.documents,
            "claims": self.claims.to_dict(),
            "entities": self.entities.to_dict(),
            "entities_typed": self.entities_typed.to_dict(),
            "investment_slots": self.investment_slots.to_dict(),
            "modality_accuracy": round(self.modality.recall, 4) if self.modality.gold else None,
            "work_status_accuracy": round(self.work_status.recall, 4) if self.work_status.gold else None,
            "per_type": {kind: t.to_dict() for kind, t in sorted(self.per_type.items())},
            "per_predicate": {p: t.to_dict() for p, t in sorted(self.per_predicate.items())},
        }


def read_records(path: Path) -> dict[str, Record]:
    """Read a JSON Lines file of gold or predicted records by their id.

    Raises:
        DataError: a line is no JSON object or has no id.
    """
    records: dict[str, Record] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                records[str(record["id"])] = record
            except (ValueError, KeyError, TypeError) as error:
                raise DataError(f"{path}:{number}: not a JSON object with an id ({error})") from None
    return records


def extract_records(path: Path, *, extractor: Extractor = Extractor.ALL) -> dict[str, Record]:
    """Extract from the articles of a JSON Lines file; return the records by their id.

    Raises:
        DataError: an article cannot be read or has no id.
    """
    records: dict[str, Record] = {}
    for item in read_source(path):
        if isinstance(item, Issue):
            if item.severity == "error":
                raise DataError(f"{item.source}: {item.reason}")
            continue
        if item.record_id is None:
            raise DataError(f"{item.source}: the article has no id, so it cannot be matched with gold")
        records[item.record_id] = to_record(extract(item, extractor=extractor))
    return records


def evaluate(gold: Mapping[str, Record], predicted: Mapping[str, Record]) -> Scores:
    """Score predictions; a document that was not predicted counts as one in which nothing was found."""
    scores = Scores(documents=len(gold))
    empty: Record = {"entities": [], "claims": [], "investments": []}
    for document_id, record in gold.items():
        _Comparison(document_id, record, predicted.get(document_id, empty), scores).run()
    return scores


def _group(type_name: str) -> str:
    return "Unit" if type_name in ("Company", "Organization") else type_name


def match_entities(gold: Sequence[Record], predicted: Sequence[Record]) -> dict[str, str]:
    """Map predicted entity ids to gold ones: most shared names, a fitting type counting half a name."""
    types = {e["id"]: {_group(t) for t in (e["type"], e.get("alt_type")) if t} for e in gold}
    bearers: dict[str, list[str]] = defaultdict(list)
    for entity in gold:
        for name in entity["names"]:
            bearers[fold_name(name)].append(entity["id"])
    matched = {}
    for entity in predicted:
        votes: Counter[str] = Counter()
        for fold in {fold_name(n) for n in entity["names"]}:
            for gold_id in bearers.get(fold, ()):
                votes[gold_id] += 3 if _group(entity["type"]) in types[gold_id] else 2
        if votes:
            matched[entity["id"]] = max(votes, key=lambda g: (votes[g], g))
    return matched


class _Comparison:
    """Compares the records of one document and adds to the scores."""

    def __init__(self, document: str, gold: Record, predicted: Record, scores: Scores) -> None:
        self.document, self.gold, self.predicted, self.scores = document, gold, predicted, scores
        self.gold_types = {e["id"]: {_group(t) for t in (e["type"], e.get("alt_type")) if t} for e in gold["entities"]}
        self.gold_names = {e["id"]: e["names"][0] for e in gold["entities"]}
        self.names = {e["id"]: (e["names"] or ["?"])[0] for e in predicted.get("entities", [])}
        self.aligned = match_entities(gold["entities"], predicted.get("entities", []))
        self.faults: list[Fault] = []

    def run(self) -> None:
        self._entities()
        self._claims()
        self._investments()
        self.scores.faults += diagnose(self.faults, self.gold, self.predicted, frozenset(self.aligned.values()))

    def _fault(self, kind: str, what: str, detail: str, evidence: str = "", *ends: str) -> None:
        self.faults.append(Fault(self.document, kind, what, detail, evidence, "", *ends))

    def _entities(self) -> None:
        found: set[str] = set()
        typed: set[str] = set()
        untyped_score, typed_score = self.scores.entities, self.scores.entities_typed
        for entity in self.predicted.get("entities", []):
            gold_id = self.aligned.get(entity["id"])
            if gold_id is None:
                self._fault("spurious entity", entity["type"], self.names[entity["id"]])
                continue
            found.add(gold_id)
            if _group(entity["type"]) in self.gold_types[gold_id]:
                typed.add(gold_id)
            else:
                self._fault("wrong type", entity["type"], self.names[entity["id"]])
        for tally, right in ((untyped_score, found), (typed_score, typed)):
            tally.predicted += len(self.predicted.get("entities", []))
            tally.gold += len(self.gold["entities"])
            tally.right_predicted += len(right)
            tally.right_gold += len(right)
        self._count_by_type(typed)
        for gold_id in self.gold_names:
            if gold_id not in found:
                types = "/".join(sorted(str(t) for t in self.gold_types[gold_id]))
                self._fault("missed entity", types, self.gold_names[gold_id], "", gold_id)

    def _count_by_type(self, right: Set[str]) -> None:
        """Count entities by type: found ones by that which they were given, annotated ones by that which they have."""
        per_type = self.scores.per_type
        met: set[str] = set()
        for entity in self.predicted.get("entities", []):
            tally, gold_id = per_type[_group(entity["type"])], self.aligned.get(entity["id"], "")
            tally.predicted += 1
            if gold_id in right and gold_id not in met and _group(entity["type"]) in self.gold_types[gold_id]:
                tally.right_predicted += 1
                met.add(gold_id)
        for entity in self.gold["entities"]:
            tally = per_type[_group(entity["type"])]
            tally.gold += 1
            tally.right_gold += entity["id"] in right

    def _claims(self) -> None:
        wanted, denied, live = self._gold_claims()
        found: set[int] = set()
        seen: set[tuple[str, ...]] = set()
        for claim in self.predicted.get("claims", []):
            subject, object_ = (self.aligned.get(claim[k], "?" + claim[k]) for k in ("s", "o"))
            key = _key(claim["p"], subject, object_)
            is_denial = claim.get("modality") == _DENIED
            if key in seen:
                continue
            seen.add(key)
            if is_denial and key not in wanted:
                continue
            hit = None if is_denial else wanted.get(key)
            extractor = self.scores.per_extractor[claim.get("extractor") or "not named"]
            for one in (self.scores.claims, self.scores.per_predicate[claim["p"]], extractor):
                one.predicted += 1
                one.right_predicted += hit is not None
            if hit is None:
                kind = "denied returned as fact" if key in denied else "wrong claim"
                if is_denial:
                    kind = "fact returned as denial"
                self._claim_fault(kind, claim, subject, object_)
            elif hit not in found:
                found.add(hit)
                self._qualities(claim, self.gold["claims"][hit], subject, object_)
        for index in live:
            claim = self.gold["claims"][index]
            for one in (self.scores.claims, self.scores.per_predicate[claim["p"]]):
                one.gold += 1
                one.right_gold += index in found
            if index not in found:
                detail = f"{self.gold_names[claim['s']]} -> {self.gold_names[claim['o']]}"
                self._fault("missed claim", claim["p"], detail, claim.get("evidence", ""), claim["s"], claim["o"])

    def _claim_fault(self, kind: str, claim: Record, subject: str, object_: str, note: str = "") -> None:
        detail = f"{self.names.get(claim['s'])} -> {self.names.get(claim['o'])}{note}"
        evidence = claim.get("evidence", "") + " | " + claim.get("extractor", "")
        self._fault(kind, claim["p"], detail, evidence, subject, object_)

    def _gold_claims(self) -> tuple[dict[tuple[str, ...], int], set[tuple[str, ...]], list[int]]:
        """Return what counts as right (key to index), what is denied, and the indices that should be found."""
        wanted: dict[tuple[str, ...], int] = {}
        denied: set[tuple[str, ...]] = set()
        live: list[int] = []
        stated: set[tuple[str, ...]] = set()
        for index, claim in enumerate(self.gold["claims"]):
            keys = [_key(p, claim["s"], claim["o"]) for p in (claim["p"], *claim.get("alt", []))]
            if claim.get("modality") == _DENIED:
                denied.update(keys)
            elif keys[0] not in stated:
                stated.add(keys[0])
                live.append(index)
                for key in keys:
                    wanted.setdefault(key, index)
        return wanted, denied, live

    def _qualities(self, claim: Record, gold: Record, subject: str, object_: str) -> None:
        status = (gold.get("q") or {}).get("status") if gold["p"] == "worksFor" else None
        pairs = [
            ("modality", self.scores.modality, claim.get("modality", "asserted"), gold.get("modality", "asserted")),
            ("status", self.scores.work_status, (claim.get("q") or {}).get("status"), status),
        ]
        for kind, tally, read, wanted in pairs:
            if wanted:
                tally.gold += 1
                tally.right_gold += read == wanted
                if read != wanted:
                    self._claim_fault(kind, claim, subject, object_, f", {read} for {wanted}")

    def _investments(self) -> None:
        gold = [_slots(e, {}) for e in self.gold.get("investments", []) if e.get("modality") != _DENIED]
        predicted = [
            _slots(e, self.aligned, unknown="?")
            for e in self.predicted.get("investments", [])
            if e.get("modality") != _DENIED
        ]
        tally = self.scores.investment_slots
        tally.gold += sum(map(len, gold))
        tally.predicted += sum(map(len, predicted))
        free = list(gold)
        for event in sorted(predicted, key=len, reverse=True):
            same = [g for g in free if g["investee"] == event["investee"]]
            if same:
                best = max(same, key=lambda g: _agreeing(event, g))
                free.remove(best)
                tally.right_predicted += _agreeing(event, best)
                tally.right_gold += _agreeing(event, best)


def _key(predicate: str, subject: str, object_: str) -> tuple[str, ...]:
    if predicate in _SYMMETRIC:
        subject, object_ = sorted((subject, object_))
    return predicate, subject, object_


def _slots(event: Record, aligned: Mapping[str, str], *, unknown: str = "") -> dict[Any, Any]:
    slots: dict[Any, Any] = {"investee": aligned.get(event["investee"], unknown + event["investee"])}
    for investor in event.get("investors") or []:
        slots["investor", aligned.get(investor["e"], unknown + investor["e"])] = True
    for name in ("round", "date", "kind"):
        if event.get(name):
            slots[name] = str(event[name]).casefold()
    for name in ("amount", "valuation"):
        money = event.get(name) or {}
        if money.get("value") is not None:
            slots[name] = (money["value"], money.get("currency"))
    return slots


def _agreeing(a: Mapping[Any, Any], b: Mapping[Any, Any]) -> int:
    return sum(_same(value, b[name]) for name, value in a.items() if name in b)


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, tuple) and isinstance(b, tuple):
        return bool(a[1] == b[1] and abs(a[0] - b[0]) <= 0.005 * max(abs(a[0]), 1))
    return bool(a == b)


def format_scores(scores: Scores) -> str:
    """Return the scores as a table for a terminal."""
    lines = [f"{scores.documents} documents", f"{'':18}  P      R      F1     predicted  gold"]
    rows = [
        ("claims", scores.claims),
        ("entities", scores.entities),
        ("typed entities", scores.entities_typed),
        *((f"  {kind}", tally) for kind, tally in sorted(scores.per_type.items())),
        ("investment slots", scores.investment_slots),
        *sorted(scores.per_predicate.items()),
    ]
    for name, tally in rows:
        lines.append(
            f"{name:18}  {tally.precision:.3f}  {tally.recall:.3f}  {tally.f1:.3f}  "
            f"{tally.predicted:9d}  {tally.gold:4d}"
        )
    for name, tally in (("modality", scores.modality), ("work status", scores.work_status)):
        if tally.gold:
            lines.append(f"{name + ' accuracy':24}  {tally.recall:.3f}  ({tally.gold} judged)")
    return "\n".join(lines)


def format_rules(scores: Scores) -> str:
    """Return how much each extractor found and how much of it is right, the most frequent first."""
    lines = [f"{'':32}  found  right  P"]
    for name, tally in sorted(scores.per_extractor.items(), key=lambda pair: (-pair[1].predicted, pair[0])):
        lines.append(f"{name:32}  {tally.predicted:5d}  {tally.right_predicted:5d}  {tally.precision:.3f}")
    return "\n".join(lines)
