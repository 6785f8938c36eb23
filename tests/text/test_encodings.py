import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.text.encodings import decode_bytes, guess_encoding, plausibility, reject_binary, reject_garbled

SIMPLIFIED = "星河智能今天发布了自己的语言模型，它的价格只有对手的一半，公司说下个月还会有新的产品。"
TRADITIONAL = "星河智能今天發布了自己的語言模型，它的價格只有對手的一半，公司說下個月還會有新的產品。"
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5) | st.sampled_from("，。ab1 \r\n"))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_utf8_survives_with_and_without_a_mark(text: str) -> None:
    text = text.removeprefix("\ufeff")
    assert decode_bytes(text.encode()).text == text
    assert decode_bytes(codecs.BOM_UTF8 + text.encode()).text == text


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_utf16_survives_with_a_mark(text: str, encoding: str) -> None:
    mark = codecs.BOM_UTF16_LE if encoding.endswith("le") else codecs.BOM_UTF16_BE
    decoded = decode_bytes(mark + text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


@given(CHINESE)
def test_any_characters_survive_gb18030_beside_a_sentence(text: str) -> None:
    whole = SIMPLIFIED + text[:20]
    decoded = decode_bytes(whole.encode("gb18030"))
    assert (decoded.text, decoded.encoding) == (whole, "gb18030")


@given(st.integers(0, 24), st.integers(12, 44))
def test_the_encoding_of_a_short_passage_is_told(start: int, length: int) -> None:
    simplified, traditional = SIMPLIFIED[start : start + length], TRADITIONAL[start : start + length]
    assert decode_bytes(simplified.encode("gb18030")).text == simplified
    assert decode_bytes(traditional.encode("big5")).text == traditional
    assert decode_bytes(traditional.encode("gb18030")).text == traditional


def test_hong_kong_characters_are_read_where_windows_has_none() -> None:
    text = TRADITIONAL + "佢哋喺香港嘅公司話𨋢壞咗"
    assert decode_bytes(text.encode("big5hkscs")).text == text


def test_a_damaged_utf8_text_is_not_read_as_something_else() -> None:
    data = SIMPLIFIED.encode()
    with pytest.raises(InputError, match=r"byte 9 .*save the file as UTF-8"):
        decode_bytes(data[:10] + data[11:])


def test_a_truncated_utf16_text_is_refused() -> None:
    with pytest.raises(InputError, match="byte-order mark"):
        decode_bytes(codecs.BOM_UTF16_LE + "模型".encode("utf-16-le")[:-1])


@pytest.mark.parametrize("data", [b"\xff\xfe\xfd"[::-1] * 40, bytes(range(128, 256)) * 3])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        decode_bytes(data)


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("联通", "gbk", "gb2312"),
        ("東京の会社", "shift_jis", "Shift_JIS"),
        ("Café à Zürich", "cp1252", "iso-8859-1"),
    ],
)
def test_the_declared_encoding_is_honoured(text: str, encoding: str, declared: str) -> None:
    assert decode_bytes(text.encode(encoding), declared=declared).text == text


@pytest.mark.parametrize(
    "declared", ["gb2312", "big5", "zip", "no-such", "utf-16", "undefined", "", "\0", "iso-8859-1"]
)
def test_a_wrong_declaration_does_no_harm(declared: str) -> None:
    assert decode_bytes(SIMPLIFIED.encode(), declared=declared).text == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_guess_stands_a_character_cut_in_two(encoding: str) -> None:
    data = SIMPLIFIED.encode(encoding)
    assert {guess_encoding(data[:size]) for size in range(40, 60)} == {encoding}
    assert guess_encoding(b"ascii") is None
    assert guess_encoding(("长" * 22_000).encode()[:65_536]) == "utf-8"


def test_plausibility_is_high_only_for_the_right_reading() -> None:
    assert plausibility(SIMPLIFIED) > 0.6 < plausibility(TRADITIONAL)
    assert plausibility(SIMPLIFIED.encode().decode("gb18030", "replace")) < 0.2
    assert plausibility("plain") == 0.0


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"abc\0def", "NUL"),
    ],
)
def test_files_that_are_no_text_are_named(head: bytes, kind: str) -> None:
    with pytest.raises(InputError, match=kind):
        reject_binary(head)


def test_utf16_may_hold_nuls_and_a_text_a_stray_control_character() -> None:
    reject_binary(codecs.BOM_UTF16_LE + "ab".encode("utf-16-le"))
    reject_garbled(SIMPLIFIED * 5 + "\x0c\x08\t\r\n")
    with pytest.raises(InputError, match="control characters"):
        reject_garbled(SIMPLIFIED + "\x01" * 5)
    with pytest.raises(InputError, match="control characters"):
        reject_garbled(SIMPLIFIED * 100 + "\0")
