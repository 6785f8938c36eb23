import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.model import Document, Issue
from kg.text.articles import read_article, read_web_article, split_front_matter
from kg.text.limits import DEFAULT_LIMITS, ReadLimits

SENTENCE = "星河智能在周一发布了新的语言模型，价格比去年低了一半。"


def read(text: str) -> tuple[Document, list[Issue]]:
    results = list(read_article(text, source="a.txt", limits=DEFAULT_LIMITS))
    [document] = [result for result in results if isinstance(result, Document)]
    return document, [result for result in results if isinstance(result, Issue)]


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\r\t"), min_size=1).filter(str.strip)
)
def test_a_plain_text_is_kept_to_the_last_character(text: str) -> None:
    document, issues = read(text)
    if split_front_matter(text) is None:
        assert (document.text, issues) == (text, [])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"星河智能发布新模型\n{SENTENCE}", "星河智能发布新模型"),
        (f"\n\n  星河智能，凭什么便宜？\r\n\r\n{SENTENCE}", "星河智能，凭什么便宜？"),
        (f"![]()\n{SENTENCE}", None),
        (f"{SENTENCE}\n第二段", None),
        (f"{'长' * 61}\n{SENTENCE}", None),
        (f"订阅\n分享\n2025-08-21 17:19\n云岭科技的新算盘\n{SENTENCE}", "云岭科技的新算盘"),
        (f"快讯\n{SENTENCE}", "快讯"),
        (f"# AI 周报 #\n{SENTENCE}", "AI 周报"),
        ("据了解，\n", None),
    ],
)
def test_the_title_is_the_first_line_that_can_be_one(text: str, title: str | None) -> None:
    assert read(text)[0].title == title


def test_a_date_line_is_looked_for_near_the_top_alone() -> None:
    published = read(f"云岭科技的新算盘\n\n2025-08-21 17:19\n\n{SENTENCE}")[0].published
    assert published is not None
    assert published.iso == "2025-08-21"
    assert read("\n".join([SENTENCE] * 10 + ["2025-08-21"]))[0].published is None


MULTI_LINE = """---
title: "星河智能：便宜一半"
url: https://news.example.com/1.md
published_at: 2025-08-21T17:19:00Z
author: '[李明](https://example.com/li)'
tags: [AI, 模型]
---

# 星河智能：便宜一半

正文第一段。
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_front_matter_is_read(ending: str) -> None:
    document, issues = read(MULTI_LINE.replace("\n", ending))
    assert issues == []
    assert (document.title, document.author) == ("星河智能：便宜一半", "李明")
    assert (document.url, document.publisher) == ("https://news.example.com/1.md", "news.example.com")
    assert document.published is not None
    assert document.published.iso == "2025-08-21"
    assert document.text == ending.join(["# 星河智能：便宜一半", "", "正文第一段。", ""])


def test_front_matter_on_one_line_is_read() -> None:
    text = (
        '--- title: "云岭的 “低价” 账: 算得清吗" description: "它说 \\"不急\\" --- 也行" type: topic '
        " site: 示例 新闻网 "
        'locale: \'zh-HK\' url: "https://news.example.com/1.md" published_at: "2025-08-21T17:19:00.000Z" '
        'author: "[李明](https://example.com/li)" --- # 云岭的 “低价” 账: 算得清吗 正文 --- 第一段。'
    )
    document, issues = read(text)
    assert issues == []
    assert document.text == "# 云岭的 “低价” 账: 算得清吗 正文 --- 第一段。"
    assert (document.title, document.author) == ("云岭的 “低价” 账: 算得清吗", "李明")
    assert (document.publisher, document.url) == ("示例 新闻网", "https://news.example.com/1.md")
    assert document.published is not None
    assert document.published.iso == "2025-08-21"


def test_the_title_of_front_matter_is_part_of_the_text() -> None:
    assert read("---\ntitle: 星河智能\n---\n正文。")[0].text == "星河智能\n正文。"


def test_a_date_line_stands_in_for_a_date_of_the_front_matter() -> None:
    published = read(f"---\ntitle: 星河智能\n---\n2025年8月21日 10:00\n{SENTENCE}")[0].published
    assert published is not None
    assert published.iso == "2025-08-21"


@pytest.mark.parametrize(
    "matter",
    [
        "title: [",
        "- a\n- b",
        "a: &x [*x",
        "a: &x [1]\nb: &y [*x, *x]\ntitle: *y",
        ": :",
        "title: !!python/name:os.system x: y",
    ],
)
def test_broken_front_matter_is_a_notice(matter: str) -> None:
    document, issues = read(f"---\n{matter}\n---\n正文。")
    assert document.text == "正文。"
    assert [issue.severity for issue in issues] == ["notice"]


def test_deeply_nested_front_matter_is_a_notice() -> None:
    document, issues = read("---\na: " + "[" * 50_000 + "\n---\n正文。")
    assert document.text == "正文。"
    assert [issue.severity for issue in issues] == ["notice"]


@pytest.mark.parametrize(
    "text", ["---\n正文没有结束线", "--- 没有字段 --- 正文", "--------\n正文", "--- a: b 正文", "正文\n---\na: b\n---"]
)
def test_a_ruled_line_is_no_front_matter(text: str) -> None:
    assert split_front_matter(text) is None
    assert read(text)[0].text == text


@pytest.mark.parametrize("text", ["--- a: b" + " " * 300_000, "# 甲" + " " * 300_000 + "乙", "--- a: 'b" * 50_000])
def test_long_runs_take_no_time(text: str) -> None:
    started = time.process_time()
    assert read(text)[0].text == text
    assert time.process_time() - started < 2


@given(st.text(st.sampled_from("-- :\"'\\\na b[]甲"), max_size=60))
def test_looking_for_front_matter_never_raises(text: str) -> None:
    found = split_front_matter("---" + text)
    assert found is None or ("---" + text).endswith(found[1])


@pytest.mark.parametrize(
    ("text", "reason"),
    [(" \n\u3000\n", "no text"), ("字" * 101, "limit of 100 characters"), ("\x01\x02字", "control characters")],
)
def test_a_text_that_cannot_be_used_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        list(read_article(text, source="a.txt", limits=ReadLimits(max_record_chars=100)))


def test_front_matter_without_a_text_is_an_error() -> None:
    [issue] = read_article("---\ntitle: 空\n---\n", source="a.md", limits=DEFAULT_LIMITS)
    assert isinstance(issue, Issue)
    assert (issue.source, issue.severity) == ("a.md", "error")


def test_a_web_article_has_its_title_and_the_date_of_its_byline() -> None:
    body = f"<p>来源：示例 2025-08-21</p><p>{SENTENCE}</p>"
    markup = f"<html><head><title>星河智能降价</title></head><body>{body}</body></html>"
    [document] = read_web_article(markup, source="a.html", limits=DEFAULT_LIMITS)
    assert isinstance(document, Document)
    assert document.text == f"星河智能降价\n来源：示例 2025-08-21\n{SENTENCE}"
    assert document.published is not None
    assert (document.published.iso, document.source) == ("2025-08-21", "a.html")


def test_a_long_page_is_an_error() -> None:
    limits = ReadLimits(max_record_chars=100)
    [issue] = read_web_article(f"<p>{SENTENCE * 10}</p>", source="a.html", limits=limits)
    assert isinstance(issue, Issue)
    assert "longer than the limit" in issue.reason
