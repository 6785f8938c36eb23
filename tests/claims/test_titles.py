from __future__ import annotations

import pytest

from kg.claims.titles import read_chains

NAMES = {
    "星海智能": "Company",
    "墨坊科技": "Company",
    "星宝": "Product",
    "陆知遥": "Person",
    "程岸": "Person",
}


def chains(read_text, text: str) -> list[list[tuple[tuple[str, ...], str, bool, bool]]]:
    """(organizations, post, founder, former) of every post, by enumeration."""
    return [
        [(tuple(u.name for u in p.units), p.role, p.founder, p.former) for p in chain.posts]
        for scene, _ in read_text(text, NAMES).scenes
        for chain in read_chains(scene)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("星海智能CEO", [[(("星海智能",), "CEO", False, False)]]),
        ("星海智能的首席科学家", [[(("星海智能",), "首席科学家", False, False)]]),
        ("星海智能董事长兼CEO", [[(("星海智能",), "董事长兼CEO", False, False)]]),
        ("星海智能创始人、董事长兼CEO", [[(("星海智能",), "董事长兼CEO", True, False)]]),
        ("星海智能前副总裁", [[(("星海智能",), "副总裁", False, True)]]),
        ("前星海智能副总裁", [[(("星海智能",), "副总裁", False, True)]]),
        ("星海智能中国区前负责人", [[(("星海智能",), "中国区前负责人", False, True)]]),
        ("星海智能负责安全的副总裁", [[(("星海智能",), "负责安全的副总裁", False, False)]]),
        ("星海智能和墨坊科技顾问", [[(("星海智能", "墨坊科技"), "顾问", False, False)]]),
        (
            "原星海智能董事、墨坊科技顾问",
            [[(("星海智能",), "董事", False, True), (("墨坊科技",), "顾问", False, False)]],
        ),
        ("星宝创始人", [[(("星宝",), "", True, False)]]),
        ("星宝设计师", [[((), "设计师", False, False)]]),
        ("CEO", [[((), "CEO", False, False)]]),
        # what happens between an organization and a title keeps them apart
        ("星海智能收购后聘请的CEO", [[((), "CEO", False, False)]]),
    ],
)
def test_posts_as_a_text_words_them(read_text, text, expected) -> None:
    assert chains(read_text, text) == expected


def test_posts_of_different_persons_are_different_enumerations(read_text) -> None:
    found = chains(read_text, "星海智能CEO程岸、墨坊科技董事长陆知遥")
    assert [[post[1] for post in chain] for chain in found] == [["CEO"], ["董事长"]]
