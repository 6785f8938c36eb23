"""From names to entities: a listed name is its record, any other name mints an entity from its own wording.

Within a document, names are one entity when they share a record, fold to the same key, or are introduced as aliases
(`深度求索(DeepSeek)`, `以下简称“…”`, a short form). Across documents the same minted name gives the same id.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kg.entities.gazetteer import Gazetteer
from kg.entities.names import core_name
from kg.model import ORGANIZATIONS, Alias, Entity, EntityType, content_id
from kg.text.normalize import fold_name, language_of


@dataclass(frozen=True, slots=True)
class NameUse:
    """A name as a document uses it: its wording in the original text, its type, the records that bear it."""

    wording: str
    type: EntityType
    records: tuple[str, ...] = ()


class _Groups:
    """Union–find over the names' keys; the smallest key stands for its group."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, key: str) -> str:
        self._parent.setdefault(key, key)
        while self._parent[key] != key:
            key = self._parent[key]
        return key

    def join(self, a: str, b: str) -> None:
        first, second = sorted((self.find(a), self.find(b)))
        self._parent[second] = first


def link(uses: Sequence[NameUse], aliases: Iterable[tuple[str, str]], gazetteer: Gazetteer) -> list[Entity]:
    """Return for each use the entity that it means; uses of one entity get one and the same object.

    `aliases` are pairs of folded names that the document itself equates.
    """
    groups = _Groups()
    folds = [fold_name(use.wording) for use in uses]
    kinds: dict[str, set[str]] = defaultdict(set)
    keys = [f"{_kind(use.type)}:{fold}" for use, fold in zip(uses, folds, strict=True)]
    for key, fold, use in zip(keys, folds, uses, strict=True):
        kinds[fold].add(_kind(use.type))
        if use.records:
            groups.join(key, f"{_kind(use.type)}=" + _preferred(use.records, uses))
    for first, second in aliases:
        for kind in sorted(kinds[first] & kinds[second]):
            groups.join(f"{kind}:{first}", f"{kind}:{second}")
    members: dict[str, list[NameUse]] = defaultdict(list)
    for key, use in zip(keys, uses, strict=True):
        members[groups.find(key)].append(use)
    entities = {group: _entity(group_uses, gazetteer) for group, group_uses in members.items()}
    return [entities[groups.find(key)] for key in keys]


def _kind(entity_type: EntityType) -> str:
    return "unit" if entity_type in ORGANIZATIONS else str(entity_type)


def _preferred(records: tuple[str, ...], uses: Sequence[NameUse]) -> str:
    """Of several bearers of a name, the one that the document names unmistakably elsewhere; else the first."""
    if len(records) > 1:
        sure = {u.records[0] for u in uses if len(u.records) == 1}
        for record in records:
            if record in sure:
                return record
    return records[0]


def _entity(uses: list[NameUse], gazetteer: Gazetteer) -> Entity:
    bearers = Counter(_preferred(u.records, uses) for u in uses if u.records)
    if bearers:
        record = min(bearers, key=lambda r: (-bearers[r], r))
        entity = gazetteer.records[record].to_entity()
    else:
        entity = _mint(uses)
    known = {fold_name(a.name) for a in entity.aliases}
    fresh = sorted({u.wording for u in uses if fold_name(u.wording) not in known})
    return replace(entity, aliases=entity.aliases + tuple(Alias(w, language_of(w)) for w in fresh))


def _mint(uses: list[NameUse]) -> Entity:
    """Make an entity of an unlisted name; its id comes from the core of the longest wording, so that the full and the
    short name of a company give one id in different documents."""
    types = Counter(u.type for u in uses)
    entity_type = min(types, key=lambda t: (-types[t], t))
    wordings = sorted({u.wording for u in uses}, key=lambda w: (-len(w), w))
    name = wordings[0]
    core = core_name(name) if entity_type is EntityType.COMPANY else name
    identity = content_id("entity", _kind(entity_type), fold_name(core))
    prefix = "company" if entity_type in ORGANIZATIONS else str(entity_type).lower()
    return Entity(f"{prefix}/x-{identity}", entity_type, name)
