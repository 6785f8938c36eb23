import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text.normalize import fold_name, normalize, to_simplified, to_traditional


def text_of(text: str) -> str:
    return normalize(text).text


@pytest.mark.parametrize(
    ("original", "text"),
    [
        # pinyin of web converters
        ("企業(yè)的競(jìng)爭(zhēng)", "企业的竞争"),
        ("用戶(hù)關(guān)注", "用户关注"),
        ("場(chǎng)（kāi）", "场"),
        ("綠(lǜ)色", "绿色"),
        ("該隊(du\u00ec)員(yua\u0301n)", "该队员"),
        # brackets that name something stay
        ("深度求索（DeepSeek）", "深度求索(DeepSeek)"),
        ("智譜(ai)與應用(app)", "智谱(ai)与应用(app)"),
        ("公司(inc)和咖啡(café)", "公司(inc)和咖啡(café)"),
        # invisible characters, line ends, spaces
        ("\ufeff月\u200b之\u00ad暗\u200e面\x07", "月之暗面"),
        ("甲\r\n乙\r丙\u2028丁", "甲\n乙\n丙\n丁"),
        ("Open\u00a0AI\u3000 Inc", "Open AI Inc"),
        ("融资 4000 万美元", "融资4000万美元"),
        ("由 Foo Capital 和 Bar 领投", "由Foo Capital和Bar领投"),
        ("刘 伟 （Wei Liu）", "刘伟(Wei Liu)"),
        ("  甲 \n\t乙  \n\n\n\n丙", "甲\n乙\n\n丙"),
        # width and compatibility forms
        ("ＧＰＴ－４ｏ：１００％，好！", "GPT-4o:100%,好!"),
        ("「豆包」《文》“言”。、", "「豆包」《文》“言”。、"),
        ("⽤戶、金額、Ⅲ①℃", "用户、金额、Ⅲ①℃"),
        ("￥５亿", "¥5亿"),
        ("山姆•奧特曼、史蒂夫・賈伯斯", "山姆·奥特曼、史蒂夫·贾伯斯"),
        # script
        ("臺灣輝達發佈傢電，鐘錶裏沿著網絡", "台湾辉达发布家电,钟表里沿着网络"),
        ("這意味著皇后著名、乾隆曬乾", "这意味着皇后著名、乾隆晒干"),
        ("著称的公司发布着", "著称的公司发布着"),
        # markup
        ("## 標題\n**重點**是`kg`和__它__", "标题\n重点是kg和它"),
        ("#话题# 和 C#", "#话题#和C#"),
        ("看![图](a.png)[某站](https://a.b/c?d=1)的新闻", "看某站的新闻"),
        ("见 https://a.b/c?d=1。邮箱 me@a.com，谢谢", "见。邮箱,谢谢"),
        ("登录www.example.com查看", "登录查看"),
        ("Foo(https://a.b/)bar", "Foo( )bar"),
        ('甲<br>乙</p><b class="x">丙</b>1 < 2', "甲\n乙\n丙1 < 2"),
        ("AT&amp;T&nbsp;的&ldquo;新&rdquo;&lt;b&gt;机", "AT&T的“新”机"),
        ("R&D;和&unknown;", "R&D;和&unknown;"),
        ("A**B*C", "AB*C"),
    ],
)
def test_text_is_cleaned_and_folded(original: str, text: str) -> None:
    assert text_of(original) == text


def test_a_reading_without_tone_goes_only_from_a_text_full_of_readings() -> None:
    garbled = "企業(yè)競(jìng)爭(zhēng)"
    assert text_of(garbled + "我們(men)的智能(ai)") == "企业竞争我们的智能(ai)"
    assert text_of("我們(men)的企業") == "我们(men)的企业"


@pytest.mark.parametrize(
    "line",
    ["訂閱", "糾錯(cuò)", "加入自媒體", "關(guān)注", "责任编辑：王某某", "图源：某图库", "返回搜狐，查看更多",
     "相关阅读：", "免责声明", "本文来自某号，授权转载", "长按识别二维码", "版权声明：本文归某站所有，未经授权不得转载",
     "© 2026 某站", "點擊關注我們", "扫码关注", "图片来源：网络"],
)  # fmt: skip
def test_boilerplate_lines_are_emptied(line: str) -> None:
    assert text_of(f"第一段。\n{line}\n第二段。") == "第一段。\n\n第二段。"


@pytest.mark.parametrize(
    "line",
    ["该公司宣布关注AI领域的投资。", "资料来源：某研究院", "作者｜张某某", "记者 李某", "订阅收入增长三成",
     "图灵机器人完成融资", "双方签署了授权协议", "图：创始人在发布会上", "登录用户突破1亿", "版权纠纷案开庭"],
)  # fmt: skip
def test_lines_that_say_something_stay(line: str) -> None:
    assert text_of(line) == text_of(line + "\n").rstrip("\n") != ""


