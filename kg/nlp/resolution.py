"""The last word on names: which candidates stand, what type they have, where else in the document they occur."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from kg.entities.gazetteer import Gazetteer, Record, load_gazetteer
from kg.model import ORGANIZATIONS, WORKS, EntityType
from kg.nlp.aliases import claim_short_forms, find_glosses, find_introduced, find_repeats
from kg.nlp.cues import read_cues
from kg.nlp.encoder import Reading
from kg.nlp.names import CERTAIN, Equation, Name, names_of, pick, reading_of, text_of
from kg.nlp.recognizers.latin import is_term, stands_between
from kg.nlp.recognizers.organizations import is_ending
from kg.nlp.recognizers.people import is_behind_office, is_transliterated
from kg.nlp.words import is_common_word
from kg.text.normalize import fold_name

_QUOTES = '“"「『《”」』》'
_UNIT_ENDING = re.compile(
    r"(?:研究院|研究所|研究部|规划院|研究中心|创新中心|技术部|大脑|德国|日本|实验室|事业群|事业部|工作室|商学院|医学院|工程学院|学院|委员会|基金会|资本|创投|云|音乐|影业|健康|文学|文娱|金融|数科|物流|电商|汽车|中国|亚洲|国际|数码|本地生活|智能云)$"
)
# Trades that make a company of its own with a listed name before them: 麦格理银行, 博通咨询.
_TRADE = re.compile(r"银行|证券|咨询|娱乐|药业|制药|保险|基金|信托|航空|电信|能源|重工|影业|期货|租赁")
# What makes no part of an owner with its name: 三星电子, 狮门娱乐, Terminus Technologies.
_MERE_TRADE = re.compile(
    rf"(?:{_TRADE.pattern}|电子|电器|电气|药业|生物|医药|公司|集团)+(?:股份|有限)*(?:公司)?"
    r"|(?:Technolog(?:y|ies)|Intelligence|Foundation|Group|Networks|Systems|Robotics|Times|Inc|Corp|Co|Ltd|LLC)\b.*"
)
_VOTES_READ = 20
"""Votes for a type that the encoder is certain of; a certain recognizer has 30, a guess 10."""
# The kind of a work behind its Latin name, which most texts leave out elsewhere: OpenScholar 系统, Quest 2 VR头显.
_KIND_OF_WORK = re.compile(
    r"(?<=[A-Za-z0-9+]) ?(?:[AVX]R|AI)? ?(?:(?:操作)?系统|平台|大?模型|(?:超级)?芯片|处理器|头显|头盔|应用(?:程序)?"
    r"|(?:聊天)?机器人|(?:搜索)?引擎|框架|工具|软件|服务器?|架构|显卡|手机|智能体|加速器|编辑器|社区|项目"
    r"|笔记本(?:电脑)?|平板(?:电脑)?|电脑|耳机|插件|客户端)$"
)
_SIGNATURE = re.compile(r"[。!?]\(")  # the source in brackets behind a report: ……。(界面)
_LATIN_GLOSS = re.compile(r"\(([A-Z][A-Za-z0-9 .&'’\-]{2,30})[),]")


@Language.factory("resolved_names")
class ResolvedNames:
    """Turns the candidates of all recognizers into the names of the document, and finds its aliases."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.gazetteer: Gazetteer = load_gazetteer()

    def __call__(self, doc: Doc) -> Doc:
        """Replace `doc._.names` by the names that stand, in order; fill `doc._.aliases` with the equations."""
        text = text_of(doc)
        candidates = _boost_owned(_widen_latin([self._without_kind(n) for n in names_of(doc)]))
        standing = pick(candidates)
        standing = self._drop_unsupported(text, standing)
        equations: list[Equation] = []
        standing += find_glosses(text, standing, equations)
        standing = pick([*standing, *find_introduced(text, standing, equations)])
        standing = _unify_types(text, standing, reading_of(doc))
        standing = claim_short_forms(standing, equations)
        standing += find_repeats(doc, standing, equations)
        standing = pick(standing)
        standing += self._nested_owners(standing)
        doc._.names = sorted(standing, key=lambda n: (n.start, -n.end))
        doc._.aliases = sorted(set(equations))
        return doc

    def _without_kind(self, name: Name) -> Name:
        """Return the Latin name of an unlisted work without what kind of thing it is."""
        kind = _KIND_OF_WORK.search(name.text) if name.type in WORKS and not name.records else None
        if kind is None or is_term(name.text[: kind.start()]):
            return name
        text = name.text[: kind.start()]
        records = tuple(r.id for r in self.gazetteer.lookup(text) if r.type is name.type)
        return replace(name, end=name.start + len(text), text=text, records=records)

    def _drop_unsupported(self, text: str, names: list[Name]) -> list[Name]:
        """Keep an ambiguous or guessed name only where something else in the document speaks for it."""
        certain = [n for n in names if n.strength >= CERTAIN]
        records = {r for n in certain for r in n.records}
        owners = {self.gazetteer.records[r].owner for r in records} | records
        counts = Counter(fold_name(n.text) for n in names)
        folds = {fold_name(n.text) for n in certain}
        kept = []
        for name in names:
            if name.strength >= CERTAIN or fold_name(name.text) in folds:
                kept.append(name)
            elif name.records:
                own = set(name.records) & records
                owner = any(self.gazetteer.records[r].owner in owners - {""} for r in name.records)
                if own or owner or _is_marked(text, name) or _is_listed_beside(text, name, [*certain, *kept]):
                    kept.append(name)
            elif name.strength > 1.2 or _has_support(text, name, certain) or _recurs(name, counts):
                kept.append(name)
        return kept

    def _is_owned(self, name: Name, units: Iterable[Record]) -> bool:
        """Whether a listed work is known to belong to one of `units`: then its head, a word as it is, means it."""
        owners = {self.gazetteer.records[r].owner for r in name.records}
        return name.type not in ORGANIZATIONS and any(unit.id in owners for unit in units)

    def _nested_owners(self, names: list[Name]) -> list[Name]:
        """Return the certain organizations that stand at the head of a longer name: 百度 in 百度智能云."""
        nested = []
        for name in names:
            if name.type is EntityType.PERSON:
                continue
            for head in self.gazetteer.find_heads(name.text):
                units = tuple(r for r in head.records if r.type in ORGANIZATIONS)
                is_media = any(self.gazetteer.records[r].kind == "media" for r in name.records)
                same = name.type is EntityType.COMPANY and _MERE_TRADE.fullmatch(name.text[head.end :].strip())
                if (
                    units
                    and not is_media
                    and not same
                    and (not head.ambiguous or self._is_owned(name, units))
                    and not {r.id for r in units} & set(name.records)
                ):
                    ids = tuple(r.id for r in units)
                    start, end = name.start + head.start, name.start + head.end
                    wording = name.text[head.start : head.end]
                    nested.append(Name(start, end, wording, units[0].type, "gazetteer", 3.0, ids, nested=True))
                    break
        return nested


