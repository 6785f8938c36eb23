from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.nlp.pieces import SPACE, UNKNOWN, Vocabulary

SCORES = {
    SPACE: -3.0,
    "云": -4.0,
    "帆": -4.0,
    "云帆": -5.0,
    "帆智": -4.5,
    "智": -6.0,
    "算": -6.0,
    "智算": -6.5,
    f"{SPACE}云": -3.5,
    f"{SPACE}Aurora": -5.0,
    "Aurora": -7.0,
    f"{SPACE * 2}": -2.0,
    "。": -1.0,
}
VOCABULARY = Vocabulary(["<s>", "<pad>", "</s>", "<unk>", *SCORES], [0.0] * 4 + list(SCORES.values()))
ANY_TEXT = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.characters(min_codepoint=0x10000),
        st.sampled_from(f"云帆智算。 \n\t\u3000{SPACE}Aurora"),
    )
)


def cut(text: str) -> list[str]:
    """The pieces as the vocabulary writes them."""
    return [VOCABULARY.pieces[i] for i in VOCABULARY.cut(text).ids]


def spans(text: str) -> list[str]:
    """What the pieces stand for in the text."""
    return [text[start:end] for start, end in VOCABULARY.cut(text).spans]


def likelihood(ids: list[int]) -> float:
    return sum(VOCABULARY.scores[i] if i > UNKNOWN else min(VOCABULARY.scores) - 10 for i in ids)


@given(ANY_TEXT)
def test_pieces_stand_in_order_and_cover_all_but_spaces(text: str) -> None:
    pieces = VOCABULARY.cut(text)
    assert len(pieces.ids) == len(pieces.spans)
    position = 0
    for start, end in pieces.spans:
        assert position <= start < end <= len(text)
        assert not text[position:start].replace(SPACE, " ").strip()
        position = end
    assert not text[position:].strip()


@given(ANY_TEXT)
def test_a_piece_reads_as_its_span(text: str) -> None:
    pieces = VOCABULARY.cut(text)
    for piece_id, (start, end) in zip(pieces.ids, pieces.spans, strict=True):
        if piece_id == UNKNOWN:
            assert end - start == 1
            continue
        words = VOCABULARY.pieces[piece_id].strip(SPACE)
        assert text[start:end] == words or (not words and not text[start:end].replace(SPACE, " ").strip())


@given(st.text(alphabet="云帆智算 ", max_size=7))
def test_no_other_cut_is_likelier(text: str) -> None:
    def best(rest: str) -> float:
        if not rest:
            return 0.0
        ahead = [(SCORES[p], p) for p in SCORES if rest.startswith(p)]
        return max(score + best(rest[len(piece) :]) for score, piece in ahead)

    marked = SPACE + text.replace(" ", SPACE)
    ids = VOCABULARY.cut(text).ids
    alone = 0.0 if "".join(VOCABULARY.pieces[i] for i in ids) == marked else SCORES[SPACE]
    assert likelihood(ids) + alone == pytest.approx(best(marked))


def test_the_likeliest_cut_is_not_the_longest_first() -> None:
    assert cut("。云帆智") == ["。", "云", "帆智"]
    assert cut("云帆") == [f"{SPACE}云", "帆"]  # -7.5; with 云帆 the mark in front stands alone: -8
    assert cut("。云帆") == ["。", "云帆"]


@pytest.mark.parametrize("strange", ["鑫", "𠮷", "🚀", "\ud800", "\x00", "x"])
def test_an_unknown_character_stands_alone(strange: str) -> None:
    text = f"云{strange}{strange}帆"
    pieces = VOCABULARY.cut(text)
    assert pieces.ids[1:3] == [UNKNOWN, UNKNOWN]
    assert spans(text) == ["云", strange, strange, "帆"]


def test_the_mark_in_front_of_the_text_stands_for_nothing() -> None:
    assert cut("算") == ["算"]
    assert VOCABULARY.cut("算").spans == [(0, 1)]
    assert cut("云") == [f"{SPACE}云"]
    assert VOCABULARY.cut("云").spans == [(0, 1)]


@pytest.mark.parametrize("blank", [" ", "\n", "\t", "\u3000", "\xa0"])
def test_a_space_belongs_to_the_piece_behind_it(blank: str) -> None:
    text = f"算{blank}Aurora"
    assert cut(text) == ["算", f"{SPACE}Aurora"]
    assert VOCABULARY.cut(text).spans == [(0, 1), (2, 8)]


def test_a_space_that_stands_alone_has_a_span() -> None:
    assert cut("算 智") == ["算", SPACE, "智"]
    assert VOCABULARY.cut("算 智").spans == [(0, 1), (1, 2), (2, 3)]


def test_nothing_has_no_pieces() -> None:
    pieces = VOCABULARY.cut("")
    assert (pieces.ids, pieces.spans) == ([], [])


def test_the_pieces_that_stand_for_no_text_are_never_cut_out() -> None:
    assert set(VOCABULARY.cut("<s><pad>").ids) == {UNKNOWN}


def test_pieces_and_scores_go_together() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Vocabulary(["<s>", "<pad>", "</s>", "<unk>", "云"], [0.0] * 4)
