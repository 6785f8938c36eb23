"""Hostile inputs and what must hold for them; `tests/test_hostile.py` tries a few, `benchmarks/fuzz.py` very many."""

from __future__ import annotations

import io
import json
import random
from itertools import pairwise
from pathlib import Path

from kg.claims.extractors import extract
from kg.model import Document, Evidence, Extraction, Extractor, Issue, PartialDate
from kg.text.limits import ReadLimits
from kg.text.normalize import fold_name, language_of, normalize, to_traditional
from kg.text.quantities import find_dates, find_money, find_rounds, find_shares
from kg.text.sources import FORMATS, read_documents, read_source

NAMES = """
月之暗面 Kimi 杨植麟 腾讯 騰訊 阿里巴巴 红杉中国 OpenAI GPT-4o 山姆·奥特曼 Sam Altman 智谱AI 深度求索 DeepSeek-V3
马化腾 李彦宏 百度 文心一言 谷歌 Gemini Anthropic Claude 清华大学 张三 李小明 星河智能科技有限公司 云岭资本
彼得·蒂尔 港交所 小米 字节跳动 豆包 xAI 01.AI Boris Cherny C# 中国移动 北京某某科技
""".split()  # noqa: SIM905
WORDS = """
收购 投资 领投 跟投 完成 融资 宣布 发布 推出 加入 离开 担任 创始人 CEO 首席执行官 董事长兼总裁 联合创始人 合伙人
该公司 其 他 双方 前者 后者 这家公司 旗下 的 和 与 及 以及 等 由 在 据 表示 称 否认 不 未 将 拟 已 传闻 子公司
竞争对手 合作 基于 搭载 毕业于 任职 前 原 以下简称 又名 即 投资方包括 老股东 本轮 估值 上市 招股书 股份 持股
财务顾问 记者 文/ 作者: 来源: 大模型 公司 涨停 板块 【融资】 【客户】
""".split()  # noqa: SIM905
QUANTITIES = """
10亿美元 近亿元 数千万人民币 30-40亿元 $300M US$1.5bn 两千三 1,200万 百分之五 79.09% 2025年12月 去年底 上周三 3月4日
2月30日 次年 二季度 A轮 Pre-A+轮 B1轮 天使轮 IPO 战略融资 999999999999999999999999999999亿元 ٣٣亿 １２３ ²亿
0年0月0日 1.1.1.1 二〇二五年 十二亿五千万 30日 一九九九年 00年 2100年13月
""".split()  # noqa: SIM905
MARKS = [
    *"，。、：；！？,.:;!?()（）[]【】《》“”\"'「」『』 \n\t\u3000·•/\\|&+-—…~*#_`@$%<>={}^", "\x00", "\x07",
    "\x1b", "\x7f", "\x85", "\r\n", "\r", "\u2028", "\u200b", "\u200d", "\u202e", "\u2066", "\u2069", "\ufeff",
    "\ufffd", "\ufffe", "\U0010ffff", "\ud800", "\udfff", "\udc80", "\u0301", "\u20e3", "\U0001f600",
    "\U0001f468\u200d\U0001f469", "\ue000", "\ue004", "\ue009", "\U00020000", "ﷺ", "ǆ", "ß", "İ", "ﬁ", "Ⅷ", "㍿",
    "ــ", "אבג", "ไทย", "한국", "カナ", "関(guān)", "<b>", "</p>", "<br>", "<!--", "-->", "&amp;", "&#0;",
    "&#xD800;", "&lt;b&gt;", "[甲](http://a)", "![", "](", "http://", "www.", "a@b.c", "**", "__", "---", "'''",
    "```", "|---|",
]  # fmt: skip
ALL = [*NAMES, *WORDS, *QUANTITIES, *MARKS]
REFERENCES = (None, PartialDate(2026), PartialDate(2026, 2), PartialDate(2024, 2, 29), PartialDate(1, 1, 1))
LIMITS = ReadLimits(max_file_bytes=100_000, max_record_chars=20_000, max_elements=500, max_issues=20)
BYTES = [
    b"\x00", b"\xff", b"\xfe", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xd0\xc7\xba\xd3", b"\xe6\x98\x9f",
    b"\xed\xa0\x80", b"\x81", b"\x1b", b"\n", b"\r\n", b"\r", b'"', b'""', b",", b"\t", b"{", b"}", b"[", b"]",
    b":", b"\\", b"\\ud800", b"\\u0000", b"1e999", b"-", b"NaN", b"null", b"true", b'{"text": "', b'"text":',
    b'{"items": [', b'"date": 99999999999999999999', b'"url": "http://[', b'"title": {"name": ', b"text,title\n",
    b"id;content\n", b"<html>", b"<p>", b"</p>", b"<div>" * 50, b"<!--", b"-->", b"<![CDATA[",
    b"<!DOCTYPE html [<!ENTITY a 'b'>]>", b"<meta charset=utf-16>", b"<meta charset=zip>", b"<script>", b"<svg>",
    b"<table><tr><td>", b"<a href=x>", b"&#xD800;", b"&#0;", b"&a;", b"<?xml version='1.0' encoding='x'?>",
    b"---\n", b"--- title: \"", b"a: &a [*a]\n", b"<<: *x\n", b"!!python/object:x\n", b"# ", b"PK", b"%PDF-",
]  # fmt: skip


