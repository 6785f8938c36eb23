from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.errors import DataError
from kg.evaluation import evaluate, extract_records, format_scores, read_records, write_faults

GOLD = {
    "id": "d",
    "entities": [
        {"id": "e1", "type": "Company", "names": ["甲科技", "甲"]},
        {"id": "e2", "type": "Product", "alt_type": "Model", "names": ["小甲"]},
        {"id": "e3", "type": "Company", "names": ["乙资本"]},
        {"id": "e4", "type": "Organization", "names": ["丙大学"]},
    ],
    "claims": [
        {"s": "e1", "p": "offers", "o": "e2", "alt": ["develops"], "modality": "asserted"},
        {"s": "e3", "p": "investedIn", "o": "e1", "modality": "reported"},
        {"s": "e1", "p": "partnersWith", "o": "e4", "modality": "asserted"},
        {"s": "e3", "p": "acquired", "o": "e1", "modality": "denied"},
    ],
    "investments": [
        {
            "investee": "e1", "investors": [{"e": "e3", "lead": True}], "kind": "round", "round": "A",
            "amount": {"value": 100, "currency": "CNY"}, "modality": "asserted",
        }
    ],
}  # fmt: skip


def predict(claims: list[tuple[str, str, str]] = (), **more: Any) -> dict[str, Any]:
    entities = [
        {"id": "a", "type": "Organization", "names": ["甲　科技"]},
        {"id": "b", "type": "Model", "names": ["小甲"]},
        {"id": "c", "type": "Company", "names": ["乙資本"]},
        {"id": "u", "type": "Company", "names": ["丙大学"]},
    ]
    return {"id": "d", "entities": entities, "claims": [{"s": s, "p": p, "o": o} for s, p, o in claims], **more}


def score(prediction: dict[str, Any]) -> dict[str, Any]:
    return evaluate({"d": GOLD}, {"d": prediction}).to_dict()


def test_names_are_compared_folded_and_units_are_one_type() -> None:
    scores = score(predict())
    assert scores["entities"]["f1"] == scores["entities_typed"]["f1"] == 1.0


def test_an_alternative_predicate_and_either_direction_of_a_symmetric_one_are_right() -> None:
    scores = score(predict([("a", "develops", "b"), ("u", "partnersWith", "a")]))
    assert scores["claims"] == {"precision": 1.0, "recall": 0.6667, "f1": 0.8, "predicted": 2, "gold": 3}


def test_the_wrong_direction_is_wrong() -> None:
    assert score(predict([("a", "investedIn", "c")]))["claims"]["precision"] == 0.0


def test_a_denial_returned_as_a_fact_is_wrong_and_named() -> None:
    scores = evaluate({"d": GOLD}, {"d": predict([("c", "acquired", "a")])})
    assert scores.claims.precision == 0.0
    assert "denied returned as fact" in {fault.kind for fault in scores.faults}


def test_a_predicted_denial_of_what_gold_denies_does_not_count() -> None:
    prediction = predict()
    prediction["claims"] = [{"s": "c", "p": "acquired", "o": "a", "modality": "denied"}]
    assert score(prediction)["claims"]["predicted"] == 0


def test_the_same_claim_twice_counts_once() -> None:
    assert score(predict([("c", "investedIn", "a")] * 3))["claims"]["predicted"] == 1


def test_modality_is_judged_on_right_claims_only() -> None:
    assert score(predict([("c", "investedIn", "a"), ("a", "acquired", "c")]))["modality_accuracy"] == 0.0


def test_investments_are_scored_slot_by_slot() -> None:
    event = {
        "investee": "a", "investors": [{"e": "c"}], "kind": "round", "round": "B",
        "amount": {"value": 100.2, "currency": "CNY"}, "modality": "asserted",
    }  # fmt: skip
    slots = score(predict(investments=[event]))["investment_slots"]
    assert (slots["predicted"], slots["gold"]) == (5, 5)
    assert slots["precision"] == 0.8  # all but the round; the amount is within half a per cent


def test_a_document_that_was_not_predicted_counts_as_empty() -> None:
    scores = evaluate({"d": GOLD}, {})
    assert scores.claims.gold == 3
    assert scores.claims.f1 == 0.0
    assert scores.to_dict()["modality_accuracy"] is None


def test_broken_files_say_where(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a"}\nnot json\n', "utf-8")
    with pytest.raises(DataError, match=r"gold\.jsonl:2"):
        read_records(path)
    path.write_text('{"title": "x", "text": "正文"}\n', "utf-8")
    with pytest.raises(DataError, match="no id"):
        extract_records(path)


def test_the_table_and_the_faults_name_every_predicate(tmp_path: Path) -> None:
    scores = evaluate({"d": GOLD}, {"d": predict([("c", "acquired", "a")])})
    assert "investedIn" in format_scores(scores)
    write_faults(scores.faults, tmp_path / "f.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "f.jsonl").read_text("utf-8").splitlines()]
    assert ["d", "missed claim", "offers"] in [row[:3] for row in rows]
