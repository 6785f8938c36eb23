from __future__ import annotations

import pytest

from kg.claims.agents import find_agents, is_over, read_protagonist
from kg.model import Entity, EntityType

NAMES = {
    "星海智能": "Company",
    "墨坊科技": "Company",
    "云岭大学": "School",
    "陆知遥": "Person",
    "程岸": "Person",
    "顾衡": "Person",
}
HERO = Entity("person/hero", EntityType.PERSON, "主角")


def agents(make_scene, sentence: str, verb: str, protagonist: Entity | None = None) -> list[str]:
    """Who does what `verb`, followed by one name, says."""
    scene = make_scene(sentence, NAMES)
    start = scene.text.index(verb)
    return [e.name for e in find_agents(scene, start, start + len(verb) + 1, protagonist)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("程岸加入星海智能。", ["程岸"]),
        ("程岸去年正式加入星海智能。", ["程岸"]),
        ("程岸和陆知遥一起加入星海智能。", ["程岸", "陆知遥"]),
        ("程岸,1990年出生,后加入星海智能。", ["程岸"]),
        ("程岸毕业于云岭大学,曾在墨坊科技工作,随后加入星海智能。", ["程岸"]),
        ("程岸从墨坊科技离职后加入星海智能。", ["程岸"]),
        ("已加入星海智能的程岸没有回应。", ["程岸"]),
        ("程岸和陆知遥是同学,两人加入星海智能。", ["程岸", "陆知遥"]),
        ("墨坊科技邀请程岸加入星海智能。", ["程岸"]),
        # somebody else does it, or nobody who is named
        ("墨坊科技加入星海智能。", []),
        ("程岸说,墨坊科技加入星海智能。", []),
        ("程岸表示墨坊科技加入星海智能。", []),
        ("程岸对此不满,他们加入星海智能。", []),
        ("程岸的公司加入星海智能。", []),
        ("程岸批评说,许多工程师加入星海智能。", []),
    ],
)
def test_who_acts(make_scene, sentence, expected) -> None:
    assert agents(make_scene, sentence, "加入") == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("加入星海智能。", ["主角"]),
        ("2019年,加入星海智能。", ["主角"]),
        ("他们加入星海智能。", []),
        ("许多工程师加入星海智能。", []),
        ("墨坊科技加入星海智能。", []),
    ],
)
def test_a_sentence_without_a_person_speaks_of_the_protagonist(make_scene, sentence, expected) -> None:
    assert agents(make_scene, sentence, "加入", HERO) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("程岸毕业于云岭大学。", "程岸"),
        ("墨坊科技宣布裁员。", None),
        ("墨坊科技邀请了程岸。", None),
        ("天气很好。", "主角"),
    ],
)
def test_whom_the_next_sentence_speaks_of(make_scene, sentence, expected) -> None:
    found = read_protagonist(make_scene(sentence, NAMES), HERO)
    assert (found.name if found else None) == expected


@pytest.mark.parametrize(
    ("sentence", "verb", "expected"),
    [
        ("程岸曾任职于星海智能。", "任职于", True),
        ("程岸任职于星海智能。", "任职于", False),
        ("程岸曾留学,现任职于星海智能。", "任职于", False),
        ("五个月前程岸任职于星海智能。", "任职于", False),
        ("前任程岸任职于星海智能。", "任职于", False),
        ("当时程岸任职于星海智能。", "任职于", True),
        ("程岸曾在墨坊科技工作,任职于星海智能。", "任职于", True),
    ],
)
def test_what_is_over(make_scene, sentence, verb, expected) -> None:
    scene = make_scene(sentence, NAMES)
    end = scene.text.index(verb)
    start = max(scene.text.rfind(mark, 0, end) for mark in ",。") + 1
    assert is_over(scene, start, end) is expected
