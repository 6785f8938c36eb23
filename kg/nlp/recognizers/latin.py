"""Names in Latin letters that no list knows: Boris Cherny, Patronus AI, Gen-3 Alpha Turbo, Surface Laptop Ultra."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from importlib import resources

from spacy.language import Language
from spacy.tokens import Doc

from kg.model import WORKS, EntityType
from kg.nlp.cues import best_type, read_cues
from kg.nlp.names import Name, names_of, text_of
from kg.nlp.titles import title_pattern

_WORD = r"(?:[A-Z][A-Za-z0-9&'’]*|[a-z]{1,2}[A-Z][A-Za-z0-9]*|[A-Za-z]?\d+[A-Za-z]{0,3})(?:[.\-+][A-Za-z0-9]+)*\+?"
_FIRST = r"(?:[A-Z][A-Za-z0-9&'’]*|[a-z]{1,2}[A-Z][A-Za-z0-9]*|[A-Za-z]\d+)(?:[.\-+][A-Za-z0-9]+)*\+?"
# Small words inside a name: Bank of America, Marvin von Hagen, Job van der Voort.
_PARTICLE = r"(?:of |for |and |the |(?:van |von |de |di |del |da |der |den |la ){1,2})"
_RUN = re.compile(
    rf"(?<![A-Za-z0-9\-._/@])(?:(?:van der|van den|van|von|de) (?=[A-Z]))?{_FIRST}"
    rf"(?: {_PARTICLE}?{_WORD}){{0,4}}(?![A-Za-z0-9])"
)
_VERSION = re.compile(
    r"\d|(?:Pro|Max|Mini|Plus|Ultra|Turbo|Flash|Lite|Nano|Preview|Instruct|Chat|Coder|Thinking|Opus|Sonnet|Haiku)\b"
)
_NUMBERED = re.compile(
    r"[ \-]?V?\d{1,2}(?:\.\d{1,2})?[a-z]?"
    r"(?:[ \-]?(?:Pro|Max|Mini|Plus|Ultra|Turbo|Flash|Lite|Nano|Preview|Instruct|Thinking))?"
)
_COUNTED = re.compile(r" ?[万亿千百个年月日款元%倍名家人次小时天周点分秒条项种台套+:/]")
_POSTS = "CEO|CTO|COO|CFO|CMO|CPO|VP"
_POST = re.compile(rf"{_POSTS}|IPO")
_POST_INSIDE = re.compile(rf"(?<= )(?:{_POSTS}) (?=[A-Z])")
_PERSON = re.compile(
    r"[A-Z][a-z'’]+(?: [A-Z]\.?)?(?: (?:(?:van |von |de |di |del |da |der |den |la ){1,2}|al-)?[A-Z][A-Za-z'’\-]+){1,2}"
)
# What makes a Latin name one of an organization: Terminus Technologies, Solana Foundation, Electrify America.
_UNIT_WORD = re.compile(
    r"(?:AI|Labs?|Technolog(?:y|ies)|Intelligence|Foundation|Capital|Ventures?|Partners|Group|Holdings|Networks?|Research"
    r"|Robotics|Systems|Studios?|Games|Media|Health|Bio|Therapeutics|Bank|Airlines|Airways|Motors|Energy|Securities"
    r"|Alliance|Association|Institute|University|Council|Committee|Agency|America|Europe|China|Japan|India"
    r"|Inc|Corp|Company|LLC|Ltd|International|Industries|Logic|Consulting|Management)\.?$"
)

_WORD_NAME = re.compile(r"[A-Z][a-z]{2,}(?: [A-Z][a-z]+)?")
# What capitals name beside entities: broadcasts, lists, meetings, methods, standards.
_NO_ENTITY_AFTER = re.compile(
    r" ?[\u3400-\u9fff]{0,4}?"
    r"(?:播客|榜单|榜|大会|峰会|论坛|专栏|算法|定律|协议|格式|法案|数据集|基准|期刊|奖项|奖|课程|竞赛|展会|效应)"
    r"(?![\u3400-\u9fff]*(?:公司|平台|团队|应用))"
)
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
    families = {n.start: n for n in listed.values() if n.type in WORKS}
    sure = [n for n in listed.values() if n.strength >= 3]
    heads, tails = {n.start: n for n in sure}, {n.end: n for n in sure}
    names_of(doc).extend(_versions_of_han_names(text, listed.values()))
    for match in _RUN.finditer(text):
        start, end = _trim(text, match.start(), match.end())
        if post := _POST_INSIDE.search(text, start, end):
            start = post.end()  # Klarna CEO Sebastian
        owner = heads.get(start)
        if owner and owner.type not in WORKS and owner.end + 1 in families and owner.end + 1 < end:
            start = owner.end + 1  # Anthropic Mythos 5 is Mythos 5
        name = text[start:end]
        if len(name) < 2 or (name.isupper() and len(name) < 3) or (start, end) in listed or is_term(name):
            continue
        candidate = _classify(text, start, end, families.get(start))
        if candidate:
            names_of(doc).append(_around_listed(text, candidate, heads.get(start), tails.get(end)))
    return doc


def _around_listed(text: str, name: Name, head: Name | None, tail: Name | None) -> Name:
    """Hold a run that goes on beyond a listed name for one name: Android Automotive, Solana Foundation, Genix Copilot.

    `head` is the listed name that it begins with, `tail` the one that it ends with.
    """
    if name.strength >= 2.6 or not _is_apart(text, name.start, name.end):
        return name
    if head and not tail and head.type is not EntityType.PERSON:
        rest = text[head.end : name.end].strip(" -")
        if rest.endswith("AI") or not re.search("[A-Za-z]", rest):
            return name  # the kind of a thing: H100 AI 芯片
        is_unit = bool(_UNIT_WORD.search(rest))
        if head.type in WORKS:
            kind = EntityType.COMPANY if is_unit and not is_term(rest) else head.type
        else:
            is_unit = is_unit or best_type(read_cues(text, name.start, name.end)) is EntityType.COMPANY
            kind = head.type if is_unit else EntityType.PRODUCT
        return name if is_term(rest) and not (is_unit and kind is head.type) else replace(name, type=kind, strength=3.0)
    if tail and not head and tail.type in WORKS and not is_term(text[name.start : tail.start]):
        return replace(name, type=tail.type, strength=3.0)
    return name


def _is_apart(text: str, start: int, end: int) -> bool:
    """Whether no Latin word stands beside a run, as it would in an English sentence."""
    before, after = text[max(0, start - 2) : start].strip(" "), text[end : end + 2].strip(" ")
    return not any(c.isascii() and c.isalnum() for c in before[-1:] + after[:1])


# What makes a version of a family that is named in Chinese: 混元T1, 文心5.0 Turbo, 星火 V4.0.
_HAN_VERSION = re.compile(
    r" ?-?(?:[A-Z]{1,2}\d{1,4}(?:\.\d{1,2})?|\d{1,2}\.\d{1,2})"
    r"(?:[ \-]?(?:Pro|Max|Mini|Plus|Ultra|Turbo|Flash|Lite|Nano|Preview|Thinking|Instruct))?"
    r"(?:Beta版?)?(?![A-Za-z0-9.%万亿元倍年月日])"
)


# What makes a variant of a version: 魅族20 PRO, 小米14 Ultra.
_VARIANT = re.compile(
    r" ?(?:Pro\+?|PRO|Max|MAX|Mini|Plus|PLUS|Ultra|ULTRA|Turbo|Lite|SE)(?: (?:Max|Plus|Ultra))?(?![A-Za-z0-9])"
)


def _versions_of_han_names(text: str, listed: Iterable[Name]) -> list[Name]:
    return [
        Name(name.start, version.end(), text[name.start : version.end()], name.type, "version", 3.0)
        for name in listed
        if name.type in WORKS and _HAN.search(name.text) and name.strength >= 3
        if (version := (_VARIANT if name.text[-1].isascii() else _HAN_VERSION).match(text, name.end))
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
    if not family and is_no_entity(text, end):
        return None
    cues = read_cues(text, start, end)
    before = text[max(0, start - 10) : start].rstrip()
    if any(match.end() == len(before) for match in title_pattern().finditer(before)):
        cues[EntityType.PERSON] = cues.get(EntityType.PERSON, 0) + 2
    if family and _NUMBERED.fullmatch(text, family.end, end) and not _COUNTED.match(text, end):
        return Name(start, end, name, family.type, "version", 3.0)
    if family and _VERSION.search(text[family.end : end]):
        return Name(start, end, name, family.type, "version", 2.6)
    first = name.split(" ")[0]
    if first in ("van", "von", "de"):
        return Name(start, end, name, EntityType.PERSON, "latin", 2.2)
    if (
        _PERSON.fullmatch(name)
        and not is_unit_name(name)
        and (first in _given_names() or set(cues) == {EntityType.PERSON})
    ):
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
    if _is_proper(text, start, end):
        return Name(start, end, name, _guess_type(text, start, end), "latin", 1.5)
    return Name(start, end, name, EntityType.COMPANY, "latin", 0.9)


_WORK_WORD = re.compile(
    r"(?:Cloud|Pro|Index|ETF|Hub|OS|API|SDK|GPU|Playground|Manager|Assistant|Fabric|Engine|Resolve|Studio|App|Suite)$"
)
_MADE_BEFORE = re.compile(
    r"(?:推出|发布|上线|整合|集成|搭载|接入|使用|采用|通过|打造|开发|构建|登陆|下载"
    r"|被称为|[\u3400-\u9fffa-z]的|例如|作为|用)了? ?$"
)
_MADE_AFTER = re.compile(
    r" ?[\u3400-\u9fff]{0,4}?"
    r"(?:机器人|芯片|工具|应用|项目|计划|服务|汽车|技术|系统|软件|车型|手机|功能|版本|平台)"
)


def _guess_type(text: str, start: int, end: int) -> EntityType:
    """Return whether a name with no cue beside it is a work or a company, by its last word and what is done with it."""
    name = text[start:end]
    if _UNIT_WORD.search(name):
        return EntityType.COMPANY
    behind = text[end : end + 2].strip()
    on_it = text[max(0, start - 2) : start].strip().endswith("在") and behind.startswith("上")
    before = _MADE_BEFORE.search(text[max(0, start - 6) : start])
    made = on_it or before or _WORK_WORD.search(name) or _MADE_AFTER.match(text, end)
    return EntityType.PRODUCT if made else EntityType.COMPANY


# The last word of what is written with capitals but is no name: Zero Trust Architecture, Pitch Deck, Tech World.
_NO_NAME = re.compile(
    r"(?:Transformers?|Summit|Conference|World|Day|Week|Awards?|Forum|LED|OLED|Chips?|Benchmark|Laws?|Act|Deck|Manager"
    r"|Learning|Networks?|Attention|Parallelism|Trust|Need|Plan|[A-Z])$"
)
_PROPER = re.compile(r"[A-Z][a-z]{3,}|(?:[A-Z][A-Za-z]+)(?: [A-Z][A-Za-z.\-]+){1,3}")


def _is_proper(text: str, start: int, end: int) -> bool:
    """Whether capitalised words stand in a Chinese clause as a name would: between Han characters or list marks."""
    name = text[start:end]
    return bool(_PROPER.fullmatch(name)) and not _NO_NAME.search(name) and stands_between(text, start, end)


def stands_between(text: str, start: int, end: int) -> bool:
    """Return whether Han characters, or marks of a list, stand on both sides of a Latin name."""
    name = text[start:end]
    before, after = text[max(0, start - 2) : start].strip(" ")[-1:], text[end : end + 2].strip(" ")[:1]
    if not re.fullmatch(r"[\u3400-\u9fff]", before) and before not in ("", "、", "\n"):
        return False
    return bool(re.fullmatch(r"[\u3400-\u9fff、。,]", after)) and not (" " not in name and after in "。,")


def is_no_entity(text: str, end: int) -> bool:
    """Return whether the word behind a Latin name says that it is a broadcast, a meeting, a method: Hard Fork播客."""
    return bool(_NO_ENTITY_AFTER.match(text, end))


def is_unit_name(name: str) -> bool:
    """Return whether a Latin name ends like one of an organization: Felix Capital, NexTier Networks."""
    return bool(_UNIT_WORD.search(name))


def is_work_name(name: str) -> bool:
    """Return whether a Latin name ends like one of a product: Prisma Cloud, Vegas Pro."""
    return bool(_WORK_WORD.search(name))


def _stands_in_chinese(text: str, start: int, end: int) -> bool:
    """Whether a Latin name is a word of a Chinese clause rather than a part of English text or a gloss in brackets."""
    before, after = text[max(0, start - 2) : start].strip(), text[end : end + 2].strip()
    if before.endswith("(") or after.startswith((")", ":", "@")):
        return False
    edges = before[-1:], after[:1]
    return any(_HAN.match(e) for e in edges) and not any(e.isascii() and e.isalpha() for e in edges)
