from __future__ import annotations

import pytest

from kg.claims.modality import read_modality
from kg.model import Modality

NAMES = {"星海智能": "Company", "墨坊科技": "Company", "青岚创投": "Company"}


def modality(make_scene, sentence: str, stated: str) -> Modality:
    """The modality of what `stated`, a stretch of the sentence with no name in it, says."""
    scene = make_scene(sentence, NAMES)
    start = scene.text.index(stated)
    return read_modality(scene, start, start + len(stated))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("星海智能收购墨坊科技。", Modality.ASSERTED),
        ("星海智能计划收购墨坊科技。", Modality.PLANNED),
        ("据传星海智能收购墨坊科技。", Modality.REPORTED),
        ("星海智能否认收购墨坊科技。", Modality.DENIED),
        # a denial of a plan, or of a rumour, is a denial; the rumour of a plan is a plan
        ("星海智能否认计划收购墨坊科技。", Modality.DENIED),
        ("知情人士称,星海智能计划收购墨坊科技。", Modality.PLANNED),
    ],
)
def test_the_strongest_cue_wins(make_scene, sentence, expected) -> None:
    assert modality(make_scene, sentence, "收购") is expected


def test_a_near_cue_counts_in_its_clause_alone(make_scene) -> None:
    sentence = "星海智能收购墨坊科技,并计划裁员。"
    assert modality(make_scene, sentence, "收购") is Modality.ASSERTED
    assert modality(make_scene, sentence, "裁员") is Modality.PLANNED


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("知情人士透露,星海智能涨价,墨坊科技也裁员了。", Modality.REPORTED),
        ("星海智能涨价,墨坊科技裁员,一名知情人士称。", Modality.REPORTED),
        ("墨坊科技裁员,据知情人士透露,星海智能也会涨价。", Modality.ASSERTED),
        ("据悉,墨坊科技裁员。", Modality.ASSERTED),
    ],
)
def test_an_unnamed_source_covers_what_follows_or_all_before_the_end(make_scene, sentence, expected) -> None:
    assert modality(make_scene, sentence, "裁员") is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("星海智能收购墨坊科技的交易告吹。", Modality.DENIED),
        ("星海智能收购墨坊科技,但最终未能达成。", Modality.DENIED),
        ("星海智能收购墨坊科技,青岚创投的计划告吹。", Modality.ASSERTED),
        ("传星海智能将收购墨坊科技。", Modality.REPORTED),
        ("星海智能将墨坊科技的产品列入清单。", Modality.ASSERTED),
    ],
)
def test_what_became_of_it_and_what_is_no_cue(make_scene, sentence, expected) -> None:
    names = [e for e in ("收购", "列入") if e in sentence]
    scene = make_scene(sentence, NAMES)
    start = scene.text.index("\ue000")
    end = scene.text.rindex("\ue000", 0, scene.text.index(names[0]) + 4) + 1
    assert read_modality(scene, start, end) is expected


def test_a_scene_without_words_is_asserted(make_scene) -> None:
    assert read_modality(make_scene("星海智能", NAMES), 0, 1) is Modality.ASSERTED
