from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from kg.entities.gazetteer import COLUMNS, Gazetteer, read_table
from kg.model import EntityType
from kg.nlp.aliases import claim_short_forms, find_repeats
from kg.nlp.encoder import TAGS, Reading
from kg.nlp.names import Equation, Name
from kg.nlp.resolution import ResolvedNames, _unify_types
from kg.text.normalize import fold_name

COMPANY, MODEL, PERSON, PRODUCT = EntityType.COMPANY, EntityType.MODEL, EntityType.PERSON, EntityType.PRODUCT
TEXT = "说到Celero,又说到Celero。"


def read(kind: EntityType, probability: float) -> Reading:
    """A reading of `TEXT` of which every character is a piece, and the last use of the name is read."""
    tags = np.zeros((len(TEXT), len(TAGS)), np.float32)
    tags[:, 0] = 1
    start = TEXT.rindex("Celero")
    tags[start : start + 6, 0] = 1 - probability
    tags[start : start + 6, TAGS.index(f"I-{kind}")] = probability
    return Reading(tuple((i, i + 1) for i in range(len(TEXT))), tags, ())


@pytest.mark.parametrize(
    ("strength", "read_as", "probability", "chosen"),
    [
        (0.9, PRODUCT, 0.98, PRODUCT),
        (0.9, PRODUCT, 0.4, COMPANY),
        (2.0, PRODUCT, 0.98, COMPANY),
        (0.9, COMPANY, 0.98, COMPANY),
    ],
)
def test_the_encoder_votes_on_the_type_of_all_uses(
    strength: float, read_as: EntityType, probability: float, chosen: EntityType
) -> None:
    uses = [
        Name(start, start + 6, "Celero", COMPANY, "latin", strength if start < 5 else 0.9)
        for start in (TEXT.index("Celero"), TEXT.rindex("Celero"))
    ]
    unified = _unify_types(TEXT, uses, read(read_as, probability))
    assert {name.type for name in unified} == {chosen}
    assert [name.type for name in _unify_types(TEXT, uses, None)] == [COMPANY, COMPANY]


def test_a_listed_name_keeps_its_type() -> None:
    listed = Name(2, 8, "Celero", COMPANY, "gazetteer", 3.0, ("company/celero",))
    assert _unify_types(TEXT, [listed], read(PRODUCT, 0.99)) == [listed]


def test_a_repeat_cuts_no_longer_name(make_doc) -> None:
    doc = make_doc("霁川发布霁川Zero1,霁川说。")
    maker = Name(0, 2, "霁川", COMPANY, "read", 1.9)
    work = Name(4, 11, "霁川Zero1", PRODUCT, "latin", 1.6)
    assert doc.text[4:11] == work.text
    assert [(n.start, n.end) for n in find_repeats(doc, [maker, work], [])] == [(12, 14)]


def claimed(
    kind: EntityType, whole: str, part: str, *, listed: Sequence[str] = (), first: bool = True
) -> tuple[list[Equation], tuple[str, ...]]:
    """Return what is equated where a text names `whole` and `part`, and the records that `part` is left with."""
    records = {name: (f"{kind}/{name}".lower(),) if name in listed else () for name in (whole, part)}
    start = 0 if first else len(part) + 1
    names = [
        Name(start, start + len(whole), whole, kind, "read", 1.9, records[whole]),
        Name(len(whole) + 1 if first else 0, len(whole) + len(part) + 1, part, kind, "read", 1.9, records[part]),
    ]
    equations: list[Equation] = []
    *_, short = claim_short_forms(names, equations)
    assert short.text == part
    return equations, short.records


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    ("kind", "whole", "part"),
    [
        (PERSON, "奥里安·温特", "温特"),
        (PERSON, "Orian Wint", "Wint"),
        (COMPANY, "云栖控股有限公司", "云栖控股"),
        (COMPANY, "Celero Holdings", "Celero"),
        (COMPANY, "Celero AI", "Celero"),
        (COMPANY, "远舟动力工业集团", "远舟动力"),
        (PRODUCT, "Corvid 7系列", "Corvid 7"),
        (PRODUCT, "Celero Spark", "Spark"),
    ],
)
def test_a_name_is_called_by_a_part_of_it(kind: EntityType, whole: str, part: str, first: bool) -> None:
    [equation] = claimed(kind, whole, part, first=first)[0]
    assert (equation.first, equation.second) == (fold_name(whole), fold_name(part))
    assert equation.reason == "short form"


@pytest.mark.parametrize(
    ("kind", "whole", "part"),
    [
        (PRODUCT, "Celero Code", "Celero"),  # what a maker or a family has made
        (PRODUCT, "Celero X1", "X1"),
        (COMPANY, "Celero Research", "Celero"),
        (PERSON, "周屿白", "屿白"),
    ],
)
def test_a_part_may_be_another_thing(kind: EntityType, whole: str, part: str) -> None:
    assert claimed(kind, whole, part)[0] == []


def test_what_lists_have_under_a_short_form_does_not_count() -> None:
    assert claimed(PERSON, "奥里安·温特", "温特", listed=["温特"])[1] == ()
    assert claimed(PERSON, "奥里安·温特", "温特", listed=["奥里安·温特", "温特"])[1] == ("person/奥里安·温特",)
    assert claimed(PRODUCT, "Celero Spark", "Spark", listed=["Spark"])[1] == ()
    assert claimed(PRODUCT, "Corvid 7系列", "Corvid 7", listed=["Corvid 7"])[1] == ("product/corvid 7",)
    assert claimed(COMPANY, "云栖控股有限公司", "云栖控股", listed=["云栖控股"])[1] == ("company/云栖控股",)


def test_listed_companies_and_works_are_no_short_forms_of_others() -> None:
    assert claimed(COMPANY, "Celero AI", "Celero", listed=["Celero"])[0] == []
    assert claimed(PRODUCT, "Celero Spark", "Spark", listed=["Celero Spark", "Spark"])[0] == []


@pytest.mark.parametrize(
    ("text", "kind", "bare"),
    [
        ("Corvid系统", PRODUCT, "Corvid"),
        ("Corvid 2 VR头显", PRODUCT, "Corvid 2"),
        ("Corvid 聊天机器人", PRODUCT, "Corvid"),
        ("Celero大模型", MODEL, "Celero"),
        ("Corvid系列", PRODUCT, "Corvid系列"),
        ("Corvid系统", COMPANY, "Corvid系统"),
        ("GPU服务器", PRODUCT, "GPU服务器"),
        ("澜语系统", PRODUCT, "澜语系统"),
    ],
)
def test_a_latin_work_is_named_without_its_kind(text: str, kind: EntityType, bare: str) -> None:
    component = ResolvedNames.__new__(ResolvedNames)
    component.gazetteer = Gazetteer(read_table(["\t".join(COLUMNS), "corvid\tProduct\t\t\t\tCorvid\t\t\t"], "test"))
    cut = component._without_kind(Name(5, 5 + len(text), text, kind, "read", 1.9))
    assert (cut.text, cut.end) == (bare, 5 + len(bare))
    assert cut.records == (("product/corvid",) if bare == "Corvid" else ())
    listed = Name(5, 5 + len(text), text, kind, "gazetteer", 3.0, ("product/other",))
    assert component._without_kind(listed) is listed
