"""Reading documents from files, directories and standard input.

Text, Markdown, HTML, JSON, JSON Lines, CSV and TSV, in UTF-8, UTF-16, GB18030 (GBK) or Big5. Everything is a generator:
a feed of any size is read record by record. Whatever is wrong with an input becomes an :class:`kg.model.Issue` among
the documents, and reading goes on behind it: severity `error` for a record or file that was lost, `warning` for a place
that was not searched, `notice` for a detail that was left out or a file that was passed over.
"""

from __future__ import annotations

import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from kg.errors import InputError
from kg.model import Document, Issue
from kg.text.articles import read_article, read_web_article
from kg.text.encodings import decode_bytes, guess_encoding, reject_binary
from kg.text.feeds import ExtraDataError, read_csv, read_json, read_json_lines
from kg.text.html import find_charset
from kg.text.limits import DEFAULT_LIMITS, ReadLimits
from kg.text.lines import HEAD_BYTES, read_whole, rewind

__all__ = ["FORMATS", "ReadLimits", "find_sources", "read_documents", "read_source"]

FORMATS = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".markdown": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
}
"""File name suffix, in lower case -> format. Any other file that is named outright is judged by its first bytes."""

_STDIN = "-"
_HTML_START = re.compile(
    r"(?:<\?xml[^>]*>|(?><!--.*?-->)|\s)*+<(?:!doctype\s+html|html|head|body|meta|title|article)\b", re.I | re.S
)
_WHOLE_ADVICE = "split it, or turn it into JSON Lines, which is read line by line"
_ARTICLE_ADVICE = "split it into articles"


def read_documents(
    paths: Iterable[Path | str], *, stdin: BinaryIO | None = None, limits: ReadLimits = DEFAULT_LIMITS
) -> Iterator[Document | Issue]:
    """Yield the documents of files and directories, in the order given, and an issue for each fault.

    `-` stands for standard input, or for `stdin` where that is given.
    """
    for found in find_sources(paths):
        if isinstance(found, Issue):
            yield found
        elif str(found) == _STDIN:
            yield from _read_safely(stdin or sys.stdin.buffer, suffix="", source=_STDIN, limits=limits)
        else:
            yield from read_source(found, limits=limits)


