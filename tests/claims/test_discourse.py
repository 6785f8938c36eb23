from __future__ import annotations

import re

import pytest

from kg.claims import scene as symbols
from kg.claims.discourse import Discourse
from kg.model import Money, PartialDate

NAMES = {
    "星海智能": "Company",
    "星海集团": "Company",
    "墨坊科技": "Company",
    "潮报": "Company",
    "临江交易所": "Organization",
    "云岭大学": "Organization",
    "星宝": "Product",
    "星语": "Model",
    "陆知遥": "Person",
    "程岸": "Person",
}
WORDS = {
    symbols.COMPANY: "C", symbols.ORGANIZATION: "O", symbols.MODEL: "M", symbols.PRODUCT: "P", symbols.PERSON: "H",
    symbols.MONEY: "￥", symbols.DATE: "D", symbols.ROUND: "R", symbols.SHARE: "S", symbols.TITLE: "T",
    symbols.ORG_ANAPHOR: "A", symbols.PERSON_ANAPHOR: "B", symbols.EXCHANGE: "E", symbols.SCHOOL: "U",
}  # fmt: skip


def spelt(discourse: Discourse) -> list[str]:
    """The scenes with a letter for each symbol."""
    return [re.sub("[\ue000-\ue0ff]", lambda m: WORDS[m[0]], scene.text) for scene, _ in discourse.scenes]


def antecedents(discourse: Discourse) -> list[tuple[str, str]]:
    """(wording, name it stands for) of every anaphor."""
    return [
        (element.text, element.entity.name)
        for scene, _ in discourse.scenes
        for _, element in sorted(scene.elements.items())
        if element.symbol in (symbols.ORG_ANAPHOR, symbols.PERSON_ANAPHOR) and element.entity
    ]


def test_a_sentence_becomes_symbols_and_words(read_text) -> None:
    text = "6月1日,星海智能CEO陆知遥宣布完成3亿元B轮融资,他持股15%。"
    discourse = read_text(text, NAMES)
    assert spelt(discourse) == ["D,CTH宣布完成￥R融资,BS。"]
    values = {e.symbol: e.value for e in discourse.elements}
    assert values[symbols.DATE] == PartialDate(2026, 6, 1)
    assert isinstance(values[symbols.MONEY], Money)
    assert values[symbols.ROUND] == "B"


def test_exchanges_and_schools_have_symbols_of_their_own(read_text) -> None:
    assert spelt(read_text("云岭大学与临江交易所签约,墨坊科技观礼。", NAMES)) == ["U与E签约,C观礼。"]


def test_scenes_point_back_at_the_text(read_text) -> None:
    text = "今天有雨。“星海智能”(简称星海)发布《星宝》,售价3000元。"
    for scene, _ in read_text(text, NAMES).scenes:
        for index, element in scene.elements.items():
            assert text[element.start : element.end] == element.text
            assert scene.span(index, index + 1) == (element.start, element.end)
        for index, character in enumerate(scene.text):
            if index not in scene.elements:
                assert text[scene.offsets[index]] == character


@pytest.mark.parametrize("anaphor", ["该公司", "这家公司", "它", "公司"])
def test_an_anaphor_stands_for_the_organization_the_text_speaks_of(read_text, anaphor) -> None:
    text = f"星海智能成立。{anaphor}发布星宝。墨坊科技随后裁员。星海智能未回应。"
    assert antecedents(read_text(text, NAMES)) == [(anaphor, "星海智能")]


def test_the_topic_moves_on_with_the_text(read_text) -> None:
    text = "星海智能成立。该公司发布星宝。墨坊科技裁员。该公司未回应。"
    assert antecedents(read_text(text, NAMES)) == [("该公司", "星海智能"), ("该公司", "墨坊科技")]


def test_its_is_the_organization_of_the_same_sentence(read_text) -> None:
    text = "墨坊科技成立。星海智能发布星宝,其创始人陆知遥出席。"
    assert antecedents(read_text(text, NAMES)) == [("其", "星海智能")]


@pytest.mark.parametrize("pronoun", ["他", "她"])
def test_he_and_she_are_the_person_named_last(read_text, pronoun) -> None:
    text = f"陆知遥创办星海智能。程岸随后加入。{pronoun}来自云岭大学。"
    assert (pronoun, "程岸") in antecedents(read_text(text, NAMES))


def test_an_anaphor_without_antecedent_is_a_word_like_any_other(read_text) -> None:
    discourse = read_text("他来了。该公司没有回应。", NAMES)
    assert antecedents(discourse) == []
    assert spelt(discourse) == ["他来了。", "该公司没有回应。"]


@pytest.mark.parametrize("text", ["陆知遥说,他们走了,其他人留下,其中原因不明。", "星海智能遵守公司法,其实不难。"])
def test_words_that_only_look_like_anaphors(read_text, text) -> None:
    assert antecedents(read_text(text, NAMES)) == []


@pytest.mark.parametrize(
    "first",
    [
        "据潮报报道,星海智能裁员。",
        "临江交易所发布公告,星海智能上市。",
        "据墨坊科技统计,星海智能裁员。",
        "潮报发布榜单,星海智能上榜。",
    ],
)
def test_what_is_only_cited_is_not_the_topic(read_text, first) -> None:
    *_, (_, topic) = read_text(first + "该公司未回应。", NAMES).scenes
    assert topic is not None
    assert topic.name == "星海智能"


def test_a_text_that_names_no_organization_has_no_topic(read_text) -> None:
    assert {topic for _, topic in read_text("陆知遥来了。他走了。", NAMES).scenes} == {None}


def test_the_organization_named_most_often_is_the_topic_of_the_first_sentence(read_text) -> None:
    text = "CEO陆知遥辞职。墨坊科技未回应。星海智能股价下跌,星海智能员工不安。"
    (_, topic), *_ = read_text(text, NAMES).scenes
    assert topic is not None
    assert topic.name == "星海智能"


def test_a_bracket_with_a_remark_is_a_scene_of_its_own(read_text) -> None:
    discourse = read_text("墨坊科技(现已并入星海集团)裁员。", NAMES)
    assert spelt(discourse) == ["C裁员。", "C现已并入C"]
    outer, remark = (scene for scene, _ in discourse.scenes)
    assert [e.text for e in outer.aside] == ["星海集团"]
    assert [e.text for e in remark.names()] == ["墨坊科技", "星海集团"]


@pytest.mark.parametrize("text", ["墨坊科技(星海集团)裁员。", "墨坊科技(前身不详)裁员。", "昨天(星海集团公布)下雨。"])
def test_other_brackets_are_none(read_text, text) -> None:
    assert len(read_text(text, NAMES).scenes) == 1


def test_a_nested_owner_stands_aside(read_text) -> None:
    discourse = read_text("墨坊科技云上线。", {"墨坊科技云": "Product", "墨坊科技": "Company"})
    assert spelt(discourse) == ["P上线。"]
    [(scene, _)] = discourse.scenes
    assert [(e.text, e.nested) for e in scene.aside] == [("墨坊科技", True)]


def test_an_empty_text_has_no_scene(read_text) -> None:
    assert read_text("", NAMES).scenes == ()
    assert read_text(" \n\n ", NAMES).scenes == ()
