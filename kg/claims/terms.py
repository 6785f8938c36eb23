"""The terms of an investment as a scene states them: its amount, its valuation, its date."""

from __future__ import annotations

import re
from bisect import bisect_left

from kg.claims import scene as symbols
from kg.claims.events import Event
from kg.claims.scene import Element, Scene
from kg.model import InvestmentKind, Money, PartialDate, Valuation

_M = symbols.MONEY
_VALUATION = re.compile(
    rf"(?P<stage>投前|投后)?(?:整体|最新|公司|交易)?估值[^\ue000-\ue004{_M}。;!?]{{0,16}}(?P<m>{_M})|(?P<n>{_M})(?:的|左右|以上)?(?P<stage2>投前|投后)?(?:的)?估值"
)
_FUNDING_MONEY = re.compile(
    rf"(?:融资|筹集|募集|募资|筹得|融到|获|获得|完成|投资|注资|总额|金额|规模|斥资|出资|以|耗资|作价|价格|达|共|价值|花费|约|投入|掏出|豪掷|募得|增资|认购|对价|总价|收购价|支付|[领参跟]投|追加|注入|砸下)[^\ue000-\ue004{_M}。;!?]{{0,10}}(?P<m>{_M})(?!的?[^\ue000-\ue004,。;]{{0,4}}(?:债|贷款|信贷))"
    rf"|(?P<n>{_M})(?:的|规模的?|现金|全股票|左右){{0,4}}(?:[^\ue000-\ue004{_M},。;!?]{{0,6}})(?:融资|投资|\ue007|轮|收购|募资|战略投资|注资|价格|资金|要约|[领跟参]投)"
)
_OFFERED_MONEY = re.compile(
    rf"(?:募资|筹集|募集|集资|筹资|融资|发行规模|净额|募得|融得)[^\ue000-\ue004{_M}。;!?]{{0,14}}(?P<m>{_M})"
    rf"|(?P<n>{_M})[^\ue000-\ue004{_M},。;!?]{{0,6}}(?:{symbols.ROUND}|首次公开|募资|融资)"
)
_OPENING_DATE = re.compile(rf"[^\ue000-\ue004,。;]{{0,4}}(?P<d>{symbols.DATE})[^\ue000-\ue004,。;]{{0,4}},")
_PRICED = re.compile(
    rf"[^\ue000-\ue004,。;]{{0,12}},(?:其中|据[^,。;]{{0,6}},?|而|此次|本次|该){{0,3}}(?:交易|投资|收购|认购|转让|增资){{0,1}}(?:总|的)?"
    rf"(?:金额|规模|总额|对价|作价|代价|价格|总价|价款)[^\ue000-\ue004{_M}。;!?]{{0,8}}(?P<m>{_M})"
)
_LEAST = 5_000  # below, it is the price of a share, not of a company
_TOTAL = re.compile(r"(?:累计|总共|总计|历史|合计|已经?融资|历轮|融资总额|总融资)[^。;!?]{0,14}$")
_EACH = re.compile("(?:每|单)[^,。;]{1,8}$")  # the price of a piece: 每块芯片成本高达2.5万美元
_OTHER_TIME = re.compile("(?:成立|创立|创办|组建|设立|诞生|毕业|截至|始建|建立|出生)[^,。;]{0,3}$")
_OTHER_EVENT = re.compile("[^,。;]{0,4}(?:成立|创立|创办|组建|诞生|毕业|出生|创建)")
_EVENT_WORD = re.compile(
    f"融资|{symbols.ROUND}|投资|收购|并购|募资|筹集|募集|入股|注资|领投|上市|招股|递表|买下|认购|增持"
)


def fill_money(event: Event, scene: Scene) -> None:
    """Read valuation and amount off a scene into an event that does not have them yet; totals are no amounts."""
    used: set[int] = set()
    for match in _VALUATION.finditer(scene.text):
        index = match.start("m") if match["m"] else match.start("n")
        used.add(index)
        money = scene.elements[index].value
        stage = {"投前": "pre", "投后": "post"}.get(match["stage"] or match["stage2"] or "")
        if event.valuation is None and isinstance(money, Money):
            event.valuation = Valuation(money, stage)
    pattern = _OFFERED_MONEY if event.kind is InvestmentKind.IPO else _FUNDING_MONEY
    for match in pattern.finditer(scene.text):
        index = match.start("m") if match["m"] else match.start("n")
        money = scene.elements[index].value
        if index in used or event.amount is not None or not isinstance(money, Money):
            continue
        is_price_of_share = money.value is not None and money.value < _LEAST
        ahead = scene.text[:index]
        if not is_price_of_share and not _TOTAL.search(ahead) and not _EACH.search(ahead):
            event.amount = money


def date_of(scene: Scene) -> PartialDate | None:
    """Return the date that stands nearest to what a scene tells, not the one of a foundation or a graduation."""
    words = [m.start() for m in _EVENT_WORD.finditer(scene.text)] or [0]
    dates = [(i, e) for i, e in sorted(scene.elements.items()) if _is_of_event(scene, i, e)]
    if not dates:
        return None
    _, nearest = min(dates, key=lambda d: (min(abs(d[0] - w) + (0 if d[0] < w else 20) for w in words), d[0]))
    return nearest.value if isinstance(nearest.value, PartialDate) else None


def leading_date(scene: Scene, end: int) -> PartialDate | None:
    """Return the date that opens a sentence as a clause of its own, where what stands at `end` comes behind it."""
    match = _OPENING_DATE.match(scene.text)
    if match is None or scene.offsets[match.end() - 1] >= end:
        return None
    value = scene.elements[match.start("d")].value
    return value if isinstance(value, PartialDate) else None


def fill_price(event: Event, scene: Scene, end: int) -> None:
    """Read the sum off the clause behind `end` where it states nothing else: 投资金额为2亿元, 总价约3亿美元."""
    begin = bisect_left(scene.offsets, end)
    match = _PRICED.match(scene.text, begin)
    money = scene.elements[match.start("m")].value if match else None
    if isinstance(money, Money) and money.value is not None and money.value >= _LEAST:
        event.amount = money


def _is_of_event(scene: Scene, index: int, element: Element) -> bool:
    if element.symbol != symbols.DATE:
        return False
    before = _OTHER_TIME.search(scene.text[max(0, index - 6) : index])
    return not before and not _OTHER_EVENT.match(scene.text, index + 1)


def clauses_around(scene: Scene, start: int, end: int, *, margin: int = 1) -> Scene:
    """Return a scene cut down to the clauses of `[start, end)` of the normalized text, `margin` more on either side."""
    begin, finish = bisect_left(scene.offsets, start), bisect_left(scene.offsets, end)
    if begin == finish:
        return scene
    marks = [-1, *(m.start() for m in re.finditer("[,;:]", scene.text)), len(scene.text)]
    before = [m for m in marks if m < begin]
    after = [m for m in marks if m >= finish]
    first, last = before[-1 - margin :][0] + 1, after[: 1 + margin][-1]
    return scene.without([(0, first), (last, len(scene.text))])
