"""Why an extraction differs from gold: every fault belongs to a group that says where to mend it.

missed name       an entity was not found
wrong boundary    a name was found longer or shorter than it is
spurious name     what is no name was taken for one
wrong type        a name was found with another type
pattern missing   a claim was not found though both its names were
argument wrong    the claim joins one right name with another one
coreference       the claim's evidence calls one of its names 该公司, 他 or nothing at all
wrong predicate   the pair is related in another way
modality          how sure the text is was misread: a denial returned as a fact, a plan as done
status            a post that is over was read as held, or the other way round
unfounded         a claim that gold knows nothing like
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.text.normalize import fold_name

Record = Mapping[str, Any]
_EXAMPLES = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """One difference between prediction and gold.

    `subject` and `object` are the gold ids of a claim's entities; what is no gold entity begins with a question mark.
    """

    document: str
    kind: str
    what: str
    detail: str
    evidence: str = ""
    group: str = ""
    subject: str = ""
    object: str = ""


def diagnose(faults: Sequence[Fault], gold: Record, predicted: Record, found: frozenset[str]) -> list[Fault]:
    """Return the faults of one document with their groups; `found` are the gold entities that were found."""
    doctor = _Doctor(faults, gold, predicted, found)
    return [replace(fault, group=doctor.group(fault)) for fault in faults]


class _Doctor:
    """Knows the names and claims of one document, on either side."""

    def __init__(self, faults: Sequence[Fault], gold: Record, predicted: Record, found: frozenset[str]) -> None:
        self.faults, self.found = faults, found
        self.gold_claims = [c for c in gold["claims"] if c.get("modality") != "denied"]
        self.names = {e["id"]: [fold_name(n) for n in e["names"]] for e in gold["entities"]}
        self.gold_names = {n for names in self.names.values() for n in names}
        self.predicted_names = {fold_name(n) for e in predicted.get("entities", []) for n in e["names"]}

    def group(self, fault: Fault) -> str:
        if fault.kind in ("wrong type", "modality", "status"):
            return fault.kind
        if fault.kind == "denied returned as fact":
            return "modality"
        if fault.kind == "missed entity":
            return "wrong boundary" if self._is_cut(fault.subject) else "missed name"
        if fault.kind == "spurious entity":
            return "wrong boundary" if _overlaps(fold_name(fault.detail), self.gold_names) else "spurious name"
        return self._missed_claim(fault) if fault.kind == "missed claim" else self._wrong_claim(fault)

    def _is_cut(self, entity: str) -> bool:
        return any(_overlaps(name, self.predicted_names) for name in self.names[entity])

    def _missed_claim(self, fault: Fault) -> str:
        lost = [e for e in (fault.subject, fault.object) if e not in self.found]
        if lost:
            return "wrong boundary" if all(map(self._is_cut, lost)) else "missed name"
        if any(_is_denial(f) and _pair(f) == _pair(fault) for f in self.faults):
            return "modality"
        if any(
            f.kind == "wrong claim" and f.what == fault.what and len(_ends(f) & _ends(fault)) == 1 for f in self.faults
        ):
            return "argument wrong"
        folded = fold_name(fault.evidence)
        named = all(any(n in folded for n in self.names[e]) for e in (fault.subject, fault.object))
        return "pattern missing" if named else "coreference"

    def _wrong_claim(self, fault: Fault) -> str:
        if _is_denial(fault):
            return "modality"
        ends = _ends(fault)
        if any({c["s"], c["o"]} == ends for c in self.gold_claims):
            return "wrong predicate"
        if any(c["p"] == fault.what and len({c["s"], c["o"]} & ends) == 1 for c in self.gold_claims):
            return "argument wrong"
        return "unfounded"


def _is_denial(fault: Fault) -> bool:
    return fault.kind == "fact returned as denial"


def _ends(fault: Fault) -> set[str]:
    return {fault.subject, fault.object}


def _pair(fault: Fault) -> tuple[str, frozenset[str]]:
    return fault.what, frozenset(_ends(fault))


def _overlaps(name: str, others: Iterable[str]) -> bool:
    return any(
        name != other and min(len(name), len(other)) > 1 and (name in other or other in name) for other in others
    )


def format_faults(faults: Iterable[Fault]) -> str:
    """Return how many faults there are by group and predicate (or type), largest first, with examples."""
    groups: dict[str, dict[str, list[Fault]]] = defaultdict(lambda: defaultdict(list))
    for fault in faults:
        groups[fault.group][fault.what].append(fault)
    sizes = Counter({group: sum(map(len, kinds.values())) for group, kinds in groups.items()})
    lines = []
    for group, size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])):
        lines.append(f"{group}: {size}")
        for what, found in sorted(groups[group].items(), key=lambda pair: (-len(pair[1]), pair[0])):
            examples = "; ".join(f"{f.detail} ({f.document})" for f in found[:_EXAMPLES])
            lines.append(f"  {len(found):4d} {what:16} {examples}")
    return "\n".join(lines)


def write_faults(faults: Iterable[Fault], path: Path) -> None:
    """Write every fault as a JSON array a line: document, kind, predicate or type, detail, evidence, group."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for fault in faults:
            row = [fault.document, fault.kind, fault.what, fault.detail, fault.evidence, fault.group]
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
