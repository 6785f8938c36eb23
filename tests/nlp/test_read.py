from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from spacy.tokens import Doc

from kg.entities.gazetteer import COLUMNS, Gazetteer, read_table
from kg.model import EntityType
from kg.nlp.encoder import TAGS, Reading
from kg.nlp.names import CERTAIN, Name, names_of, reading_of
from kg.nlp.recognizers.read import ReadNames

COMPANY, MODEL, PERSON, PRODUCT = EntityType.COMPANY, EntityType.MODEL, EntityType.PERSON, EntityType.PRODUCT
ORGANIZATION = EntityType.ORGANIZATION
ROWS = (
    "canglan\tOrganization\texchange\t沧澜交易所\t\t\t\t\t",
    "corvid\tCompany\tstartup\t\t\tCorvid\t\t\t",
    "yunxi\tCompany\tstartup\t云栖智能\t\tYunxi\t\t\t",
    "zhou\tPerson\t\t周屿白\t\t\t\t\t",
    "corvid\tProduct\tsoftware\t\t\tCorvid\t\tcompany/yunxi\t",
    "lanyu\tModel\t\t澜语\t\t\t\tcompany/yunxi\t",
    "lanyu\tProduct\tsoftware\t\t\tLanyu.ai\t\tcompany/yunxi\t",
    "qingya\tCompany\tstartup\t青崖智能\t\t\tQingya\t\t",
    "qingya\tProduct\tsoftware\t\t\tQingya\t\tcompany/qingya\t",
)


class Reader:
    """Stands for the encoder: every character is a piece; names have the given types and probabilities."""

    def __init__(self, names: Mapping[str, tuple[EntityType, float]]) -> None:
        self.names = names

    def read(self, text: str, names: Sequence[tuple[int, int]] = ()) -> Reading:
        tags = np.zeros((len(text), len(TAGS)), np.float32)
        tags[:, 0] = 1
        for name, (kind, probability) in self.names.items():
            start = text.index(name)
            places = "S" if len(name) == 1 else f"B{'I' * (len(name) - 2)}E"
            for place, position in enumerate(places, start):
                tags[place] = 0
                tags[place, [0, TAGS.index(f"{position}-{kind}")]] = 1 - probability, probability
        return Reading(tuple((i, i + 1) for i in range(len(text))), tags, ())


@pytest.fixture
def heard(make_doc):
    """Return a function: the names of a text, from what the encoder reads in it and what was found before."""
    component = ReadNames.__new__(ReadNames)
    component.gazetteer = Gazetteer(read_table(["\t".join(COLUMNS), *ROWS], "test"))

    def run(
        text: str, read: Mapping[str, tuple[EntityType, float]], *before: Name, words: Sequence[str] = ()
    ) -> list[Name]:
        component.encoder = Reader(read)  # type: ignore[assignment]
        doc: Doc = make_doc(text, *words)
        doc._.names = list(before)
        assert component(doc) is doc
        assert reading_of(doc) is not None
        return names_of(doc)

    return run


def found(text: str, name: str, kind: EntityType, strength: float, *records: str, source: str = "test") -> Name:
    start = text.index(name)
    return Name(start, start + len(name), name, kind, source, strength, records)


TEXT = "霁川半导体任命周屿白为总裁。"


@pytest.mark.parametrize(("probability", "strength"), [(0.95, 1.9), (0.8, 1.6), (0.6, 1.0)])
def test_a_name_is_as_strong_as_it_is_probable(heard, probability: float, strength: float) -> None:
    [name] = heard(TEXT.replace("半导体", "星河"), {"霁川星河": (COMPANY, probability)})
    assert name == Name(0, 4, "霁川星河", COMPANY, "read", strength)
    assert (name.strength >= CERTAIN) == (probability > 0.75)