def read_source(path: Path | str, *, limits: ReadLimits = DEFAULT_LIMITS) -> Iterator[Document | Issue]:
    """Yield the documents of one file, and an issue for each fault.

    A document's source is the path as given; behind it stand `#` and a number for one of several records: the line in
    JSON Lines and CSV, the place in a JSON list, counted from 1.
    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            yield from _read_safely(stream, suffix=path.suffix.lower(), source=_name(path), limits=limits)
    except OSError as fault:
        yield _to_issue(path, fault)


def find_sources(paths: Iterable[Path | str]) -> Iterator[Path | Issue]:
    """Yield the files that `paths` stand for, directories expanded, and an issue for what cannot be read.

    A directory is walked in the order of its names' code points. Hidden files in it are left out, files of unknown
    suffixes are left out with a notice, and a link back to a directory that is already walked is not followed.
    """
    for given in paths:
        path = Path(given)
        try:
            is_directory = str(given) != _STDIN and path.stat() and path.is_dir()
        except (OSError, ValueError) as fault:
            yield _to_issue(path, fault)
            continue
        if is_directory:
            yield from _walk(path)
        else:
            yield path


def _walk(root: Path) -> Iterator[Path | Issue]:
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    empty = True
    while waiting:
        path = waiting.pop()
        try:
            if not path.is_dir():
                empty = False
                yield _judge_file(path)
                continue
            status = path.stat()
            if (status.st_dev, status.st_ino) in seen:
                yield Issue(_name(path), "a link to a directory that is already read: not followed", "warning")
                continue
            seen.add((status.st_dev, status.st_ino))
            children = sorted((child for child in path.iterdir() if not child.name.startswith(".")), reverse=True)
        except OSError as fault:
            yield _to_issue(path, fault)
        else:
            waiting += children
    if empty:
        yield Issue(_name(root), "the directory holds no files", "warning")


def _judge_file(path: Path) -> Path | Issue:
    if not path.exists():
        return Issue(_name(path), "a link that leads nowhere", "warning")
    if not path.is_file():
        return Issue(_name(path), "no ordinary file: passed over", "notice")
    if path.suffix.lower() not in FORMATS:
        return Issue(_name(path), f"passed over: {path.suffix or 'a file without suffix'} is no known format", "notice")
    return path


def _read_safely(stream: BinaryIO, *, suffix: str, source: str, limits: ReadLimits) -> Iterator[Document | Issue]:
    try:
        head = stream.read(HEAD_BYTES)
        if not head.strip() and len(head) < HEAD_BYTES:
            raise InputError("the file is empty")
        reject_binary(head)
        format_ = FORMATS.get(suffix) or _sniff_format(head)
        yield from _cap_issues(_READERS[format_](rewind(head, stream), source, limits), source, limits)
    except (InputError, OSError) as fault:
        yield _to_issue(source, fault)


def _cap_issues(results: Iterator[Document | Issue], source: str, limits: ReadLimits) -> Iterator[Document | Issue]:
    """Tell the first faults of a file and count the rest: millions of broken lines must not fill the report."""
    issues: Counter[str] = Counter()
    for result in results:
        if isinstance(result, Issue):
            issues[result.severity] += 1
            if issues.total() > limits.max_issues:
                continue
        yield result
    if (left_out := issues.total() - limits.max_issues) > 0:
        severity = "error" if issues["error"] else "notice"
        yield Issue(source, f"{left_out:,} more faults in this file are not listed: correct the first ones", severity)


def _sniff_format(head: bytes) -> str:
    """Return the format of a file by its first bytes."""
    start = head.decode(guess_encoding(head) or "utf-8", "ignore").lstrip("\ufeff \t\r\n")
    if _HTML_START.match(start):
        return "html"
    if start.startswith("{"):
        first, line_break, rest = start.partition("\n")
        # A pretty-printed object spreads over lines; in JSON Lines each line ends one and the next line begins one.
        return "jsonl" if not line_break or first.rstrip().endswith("}") or '\n{"' in "\n" + rest else "json"
    if start.startswith("[") and start[1:].lstrip()[:1] in ("{", "]"):
        return "json"
    return "text"


def _read_text(stream: BinaryIO, source: str, limits: ReadLimits) -> Iterator[Document | Issue]:
    data = read_whole(stream, min(limits.max_file_bytes, limits.max_record_bytes), advice=_ARTICLE_ADVICE)
    return read_article(decode_bytes(data).text, source=source, limits=limits)


def _read_html(stream: BinaryIO, source: str, limits: ReadLimits) -> Iterator[Document | Issue]:
    data = read_whole(stream, limits.max_file_bytes, advice=_ARTICLE_ADVICE)
    markup = decode_bytes(data, declared=find_charset(data)).text
    return read_web_article(markup, source=source, limits=limits)


def _read_json(stream: BinaryIO, source: str, limits: ReadLimits) -> Iterator[Document | Issue]:
    data = read_whole(stream, limits.max_file_bytes, advice=_WHOLE_ADVICE)
    try:
        yield from read_json(decode_bytes(data).text, source=source, limits=limits)
    except ExtraDataError:
        yield from read_json_lines(io.BytesIO(data), source=source, limits=limits)


def _read_json_lines(stream: BinaryIO, source: str, limits: ReadLimits) -> Iterator[Document | Issue]:
    return read_json_lines(stream, source=source, limits=limits)


def _read_csv(stream: BinaryIO, source: str, limits: ReadLimits) -> Iterator[Document | Issue]:
    return read_csv(stream, source=source, limits=limits)


def _read_tsv(stream: BinaryIO, source: str, limits: ReadLimits) -> Iterator[Document | Issue]:
    return read_csv(stream, source=source, limits=limits, delimiters=("\t",))


_READERS: dict[str, Callable[[BinaryIO, str, ReadLimits], Iterator[Document | Issue]]] = {
    "text": _read_text,
    "html": _read_html,
    "json": _read_json,
    "jsonl": _read_json_lines,
    "csv": _read_csv,
    "tsv": _read_tsv,
}


def _name(path: Path | str) -> str:
    """Return a path with forward slashes, in characters that can be written anywhere."""
    return Path(path).as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _to_issue(path: Path | str, fault: InputError | OSError | ValueError) -> Issue:
    if isinstance(fault, FileNotFoundError):
        reason = "there is no such file or directory: check the path"
    elif isinstance(fault, PermissionError):
        reason = "it may not be read: change its permissions"
    elif isinstance(fault, OSError):
        reason = f"it could not be read: {fault.strerror or fault}"
    else:
        reason = str(fault)
    return Issue(_name(path), reason)
