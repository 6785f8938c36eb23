"""Why names are taken for one entity: a row of the tables, another script, a statement of a text, a short form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.entities.gazetteer import Gazetteer
from kg.entities.names import core_name, short_company_name, short_person_names
from kg.text.normalize import fold_name


@dataclass(frozen=True, slots=True)
class NameReason:
    """A name of an entity and why it is one.

    `reason` is `table`, `spelling` (`detail`: the table's or preferred name that it is another script or spelling of),
    `stated` (`detail`: the sentence), `short form` (`detail`: of which name), or `name` for the preferred name of an
    entity that no table has, or for a name that nothing else explains.
    """

    name: str
    reason: str
    detail: str = ""


def explain_names(
    entity_id: str, preferred: str, names: Iterable[str], stated: Mapping[str, str], gazetteer: Gazetteer
) -> list[NameReason]:
    """Return the names of an entity with their reasons, the preferred one first, then in order of code points.

    `stated` maps folded names to the sentence that introduces them.
    """
    record = gazetteer.records.get(entity_id)
    listed = list(record.names()) if record else []
    others = sorted(set(names) - {preferred})
    everything = [preferred, *others]
    return [_explain(name, preferred, listed, everything, stated) for name in everything]


def _explain(
    name: str, preferred: str, listed: list[str], everything: list[str], stated: Mapping[str, str]
) -> NameReason:
    if name in listed:
        return NameReason(name, "table")
    if sentence := stated.get(fold_name(name)):
        return NameReason(name, "stated", sentence)
    if name != preferred:
        for known in [*listed, preferred]:
            if fold_name(known) == fold_name(name):
                return NameReason(name, "spelling", known)
    for longer in everything:
        if longer != name and name in (*short_person_names(longer), core_name(longer), short_company_name(longer)):
            return NameReason(name, "short form", longer)
    return NameReason(name, "name")
