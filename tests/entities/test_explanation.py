from __future__ import annotations

from kg.entities.explanation import NameReason, explain_names
from kg.entities.gazetteer import COLUMNS, Gazetteer, read_table
from kg.text.normalize import fold_name

GAZETTEER = Gazetteer(
    read_table(["\t".join(COLUMNS), "fangyuan\tCompany\tstartup\t方圆智能\t\tFangyuan\t\t\t"], "test")
)


def test_names_of_a_listed_entity() -> None:
    stated = {fold_name("方圆"): "方圆智能(以下简称“方圆”)"}
    assert explain_names("company/fangyuan", "方圆智能", ["Fangyuan", "方圓智能", "方圆"], stated, GAZETTEER) == [
        NameReason("方圆智能", "table"),
        NameReason("Fangyuan", "table"),
        NameReason("方圆", "stated", "方圆智能(以下简称“方圆”)"),
        NameReason("方圓智能", "spelling", "方圆智能"),
    ]


def test_names_of_an_unlisted_entity() -> None:
    full = "北京光年星海科技有限公司"
    assert explain_names("company/x-1", full, ["光年星海"], {}, GAZETTEER) == [
        NameReason(full, "name"),
        NameReason("光年星海", "short form", full),
    ]
