from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.evaluation import Scores, Tally, evaluate, extract_records, format_rules, format_scores, read_records

NAMES = {
    "c": ("Company", ["星海智能", "星海"]),
    "d": ("Company", ["墨坊科技"]),
    "u": ("Organization", ["云岭大学"]),
    "m": ("Model", ["星语"]),
    "p": ("Product", ["星宝"]),
    "h": ("Person", ["陆知遥"]),
}
DENIED = {"modality": "denied"}


def record(claims=(), *, entities=NAMES, investments=(), **options) -> dict:
    """A record of gold or prediction; a claim is (subject, predicate, object[, more fields])."""
    return {
        "id": "1",
        "entities": [{"id": i, "type": kind, "names": list(names), **options} for i, (kind, names) in entities.items()],
        "claims": [
            {"s": s, "p": p, "o": o, "modality": "asserted", **(rest[0] if rest else {})} for s, p, o, *rest in claims
        ],
        "investments": list(investments),
    }


def score(gold: dict, predicted: dict) -> Scores:
    return evaluate({"1": gold}, {"1": predicted})


def counts(tally: Tally) -> tuple[int, int, int, int]:
    """(right predictions, predictions, gold items found, gold items)."""
    return tally.right_predicted, tally.predicted, tally.right_gold, tally.gold


# -- measures ---------------------------------------------------------------------------------------------------------


def test_precision_recall_and_f1() -> None:
    tally = Tally(predicted=4, gold=8, right_predicted=3, right_gold=2)
    assert (tally.precision, tally.recall) == (0.75, 0.25)
    assert tally.f1 == pytest.approx(0.375)
    assert tally.to_dict() == {"precision": 0.75, "recall": 0.25, "f1": 0.375, "predicted": 4, "gold": 8}


def test_nothing_scores_nothing() -> None:
    assert (Tally().precision, Tally().recall, Tally().f1) == (0, 0, 0)
    empty = evaluate({}, {}).to_dict()
    assert empty["documents"] == 0
    assert empty["modality_accuracy"] is None
    assert empty["work_status_accuracy"] is None


# -- entities ---------------------------------------------------------------------------------------------------------


def test_an_entity_is_right_by_any_shared_name_in_any_spelling() -> None:
    found = {"x1": ("Company", ["「星海」"]), "x2": ("Company", ["墨坊 科技"]), "x3": ("Organization", ["雲嶺大學"])}
    wanted = {k: NAMES[k] for k in "cdu"}
    scores = score(record(entities=wanted), record(entities=found))
    assert counts(scores.entities) == counts(scores.entities_typed) == (3, 3, 3, 3)


def test_a_wrong_type_is_right_untyped_and_wrong_typed() -> None:
    scores = score(record(entities={"m": NAMES["m"]}), record(entities={"x": ("Product", ["星语"])}))
    assert counts(scores.entities) == (1, 1, 1, 1)
    assert counts(scores.entities_typed) == (0, 1, 0, 1)
    assert [f.kind for f in scores.faults] == ["wrong type"]


def test_company_and_organization_are_one_type_and_alt_type_is_as_good() -> None:
    scores = score(record(entities={"u": NAMES["u"]}), record(entities={"x": ("Company", ["云岭大学"])}))
    assert counts(scores.entities_typed) == (1, 1, 1, 1)
    gold = record(entities={"m": NAMES["m"]}, alt_type="Product")
    assert counts(score(gold, record(entities={"x": ("Product", ["星语"])})).entities_typed) == (1, 1, 1, 1)


def test_entities_are_counted_by_type_too() -> None:
    found = {"x1": ("Product", ["星语"]), "x2": ("Company", ["云岭大学"]), "x3": ("Person", ["何人"])}
    scores = score(record(entities={k: NAMES[k] for k in "mu"}), record(entities=found))
    assert {kind: counts(tally) for kind, tally in scores.per_type.items()} == {
        "Product": (0, 1, 0, 0),
        "Unit": (1, 1, 1, 1),
        "Person": (0, 1, 0, 0),
        "Model": (0, 0, 0, 1),
    }


def test_two_predictions_of_one_entity_are_one_right_and_one_too_many() -> None:
    found = {"x1": ("Company", ["星海智能"]), "x2": ("Company", ["星海"])}
    scores = score(record(entities={"c": NAMES["c"]}), record(entities=found))
    assert counts(scores.entities) == (1, 2, 1, 1)


