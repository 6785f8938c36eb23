import csv
import io
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.model import Document, Issue
from kg.text.feeds import ExtraDataError, read_csv, read_json, read_json_lines
from kg.text.limits import DEFAULT_LIMITS, ReadLimits

A, B = "星河智能发布了新的语言模型。", "云岭科技完成了新一轮融资。"


def documents(results: Iterator[Document | Issue]) -> list[tuple[str, str]]:
    """Return (place, text) of each document; there must be no issue."""
    found = list(results)
    assert [result for result in found if isinstance(result, Issue)] == []
    return [(result.source, result.text) for result in found if isinstance(result, Document)]


def outcomes(results: Iterator[Document | Issue]) -> list[tuple[str, str]]:
    """Return (place, text or severity and reason) of everything."""
    return [(r.source, r.text if isinstance(r, Document) else f"{r.severity}: {r.reason}") for r in results]


def parse(value: object, limits: ReadLimits = DEFAULT_LIMITS) -> Iterator[Document | Issue]:
    return read_json(json.dumps(value), source="f.json", limits=limits)


def parse_lines(*lines: str | bytes, limits: ReadLimits = DEFAULT_LIMITS) -> Iterator[Document | Issue]:
    data = b"\n".join(line.encode() if isinstance(line, str) else line for line in lines)
    return read_json_lines(io.BytesIO(data), source="f.jsonl", limits=limits)


def parse_csv(table: str, limits: ReadLimits = DEFAULT_LIMITS, encoding: str = "utf-8") -> Iterator[Document | Issue]:
    return read_csv(io.BytesIO(table.encode(encoding)), source="f.csv", limits=limits)


@pytest.mark.parametrize("container", ["items", "articles", "data", "records", "results", "Articles"])
def test_records_are_found_in_a_container(container: str) -> None:
    expected = [("f.json#1", A), ("f.json#2", B)]
    assert documents(parse({container: [{"text": A}, {"text": B}], "status": "ok"})) == expected
    assert documents(parse({"data": {container: [{"text": A}, {"text": B}]}})) == expected


def test_one_record_and_a_list_of_records_are_read() -> None:
    assert documents(parse({"text": A, "items": [{"text": "附件"}]})) == [("f.json", A)]
    assert documents(parse([{"text": A}, {"text": B}])) == [("f.json#1", A), ("f.json#2", B)]


def test_a_json_feed_is_read() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "示例周报", "home_page_url": "https://a.example/",
        "items": [
            {
                "id": "1", "title": "降价", "content_html": f"<p>{A}</p><p>{B}</p>", "url": "https://a.example/1",
                "date_published": "2025-08-21T00:00:00Z", "authors": [{"name": "李明"}],
            },
        ],
    }  # fmt: skip
    [document] = parse(feed)
    assert isinstance(document, Document)
    assert document.text == f"降价\n{A}\n{B}"
    assert (document.publisher, document.author, document.record_id) == ("示例周报", "李明", "1")


@pytest.mark.parametrize(
    "value", ["文字", 1, 1.5, None, True, {"items": "无"}, [], {"data": {"data": {"data": {"data": {}}}}}]
)
def test_json_of_another_shape_is_refused(value: object) -> None:
    try:
        results = outcomes(parse(value))
    except InputError as fault:
        results = [("f.json", f"error: {fault}")]
    assert len(results) == 1
    assert results[0][1].startswith("error: ")


def test_an_element_that_is_no_record_is_an_error_and_the_next_is_read() -> None:
    results = outcomes(parse([A, {"text": A}, None, [1], {"title": "空"}, {"text": B}]))
    assert [place for place, _ in results] == [f"f.json#{number}" for number in range(1, 7)]
    assert [text for _, text in results if not text.startswith("error: ")] == [A, B]
    assert results[0][1] == "error: a record must be an object, not a string"


@pytest.mark.parametrize(
    "text", ['{"text": ', "", "{'text': 1}", '{"text": "a\nb"}', "[" * 100_000, "1" * 5000, '{"a":' * 9999]
)
def test_broken_json_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        list(read_json(text, source="f.json", limits=DEFAULT_LIMITS))


def test_a_second_json_text_is_told_from_broken_json() -> None:
    with pytest.raises(ExtraDataError):
        list(read_json('{"text": "a"}\n{"text": "b"}', source="f.json", limits=DEFAULT_LIMITS))


def test_each_broken_line_is_an_error_and_the_others_are_read() -> None:
    results = outcomes(
        parse_lines(
            "\ufeff" + json.dumps({"text": A}),
            '{"text": ',
            "",
            json.dumps("文字"),
            b'{"text": "\xe6\x98\xff"}',
            "[" * 100_000,
            json.dumps({"title": "空"}),
            json.dumps({"text": "长" * 200}),
            '{"text": "\\ud83d半"}',
            json.dumps({"text": B}, ensure_ascii=False) + "\r",
            limits=ReadLimits(max_record_chars=150),
        )
    )
    assert [place for place, _ in results] == [f"f.jsonl#{number}" for number in (1, 2, 4, 5, 6, 7, 8, 9, 9, 10)]
    assert (results[0][1], results[-1][1], results[-2][1]) == (A, B, "\ufffd半")
    assert [text.split(":")[0] for _, text in results[1:-3]] == ["error"] * 6
    assert results[-3][1].startswith("notice: ")
    assert "column 10" in results[1][1]


def test_deep_nesting_within_the_line_limit_is_an_error() -> None:
    results = outcomes(parse_lines("[" * 200_000, json.dumps({"text": B})))
    assert results == [("f.jsonl#1", "error: JSON nested too deeply: give the records alone"), ("f.jsonl#2", B)]


