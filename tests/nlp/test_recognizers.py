from __future__ import annotations

import pytest

from kg.model import EntityType
from kg.nlp.names import names_of
from kg.nlp.recognizers.latin import is_term, recognize_latin
from kg.nlp.recognizers.organizations import recognize_organizations
from kg.nlp.recognizers.people import looks_like_person, recognize_people
from kg.nlp.recognizers.quoted import recognize_quoted

C, ORG, M, PR, H = (
    EntityType.COMPANY,
    EntityType.ORGANIZATION,
    EntityType.MODEL,
    EntityType.PRODUCT,
    EntityType.PERSON,
)


def names(doc) -> set[tuple[str, EntityType]]:
    return {(n.text, n.type) for n in names_of(doc)}


@pytest.mark.parametrize(
    ("text", "words", "name", "kind"),
    [
        (
            "投资方为杭州灵犀云图科技有限公司。",
            ["投资方", "为", "杭州", "科技", "有限公司"],
            "杭州灵犀云图科技有限公司",
            C,
        ),
        ("本轮由砚溪资本领投。", ["本轮", "由", "资本", "领投"], "砚溪资本", C),
        ("他毕业于云岭理工大学。", ["毕业于", "理工", "大学"], "云岭理工大学", ORG),
    ],
)
def test_organizations_by_their_endings(make_doc, text, words, name, kind) -> None:
    assert (name, kind) in names(recognize_organizations(make_doc(text, *words)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("人工智能和新能源汽车受到关注。", ["人工", "智能", "和", "新能源", "汽车"]),
        ("公司开始冲击资本市场。", ["公司", "开始", "冲击", "资本", "市场"]),
        ("大模型重塑工业软件。", ["重塑", "工业", "软件"]),
    ],
)
def test_ordinary_phrases_are_no_organizations(make_doc, text, words) -> None:
    assert not [n for n in names_of(recognize_organizations(make_doc(text, *words))) if n.strength >= 1.5]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("公司CEO陈若彤表示,今年会盈利。", "陈若彤"),
        ("创始人、董事长周砚秋出席了活动。", "周砚秋"),
        ("首席执行官艾伦·布莱克说。", "艾伦·布莱克"),
        ("林知远认为成本会下降。", "林知远"),
    ],
)
def test_persons_beside_posts_and_verbs(make_doc, text, name) -> None:
    assert (name, H) in names(recognize_people(make_doc(text)))


@pytest.mark.parametrize("word", ["高级", "方面", "金融", "周末", "安全", "了解"])
def test_words_that_begin_like_surnames_are_no_persons(word) -> None:
    assert not looks_like_person(word)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("初创公司Zephyrline宣布完成融资。", "Zephyrline", C),
        ("开源模型Quillon-7B发布。", "Quillon-7B", M),
        ("智能助手Bramblebox上线。", "Bramblebox", PR),
        ("前研究员Maria Lindqvist加入。", "Maria Lindqvist", H),
    ],
)
def test_latin_names_are_typed_by_their_neighbours(make_doc, text, name, kind) -> None:
    assert (name, kind) in names(recognize_latin(make_doc(text)))


def test_general_terms_are_no_names(make_doc) -> None:
    assert is_term("AI Agent")
    assert names(recognize_latin(make_doc("用GPU训练LLM的API很贵,CEO说。"))) == set()


def test_a_post_stands_between_two_latin_names(make_doc) -> None:
    found = names(recognize_latin(make_doc("据Bluefinch CEO Jordan Vale说,此事已定。")))
    assert ("Jordan Vale", EntityType.PERSON) in found
    assert not any("CEO" in name for name, _ in found)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("该校推出“墨方”大模型。", "墨方", M),
        ("手游《云端旅人》今日公测。", "云端旅人", PR),
        ("他创办了名为「砚台」的公司。", "砚台", C),
    ],
)
def test_quoted_names(make_doc, text, name, kind) -> None:
    assert (name, kind) in names(recognize_quoted(make_doc(text)))


def test_books_and_slogans_in_quotes_are_no_names(make_doc) -> None:
    assert names(recognize_quoted(make_doc("他读了《百年孤独》,喊出“降本增效”的口号。"))) == set()


def test_a_given_name_before_a_legal_form_is_a_company(make_doc) -> None:
    found = names(recognize_latin(make_doc("Jordan Vale Partners的投资组合经理Jordan Vale说。")))
    assert found == {("Jordan Vale Partners", C), ("Jordan Vale", H)}
