"""Many records a file: JSON Lines and CSV, read line by line, and JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from kg.errors import InputError
from kg.model import Document, Issue
from kg.text.limits import ReadLimits
from kg.text.lines import Line, read_lines
from kg.text.records import fold_name, has_body, read_record

__all__ = ["ExtraDataError", "read_csv", "read_json", "read_json_lines"]

_CONTAINERS = ("items", "articles", "data", "records", "results", "documents", "entries", "posts", "news", "list")
_CONTAINER_DEPTH = 3
_DELIMITERS = (",", "\t", ";", "|")


class ExtraDataError(InputError):
    """A JSON text is followed by more: it is JSON Lines, whatever its name says."""


def read_json(text: str, *, source: str, limits: ReadLimits) -> Iterator[Document | Issue]:
    """Yield the documents of a JSON text: one record, a list of records, or an object that holds such a list.

    `source` gets `#` and the record's place, counted from 1, where there may be several. Raises InputError for broken
    JSON and for JSON that holds no records; ExtraDataError when a second JSON text follows.
    """
    yield from _read_value(_parse_json(text), source=source, separator="#", limits=limits)


def read_json_lines(stream: BinaryIO, *, source: str, limits: ReadLimits) -> Iterator[Document | Issue]:
    """Yield the documents of a stream of one JSON record a line, and an issue for each line that holds none.

    `source` gets `#` and the number of the line. Only one line is held in memory.
    """
    empty = True
    for line in read_lines(stream, limits):
        place = f"{source}#{line.number}"
        if line.fault:
            yield Issue(place, line.fault)
        elif not line.text.strip():
            continue
        else:
            try:
                yield from _read_value(
                    _parse_json(line.text.rstrip("\r\n")), source=place, separator=".", limits=limits
                )
            except InputError as fault:
                yield Issue(place, str(fault))
        empty = False
    if empty:
        raise InputError("the file is empty")


def read_csv(
    stream: BinaryIO, *, source: str, limits: ReadLimits, delimiters: tuple[str, ...] = _DELIMITERS
) -> Iterator[Document | Issue]:
    """Yield the documents of a table with a heading row, and an issue for each row that holds none.

    Of `delimiters`, the one that splits the headings into the most columns is taken. `source` gets `#` and the number
    of the row's first line. Raises InputError when no heading is that of a text column, or no row follows.
    """
    lines = _CsvLines(read_lines(stream, limits))
    heading = next((line for line in lines if line.strip()), None)
    yield from lines.take_issues(source)
    if heading is None:
        raise InputError("the file is empty")
    delimiter = max(delimiters, key=heading.count)
    names = _read_headings(heading, delimiter, limits)
    if not has_body(names, or_summary=True):
        columns = ", ".join(name.strip() for name in names)[:200]
        raise InputError(f"no column holds the text (found: {columns}): name it text, content, body, 正文 or 内容")
    rows = csv.reader(lines, delimiter=delimiter)
    empty = True
    while True:
        lines.taken.clear()
        try:
            cells = _next_row(rows, limits)
        except csv.Error as fault:
            yield from lines.take_issues(source)
            yield Issue(lines.place(source), f"a broken row ({fault}): check its quotation marks")
            empty = False
            continue
        issues = list(lines.take_issues(source))
        yield from issues
        empty = empty and not issues and cells is None
        if cells is None:
            break
        if any(cell.strip() for cell in cells):
            yield from _read_row(names, cells, lines, source=source, limits=limits)
    if empty:
        raise InputError("the table has headings and no rows: check that the file is complete")


def _read_headings(line: str, delimiter: str, limits: ReadLimits) -> list[str]:
    try:
        return _next_row(csv.reader([line], delimiter=delimiter), limits) or []
    except csv.Error as fault:
        # Such as the carriage returns that ended lines on old Macintoshes: the whole file is then one line.
        reason = (
            f"its headings cannot be read ({fault}): check its quotation marks, and that its lines end in line feeds"
        )
        raise InputError(reason) from None


class _CsvLines:
    """The readable lines of a table, for csv.reader; keeps the faults of others and the lines of the present row."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._faults: list[Line] = []
        self.taken: list[Line] = []
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        for line in self._lines:
            if line.fault is None:
                self.taken.append(line)
                return line.text
            self._faults.append(line)
        self.ended = True
        raise StopIteration

    def place(self, source: str) -> str:
        return f"{source}#{self.taken[0].number}" if self.taken else source

    def take_issues(self, source: str) -> Iterator[Issue]:
        faults, self._faults = self._faults, []
        for line in faults:
            yield Issue(f"{source}#{line.number}", str(line.fault))

    def is_unclosed(self) -> bool:
        """Whether the present row ran to the end of the file because a quotation mark was never closed."""
        return self.ended and sum(line.text.count('"') for line in self.taken) % 2 == 1