@pytest.mark.parametrize(
    ("name", "kind", "stands"),
    [
        ("霁川半导体", COMPANY, True),
        ("霁川星河", COMPANY, False),
        ("周屿白", PERSON, True),
        ("小七妹", PERSON, False),
        ("Celero Dyne", COMPANY, True),
        ("Celero Dyne", PRODUCT, False),
    ],
)
def test_a_name_that_looks_like_one_needs_less(heard, name: str, kind: EntityType, stands: bool) -> None:
    [read] = heard(f"说到{name}一事。", {name: (kind, 0.6)})
    assert (read.strength >= CERTAIN) == stands


def test_an_unlikely_name_is_left_out(heard) -> None:
    assert heard(TEXT, {"霁川半导体": (COMPANY, 0.35)}) == []


def test_an_ambiguous_listed_name_that_is_read_too_stands(heard) -> None:
    text = "说到云栖智能一事。"
    listed = found(text, "云栖智能", COMPANY, 0.8, "company/yunxi", source="gazetteer")
    [name] = heard(text, {"云栖智能": (COMPANY, 0.55)}, listed)
    assert (name.records, name.strength >= CERTAIN) == (("company/yunxi",), True)


def test_the_end_of_an_unlisted_person_is_what_is_read(heard) -> None:
    text = "创始人周屿白透露了计划。"
    for guess in ("周屿白透", "周屿"):
        [name] = heard(text, {"周屿白": (PERSON, 0.95)}, found(text, guess, PERSON, 2.0, source="person"))
        assert (name.text, name.strength) == ("周屿白", 2.0)


def test_an_exchange_stays_where_no_name_is_heard(heard) -> None:
    text = "霁川半导体在沧澜交易所上市。"
    exchange = found(text, "沧澜交易所", ORGANIZATION, 3.0, "organization/canglan", source="gazetteer")
    assert heard(text, {}, exchange) == [exchange]
    listed = found(text, "霁川半导体", COMPANY, 3.0, "company/yunxi", source="gazetteer")
    assert heard(text, {}, listed) == []


def test_general_terms_make_a_name_together(heard) -> None:
    text = "说到Cloud Intelligence一事。"
    assert [n.text for n in heard(text, {"Cloud Intelligence": (COMPANY, 0.9)})] == ["Cloud Intelligence"]
    assert heard(text, {"Cloud Intelligence": (COMPANY, 0.8)}) == []
    assert heard("说到Pro 1.0一事。", {"Pro 1.0": (PRODUCT, 0.9)}) == []


def test_two_listed_works_may_be_one(heard) -> None:
    text = "今天发布的Lanyu.ai Corvid很快。"
    first = found(text, "Lanyu.ai", PRODUCT, 3.0, "product/lanyu", source="gazetteer")
    second = found(text, "Corvid", PRODUCT, 3.0, "product/corvid", source="gazetteer")
    *_, both = heard(text, {"Lanyu.ai Corvid": (PRODUCT, 0.9)}, first, second)
    assert both.strength > first.strength


def test_a_latin_work_may_end_in_a_listed_company(heard) -> None:
    text = "今天发布《ORB Yunxi》。"
    listed = found(text, "Yunxi", COMPANY, 3.0, "company/yunxi", source="gazetteer")
    assert longer_than(heard, text, "ORB Yunxi", PRODUCT, listed, 0.8)
    assert not longer_than(heard, text, "ORB Yunxi", PERSON, listed, 0.8)


def test_a_name_listed_in_two_senses_has_the_one_that_is_heard_in_the_document(heard) -> None:
    text = "Corvid今日发布,团队重写了Corvid。"
    again = text.rindex("Corvid")
    first = found(text, "Corvid", COMPANY, 3.0, "company/corvid", source="gazetteer")
    both = first, replace(first, start=again, end=again + 6)
    for kind, chance, expected in ((PRODUCT, 0.9, PRODUCT), (COMPANY, 0.9, COMPANY), (PRODUCT, 0.2, COMPANY)):
        names = heard(text, {"Corvid": (kind, chance)}, *both)
        assert {(n.type, n.records) for n in names} == {(expected, (f"{expected}/corvid".lower(),))}


