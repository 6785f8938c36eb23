"""A record of named fields (of JSON, CSV, front matter, a page's metadata) as a document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from kg.errors import InputError
from kg.model import Document, Issue
from kg.text.encodings import reject_garbled
from kg.text.html import looks_like_markup, strip_markup
from kg.text.limits import ReadLimits
from kg.text.timestamps import parse_timestamp

__all__ = ["fold_name", "has_body", "read_record"]

# Field -> names as fold_name() leaves them, the most specific first; Chinese headings in both scripts.
_NAMES = {
    field: tuple(names.split())
    for field, names in {
        "body": "text contenttext fulltext articlebody content body article contenthtml html 正文 全文 内容 內容 文本",
        "summary": "summary description abstract digest 摘要 简介 簡介",
        "id": "id guid uuid docid articleid 编号 編號",
        "title": "title headline 标题 標題 题目 題目",
        "url": "url link canonicalurl permalink href externalurl 链接 鏈接 連結 网址 網址",
        "publisher": "publisher source site sitename media outlet 来源 來源 媒体 媒體 出处 出處",
        "author": "author authors byline creator dccreator 作者 记者 記者",
        "date": "publishedat datepublished published publisheddate pubdate publishtime publishdate publicationdate"
        " date datetime timestamp time createdat created"
        " 发布时间 發布時間 發佈時間 发布日期 發布日期 發佈日期 日期 时间 時間",
    }.items()
}
_BODY = _NAMES["body"]
_SUMMARY = _NAMES["summary"]
_METADATA = ("id", "title", "url", "publisher", "author", "date")
_FLATTEN_DEPTH = 4
_SEPARATORS = re.compile(r"[\W_]+")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]*\)")
_GOES_ON = re.compile(r"[\w，、,]")
_WEB_ADDRESS = re.compile(r"""https?://[^\s<>"{}|\\^`]+""", re.IGNORECASE)


def fold_name(name: str) -> str:
    """Return a field name without case, width and separators.

    >>> fold_name("\ufeffPublished_At"), fold_name("发布时间 "), fold_name("dc:creator")
    ('publishedat', '发布时间', 'dccreator')
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", name)).casefold()


def has_body(names: Iterable[str], *, or_summary: bool = False) -> bool:
    """Return whether one of these field names is that of an article's text (`or_summary`: or of its summary)."""
    return not {fold_name(name) for name in names}.isdisjoint(_BODY + _SUMMARY if or_summary else _BODY)


def read_record(
    record: Mapping[str, object], *, source: str, limits: ReadLimits, publisher: str | None = None
) -> Iterator[Document | Issue]:
    """Yield the document of a record, and an issue for each thing that is wrong with it.

    `publisher` stands in where the record names none (a feed's own title); failing that, the host of its URL does.
    A record without text, too long, or full of control characters yields an issue alone.
    """
    fields: dict[str, object] = {}
    for name, value in record.items():
        fields.setdefault(fold_name(name), value)
    values = {field: _pick(fields, _NAMES[field]).strip() for field in _METADATA}
    try:
        values["text"] = _find_body(fields, limits)
        _check_body(values["text"], limits)
    except InputError as fault:
        yield Issue(source, str(fault))
        return
    if any(map(_LONE_SURROGATE.search, values.values())):
        values = {field: _LONE_SURROGATE.sub("\ufffd", value) for field, value in values.items()}
        yield Issue(source, "halves of characters (lone surrogates) were replaced by U+FFFD", "notice")
    title = " ".join(values["title"].split()) or None
    if values["url"] and not _WEB_ADDRESS.fullmatch(values["url"]):
        yield Issue(source, f"its URL {_shorten(values['url'])} is no web address and was left out", "notice")
        values["url"] = ""
    published = parse_timestamp(values["date"]) if values["date"] else None
    if values["date"] and published is None:
        yield Issue(source, f"its date {_shorten(values['date'])} could not be read: write it as yyyy-mm-dd", "notice")
    yield Document(
        text=_compose_text(title, values["text"]),
        title=title,
        url=values["url"] or None,
        publisher=values["publisher"] or publisher or _find_host(values["url"]),
        author=_MARKDOWN_LINK.sub(r"\1", values["author"]) or None,
        published=published,
        source=source,
        record_id=values["id"] or None,
    )


def _find_body(fields: Mapping[str, object], limits: ReadLimits) -> str:
    """Return the text of the first field that has one, without its HTML tags."""
    for name in _BODY + _SUMMARY:
        text = _flatten(fields.get(name), "\n")
        if not text.strip():
            continue
        # A field called text is taken at its word: an article on web design may well hold tags.
        if "html" in name or (name != "text" and looks_like_markup(text)):
            text = strip_markup(text, max_elements=limits.max_elements)
        if text.strip():
            return text
    return ""


def _check_body(text: str, limits: ReadLimits) -> None:
    if not text.strip():
        raise InputError("the record has no text: give it in a field named text, content or body")
    if len(text) > limits.max_record_chars:
        raise InputError(f"a record longer than the limit of {limits.max_record_chars:,} characters: split it")
    reject_garbled(text)


def _compose_text(title: str | None, body: str) -> str:
    if title is None:
        return body
    start = body.lstrip(" \t\r\n\u3000#【")
    # A company's name as the title may well begin the first sentence too; that is no headline repeated.
    repeated = start.startswith(title) and not _GOES_ON.match(start, len(title))
    return body if repeated else f"{title}\n{body}"


def _pick(fields: Mapping[str, object], names: tuple[str, ...]) -> str:
    for name in names:
        if (text := _flatten(fields.get(name), "、")).strip():
            return text
    return ""


def _flatten(value: object, separator: str, depth: int = 0) -> str:
    """Return a field's value as text: an object stands for its name or value, a list for all its elements."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None or depth > _FLATTEN_DEPTH:
        return ""
    if isinstance(value, int | float):
        return f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    if isinstance(value, Mapping):
        named = (_flatten(value.get(key), separator, depth + 1) for key in ("name", "value", "text", "title", "url"))
        return next(filter(None, named), "")
    if isinstance(value, list):
        return separator.join(filter(None, (_flatten(element, separator, depth + 1) for element in value)))
    return ""


def _find_host(url: str) -> str | None:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _shorten(wording: str) -> str:
    return repr(wording if len(wording) <= 60 else wording[:59] + "…")
