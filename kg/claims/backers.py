"""Who gives the money that a sentence speaks of: those that lead, those that follow, never advisers or newspapers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.claims import scene as symbols
from kg.claims.scene import Element, Scene, is_cited
from kg.entities.gazetteer import load_gazetteer
from kg.model import ORGANIZATIONS, Entity, EntityType

_N = symbols.ANY_NAME
_PARTY = symbols.UNITS + symbols.PEOPLE
_GIVERS = symbols.COMPANY + symbols.ORGANIZATION + symbols.SCHOOL + symbols.PERSON
_LEADS = "领投|跟投|参投|宣布|完成|获得|收购|融资|表示"
_BEFORE_NEXT = (
    rf"(?:(?!{_LEADS})[^{_N},。;:!?]){{0,14}}"  # a modifier, or members of the list that no name was found in
)
_JOINT = rf"(?:等[^{_N},。;:!?]{{0,8}}?|[、/&+和与及,]|以及|还有|包括){{1,4}}"
# However a stretch between two names is parted into words, it ends at the second: an atomic group tries one way alone.
PARTIES = rf"[{_PARTY}](?>(?:{symbols.TITLE})?(?:{_JOINT}{_BEFORE_NEXT})?[{_PARTY}]|、[{symbols.MADE}]){symbols.MORE}"
"""Pattern of an enumeration of parties, with modifiers and unknown members between: A、老股东B,以及C."""

_LIST = rf"(?P<s>{PARTIES})"
_NO_PARTY = "(?!者|人|方|机构|银行|组合|公司|总监|经理|部|界|圈|市场|额|回报|价值|项目|计划|建|了?[一二三两几数])"
_ROUND = f"(?:投资|融资|{symbols.ROUND}|募资|认购|增资|交易)"
_BACKER = (
    "(?:投资方|投资者|投资人|投资机构|出资方|出资人|资方|(?<!控股)股东|支持者|金主|认购方|参与者|参与方|[领跟参]投(?:方|机构)"
    "|投资阵容|投资团|资本方|资本)"
)

_LEAD = [
    re.compile(rf"{_LIST}[^{_N},。;!?:]{{0,14}}?(?:领投(?!方|人|机构|者)|独家(?:战略)?投资|牵头投资)"),
    re.compile(rf"{_LIST}(?:是|为|担任|作为)[^{_N},。;!?]{{0,10}}领投(?:方|人|机构|者)"),
    re.compile(rf"领投(?:方|人|机构|者)[^{_N},。;!?]{{0,8}}(?:为|是|包括|系|:)?[^{_N},。;!?]{{0,6}}{_LIST}"),
]
_FOLLOW = [
    re.compile(
        rf"{_LIST}[^{_N},。;!?:]{{0,14}}?(?:[跟参]投(?!方|人|机构|者)|[追加]投|追加(?:投资|了|[,。;])|加注|加码|超额认购|(?:共同|联合|战略)(?:投资|出资|入局|入股|加持)"
        rf"|继续(?:跟|追|加|投|参|认|支|出)|跟进(?=投资|[,。;])|持续(?:支持|投资|跟)|出资|认购|注资|增资|入股|押注|下注|入局|投资{_NO_PARTY})"
    ),
    re.compile(
        rf"{_LIST}[^{_N},。;!?:]{{0,14}}?(?:参与(?:了|其中)?|加入了?)(?:(?:到|进)?[^{_N},。;!?]{{0,10}}{_ROUND}|(?=[,。;]))"
    ),
    re.compile(
        rf"{_BACKER}(?:[^{_N}。;!?]{{0,16}}?(?:包括|囊括|为(?!了|什么)|是|有|:|不乏|涵盖|包含|——|如|来自|分别为?)了?[^{_N},。;!?]{{0,10}})?{_LIST}"
    ),
    re.compile(
        rf"(?:获得?了?|拿到|得到了?|迎来了?|赢得|来自|由|引入了?|引进了?|受到|接受了?|吸引了?)[^{_N},。;!?]{{0,8}}{_LIST}"
        rf"[^{_N},。;!?]{{0,14}}?(?:投资{_NO_PARTY}|融资|注资|入股|支持|加持|青睐|战投|增资|出资|押注|资金|{_BACKER}|{symbols.ROUND}|等(?=[,。;]|$))"
    ),
    re.compile(rf"从[^{_N},。;!?]{{0,10}}{_LIST}[^{_N},。;!?]{{0,14}}?(?:融资|募集|筹集|融得|筹得|获得|拿到)"),
    re.compile(
        rf"{_LIST}[^{_N},。;!?:]{{0,8}}?(?:在|位列|出现在|名列|跻身|也?都?均?是|也?均?为|作为|成为了?|等)[^{_N},。;!?]{{0,12}}{_BACKER}"
    ),
]
_ADVISER = re.compile(
    rf"[^{_N},。;!?]{{0,12}}?(?:(?:财务|法律|融资|投融资|独家|首席|长期|上市|资本){symbols.TITLE}|顾问|承销|保荐|簿记|FA(?![A-Za-z])|投行)"
)
_ADVISED = re.compile(
    rf"(?:财务{symbols.TITLE}|顾问|保荐人|保荐机构|承销商|FA|会计师|律所)[^{_N}。;!?]{{0,8}}(?:为|是|包括|由|:){PARTIES}"
)
_OTHER_PERSON = re.compile(
    f"(?!等)[^{_N},。;!?等]{{0,6}}(?:投资人|创始人|合伙人|高管|员工|校友|成员|研究人员|工程师|前辈|{symbols.TITLE}(?![{symbols.PERSON}]))"
)
_FUND = re.compile(r"(?:资本|创投|基金|投资|风投|Capital|Ventures?|Partners|VC|Fund|投资公司|投资集团|创业投资)$", re.I)
_NOT_RAISING = frozenset({"investor", "media", "exchange", "government"})


@dataclass(frozen=True, slots=True)
class Backer:
    """One that gives money: its element, whether it leads, and the stretch of the scene's text that says so."""

    element: Element
    lead: bool
    start: int
    end: int


