from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.claims.extractors import extract
from kg.model import Document, Extraction, Extractor, PartialDate, Predicate, joins_right_types

pytestmark = pytest.mark.slow

ROUND = (
    "云帆智算科技有限公司宣布完成2亿元A轮融资，由砚溪资本领投，青岚创投跟投，投后估值20亿元。\n\n"
    "云帆智算CEO陈若彤表示，资金将用于研发大模型“帆语”。陈若彤本科毕业于清华大学，曾任百度高级工程师。"
)
BOARD = (
    "微软CEO纳德拉周三表示，微软与OpenAI的合作将继续。谷歌前研究员林知远加入OpenAI，出任首席科学家。"
    "知情人士透露，OpenAI拟收购初创公司Zephyrline，交易金额约30亿美元。OpenAI否认了这一说法。"
)
MODELS = (
    "阿里巴巴今日发布Qwen3，称其在多项测试中超越GPT-4o。夸克已接入Qwen3，腾讯元宝则同时接入了DeepSeek-R1。"
    "该公司还宣布，通义千问将开源。"
)
TRADITIONAL = (
    "輝達執行長黃仁勳週二宣布，將向OpenAI投資1,000億美元。鴻海與輝達合作打造資料中心，該公司股價應聲上漲。"
    "商湯科技已在香港交易所上市，由湯曉鷗創立。"
)
GARBLED = (
    "關(guān)注：百度發(fā)布文心大模型5.0，百度創(chuàng)始人李彥(yàn)宏稱(chēng)其性能優(yōu)於(yú)上一代。"
    "百度旗下的昆侖(lún)芯擬(nǐ)在港交所上市。"
)
LISTING = (
    "# 砚溪机器人冲刺科创板\n\n* 公司：砚溪机器人（Inkbrook Robotics）\n"
    "* 融资：1.5亿美元的C轮，由红杉中国、高瓴领投\n\n"
    "砚溪机器人将于2026年6月在科创板上市，其人形机器人“砚行者”售价9.9万元，对标特斯拉Optimus。"
)
ARTICLES = {
    "round": ROUND,
    "board": BOARD,
    "models": MODELS,
    "traditional": TRADITIONAL,
    "garbled": GARBLED,
    "listing": LISTING,
}


def check(extraction: Extraction) -> None:
    """Assert what holds of every extraction."""
    document = extraction.document
    types = {entity.id: entity.type for entity in extraction.entities}
    assert len(types) == len(extraction.entities)
    evidence = [x.evidence for x in (*extraction.mentions, *extraction.claims, *extraction.investments)]
    for proof in evidence:
        assert proof.document == document.id
        assert 0 <= proof.start < proof.end <= len(document.text)
        assert proof.quote == document.text[proof.start : proof.end]
    for mention in extraction.mentions:
        assert types[mention.entity] in types.values()
        assert mention.name == mention.evidence.quote
    assert {m.entity for m in extraction.mentions} == types.keys()
    for claim in extraction.claims:
        assert claim.subject != claim.object
        assert joins_right_types(claim.predicate, types[claim.subject], types[claim.object])
        assert 0 < claim.confidence <= 1
        assert claim.extractor
        assert list(claim.qualifiers) == sorted(claim.qualifiers)
    assert len({claim.id for claim in extraction.claims}) == len(extraction.claims)
    for event in extraction.investments:
        assert {event.investee, *(i.entity for i in event.investors)} <= types.keys()
        assert event.investee not in {i.entity for i in event.investors}
    assert len({event.id for event in extraction.investments}) == len(extraction.investments)


def stated(extraction: Extraction) -> set[tuple[str, str, str]]:
    """(subject, predicate, object) by preferred names."""
    names = {entity.id: entity.name for entity in extraction.entities}
    return {(names[c.subject], str(c.predicate), names[c.object]) for c in extraction.claims}


@pytest.mark.parametrize("text", ARTICLES.values(), ids=ARTICLES)
def test_what_holds_of_every_extraction(text) -> None:
    extraction = extract(Document(text, published=PartialDate(2026, 3, 5)))
    assert extraction.claims
    check(extraction)


