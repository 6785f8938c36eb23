from __future__ import annotations

import numpy as np
import pytest

from kg.model import EntityType
from kg.nlp.aliases import find_repeats
from kg.nlp.encoder import TAGS, Reading
from kg.nlp.names import Name
from kg.nlp.resolution import _unify_types

COMPANY, MODEL, PRODUCT = EntityType.COMPANY, EntityType.MODEL, EntityType.PRODUCT
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