def test_missed_and_spurious_entities_are_faults() -> None:
    scores = score(record(entities={"c": NAMES["c"]}), record(entities={"x": ("Person", ["程岸"])}))
    assert counts(scores.entities) == (0, 1, 0, 1)
    assert [(f.kind, f.detail) for f in scores.faults] == [("spurious entity", "程岸"), ("missed entity", "星海智能")]


def test_a_name_of_two_entities_goes_to_the_one_of_the_right_type() -> None:
    wanted = {"a": ("Company", ["墨方"]), "b": ("Model", ["墨方"])}
    for kind, gold_id in (("Company", "a"), ("Model", "b")):
        gold = record([(gold_id, "partnersWith", "d")], entities={**wanted, "d": NAMES["d"]})
        found = record([("x", "partnersWith", "y")], entities={"x": (kind, ["墨方"]), "y": NAMES["d"]})
        assert counts(score(gold, found).claims) == (1, 1, 1, 1)


# -- claims -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ([("c", "develops", "m")], [("c", "develops", "m")], (1, 1, 1, 1)),
        ([("c", "develops", "m")], [("c", "offers", "m")], (0, 1, 0, 1)),
        ([("c", "acquired", "d")], [("d", "acquired", "c")], (0, 1, 0, 1)),
        ([("c", "develops", "m")], [], (0, 0, 0, 1)),
        ([], [("c", "develops", "m")], (0, 1, 0, 0)),
        # alternatives: any of them is right, and found is found
        ([("c", "develops", "m", {"alt": ["offers"]})], [("c", "offers", "m")], (1, 1, 1, 1)),
        (
            [("c", "develops", "m", {"alt": ["offers"]})],
            [("c", "offers", "m"), ("c", "develops", "m")],
            (2, 2, 1, 1),
        ),
        # symmetric predicates have no direction
        ([("c", "partnersWith", "d")], [("d", "partnersWith", "c")], (1, 1, 1, 1)),
        ([("c", "competesWith", "d")], [("d", "competesWith", "c"), ("c", "competesWith", "d")], (1, 1, 1, 1)),
        # one statement counts once on either side
        ([("c", "develops", "m")] * 2, [("c", "develops", "m")] * 3, (1, 1, 1, 1)),
        # a denied claim is not to be returned as a fact, and need not be returned as a denial
        ([("c", "acquired", "d", DENIED)], [("c", "acquired", "d")], (0, 1, 0, 0)),
        ([("c", "acquired", "d", DENIED)], [("c", "acquired", "d", DENIED)], (0, 0, 0, 0)),
        # a fact returned as a denial is wrong
        ([("c", "acquired", "d")], [("c", "acquired", "d", DENIED)], (0, 1, 0, 1)),
        # a plan is found, whatever modality the prediction has
        ([("c", "acquired", "d", {"modality": "planned"})], [("c", "acquired", "d")], (1, 1, 1, 1)),
    ],
)
def test_which_claims_are_right(gold, predicted, expected) -> None:
    assert counts(score(record(gold), record(predicted)).claims) == expected


def test_a_denied_claim_returned_as_a_fact_is_told_apart() -> None:
    gold = record([("c", "acquired", "d", DENIED)])
    scores = score(gold, record([("c", "acquired", "d"), ("c", "foundedBy", "h")]))
    assert [f.kind for f in scores.faults] == ["denied returned as fact", "wrong claim"]


def test_a_claim_of_an_entity_that_is_no_gold_one_is_wrong() -> None:
    found = record([("x", "develops", "m")], entities={"x": ("Company", ["别家公司"]), "m": NAMES["m"]})
    assert counts(score(record([("c", "develops", "m")]), found).claims) == (0, 1, 0, 1)


def test_claims_by_predicate() -> None:
    scores = score(
        record([("c", "develops", "m"), ("c", "foundedBy", "h")]),
        record([("c", "develops", "m"), ("c", "offers", "p")]),
    )
    assert {p: counts(t) for p, t in scores.per_predicate.items()} == {
        "develops": (1, 1, 1, 1),
        "offers": (0, 1, 0, 0),
        "foundedBy": (0, 0, 0, 1),
    }


