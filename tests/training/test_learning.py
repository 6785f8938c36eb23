"""What the network is taught: which pairs of names are judged, and which labels count."""

from __future__ import annotations

from typing import Any

import pytest

from kg.model import SIGNATURES, EntityType, Predicate
from kg.nlp.encoder import TAGS, _spans

torch = pytest.importorskip("torch")

TYPES = tuple(EntityType)
PREDICATES = tuple(Predicate)
COMPANY, ORGANIZATION, MODEL, _, PERSON = range(5)


@pytest.fixture(scope="session")
def learning(load):
    return load("learning")


def row(*tags: str) -> list[int]:
    return [TAGS.index(tag) for tag in tags]


def record(**changed: Any) -> dict[str, Any]:
    """A company (twice), a model and a person; the first company develops the model, and founded by is unsure."""
    return {
        "id": "a",
        "ids": list(range(10, 20)),
        "tags": row("B-Company", "E-Company", "O", "S-Model", "O", "S-Person", "O", "S-Company", "O", "O"),
        "mentions": [(0, 1), (3, 3), (5, 5), (7, 7)],
        "numbers": [0, 1, 2, 0],
        "kinds": [COMPANY, MODEL, PERSON, COMPANY],
        "pairs": [(0, 1, [PREDICATES.index(Predicate.DEVELOPS), 15])],
        "unsure": [(3, 2)],
        "stated": [(0, 1, [0])],
        **changed,
    }


# -- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ((), set()),
        (("O", "B-Company", "I-Company", "E-Company", "S-Person"), {(1, 3, COMPANY), (4, 4, PERSON)}),
        (("B-Model", "E-Model", "B-Model", "E-Model"), {(0, 1, MODEL), (2, 3, MODEL)}),
        (("B-Company", "O", "E-Company"), set()),
        (("B-Company", "E-Person"), set()),
        (("B-Company", "I-Person", "E-Company"), set()),
        (("I-Company", "E-Company"), set()),
        (("B-Company", "B-Company", "E-Company"), {(1, 2, COMPANY)}),
        (("B-Company", "S-Person", "E-Company"), {(1, 1, PERSON)}),
        (("B-Company", "I-Company"), set()),
    ],
)
def test_only_well_formed_names_count(learning, tags: tuple[str, ...], found: set[tuple[int, int, int]]) -> None:
    assert learning.spans(row(*tags)) == found


def test_what_is_no_tag_is_no_name(learning) -> None:
    assert learning.spans([-100, *row("S-Model"), -100]) == {(1, 1, MODEL)}


def test_names_are_those_that_the_package_reads(learning) -> None:
    tags = record()["tags"]
    assert learning.spans(tags) == set(_spans(tags))


# -- types -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("predicate", [p for p in Predicate if p is not Predicate.EDUCATED_AT])
def test_types_admit_what_the_signatures_admit(learning, predicate: Predicate) -> None:
    subjects, objects = SIGNATURES[predicate]
    table = learning.admissible(range(5))[:, :, PREDICATES.index(predicate)]
    assert {(TYPES[s], TYPES[o]) for s, o in zip(*table.nonzero(), strict=True)} == {
        (s, o) for s in subjects for o in objects
    }


def test_a_school_may_be_annotated_as_a_company(learning) -> None:
    table = learning.admissible(range(5))[:, :, PREDICATES.index(Predicate.EDUCATED_AT)]
    assert set(zip(*table.nonzero(), strict=True)) == {(PERSON, COMPANY), (PERSON, ORGANIZATION)}


def test_types_are_those_of_the_mentions(learning) -> None:
    table = learning.admissible([PERSON, MODEL])
    assert table.shape == (2, 2, len(PREDICATES))
    assert not table[:, :, PREDICATES.index(Predicate.WORKS_FOR)].any()


# -- targets -----------------------------------------------------------------------------------------------------------


