import pytest

from kg.text import quantities
from kg.text.quantities import find_shares


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("收购其79.09%股份", ["79.09"]), ("拿下100%的股权", ["100"]), ("持股约7%", ["7"]), ("占股45%", ["45"]),
        ("持股比例为4.8%", ["4.8"]), ("取得百分之五十一的股权", ["51"]), ("转让20%左右的股份", ["20"]),
        ("甲持股30%、乙占股10%", ["30", "10"]), ("持有过半股权", []), ("股价上涨9%,股东高兴", []), ("毛利率30%", []),
        ("持股0%", []), ("300%股权", []),
    ],
)  # fmt: skip
def test_shares_are_found_in_per_cent(text: str, shares: list[str]) -> None:
    assert [str(found.value) for found in find_shares(text)] == shares


def test_the_span_of_a_share_names_it() -> None:
    text = "甲公司将持有乙公司51%的股权"
    (found,) = find_shares(text)
    assert text[found.start : found.end] == "51%的股权"


def test_one_module_offers_every_finder() -> None:
    assert all(hasattr(quantities, name) for name in quantities.__all__)
    assert [found.value for found in quantities.find_rounds("A轮")] == ["A"]