@pytest.mark.parametrize("text", ARTICLES.values(), ids=ARTICLES)
def test_the_same_document_gives_the_same_extraction(text) -> None:
    first, second = (extract(Document(text, published=PartialDate(2026, 3, 5))) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ROUND, ("砚溪资本", "investedIn", "云帆智算科技有限公司")),
        (ROUND, ("陈若彤", "worksFor", "云帆智算科技有限公司")),
        (ROUND, ("陈若彤", "educatedAt", "清华大学")),
        (BOARD, ("萨提亚·纳德拉", "worksFor", "微软")),
        (MODELS, ("腾讯", "offers", "腾讯元宝")),
        (TRADITIONAL, ("黄仁勋", "worksFor", "英伟达")),
        (GARBLED, ("百度", "foundedBy", "李彦宏")),
        (GARBLED, ("昆仑芯", "subsidiaryOf", "百度")),
    ],
)
def test_what_the_articles_plainly_state(text, expected) -> None:
    assert expected in stated(extract(Document(text)))


def test_evidence_points_into_the_garbled_text_as_it_is() -> None:
    extraction = extract(Document(GARBLED))
    founded = next(c for c in extraction.claims if c.predicate is Predicate.FOUNDED_BY)
    assert "李彥(yàn)宏" in founded.evidence.quote
    founder = next(m for m in extraction.mentions if m.entity == founded.object)
    assert founder.name == "李彥(yàn)宏"


def test_two_rounds_of_one_month_are_one_event_with_the_investors_of_both() -> None:
    first = "2025年5月3日，月之暗面宣布获得腾讯5亿元融资。"
    found = extract(Document(first + "2025年5月29日，月之暗面宣布获得阿里巴巴20亿元融资。"), extractor=Extractor.RULES)
    (event,) = found.investments
    assert {investor.entity for investor in event.investors} == {"company/tencent", "company/alibaba"}
    assert all(name in event.evidence.quote for name in ("腾讯", "阿里巴巴"))


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n\t\u3000", "。", "，。！？《》“”（）——……", "🤖🚀💰", "🇨🇳\u200b\ufeff", "\x00"]
)
def test_texts_that_say_nothing(text) -> None:
    extraction = extract(Document(text))
    assert (extraction.entities, extraction.mentions, extraction.claims, extraction.investments) == ((), (), (), ())


@pytest.mark.parametrize(
    "unit",
    [
        "腾讯投资了月之暗面并且",
        "甲",
        "（",
        "“",
        "1亿元",
        "CEO",
        "A轮",
        "腾讯CEO马化腾和",
        "Abc ",
    ],
)
def test_ten_thousand_characters_without_an_end_of_sentence(unit) -> None:
    check(extract(Document((unit * 10_000)[:10_000])))


def test_a_list_of_a_thousand_names() -> None:
    check(extract(Document("腾讯、" * 1000)))


TOKENS = (
    "腾讯", "騰訊", "阿里巴巴", "月之暗面", "OpenAI", "微软", "百度智能云", "砚溪资本", "云帆智算科技有限公司",
    "清华大学", "港交所", "科创板", "杨植麟", "纳德拉", "李彥(yàn)宏", "山姆·奥特曼", "陈若彤", "GPT-4o", "Kimi",
    "Claude 3.5 Sonnet", "文心大模型5.0", "“帆语”", "《火龙》", "腾讯元宝", "CEO", "创始人", "前副总裁", "首席科学家",
    "投资了", "收购", "领投", "跟投", "完成", "融资", "发布", "接入", "基于", "旗下", "旗下的", "与", "和", "、", "及",
    "合作", "竞争对手", "毕业于", "加入", "出任", "曾任", "上市", "拟", "否认", "据传", "宣布", "由", "获", "对标",
    "该公司", "其", "它", "他", "本轮", "A轮", "天使轮", "B+轮", "IPO", "战略投资", "3亿元", "超10亿美元", "数千万元",
    "投后估值", "15%股份", "2025年3月", "去年", "近日", "（", "）", "(", ")", "“", "”", "「", "」", "，", "。", "；",
    "：", "\n", " ", "\u3000", "關(guān)", "🚀", "\ue000", "\ue00a", "\u200b", "的", "了", "等",
)  # fmt: skip


@settings(max_examples=100)
@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_what_holds_of_every_mixture_of_words(text) -> None:
    check(extract(Document(text, published=PartialDate(2026, 3, 5))))


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_what_holds_of_any_text_at_all(text) -> None:
    check(extract(Document(text)))
