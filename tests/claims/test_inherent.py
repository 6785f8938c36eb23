from __future__ import annotations

import pytest

from kg.claims import inherent
from kg.claims.inherent import (
    contradicts_maker,
    extract_known_makers,
    extract_known_owners,
    extract_nested_owners,
    extract_versions,
)
from kg.claims.rules import Finding
from kg.entities.gazetteer import Gazetteer
from kg.model import Entity, EntityType, Modality, Predicate

C, M, P = "Company", "Model", "Product"


def triples(findings) -> set[tuple[str, str, str]]:
    return {(f.subject.name, str(f.predicate), f.object.name) for f in findings}


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("云帆云上线。", C, ("云帆云", "subsidiaryOf", "云帆")),
        ("用户可用云帆宝聊天。", P, ("云帆", "offers", "云帆宝")),
        ("云帆大脑开源。", M, ("云帆", "develops", "云帆大脑")),
    ],
)
def test_an_owner_inside_a_name(read_text, text, kind, expected) -> None:
    longer = max(expected[0], expected[2], key=len)
    assert triples(extract_nested_owners(read_text(text, {"云帆": C, longer: kind}).elements)) == {expected}


def test_an_owner_that_the_text_names_by_itself_is_surer(read_text, gazetteer, monkeypatch) -> None:
    monkeypatch.setattr(inherent, "load_gazetteer", lambda: gazetteer)

    def confidence(text: str, longer: str, kind: str) -> float:
        elements = read_text(text, {"墨坊": C, longer: kind}).elements
        [finding] = extract_nested_owners(elements)
        return finding.confidence

    for kind in (C, P):
        inside, alone = confidence("墨坊云上线。", "墨坊云", kind), confidence("墨坊说,墨坊云上线。", "墨坊云", kind)
        assert inside < alone


def test_what_the_tables_know_apart_is_not_owned(read_text, gazetteer, monkeypatch) -> None:
    monkeypatch.setattr(inherent, "load_gazetteer", lambda: gazetteer)
    owned = {
        name: triples(extract_nested_owners(read_text(f"{name}上线。", {"墨坊": C, name: C}).elements))
        for name in ("墨坊科技", "墨坊云")
    }
    assert owned == {"墨坊科技": set(), "墨坊云": {("墨坊云", "subsidiaryOf", "墨坊")}}


def test_neighbours_own_nothing(read_text) -> None:
    elements = read_text("云帆收购了墨坊科技。", {"云帆": C, "墨坊科技": C}).elements
    assert list(extract_nested_owners(elements)) == []


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("墨方2.0比墨方快。", {"墨方2.0": M, "墨方": M}, {("墨方2.0", "墨方")}),
        ("Quillon 3和Quillon。", {"Quillon 3": M, "Quillon": M}, {("Quillon 3", "Quillon")}),
        ("新墨方取代墨方。", {"新墨方": P, "墨方": P}, {("新墨方", "墨方")}),
        # the longest family that the text names, not every one
        (
            "墨方2.0-mini比墨方2.0小,墨方是家族名。",
            {"墨方2.0-mini": M, "墨方2.0": M, "墨方": M},
            {("墨方2.0", "墨方"), ("墨方2.0-mini", "墨方2.0")},
        ),
        # an edition is a version, a service that bears the name is none
        ("微墨支付、微墨企业版和微墨。", {"微墨支付": P, "微墨企业版": P, "微墨": P}, {("微墨企业版", "微墨")}),
        # what is made of it or asks it is another kind of thing
        ("Quillon Code、Ask Quillon和Quillon。", {"Quillon Code": P, "Ask Quillon": P, "Quillon": M}, set()),
        # neither a longer word nor another number
        ("Quillon和Quill。", {"Quillon": M, "Quill": M}, set()),
        ("Quill-4、Quill-4.5和Quill-45。", {"Quill-4": M, "Quill-4.5": M, "Quill-45": M}, set()),
        # the family must be named
        ("墨方2.0发布。", {"墨方2.0": M}, set()),
    ],
)
def test_versions_of_a_family(read_text, text, names, expected) -> None:
    found = list(extract_versions(read_text(text, names).elements))
    assert triples(found) == {(member, "versionOf", family) for member, family in expected}


def known(read_text, gazetteer: Gazetteer, text: str, names: dict[str, str]) -> list[Finding]:
    discourse = read_text(text, names)
    versions = list(extract_versions(discourse.elements))
    return list(extract_known_makers(discourse.scenes, versions, gazetteer))


def test_a_known_maker_in_the_sentence(read_text, gazetteer) -> None:
    found = known(read_text, gazetteer, "星海智能宣布涨价,星宝也在其列。", {"星海智能": C, "星宝": P})
    assert triples(found) == {("星海智能", "offers", "星宝")}
    [finding] = found
    assert (finding.start, finding.end) == (0, len("星海智能宣布涨价,星宝"))


