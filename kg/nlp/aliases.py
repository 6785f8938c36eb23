"""Other names that a document gives its names: in brackets, by 以下简称 and the like, and short forms used later on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Doc

from kg.entities.names import core_name, short_company_name, short_person_names
from kg.model import ORGANIZATIONS, EntityType
from kg.nlp.names import CERTAIN, Equation, Name, text_of
from kg.nlp.words import is_common_word
from kg.text.normalize import fold_name

_HAN = re.compile(r"[\u3400-\u9fff]")
_GLOSS = re.compile(r"\(([^()\n]{2,40})\)")
_GLOSS_LABEL = re.compile(
    r"^(?:以下|下称|简称|以下简称|下文简称|下文称|以下统称|以下称|原名|原|前身是?|英文名|英文名称|英文|中文名|又名|又称|也称|亦称|别名|即|曾用名|现名|现|品牌名|昵称|人称)?[为是::,、]*(?:简称)?[“\"「『]?"
)
_INTRODUCED = re.compile(
    r"[”\"」』]?[,、]?(?:以下简称|下文简称|下称|简称|又名|又称|也称|亦称|别名|昵称|人称|原名|曾用名|中文名|英文名|更名为|改名为|现更名为|现已更名为|也就是|即)(?:叫|为|是|:|作)?"
)
_STOP = re.compile(r"[,、;:”\"」』|/]")
_GOES_ON = re.compile(r"[”\"」』][\u3400-\u9fff]")
# What the name of a company may lack at the next place: 清华控股有限公司, CYVN Holdings, Avataar AI.
_LEGAL_FORM = re.compile(r"(?:股份|集团)?(?:有限(?:责任)?)?公司$")
_TRADE_WORDS = re.compile(
    r"(?: (?:AI|Holdings|Networks|Technologies|Systems|Inc\.?|Corp\.?|Ltd\.?|Co\.?)){1,3}$|(?:工业)?集团$"
)
_COINED = re.compile(r"[A-Z][A-Za-z]{3,}")
_QUOTED = re.compile(r"[“\"「『]([^“”\"「」『』,。;:!?\n]{2,16})[”\"」』]")


def find_glosses(text: str, names: Sequence[Name], equations: list[Equation]) -> Iterator[Name]:
    """Yield the names that stand in brackets behind a name and say it again: 深度求索(DeepSeek).

    What is equated is added to `equations`.
    """
    by_end = {n.end: n for n in names}
    spans = {(n.start, n.end): n for n in names}
    for match in _GLOSS.finditer(text):
        outer = by_end.get(match.start()) or by_end.get(match.start() - 1)
        if outer is None:
            continue
        label = _GLOSS_LABEL.match(match.group(1))
        start = match.start(1) + (label.end() if label else 0)
        stop = _STOP.search(text, start, match.end(1))
        end = stop.start() if stop else match.end(1)
        if stop and _GOES_ON.match(text, stop.start()):
            continue  # 甲(“乙”模式): of something else
        gloss = text[start:end].strip()
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end = start + len(gloss)
        inner = spans.get((start, end))
        labelled = bool(label and label.end() > 0)
        equation = Equation(fold_name(outer.text), fold_name(gloss), "stated", outer.start, match.end())
        if inner is not None:
            if not inner.records and inner.strength <= 2.0 and _other_script(outer.text, inner.text):
                inner = replace(inner, type=outer.type, strength=2.5, records=outer.records)
                yield inner
            if _one_kind(outer, inner) and (labelled or _other_script(outer.text, inner.text)):
                equations.append(equation)
        elif _is_gloss(outer, gloss, labelled=labelled):
            equations.append(equation)
            yield Name(start, end, gloss, outer.type, "gloss", 2.5, outer.records)


def find_introduced(text: str, names: Sequence[Name], equations: list[Equation]) -> Iterator[Name]:
    """Yield the names that a word introduces as another name of the one before it: 甲公司,以下简称“乙”."""
    starts = {n.start: n for n in names}
    for outer in names:
        found = _INTRODUCED.match(text, outer.end)
        if not found:
            continue
        quoted = _QUOTED.match(text, found.end())
        start, end = quoted.span(1) if quoted else (found.end(), found.end())
        inner = starts.get(start)
        if inner is not None and inner.start >= outer.end:
            end = inner.end
            if not _one_kind(outer, inner):
                continue
        elif not quoted:
            continue
        name = text[start:end]
        equations.append(Equation(fold_name(outer.text), fold_name(name), "stated", outer.start, end))
        if inner is None:
            yield Name(start, end, name, outer.type, "gloss", 2.5, outer.records)


def claim_short_forms(names: Sequence[Name], equations: list[Equation]) -> list[Name]:
    """Return the names, with those that only shorten a longer one of the document as other names of what that names.

    What lists have under the shorter one does not count then: in an article on Tucker Carlson, Carlson is he.
    """
    longer: dict[str, Name] = {}
    for name in sorted(names, key=lambda n: (n.start, -n.end)):
        if name.strength >= CERTAIN and not name.nested:
            for short in _parts(name):
                longer.setdefault(short, name)
    claimed = []
    for name in names:
        whole = longer.get(name.text)
        if whole and _one_kind(name, whole) and _may_shorten(name, whole):
            equations.append(Equation(fold_name(whole.text), fold_name(name.text), "short form", name.start, name.end))
            if whole.type is EntityType.PERSON or not name.records or whole.text.endswith(f" {name.text}"):
                name = replace(name, type=whole.type, records=whole.records)
        claimed.append(name)
    return claimed


def _may_shorten(name: Name, whole: Name) -> bool:
    """Whether a name may be a short form where lists have it, too: a person's always, another's of an unlisted name.

    A company's only lacks its legal form then: BuzzFeed is not BuzzFeed AI.
    """
    if not name.records or whole.type is EntityType.PERSON or set(name.records) & set(whole.records):
        return True
    return not whole.records and (name.type not in ORGANIZATIONS or name.text == _LEGAL_FORM.sub("", whole.text))


def _parts(name: Name) -> list[str]:
    """Return the parts of a name by which a text may go on to call its bearer, where it names nothing else so."""
    if name.type is EntityType.PERSON:
        return short_person_names(name.text)
    if name.type in ORGANIZATIONS:
        legal = _LEGAL_FORM.sub("", name.text)
        head = _TRADE_WORDS.sub("", name.text).strip()
        return [part for part in (legal, head) if part != name.text and len(part) > 2]
    series = name.text.removesuffix("系列").strip()
    if series != name.text:
        return [series]
    first, _, last = name.text.rpartition(" ")
    return [last] if first and _COINED.fullmatch(last) else []


def find_repeats(doc: Doc, names: Sequence[Name], equations: list[Equation]) -> Iterator[Name]:
    """Yield the other places where an unlisted name, or the short form of a name, stands in the document."""
    text = text_of(doc)
    known: dict[str, Name] = {}
    short_forms: dict[str, Name] = {}
    for name in names:
        if name.strength < CERTAIN:
            continue
        if not name.records:
            known.setdefault(name.text, name)
        for short in _short_forms(name):
            short_forms.setdefault(short, name)
    covered = {(n.start, n.end): n for n in names}
    holder = {i: n for n in names for i in range(n.start, n.end)}
    for wording, origin in {**short_forms, **known}.items():
        is_short = wording not in known
        for start, end in _places(text, wording):
            there = covered.get((start, end))
            longer = short_forms.get(wording)
            if there and longer and longer.text != wording and not there.records and _one_kind(there, longer):
                equations.append(Equation(fold_name(longer.text), fold_name(wording), "short form", start, end))
            # Not within a longer name: 霁川Zero1.
            is_part = holder.get(start) is not None and holder.get(start) is holder.get(end - 1)
            if there or is_part or (is_short and any(i in holder for i in range(start, end))):
                continue
            if is_short:
                pair = Equation(fold_name(origin.text), fold_name(wording), "short form", start, end)
                equations.append(pair)
            records = origin.records if is_short else ()
            yield Name(start, end, wording, origin.type, "repeat", min(origin.strength, 1.9), records)


def _places(text: str, wording: str) -> Iterator[tuple[int, int]]:
    boundary = r"(?![A-Za-z0-9])" if wording[-1].isascii() else ""
    head = r"(?<![A-Za-z0-9])" if wording[0].isascii() else ""
    for match in re.finditer(head + re.escape(wording) + boundary, text):
        yield match.span()


def _short_forms(name: Name) -> list[str]:
    """Return the shorter forms by which a document may go on to call a name."""
    if name.type is EntityType.PERSON:
        return [s for s in short_person_names(name.text) if not is_common_word(s) or s.isascii()]
    if name.type is EntityType.COMPANY and not name.records:
        core = core_name(name.text)
        forms = [core] if core != name.text and len(core) >= 2 else []
        short = short_company_name(core)
        return [*forms, short] if short and not is_common_word(short) else forms
    return []


def _one_kind(a: Name, b: Name) -> bool:
    return a.type is b.type or {a.type, b.type} <= ORGANIZATIONS


def _other_script(a: str, b: str) -> bool:
    return bool(_HAN.search(a)) != bool(_HAN.search(b))


def _is_gloss(outer: Name, gloss: str, *, labelled: bool) -> bool:
    if not 2 <= len(gloss) <= 40 or re.search(r"[0-9]{4}|%|[。!?]", gloss):
        return False
    if labelled:
        return True
    latin_name = re.fullmatch(r"[A-Z][A-Za-z0-9.&'’\- ]+|[a-z]{1,2}[A-Z][A-Za-z]+", gloss)
    return bool(latin_name and _HAN.search(outer.text)) and not re.fullmatch(
        r"[A-Z]{1,5}\.[A-Z]{1,2}|CEO|CTO|COO|CFO|IPO|AI", gloss
    )
