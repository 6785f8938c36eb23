"""Names in Latin letters that no list knows: Boris Cherny, Patronus AI, Gen-3 Alpha Turbo, Surface Laptop Ultra."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

from spacy.language import Language
from spacy.tokens import Doc

from kg.model import EntityType
from kg.nlp.cues import best_type, read_cues
from kg.nlp.names import Name, names_of, text_of
from kg.nlp.titles import title_pattern

_WORD = r"(?:[A-Z][A-Za-z0-9&'’]*|[a-z]{1,2}[A-Z][A-Za-z0-9]*|[A-Za-z]?\d+[A-Za-z]{0,3})(?:[.\-+][A-Za-z0-9]+)*\+?"
_FIRST = r"(?:[A-Z][A-Za-z0-9&'’]*|[a-z]{1,2}[A-Z][A-Za-z0-9]*|[A-Za-z]\d+)(?:[.\-+][A-Za-z0-9]+)*\+?"
_RUN = re.compile(rf"(?<![A-Za-z0-9\-._/@]){_FIRST}(?: (?:of |de |for |and |the )?{_WORD}){{0,4}}(?![A-Za-z0-9])")
_VERSION = re.compile(
    r"\d|(?:Pro|Max|Mini|Plus|Ultra|Turbo|Flash|Lite|Nano|Preview|Instruct|Chat|Coder|Thinking|Opus|Sonnet|Haiku)\b"
)
_NUMBERED = re.compile(
    r"[ \-]?V?\d{1,2}(?:\.\d{1,2})?[a-z]?"
    r"(?:[ \-]?(?:Pro|Max|Mini|Plus|Ultra|Turbo|Flash|Lite|Nano|Preview|Instruct|Thinking))?"
)
_COUNTED = re.compile(r" ?[万亿千百个年月日款元%倍名家人次小时天周点分秒条项种台套+:/]")
_POST = re.compile(r"CEO|CTO|COO|CFO|CMO|CPO|VP|IPO")
_PERSON = re.compile(r"[A-Z][a-z'’]+(?: [A-Z]\.?)?(?: (?:de |van |von |al-)?[A-Z][A-Za-z'’\-]+){1,2}")


_WORD_NAME = re.compile(r"[A-Z][a-z]{2,}(?: [A-Z][a-z]+)?")
_SPEAKER = re.compile(r"\n?:.?", re.DOTALL)
# A coined word has a capital inside it: ImmunoSEIRA, AgentGTP, TaskMatrix.ai.
_COINED = re.compile(r"[A-Z][a-z]{2,}(?:[A-Z][a-z]{2,}|[A-Z]{2,})(?:\.ai)?")
_HAN = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=1)
def _terms() -> frozenset[str]:
    """Latin words of technology and business that are no names, in lower case."""
    lines = (resources.files("kg.nlp") / "data" / "latin_terms.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=1)
def _given_names() -> frozenset[str]:
    lines = (resources.files("kg.nlp") / "data" / "given_names.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def is_term(name: str) -> bool:
    """Return whether every word of a Latin name is a general term (AI, GPU, Pro) or a number."""
    words = re.findall(r"[A-Za-z][A-Za-z0-9]*", name)
    return all(w.lower() in _terms() or len(w) == 1 for w in words)


@Language.component("latin_names")
def recognize_latin(doc: Doc) -> Doc:
    """Add capitalised Latin runs, typed by the words beside them."""
    text = text_of(doc)
    listed = {(n.start, n.end): n for n in names_of(doc) if n.source == "gazetteer"}
    families = {n.start: n for n in listed.values() if n.type in (EntityType.MODEL, EntityType.PRODUCT)}
    names_of(doc).extend(_versions_of_han_names(text, listed.values()))
    for match in _RUN.finditer(text):
        start, end = _trim(text, match.start(), match.end())
        name = text[start:end]
        if len(name) < 2 or (name.isupper() and len(name) < 3) or (start, end) in listed or is_term(name):
            continue
        candidate = _classify(text, start, end, families.get(start))
        if candidate:
            names_of(doc).append(candidate)
    return doc


# What makes a version of a family that is named in Chinese: 混元T1, 文心5.0 Turbo, 星火 V4.0.
_HAN_VERSION = re.compile(
    r" ?-?(?:[A-Z]{1,2}\d{1,2}(?:\.\d{1,2})?|\d{1,2}\.\d{1,2})"
    r"(?:[ \-]?(?:Pro|Max|Mini|Plus|Ultra|Turbo|Flash|Lite|Nano|Preview|Thinking|Instruct))?"
    r"(?:Beta版?)?(?![A-Za-z0-9.%万亿元倍年月日])"
)


def _versions_of_han_names(text: str, listed: Iterable[Name]) -> list[Name]:
    return [
        Name(name.start, version.end(), text[name.start : version.end()], name.type, "version", 3.0)
        for name in listed
        if name.type in (EntityType.MODEL, EntityType.PRODUCT) and not name.text[-1].isascii() and name.strength >= 3
        if (version := _HAN_VERSION.match(text, name.end))
    ]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave general terms at the ends of a run to the text around it: `AI Agent Manus` is Manus."""
    words = [(m.start() + start, m.end() + start) for m in re.finditer(r"[^ ]+", text[start:end])]
    while len(words) > 1 and is_term(text[slice(*words[0])]) and not text[words[0][0] : words[0][1]][-1].isdigit():
        words.pop(0)
    while len(words) > 1 and _POST.fullmatch(text[slice(*words[-1])]):
        words.pop()
    return words[0][0], words[-1][1]


