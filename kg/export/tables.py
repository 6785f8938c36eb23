"""The facts as tables: CSV for a spreadsheet, JSON Lines for a program.

`articles`, `entities`, `claims` and `investments`, one row each; a claim and an investment carry the sentence that
states them. In CSV a text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a
carriage return) gets an apostrophe in front; JSON Lines have every text as it is.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.errors import ExportError
from kg.export.facts import AmountRecord, Article, EntityRecord, read_articles, read_entities
from kg.graph.store import GraphStore

__all__ = ["TABLES", "write_tables"]

Row = dict[str, Any]

TABLES = {
    "articles": ("article", "title", "publisher", "author", "published", "url", "characters"),
    "entities": ("entity", "type", "name", "names", "same_as", "articles"),
    "claims": (
        "claim", "subject", "subject_name", "predicate", "object", "object_name", "modality", "confidence", "role",
        "status", "lead", "ticker", "date", "sentence", "start", "end", "article", "extractor",
    ),
    "investments": (
        "investment", "kind", "investee", "investee_name", "investors", "investor_names", "lead_investors", "round",
        "date", "amount", "currency", "amount_wording", "valuation", "valuation_currency", "valuation_wording",
        "valuation_stage", "modality", "confidence", "sentence", "start", "end", "article",
    ),
}  # fmt: skip
"""Table -> its columns."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_tables(store: GraphStore, directory: Path, *, form: str = "csv") -> list[Path]:
    """Write a file for each table into `directory` (made where it is missing); `form` is `csv` or `jsonl`.

    Raises:
        ExportError: the directory cannot be written.
    """
    entities = read_entities(store)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        return [_write(directory / f"{table}.{form}", table, _rows(table, store, entities), form) for table in TABLES]
    except OSError as error:
        raise ExportError(f"cannot write the tables to {directory}: {error.strerror}") from error


def _write(path: Path, table: str, rows: Iterator[Row], form: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        if form == "jsonl":
            for row in rows:
                out.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
        else:
            writer = csv.DictWriter(out, TABLES[table], lineterminator="\n")
            writer.writeheader()
            writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return path


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = " | ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _rows(table: str, store: GraphStore, entities: dict[str, EntityRecord]) -> Iterator[Row]:
    if table == "entities":
        for entity in entities.values():
            yield {
                "entity": entity.iri, "type": str(entity.type), "name": entity.name, "names": list(entity.names),
                "same_as": list(entity.same_as), "articles": entity.documents,
            }  # fmt: skip
        return
    for article in read_articles(store):
        if table == "articles":
            record = article.record
            yield {
                "article": record.iri, "title": record.title, "publisher": record.publisher, "author": record.author,
                "published": record.published, "url": record.url, "characters": record.text_length,
            }  # fmt: skip
        elif table == "claims":
            yield from _claims(article, entities)
        else:
            yield from _investments(article, entities)


def _claims(article: Article, entities: dict[str, EntityRecord]) -> Iterator[Row]:
    for claim in article.claims:
        yield {
            "claim": claim.iri, "subject": claim.subject, "subject_name": entities[claim.subject].name,
            "predicate": str(claim.predicate), "object": claim.object, "object_name": entities[claim.object].name,
            "modality": str(claim.modality), "confidence": claim.confidence, "role": claim.role,
            "status": claim.status, "lead": claim.lead, "ticker": claim.ticker, "date": claim.date,
            "sentence": claim.quote.exact, "start": claim.quote.start, "end": claim.quote.end,
            "article": claim.article, "extractor": claim.extractor,
        }  # fmt: skip


def _investments(article: Article, entities: dict[str, EntityRecord]) -> Iterator[Row]:
    for event in article.investments:
        amount, valuation = _first(event.amounts), _first(event.valuations)
        quote = event.quotes[0]
        yield {
            "investment": event.iri, "kind": str(event.kind), "investee": event.investee,
            "investee_name": entities[event.investee].name, "investors": list(event.investors),
            "investor_names": [entities[iri].name for iri in event.investors], "lead_investors": list(event.leads),
            "round": event.round, "date": event.date, "amount": amount and amount.value,
            "currency": amount and amount.currency, "amount_wording": amount and amount.wording,
            "valuation": valuation and valuation.value, "valuation_currency": valuation and valuation.currency,
            "valuation_wording": valuation and valuation.wording, "valuation_stage": valuation and valuation.stage,
            "modality": str(event.modality), "confidence": event.confidence, "sentence": quote.exact,
            "start": quote.start, "end": quote.end, "article": event.article,
        }  # fmt: skip


def _first(amounts: tuple[AmountRecord, ...]) -> AmountRecord | None:
    return amounts[0] if amounts else None
