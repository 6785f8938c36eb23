"""Public offerings: who goes public or means to, when, for how much."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from kg.claims import scene as symbols
from kg.claims.backers import find_advisers, find_backers, may_raise
from kg.claims.events import Event
from kg.claims.modality import read_modality
from kg.claims.scene import Scene, is_cited
from kg.claims.terms import clauses_around, date_of, fill_money
from kg.model import Entity, InvestmentKind, Modality

_R = symbols.ROUND
_OTHERS = symbols.COMPANY + symbols.ORG_ANAPHOR + symbols.PEOPLE + symbols.MADE
_ISSUERS = symbols.COMPANY + symbols.ORG_ANAPHOR
_GAP = f"[^{_OTHERS}。;!?:]"
_LISTING = "上市(?!值|公司|企业|以来|后|前|时|地|日期|销售|许可|新品|窗口|标准|规则|银行|车企|券商|集团|平台|药)"
_CUE = (
    rf"(?:(?P<ipo>{_R})(?!市场|热|价|窗口|项目|企业|公司|政策|数量|审核|估值)|招股(?:书|说明书|文件)|递表|{_LISTING}(?:申请|辅导|备案|计划|聆讯|进程|流程)|敲钟"
    rf"|(?:[赴在][港美]|港股|美股|[AH]股|主板|科创板|创业板|北交所|{symbols.EXCHANGE})[^{_OTHERS},。;!?]{{0,8}}?(?:{_LISTING}|挂牌|过会|上会|招股)"
    rf"|登陆(?:港股|美股|A股|资本市场|二级市场|{symbols.EXCHANGE})|(?:分拆|借壳|独立|整体){_LISTING}|SPAC"
    rf"|(?:拟|计划|筹备|准备|考虑|寻求|有望|推进|启动|冲刺|申请|谋求|完成|成功|正式|预计|即将|将|已|瞄准|公开|快)[^{_OTHERS},。;!?]{{0,12}}{_LISTING})"
)
_MADE_AHEAD = rf"(?!的?[{symbols.MADE}])"
_RULE = re.compile(
    rf"(?P<s>[{symbols.COMPANY}{symbols.ORG_ANAPHOR}](?:[、和与及][{symbols.COMPANY}]){symbols.MORE})(?:继[{_OTHERS}]之后)?{_GAP}{{0,30}}?{_CUE}{_MADE_AHEAD}"
)
_FIRST_DAY = re.compile(
    rf"(?:新股)?(?P<s>[{symbols.COMPANY}])(?:{symbols.DATE}|今日|正式|成功){{0,3}}上市(?:首[日周]|当[日天]|首个交易日|[,。;!?]|$)"
)
_BEFORE_OR_AFTER = re.compile(
    rf"(?:^|[,;:])[^{_OTHERS},。;!?:]{{0,14}}(?P<ipo>{_R})[^{_OTHERS},。;!?]{{0,4}}(?:时|之?前|之?后|之际|当天),?(?P<s>[{_ISSUERS}])(?![^,。;]{{0,10}}[领跟参]投)"
)
_CLOSE = 6
_WITHDRAWN = re.compile("撤回|撤销|取消|放弃|终止|暂停|搁置|叫停")
_POINTS_BACK = re.compile(rf"(?:此次|本次|这次|该次|这一|该){_R}")
_AFTER = re.compile(rf"继(?P<s>[{symbols.COMPANY}])之后[^{_OTHERS}。;!?]{{0,20}}{_CUE}")
_RULES = (_RULE, _AFTER, _FIRST_DAY, _BEFORE_OR_AFTER)
_SOLD = re.compile("新车|车型|手机|机型|新品|药|售价|发售|款|手游|预售|车展")
_DONE = re.compile(
    rf"敲钟|挂牌|首日|开盘|收盘|股价|市值|(?:已|完成|成功|正式|于{symbols.DATE})[^,。;]{{0,10}}(?:上市|登陆|{_R})|登陆了|上市(?:后|以来)"
)
_FILED = re.compile("递交|提交|递表|申请|辅导|备案|启动|招股|拟|计划|聆讯")
# The day on which somebody files is not the day on which they go public.
_PAPERS = re.compile("递交|提交|递表|招股(?:书|说明书|文件)|IPO ?(?:[((][^))]*[))])?文件")
_TOLD = re.compile("IPO|首次公开|招股|敲钟|挂牌|上市(?!公司)|发行价|超额配售|超募")
_RAISED = re.compile("发行价|超额配售|超募|募集资金|募资")


def tells_offering(scene: Scene) -> bool:
    """Whether the money of a scene comes from going public rather than from a round."""
    named = any(e.symbol == _R and e.value != "IPO" for e in scene.elements.values())
    return not named and bool(_TOLD.search(_spelt(scene))) and "轮" not in scene.text


def find_offerings(scenes: Sequence[Scene]) -> Iterator[Event]:
    """Yield public offerings, one a company; one that is not said to be done is planned."""
    made: dict[str, Event] = {}
    last: Event | None = None
    for scene in scenes:
        spelt = _spelt(scene)
        if last and _RAISED.search(spelt) and all(e == last.investee for e in _companies(scene)):
            fill_money(last, scene)
        elif len(made) == 1 and _POINTS_BACK.search(scene.text):
            fill_money(next(iter(made.values())), scene)
        last = None
        if not _TOLD.search(spelt) and not re.search("递表|敲钟|挂牌|登陆|过会|SPAC", spelt):
            continue
        outside = find_backers(scene).keys() | find_advisers(scene)
        for match in itertools.chain(*(p.finditer(scene.text) for p in _RULES)):
            for investee in _issuers(scene, match, outside):
                event = made.get(investee.id)
                if event is None:
                    event = made[investee.id] = _new(scene, investee, match)
                part = clauses_around(scene, *scene.span(*match.span()))
                if not _PAPERS.search(_spelt(part)):
                    event.date = event.date or date_of(part)
                fill_money(event, part)
                last = event
    yield from made.values()


def _companies(scene: Scene) -> Iterator[Entity]:
    """Yield the companies that a scene speaks of: the sentence after an offering tells its terms if it has no other."""
    yield from (e.entity for e in scene.elements.values() if e.symbol in _ISSUERS and e.entity)


def _issuers(scene: Scene, match: re.Match[str], outside: set[int]) -> Iterator[Entity]:
    named = match.groupdict().get("ipo")
    if named and scene.elements[match.start("ipo")].value != "IPO":
        return
    if not named and _SOLD.search(scene.text):
        return
    for index in range(*match.span("s")):
        element = scene.elements.get(index)
        if element is None or element.entity is None or index in outside or is_cited(scene, index):
            continue
        if may_raise(element.entity):
            yield element.entity


def _new(scene: Scene, investee: Entity, match: re.Match[str]) -> Event:
    modality = read_modality(scene, match.start(), match.end())
    if _WITHDRAWN.search(scene.text, max(0, match.start() - _CLOSE), match.end() + _CLOSE):
        modality = Modality.DENIED
    told = scene.text[match.start() :]
    if modality is Modality.ASSERTED and (not _DONE.search(told) or _FILED.search(match.group())):
        modality = Modality.PLANNED
    start, end = scene.span(match.start(), match.end())
    return Event(InvestmentKind.IPO, investee, modality, start, end, round="IPO")


def _spelt(scene: Scene) -> str:
    return "".join(scene.elements[i].text if c == _R else c for i, c in enumerate(scene.text))
