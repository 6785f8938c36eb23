from __future__ import annotations

from pathlib import Path

import pytest

from kg.entities.gazetteer import COLUMNS, TABLES, Gazetteer, load_gazetteer, match_key, read_table
from kg.errors import DataError
from kg.model import EntityType

HEADER = "\t".join(COLUMNS)


def table(*rows: str) -> Gazetteer:
    return Gazetteer(read_table([HEADER, *rows], "test"))


@pytest.fixture
def gazetteer() -> Gazetteer:
    return table(
        "fangyuan\tCompany\tstartup\t方圆智能\t方圓智能\tFangyuan AI\t北京方圆智能科技有限公司|方圆?\t\twikidata:Q1",
        "fy-1\tModel\tmodel\t\t\tFY-4\t\tfangyuan\t",
        "fy-1o\tModel\tmodel\t\t\tFY-4o\t\tfangyuan\t",
    )


def found(gazetteer: Gazetteer, text: str) -> list[str]:
    return [text[m.start : m.end] for m in gazetteer.find(text)]


def test_finds_the_longest_name_once(gazetteer: Gazetteer) -> None:
    assert found(gazetteer, "北京方圆智能科技有限公司即方圆智能") == ["北京方圆智能科技有限公司", "方圆智能"]


@pytest.mark.parametrize("text", ["FY-4", "FY 4", "fy4", "用FY-4写诗", "FY-4,"])
def test_case_spaces_and_hyphens_do_not_matter(gazetteer: Gazetteer, text: str) -> None:
    assert len(gazetteer.find(text)) == 1


@pytest.mark.parametrize("text", ["FY-4.5", "FY-42", "SFY-4", "FY-4+", "AutoFY-4", "x-FY-4"])
def test_a_name_is_not_found_inside_another_word_or_version(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.find(text) == []


@pytest.mark.parametrize(
    ("text", "names"), [("对标GoogleGemini。", ["Google", "Gemini"]), ("OpenAIGemini", []), ("Googlegemini", [])]
)
def test_a_maker_and_its_work_may_stand_without_a_space(text: str, names: list[str]) -> None:
    assert found(load_gazetteer(), text) == names


def test_the_ambiguous_alias_is_marked(gazetteer: Gazetteer) -> None:
    assert [m.ambiguous for m in gazetteer.find("方圆与方圆智能")] == [True, False]


def test_heads_are_shorter_names_at_the_beginning(gazetteer: Gazetteer) -> None:
    assert [m.end for m in gazetteer.find_heads("方圆智能研究院")] == [4, 2]
    assert gazetteer.find_heads("方圆智能")[0].end == 2


def test_lookup_ignores_script_and_width(gazetteer: Gazetteer) -> None:
    assert [r.id for r in gazetteer.lookup("方圓智能")] == ["company/fangyuan"]
    assert [r.id for r in gazetteer.lookup("ＦＹ－４")] == ["model/fy-1"]


def test_entity_has_tagged_aliases(gazetteer: Gazetteer) -> None:
    entity = gazetteer.records["company/fangyuan"].to_entity()
    tags = {a.name: a.language for a in entity.aliases}
    assert tags["方圆智能"] == "zh-Hans"
    assert tags["方圓智能"] == "zh-Hant"
    assert tags["Fangyuan AI"] == "en"
    assert entity.external_ids == (("wikidata", "Q1"),)


def test_match_key_keeps_offsets() -> None:
    text = "GPT-4o 与 山姆·奥特曼"
    key, offsets = match_key(text)
    assert len(key) == len(offsets)
    assert all(text[o].lower() == c for c, o in zip(key, offsets, strict=True))


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["id\ttype"], "header"),
        ([HEADER, "a\tCompany"], "columns"),
        ([HEADER, "a\tPlanet\t\t甲\t\t\t\t\t"], "Planet"),
        ([HEADER, "a\tCompany\t\t\t\t\t\t\t"], "no name"),
    ],
)
def test_a_malformed_table_says_where(lines: list[str], complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        read_table(lines, "mine.tsv")


def test_a_table_of_ones_own_adds_and_replaces(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text(HEADER + "\nzhipu-ai\tCompany\tstartup\t智谱换名\t\t\t\t\t\n", encoding="utf-8")
    records = load_gazetteer((own,)).records
    assert records["company/zhipu-ai"].name == "智谱换名"
    assert len(records) == len(load_gazetteer().records)


def test_the_shipped_tables_are_sound() -> None:
    records = load_gazetteer().records
    counts: dict[EntityType, int] = dict.fromkeys(EntityType, 0)
    for record in records.values():
        counts[record.type] += 1
        assert all(len(name) > 1 for name in record.names()), record.id
        assert not record.owner or record.owner in records
    assert counts[EntityType.COMPANY] >= 400
    assert counts[EntityType.MODEL] >= 300
    assert counts[EntityType.PRODUCT] >= 300
    assert counts[EntityType.PERSON] >= 200
    assert set(TABLES) == {
        p.name for p in (Path(load_gazetteer.__wrapped__.__code__.co_filename).parent / "data").glob("*.tsv")
    }


def test_an_entity_carries_its_kind() -> None:
    records = load_gazetteer().records
    assert records["organization/hkex"].to_entity().kind == "exchange"
    assert records["model/qwen"].to_entity().kind == "family"