def test_a_long_line_is_no_boilerplate() -> None:
    line = "某报消息，两家公司因为一篇报道的授权转载问题发生争议，并表示今后将按照协议办理，请读者继续留意相关的进展。"
    assert len(line) > 40
    assert text_of(line).startswith("某报消息,")


def test_offsets_lead_to_the_characters_of_the_original() -> None:
    original = "騰\u200b訊 （Tencent）關(guān)注"
    normalized = normalize(original)
    start = normalized.text.index("关注")
    assert normalized.original == original
    assert original[slice(*normalized.to_original(0, 2))] == "騰\u200b訊"
    assert original[slice(*normalized.to_original(start, start + 2))] == "關(guān)注"
    assert original[slice(*normalized.to_original(start, start + 1))] == "關"
    assert normalized.to_normalized(0, len(original)) == (0, len(normalized.text))
    removed = original.index("(g")
    assert normalized.to_normalized(removed, removed + 6) == (start + 1, start + 1)
    assert normalized.to_original(start + 1, start + 1) == (original.index("注"),) * 2
    assert normalized.to_original(len(normalized.text), len(normalized.text)) == (len(original),) * 2


def test_a_clean_text_is_its_own_normal_form() -> None:
    normalized = normalize("月之暗面发布Kimi。")
    assert normalized.text == normalized.original
    assert normalized.to_original(2, 4) == normalized.to_normalized(2, 4) == (2, 4)


def test_an_empty_text_has_an_empty_normal_form() -> None:
    assert text_of("") == text_of("\u200b") == ""
    assert normalize("\u200b").to_original(0, 0) == (1, 1)


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["關(guān)", "門(men)", "(zhǎng)", "競(jìng)", "**", "__", "`", "#", "## ", "![x](y)", "[x](", "](", ")",
             "https://a.b/c", "www.a.com", "a@b.cn", "<b>", "</p>", "<br/>", "<", "&amp;", "&nbsp;", "&lt;b&gt;",
             "&#8203;", "\u200b", "\ufeff",
             "\r\n", "\n", "\u2028", "\u3000", " ", "\t", "著", "後", "薴", "发", "AI",
             "3.5", "，", "（", "）", "•", "訂閱", "免责声明"]
        ),
        st.text(max_size=3),
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(PIECES)
def test_normalizing_twice_is_normalizing_once(text: str) -> None:
    once = text_of(text)
    assert text_of(once) == once


@given(PIECES)
def test_offsets_rise_and_lead_to_what_was_folded(text: str) -> None:
    normalized = normalize(text)
    spans = [normalized.to_original(place, place + 1) for place in range(len(normalized.text))]
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for place, (start, end) in enumerate(spans):
        assert end == start + 1 <= len(text)
        assert normalized.to_normalized(start, end) == (place, place + 1)
        before, after = text[start], normalized.text[place]
        if after.isalnum() and before != "&":
            assert after in (before, to_simplified(unicodedata.normalize("NFKC", before))[0], "着")


@given(PIECES)
def test_no_invisible_characters_or_double_spaces_are_left(text: str) -> None:
    folded = text_of(text)
    assert not any(mark in folded for mark in ("  ", "\n\n\n", "\u200b", "\ufeff", "\r", "\t", "\u3000", " \n", "\n "))
    assert folded == folded.strip(" ")


@given(st.text())
def test_simplifying_keeps_the_length_and_is_final(text: str) -> None:
    simplified = to_simplified(text)
    assert len(simplified) == len(text)
    assert to_simplified(simplified) == simplified


def test_labels_keep_their_words_in_traditional_script() -> None:
    assert to_traditional("软件信息技术有限公司") == "軟件信息技術有限公司"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GPT-4o", "gpt 4o"), ("騰訊雲", "腾讯云"), ("山姆·奥特曼", "山姆奧特曼"), ("「豆包」", "豆包"),
        ("ＯｐｅｎＡＩ", "OpenAI"), ("騰訊(téng xùn)", "腾讯"), ("智谱（AI）", "智谱"),
        ("Character.AI", "CharacterAI"), ("Qwen3-Max", "qwen 3 max"), ("讯飞\u200b星火", "訊飛星火"),
    ],
)  # fmt: skip
def test_names_that_differ_in_form_fold_alike(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("GPT-3.5", "GPT-35"), ("C++", "C"), ("A轮", "A+轮"), ("智谱AI", "智谱"), ("AI", "(AI)公司")]
)
def test_names_that_differ_in_substance_fold_apart(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


def test_a_name_of_nothing_but_punctuation_keeps_itself() -> None:
    assert fold_name("《》") == "《》"
    assert fold_name("...") == "..."


@given(st.text('aBZ九九臺台后Ａ３3.·-—"“「』【 _~`*:;，、é', min_size=1), st.sampled_from("- ·“」【~_`*—；、 \n"))
def test_spacing_and_punctuation_do_not_change_the_fold(name: str, mark: str) -> None:
    folded = fold_name("九" + name)
    assert fold_name("九" + mark + name) == folded
    assert fold_name(folded) == folded
    assert fold_name("九" + name.upper()).upper() == folded.upper()