def test_a_known_maker_in_the_sentence_before_is_less_sure(read_text, gazetteer) -> None:
    names = {"星海智能": C, "星语": M}
    [here] = known(read_text, gazetteer, "星海智能宣布涨价,星语也在其列。", names)
    [before] = known(read_text, gazetteer, "星海智能宣布涨价。星语也在其列。", names)
    assert triples([here]) == triples([before]) == {("星海智能", "develops", "星语")}
    assert before.confidence < here.confidence


def test_the_topic_of_a_text_makes_what_a_sentence_without_others_speaks_of(read_text, gazetteer) -> None:
    names = {"星海智能": C, "墨坊科技": C, "星宝": P}
    text = "星海智能宣布涨价。消息一出众人议论。{}星宝也在其列。"
    [finding] = known(read_text, gazetteer, text.format(""), names)
    assert (finding.rule, finding.subject.name) == ("known.maker_topic", "星海智能")
    assert known(read_text, gazetteer, text.format("墨坊科技说,"), names) == []


@pytest.mark.parametrize(
    "text",
    [
        "星海智能的员工在星宝上聊天。",
        "星海智能新品的速度比星宝快。",
        "星海智能介绍,新品基于星宝。",
        "星海智能表示,并未推出星宝。",
        "星海智能之于行业,正如星宝之于用户。",
    ],
)
def test_a_work_that_is_only_used_or_compared_is_not_made_here(read_text, gazetteer, text) -> None:
    assert known(read_text, gazetteer, text, {"星海智能": C, "星宝": P}) == []


def test_a_maker_far_away_says_nothing(read_text, gazetteer) -> None:
    text = "星海智能宣布涨价" + ",消息一出,行业里的人议论纷纷" * 12 + "。星宝也在其列。"
    assert known(read_text, gazetteer, text, {"星海智能": C, "星宝": P}) == []


def test_the_group_of_the_maker_counts_as_maker(read_text, gazetteer) -> None:
    found = known(read_text, gazetteer, "星海集团宣布涨价,星宝也在其列。", {"星海集团": C, "星宝": P})
    assert triples(found) == {("星海集团", "offers", "星宝")}


def test_who_is_not_the_known_maker_makes_nothing(read_text, gazetteer) -> None:
    names = {"墨坊科技": C, "星宝": P, "无主模型": M}
    assert known(read_text, gazetteer, "墨坊科技试用了星宝和无主模型。", names) == []


def test_an_unlisted_version_has_the_maker_of_its_family(read_text, gazetteer) -> None:
    text = "星海智能介绍,星语3.0比星语快。"
    found = known(read_text, gazetteer, text, {"星海智能": C, "星语": M, "星语3.0": M})
    assert ("星海智能", "develops", "星语3.0") in triples(found)


def test_a_known_owner_beside_a_division_or_brand(read_text, gazetteer) -> None:
    def owners(text: str) -> set[tuple[str, str, str]]:
        names = {"星海智能": C, "星海集团": C, "墨坊科技": C}
        return triples(extract_known_owners(read_text(text, names).scenes, gazetteer))

    assert owners("星海集团“星海智能”裁员。") == {("星海智能", "subsidiaryOf", "星海集团")}
    assert owners("星海集团和星海智能都裁员。") == set()
    assert owners("墨坊科技星海智能都裁员。") == set()


def claim(gazetteer: Gazetteer, subject: str, predicate: Predicate, object_: str) -> Finding:
    def entity(entity_id: str) -> Entity:
        record = gazetteer.records.get(entity_id)
        return record.to_entity() if record else Entity(entity_id, EntityType.COMPANY, entity_id)

    return Finding(entity(subject), predicate, entity(object_), Modality.ASSERTED, 0, 1, "test", 1.0)


@pytest.mark.parametrize(
    ("maker", "work", "contradicted"),
    [
        ("company/mofang", "product/xingbao", True),
        ("company/xinghai-ai", "product/xingbao", False),
        ("company/xinghai-group", "product/xingbao", False),  # its parent
        ("company/x-unlisted", "product/xingbao", False),
        ("company/mofang", "model/wuzhu", False),  # nobody knows who makes it
    ],
)
def test_what_contradicts_the_known_maker(gazetteer, monkeypatch, maker, work, contradicted) -> None:
    monkeypatch.setattr(inherent, "load_gazetteer", lambda: gazetteer)
    assert contradicts_maker(claim(gazetteer, maker, Predicate.OFFERS, work)) is contradicted


def test_works_of_one_house_are_no_rivals(gazetteer, monkeypatch) -> None:
    monkeypatch.setattr(inherent, "load_gazetteer", lambda: gazetteer)
    assert contradicts_maker(claim(gazetteer, "model/xingyu", Predicate.COMPETES_WITH, "product/xingbao"))
    assert not contradicts_maker(claim(gazetteer, "model/xingyu", Predicate.COMPETES_WITH, "model/wuzhu"))


def test_only_making_is_contradicted(gazetteer, monkeypatch) -> None:
    monkeypatch.setattr(inherent, "load_gazetteer", lambda: gazetteer)
    assert not contradicts_maker(claim(gazetteer, "company/mofang", Predicate.PARTNERS_WITH, "product/xingbao"))
