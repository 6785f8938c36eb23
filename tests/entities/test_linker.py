from __future__ import annotations

from dataclasses import replace

from kg.entities.gazetteer import COLUMNS, Gazetteer, read_table
from kg.entities.linker import NameUse, link
from kg.entities.names import core_name, short_person_names
from kg.model import EntityType
from kg.text.normalize import fold_name

C, P, M = EntityType.COMPANY, EntityType.PERSON, EntityType.MODEL
GAZETTEER = Gazetteer(
    read_table(
        [
            "\t".join(COLUMNS),
            "a-lab\tCompany\tlab\t甲AI Lab\t\t\tAI Lab?\t\t",
            "b-lab\tCompany\tlab\t乙AI Lab\t\t\tAI Lab?\t\t",
            "fangyuan\tCompany\tstartup\t方圆智能\t\tFangyuan\t\t\t",
        ],
        "test",
    )
)


def ids(*uses: NameUse, aliases: tuple[tuple[str, str], ...] = ()) -> list[str]:
    return [e.id for e in link(uses, aliases, GAZETTEER)]


def test_a_listed_name_is_its_record() -> None:
    assert ids(NameUse("方圓智能", C, ("company/fangyuan",)), NameUse("Fangyuan", C, ("company/fangyuan",))) == [
        "company/fangyuan",
        "company/fangyuan",
    ]


def test_an_unlisted_name_gives_the_same_id_in_every_document() -> None:
    full, short = ids(NameUse("北京光年星海科技有限公司", C))[0], ids(NameUse("光年星海", C))[0]
    assert full == short
    assert full.startswith("company/x-")
    assert ids(NameUse("光年星海", M))[0] != short


def test_two_labs_of_one_short_name_are_never_merged() -> None:
    both = ("company/a-lab", "company/b-lab")
    a, b = ids(NameUse("甲AI Lab", C, ("company/a-lab",)), NameUse("乙AI Lab", C, ("company/b-lab",)))
    assert a != b
    full, short = ids(NameUse("乙AI Lab", C, ("company/b-lab",)), NameUse("AI Lab", C, both))
    assert full == short == "company/b-lab"


def test_aliases_of_the_document_join_names_of_one_kind_only() -> None:
    pair = ((fold_name("谢尔盖·布林"), fold_name("布林")),)
    one, other, company = ids(NameUse("谢尔盖·布林", P), NameUse("布林", P), NameUse("布林", C), aliases=pair)
    assert one == other != company


def test_surface_forms_become_aliases() -> None:
    entity = link(
        [NameUse("方圆智能", C, ("company/fangyuan",)), NameUse("方圆AI", C)], [("方圆智能", "方圆ai")], GAZETTEER
    )[1]
    assert entity.id == "company/fangyuan"
    assert "方圆AI" in {a.name for a in entity.aliases}


def test_the_order_of_names_does_not_matter() -> None:
    uses = [NameUse("光年星海", C), NameUse("光年星海科技", C), NameUse("方圆智能", C, ("company/fangyuan",))]
    assert sorted(ids(*uses)) == sorted(ids(*reversed(uses)))


def test_two_listed_entities_are_never_merged_whatever_a_text_says() -> None:
    uses = NameUse("甲AI Lab", C, ("company/a-lab",)), NameUse("方圆智能", C, ("company/fangyuan",))
    assert ids(*uses, aliases=((fold_name("甲AI Lab"), fold_name("方圆智能")),)) == [
        "company/a-lab",
        "company/fangyuan",
    ]


def test_bearers_of_one_name_are_told_apart_by_the_organization_beside_them() -> None:
    people = Gazetteer(
        read_table(
            [
                "\t".join(COLUMNS),
                "jia\tCompany\tstartup\t甲科技\t\t\t\t\t",
                "yi\tCompany\tstartup\t乙科技\t\t\t\t\t",
                "li-ming-a\tPerson\tfounder\t李明\t\t\t\tjia\t",
                "li-ming-b\tPerson\tfounder\t李明\t\t\t\tyi\t",
            ],
            "test",
        )
    )
    records = {r.id: r for r in people.records.values()}
    owned = Gazetteer(
        replace(r, owner=f"company/{r.owner}") if r.owner and "/" not in r.owner else r for r in records.values()
    )
    both = ("person/li-ming-a", "person/li-ming-b")
    uses = [NameUse("李明", P, both, ("company/yi",)), NameUse("李明", P, both, ("company/jia",))]
    assert [e.id for e in link(uses, (), owned)] == ["person/li-ming-b", "person/li-ming-a"]


def test_unlisted_persons_of_two_characters_are_one_only_with_one_employer() -> None:
    first, second = (ids(NameUse("李明", P, employer=unit))[0] for unit in ("甲科技", "乙科技"))
    assert first != second
    assert ids(NameUse("李明", P, employer="甲科技"))[0] == first
    assert ids(NameUse("杨植麟", P, employer="甲科技")) == ids(NameUse("杨植麟", P))


def test_core_names() -> None:
    assert core_name("上海某某信息技术股份有限公司") == "某某"
    assert core_name("深圳市甲乙控股有限公司") == "甲乙"
    assert core_name("乙乙集团") == "乙乙集团"


def test_short_names_of_persons() -> None:
    assert short_person_names("约翰·史密斯") == ["史密斯", "约翰"]
    assert short_person_names("Li Wu") == []
