from __future__ import annotations

import itertools
import socket

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from kg.nlp.sentences import split_sentences
from kg.nlp.tokenizer import load_tokenizer

TOKENIZER = load_tokenizer(spacy.blank("zh").vocab, user_words=["月之暗面", "阶跃星辰"])


def words(text: str) -> list[str]:
    return [token.text for token in TOKENIZER(text)]


@given(
    st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("中国公司发布AI 3.5\n\t,")))
)
def test_the_doc_is_the_text(text: str) -> None:
    assert TOKENIZER(text).text == text


@pytest.mark.parametrize(
    "name",
    [
        "Qwen3.5-Plus",
        "GLM-4.7",
        "K2",
        "o3-mini",
        "DeepSeek-V3.2-Exp",
        "01.AI",
        "Z.ai",
        "H20",
        "3D",
        "C++",
        "2.5",
        "1,200",
    ],
)
def test_names_and_numbers_stay_whole(name: str) -> None:
    assert name in words(f"公司发布{name},反响热烈。")


def test_listed_names_stay_whole() -> None:
    assert {"月之暗面", "阶跃星辰"} <= set(words("投资人看好月之暗面和阶跃星辰的前景"))


def test_ordinary_text_is_cut_into_words() -> None:
    assert words("清华大学教授创办了公司") == ["清华", "大学", "教授", "创办", "了", "公司"]


def test_latin_and_han_are_cut_apart() -> None:
    assert "VC" in words("倩碧VC投资了它")


def test_loading_and_cutting_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert len(load_tokenizer(spacy.blank("zh").vocab)("模型不用下载")) > 1


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("甲公司成立。乙公司倒闭!", ["甲公司成立。", "乙公司倒闭!"]),
        ("估值2.5亿美元,由01.AI领投。完", ["估值2.5亿美元,由01.AI领投。", "完"]),
        ("他说:“结束了。”随后离开", ["他说:“结束了。”", "随后离开"]),
        ("标题\n\n正文", ["标题\n\n", "正文"]),
        ("", []),
        ("\n \n", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[a:b] for a, b in split_sentences(text)] == sentences


@given(st.text(alphabet=st.sampled_from("甲乙。!?;,.\n”) A1")))
def test_sentences_are_in_order_and_lose_nothing(text: str) -> None:
    spans = split_sentences(text)
    assert all(a < b for a, b in spans)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
    covered = "".join(text[a:b] for a, b in spans)
    assert covered.replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "") or not text.strip()
