"""The names that are known: read from the tables in `data/`, found in text by one Aho–Corasick automaton.

A table is UTF-8 with tab-separated columns (its `#` lines document them)::

    id  type  kind  name_hans  name_hant  name_en  aliases  owner  external

A trailing `?` marks an alias as ambiguous: it is also an ordinary word and counts only with support.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path

import ahocorasick

from kg.errors import DataError
from kg.model import WORKS, Alias, Entity, EntityType
from kg.text.normalize import fold_name, language_of, normalize, to_traditional

COLUMNS = ("id", "type", "kind", "name_hans", "name_hant", "name_en", "aliases", "owner", "external")
TABLES = ("companies.tsv", "investors.tsv", "organizations.tsv", "models.tsv", "products.tsv", "people.tsv")

_GLOSSING = re.compile(
    r"(?:大模型|模型|系列|聊天机器人|机器人|应用|浏览器|芯片|架构|处理器|平台|框架|编辑器|引擎|社区|服务|音箱|容器|系统)$"
)
_LATIN = re.compile(r"[A-Za-z0-9À-ɏ]")
_PATH = re.compile(r"(?://|[@.])[^ \u3400-\u9fff]*$")  # an address, where a slash does not part names
_DROPPED = re.compile(r"(?<=[A-Za-z0-9])[ \-](?=[A-Za-z0-9])|[·・•‧]")


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table: a known entity, its names, and the id of the organization that it belongs to."""

    id: str
    type: EntityType
    kind: str
    name_hans: str
    name_hant: str
    name_en: str
    aliases: tuple[str, ...]
    ambiguous: frozenset[str]
    owner: str
    external_ids: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The preferred name: the Simplified Chinese one, unless it only glosses the Latin one (Sora模型)."""
        if self.name_en and self.name_hans:
            distinct = re.search(r"[\u3400-\u9fff]", _GLOSSING.sub("", self.name_hans))
            if self.name_hans in self.ambiguous or (self.type in WORKS and not distinct):
                return self.name_en
        return self.name_hans or self.name_en or self.name_hant

    def names(self) -> Iterator[str]:
        """Yield every name, the preferred ones first, each once."""
        yield from dict.fromkeys(n for n in (self.name_hans, self.name_en, self.name_hant, *self.aliases) if n)

    def to_entity(self) -> Entity:
        """Return the entity with language-tagged aliases; a missing Traditional name is converted."""
        return _record_entity(self)


@lru_cache(maxsize=20_000)
def _record_entity(record: Record) -> Entity:
    aliases = [Alias(n, language_of(n)) for n in record.names()]
    if record.name_hans:
        aliases.append(Alias(record.name_hant or to_traditional(record.name_hans), "zh-Hant"))
    return Entity(record.id, record.type, record.name, tuple(dict.fromkeys(aliases)), record.external_ids, record.kind)


@dataclass(frozen=True, slots=True)
class Match:
    """A known name at `[start, end)` of a normalized text; `records` are the entities that bear it."""

    start: int
    end: int
    records: tuple[Record, ...]
    ambiguous: bool


def match_key(text: str) -> tuple[str, list[int]]:
    """Return the form in which names are compared, and for each of its characters the offset in `text`.

    Lower case; spaces and hyphens inside Latin names and middle dots are left out, so that `GPT 4o` equals `gpt-4o`.

    >>> match_key("GPT-4o 山姆·奥特曼")[0]
    'gpt4o 山姆奥特曼'
    """
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    key: list[str] = []
    offsets: list[int] = []
    position = 0
    for gap in _DROPPED.finditer(lowered):
        key.append(lowered[position : gap.start()])
        offsets.extend(range(position, gap.start()))
        position = gap.end()
    key.append(lowered[position:])
    offsets.extend(range(position, len(lowered)))
    return "".join(key), offsets


class Gazetteer:
    """Known entities by id, by name, and findable in text."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records: dict[str, Record] = {}
        by_key: dict[str, list[tuple[Record, bool]]] = defaultdict(list)
        self._by_fold: dict[str, list[Record]] = defaultdict(list)
        for record in sorted(records, key=lambda r: r.id):
            self.records[record.id] = record
            for name in record.names():
                if record not in self._by_fold[fold_name(name)]:
                    self._by_fold[fold_name(name)].append(record)
                by_key[match_key(normalize(name).text)[0]].append((record, name in record.ambiguous))
        self._automaton = ahocorasick.Automaton()
        for key, bearers in by_key.items():
            if len(key) > 1:
                unique = tuple(dict.fromkeys(record for record, _ in bearers))
                self._automaton.add_word(key, (len(key), unique, all(ambiguous for _, ambiguous in bearers)))
        self._automaton.make_automaton()

    def lookup(self, name: str) -> tuple[Record, ...]:
        """Return the records that bear `name`, whatever its script, width, case and spacing."""
        return tuple(self._by_fold.get(fold_name(name), ()))

    def owner(self, record: Record) -> Record | None:
        """Return the organization that a record belongs to, where it is known."""
        return self.records.get(record.owner) if record.owner else None

    def words(self) -> list[str]:
        """Return every unambiguous name with a Han character, normalized: a user dictionary for a tokenizer."""
        names = {normalize(n).text for r in self.records.values() for n in r.names() if n not in r.ambiguous}
        return sorted(n for n in names if len(n) > 1 and re.search(r"[\u3400-\u9fff]", n))

    def find_heads(self, name: str) -> list[Match]:
        """Return the known names that a longer name begins with, the longest first."""
        key, offsets = match_key(name)
        heads = [
            Match(0, offsets[last] + 1, records, ambiguous)
            for last, (length, records, ambiguous) in self._automaton.iter(key)
            if last - length == -1 and last + 1 < len(key) and _is_whole(name, 0, offsets[last] + 1, inner=True)
        ]
        return heads[::-1]

    def find(self, text: str) -> list[Match]:
        """Return the known names in a normalized text: whole Latin words, the longest where several overlap.

        A maker and its work may stand without a space: GoogleGemini.
        """
        key, offsets = match_key(text)
        found: list[Match] = []
        makers, works = {}, []
        for last, (length, records, ambiguous) in self._automaton.iter(key):
            match = Match(offsets[last - length + 1], offsets[last] + 1, records, ambiguous)
            begins, ends = _begins_word(text, match.start), _ends_word(text, match.end)
            if begins and ends:
                found.append(match)
            elif begins and _is_seam(text, match.end):
                makers[match.end] = match
            elif ends and _is_seam(text, match.start):
                works.append(match)
        for work in works:
            maker = makers.get(work.start)
            if maker and {r.owner for r in work.records} & {r.id for r in maker.records}:
                found += [maker, work]
        found.sort(key=lambda m: (m.start - m.end, m.start))
        taken = bytearray(len(text))
        kept = []
        for match in found:
            if not any(taken[match.start : match.end]):
                taken[match.start : match.end] = b"\1" * (match.end - match.start)
                kept.append(match)
        return sorted(kept, key=lambda m: m.start)


