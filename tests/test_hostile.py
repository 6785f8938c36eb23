"""Hostile inputs: nothing crashes, hangs, or points outside its text; `benchmarks/fuzz.py` tries very many more.

`HYPOTHESIS_PROFILE=thorough pytest tests/test_hostile.py` tries a hundred times as many, others in each run.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import hostile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.claims.backers import PARTIES
from kg.model import Extractor, PartialDate
from kg.nlp.sentences import LONGEST_SENTENCE, split_sentences
from kg.text.normalize import fold_name, language_of, normalize, to_traditional
from kg.text.quantities import find_dates

THOROUGH = settings.get_current_profile_name() == "thorough"
EXAMPLES = settings(max_examples=4_000 if THOROUGH else 60)
FEW_EXAMPLES = settings(max_examples=1_000 if THOROUGH else 15)
SECONDS = 5  # of processor time for one case; the slowest of 5,000 took half a second

SEEDS = st.integers(0, 2**32).map(random.Random)
PARTS = st.lists(st.sampled_from(hostile.ALL) | st.text(st.characters(codec=None), max_size=4), max_size=30)
RUNS = st.tuples(st.sampled_from(hostile.ALL), st.integers(1, 400)).map(lambda run: run[0] * run[1])
TEXTS = SEEDS.map(hostile.make_text) | PARTS.map("".join) | RUNS
FILES = (
    SEEDS.map(hostile.make_bytes) | st.lists(st.sampled_from(hostile.BYTES), max_size=20).map(b"".join) | st.binary()
)
REFERENCES = st.sampled_from(hostile.REFERENCES)


def in_time(check: Callable[[], None]) -> None:
    start = time.process_time()
    check()
    assert time.process_time() - start < SECONDS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@EXAMPLES
@given(data=FILES)
def test_bytes_become_documents_and_issues_in_every_format(folder: Path, data: bytes) -> None:
    in_time(lambda: hostile.check_reading(data, folder))


@EXAMPLES
@given(TEXTS)
def test_any_text_is_normalized_with_a_way_back(text: str) -> None:
    in_time(lambda: hostile.check_normalizing(text))


@EXAMPLES
@given(TEXTS, REFERENCES)
def test_quantities_are_inside_any_text(text: str, reference: PartialDate | None) -> None:
    in_time(lambda: hostile.check_quantities(text, reference))


@pytest.fixture(scope="module")
def loaded() -> None:
    """Load what is loaded once, so that no case has to."""
    hostile.check_extraction("甲公司收购乙公司。", Extractor.RULES)


@pytest.mark.slow
@FEW_EXAMPLES
@given(text=TEXTS, reference=REFERENCES)
def test_evidence_is_inside_any_text(loaded: None, text: str, reference: PartialDate | None) -> None:
    in_time(lambda: hostile.check_extraction(text, Extractor.RULES, reference))


@pytest.mark.slow
@pytest.mark.parametrize("extractor", Extractor)
@pytest.mark.parametrize(
    "text",
    [
        "腾\ud800讯收购\udfff月之暗面\ud83d，\udc80创始人杨植麟离开。",
        "\ud800",
        "\x00腾讯\x00投资\u202e智谱AI\u2066(\x07DeepSeek\x1b)",
        "“" * 300 + "腾讯" + "（" * 300,
        "腾讯、" * 400 + "投资了智谱AI",
        "",
        "\n\n \u3000",
    ],
)
def test_every_extractor_bears(text: str, extractor: Extractor) -> None:
    hostile.check_extraction(text, extractor)


def test_halves_of_characters_are_folded_away() -> None:
    assert normalize("腾\ud800讯\udfff").text == "腾讯"
    assert fold_name("騰\ud800訊") == "腾讯"
    assert language_of("騰\ud800訊") == "zh-Hant"
    assert to_traditional("腾\ud800讯") == "騰\ud800訊"


@pytest.mark.parametrize("wording", ["上周三", "昨天", "30日晚", "前年", "上周", "上个月", "12月31日"])
@pytest.mark.parametrize("reference", [PartialDate(1, 1, 1), PartialDate(9999, 12, 31)])
def test_dates_beyond_the_calendar_are_not_found(wording: str, reference: PartialDate) -> None:
    for found in find_dates(f"{wording}发布,明天上线", reference):
        assert 1 <= found.value.year <= 9999


@pytest.mark.parametrize("unit", ["甲", "甲乙、", "甲、" * 300 + "。", "。", " ", "\n"])
def test_no_sentence_is_longer_than_what_reads_it_bears(unit: str) -> None:
    text = unit * (5_000 // len(unit))
    spans = split_sentences(text)
    assert all(end - start <= LONGEST_SENTENCE for start, end in spans)
    assert "".join(text[start:end] for start, end in spans).split() == "".join(text).split()


def test_an_enumeration_is_parted_in_one_way_alone() -> None:
    text = "\ue000\ue009\ue00b等出资" * 14  # each member could be parted in three ways, all of them in 3 to the 14th
    in_time(lambda: re.search(f"{PARTIES}!", text))
