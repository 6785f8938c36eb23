from __future__ import annotations

import pytest

from kg.claims.posts import extract_posts
from kg.model import Modality, Predicate

NAMES = {
    "星海智能": "Company",
    "墨坊科技": "Company",
    "砚溪资本": "Company",
    "云岭大学": "Organization",
    "星宝": "Product",
    "陆知遥": "Person",
    "程岸": "Person",
    "顾衡": "Person",
}


def posts(read_text, text: str) -> set[tuple[str, str, str, str]]:
    """(person, organization, post, status) of every post that a text states."""
    return {
        (f.subject.name, f.object.name, dict(f.qualifiers)["role"], dict(f.qualifiers)["status"])
        for f in findings(read_text, text)
        if f.predicate is Predicate.WORKS_FOR
    }


def founders(read_text, text: str) -> set[tuple[str, str]]:
    """(what was founded, by whom) of every founder that a text states."""
    return {(f.subject.name, f.object.name) for f in findings(read_text, text) if f.predicate is Predicate.FOUNDED_BY}


def findings(read_text, text: str) -> list:
    return [f for scene, topic in read_text(text, NAMES).scenes for f in extract_posts(scene, topic)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("星海智能CEO陆知遥表示成本会下降。", {("陆知遥", "星海智能", "CEO", "current")}),
        ("陆知遥 星海智能首席执行官", {("陆知遥", "星海智能", "首席执行官", "current")}),
        ("程岸是墨坊科技的首席科学家。", {("程岸", "墨坊科技", "首席科学家", "current")}),
        ("程岸出任星海智能首席财务官。", {("程岸", "星海智能", "首席财务官", "current")}),
        (
            "星海智能董事长陆知遥和墨坊科技总经理程岸握手。",
            {("陆知遥", "星海智能", "董事长", "current"), ("程岸", "墨坊科技", "总经理", "current")},
        ),
        (
            "星海智能CEO陆知遥、程岸出席。",
            {("陆知遥", "星海智能", "CEO", "current"), ("程岸", "星海智能", "CEO", "current")},
        ),
    ],
)
def test_a_title_before_or_after_a_name_is_a_post(read_text, text, expected) -> None:
    assert posts(read_text, text) == expected


def test_several_posts_of_one_person_at_several_organizations(read_text) -> None:
    text = "墨坊科技董事、星海智能首席技术官程岸出席。"
    assert posts(read_text, text) == {
        ("程岸", "墨坊科技", "董事", "current"),
        ("程岸", "星海智能", "首席技术官", "current"),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("程岸曾任墨坊科技首席科学家。", {("程岸", "墨坊科技", "首席科学家", "former")}),
        ("前墨坊科技副总裁程岸出席。", {("程岸", "墨坊科技", "副总裁", "former")}),
        ("墨坊科技原CTO程岸出席。", {("程岸", "墨坊科技", "CTO", "former")}),
        (
            "墨坊科技前CTO、星海智能CEO程岸出席。",
            {("程岸", "墨坊科技", "CTO", "former"), ("程岸", "星海智能", "CEO", "current")},
        ),
    ],
)
def test_a_former_post_is_former(read_text, text, expected) -> None:
    assert posts(read_text, text) == expected


def test_a_current_post_and_a_former_one_in_a_list(read_text) -> None:
    assert posts(read_text, "程岸现任星海智能首席技术官,曾任墨坊科技副总裁。") == {
        ("程岸", "星海智能", "首席技术官", "current"),
        ("程岸", "墨坊科技", "副总裁", "former"),
    }


@pytest.mark.parametrize("verb", ["担任", "任"])
def test_the_verb_is_no_part_of_the_post(read_text, verb) -> None:
    assert posts(read_text, f"程岸在墨坊科技{verb}高级工程师。") == {("程岸", "墨坊科技", "高级工程师", "current")}


@pytest.mark.parametrize(
    "text", ["星海智能创始人陆知遥出席。", "陆知遥是星海智能的创始人。", "陆知遥 星海智能联合创始人"]
)
def test_one_who_is_only_called_founder_has_no_post(read_text, text) -> None:
    assert founders(read_text, text) == {("星海智能", "陆知遥")}
    assert posts(read_text, text) == set()


def test_a_founder_may_hold_a_post_too(read_text) -> None:
    text = "星海智能联合创始人兼首席技术官程岸今日发言。"
    assert founders(read_text, text) == {("星海智能", "程岸")}
    assert posts(read_text, text) == {("程岸", "星海智能", "首席技术官", "current")}