def make_text(rng: random.Random) -> str:
    """Return a fragment of news with whatever may go wrong in it; now and then one of very long runs."""
    kind = rng.random()
    if kind < 0.05:
        return "".join(rng.choice(ALL) * rng.randint(1, 300) for _ in range(rng.randint(1, 4)))
    if kind < 0.15:
        return "".join(rng.choice(MARKS) for _ in range(rng.randint(0, 40)))
    if kind < 0.2:
        return "".join(
            chr(rng.randrange(0x110000 if rng.random() < 0.3 else 0x3100)) for _ in range(rng.randint(0, 60))
        )
    groups = (NAMES, WORDS, QUANTITIES, MARKS)
    weights = rng.choice(((5, 6, 2, 3), (5, 1, 0, 4), (2, 4, 4, 1), (4, 4, 1, 0)))
    text = "".join(rng.choice(rng.choices(groups, weights)[0]) for _ in range(rng.randint(1, 40)))
    return mutate(text, rng) if rng.random() < 0.4 else text


def mutate(text: str, rng: random.Random) -> str:
    """Return a text with a few stretches left out, doubled, turned round or replaced."""
    for _ in range(rng.randint(1, 4)):
        start = rng.randint(0, len(text))
        end = min(len(text), start + rng.randint(0, 8))
        part = text[start:end]
        new = rng.choice(("", part * 2, part[::-1], rng.choice(ALL), chr(rng.randrange(0x110000)), part * 20))
        text = text[:start] + new + text[end:]
    return text


def make_bytes(rng: random.Random) -> bytes:
    """Return the bytes of a file: a record or page with hostile contents, cut and broken, in some encoding."""
    kind = rng.random()
    text = make_text(rng)
    if kind < 0.3:
        keys = (
            "text",
            "content",
            "title",
            "date",
            "url",
            "author",
            "items",
            "data",
            "source",
            "id",
            "",
            "\ud800",
            "正文",
        )
        record: object = {rng.choice(keys): _value(rng) for _ in range(4)} | {"text": text}
        data = json.dumps(record if rng.random() < 0.7 else [record, record], ensure_ascii=rng.random() < 0.5).encode(
            "utf-8", "replace" if rng.random() < 0.7 else "surrogatepass"
        )
    elif kind < 0.6:
        data = b"".join(rng.choice(BYTES) for _ in range(rng.randint(0, 25))) + text.encode("utf-8", "replace")
    elif kind < 0.9:
        encoding = rng.choice(("utf-8", "gb18030", "big5", "utf-16", "utf-8-sig"))
        data = text.encode(encoding, "replace")
    else:
        data = rng.randbytes(rng.randint(0, 80))
    for _ in range(rng.choice((0, 0, 1, 3))):
        place = rng.randint(0, len(data))
        data = data[:place] + rng.choice([*BYTES, b""]) + data[place + rng.randint(0, 3) :]
    return data