def _recurs(name: Name, counts: Counter[str]) -> bool:
    """Whether a guess occurs again; an ending on an ordinary word (主力能源, 蛇形机器人) is no name for that."""
    is_phrase = name.source == "suffix" and is_common_word(name.text[:2])
    return counts[fold_name(name.text)] > 1 and not is_phrase


def _is_marked(text: str, name: Name) -> bool:
    quoted = name.start > 0 and text[name.start - 1] in _QUOTES and text[name.end : name.end + 1] in tuple(_QUOTES)
    if name.type is EntityType.COMPANY and _SIGNATURE.match(text, max(0, name.start - 2)) and text[name.end] == ")":
        return True
    if name.text[0].isascii() and name.text[0].isupper() and stands_between(text, name.start, name.end):
        return True  # an ordinary English word would be no word of a Chinese sentence: Figure 的机器人
    if name.type is EntityType.PERSON and (is_behind_office(text, name.start) or is_transliterated(name.text)):
        return True
    cues = read_cues(text, name.start, name.end)
    return quoted or cues.get(name.type, 0) > 1


def _is_glossed(text: str, name: Name) -> bool:
    """Whether a Latin name in brackets follows: 蓝雀机器人(Bluefinch)."""
    gloss = _LATIN_GLOSS.match(text, name.end)
    return bool(gloss) and not is_term(gloss[1])  # type: ignore[index]