def find_backers(scene: Scene) -> dict[int, Backer]:
    """Return those that a scene says give money, by the place of their symbol in its text.

    Advisers and the sources of a report are none, though `由` or `来自` stands before them.
    """
    found: dict[int, Backer] = {}
    advisers = find_advisers(scene)
    for lead, patterns in ((True, _LEAD), (False, _FOLLOW)):
        for pattern in patterns:
            for match in _matches(pattern, scene.text):
                if _ADVISER.match(scene.text, match.end("s")):
                    continue
                for index in range(match.start("s"), _end_of_givers(scene, match)):
                    element = scene.elements.get(index)
                    if element is None or element.symbol not in _GIVERS or index in advisers or index in found:
                        continue
                    if not is_cited(scene, index):
                        found[index] = Backer(element, lead, match.start(), match.end())
    return found


def _end_of_givers(scene: Scene, match: re.Match[str]) -> int:
    """Return where the list ends; members that only say where a person comes from are none: 腾讯早期投资人领投."""
    begin, end = match.span("s")
    last = scene.elements.get(end - 1)
    if last is None or last.symbol not in symbols.UNITS or not _OTHER_PERSON.match(scene.text, end):
        return end
    if match.end() == end:
        return end
    return max(begin, scene.text.rfind("来自", begin, end))


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield matches one after the other; the next may begin behind the list of the one before."""
    position = 0
    while match := pattern.search(text, position):
        yield match
        position = match.end("s")


def find_advisers(scene: Scene) -> set[int]:
    """Return the places of those that only advise, sponsor or underwrite."""
    found = {
        index
        for match in re.finditer(PARTIES, scene.text)
        if _ADVISER.match(scene.text, match.end())
        for index in range(*match.span())
    }
    for match in _ADVISED.finditer(scene.text):
        found.update(range(*match.span()))
    return found & scene.elements.keys()


def may_raise(entity: Entity) -> bool:
    """Return whether an entity may be one that raises money: a company that is no fund, newspaper or authority."""
    if entity.type is not EntityType.COMPANY:
        return False
    record = load_gazetteer().records.get(entity.id)
    if record is not None:
        return record.kind not in _NOT_RAISING
    return not _is_named_like_fund(entity.name)


def may_invest(entity: Entity) -> bool:
    """Return whether an entity may be one that gives money."""
    return entity.type in ORGANIZATIONS or entity.type is EntityType.PERSON


@lru_cache(maxsize=4096)
def _is_named_like_fund(name: str) -> bool:
    return bool(_FUND.search(name))