def test_a_line_may_hold_several_records() -> None:
    assert documents(parse_lines(json.dumps([{"text": A}, {"text": B}]))) == [("f.jsonl#1.1", A), ("f.jsonl#1.2", B)]


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_a_feed_without_lines_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="empty"):
        list(read_json_lines(io.BytesIO(data), source="f.jsonl", limits=DEFAULT_LIMITS))
    with pytest.raises(InputError, match="empty"):
        list(read_csv(io.BytesIO(data), source="f.csv", limits=DEFAULT_LIMITS))


def test_json_lines_are_read_one_at_a_time() -> None:
    def produce() -> Iterator[bytes]:
        for number in range(10**9):
            yield json.dumps({"text": f"{A}{number}"}).encode() + b"\n"

    class Endless(io.RawIOBase):
        rest = b""
        lines = produce()

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            self.rest = self.rest or next(self.lines)
            size = min(len(buffer), len(self.rest))
            buffer[:size], self.rest = self.rest[:size], self.rest[size:]
            return size

    results = read_json_lines(io.BufferedReader(Endless()), source="-", limits=DEFAULT_LIMITS)
    assert outcomes(next(results) for _ in range(3))[2] == ("-#3", f"{A}2")


def test_a_table_is_read() -> None:
    table = (
        f'ID,Title,TEXT,Published_At,Link,Source,Author\n7,降价,"{A}\n“{B}”",2025-08,https://a.example/,示例社,李明\n'
    )
    [document] = parse_csv(table)
    assert isinstance(document, Document)
    assert document.text == f"降价\n{A}\n“{B}”"
    assert (document.record_id, document.publisher, document.author) == ("7", "示例社", "李明")
    assert document.published is not None
    assert (document.published.iso, document.source) == ("2025-08", "f.csv#2")


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize(("encoding", "heading"), [("utf-8-sig", "内容"), ("gb18030", "正文"), ("utf-16", "內容")])
def test_headings_may_be_chinese_in_any_encoding(delimiter: str, encoding: str, heading: str) -> None:
    table = (
        delimiter.join(["标题", heading, "发布时间", "来源"])
        + "\r\n"
        + delimiter.join(["降价", A, "2025年8月21日", "示例社"])
    )
    [document] = parse_csv(table, encoding=encoding)
    assert isinstance(document, Document)
    assert (document.text, document.title, document.publisher) == (f"降价\n{A}", "降价", "示例社")
    assert document.published is not None


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('",\n;\t'), min_size=1)


@given(st.lists(cells.filter(str.strip), min_size=1, max_size=5))
def test_any_cell_survives_quoting(texts: list[str]) -> None:
    table = io.StringIO(newline="")
    writer = csv.writer(table, quoting=csv.QUOTE_ALL)
    writer.writerows([["text", "id"], *([text, str(number)] for number, text in enumerate(texts))])
    assert [text for _, text in documents(parse_csv(table.getvalue()))] == texts


def test_a_long_cell_is_read_and_the_global_limit_is_left_alone() -> None:
    before = csv.field_size_limit()
    assert documents(parse_csv(f"text\n{'长' * 200_000}\n")) == [("f.csv#2", "长" * 200_000)]
    assert csv.field_size_limit() == before


def test_each_broken_row_is_an_error_and_the_others_are_read() -> None:
    long_cell = f'"{"长" * 60}\n{"长" * 60}"'
    rows = [
        "title,text",
        f"一,{A}",
        "二,甲,乙",
        "三",
        "",
        f"四,{long_cell}",
        f"五,{'长' * 101}",
        ",,",
        f"六,{B}",
        '七,"没完',
        f"八,{A}",
    ]
    table = "\n".join(rows) + "\n"
    results = outcomes(parse_csv(table, ReadLimits(max_record_chars=100)))
    assert [place for place, _ in results] == [f"f.csv#{number}" for number in (2, 3, 4, 6, 8, 10, 11)]
    texts = [text for _, text in results]
    assert (texts[0], texts[5]) == (f"一\n{A}", f"六\n{B}")
    for text, reason in zip(
        texts[1:5] + texts[6:], ("3 cells", "no text", "broken row", "longer", "never closed"), strict=True
    ):
        assert text.startswith("error: ")
        assert reason in text


def test_an_undecodable_row_is_an_error_and_the_others_are_read() -> None:
    data = f"title,text\n一,{A}\n".encode() + b"\xe6\x98\xff,x\n" + f"三,{B}\n".encode()
    results = outcomes(read_csv(io.BytesIO(data), source="f.csv", limits=DEFAULT_LIMITS))
    assert [place for place, _ in results] == ["f.csv#2", "f.csv#3", "f.csv#4"]
    assert "save the file as UTF-8" in results[1][1]


def test_a_table_without_a_text_column_is_refused() -> None:
    with pytest.raises(InputError, match=r"found: id, title\).*正文"):
        list(parse_csv("id,title\n1,降价\n"))


def test_a_table_of_headings_alone_is_refused() -> None:
    with pytest.raises(InputError, match="no rows"):
        list(parse_csv("id,text\n"))
    assert outcomes(parse_csv("id,text\n,\n")) == []


@pytest.mark.parametrize("heading", ["text\rtitle", '"text"\r,title', "text," + "x" * 200_001])
def test_headings_that_cannot_be_read_are_refused(heading: str) -> None:
    with pytest.raises(InputError, match=r"headings cannot be read|longer than the limit|no rows"):
        list(parse_csv(heading + "\n"))


def test_a_giant_cell_is_read_up_to_the_limit_of_a_record() -> None:
    text = A * 15_000
    assert documents(parse_csv(f"text\n{text}\n")) == [("f.csv#2", text)]
    [(_, reason)] = outcomes(parse_csv(f"text\n{text}\n", limits=ReadLimits(max_record_chars=1000)))
    assert "longer than the limit" in reason
