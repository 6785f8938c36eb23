from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kg.model import EntityType
from kg.nlp.encoder import (
    _OVERLAP,
    _WINDOW,
    TAGS,
    TYPES,
    Encoder,
    Reading,
    ReadName,
    _decode,
    _folder,
    _spans,
    _windows,
    load_encoder,
)

SENTENCE = "昨天,云栖智能发布了大模型“澜语2.0”,创始人周屿白表示,青朔资本领投了云栖智能的A轮融资。"
NAMES = [
    ("云栖智能", EntityType.COMPANY),
    ("澜语2.0", EntityType.MODEL),
    ("周屿白", EntityType.PERSON),
    ("青朔资本", EntityType.COMPANY),
    ("云栖智能", EntityType.COMPANY),
]


def is_well_formed(row: list[int]) -> bool:
    inside = ""
    for tag in (TAGS[i] for i in row):
        if (tag[0] in "IE") != bool(inside) or (inside and tag[2:] != inside):
            return False
        inside = tag[2:] if tag[0] in "BI" else ""
    return not inside


def table(*tags: str, sure: float = 0.9) -> np.ndarray:
    """A reading that is `sure` of each of the tags, and finds all others equally likely."""
    odds = np.full((len(tags), len(TAGS)), (1 - sure) / (len(TAGS) - 1), np.float32)
    odds[range(len(tags)), [TAGS.index(tag) for tag in tags]] = sure
    return odds


def read(odds: np.ndarray) -> Reading:
    return Reading(tuple((2 * i, 2 * i + 2) for i in range(len(odds))), odds, ())


# -- tags to names ----------------------------------------------------------------------------------------------------


@given(arrays(np.float32, st.tuples(st.integers(0, 9), st.just(len(TAGS))), elements=st.floats(0, 1, width=32)))
def test_a_row_of_tags_is_well_formed_whatever_the_probabilities(odds: np.ndarray) -> None:
    row = _decode(odds / np.maximum(odds.sum(-1, keepdims=True), 1e-6))
    assert len(row) == len(odds)
    assert is_well_formed(row)


@pytest.mark.parametrize(
    "tags",
    [
        ("O", "B-Company", "I-Company", "E-Company", "O"),
        ("S-Person", "S-Person", "B-Model", "E-Model"),
        ("B-Product", "I-Product", "I-Product", "E-Product"),
    ],
)
def test_a_clear_row_is_kept(tags: tuple[str, ...]) -> None:
    assert [TAGS[i] for i in _decode(table(*tags))] == list(tags)


@pytest.mark.parametrize(
    "tags",
    [
        ("B-Company", "I-Company", "O"),
        ("O", "I-Company", "E-Company"),
        ("B-Company", "E-Person"),
        ("B-Company", "S-Company", "O"),
        ("O", "B-Model"),
    ],
)
def test_an_ill_formed_row_is_mended(tags: tuple[str, ...]) -> None:
    row = _decode(table(*tags))
    assert is_well_formed(row)
    assert [TAGS[i] for i in row] != list(tags)


def test_names_with_their_places_and_probabilities() -> None:
    reading = read(table("O", "B-Model", "I-Model", "E-Model", "S-Person", sure=0.8))
    assert reading.names() == [
        ReadName(2, 8, EntityType.MODEL, 0.8),
        ReadName(8, 10, EntityType.PERSON, 0.8),
    ]


def test_the_probability_of_a_name_is_the_geometric_mean_of_its_pieces() -> None:
    odds = table("B-Company", "E-Company")
    odds[1] = table("E-Company", sure=0.4)
    [name] = read(odds).names()
    assert name.probability == pytest.approx((0.9 * 0.4) ** 0.5, abs=1e-4)


def test_every_type_has_its_spans() -> None:
    for number, kind in enumerate(TYPES):
        row = [TAGS.index(f"{place}-{kind}") for place in "BIES"]
        assert list(_spans([0, *row, 0])) == [(1, 3, number), (4, 4, number)]


def test_pieces_of_a_stretch_of_text() -> None:
    reading = Reading(((0, 2), (2, 3), (5, 8)), table("O", "O", "O"), ())
    assert reading.pieces_of(0, 2) == (0, 0)
    assert reading.pieces_of(1, 3) == (0, 1)
    assert reading.pieces_of(2, 6) == (1, 2)
    first, last = reading.pieces_of(3, 5)
    assert last < first


def test_the_chance_of_a_stretch_is_that_it_is_part_of_a_name() -> None:
    reading = Reading(((0, 2), (2, 3), (5, 8)), table("O", "S-Person", "O"), ())
    assert reading.chance(0, 2) == pytest.approx(0.1, abs=1e-4)
    assert reading.chance(0, 3) == pytest.approx((0.1 + 0.995) / 2, abs=1e-4)
    assert reading.chance(3, 5) == 0


def test_the_types_of_a_stretch_share_its_chance() -> None:
    reading = Reading(((0, 2), (2, 3), (5, 8)), table("B-Person", "E-Person", "O"), ())
    types = reading.types(0, 3)
    assert max(types, key=types.__getitem__) is EntityType.PERSON
    assert sum(types.values()) == pytest.approx(reading.chance(0, 3), abs=1e-3)
    assert reading.types(3, 5) == {}


# -- windows ----------------------------------------------------------------------------------------------------------


