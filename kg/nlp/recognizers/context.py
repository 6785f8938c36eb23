"""Names that the trained tagger reads from their surroundings; better types for Latin names that were only guessed."""

from __future__ import annotations

import re
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from kg.model import EntityType
from kg.nlp.cues import read_cues
from kg.nlp.names import Name, names_of, pick, text_of
from kg.nlp.recognizers.latin import is_no_entity, is_term, is_unit_name, is_work_name
from kg.nlp.recognizers.organizations import is_place
from kg.nlp.tagger import Tagged, Tagger, load_tagger, read_items
from kg.nlp.words import is_common_word

_KNOWN_LISTED, _KNOWN_UNLISTED = 2.5, 2.0
_SURE, _LIKELY, _POSSIBLE, _FAINT = 0.8, 0.6, 0.35, 0.25
_HAN = re.compile(r"[\u3400-\u9fff]")


@Language.factory("tagged_names")
class TaggedNames:
    """Adds the names that the tagger finds beside those that are certain already."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.tagger: Tagger = load_tagger()

    def __call__(self, doc: Doc) -> Doc:
        """Add names to `doc._.names`; their strength follows the tagger's probability."""
        names = names_of(doc)
        sure = pick(n for n in names if n.strength >= (_KNOWN_LISTED if n.records else _KNOWN_UNLISTED))
        items = read_items(((t.idx, t.text) for t in doc), [(n.start, n.end, n.type) for n in sure])
        tagged = self.tagger.tag(items)
        by_span = {(t.start, t.end): t for t in tagged}
        heard = {i for t in tagged if t.probability >= _FAINT for i in range(t.start, t.end)}
        whole = text_of(doc)
        doc._.names = [_weigh(whole, _retype(n, by_span.get((n.start, n.end))), heard) for n in names]
        spans = {(n.start, n.end) for n in names}
        for found in tagged:
            text = whole[found.start : found.end]
            if (
                (found.start, found.end) not in spans
                and found.probability >= _POSSIBLE
                and not (text.isascii() and is_no_entity(whole, found.end))
                and may_be_name(text, sure=found.probability >= _SURE)
            ):
                doc._.names.append(
                    Name(found.start, found.end, text, found.type, "tagged", _strength(found.probability))
                )
        return doc


def _strength(probability: float) -> float:
    if probability >= _SURE:
        return 1.8
    return 1.5 if probability >= _LIKELY else 1.0


def _weigh(text: str, name: Name, heard: set[int]) -> Name:
    """Take a name that its ending or its quotation marks suggest for a guess where its surroundings do not."""
    doubtful = name.source in ("suffix", "quoted") and name.strength < 2.0
    if doubtful and read_cues(text, name.start, name.end).get(name.type, 0) > 1 and not is_common_word(name.text[:2]):
        return name
    return replace(name, strength=min(name.strength, 0.9)) if doubtful and name.start not in heard else name


def may_be_name(wording: str, *, sure: bool) -> bool:
    """Return whether a wording that a model takes for a name may be one; an ordinary word only where it is `sure`."""
    if len(wording) < 2 or "\n" in wording:
        return False
    if not _HAN.search(wording):
        return not is_term(wording) and wording[0].isalnum()
    return not is_place(wording) and (not is_common_word(wording) or sure)


def _retype(name: Name, found: Tagged | None) -> Name:
    """Give a Latin name that was only guessed the type that its surroundings suggest."""
    if found is None or name.records or name.strength >= 2.0 or found.probability < _POSSIBLE:
        return name
    if name.source == "slot" and found.type is not name.type:
        return name
    if found.type is EntityType.PERSON and (name.text.isupper() or is_unit_name(name.text) or is_work_name(name.text)):
        return name
    if name.source != "latin" or (name.type is EntityType.PERSON and found.type is not EntityType.PERSON):
        return (
            replace(name, strength=max(name.strength, _strength(found.probability)))
            if found.type is name.type
            else name
        )
    return replace(name, type=found.type, strength=max(name.strength, _strength(found.probability)))
