from __future__ import annotations

import pytest

from kg.claims.clauses import Clauses
from kg.claims.scene import MADE, UNITS

NAMES = {
    "星海智能": "Company",
    "墨坊科技": "Company",
    "云帆": "Company",
    "陆知遥": "Person",
    "星宝": "Product",
    "墨方": "Model",
}


@pytest.fixture
def read(make_scene):
    return lambda text: Clauses(make_scene(text, NAMES))


def written(group) -> list[str] | None:
    return [e.text for e in group.elements] if group else None


def test_names_in_a_row_are_one_group_of_their_family(read) -> None:
    clauses = read("星海智能、墨坊科技和云帆推出星宝以及云帆的墨方。")
    assert [written(g) for g in clauses.groups] == [["星海智能", "墨坊科技", "云帆"], ["星宝", "墨方"]]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("星海智能昨天推出", ["星海智能"]),
        ("在墨坊科技的帮助下，星海智能推出", ["星海智能"]),
        ("星海智能宣布，将推出", ["星海智能"]),
        ("星海智能的云帆推出", ["云帆"]),
        ("云帆收购墨坊科技后推出", ["云帆"]),
        ("据墨坊科技报道，推出", None),
        ("星宝推出", None),
        ("陆知遥推出", None),
        ("星海智能表示，今年整个行业里的其他玩家都推出", None),
    ],
)
def test_the_subject_of_a_clause(read, text, subject) -> None:
    clauses = read(text + "新品。")
    assert written(clauses.subject(clauses.text.index("推出"), UNITS)) == subject


def test_what_follows_a_word_past_what_only_describes_it(read) -> None:
    clauses = read("星宝接入云帆的墨方。")
    index = clauses.text.index("接入") + 2
    assert written(clauses.after(index, MADE, 12)) == ["墨方"]
    assert written(clauses.after(index, UNITS, 12, head=False)) == ["云帆"]
    far = read("星宝接入了一套颇为新鲜的墨方。")
    assert written(far.after(far.text.index("接入") + 2, MADE, 12)) == ["墨方"]
    assert far.after(far.text.index("接入") + 2, MADE, 4) is None


def test_what_a_preposition_leads(read) -> None:
    clauses = read("星海智能与云帆、墨坊科技在杭州合作。")
    index = clauses.text.index("合作")
    assert clauses.led("with", index, UNITS) is None
    clauses = read("星海智能日前与云帆、墨坊科技在杭州合作。")
    index = clauses.text.index("合作")
    assert written(clauses.led("with", index, UNITS)) == ["云帆", "墨坊科技"]
    assert clauses.led("by", index, UNITS) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("星海智能与云帆合作。", (["星海智能"], ["云帆"])),
        ("星海智能、墨坊科技与云帆合作。", (["星海智能", "墨坊科技"], ["云帆"])),
        ("星海智能和云帆都合作过。", None),
        ("星海智能、云帆合作。", None),
    ],
)
def test_two_sides_of_one_group(read, text, parts) -> None:
    clauses = read(text)
    found = clauses.parted(clauses.groups[0])
    assert (found and tuple(map(written, found))) == parts
