"""One article a file: plain text, Markdown with front matter, a web page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

import yaml

from kg.errors import InputError
from kg.model import Document, Issue
from kg.text.encodings import reject_garbled
from kg.text.html import read_page
from kg.text.limits import ReadLimits
from kg.text.records import read_record
from kg.text.timestamps import find_date_line, parse_timestamp

__all__ = ["read_article", "read_web_article", "split_front_matter"]

_TOP_LINES = 10
_TITLE_CHARACTERS = 60
_LINE_CHARACTERS = 80  # of a title and the marks of a heading
# Fewer letters than this above an article are a button or a tag (订阅, #某公司), unless nothing better follows.
_TITLE_LETTERS = 6
_FRONT_MATTER_CHARACTERS = 65_536
_FRONT_MATTER_DEPTH = 5
_LETTER = re.compile(r"[^\W_]")
_SENTENCE_END = re.compile(r"。|[；;：:，,]$")
_HEADING = re.compile(r"#{1,6}\s+(?P<title>\S.*?)\s*#*\s*")
_OPENING = re.compile(r"\s*---[ \t]*")
_CLOSING_LINE = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$\n?", re.MULTILINE)
_PLAIN = r"(?P<plain>(?!---)[^\s\"'](?:(?!\s(?:[\w-]+:\s|---)).)*)"
_VALUE = rf"""(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^']|'')*)'|{_PLAIN})"""
_PAIR = re.compile(rf"\s*(?P<name>[A-Za-z][\w-]*):\s+{_VALUE}(?=\s)")
_CLOSING = re.compile(r"\s+---(?=\s|$)")


def read_article(text: str, *, source: str, limits: ReadLimits) -> Iterator[Document | Issue]:
    """Yield the document of a plain or Markdown text, and an issue for each thing that is wrong with it.

    Without front matter the text is kept to the last character. Raises InputError for a text that cannot be used.
    """
    if not text.strip():
        raise InputError("the file holds no text")
    if len(text) > limits.max_record_chars:
        raise InputError(f"longer than the limit of {limits.max_record_chars:,} characters: split it into articles")
    if matter := split_front_matter(text):
        fields, body = matter
        if not fields:
            yield Issue(source, "its front matter could not be read and was left out: check that it is YAML", "notice")
        yield from read_record({**_date_from(body), **fields, "text": body}, source=source, limits=limits)
        return
    reject_garbled(text)
    lines = _top_lines(text)
    yield Document(text, title=_find_title(lines), published=find_date_line(lines), source=source)


def read_web_article(markup: str, *, source: str, limits: ReadLimits) -> Iterator[Document | Issue]:
    """Yield the document of a web page, and an issue for each thing that is wrong with it.

    Raises InputError for a page without text and for one with too many elements.
    """
    page = read_page(markup, max_elements=limits.max_elements)
    fields: dict[str, object] = {
        "text": page.text,
        "title": page.title,
        "url": page.url,
        "publisher": page.publisher,
        "author": page.author,
    }
    fields |= {"date": page.date} if page.date else _date_from(page.text)
    yield from read_record(fields, source=source, limits=limits)


def split_front_matter(text: str) -> tuple[Mapping[str, object], str] | None:
    """Return the fields of the front matter and the text after it, or None where a text has no front matter.

    Front matter stands between two lines of three hyphens, or is squeezed onto one line with the text. The fields are
    empty when they are no YAML.

    >>> split_front_matter('--- title: "甲公司" date: 2025-12-01 --- 正文')
    ({'title': '甲公司', 'date': '2025-12-01'}, '正文')
    """
    opening = _OPENING.match(text)
    if not opening:
        return None
    if text.startswith(("\n", "\r\n"), opening.end()):
        # From the opening's line break on, so that front matter without a field is found as well.
        closing = _CLOSING_LINE.search(text, opening.end() + 1, opening.end() + _FRONT_MATTER_CHARACTERS)
        if not closing:
            return None
        return _parse_fields(text[opening.end() : closing.start()]), text[closing.end() :].lstrip()
    return _split_one_line(text, opening.end())


def _parse_fields(matter: str) -> Mapping[str, object]:
    try:
        if not _is_simple(matter):
            return {}
        # BaseLoader makes strings only: a date keeps its precision, and no tag can build an object.
        fields = yaml.load(matter, Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError:
        return {}
    return {str(name): value for name, value in fields.items()} if isinstance(fields, dict) else {}


def _is_simple(matter: str) -> bool:
    """Return whether YAML is flat and has no alias: deep lists take the parser minutes, nested aliases all memory."""
    depth = 0
    for event in yaml.parse(matter, Loader=yaml.BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _FRONT_MATTER_DEPTH or isinstance(event, yaml.AliasEvent):
            return False
    return True


def _split_one_line(text: str, position: int) -> tuple[Mapping[str, object], str] | None:
    fields: dict[str, object] = {}
    while pair := _PAIR.match(text, position, _FRONT_MATTER_CHARACTERS):
        fields.setdefault(pair["name"], _unquote(pair))
        position = pair.end()
    closing = _CLOSING.match(text, position)
    return (fields, text[closing.end() :].lstrip()) if fields and closing else None


def _unquote(pair: re.Match[str]) -> str:
    if pair["double"] is not None:
        try:
            return str(json.loads(f'"{pair["double"]}"', strict=False))
        except ValueError:
            return pair["double"]
    return pair["single"].replace("''", "'") if pair["single"] is not None else pair["plain"].strip()


def _top_lines(text: str) -> list[str]:
    """Return the first lines that hold something, without the space around them."""
    lines: list[str] = []
    start = 0
    while start < len(text) and len(lines) < _TOP_LINES:
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if line := text[start:end].strip():
            lines.append(line)
        start = end + 1
    return lines


def _date_from(text: str) -> dict[str, object]:
    date = find_date_line(_top_lines(text))
    return {"date": date.wording} if date else {}


def _find_title(lines: list[str]) -> str | None:
    """Return the first line that can be a title: short, no sentence, no date, and more than a button's label."""
    label = None
    for line in lines:
        if len(line) > _LINE_CHARACTERS:
            break
        heading = _HEADING.fullmatch(line)
        title = heading["title"] if heading else line
        letters = len(_LETTER.findall(title))
        if letters == 0 or parse_timestamp(title):
            continue
        if len(title) > _TITLE_CHARACTERS or _SENTENCE_END.search(title):
            break
        if heading or letters >= _TITLE_LETTERS:
            return title
        label = label or title
    return label