def test_a_founding_partner_is_both_founder_and_partner(read_text) -> None:
    text = "砚溪资本创始合伙人顾衡说。"
    assert founders(read_text, text) == {("砚溪资本", "顾衡")}
    assert posts(read_text, text) == {("顾衡", "砚溪资本", "创始合伙人", "current")}


def test_founders_of_several_companies_and_of_a_product(read_text) -> None:
    both = {("星海智能", "程岸"), ("墨坊科技", "程岸")}
    assert founders(read_text, "星海智能和墨坊科技联合创始人程岸。") == both
    assert founders(read_text, "星宝创始人陆知遥说。") == {("星宝", "陆知遥")}
    assert posts(read_text, "星宝创始人陆知遥说。") == set()


def test_a_title_without_organization_is_a_post_at_the_one_the_text_speaks_of(read_text) -> None:
    text = "星海智能完成融资。CEO陆知遥说,团队会扩大。"
    found = [f for f in findings(read_text, text) if f.predicate is Predicate.WORKS_FOR]
    assert [(f.subject.name, f.object.name) for f in found] == [("陆知遥", "星海智能")]
    beside = findings(read_text, "星海智能CEO陆知遥说。")[0]
    assert found[0].confidence < beside.confidence, "a guess from the topic must give way to a stated post"


def test_a_post_needs_someone_to_hold_it_and_somewhere_to_be(read_text) -> None:
    assert findings(read_text, "星海智能正在招聘首席技术官。") == []
    assert findings(read_text, "CEO陆知遥说,团队会扩大。") == []


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("程岸将出任星海智能首席财务官。", Modality.PLANNED),
        ("程岸否认出任星海智能首席财务官。", Modality.DENIED),
        ("知情人士透露,程岸出任星海智能首席财务官。", Modality.REPORTED),
        ("程岸出任星海智能首席财务官。", Modality.ASSERTED),
    ],
)
def test_a_post_has_the_modality_of_its_sentence(read_text, text, modality) -> None:
    assert {f.modality for f in findings(read_text, text)} == {modality}


def test_a_pronoun_stands_for_the_person_named_last(read_text) -> None:
    text = "陆知遥创办了星海智能。此前,他曾任墨坊科技副总裁。"
    assert ("陆知遥", "墨坊科技", "副总裁", "former") in posts(read_text, text)


def test_what_a_post_points_at_is_the_text_that_states_it(read_text) -> None:
    text = "今天有雨。墨坊科技总经理程岸迟到了。"
    for finding in findings(read_text, text):
        assert "程岸" in text[finding.start : finding.end]
        assert "总经理" in text[finding.start : finding.end]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("程岸离开前，星海智能副总裁程岸离职。", {("程岸", "星海智能", "副总裁", "former")}),
        ("星海智能副总裁程岸将离职。", {("程岸", "星海智能", "副总裁", "current")}),
        ("程岸卸任星海智能副总裁。", {("程岸", "星海智能", "副总裁", "former")}),
        ("时任星海智能副总裁的程岸签了字。", {("程岸", "星海智能", "副总裁", "former")}),
        ("程岸曾任墨坊科技副总裁，后担任星海智能顾问。", {
            ("程岸", "墨坊科技", "副总裁", "former"), ("程岸", "星海智能", "顾问", "current"),
        }),
    ],
)  # fmt: skip
def test_whether_a_post_is_over(read_text, text, expected) -> None:
    assert posts(read_text, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "星海智能正在招聘首席技术官，程岸没有回应。",
        "程岸要求星海智能高管道歉。",
        "程岸致信星海智能，首席技术官没有回复。",
        "包括程岸在内的星海智能现任高管没有回应。",
    ],
)
def test_a_title_near_a_name_need_not_be_its_post(read_text, text) -> None:
    assert posts(read_text, text) == set()


def test_the_founder_of_a_part_founded_no_company(read_text) -> None:
    assert founders(read_text, "星海智能AI Lab创始人程岸离开了。") == set()


def test_a_title_may_precede_its_list_of_holders(read_text) -> None:
    text = "星海智能的联合创始人包括程岸和曾在墨坊科技工作的陆知遥。"
    assert founders(read_text, text) == {("星海智能", "程岸"), ("星海智能", "陆知遥")}