def windows_of(*sentences: int) -> list[tuple[int, int]]:
    """The windows of sentences of so many characters, each of them a piece."""
    text = "".join("字" * (size - 1) + "。" for size in sentences)
    return list(_windows(text, [(i, i + 1) for i in range(len(text))]))


@given(st.lists(st.one_of(st.integers(1, 60), st.integers(1, 1200)), max_size=12))
def test_windows_cover_all_pieces_and_each_reads_something_new(sentences: list[int]) -> None:
    windows = windows_of(*sentences)
    done = 0
    before = -1
    for first, last in windows:
        assert before < first <= done < last <= first + _WINDOW
        assert done - first <= _OVERLAP
        before, done = first, last
    assert done == sum(sentences)


def test_a_short_text_is_one_window() -> None:
    assert windows_of(100, 200, 146) == [(0, _WINDOW)]


def test_windows_hold_whole_sentences_and_some_before_them_again() -> None:
    assert windows_of(*[50] * 8, 30, 50) == [(0, 430), (400, 480)]


def test_a_sentence_longer_than_a_window_is_cut() -> None:
    assert windows_of(1000) == [(0, 446), (446, 892), (892, 1000)]


def test_a_short_sentence_in_front_of_one_that_fills_a_window_is_read_once() -> None:
    assert windows_of(60, 446) == [(0, 60), (60, 506)]
    assert windows_of(60, 1000) == [(0, 60), (60, 506), (506, 952), (952, 1060)]
    assert windows_of(330, 110, 360) == [(0, 440), (440, 800)]


def test_a_text_without_sentences_is_a_window() -> None:
    assert list(_windows("  ", [(0, 1), (1, 2)])) == [(0, 2)]
    assert list(_windows("", [])) == []


# -- the trained network ----------------------------------------------------------------------------------------------


def named(text: str, reading: Reading) -> list[tuple[str, EntityType]]:
    return [(text[n.start : n.end], n.type) for n in reading.names()]


def plain_encoder() -> Encoder:
    """The package's encoder, run by the operators as they stand in its file: none are fused into others."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    encoder = copy.copy(load_encoder())
    model = (_folder() / "encoder.onnx").read_bytes()
    encoder._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return encoder


@pytest.mark.slow
def test_names_that_no_list_holds_are_read() -> None:
    assert named(SENTENCE, load_encoder().read(SENTENCE)) == NAMES


@pytest.mark.slow
def test_a_text_is_read_alike_every_time() -> None:
    one, other = (load_encoder().read(SENTENCE) for _ in range(2))
    assert one.names() == other.names()
    assert np.array_equal(one.tags, other.tags)
    assert np.array_equal(one.windows[0].vectors, other.windows[0].vectors)


@pytest.mark.slow
def test_probabilities_are_probabilities() -> None:
    reading = load_encoder().read(SENTENCE)
    assert reading.tags.shape == (len(reading.spans), len(TAGS))
    assert reading.tags.sum(-1) == pytest.approx(1, abs=1e-4)
    [window] = reading.windows
    assert window.vectors.shape[0] == len(reading.spans) + 2
    assert window.attention.shape == (len(reading.spans) + 2,) * 2


@pytest.mark.slow
def test_a_text_far_longer_than_a_window() -> None:
    filler = "这一天没有什么可说的,大家照常上班,天气不错。" * 60
    text = SENTENCE + filler + SENTENCE
    reading = load_encoder().read(text)
    assert len(reading.windows) > 2
    assert [(w.first, w.last) for w in reading.windows][-1][1] == len(reading.spans)
    assert named(text, reading) == NAMES * 2


@pytest.mark.slow
def test_only_sentences_with_a_name_are_read() -> None:
    quiet = "这一天没有什么可说的。大家照常上班。"
    text = f"{quiet}云栖智能发布了大模型“澜语2.0”。{quiet}"
    start = text.index("云栖")
    reading = load_encoder().read(text, [(start, start + 4)])
    assert "".join(text[a:b] for a, b in reading.spans) == text.removeprefix(quiet).removesuffix(quiet)
    assert named(text, reading) == NAMES[:2]
    assert reading.pieces_of(0, 2) == (0, -1)
    assert reading.chance(0, 2) == 0.0


@pytest.mark.slow
def test_a_long_sentence_without_a_stop() -> None:
    text = f"今天没有大事。{'这一天没有什么可说的大家照常上班' * 80},云栖智能发布了大模型“澜语2.0”。"
    reading = load_encoder().read(text)
    assert named(text, reading) == NAMES[:2]


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", " ", "\n\n", "。", "\ud800", "🚀🚀"])
def test_a_text_that_says_nothing_names_nothing(text: str) -> None:
    reading = load_encoder().read(text)
    assert reading.names() == []
    assert len(reading.tags) == len(reading.spans)


@pytest.mark.slow
@pytest.mark.parametrize("text", [SENTENCE, "晴川半导体宣布与海棠汽车达成合作,苏砚秋任首席执行官。"])
def test_other_kernels_read_the_same_names(text: str) -> None:
    """Other kernels differ in the last bits of a float, which no rounding to 8 bits amplifies."""
    one, other = load_encoder().read(text), plain_encoder().read(text)
    assert named(text, one) == named(text, other)
    pairs = zip(one.names(), other.names(), strict=True)
    assert max(abs(a.probability - b.probability) for a, b in pairs) < 0.001
