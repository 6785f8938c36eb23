from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Document, Issue
from kg.text.limits import DEFAULT_LIMITS, ReadLimits
from kg.text.records import has_body, read_record

TEXT = "星河智能发布了新模型。"


def read(record: Mapping[str, object], limits: ReadLimits = DEFAULT_LIMITS) -> tuple[Document | None, list[Issue]]:
    results = list(read_record(record, source="feed#1", limits=limits))
    documents = [result for result in results if isinstance(result, Document)]
    assert len(documents) <= 1
    return (documents[0] if documents else None), [result for result in results if isinstance(result, Issue)]


def read_well(record: Mapping[str, object]) -> Document:
    document, issues = read(record)
    assert document is not None
    assert issues == []
    return document


def test_all_fields_are_read() -> None:
    document = read_well(
        {
            "id": 17, "title": "星河智能", "date_published": "2025-08-21T17:19:00+08:00", "text": TEXT,
            "url": "https://www.news.example.com/a?b=1#c", "source": "示例新闻网", "author": "[李明](https://example.com/li)",
        }
    )  # fmt: skip
    assert document.text == f"星河智能\n{TEXT}"
    assert (document.title, document.publisher, document.author) == ("星河智能", "示例新闻网", "李明")
    assert (document.record_id, document.source) == ("17", "feed#1")
    assert document.published is not None
    assert document.published.iso == "2025-08-21"


@pytest.mark.parametrize(
    "name",
    ["text", "content", "body", "content_text", "Content", "正文", "内容", "內容", "articleBody", "summary", "摘要"],
)
def test_the_text_is_found_under_its_names(name: str) -> None:
    assert read_well({name: TEXT}).text == TEXT
    assert has_body([name], or_summary=True)


@pytest.mark.parametrize(
    "name",
    [
        "date",
        "published",
        "published_at",
        "date_published",
        "pubDate",
        "publish-time",
        "日期",
        "发布时间",
        "發布時間",
        "Date",
    ],
)
def test_the_date_is_found_under_its_names(name: str) -> None:
    published = read_well({name: "2025-12", "text": TEXT}).published
    assert published is not None
    assert published.iso == "2025-12"


def test_the_full_text_goes_before_the_summary_and_publication_before_other_dates() -> None:
    record = {"summary": "摘要", "text": "", "content": TEXT, "date": "2024", "published_at": "2025", "created": "2023"}
    document = read_well(record)
    assert document.text == TEXT
    assert document.published is not None
    assert document.published.iso == "2025"


@pytest.mark.parametrize("body", ["星河智能\n正文", "# 星河智能\n\n正文", " \n星河智能。正文", "【星河智能】正文"])
def test_a_title_that_begins_the_body_is_not_written_twice(body: str) -> None:
    assert read_well({"title": "星河智能", "text": body}).text == body


def test_a_title_that_begins_the_first_sentence_is_written() -> None:
    assert read_well({"title": "星河智能", "text": TEXT}).text == f"星河智能\n{TEXT}"
    assert read_well({"title": "星河智能", "text": "星河智能，又上市。"}).text == "星河智能\n星河智能，又上市。"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_the_text_is_kept_to_the_character(text: str) -> None:
    assert read_well({"text": text}).text == text
    assert read_well({"text": text, "title": "\u0e01题"}).text.endswith(text)


def test_structured_values_are_flattened() -> None:
    record = {
        "content": ["第一段", {"value": "第二段"}, None, 3, True], "authors": [{"name": "李明"}, {"name": "王芳"}],
        "publisher": {"@type": "Organization", "name": "示例社"}, "id": 12.0,
    }  # fmt: skip
    document = read_well(record)
    assert (document.text, document.author, document.publisher) == ("第一段\n第二段\n3", "李明、王芳", "示例社")
    assert document.record_id == "12"


@pytest.mark.parametrize("name", ["content_html", "content", "body", "summary"])
def test_markup_in_a_body_is_stripped(name: str) -> None:
    assert read_well({name: "<p>星河<b>智能</b></p><p>上市</p>"}).text == "星河智能\n上市"


def test_a_field_called_text_keeps_its_tags() -> None:
    assert read_well({"text": "用<b>加粗</b>标签"}).text == "用<b>加粗</b>标签"


@pytest.mark.parametrize(
    ("url", "host"), [("https://www.a.example/x", "a.example"), ("http://B.example:80/", "b.example")]
)
def test_the_host_stands_in_for_the_publisher(url: str, host: str) -> None:
    assert read_well({"text": TEXT, "url": url}).publisher == host


@pytest.mark.parametrize("url", ["a/b.html", "javascript:alert(1)", "https://a b", "https://x/<y>", "http://"])
def test_what_is_no_web_address_is_left_out(url: str) -> None:
    document, issues = read({"text": TEXT, "url": url})
    assert document is not None
    assert document.url is None
    assert [issue.severity for issue in issues] == ["notice"]


def test_a_host_that_cannot_be_parsed_is_no_publisher() -> None:
    assert read_well({"text": TEXT, "url": "https://[bad"}).publisher is None


def test_an_unreadable_date_is_a_notice() -> None:
    document, issues = read({"text": TEXT, "date": "前天" * 100})
    assert document is not None
    assert document.published is None
    assert issues[0].severity == "notice"
    assert "yyyy-mm-dd" in issues[0].reason
    assert len(issues[0].reason) < 150


def test_lone_surrogates_are_replaced() -> None:
    document, issues = read({"text": "模型\ud83d发布", "title": "标题\udc00", "author": "\ud800"})
    assert document is not None
    assert (document.text, document.title, document.author) == ("标题\ufffd\n模型\ufffd发布", "标题\ufffd", "\ufffd")
    assert [issue.severity for issue in issues] == ["notice"]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({}, "no text"),
        ({"title": "只有标题"}, "no text"),
        ({"text": " \n\u3000"}, "no text"),
        ({"text": None, "content": [], "body": {}}, "no text"),
        ({"content_html": "<p> </p>"}, "no text"),
        ({"text": "字" * 101}, "longer than the limit of 100 characters"),
        ({"text": "模型\0发布"}, "control characters"),
        ({"content_html": "<p>字</p>" * 200}, "more than 50 elements"),
    ],
)
def test_a_record_that_cannot_be_used_is_an_error(record: dict[str, object], reason: str) -> None:
    document, issues = read(record, ReadLimits(max_record_chars=100, max_elements=50))
    assert document is None
    assert [(issue.source, issue.severity) for issue in issues] == [("feed#1", "error")]
    assert reason in issues[0].reason


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda values: (
        st.lists(values, max_size=3) | st.dictionaries(st.sampled_from(["name", "text", "x"]), values, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from(["id", "text", "title", "url", "date", "author", "content_html", "x"]), json_values)
)
def test_no_record_raises_or_gives_text_that_cannot_be_written(record: dict[str, object]) -> None:
    results = list(read_record(record, source="x", limits=DEFAULT_LIMITS))
    assert results
    for result in results:
        repr(result).encode()
        if isinstance(result, Document):
            assert result.text.strip()
            result.text.encode()
