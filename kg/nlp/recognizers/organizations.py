"""Companies and institutions that no list knows, by how their names end: 某某资本, 北京某某科技有限公司, 某某大学."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml
from spacy.language import Language
from spacy.tokens import Doc, Token

from kg.model import ORGANIZATIONS, EntityType
from kg.nlp.cues import read_cues
from kg.nlp.names import Name, names_of, text_of
from kg.nlp.words import is_common_word

_MAX_STEM_TOKENS = 6
_MAX_NAME = 24
_NAME_TOKEN = re.compile(r"[\u3400-\u9fffA-Za-z0-9&.\-]+")
_LEGAL_INNER = re.compile(r"[\u3400-\u9fffA-Za-z0-9&.\-()]+")


# A part of a listed organization, named after it: 百度自动驾驶事业部, IBM人工智能基础研究院.
_UNIT = re.compile(
    r"[\u3400-\u9fffA-Za-z&·]{1,12}?(?:研究院|研究所|研究中心|实验室|事业群组|事业群|事业部|事业线|产品线|解决方案BU|技术部|研究部|平台部"
    r"|委员会|学院|BG|BU| ?(?:AI |Research )?(?:Lab|Labs|Research)(?![A-Za-z]))"
    r"(?![\u3400-\u9fff]*(?:研究院|研究中心|实验室|委员会))"
)
# A part that is named by its trade or country alone: 腾讯广告, 特斯拉中国.
_BRANCH = re.compile(
    r"(?:广告|财经|文旅|总台|资产管理公司|云智能|文创|公益)|中国(?![市区工团业官总公用销的政人本内大产版香风客消经企])"
)
_NO_UNIT = re.compile(
    r"[的与和在对向从被把将于为是以及等其了由给让使并但而或则也都还又再就才只可能会要应需用按据因所如若像]|成立|宣布|收购|发布|推出|负责|加入|担任|设立|组建|旗下|获|拥有|开源|联合|正|扩大|任命|新|分拆|拆分|免去|取消|合并|调整|升级|官网|内部|首席|管理过|兼|过"
)
_PLACE_WORD = re.compile(r"..+[国州市省县洲]|..洲|[中美英法德韩俄泰]国|日本|印度|上海|北京|欧洲|亚洲")


@lru_cache(maxsize=1)
def _knowledge() -> dict[str, Any]:
    text = (resources.files("kg.nlp") / "data" / "organizations.yaml").read_text("utf-8")
    raw = yaml.safe_load(text)
    suffixes = [(s, EntityType.COMPANY) for s in raw["company"]] + [
        (s, EntityType.ORGANIZATION) for s in raw["organization"]
    ]
    pattern = "|".join(re.escape(s) for s, _ in sorted(suffixes, key=lambda p: -len(p[0])))
    return {
        "legal": re.compile("|".join(re.escape(s) for s in raw["legal"])),
        "suffix": re.compile(pattern),
        "types": dict(suffixes),
        "legal_stops": frozenset(raw["stops"].split()) - frozenset(raw["allowed_in_legal"].split()),
        "places": frozenset(raw["places"].split()),
        "generic": frozenset(raw["generic"].split()),
        "telling": frozenset(raw["telling"]),
        "stops": frozenset(raw["stops"].split()),
        "stems": frozenset(raw["stems"].split()),
    }


def is_ending(word: str) -> bool:
    """Return whether names of organizations end so: 资本, 创投, 研究院."""
    return word in _knowledge()["types"]


def is_place(word: str) -> bool:
    """Return whether a word is a place, or a party (买方, 央企), that acts like an organization."""
    return word in _knowledge()["places"]


def generic_words() -> frozenset[str]:
    """Return the nouns for organizations and things that are no name with any word before them: 团队, 项目."""
    words: frozenset[str] = _knowledge()["generic"]
    return words


def stop_words() -> frozenset[str]:
    """Return the words that stand in no name of a company."""
    stops: frozenset[str] = _knowledge()["stops"]
    return stops


@Language.component("organization_names")
def recognize_organizations(doc: Doc) -> Doc:
    """Add names that end like a company or an institution; names that the gazetteer holds are found elsewhere."""
    text = text_of(doc)
    starts = {token.idx: token for token in doc}
    ends = {token.idx + len(token): token for token in doc}
    found = names_of(doc)
    for match in _knowledge()["legal"].finditer(text):
        start = _walk_left(text, ends, match.start(), inner=_LEGAL_INNER, limit=14)
        if start is not None and match.start() - start >= 2:
            found.append(_name(text, start, match.end(), EntityType.COMPANY, 3.0))
    for owner in [n for n in found if n.source == "gazetteer" and n.strength >= 3 and n.type in ORGANIZATIONS]:
        unit = _UNIT.match(text, owner.end)
        if unit and not _NO_UNIT.search(unit.group()):
            found.append(_name(text, owner.start, unit.end(), owner.type, 3.1))
        branch = _BRANCH.match(text, owner.end) if owner.type is EntityType.COMPANY else None
        if branch and branch.end() in starts and text[branch.end() : branch.end() + 1] not in tuple("收业费投位主商"):
            found.append(_name(text, owner.start, branch.end(), owner.type, 3.05))
    for match in _knowledge()["suffix"].finditer(text):
        if match.end() not in starts and match.end() != len(text) and match.end() not in ends:
            continue  # the ending is part of a longer word
        if is_common_word(match.group() + text[match.end() : match.end() + 1]) or text.startswith(
            "智能体", match.start()
        ):
            continue
        start = _walk_left(text, ends, match.start(), inner=_NAME_TOKEN, limit=_MAX_STEM_TOKENS)
        if start is None:
            continue
        kind = _knowledge()["types"][match.group()]
        words = _words_between(starts, start, match.start())
        is_school = match.group() in ("大学", "学院") and len(words) == 2
        if len(words) > 1 and not is_school and all(len(w) > 1 and is_common_word(w) for w in words):
            continue  # a phrase of ordinary words
        strength = _strength(text[start : match.start()], match.group(), kind)
        if kind is EntityType.ORGANIZATION and strength:
            start = _with_place(text, ends, start)
        if strength == 1.0 and read_cues(text, start, match.end()).get(EntityType.COMPANY, 0) > 1:
            strength = 1.6
        if strength:
            found.append(_name(text, start, match.end(), kind, strength))
    return doc


def _with_place(text: str, ends: dict[int, Token], start: int) -> int:
    """Return where the name of an institution begins with its country or city: 美国半导体协会, 上海对外经贸大学."""
    before = ends.get(start)
    if before is None or not _PLACE_WORD.fullmatch(before.text):
        return start
    return int(before.idx) if is_place(before.text) or before.text[-1] in "州市省县" else start


def _words_between(starts: dict[int, Token], start: int, end: int) -> list[str]:
    words = []
    while start < end:
        words.append(starts[start].text)
        start += len(words[-1])
    return words


def _name(text: str, start: int, end: int, kind: EntityType, strength: float) -> Name:
    return Name(start, end, text[start:end], kind, "suffix", strength)


def _walk_left(text: str, ends: dict[int, Token], end: int, *, inner: re.Pattern[str], limit: int) -> int | None:
    """Return where the name whose ending begins at `end` starts, or None where the ending stands inside a word."""
    token = ends.get(end)
    if token is None:
        return None
    stops = _knowledge()["legal_stops" if inner is _LEGAL_INNER else "stops"]
    start = end
    for _ in range(limit):
        if token.text in stops or not inner.fullmatch(token.text) or end - token.idx > _MAX_NAME:
            break
        start = token.idx
        token_before = ends.get(start)
        if token_before is None:
            break
        token = token_before
    while start < end and text[start] in "().-&":
        start += 1
    return start if start < end else None


def _strength(stem: str, suffix: str, kind: EntityType) -> float:
    """Return how sure a stem and an ending are a name: 0 for ordinary words, 1 for a guess that needs support."""
    stems = _knowledge()["stems"]
    if (
        not 2 <= len(stem) <= 12
        or stem in stems
        or is_common_word(stem + suffix)
        or stem[0] in "一两三四五六七八九十几多各每某"
    ):
        return 0.0
    if any(stem.endswith(s) and (stem == s or stem[: -len(s)] in stems) for s in stems):
        return 0.0
    if kind is EntityType.ORGANIZATION:
        return 2.0
    distinct = len(stem) <= 4 and not is_common_word(stem)
    return 1.6 if distinct and suffix in _knowledge()["telling"] else 1.0
