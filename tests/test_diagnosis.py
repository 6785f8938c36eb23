from __future__ import annotations

import json

import pytest

from kg.diagnosis import format_faults, write_faults
from kg.evaluation import evaluate

NAMES = {
    "c": ("Company", ["星海智能", "星海"]),
    "d": ("Company", ["墨坊科技"]),
    "m": ("Model", ["星语"]),
    "h": ("Person", ["陆知遥"]),
}
DENIED = {"modality": "denied"}


def record(claims=(), entities=NAMES) -> dict:
    return {
        "id": "1",
        "entities": [{"id": i, "type": kind, "names": names} for i, (kind, names) in entities.items()],
        "claims": [
            {"s": s, "p": p, "o": o, "modality": "asserted", **(rest[0] if rest else {})} for s, p, o, *rest in claims
        ],
        "investments": [],
    }


def groups(gold: dict, predicted: dict) -> list[tuple[str, str]]:
    """(kind, group) of every fault."""
    return [(f.kind, f.group) for f in evaluate({"1": gold}, {"1": predicted}).faults]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({}, [("missed entity", "missed name")]),
        ({"x": ("Model", ["星海智能"])}, [("wrong type", "wrong type")]),
        (
            {"x": ("Company", ["星海智能集团"])},
            [("spurious entity", "wrong boundary"), ("missed entity", "wrong boundary")],
        ),
        ({"x": ("Company", ["晨光"])}, [("spurious entity", "spurious name"), ("missed entity", "missed name")]),
    ],
)
def test_faults_of_names(found, expected) -> None:
    assert groups(record(entities={"c": NAMES["c"]}), record(entities=found)) == expected


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [("星海发布了星语", "pattern missing"), ("该公司发布了星语", "coreference"), ("次日发布了它", "coreference")],
)
def test_a_missed_claim_lacks_a_pattern_or_the_names_in_its_evidence(evidence, expected) -> None:
    gold = record([("c", "develops", "m", {"evidence": evidence})])
    assert groups(gold, record()) == [("missed claim", expected)]


def test_a_missed_claim_of_a_missed_name() -> None:
    gold = record([("c", "develops", "m", {"evidence": "星海发布了星语"})])
    without = {k: v for k, v in NAMES.items() if k != "m"}
    assert groups(gold, record(entities=without)) == [("missed entity", "missed name"), ("missed claim", "missed name")]


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        (
            [("c", "develops", "m", {"evidence": "星海发布了星语"})],
            [("d", "develops", "m")],
            [("wrong claim", "argument wrong"), ("missed claim", "argument wrong")],
        ),
        (
            [("c", "acquired", "d", {"evidence": "星海智能买下墨坊科技"})],
            [("c", "investedIn", "d")],
            [("wrong claim", "wrong predicate"), ("missed claim", "pattern missing")],
        ),
        ([], [("c", "develops", "m")], [("wrong claim", "unfounded")]),
        ([("c", "acquired", "d", DENIED)], [("c", "acquired", "d")], [("denied returned as fact", "modality")]),
        (
            [("c", "acquired", "d")],
            [("c", "acquired", "d", DENIED)],
            [("fact returned as denial", "modality"), ("missed claim", "modality")],
        ),
        ([("c", "acquired", "d", {"modality": "planned"})], [("c", "acquired", "d")], [("modality", "modality")]),
        (
            [("h", "worksFor", "c", {"q": {"status": "former"}})],
            [("h", "worksFor", "c", {"q": {"status": "current"}})],
            [("status", "status")],
        ),
    ],
)
def test_faults_of_claims(gold, predicted, expected) -> None:
    assert groups(record(gold), record(predicted)) == expected


def test_faults_are_written_one_a_line(tmp_path) -> None:
    gold = record([("c", "develops", "m", {"evidence": "星海发布星语"})])
    predicted = record([("c", "offers", "d", {"evidence": "甲", "extractor": "rules:x"})])
    write_faults(evaluate({"1": gold}, {"1": predicted}).faults, tmp_path / "errors.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "errors.jsonl").read_text("utf-8").splitlines()]
    assert rows == [
        ["1", "wrong claim", "offers", "星海智能 -> 墨坊科技", "甲 | rules:x", "unfounded"],
        ["1", "missed claim", "develops", "星海智能 -> 星语", "星海发布星语", "pattern missing"],
    ]


def test_a_wrong_modality_says_what_was_read_for_what() -> None:
    gold = record([("c", "acquired", "d", {"modality": "planned"})])
    fault = evaluate({"1": gold}, {"1": record([("c", "acquired", "d")])}).faults[0]
    assert fault.detail == "星海智能 -> 墨坊科技, asserted for planned"


def test_faults_are_counted_by_group_and_predicate_with_examples() -> None:
    gold = record([("c", "develops", "m"), ("d", "develops", "m"), ("c", "foundedBy", "h")])
    assert format_faults(evaluate({"1": gold}, {"1": record()}).faults).splitlines() == [
        "coreference: 3",
        "     2 develops         星海智能 -> 星语 (1); 墨坊科技 -> 星语 (1)",
        "     1 foundedBy        星海智能 -> 陆知遥 (1)",
    ]
    assert format_faults([]) == ""
