"""From names to entities: a listed name is its record, any other name mints an entity from its own wording.

Within a document, names are one entity when they share a record, fold to the same key, or are introduced as aliases
(`深度求索(DeepSeek)`, `以下简称“…”`, a short form). Across documents the same minted name gives the same id.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kg.entities.gazetteer import Gazetteer
from kg.entities.names import core_name
from kg.model import ORGANIZATIONS, Alias, Entity, EntityType, content_id
from kg.text.normalize import fold_name, language_of


@dataclass(frozen=True, slots=True)
class NameUse:
    """A name as a document uses it: its wording in the original text, its type, the records that bear it.

    `beside` are the listed organizations named near it, nearest first, which tell bearers of one name apart.
    `employer` is the organization that the text names with a post in front of a person.
    """

    wording: str
    type: EntityType
    records: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    employer: str = ""


class _Groups:
    """Union–find over the names' keys; the smallest key stands for its group. A group has one record at most."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._record: dict[str, str] = {}

    def find(self, key: str) -> str:
        self._parent.setdefault(key, key)
        while self._parent[key] != key:
            key = self._parent[key]
        return key

    def mark(self, key: str, record: str) -> None:
        self._record.setdefault(self.find(key), record)

    def join(self, a: str, b: str) -> None:
        """Make two groups one, unless they are two different listed entities."""
        first, second = sorted((self.find(a), self.find(b)))
        records = {self._record[k] for k in (first, second) if k in self._record}
        if len(records) > 1:
            return
        self._parent[second] = first
        if records:
            self._record[first] = records.pop()


def link(uses: Sequence[NameUse], aliases: Iterable[tuple[str, str]], gazetteer: Gazetteer) -> list[Entity]:
    """Return for each use the entity that it means; uses of one entity get one and the same object.

    `aliases` are pairs of folded names that the document itself equates.
    """
    groups = _Groups()
    chosen = _choose_records(uses, gazetteer)
    keys: list[str] = []
    bearers: dict[str, list[str]] = defaultdict(list)
    for use, record in zip(uses, chosen, strict=True):
        name = f"{_kind(use.type)}:{fold_name(use.wording)}"
        key = f"{_kind(use.type)}={record}" if record else name
        if record:
            groups.mark(key, record)
        if key not in bearers[name]:
            bearers[name].append(key)
        keys.append(key)
    for found in bearers.values():
        for other in found[1:]:
            groups.join(found[0], other)
    for first, second in aliases:
        for kind in _KINDS:
            one, two = bearers.get(f"{kind}:{first}", ()), bearers.get(f"{kind}:{second}", ())
            if one and two:
                groups.join(one[0], two[0])
    members: dict[str, list[tuple[NameUse, str]]] = defaultdict(list)
    for key, use, record in zip(keys, uses, chosen, strict=True):
        members[groups.find(key)].append((use, record))
    entities = {group: _entity(group_uses, gazetteer) for group, group_uses in members.items()}
    return [entities[groups.find(key)] for key in keys]


_KINDS = ("unit", *(str(t) for t in EntityType if t not in ORGANIZATIONS))


def _kind(entity_type: EntityType) -> str:
    return "unit" if entity_type in ORGANIZATIONS else str(entity_type)


def _choose_records(uses: Sequence[NameUse], gazetteer: Gazetteer) -> list[str]:
    """Return the record that each use means, "" where none bears the name.

    Of several bearers of a name it is the one whose owner is named nearby, else the one that the document names
    unmistakably elsewhere, else the one whose owner the document names at all, else the first.
    """
    sure = {u.records[0] for u in uses if len(u.records) == 1}
    return [_choose(use, sure, gazetteer) for use in uses]


def _choose(use: NameUse, sure: set[str], gazetteer: Gazetteer) -> str:
    if len(use.records) < 2:
        return use.records[0] if use.records else ""
    owners = {record: gazetteer.records[record].owner for record in use.records}
    for near in use.beside:
        for record in use.records:
            if owners[record] == near:
                return record
    named = next((r for r in use.records if r in sure), None)
    return named or next((r for r in use.records if owners[r] in sure), use.records[0])


def _entity(uses: list[tuple[NameUse, str]], gazetteer: Gazetteer) -> Entity:
    bearers = Counter(record for _, record in uses if record)
    if bearers:
        record = min(bearers, key=lambda r: (-bearers[r], r))
        entity = gazetteer.records[record].to_entity()
    else:
        entity = _mint([use for use, _ in uses])
    known = {fold_name(a.name) for a in entity.aliases}
    fresh = sorted({u.wording for u, _ in uses if fold_name(u.wording) not in known})
    return replace(entity, aliases=entity.aliases + tuple(Alias(w, language_of(w)) for w in fresh))


def _mint(uses: list[NameUse]) -> Entity:
    """Make an entity of an unlisted name; its id comes from the core of the longest wording, so that the full and the
    short name of a company give one id in different documents."""
    types = Counter(u.type for u in uses)
    entity_type = min(types, key=lambda t: (-types[t], t))
    wordings = sorted({u.wording for u in uses}, key=lambda w: (-len(w), w))
    name = wordings[0]
    core = core_name(name) if entity_type is EntityType.COMPANY else name
    parts = [_kind(entity_type), fold_name(core)]
    if entity_type is EntityType.PERSON and re.fullmatch(r"[\u3400-\u9fff]{2}", name):
        parts += sorted({u.employer for u in uses if u.employer})[:1]  # two characters name too many people
    identity = content_id("entity", *parts)
    prefix = "company" if entity_type in ORGANIZATIONS else str(entity_type).lower()
    return Entity(f"{prefix}/x-{identity}", entity_type, name)
