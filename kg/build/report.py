"""What a build read and found, and what was wrong with it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import StoreError
from kg.model import Issue

REPORT = "report.json"


@dataclass(slots=True)
class BuildReport:
    """What a build read and found; `entities` and `claims` count by type and predicate over the documents it worked on.

    `documents` were new or had changed, `unchanged` are in the graph as they are, from an earlier build; `replaced` are
    earlier versions that are no longer in the graph. `inferred` counts by rule what was inferred from all documents of
    the graph, of earlier builds too.
    """

    documents: int = 0
    unchanged: int = 0
    replaced: int = 0
    duplicates: int = 0
    characters: int = 0
    entities: Counter[str] = field(default_factory=Counter)
    claims: Counter[str] = field(default_factory=Counter)
    modalities: Counter[str] = field(default_factory=Counter)
    investments: Counter[str] = field(default_factory=Counter)
    inferred: dict[str, int] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether an input could not be read or worked on."""
        return any(issue.severity == "error" for issue in self.issues)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON-ready values, in a fixed order."""
        return {
            "documents": self.documents,
            "unchanged": self.unchanged,
            "replaced": self.replaced,
            "duplicates": self.duplicates,
            "characters": self.characters,
            "entities": dict(sorted(self.entities.items())),
            "claims": dict(sorted(self.claims.items())),
            "modalities": dict(sorted(self.modalities.items())),
            "investments": dict(sorted(self.investments.items())),
            "inferred": self.inferred,
            "issues": [asdict(issue) for issue in self.issues],
        }


def write_report(report: BuildReport, path: Path) -> None:
    """Write the report as JSON, in one step, so that a reader never sees half of it.

    Raises:
        StoreError: it cannot be written.
    """
    temporary = path.with_suffix(".tmp")
    try:
        temporary.write_text(json.dumps(report.to_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error
