"""Whether a person still holds a post of which a text speaks more than once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from kg.claims.rules import Finding
from kg.model import Modality, Predicate

_LEAVING = frozenset({"works.left", "works.resigned", "works.fired", "works.dismissed"})
_RETURNING = "works.returned"


def settle_status(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings with one status for a person and an organization that the person left or came back to.

    Who is said to have left has left, whatever a title beside the name says; who returns (重返) is there.
    """
    rules: dict[tuple[str, str], set[str]] = defaultdict(set)
    for finding in findings:
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
