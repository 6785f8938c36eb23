from __future__ import annotations

import pytest

from kg.entities.gazetteer import load_gazetteer
from kg.nlp.names import names_of
from kg.nlp.pipeline import build_pipeline
from kg.nlp.recognizers.slots import Slot, load_slots
from kg.text.normalize import normalize


@pytest.mark.parametrize("slot", load_slots(), ids=lambda slot: slot.example)
def test_a_slot_finds_the_name_of_its_example(slot: Slot) -> None:
    nlp = build_pipeline(load_gazetteer(), components=["listed_names", "slot_names"])
    name = slot.example[slot.example.index("«") + 1 : slot.example.index("»")]
    doc = nlp(normalize(slot.example.replace("«", "").replace("»", "")).text)
    assert (name, slot.type) in {(n.text, n.type) for n in names_of(doc) if n.source == "slot"}


@pytest.mark.parametrize(
    "text",
    [
        "研究团队宣布完成测试,并获得投资。",
        "该公司宣布完成1亿元融资。",
        "国内厂商纷纷宣布推出大模型。",
        "初创公司最终失败的很多。",
        "公司去年通过几轮种子轮融资筹集了资金。",
        "高管的财报解读。",
        "需要回归创始人模式。",
        "芯片需求增长,机器人占主导地位。",
        "周一宣布裁员的是一家芯片公司。",
    ],
)
def test_ordinary_words_fill_no_slot(text: str) -> None:
    nlp = build_pipeline(load_gazetteer(), components=["listed_names", "slot_names"])
    assert not [n.text for n in names_of(nlp(text)) if n.source == "slot"]