def _value(rng: random.Random, depth: int = 0) -> object:
    kind = rng.randrange(9 if depth < 3 else 6)
    if kind < 4:
        return make_text(rng)
    if kind < 6:
        return rng.choice([None, True, 0, -1, 10**400, 1e308, float("nan"), 1700000000, 99999999999999999, ""])
    if kind < 8:
        return [_value(rng, depth + 1) for _ in range(rng.randint(0, 3))]
    return {rng.choice(("name", "value", "text", "items", "x")): _value(rng, depth + 1)}


def check_reading(data: bytes, folder: Path) -> None:
    """Read bytes as every format and as standard input: documents that can be written, and issues, nothing else."""
    first = list(read_documents(["-"], stdin=io.BytesIO(data), limits=LIMITS))
    assert first == list(read_documents(["-"], stdin=io.BytesIO(data), limits=LIMITS))
    results = list(first)
    for suffix in sorted({next(s for s, f in FORMATS.items() if f == format_) for format_ in FORMATS.values()}):
        path = folder / f"a{suffix}"
        path.write_bytes(data)
        found = list(read_source(path, limits=LIMITS))
        assert found, "nothing was said of the file"
        results += found
    for result in results:
        if isinstance(result, Issue):
            f"{result.source}{result.reason}".encode()
        else:
            parts = (result.text, result.title, result.url, result.publisher, result.author, result.record_id)
            "".join(filter(None, parts)).encode()
            assert result.text.strip()
            assert len(result.text) <= 2 * LIMITS.max_record_chars


def check_normalizing(text: str) -> None:
    """Normalize: every character has its place in the original, in order; a second time changes nothing."""
    normalized = normalize(text)
    spans = [normalized.to_original(i, i + 1) for i in range(len(normalized.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    normalized.text.encode()
    assert normalize(normalized.text).text == normalized.text
    fold_name(text), language_of(text), to_traditional(text)


def check_quantities(text: str, reference: PartialDate | None) -> None:
    """Find quantities in normalized and in raw text: in order, inside the text, as the text words them."""
    for given in (text, normalize(text).text):
        for found in (find_money(given), find_dates(given, reference), find_rounds(given), find_shares(given)):
            assert all(0 <= f.start < f.end <= len(given) for f in found)
            assert all(a.end <= b.start for a, b in pairwise(found))
            for f in found:
                wording = getattr(f.value, "wording", None)
                assert wording is None or wording == given[f.start : f.end]
            assert [(f.start, f.end) for f in found] == sorted((f.start, f.end) for f in found)


def check_extraction(text: str, extractor: Extractor, reference: PartialDate | None = None) -> None:
    """Extract: all evidence is where it says it is, every id has its entity, and twice is the same."""
    document = Document(text, published=reference)
    found = extract(document, extractor=extractor)
    for evidence in _evidence(found):
        assert 0 <= evidence.start < evidence.end <= len(text), evidence
        assert evidence.quote == text[evidence.start : evidence.end], evidence
        assert evidence.document == document.id
    known = {entity.id for entity in found.entities}
    assert all(mention.entity in known for mention in found.mentions)
    assert all(claim.subject in known and claim.object in known for claim in found.claims)
    assert all(investment.investee in known for investment in found.investments)
    assert found == extract(document, extractor=extractor)


def _evidence(found: Extraction) -> list[Evidence]:
    stated = [*found.mentions, *found.claims, *found.investments, *found.namings]
    return [item.evidence for item in stated]