def test_a_work_does_not_become_its_maker_that_the_document_calls_by_another_name(heard) -> None:
    text = "青崖智能说,Qingya有了新用户。"
    maker = found(text, "青崖智能", COMPANY, 3.0, "company/qingya", source="gazetteer")
    work = found(text, "Qingya", PRODUCT, 3.0, "product/qingya", source="gazetteer")
    assert heard(text, {"Qingya": (COMPANY, 0.9)}, work)[0].type is COMPANY
    assert heard(text, {"青崖智能": (COMPANY, 0.9), "Qingya": (COMPANY, 0.9)}, maker, work)[1] == work


def test_a_name_listed_in_one_sense_keeps_it(heard) -> None:
    text = "Yunxi今日发布。"
    listed = found(text, "Yunxi", COMPANY, 3.0, "company/yunxi", source="gazetteer")
    assert heard(text, {"Yunxi": (PRODUCT, 0.95)}, listed) == [listed]


def test_an_institute_may_begin_with_a_listed_work(heard) -> None:
    text = "今天澜语智库发布报告。"
    work = found(text, "澜语", MODEL, 3.0, "model/lanyu", source="gazetteer")
    assert longer_than(heard, text, "澜语智库", ORGANIZATION, work)
    assert not longer_than(heard, text, "澜语智库发", ORGANIZATION, work)


def test_names_stand_in_the_text(heard) -> None:
    names = heard(TEXT, {"霁川半导体": (COMPANY, 0.9), "周屿白": (PERSON, 0.9)})
    assert [(n.text, n.type, TEXT[n.start : n.end]) for n in names] == [
        ("霁川半导体", COMPANY, "霁川半导体"),
        ("周屿白", PERSON, "周屿白"),
    ]


def test_a_read_name_has_the_records_of_its_type(heard) -> None:
    text = "云栖智能的澜语。"
    company, model = heard(text, {"云栖智能": (COMPANY, 0.9), "澜语": (COMPANY, 0.9)})
    assert company.records == ("company/yunxi",)
    assert model.records == ()


def test_a_guess_where_no_name_is_heard_is_dropped(heard) -> None:
    guess = found(TEXT, "霁川半导体", COMPANY, 1.0)
    assert heard(TEXT, {}, guess) == []
    assert heard(TEXT, {"霁川半导体": (COMPANY, 0.3)}, guess)[0].strength == 0.9


@pytest.mark.parametrize(("strength", "records"), [(3.0, ("company/yunxi",)), (1.0, ("company/yunxi",)), (2.0, ())])
def test_a_listed_or_marked_name_stays_where_one_is_unlikely(heard, strength: float, records: tuple[str, ...]) -> None:
    [kept] = heard(TEXT, {"霁川半导体": (COMPANY, 0.05)}, found(TEXT, "霁川半导体", COMPANY, strength, *records))
    assert (kept.text, kept.records) == ("霁川半导体", records)
    assert kept.strength == (strength if strength >= 2 else 0.9)


def test_a_guess_that_is_read_too_is_surer(heard) -> None:
    guess = found(TEXT, "霁川半导体", COMPANY, 1.0)
    [name] = heard(TEXT, {"霁川半导体": (COMPANY, 0.9)}, guess)
    assert (name.strength, name.source) == (1.9, "test")
    listed = found(TEXT, "霁川半导体", COMPANY, 3.0)
    assert heard(TEXT, {"霁川半导体": (COMPANY, 0.9)}, listed) == [listed]


def test_a_guess_takes_the_type_that_is_read(heard) -> None:
    guess = found(TEXT, "霁川半导体", PERSON, 1.0)
    [name] = heard(TEXT, {"霁川半导体": (COMPANY, 0.9)}, guess)
    assert (name.type, name.strength) == (COMPANY, 1.9)
    [unsure] = heard(TEXT, {"霁川半导体": (COMPANY, 0.6)}, guess)
    assert unsure.type is PERSON
    [listed] = heard(TEXT, {"霁川半导体": (COMPANY, 0.9)}, found(TEXT, "霁川半导体", PERSON, 1.0, "person/zhou"))
    assert listed.type is PERSON