def prepared(learning, **changed: Any) -> tuple[dict[str, Any], dict[tuple[int, int], int]]:
    """A prepared record, and which row belongs to which pair."""
    item = learning.prepare(record(**changed))
    return item, {tuple(pair): index for index, pair in enumerate(item["pairs"].tolist())}


def test_the_special_pieces_stand_at_the_ends(learning) -> None:
    item, _ = prepared(learning)
    assert item["ids"].tolist() == [learning.BEGIN, *range(10, 20), learning.END]
    assert item["tags"].tolist() == [-100, *record()["tags"], -100]
    assert item["mentions"].tolist() == [[1, 2], [4, 4], [6, 6], [8, 8]]
    for (first, last), kind in zip(item["mentions"].tolist(), item["kinds"].tolist(), strict=True):
        assert (first, last, kind) in learning.spans(item["tags"].tolist())


def test_names_of_one_entity_are_no_pair(learning) -> None:
    _, rows = prepared(learning)
    assert (0, 3) not in rows
    assert (3, 0) not in rows
    assert {(0, 1), (0, 2), (3, 1), (3, 2), (2, 0)} <= rows.keys()


def test_a_stated_pair_is_learnt_with_its_qualities(learning) -> None:
    item, rows = prepared(learning)
    target, weight = item["targets"][rows[0, 1]], item["weights"][rows[0, 1]]
    assert target.nonzero().flatten().tolist() == [0, 15]
    assert weight[len(PREDICATES) :].tolist() == [1] * 5
    assert weight[0] == 1


def test_of_another_pair_only_what_its_types_admit_is_learnt(learning) -> None:
    item, rows = prepared(learning)
    target, weight = item["targets"][rows[0, 2]], item["weights"][rows[0, 2]]
    assert not target.any()
    assert {PREDICATES[i] for i in weight.nonzero().flatten().tolist()} == {
        p for p in Predicate if EntityType.COMPANY in SIGNATURES[p][0] and EntityType.PERSON in SIGNATURES[p][1]
    }


def test_of_an_unsure_pair_nothing_is_learnt(learning) -> None:
    item, rows = prepared(learning)
    assert not item["weights"][rows[3, 2]].any()


def test_a_stated_pair_counts_even_where_its_types_do_not_admit_it(learning) -> None:
    works = PREDICATES.index(Predicate.WORKS_FOR)
    item, rows = prepared(learning, pairs=[(2, 1, [works])])
    assert item["targets"][rows[2, 1]].nonzero().flatten().tolist() == [works]
    assert item["weights"][rows[2, 1]][works] == 1


def test_mentions_behind_the_end_are_left_out(learning) -> None:
    item, rows = prepared(learning, ids=list(range(10, 15)), tags=[0] * 5, pairs=[(3, 1, [0])], unsure=[(0, 2)])
    assert item["mentions"].tolist() == [[1, 2], [4, 4]]
    assert item["numbers"] == [0, 1]
    assert not item["targets"].any()
    assert rows.keys() == {(0, 1), (1, 0)}


def test_mentions_keep_their_pairs_where_an_earlier_one_is_left_out(learning) -> None:
    item, rows = prepared(
        learning, mentions=[(0, 99), (3, 3), (5, 5), (7, 7)], pairs=[(3, 1, [0]), (0, 2, [4])], unsure=[]
    )
    assert len(item["mentions"]) == 3
    assert item["targets"][rows[2, 0]].nonzero().flatten().tolist() == [0]
    assert item["targets"].sum() == 1


def test_a_passage_without_names(learning) -> None:
    item, rows = prepared(learning, mentions=[], numbers=[], kinds=[], pairs=[], unsure=[], stated=[])
    assert not rows
    assert item["targets"].shape == item["weights"].shape == (0, 18)
    assert item["mentions"].shape == (0, 2)


def test_distances_are_buckets_of_first_pieces(learning) -> None:
    item, rows = prepared(learning)
    assert item["distances"][rows[0, 1]] == learning.bucket(3)
    assert item["distances"][rows[1, 0]] == learning.bucket(-3)
