"""Names that the trained encoder reads; what it says of the names that the other recognizers found."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from kg.entities.gazetteer import Gazetteer, load_gazetteer
from kg.model import ORGANIZATIONS, WORKS, EntityType
from kg.nlp.encoder import Encoder, Reading, ReadName, load_encoder
from kg.nlp.names import Name, text_of
from kg.nlp.recognizers.context import may_be_name
from kg.nlp.recognizers.organizations import is_ending, is_place
from kg.nlp.recognizers.people import looks_like_person
from kg.nlp.words import is_common_word

_SURE, _LIKELY, _POSSIBLE = 0.85, 0.75, 0.4
_LATIN_FROM = {
    EntityType.PERSON: 0.4, EntityType.COMPANY: 0.5, EntityType.ORGANIZATION: 0.5, EntityType.MODEL: 0.6
}  # fmt: skip
"""Latin names stand from these probabilities on: of those that no table lists, four in five are names."""
_UNHEARD, _SILENT, _ABSENT = 0.4, 0.1, 0.01
_PERSON = 0.65
_AGREED = 0.5
_FORMED = 0.55
"""A person's name that looks like one, an organization's that ends like one, needs no more than this."""
_WHOLE = 0.8
"""A work's name that holds a certain name needs no more than this."""
_WORD = 0.93
_LONGER, _LONGER_GUESS, _BOTH = 3.1, 2.5, 1.6
_AS_FOUND = 0.3
"""What the sense in which lists and cues found a name counts beside what the encoder hears, in probabilities."""
_FORMS = ("quoted", "suffix", "latin")
"""Recognizers that go by the form of a name and the words beside it."""
_RECUT, _RECUT_PERSON = 0.7, 0.9
_BEGINS_BEFORE = 0.9
"""A name that begins before a listed one must be as likely as this: what stands in front is often a word of its own."""
# What the network takes along behind a name: 苹果公司的, 腾讯ADR, 百度系, 花旗分析师.
_HANGS_ON = re.compile(
    r"(?:[的在系等]|团队|ADR|网站|官[网微]|分析师|[母子]公司|员工|高管|用户)$|^等|^公司$|^投资$|^[\u3400-\u9fff]$"
)
_WORDS = re.compile(r"[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)+")
# The kinds of things that make a name of one with a name before them, ordinary words as they are.
_KIND = re.compile(r"(?:系列|版|公司|集团|银行|[院部会局室卡])$")
# What holds no name, or is none: 孟买的企业集团, 各区政府, 顶配版.
_NO_NAME = re.compile(r"的|^[各某][区地国省市]|^(?:[A-Za-z ]{2,6}|[\u3400-\u9fff]{2})版$")
_PLACE_BEFORE = re.compile(r"[市省区县国]|[^在与和对于从向等]{2,3}[市省县区州]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ALL_HAN = re.compile(r"[\u3400-\u9fff]+")
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
        before = doc._.names or ()
        # In a sentence where no other recognizer finds a name, there is hardly ever one to read.
        reading = self.encoder.read(text, [(n.start, n.end) for n in before])
        doc._.reading = reading
        likely = (_trim(text, n) for n in reading.names())
        read = {(n.start, n.end): n for n in likely if n.probability >= _POSSIBLE}
        by_end = {n.end: n for n in read.values() if n.probability >= _RECUT}
        by_start = {n.start: n for n in read.values() if n.probability >= _RECUT_PERSON and n.type is EntityType.PERSON}
        heard = [n for n in before if self._is_exchange(n) or not _is_unheard(n, reading)]
        heard = self._in_sense(heard, reading)
        heard = [_recut(text, n, by_end.get(n.end), by_start.get(n.start)) for n in heard]
        names = [_weigh(n, read.get((n.start, n.end)), reading, text) for n in heard]
        known = {(n.start, n.end) for n in names}
        around = _Around(text, names)
        names = [around.strengthened(n, read.get((n.start, n.end))) for n in names]
        words = {token.idx: token.text for token in doc}
        for span, found in read.items():
            if span not in known and _may_stand(text, found, words):
                names.append(self._name(text, found, max(around.strength(found), _strength(found, text))))
        doc._.names = names
        return doc

    def _in_sense(self, names: Sequence[Name], reading: Reading) -> list[Name]:
        """Give names that are listed for things of several types the type that the encoder hears in the document.

        Kimi, which stands for its maker too, does not become the maker where the document calls that 月之暗面.
        """
        wordings: dict[str, set[str]] = defaultdict(set)
        for name in names:
            for record in name.records:
                wordings[record].add(name.text)
        senses = {n.text: self._senses(n.text, wordings) for n in names if n.records}
        votes: dict[str, dict[EntityType, float]] = {}
        for name in names:
            if len(known := senses.get(name.text, {})) > 1:
                heard = reading.types(name.start, name.end)
                so_far = votes.setdefault(name.text, dict.fromkeys(sorted(known), 0.0))
                for kind in known:
                    so_far[kind] += heard.get(kind, 0.0) + (_AS_FOUND if kind is name.type else 0.0)
        chosen = {text: max(found, key=found.__getitem__) for text, found in votes.items()}
        return [
            replace(n, type=chosen[n.text], records=senses[n.text][chosen[n.text]])
            if n.records and chosen.get(n.text, n.type) is not n.type
            else n
            for n in names
        ]

    def _senses(self, text: str, wordings: Mapping[str, Collection[str]]) -> dict[EntityType, tuple[str, ...]]:
        """Return what a name is listed for, by type; not for a maker that the document calls by another name."""
        records = self.gazetteer.lookup(text)
        owners = {record.owner for record in records}
        senses: dict[EntityType, tuple[str, ...]] = {}
        for record in records:
            if record.id not in owners or all(text in other for other in wordings.get(record.id, ())):
                senses[record.type] = (*senses.get(record.type, ()), record.id)
        return senses

    def _is_exchange(self, name: Name) -> bool:
        return any(self.gazetteer.records[r].kind == "exchange" for r in name.records)

    def _name(self, text: str, found: ReadName, strength: float) -> Name:
        wording = text[found.start : found.end]
        records = tuple(r.id for r in self.gazetteer.lookup(wording) if r.type is found.type)
        return Name(found.start, found.end, wording, found.type, "read", strength, records)


class _Around:
    """Knows the names that were found, to tell which of them a name that is read is the whole of: GPT-4.5 Turbo."""

    def __init__(self, text: str, names: Iterable[Name]) -> None:
        self.text = text
        self.heads = {n.start: n for n in names if n.strength >= 3.0}
        self.tails = {n.end: n for n in names if n.strength >= 3.0}
        self.guesses = [n for n in names if n.strength < 3.0]

    def strengthened(self, name: Name, found: ReadName | None) -> Name:
        """Return a candidate that is read too as strong as what it holds makes it."""
        if found is None or found.type is not name.type:
            return name
        return replace(name, strength=max(name.strength, self.strength(found)))

    def strength(self, found: ReadName) -> float:
        """Return how strong a name is for what it holds; 0 where it holds nothing, or what is no part of a name."""
        head, tail = self.heads.get(found.start), self.tails.get(found.end)
        if found.probability < (_WHOLE if found.type in WORKS else _SURE):
            return 0.0
        if head and tail and head.end <= tail.start <= head.end + 1 and not (head.type is found.type in WORKS):
            return 0.0  # 微软 HoloLens: the maker and its work
        if head and head.end < found.end:
            return _LONGER if self._goes_on(head, found) else 0.0
        if tail and tail.start > found.start:
            return _LONGER if self._begins_before(tail, found) else 0.0
        inside = (n for n in self.guesses if found.start <= n.start and n.end <= found.end and n.type is found.type)
        return _LONGER_GUESS if any(n.end - n.start < found.end - found.start for n in inside) else 0.0

    def _goes_on(self, head: Name, found: ReadName) -> bool:
        """Whether what follows a certain name is part of the name that is read."""
        rest = self.text[head.end : found.end].strip()
        if found.type is EntityType.PERSON:
            return "·" in rest or not _HAN.search(head.text + rest)
        if is_ending(self.text[head.end - 1 : found.end]):
            return True  # 敦阳科 is listed, the name is 敦阳科技
        if _HANGS_ON.search(rest):
            return False
        if _one_kind(head.type, found.type):
            is_word = bool(_ALL_HAN.fullmatch(rest)) and is_common_word(rest)
            return is_ending(rest) or bool(_KIND.search(rest)) or not is_word or found.probability >= _WORD
        if head.type in WORKS and found.type in ORGANIZATIONS:
            return is_ending(rest)  # 盘古智库
        return found.type in WORKS or (head.type is EntityType.PERSON and rest != "")

    def _begins_before(self, tail: Name, found: ReadName) -> bool:
        """Whether what stands in front of a certain name is part of the name that is read: 上海 + 对外经贸大学."""
        lead = self.text[found.start : tail.start].strip()
        if found.type in WORKS and not _HAN.search(lead + tail.text):
            return tail.type not in WORKS or found.probability >= _BEGINS_BEFORE
        if found.probability < _BEGINS_BEFORE or tail.type is not found.type:
            return False
        if found.type is EntityType.PERSON:
            return "·" in lead
        if not _HAN.search(lead):
            return found.type not in ORGANIZATIONS
        return is_place(lead) or bool(_PLACE_BEFORE.fullmatch(lead))


def _may_stand(text: str, found: ReadName, words: Mapping[int, str]) -> bool:
    """Whether what is read may be a name where nothing else finds one."""
    wording = text[found.start : found.end]
    kind = found.type
    if kind is EntityType.PERSON:
        # The dictionary also holds many persons.
        return may_be_name(wording, sure=found.probability >= (_PERSON if looks_like_person(wording) else _SURE))
    if not _HAN.search(wording):
        # General terms make a name together: Physical Intelligence.
        return may_be_name(wording, sure=False) or (found.probability >= _SURE and bool(_WORDS.fullmatch(wording)))
    if _NO_NAME.search(wording) or (kind in WORKS and found.probability < _LIKELY):
        return False
    return may_be_name(wording, sure=found.probability >= _WORD) and (
        found.probability >= _WORD or not (_ALL_HAN.fullmatch(wording) and _is_phrase(found, words))
    )


def _is_phrase(found: ReadName, words: Mapping[int, str]) -> bool:
    """Whether a name consists of ordinary words alone: 黄金珠宝, 上游供应链."""
    position = found.start
    while position < found.end:
        word = words.get(position, "")
        if len(word) < 2 or not is_common_word(word):
            return False
        position += len(word)
    return position == found.end


def _recut(text: str, name: Name, read: ReadName | None, person: ReadName | None) -> Name:
    """Return a name as the encoder cuts it where one side was only guessed.

    That is the end of an unlisted person, the beginning of a name known by its ending.
    """
    if person and name.source == "person" and not name.records and person.end != name.end:
        return replace(name, end=person.end, text=text[name.start : person.end])
    if read is None or name.records or name.source != "suffix" or not _one_kind(name.type, read.type):
        return name
    if read.start > name.start and name.strength >= _LONGER:
        return name  # it begins with its owner's name
    return replace(name, start=read.start, text=text[read.start : read.end])


def _one_kind(first: EntityType, second: EntityType) -> bool:
    return first is second or {first, second} <= ORGANIZATIONS


def _is_unheard(name: Name, reading: Reading) -> bool:
    """Whether the encoder hears no name where one was only guessed, or where one is listed that a word may hold."""
    chance = reading.chance(name.start, name.end)
    if name.records:
        is_word = name.type in ORGANIZATIONS and bool(_HAN.search(name.text))
        return is_word and not name.nested and chance < _ABSENT
    return chance < _SILENT and (name.strength < 2.0 or (name.source in _FORMS and name.strength < 3.0))


def _trim(text: str, name: ReadName) -> ReadName:
    """Leave out what the cut into pieces adds at the ends of a name."""
    start, end = name.start, name.end
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return replace(name, start=start, end=end)


def _strength(found: ReadName, text: str) -> float:
    """Return how strong a name is that is read, by itself."""
    if found.probability >= _SURE:
        return 1.9
    wording = text[found.start : found.end]
    if not _HAN.search(wording):
        enough = _LATIN_FROM.get(found.type, _LIKELY)
    else:
        enough = _FORMED if _is_formed(wording, found.type) else _LIKELY
    return 1.6 if found.probability >= enough else 1.0


def _is_formed(wording: str, kind: EntityType) -> bool:
    """Whether a wording has the form of the kind of name: 陆诗雨, 圣路易斯联邦储备银行."""
    if kind is EntityType.PERSON:
        return looks_like_person(wording)
    return kind in ORGANIZATIONS and any(is_ending(wording[-length:]) for length in range(2, min(5, len(wording) - 1)))


def _weigh(name: Name, read: ReadName | None, reading: Reading, text: str) -> Name:
    """Return a candidate, surer where the encoder reads it too, a mere guess where it hears no name there."""
    if read is not None and read.type is name.type:
        sure = _LONGER if name.source == "version" else _strength(read, text)
        if (name.source == "latin" or name.records) and read.probability >= _AGREED:
            sure = max(sure, _BOTH)
        return replace(name, strength=max(name.strength, sure))
    if name.strength < 2.0 and not name.nested and reading.chance(name.start, name.end) < _UNHEARD:
        return replace(name, strength=min(name.strength, 0.9))
    if read is not None and not name.records and read.probability >= _retypes_from(name):
        sure = max(_strength(read, text), _BOTH if name.source == "latin" else 0.0)
        return replace(name, type=read.type, strength=max(name.strength, sure))
    return name


def _retypes_from(name: Name) -> float:
    """Return the probability from which the encoder's type counts more than that of an unlisted name."""
    if name.strength >= 2.0:
        return _SURE if name.source == "latin" else 1.1
    return _AGREED if name.source == "latin" and name.type is not EntityType.PERSON else _LIKELY
