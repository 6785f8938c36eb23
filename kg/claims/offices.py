"""Where a post is held whose sentence names no organization beside it: CEO宋亚宸表示, 由首席技术官李想接任."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.claims.scene import UNITS, Scene, find_subject
from kg.entities.gazetteer import load_gazetteer
from kg.model import Entity

_COMMITTEE = re.compile(r"(?:委员会|董事会)$")


def find_office(scene: Scene, index: int, topic: Entity | None, people: Iterable[Entity]) -> Entity | None:
    """Return the organization at which `people` hold the post at `index`: what the text speaks of there.

    Never a newspaper, which is the source of a text, nor a committee. Of a listed person the employer is known: it is
    the office where the sentence names it or the text is about it, and no other organization is.
    """
    candidates = [find_subject(scene, index, topic), topic]
    unit = next((c for c in candidates if c is not None and _may_employ(c)), None)
    named = [e.entity for e in scene.names() if e.symbol in UNITS and e.entity is not None]
    for person in people:
        employer = _known_employer(person)
        if employer and (unit is None or employer not in _line(unit)):
            return next((e for e in [*named, *filter(None, candidates)] if e.id == employer), None)
    return unit


def is_committee(entity: Entity) -> bool:
    """Return whether an organization is a board or a committee, whose members work for another one."""
    return _COMMITTEE.search(entity.name) is not None


def _may_employ(entity: Entity) -> bool:
    record = load_gazetteer().records.get(entity.id)
    return not is_committee(entity) and (record is None or record.kind != "media")


def _known_employer(person: Entity) -> str:
    record = load_gazetteer().records.get(person.id)
    return record.owner if record else ""


def _line(unit: Entity) -> set[str]:
    """Return the ids of an organization and its owner."""
    records = load_gazetteer().records
    record = records.get(unit.id)
    return {unit.id, *([record.owner] if record and record.owner else [])}
