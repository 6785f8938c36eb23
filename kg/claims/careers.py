"""Whether a person still holds a post of which a text speaks more than once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from kg.claims.rules import Finding
from kg.model import Modality, Predicate

_LEAVING = frozenset({"works.left", "works.resigned", "works.fired", "works.dismissed"})
_RETURNING = "works.returned"
_STATIONS = frozenset({"works.joined", "works.serves"})


def settle_status(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings with one status for a person and an organization that the person left or came back to.

    Who is said to have left has left, whatever a title beside the name says; who returns (重返) is there. Of several
    organizations that somebody joined one after the other, the last one is where he is.
    """
    rules: dict[tuple[str, str], set[str]] = defaultdict(set)
    last: dict[str, tuple[int, str]] = {}
    for finding in findings:
        if finding.rule in _STATIONS and finding.modality is Modality.ASSERTED:
            last[finding.subject.id] = max(last.get(finding.subject.id, (-1, "")), (finding.end, finding.object.id))
    for finding in findings:
        end, unit = last.get(finding.subject.id, (-1, ""))
        if finding.rule in _STATIONS and finding.end < end and finding.object.id != unit:
            rules[finding.subject.id, finding.object.id].add("works.left")
        if finding.predicate is not Predicate.WORKS_FOR or finding.modality is Modality.DENIED:
            continue
        if dict(finding.qualifiers).get("status") == "former" or finding.rule == _RETURNING:
            rules[finding.subject.id, finding.object.id].add(finding.rule)
    return [_settled(f, rules.get((f.subject.id, f.object.id), set())) for f in findings]


def _settled(finding: Finding, rules: set[str]) -> Finding:
    if finding.predicate is not Predicate.WORKS_FOR or not rules & {_RETURNING, *_LEAVING}:
        return finding
    status = "current" if _RETURNING in rules else "former"
    others = (pair for pair in finding.qualifiers if pair[0] != "status")
    return replace(finding, qualifiers=(*others, ("status", status)))