def test_a_longer_name_wins_over_a_listed_head_of_its_type(heard) -> None:
    text = "今天发布的澜语2.5很快。"
    head = found(text, "澜语", MODEL, 3.0, "model/lanyu", source="gazetteer")
    *_, longer = heard(text, {"澜语2.5": (MODEL, 0.9)}, head)
    assert longer.text == "澜语2.5"
    assert longer.strength > head.strength


@pytest.mark.parametrize(("kind", "probability"), [(COMPANY, 0.9), (MODEL, 0.7)], ids=["another type", "less sure"])
def test_a_longer_name_that_does_not_win(heard, kind: EntityType, probability: float) -> None:
    text = "今天发布的澜语2.5很快。"
    assert not longer_than(heard, text, "澜语2.5", kind, found(text, "澜语", MODEL, 3.0, "model/lanyu"), probability)


@pytest.mark.parametrize("quoted", ["“澜语2.5”", "《澜语2.5》", "「澜语2.5」", "(澜语2.5)", "澜语2.5,", '"澜语2.5"'])
def test_marks_around_a_name_are_no_part_of_it(heard, quoted: str) -> None:
    text = f"今天发布{quoted}很快。"
    [name] = heard(text, {quoted: (MODEL, 0.9)})
    assert (name.text, text[name.start : name.end]) == ("澜语2.5", "澜语2.5")


@pytest.mark.parametrize("wording", ["周", "“”", "AI", "云栖\n智能", "中国", "-X9"])
def test_what_is_no_name_in_any_text(heard, wording: str) -> None:
    assert heard(f"说到{wording}的事。", {wording: (COMPANY, 0.95)}) == []


def test_a_word_of_the_dictionary_must_be_sure(heard) -> None:
    text = "说到苹果的事。"
    assert heard(text, {"苹果": (COMPANY, 0.8)}) == []
    assert [n.text for n in heard(text, {"苹果": (COMPANY, 0.95)})] == ["苹果"]


def test_a_phrase_of_ordinary_words_must_be_sure(heard) -> None:
    text, words = "说到黄金珠宝的事。", ("黄金", "珠宝")
    assert heard(text, {"黄金珠宝": (COMPANY, 0.9)}, words=words) == []
    assert len(heard(text, {"黄金珠宝": (COMPANY, 0.95)}, words=words)) == 1
    assert len(heard("说到黄金霁川的事。", {"黄金霁川": (COMPANY, 0.9)}, words=("黄金", "霁川"))) == 1


@pytest.mark.parametrize("wording", ["澜语的团队", "各省政府", "顶配版", "Max版"])
def test_a_description_is_no_name(heard, wording: str) -> None:
    assert heard(f"说到{wording}一事。", {wording: (PRODUCT, 0.95)}) == []


def test_a_person_may_stand_in_the_dictionary(heard) -> None:
    assert [n.text for n in heard("说到刘潇一事。", {"刘潇": (PERSON, 0.7)})] == ["刘潇"]
    assert heard("说到刘潇一事。", {"刘潇": (COMPANY, 0.7)}) == []


def test_a_longer_name_wins_over_a_guess_inside_it(heard) -> None:
    text = "今天见到伯达尼·邦焦诺。"
    guess = found(text, "伯达尼·邦", PERSON, 2.3)
    *_, longer = heard(text, {"伯达尼·邦焦诺": (PERSON, 0.95)}, guess)
    assert longer.strength > guess.strength
    *_, doubtful = heard(text, {"伯达尼·邦焦诺": (PERSON, 0.8)}, guess)
    assert doubtful.strength < guess.strength


def longer_than(heard, text: str, wording: str, kind: EntityType, listed: Name, probability: float = 0.95) -> bool:
    """Whether a name that is read wins over a listed one inside it."""
    *_, longer = heard(text, {wording: (kind, probability)}, listed)
    return longer.text == wording and longer.strength > listed.strength


