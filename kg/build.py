"""Build a graph: documents in, a store on disk and a report out.

::

    DIR/
      store/        the graph (Oxigraph)
      report.json   what was read, what was found, what was wrong with it
"""

from __future__ import annotations

import json
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kg import __version__
from kg.claims.extractors import extract
from kg.errors import StoreError
from kg.graph.maintenance import update_inferred
from kg.graph.quads import to_quads
from kg.graph.results import show_text
from kg.graph.rules import drop_inferred
from kg.graph.runs import Run
from kg.graph.store import open_graph
from kg.graph.validation import Violation, validate_quads
from kg.graph.vocab import DEFAULT_BASE
from kg.model import Document, Extraction, Extractor, Issue

REPORT = "report.json"


@dataclass(slots=True)
class BuildReport:
    """What a build read and found; `entities` and `claims` count by type and predicate over the run's documents.

    `inferred` counts by rule what was inferred from all documents of the graph, of earlier runs too.
    """

    documents: int = 0
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
            "duplicates": self.duplicates,
            "characters": self.characters,
            "entities": dict(sorted(self.entities.items())),
            "claims": dict(sorted(self.claims.items())),
            "modalities": dict(sorted(self.modalities.items())),
            "investments": dict(sorted(self.investments.items())),
            "inferred": self.inferred,
            "issues": [asdict(issue) for issue in self.issues],
        }


def build_graph(
    items: Iterable[Document | Issue],
    directory: Path,
    *,
    base: str = DEFAULT_BASE,
    with_inferred: bool = True,
    validate: bool = False,
    extractor: Extractor = Extractor.ALL,
    on_document: Callable[[Document], None] | None = None,
) -> BuildReport:
    """Add documents to the graph in `directory`, made where it is missing; a document is in it wholly or not at all.

    An `Issue` among the items, and a document whose extraction fails, goes into the report and the build goes on. With
    `validate` so does a document whose graph breaks the shapes, which then is not in the graph, whatever an earlier
    build put there. `on_document` is called after each document. What rules infer lags behind from the first document
    that is written and is brought up to date at the end; where `with_inferred` is false, it is dropped then.

    Raises:
        StoreLockedError: another build is writing to the directory.
        StoreError: the directory cannot be written.
    """
    started = datetime.now(UTC)
    report = BuildReport()
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write to {directory}: {error.strerror}") from error
    sources: dict[str, str] = {}
    seen_entities: set[str] = set()
    seen_investments: set[str] = set()
    with open_graph(directory, read_only=False, base=base) as store:
        for item in items:
            if isinstance(item, Issue):
                report.issues.append(item)
                continue
            if item.id in sources:
                report.duplicates += 1
                report.issues.append(Issue(item.source, f"the same document as {sources[item.id]}", "notice"))
                continue
            extraction = _extract(item, report, extractor)
            quads = [] if extraction is None else to_quads(extraction, base=base)
            if validate and (broken := validate_quads(quads, base=base)):
                store.remove_document(item.id)
                report.issues.append(Issue(item.source, _explain(broken)))
            elif extraction is not None:
                store.replace_document(item.id, quads)
                sources[item.id] = item.source
                _count(extraction, report, seen_entities, seen_investments)
            if on_document:
                on_document(item)
        ended = datetime.now(UTC)
        if sources:
            store.write_metadata(Run(started, ended, __version__, sources=sources))
        if with_inferred:
            report.inferred = dict(update_inferred(store).rules)
        elif not store.has_inferred:
            drop_inferred(store)
    write_report(report, directory / REPORT)
    return report


def _extract(document: Document, report: BuildReport, extractor: Extractor) -> Extraction | None:
    try:
        return extract(document, extractor=extractor)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        reason = f"the extraction failed ({type(error).__name__}: {error} at {place}); please report this article"
        report.issues.append(Issue(document.source, reason))
        return None


def _explain(violations: list[Violation]) -> str:
    """Return why a document was left out: its first violation, and the sentence."""
    first = violations[0]
    where = f" in 「{show_text(first.sentence)}」" if first.sentence else ""
    more = f", and {len(violations) - 1} more" if len(violations) > 1 else ""
    return f"left out, as it breaks the shapes ({first.message.rstrip('.')}: {first.node}{where}{more})"


def _count(extraction: Extraction, report: BuildReport, entities: set[str], investments: set[str]) -> None:
    report.documents += 1
    report.characters += len(extraction.document.text)
    for entity in extraction.entities:
        if entity.id not in entities:
            entities.add(entity.id)
            report.entities[str(entity.type)] += 1
    for claim in extraction.claims:
        report.claims[str(claim.predicate)] += 1
        report.modalities[str(claim.modality)] += 1
    for investment in extraction.investments:
        if investment.id not in investments:
            investments.add(investment.id)
            report.investments[str(investment.kind)] += 1


def write_report(report: BuildReport, path: Path) -> None:
    """Write the report as JSON, in one step, so that a reader never sees half of it."""
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(report.to_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    temporary.replace(path)
