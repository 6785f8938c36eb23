"""Names that the trained encoder reads; what it says of the names that the other recognizers found."""

from __future__ import annotations

from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from kg.entities.gazetteer import Gazetteer, load_gazetteer
from kg.nlp.encoder import Encoder, Reading, ReadName, load_encoder
from kg.nlp.names import Name, text_of
from kg.nlp.recognizers.context import may_be_name

_SURE, _LIKELY, _POSSIBLE = 0.85, 0.75, 0.5
_UNHEARD, _SILENT = 0.4, 0.1
_LONGER = 3.1
_EDGES = '“”"‘’「」『』《》()、,。;:!? \n'


@Language.factory("read_names")
class ReadNames:
    """Adds the names that the encoder reads, and weighs those that were only guessed."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.encoder: Encoder = load_encoder()
        self.gazetteer: Gazetteer = load_gazetteer()

    def __call__(self, doc: Doc) -> Doc:
        """Keep the reading in `doc._.reading`; add its names to `doc._.names`, their strength by probability."""
        text = text_of(doc)
        found = doc._.names or ()
        # In a sentence where no other recognizer finds a name, there is hardly ever one to read.
        reading = self.encoder.read(text, [(n.start, n.end) for n in found])
        doc._.reading = reading
        read = {(n.start, n.end): n for n in (_trim(text, n) for n in reading.names()) if n.probability >= _POSSIBLE}
        heard = [n for n in found if not _is_unheard(n, reading)]
        names = [_weigh(n, read.get((n.start, n.end)), reading) for n in heard]
        known = {(n.start, n.end) for n in names}
        heads = {(n.start, n.type): n.end for n in names if n.strength >= 3.0}
        for span, found in read.items():
            if span not in known and may_be_name(text[found.start : found.end], sure=found.probability >= _SURE):
                goes_on = heads.get((found.start, found.type), found.end) < found.end
                names.append(self._name(text, found, goes_on=goes_on))
        doc._.names = names
        return doc

    def _name(self, text: str, found: ReadName, *, goes_on: bool) -> Name:
        """Return a name; one that goes on behind a listed name of its type is the whole of it: GPT-4.5 Turbo."""
        strength = _LONGER if goes_on and found.probability >= _SURE else _strength(found.probability)
        wording = text[found.start : found.end]
        records = tuple(r.id for r in self.gazetteer.lookup(wording) if r.type is found.type)
        return Name(found.start, found.end, wording, found.type, "read", strength, records)


def _is_unheard(name: Name, reading: Reading) -> bool:
    """Whether a name was only guessed, and the encoder hears none there."""
    return name.strength < 2.0 and not name.records and reading.chance(name.start, name.end) < _SILENT


def _trim(text: str, name: ReadName) -> ReadName:
    """Leave out what the cut into pieces adds at the ends of a name."""
    start, end = name.start, name.end
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return replace(name, start=start, end=end)


def _strength(probability: float) -> float:
    if probability >= _SURE:
        return 1.9
    return 1.6 if probability >= _LIKELY else 1.0


def _weigh(name: Name, read: ReadName | None, reading: Reading) -> Name:
    """Return a candidate, surer where the encoder reads it too, a mere guess where it hears no name there."""
    if read is not None and read.type is name.type:
        return replace(name, strength=max(name.strength, _strength(read.probability)))
    if name.strength < 2.0 and not name.nested and reading.chance(name.start, name.end) < _UNHEARD:
        return replace(name, strength=min(name.strength, 0.9))
    if read is not None and not name.records and name.strength < 2.0 and read.probability >= _LIKELY:
        return replace(name, type=read.type, strength=max(name.strength, _strength(read.probability)))
    return name