@pytest.mark.parametrize(
    ("rest", "wins"),
    [
        ("科技", True),
        ("健康集团", True),
        ("3", True),
        ("的", False),
        ("ADR", False),
        ("团队", False),
        ("公司", False),
        ("微", False),
    ],
)
def test_what_follows_a_listed_company_may_be_no_part_of_its_name(heard, rest: str, wins: bool) -> None:
    text = f"今天云栖智能{rest}一事。"
    listed = found(text, "云栖智能", COMPANY, 3.0, "company/yunxi", source="gazetteer")
    assert longer_than(heard, text, f"云栖智能{rest}", COMPANY, listed) is wins


def test_a_work_may_begin_with_its_maker(heard) -> None:
    text = "今天云栖智能3上市。"
    listed = found(text, "云栖智能", COMPANY, 3.0, "company/yunxi", source="gazetteer")
    assert longer_than(heard, text, "云栖智能3", PRODUCT, listed)
    assert not longer_than(heard, text, "云栖智能3", PRODUCT, listed, 0.65)


def test_a_maker_and_its_listed_work_are_two(heard) -> None:
    text = "今天云栖智能澜语上市。"
    maker = found(text, "云栖智能", COMPANY, 3.0, "company/yunxi", source="gazetteer")
    work = found(text, "澜语", MODEL, 3.0, "model/lanyu", source="gazetteer")
    *_, both = heard(text, {"云栖智能澜语": (PRODUCT, 0.95)}, maker, work)
    assert both.strength < 2


@pytest.mark.parametrize(("lead", "wins"), [("上海", True), ("与", False), ("小", False)])
def test_a_place_may_begin_a_longer_name(heard, lead: str, wins: bool) -> None:
    text = f"今天{lead}云栖智能上市。"
    listed = found(text, "云栖智能", COMPANY, 3.0, "company/yunxi", source="gazetteer")
    assert longer_than(heard, text, f"{lead}云栖智能", COMPANY, listed) is wins


def test_a_version_that_is_read_too_wins_over_its_listed_family(heard) -> None:
    text = "今天发布的Lanyu 7000很快。"
    version = found(text, "Lanyu 7000", PRODUCT, 2.6, source="version")
    [name] = heard(text, {"Lanyu 7000": (PRODUCT, 0.6)}, version)
    assert name.strength > 3


def test_the_type_of_a_latin_guess_is_what_is_read(heard) -> None:
    text = "今天Celero上市。"
    [name] = heard(text, {"Celero": (PRODUCT, 0.6)}, found(text, "Celero", COMPANY, 0.9, source="latin"))
    assert (name.type, name.strength) == (PRODUCT, 1.6)
    [marked] = heard(text, {"Celero": (PRODUCT, 0.6)}, found(text, "Celero", COMPANY, 2.0, source="latin"))
    assert marked.type is COMPANY


def test_a_form_alone_makes_no_name_where_none_is_heard(heard) -> None:
    text = "生成式工具“堆叠”日益深入。"
    assert heard(text, {}, found(text, "堆叠", PRODUCT, 2.1, source="quoted")) == []


def test_a_listed_company_that_is_part_of_other_words_is_dropped(heard) -> None:
    text = "芯片将提高通话质量。"
    assert heard(text, {}, found(text, "高通", COMPANY, 3.0, "company/yunxi", source="gazetteer")) == []


def test_a_text_without_names(heard) -> None:
    assert heard("", {}) == []
    assert heard("没有什么可说的。", {}) == []


def test_the_beginning_of_a_name_known_by_its_ending_is_what_is_read(heard) -> None:
    text = "万有霁川电子科技有限公司获奖。"
    guess = found(text, "霁川电子科技有限公司", COMPANY, 3.0, source="suffix")
    [name] = heard(text, {"万有霁川电子科技有限公司": (COMPANY, 0.8)}, guess)
    assert (name.start, name.text, name.strength) == (0, "万有霁川电子科技有限公司", 3.0)
    owned = found(text, "万有霁川电子科技有限公司", COMPANY, 3.1, source="suffix")
    assert owned in heard(text, {"霁川电子科技有限公司": (COMPANY, 0.8)}, owned)
