from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text.rounds import find_rounds


@pytest.mark.parametrize(
    ("text", "rounds"),
    [
        ("种子轮", ["seed"]), ("天使轮", ["angel"]), ("天使+轮", ["angel+"]), ("天使++轮", ["angel++"]),
        ("Pre-A轮", ["Pre-A"]), ("pre-a轮", ["Pre-A"]), ("PreA+轮", ["Pre-A+"]), ("Pre- A轮", ["Pre-A"]),
        ("A轮", ["A"]), ("A1轮", ["A1"]), ("A-1轮", ["A1"]), ("A+轮", ["A+"]), ("A++轮", ["A++"]), ("C+轮", ["C+"]),
        ("D1轮融资", ["D1"]), ("Pre-IPO轮", ["Pre-IPO"]), ("Pre-IPO融资", ["Pre-IPO"]), ("Pre-IPO+轮", ["Pre-IPO+"]),
        ("战略融资", ["strategic"]), ("获战略投资", ["strategic"]), ("获某厂战投", ["strategic"]),
        ("IPO", ["IPO"]), ("赴港IPO", ["IPO"]), ("首次公开募股", ["IPO"]), ("首次公开发行股票", ["IPO"]),
        ("基石投资者", ["cornerstone"]), ("基石轮", ["cornerstone"]),
        ("Series B", ["B"]), ("series a+", ["A+"]), ("B系列融资", ["B"]), ("Seed轮", ["seed"]),
        ("A、B两轮", ["A", "B"]), ("A轮和A+轮", ["A", "A+"]), ("天使及Pre-A轮", ["angel", "Pre-A"]),
        ("A+B轮", ["A", "B"]),
        ("种子轮、天使轮以及A1/A2轮", ["seed", "angel", "A1", "A2"]), ("H轮", ["H"]),
    ],
)  # fmt: skip
def test_a_round_is_found_and_spelled_one_way(text: str, rounds: list[str]) -> None:
    assert [found.value for found in find_rounds(f"公司完成{text}。")] == rounds


@pytest.mark.parametrize(
    "text",
    ["AI轮足系统", "三轮融资", "首轮融资", "GPU轮次", "天使投资人", "战略投资者", "战略投资部", "基石资本", "A系列手机",
     "每天使用", "战投部", "模型的基石", "GIPOD", "A轮胎"],
)  # fmt: skip
def test_what_is_no_round_is_left_alone(text: str) -> None:
    assert find_rounds(text) == []


def test_each_round_of_a_list_has_its_own_span() -> None:
    text = "连续完成A、B两轮融资"
    assert [text[found.start : found.end] for found in find_rounds(text)] == ["A", "B两轮"]


@given(st.text("ABCKabPreIOSis种子天使轮融资战略投基石、和+-12 ", max_size=50))
def test_finds_are_sorted_and_disjoint(text: str) -> None:
    found = find_rounds(text)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(one.start < one.end and one.value for one in found)


@given(st.sampled_from("ABCDEFGH"), st.sampled_from(["", "1", "2"]), st.sampled_from(["", "+", "++"]), st.booleans())
def test_any_lettered_round_keeps_its_letter(letter: str, number: str, plus: str, before: bool) -> None:
    name = ("Pre-" if before else "") + letter + number + plus
    (found,) = find_rounds(f"宣布完成{name}轮融资")
    assert found.value == name
