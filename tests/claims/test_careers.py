from __future__ import annotations

import pytest

from kg.claims.careers import settle_status
from kg.claims.rules import Finding
from kg.model import Entity, EntityType, Modality, Predicate

PERSON = Entity("person/p", EntityType.PERSON, "程岸")
UNIT = Entity("company/u", EntityType.COMPANY, "星海智能")
OTHER = Entity("company/o", EntityType.COMPANY, "墨坊科技")


def post(rule: str, status: str, unit: Entity = UNIT, modality: Modality = Modality.ASSERTED) -> Finding:
    qualifiers = (("role", "顾问"), ("status", status))
    return Finding(PERSON, Predicate.WORKS_FOR, unit, modality, 0, 1, rule, 0.8, qualifiers)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([("post.title", "current"), ("works.left", "former")], ["former", "former"]),
        ([("post.title", "current"), ("post.title", "former")], ["current", "former"]),
        ([("works.left", "former"), ("works.returned", "current")], ["current", "current"]),
        ([("post.title", "current"), ("works.left", "current")], ["current", "current"]),
    ],
)
def test_who_left_has_left_and_who_returned_is_there(rules, expected) -> None:
    settled = settle_status([post(*each) for each in rules])
    assert [dict(f.qualifiers)["status"] for f in settled] == expected
    assert {dict(f.qualifiers)["role"] for f in settled} == {"顾问"}


def test_leaving_one_organization_says_nothing_of_another() -> None:
    settled = settle_status([post("works.left", "former"), post("post.title", "current", OTHER)])
    assert [dict(f.qualifiers)["status"] for f in settled] == ["former", "current"]


def test_who_is_said_not_to_have_left_is_there() -> None:
    settled = settle_status([post("post.title", "current"), post("works.left", "former", modality=Modality.DENIED)])
    assert dict(settled[0].qualifiers)["status"] == "current"