def _is_whole(text: str, start: int, end: int, *, inner: bool = False) -> bool:
    """Whether `[start, end)` does not cut a Latin word or a version (GPT-4 in GPT-4.5) in two.

    With `inner`, a hyphen ends a word (DeepSeek in DeepSeek-R1).
    """
    return _begins_word(text, start) and _ends_word(text, end, inner=inner)


def _begins_word(text: str, start: int) -> bool:
    if _LATIN.match(text[start]) and start:
        before = text[start - 1]
        if _LATIN.match(before) or (before in "-._/@" and start > 1 and _LATIN.match(text[start - 2])):
            return before == "/" and not _PATH.search(text, max(0, start - 40), start)
    return True


def _ends_word(text: str, end: int, *, inner: bool = False) -> bool:
    if _LATIN.match(text[end - 1]) and end < len(text):
        after = text[end]
        if _LATIN.match(after) or after == "+":
            return False
        if after in ("." if inner else "-._") and end + 1 < len(text) and _LATIN.match(text[end + 1]):
            return False
    return True


def _is_seam(text: str, place: int) -> bool:
    """Whether a capital follows a small letter."""
    return 0 < place < len(text) and text[place - 1].islower() and text[place].isupper()


def read_table(lines: Iterable[str], source: str) -> list[Record]:
    """Parse a gazetteer table.

    Raises:
        DataError: a column is missing, or a row has the wrong number of columns, an unknown type or no name.
    """
    rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = next(rows, [])
    if tuple(header) != COLUMNS:
        raise DataError(f"{source}: the header must be {', '.join(COLUMNS)}")
    return [_parse_row(row, source) for row in rows if row]


def _parse_row(row: list[str], source: str) -> Record:
    if len(row) != len(COLUMNS):
        raise DataError(f"{source}: {row[0]!r} has {len(row)} columns instead of {len(COLUMNS)}")
    slug, type_name, kind, hans, hant, latin, aliases, owner, external = (cell.strip() for cell in row)
    try:
        entity_type = EntityType(type_name)
    except ValueError:
        raise DataError(f"{source}: {slug!r} has the unknown type {type_name!r}") from None
    marked = {a.removesuffix("?"): a.endswith("?") for a in (hans, hant, latin, *aliases.split("|")) if a}
    if not marked:
        raise DataError(f"{source}: {slug!r} has no name")
    return Record(
        id=f"{entity_type.lower()}/{slug}",
        type=entity_type,
        kind=kind,
        name_hans=hans.removesuffix("?"),
        name_hant=hant.removesuffix("?"),
        name_en=latin.removesuffix("?"),
        aliases=tuple(a.removesuffix("?") for a in aliases.split("|") if a),
        ambiguous=frozenset(name for name, is_marked in marked.items() if is_marked),
        owner=owner,
        external_ids=tuple(
            (scheme, value) for scheme, _, value in (e.partition(":") for e in external.split("|")) if value
        ),
    )


@lru_cache(maxsize=4)
def load_gazetteer(extra: tuple[Path, ...] = ()) -> Gazetteer:
    """Return the package's gazetteer, with the tables in `extra` added; a row in `extra` replaces one with its id.

    Raises:
        DataError: a table is malformed.
    """
    records: dict[str, Record] = {}
    data = resources.files("kg.entities") / "data"
    for table in TABLES:
        with (data / table).open(encoding="utf-8") as lines:
            records |= {r.id: r for r in read_table(lines, table)}
    for path in extra:
        with path.open(encoding="utf-8") as lines:
            records |= {r.id: r for r in read_table(lines, str(path))}
    return Gazetteer(_with_owner_ids(records))


def _with_owner_ids(records: dict[str, Record]) -> Iterator[Record]:
    """Turn the slugs in the owner column into ids; an owner is a company where there is one, else an organization."""
    for record in records.values():
        candidates = (f"company/{record.owner}", f"organization/{record.owner}")
        owner = next((c for c in candidates if c in records and c != record.id), "")
        yield replace(record, owner=owner)
