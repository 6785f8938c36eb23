"""Names that the gazetteer lists."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc, Token

from kg.entities.gazetteer import Gazetteer, Match, Record, load_gazetteer
from kg.model import EntityType
from kg.nlp.cues import best_type, read_cues
from kg.nlp.names import Name, names_of, text_of
from kg.nlp.words import is_common_word
from kg.text.normalize import fold_name

_SHORT_HAN = re.compile(r"[\u3400-\u9fff]{2,3}")
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
            if _SHORT_HAN.fullmatch(text[match.start : match.end]) and _is_cut_out(text, match, words):
                continue  # two or three characters of ordinary longer words
            names_of(doc).append(_to_name(text, match))
        return doc


def _words_by_character(doc: Doc) -> list[Token]:
    """Return for each character of a document the token that it belongs to; a trailing space counts to its token."""
    return [token for token in doc for _ in token.text_with_ws]


def _is_cut_out(text: str, match: Match, words: list[Token]) -> bool:
    """Whether a match begins or ends inside a word of the general dictionary: 商务部|门, 旧|金山."""
    first, last = words[match.start], words[match.end - 1]
    begins_inside = first.idx < match.start and is_common_word(first.text)
    if text[match.end - 1 : match.end + 1] == "部门":
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
    doubtful = match.ambiguous or (wording.islower() and any(c.isupper() for c in record.name_en) and len(wording) < 7)
    ids = tuple(r.id for r in match.records if r.type is record.type)
    return Name(match.start, match.end, wording, record.type, "gazetteer", 0.8 if doubtful else 3.0, ids)


def _choose(text: str, match: Match) -> Record:
    """Pick the sense of a name that stands for several things by the words beside it."""
    types = sorted({r.type for r in match.records}, key=list(EntityType).index)
    if len(types) > 1:
        cues = {t: n for t, n in read_cues(text, match.start, match.end).items() if t in types}
        wanted = best_type(cues) or _usual_type(text[match.start : match.end], match.records) or types[0]
        return next(r for r in match.records if r.type is wanted)
    return match.records[0]


def _usual_type(wording: str, records: tuple[Record, ...]) -> EntityType | None:
    """Return the type of the work where its maker bears the same name only as an alias: Kimi is 月之暗面's product."""
    for work in records:
        for maker in records:
            if work.owner == maker.id and fold_name(wording) not in map(
                fold_name, (maker.name_hans, maker.name_hant, maker.name_en)
            ):
                return work.type
    return None