def _has_support(text: str, name: Name, certain: Iterable[Name]) -> bool:
    glossed = name.source != "latin" and name.strength >= 1 and _is_glossed(text, name)
    return glossed or _is_listed_beside(text, name, certain)


def _is_listed_beside(text: str, name: Name, certain: Iterable[Name]) -> bool:
    """Whether the name stands in an enumeration next to a certain name: A、B和C."""
    before, after = text[max(0, name.start - 1) : name.start], text[name.end : name.end + 1]
    alike = [n for n in certain if n.type is name.type] if name.records else certain
    ends = {n.end for n in alike}
    starts = {n.start for n in alike}
    beside_left = before in ("、", "和", "与", "及", "/") and name.start - 1 in ends
    return beside_left or (after in ("、", "和", "与", "及", "/") and name.end + 1 in starts)


def _widen_latin(names: list[Name]) -> list[Name]:
    """Give a Latin name that a place or the tagger found the whole run that it is cut from: Voyage in Voyage AI."""
    runs = [n for n in names if n.source == "latin"]
    widened = []
    for name in names:
        if name.source in ("slot", "tagged") and name.text.isascii() and name.text[:1].isupper():
            run = next((r for r in runs if r.start <= name.start and name.end <= r.end and r.text != name.text), None)
            if run:
                name = replace(name, start=run.start, end=run.end, text=run.text)
        widened.append(name)
    return widened


def _boost_owned(names: list[Name]) -> list[Name]:
    """A name that begins with a certain organization and goes on to an ending is one name: 腾讯 + AI实验室."""
    starts = {n.start: n for n in names if n.strength >= 3 and n.type in ORGANIZATIONS}
    heard = {n.start: n for n in names if n.source == "tagged" and n.type is EntityType.COMPANY}
    boosted = []
    for name in names:
        owner = starts.get(name.start)
        rest = name.text[owner.end - name.start :] if owner else ""
        if name.source == "suffix" and rest and (_is_unit_of(rest) or _TRADE.fullmatch(rest)):
            name = replace(name, strength=3.1)
        elif name.source == "suffix" and (part := heard.get(name.start)) and is_ending(name.text[len(part.text) :]):
            name = replace(name, strength=max(name.strength, part.strength + 0.1))  # 百利 + 药业
        boosted.append(name)
    return boosted


def _is_unit_of(rest: str) -> bool:
    """Whether what follows an organization's name makes it the name of a part of it: 优图实验室, 文娱, 智能云."""
    ending = _UNIT_ENDING.search(rest)
    return bool(ending) and len(rest) <= (10 if len(ending.group()) > 2 else 4)  # type: ignore[union-attr]


def _unify_types(text: str, names: list[Name], reading: Reading | None) -> list[Name]:
    """Give every unlisted name one type in the document: the one that its uses support best."""
    votes: dict[str, Counter[EntityType]] = defaultdict(Counter)
    for part in {part for n in names if n.type is EntityType.PERSON for part in n.text.split(" ")[:-1]}:
        if re.fullmatch("[A-Z][a-z]{2,}", part):
            votes[fold_name(part)][EntityType.PERSON] += 40  # Ethan, where the document has Ethan Mollick
    for name in names:
        if not name.records:
            uses = votes[fold_name(name.text)]
            uses[name.type] += int(name.strength * 10)
            for entity_type, chance in reading.types(name.start, name.end).items() if reading else ():
                uses[entity_type] += round(_VOTES_READ * chance)
            for entity_type, length in read_cues(text, name.start, name.end).items():
                if entity_type is not EntityType.PERSON or name.type is EntityType.PERSON:
                    uses[entity_type] += 3 * length
    order = list(EntityType)
    chosen = {fold: max(v, key=lambda t: (v[t], -order.index(t))) for fold, v in votes.items()}
    return [n if n.records else replace(n, type=chosen[fold_name(n.text)]) for n in names]
