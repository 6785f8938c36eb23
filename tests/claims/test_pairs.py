from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.claims.pairs import _NEAREST, QUALITIES, Judgements, _buckets, _pairs, judge_pairs
from kg.model import SYMMETRIC, Entity, EntityType, Predicate, joins_right_types
from kg.nlp.encoder import Reading, load_encoder
from kg.nlp.names import Name

TEXT = (
    "云栖智能发布了大模型“澜语2.0”,创始人是周屿白。云栖智能完成A轮融资,由青朔资本领投。云栖智能与墨坊科技达成战略合作。"
)
NAMES = {
    "云栖智能": EntityType.COMPANY,
    "墨坊科技": EntityType.COMPANY,
    "青朔资本": EntityType.COMPANY,
    "澜语2.0": EntityType.MODEL,
    "周屿白": EntityType.PERSON,
}


def test_distances_fall_into_the_buckets_that_the_network_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "training"))
    bucket = importlib.import_module("network").bucket
    distances = range(-600, 601)
    assert _buckets(np.array(distances)).tolist() == [bucket(d) for d in distances]


def test_near_distances_have_buckets_of_their_own() -> None:
    assert _buckets(np.array([0, 1, 2, 3, 4, 600, -1, -2, -600])).tolist() == [0, 1, 2, 2, 3, 10, 13, 14, 22]
    assert _buckets(np.array([1023, 1024, 5000, -5000])).tolist() == [10, 11, 11, 23]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 400)), max_size=14))
def test_of_two_entities_the_nearest_mentions_are_paired(mentions: list[tuple[str, int]]) -> None:
    pairs = list(_pairs(mentions))
    assert len(set(pairs)) == len(pairs)
    for one in "abcd":
        for other in "abcd":
            ours = [(s, o) for s, o in pairs if (mentions[s][0], mentions[o][0]) == (one, other)]
            every = [
                (s, o)
                for s, (first, _) in enumerate(mentions)
                for o, (second, _) in enumerate(mentions)
                if (first, second) == (one, other)
            ]
            if one == other:
                assert not ours
                continue
            distances = sorted(abs(mentions[s][1] - mentions[o][1]) for s, o in every)
            assert [abs(mentions[s][1] - mentions[o][1]) for s, o in ours] == distances[:_NEAREST]


def test_no_pairs_without_two_entities() -> None:
    assert list(_pairs([])) == []
    assert list(_pairs([("a", 1), ("a", 9)])) == []


# -- the trained network ----------------------------------------------------------------------------------------------


def linked(text: str, kinds: Mapping[str, EntityType] = NAMES) -> list[tuple[Name, Entity]]:
    """Every occurrence of the names, in order, with an entity each."""
    found = []
    for name, kind in kinds.items():
        start = text.find(name)
        while start >= 0:
            entity = Entity(f"{kind.lower()}/{name}", kind, name)
            found.append((Name(start, start + len(name), name, kind, "test", 3.0), entity))
            start = text.find(name, start + 1)
    return sorted(found, key=lambda pair: pair[0].start)


@pytest.fixture(scope="module")
def reading() -> Reading:
    return load_encoder().read(TEXT)


def likely(judgements: Judgements) -> set[tuple[str, Predicate, str]]:
    return {(j.subject.name, j.predicate, j.object.name) for j in judgements.made if j.probability > 0.6}


@pytest.mark.slow
def test_what_a_text_states_is_likely(reading: Reading) -> None:
    found = likely(judge_pairs(reading, linked(TEXT)))
    assert found >= {
        ("云栖智能", Predicate.DEVELOPS, "澜语2.0"),
        ("云栖智能", Predicate.FOUNDED_BY, "周屿白"),
        ("青朔资本", Predicate.INVESTED_IN, "云栖智能"),
    }
    assert not {(s, o) for s, p, o in found if p is Predicate.INVESTED_IN} - {("青朔资本", "云栖智能")}


@pytest.mark.slow
def test_judgements_join_the_right_types_and_are_probabilities(reading: Reading) -> None:
    made = judge_pairs(reading, linked(TEXT)).made
    for one in made:
        assert joins_right_types(one.predicate, one.subject.type, one.object.type)
        assert 0.02 <= one.probability <= 1
        assert tuple(one.qualities) == QUALITIES
        assert all(0 <= quality <= 1 for quality in one.qualities.values())


@pytest.mark.slow
def test_a_name_of_another_type_gets_other_predicates(reading: Reading) -> None:
    kinds = {**NAMES, "青朔资本": EntityType.MODEL, "云栖智能": EntityType.MODEL}
    made = judge_pairs(reading, linked(TEXT, kinds)).made
    assert all(joins_right_types(j.predicate, j.subject.type, j.object.type) for j in made)
    assert not [j for j in made if j.subject.name == "青朔资本" and j.predicate is Predicate.INVESTED_IN]


@pytest.mark.slow
def test_each_predicate_of_two_entities_is_judged_once(reading: Reading) -> None:
    made = judge_pairs(reading, linked(TEXT)).made
    keys = [(j.subject.id, j.predicate, j.object.id) for j in made]
    assert len(set(keys)) == len(keys)
    mutual = [(s, o) for s, p, o in keys if p in SYMMETRIC]
    assert mutual
    assert all(subject < object_ for subject, object_ in mutual)


@pytest.mark.slow
def test_a_partnership_is_likely_once(reading: Reading) -> None:
    partners = [p for p in likely(judge_pairs(reading, linked(TEXT))) if p[1] is Predicate.PARTNERS_WITH]
    assert [{subject, object_} for subject, _, object_ in partners] == [{"云栖智能", "墨坊科技"}]


@pytest.mark.slow
def test_the_order_is_fixed(reading: Reading) -> None:
    names = linked(TEXT)
    once = judge_pairs(reading, names)
    assert list(once.made) == sorted(once.made, key=lambda j: (j.subject.id, j.predicate, j.object.id))
    assert judge_pairs(reading, names) == once
    again = judge_pairs(reading, names[::-1])
    assert again.pairs == once.pairs
    assert likely(again) == likely(once)


@pytest.mark.slow
def test_a_judgement_reaches_from_name_to_name(reading: Reading) -> None:
    for one in judge_pairs(reading, linked(TEXT)).made:
        first, second = (one.subject, one.object) if one.subject_first else (one.object, one.subject)
        if one.predicate not in SYMMETRIC:
            stretch = TEXT[one.start : one.end]
            assert stretch.startswith(first.name)
            assert stretch.endswith(second.name)


@pytest.mark.slow
def test_all_pairs_of_a_window_are_judged_in_both_directions(reading: Reading) -> None:
    ids = {entity.id for _, entity in linked(TEXT)}
    assert judge_pairs(reading, linked(TEXT)).pairs == {(a, b) for a in ids for b in ids if a != b}


@pytest.mark.slow
def test_names_that_no_window_holds_together_are_not_judged() -> None:
    text = "云栖智能裁员。" + "这一天没有什么可说的,大家照常上班,天气不错。" * 60 + "墨坊科技上市。"
    found = judge_pairs(load_encoder().read(text), linked(text))
    assert (found.made, found.pairs) == ((), frozenset())


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", "没有什么可说的。", "云栖智能裁员。"])
def test_without_two_names_nothing_is_judged(text: str) -> None:
    assert judge_pairs(load_encoder().read(text), linked(text)) == Judgements((), frozenset())
