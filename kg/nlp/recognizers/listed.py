"""Names that the gazetteer lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Token

from kg.entities.gazetteer import Gazetteer, Match, Record, load_gazetteer
from kg.model import EntityType
from kg.nlp.cues import best_type, read_cues
from kg.nlp.names import Name, names_of, text_of
from kg.nlp.words import is_common_word
from kg.text.normalize import fold_name

_SHORT_HAN = re.compile(r"[\u3400-\u9fff]{2,3}")
_LETTER = re.compile(
    r"(?<![A-Za-z0-9·.\-+/ ])(?<![A-Za-z0-9] )[A-Z](?= ?(?:平台|\((?:原|前身)))(?!平台部)"
    r"|(?<=[在于])[A-Z](?=上(?:的?[发推帖]|表示|写|称|宣布|公布|公开|回[应复]|[,。、]))"
    r"|(?<=社交平台)[A-Z](?![A-Za-z0-9.])|(?<=社交媒体平台)[A-Z](?![A-Za-z0-9.])|(?<=社交媒体)[A-Z](?![A-Za-z0-9.])"
)
_WIDER = re.compile(r"[\u3400-\u9fff]+")


@Language.factory("listed_names")
class ListedNames:
    """Adds every listed name; an ambiguous one only as a guess that the document has to support."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.gazetteer: Gazetteer = load_gazetteer()

    def __call__(self, doc: Doc) -> Doc:
        """Start `doc._.names` with the listed names."""
        doc._.names = []
        words = _words_by_character(doc)
        text = text_of(doc)
        for match in self.gazetteer.find(text):
            if _LETTER.match(text, match.start) and match.end == match.start + 3:
                continue
            if _SHORT_HAN.fullmatch(text[match.start : match.end]) and _is_cut_out(text, match, words):
                continue  # two or three characters of ordinary longer words
            names_of(doc).append(_to_name(text, match))
        names_of(doc).extend(self._letters(text))
        return doc

    def _letters(self, text: str) -> Iterator[Name]:
        """Yield the letters that are names where a word beside them says of what: X平台, 在X上发文."""
        for match in _LETTER.finditer(text):
            records = tuple(r.id for r in self.gazetteer.lookup(match.group() + "平台"))
            if records:
                kind = self.gazetteer.records[records[0]].type
                yield Name(match.start(), match.end(), match.group(), kind, "gazetteer", 3.0, records)


def _words_by_character(doc: Doc) -> list[Token]:
    """Return for each character of a document the token that it belongs to; a trailing space counts to its token."""
    return [token for token in doc for _ in token.text_with_ws]


def _is_cut_out(text: str, match: Match, words: list[Token]) -> bool:
    """Whether a match begins or ends inside a word of the general dictionary: 商务部|门, 旧|金山."""
    first, last = words[match.start], words[match.end - 1]
    begins_inside = first.idx < match.start and is_common_word(first.text)
    if text[match.end - 1 : match.end + 1] in ("部门", "部长", "局长"):
        return True
    if begins_inside or (match.end < last.idx + len(last) and is_common_word(last.text)):
        return True
    if match.end - match.start > 2:
        return False
    wider = text[max(0, match.start - 1) : match.end], text[match.start : match.end + 1]
    return any(len(w) == 3 and _WIDER.fullmatch(w) and is_common_word(w) for w in wider)


def _to_name(text: str, match: Match) -> Name:
    record = _choose(text, match)
    wording = text[match.start : match.end]
    doubtful = match.ambiguous or (wording.islower() and len(wording) < 7 and _has_capitals(record, wording))
    ids = tuple(r.id for r in match.records if r.type is record.type)
    return Name(match.start, match.end, wording, record.type, "gazetteer", 0.8 if doubtful else 3.0, ids)


def _has_capitals(record: Record, wording: str) -> bool:
    """Whether a record writes a name with capitals that stands in small letters here, as a word may: figure, ramp."""
    return any(c.isupper() for c in record.name_en) and wording not in record.aliases


def _choose(text: str, match: Match) -> Record:
    """Pick the sense of a name that stands for several things by the words beside it."""
    types = sorted({r.type for r in match.records}, key=list(EntityType).index)
    if len(types) > 1:
        cues = {t: n for t, n in read_cues(text, match.start, match.end).items() if t in types}
        if not cues and EntityType.PRODUCT in types and _is_used(text, match):
            cues = {EntityType.PRODUCT: 1}
        wanted = best_type(cues) or _usual_type(text[match.start : match.end], match.records) or types[0]
        return next(r for r in match.records if r.type is wanted)
    return match.records[0]


_USED_BEFORE = re.compile(r"(?:(?<![作采])用|使用|登[录陆]|下载|打开|上传到|官方)$")
_USED_AFTER = re.compile(r" ?(?:上|频道|账号|帐号|账户|帐户|社群|(?:、[^,。;、]{1,12}){0,3}等[\u3400-\u9fff]{0,2}平台)")


def _is_used(text: str, match: Match) -> bool:
    """Whether something is done with what a name means: 用Midjourney生成, 在Discord上, Slack频道."""
    before, after = text[max(0, match.start - 6) : match.start].rstrip(), text[match.end : match.end + 50]
    on_it = _USED_AFTER.match(after)
    return bool(_USED_BEFORE.search(before) or (on_it and (on_it.group().strip() != "上" or before.endswith("在"))))


def _usual_type(wording: str, records: tuple[Record, ...]) -> EntityType | None:
    """Return the type of the work where its maker bears the same name only as an alias: Kimi is 月之暗面's product."""
    for work in records:
        for maker in records:
            if work.owner == maker.id and fold_name(wording) not in map(
                fold_name, (maker.name_hans, maker.name_hant, maker.name_en)
            ):
                return work.type
    return None