def test_modality_and_status_are_judged_on_right_claims_only() -> None:
    gold = record(
        [
            ("c", "acquired", "d", {"modality": "planned"}),
            ("c", "develops", "m"),
            ("h", "worksFor", "c", {"q": {"status": "former"}}),
            ("h", "worksFor", "d"),
        ]
    )
    predicted = record(
        [
            ("c", "acquired", "d"),
            ("c", "develops", "m"),
            ("h", "worksFor", "c", {"q": {"status": "former"}}),
            ("h", "worksFor", "d", {"q": {"status": "former"}}),
            ("c", "offers", "p", {"modality": "planned"}),
        ]
    )
    scores = score(gold, predicted)
    assert (scores.modality.right_gold, scores.modality.gold) == (3, 4)
    assert (scores.work_status.right_gold, scores.work_status.gold) == (1, 1)
    assert scores.to_dict()["modality_accuracy"] == 0.75


# -- investments ------------------------------------------------------------------------------------------------------


def event(investee: str = "c", **slots) -> dict:
    return {"investee": investee, "investors": [], "kind": "round", "modality": "asserted", **slots}


FULL = event(
    investors=[{"e": "d", "lead": True}],
    round="B",
    date="2026-05",
    amount={"value": 1000, "currency": "CNY"},
    valuation={"value": 9000, "currency": "CNY"},
)


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ([FULL], [FULL], (7, 7, 7, 7)),
        ([FULL], [], (0, 0, 0, 7)),
        ([], [event()], (0, 2, 0, 0)),
        ([FULL], [event()], (2, 2, 2, 7)),
        ([FULL], [event(round="b", kind="stake")], (2, 3, 2, 7)),
        ([FULL], [event("d", round="B")], (0, 3, 0, 7)),
        # the amount to half a per cent, in the same currency
        ([FULL], [event(amount={"value": 1004, "currency": "CNY"})], (3, 3, 3, 7)),
        ([FULL], [event(amount={"value": 1010, "currency": "CNY"})], (2, 3, 2, 7)),
        ([FULL], [event(amount={"value": 1000, "currency": "USD"})], (2, 3, 2, 7)),
        ([FULL], [event(amount={"value": None, "currency": "CNY"})], (2, 2, 2, 7)),
        # each gold event is matched once, by the prediction that tells most
        ([event(round="B")], [event(), event(round="B")], (3, 5, 3, 3)),
        ([event(round="A"), event(round="B")], [event(round="B"), event(round="A")], (6, 6, 6, 6)),
        # denied events are left out on both sides
        ([event(modality="denied")], [event(modality="denied")], (0, 0, 0, 0)),
        # an unknown investor is a wrong slot
        ([FULL], [event(investors=[{"e": "x", "lead": False}])], (2, 3, 2, 7)),
    ],
)
def test_investment_slots(gold, predicted, expected) -> None:
    scores = score(record(investments=gold), record(investments=predicted))
    assert counts(scores.investment_slots) == expected


# -- documents and files ----------------------------------------------------------------------------------------------


def test_a_document_that_was_not_predicted_was_read_in_vain() -> None:
    gold = record([("c", "develops", "m")], investments=[FULL])
    scores = evaluate({"1": gold, "2": gold}, {"1": gold, "3": gold})
    assert scores.documents == 2
    assert counts(scores.claims) == (1, 1, 1, 2)
    assert counts(scores.entities) == (6, 6, 6, 12)
    assert counts(scores.investment_slots) == (7, 7, 7, 14)


def test_records_are_read_by_their_id(tmp_path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "甲", "n": 1}\n\n{"id": 7}\n', encoding="utf-8")
    assert read_records(path) == {"甲": {"id": "甲", "n": 1}, "7": {"id": 7}}


@pytest.mark.parametrize("line", ['{"id": "2", ', '{"name": "2"}', "[1, 2]", '"2"', "null", "17"])
def test_a_malformed_line_is_named(tmp_path, line) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "1"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"gold\.jsonl:2: "):
        read_records(path)


@pytest.mark.parametrize(
    ("content", "reason"), [('{"text": "甲公司今天很安静。"}', "no id"), ('{"id": "1"}', "no text"), ("{", "JSON")]
)
def test_articles_that_cannot_be_matched_are_an_error(tmp_path, content, reason) -> None:
    path = tmp_path / "docs.jsonl"
    path.write_text(content + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=reason):
        extract_records(path)


