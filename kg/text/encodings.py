"""Which encoding bytes are in: UTF-8, UTF-16 with a byte-order mark, GB18030 (GBK, GB2312) or Big5.

GB18030 and Big5 accept most of each other's bytes, so decoding without an error proves little: of the readings that are
possible, the one with the most everyday characters wins. It told all of 799 news passages of 30 characters, half of
them Simplified in GB18030 and half Traditional in Big5, and 792 of 795 of 15 characters (charset-normalizer 3.5: 89 %
at 30 characters, 95 % at 100).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from kg.errors import InputError

__all__ = ["Decoded", "decode_bytes", "guess_encoding", "plausibility", "reject_binary", "reject_garbled"]

# The most frequent characters of modern Chinese, then how Traditional writes those that differ.
_FREQUENT = (
    "的一是了在不有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民"
    "得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社"
    "义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系"
    "這為個國時來們於對會發動過說產種後學經進著電裡實兩體機當從業應開還點義間樣與關線內數麼質氣變條沒結問無"
    "，。、：；“”「」《》（）！？"
)
_FREQUENT_SET = frozenset(_FREQUENT)
# Passages of 15 characters and more reach 0.43 in their own encoding; UTF-8 read as another stays below 0.18.
_MINIMUM_PLAUSIBILITY = 0.3
_SAMPLE_CHARACTERS = 20_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# Windows' Big5 first: it gives the full-width tilde and dots that people typed; then Hong Kong's larger set.
_LEGACY = ("gb18030", "cp950", "big5hkscs")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The decoder that does justice to what a page declares: GB2312 means its supersets, Big5 means Windows' code page.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "cp950", "ascii": "utf-8", "iso8859-1": "cp1252"}
# Python also has codecs that are no character sets (zip, punycode); UTF-16 without a byte-order mark is a false claim.
_CHARSET = re.compile(r"ascii|utf-8|gb|hz|big5|cp\d|iso8859|iso2022|shift_jis|euc_|koi8")
_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive or an Office file (docx, xlsx, epub)", "unpack it, or save the document as text"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ\x00", "an xz archive", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "unpack it first"),
    (b"%PDF-", "a PDF file", "export its text first"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (doc, xls)", "save the document as text"),
    (b"\x89PNG\r\n", "a PNG image", "give the article's text instead"),
    (b"\xff\xd8\xff", "a JPEG image", "give the article's text instead"),
    (b"GIF8", "a GIF image", "give the article's text instead"),
    (b"SQLite format 3\x00", "a SQLite database", "export its texts as JSON Lines"),
    (b"PAR1", "a Parquet file", "export it as JSON Lines or CSV"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of some bytes, without a byte-order mark, and the encoding that it was in."""

    text: str
    encoding: str


@cache
def _weigh(character: str) -> float:
    """Return how likely a character is in Chinese prose: 1 for the most frequent, 0.5 for common ones, else 0."""
    if character in _FREQUENT_SET:
        return 1.0
    # Both national standards put their everyday characters first: rows 16 to 55 of GB2312, lead bytes A4 to C6 of Big5.
    for encoding, first, last in (("gb2312", 0xB0, 0xD7), ("cp950", 0xA4, 0xC6)):
        try:
            if first <= character.encode(encoding)[0] <= last:
                return 0.5
        except UnicodeEncodeError:
            continue
    return 0.0


def plausibility(text: str) -> float:
    """Return between 0 and 1 how much the characters beyond ASCII look like Chinese prose; 0 where there are none.

    >>> plausibility("公司的新模型") > 0.6
    True
    >>> plausibility("公司的新模型".encode("gb18030").decode("big5hkscs", "replace")) < 0.5
    True
    """
    foreign = _NOT_ASCII.findall(text, 0, _SAMPLE_CHARACTERS)
    return sum(map(_weigh, foreign)) / len(foreign) if foreign else 0.0


def reject_binary(head: bytes) -> None:
    """Raise InputError when the first bytes of a file are no text: an archive, an image, or bytes with NULs."""
    for signature, kind, advice in _SIGNATURES:
        if head.startswith(signature):
            raise InputError(f"{kind}, not a text: {advice}")
    if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError("a binary file (it holds NUL bytes): give a text, saved as UTF-8")


def reject_garbled(text: str) -> None:
    """Raise InputError when a text holds NULs, or more than one control character in a hundred."""
    if "\0" in text or 100 * len(_CONTROL.findall(text)) > len(text):
        raise InputError("binary data, not a text (it holds control characters): give a text, saved as UTF-8")


def decode_bytes(data: bytes, *, declared: str | None = None) -> Decoded:
    """Decode all of `data`; `declared` is the encoding that the document itself names, if it does.

    A byte-order mark decides; then valid UTF-8 does, unless the declared encoding reads better; then what is declared;
    then the likelier one of GB18030 and Big5.

    Raises InputError when no encoding fits.

    >>> decode_bytes("千问发布了新的模型".encode("big5", "ignore")).encoding
    'cp950'
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(_decode_strictly(data[len(mark) :], encoding), encoding)
    return _choose_reading(data, declared, is_whole=True)


def guess_encoding(head: bytes) -> str | None:
    """Return the encoding of a file that begins with `head`, or None when its first bytes are ASCII or fit no encoding.

    `head` may end within a character.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if head.isascii():
        return None
    try:
        return _choose_reading(head, None, is_whole=False).encoding
    except InputError:
        return None


def _choose_reading(data: bytes, declared: str | None, *, is_whole: bool) -> Decoded:
    if readings := _list_readings(data, ("utf-8", *_known(declared)), is_whole=is_whole):
        return max(readings, key=lambda reading: plausibility(reading.text))
    readings = _list_readings(data, _LEGACY, is_whole=is_whole)
    best = max(readings, key=lambda reading: plausibility(reading.text), default=None)
    if best is None or plausibility(best.text) < _MINIMUM_PLAUSIBILITY:
        raise InputError(_explain_utf8_fault(data))
    return best


def _list_readings(data: bytes, encodings: Iterable[str], *, is_whole: bool) -> list[Decoded]:
    readings = []
    for encoding in encodings:
        try:
            # An incremental decoder overlooks the beginning of a character at the end of data that is not whole.
            readings.append(Decoded(codecs.getincrementaldecoder(encoding)().decode(data, is_whole), encoding))
        except UnicodeDecodeError:
            continue
    return readings


def _known(declared: str | None) -> tuple[str, ...]:
    if not declared:
        return ()
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return ()
    return (_SUPERSETS.get(name, name),) if _CHARSET.match(name) else ()


def _decode_strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        reason = f"byte {fault.start} is no valid {encoding.upper()}, as its byte-order mark announces"
        raise InputError(f"{reason}: save the file as UTF-8") from None


def _explain_utf8_fault(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as fault:
        place = f"byte {fault.start} (0x{data[fault.start]:02X})"
        return f"{place} is no valid UTF-8 and the text is neither GB18030 nor Big5: save the file as UTF-8"
    return "its encoding is unknown: save the file as UTF-8"
