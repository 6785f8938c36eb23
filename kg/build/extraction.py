"""The work on one document: extract, turn into the statements of its graph, and check them. Runs in any process."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from kg.claims.extractors import extract
from kg.entities.gazetteer import load_gazetteer
from kg.graph.quads import to_quads
from kg.graph.results import show_text
from kg.graph.store import write_statements
from kg.graph.validation import Violation, validate_quads
from kg.graph.vocab import Ids
from kg.model import Document, Extraction, Extractor
from kg.nlp.pipeline import load_pipeline


@dataclass(frozen=True, slots=True)
class Settings:
    """How documents are worked on."""

    base: str
    extractor: Extractor
    validate: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a document's graph holds: entities and investments by id, with type and kind, and claims counted."""

    statements: str = field(repr=False)
    entities: tuple[tuple[str, str], ...] = ()
    investments: tuple[tuple[str, str], ...] = ()
    claims: Counter[str] = field(default_factory=Counter)
    modalities: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a document is left out: its extraction failed, or its graph `breaks_shapes`."""

    reason: str
    breaks_shapes: bool = False


def prepare(settings: Settings) -> None:
    """Load what the work needs, so that no document is charged for it."""
    load_gazetteer()
    load_pipeline(settings.extractor)


def work_on(task: tuple[Document, Settings]) -> Found | Rejection:
    """Return what a document states."""
    document, settings = task
    try:
        extraction = extract(document, extractor=settings.extractor)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        what = f"{type(error).__name__}: {error} at {place}"
        return Rejection(f"the extraction failed ({what}); please report this article")
    quads = to_quads(extraction, base=settings.base)
    if settings.validate and (broken := validate_quads(quads, base=settings.base)):
        return Rejection(_explain(broken), breaks_shapes=True)
    return _sum_up(extraction, write_statements(quads, Ids(settings.base).document(document.id)))


def _sum_up(extraction: Extraction, statements: str) -> Found:
    return Found(
        statements,
        tuple((entity.id, str(entity.type)) for entity in extraction.entities),
        tuple((investment.id, str(investment.kind)) for investment in extraction.investments),
        Counter(str(claim.predicate) for claim in extraction.claims),
        Counter(str(claim.modality) for claim in extraction.claims),
    )


def _explain(violations: list[Violation]) -> str:
    """Return why a document was left out: its first violation, and the sentence."""
    first = violations[0]
    where = f" in 「{show_text(first.sentence)}」" if first.sentence else ""
    more = f", and {len(violations) - 1} more" if len(violations) > 1 else ""
    return f"left out, as it breaks the shapes ({first.message.rstrip('.')}: {first.node}{where}{more})"