def test_scores_as_a_table() -> None:
    text = format_scores(score(record([("c", "develops", "m")]), record([("c", "develops", "m")])))
    assert text.splitlines()[0] == "1 documents"
    row = next(line for line in text.splitlines() if line.startswith("develops"))
    assert row.split() == ["develops", "1.000", "1.000", "1.000", "1", "1"]


def test_rules_as_a_table() -> None:
    predicted = record(
        [
            ("c", "develops", "m", {"extractor": "rules:a"}),
            ("d", "develops", "m", {"extractor": "rules:a"}),
            ("c", "offers", "p"),
        ]
    )
    table = format_rules(score(record([("c", "develops", "m"), ("c", "offers", "p")]), predicted)).splitlines()
    assert [row.split() for row in table[1:]] == [["rules:a", "2", "1", "0.500"], ["not", "named", "1", "1", "1.000"]]


# -- the same by other means ------------------------------------------------------------------------------------------

_ENTITIES = {"a": ("Company", ["甲"]), "b": ("Company", ["乙"]), "c": ("Model", ["丙"])}
_PREDICATES = ("develops", "offers", "partnersWith", "acquired")
_CLAIM = st.tuples(
    st.sampled_from("abc"),
    st.sampled_from(_PREDICATES),
    st.sampled_from("abc"),
    st.fixed_dictionaries(
        {"modality": st.sampled_from(["asserted", "planned", "denied"])},
        optional={"alt": st.lists(st.sampled_from(_PREDICATES), max_size=2)},
    ),
)


def recount(gold: list, predicted: list) -> tuple[int, int, int, int]:
    """Count claims as the guidelines say, statement by statement and without any index."""

    def same(p: str, s: str, o: str, q: str, t: str, u: str) -> bool:
        return p == q and ((s, o) == (t, u) or (p == "partnersWith" and (s, o) == (u, t)))

    def first_times(claims: list) -> list:
        kept: list = []
        for claim in claims:
            s, p, o, _ = claim
            if not any(same(p, s, o, known[1], known[0], known[2]) for known in kept):
                kept.append(claim)
        return kept

    stated = first_times([c for c in gold if c[3]["modality"] != "denied"])

    def answers(claim: tuple) -> list[int]:
        s, p, o, _ = claim
        return [
            i
            for i, (t, q, u, more) in enumerate(stated)
            if any(same(p, s, o, each, t, u) for each in (q, *more.get("alt", [])))
        ]

    considered = [c for c in first_times(predicted) if c[3]["modality"] != "denied" or answers(c)]
    right = [c for c in considered if c[3]["modality"] != "denied" and answers(c)]
    # a prediction that answers several gold claims finds the first of them
    found = {answers(c)[0] for c in right}
    return len(right), len(considered), len(found), len(stated)


@given(st.lists(_CLAIM, max_size=6), st.lists(_CLAIM, max_size=6))
def test_claims_are_counted_as_the_guidelines_say(gold, predicted) -> None:
    scores = score(record(gold, entities=_ENTITIES), record(predicted, entities=_ENTITIES))
    assert counts(scores.claims) == recount(gold, predicted)


@given(st.lists(_CLAIM, max_size=6), st.lists(_CLAIM, max_size=6))
def test_counts_by_predicate_add_up(gold, predicted) -> None:
    scores = score(record(gold, entities=_ENTITIES), record(predicted, entities=_ENTITIES))
    sums = tuple(map(sum, zip(*map(counts, scores.per_predicate.values()), strict=True))) or (0, 0, 0, 0)
    assert sums == counts(scores.claims)


@given(st.lists(_CLAIM, max_size=6))
def test_gold_against_itself_is_perfect(claims) -> None:
    claims = [c for c in claims if c[3]["modality"] != "denied"]
    plain = [(s, p, o, {"modality": more["modality"]}) for s, p, o, more in claims]
    scores = score(record(plain, entities=_ENTITIES), record(plain, entities=_ENTITIES))
    right, predicted, found, gold = counts(scores.claims)
    assert right == predicted == found == gold
    assert scores.faults == []