def _next_row(rows: Iterator[list[str]], limits: ReadLimits) -> list[str] | None:
    # The module's limit on a cell is global and far below an article; it counts only while a row is parsed.
    before = csv.field_size_limit(limits.max_record_chars)
    try:
        return next(rows, None)
    finally:
        csv.field_size_limit(before)


def _read_row(
    names: list[str], cells: list[str], lines: _CsvLines, *, source: str, limits: ReadLimits
) -> Iterator[Document | Issue]:
    place = lines.place(source)
    if lines.is_unclosed():
        last = lines.taken[-1].number
        yield Issue(place, f"a quotation mark opens here and is never closed: everything to line {last} was lost")
    elif any(cell.strip() for cell in cells[len(names) :]):
        reason = (
            f"the row has {len(cells)} cells, but there are {len(names)} columns: quote cells that hold the delimiter"
        )
        yield Issue(place, reason)
    else:
        record: dict[str, object] = dict(zip(reversed(names), reversed(_pad(cells, len(names))), strict=True))
        yield from read_record(record, source=place, limits=limits)


def _pad(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * width)[:width]


def _parse_json(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as fault:
        reason = f"broken JSON ({fault.msg}, line {fault.lineno}, column {fault.colno}): correct it"
        raise (ExtraDataError if fault.msg == "Extra data" else InputError)(reason) from None
    except RecursionError:
        raise InputError("JSON nested too deeply: give the records alone") from None
    except ValueError:
        # The one other fault: a whole number of more than 4,300 digits.
        raise InputError("broken JSON (a number is too long): correct it") from None


def _read_value(value: object, *, source: str, separator: str, limits: ReadLimits) -> Iterator[Document | Issue]:
    if isinstance(value, dict) and (has_body(value) or _find_container(value) is None):
        yield from read_record(value, source=source, limits=limits)
        return
    records, publisher = _list_records(value)
    if not records:
        raise InputError("the JSON holds no records: give an object with a text, or a list of such objects")
    for number, record in enumerate(records, 1):
        place = f"{source}{separator}{number}"
        if isinstance(record, Mapping):
            yield from read_record(record, source=place, limits=limits, publisher=publisher)
        else:
            yield Issue(place, f"a record must be an object, not {_name_type(record)}")


def _list_records(value: object) -> tuple[list[object], str | None]:
    """Return the list of records in a JSON value, and the title of the feed that it is."""
    publisher = None
    for _ in range(_CONTAINER_DEPTH):
        if not isinstance(value, dict):
            break
        title = value.get("title")
        publisher = title if isinstance(title, str) and title.strip() else publisher
        value = _find_container(value)
    if not isinstance(value, list):
        raise InputError(f"the JSON is {_name_type(value)}: give an object with a text, or a list of such objects")
    return value, publisher


def _find_container(value: Mapping[str, object]) -> object:
    """Return the first list of objects, or object, that stands under one of the usual names for a list of records."""
    named = {fold_name(name): content for name, content in reversed(list(value.items()))}
    for name in _CONTAINERS:
        content = named.get(name)
        if isinstance(content, dict) or (isinstance(content, list) and any(isinstance(item, dict) for item in content)):
            return content
    return None


def _name_type(value: object) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    names = {str: "a string", int: "a number", float: "a number", list: "a list", dict: "an object without records"}
    return names[type(value)]
