"""An extraction as one JSON object: what `kg extract` prints and `kg evaluate` compares with gold annotations.

::

    {"id", "entities": [{"id", "type", "names"}], "claims": [{"s", "p", "o", "modality", "q", "evidence", …}],
     "investments": [{"investee", "investors", "kind", "round", "amount", "valuation", "date", "modality", "evidence"}]}

`names` are the forms that the document uses and the preferred name; `start` and `end` are code points of the document's
text (its title and a line break come first where the source keeps the title apart).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kg.model import Claim, Extraction, Investment, Money


def to_record(extraction: Extraction) -> dict[str, Any]:
    """Return the JSON object of an extraction, under the document's own record id where it has one."""
    document = extraction.document
    return {
        "id": document.record_id or document.id,
        "entities": [
            {"id": e.id, "type": str(e.type), "names": list(dict.fromkeys([*extraction.names(e.id), e.name]))}
            for e in extraction.entities
        ],
        "claims": [_claim(c) for c in extraction.claims],
        "investments": [_investment(i) for i in extraction.investments],
    }


def _claim(claim: Claim) -> dict[str, Any]:
    qualifiers: dict[str, Any] = {k: v == "true" if k == "lead" else v for k, v in claim.qualifiers}
    return {
        "s": claim.subject,
        "p": str(claim.predicate),
        "o": claim.object,
        "modality": str(claim.modality),
        "q": qualifiers,
        "evidence": claim.evidence.quote,
        "start": claim.evidence.start,
        "end": claim.evidence.end,
        "confidence": claim.confidence,
        "extractor": claim.extractor,
    }


def _investment(investment: Investment) -> dict[str, Any]:
    record: dict[str, Any] = {
        "investee": investment.investee,
        "investors": [{"e": i.entity, "lead": i.lead} for i in investment.investors],
        "kind": str(investment.kind),
        "modality": str(investment.modality),
        "evidence": investment.evidence.quote,
        "start": investment.evidence.start,
        "end": investment.evidence.end,
    }
    if investment.round:
        record["round"] = investment.round
    if investment.amount:
        record["amount"] = _money(investment.amount)
    if investment.valuation:
        record["valuation"] = {**_money(investment.valuation.money), "stage": investment.valuation.stage}
    if investment.date:
        record["date"] = investment.date.iso
    return record


def _money(money: Money) -> dict[str, Any]:
    return {
        "value": _number(money.value),
        "currency": money.currency,
        "approx": money.approximate,
        "text": money.wording,
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