def _classify(text: str, start: int, end: int, family: Name | None) -> Name | None:
    name = text[start:end]
    cues = read_cues(text, start, end)
    before = text[max(0, start - 10) : start].rstrip()
    if any(match.end() == len(before) for match in title_pattern().finditer(before)):
        cues[EntityType.PERSON] = cues.get(EntityType.PERSON, 0) + 2
    if family and _NUMBERED.fullmatch(text, family.end, end) and not _COUNTED.match(text, end):
        return Name(start, end, name, family.type, "version", 3.0)
    if family and _VERSION.search(text[family.end : end]):
        return Name(start, end, name, family.type, "version", 2.6)
    first = name.split(" ")[0]
    if _PERSON.fullmatch(name) and (first in _given_names() or set(cues) == {EntityType.PERSON}):
        return Name(start, end, name, EntityType.PERSON, "latin", 3.05 if first in _given_names() else 2.2)
    found = best_type(cues)
    if found is EntityType.PERSON and re.fullmatch(r"[A-Z][a-z]{2,}", name):
        return Name(start, end, name, EntityType.PERSON, "latin", 1.6)
    if found is EntityType.PERSON and not _PERSON.fullmatch(name):
        cues = {t: n for t, n in cues.items() if t is not EntityType.PERSON}
        found = best_type(cues) or (EntityType.COMPANY if not re.search(r"\d", name) else None)
    if found:
        return Name(start, end, name, found, "latin", 2.0 if cues.get(found, 0) > 1 else 1.5)
    if _SPEAKER.fullmatch(text[start - 1 : start] + text[end : end + 2].strip()) and _WORD_NAME.fullmatch(name):
        return Name(start, end, name, EntityType.PERSON, "latin", 1.8)
    if name in _given_names():
        return Name(start, end, name, EntityType.PERSON, "latin", 1.0)
    if _COINED.fullmatch(name) and _stands_in_chinese(text, start, end):
        return Name(start, end, name, EntityType.PRODUCT, "latin", 1.5)
    if re.search(r"\d", name):
        if not re.search(r"[A-Za-z]{3}", name):
            return None
        return Name(start, end, name, EntityType.MODEL, "latin", 1.0)
    return Name(start, end, name, EntityType.COMPANY, "latin", 0.9)


def _stands_in_chinese(text: str, start: int, end: int) -> bool:
    """Whether a Latin name is a word of a Chinese clause rather than a part of English text or a gloss in brackets."""
    before, after = text[max(0, start - 2) : start].strip(), text[end : end + 2].strip()
    if before.endswith("(") or after.startswith((")", ":", "@")):
        return False
    edges = before[-1:], after[:1]
    return any(_HAN.match(e) for e in edges) and not any(e.isascii() and e.isalpha() for e in edges)
