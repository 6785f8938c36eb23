"""Companies in reports of the stock market, where nothing but shares rises and falls: 甲股份涨停,乙、丙等跟跌."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from kg.model import EntityType
from kg.nlp.names import CERTAIN, Name, names_of, text_of
from kg.nlp.recognizers.organizations import generic_words, is_place

_MOVES = re.compile(
    r"(?:等(?:个股|多股|股)?)?(?:也|均|则|亦|再度|再次|连续[一二三两\d]+[日天个]|双双|集体|纷纷|盘中|尾盘|早盘|午后|盘前|盘后|一度|直线|大幅|跟随|逼近|触及|一字|涨幅|跌幅|再|持续|继续|涨幅一度){0,3}"
    r"(?:涨停|跌停|[涨跌](?:幅)?(?:超|逾|近|约|达)?\d|大[涨跌]|[跟领][涨跌]|[高低]开|上涨|下跌|[涨跌]?幅?居前|走[强弱高低]|封板|跳水|冲高|闪崩)"
)
_MARKET = re.compile(r"[涨跌]停|板块|概念股|个股|[领跟][涨跌]|[高低]开")
_MEMBER = re.compile(r"(?:\*?ST)?[\u3400-\u9fffA-Za-z]{2,6}")
_CLAUSE = re.compile(r"[^,。;:!?\n]*$")
_NO_SHARE = re.compile(
    r"(?:板块|概念|指数|行业|市场|领域|方向|期货|原油|黄金|白银|金属|币|ETF|债券?|盘|个|股|[深沪创纳道标恒日]指|价格?|汇率|元|收入|营收|利润|净利|销量|业绩|需求|估值|市值|成本|比例|数据|通信|软件|游戏|[一二三四]+|则|还|并|其中|方面|包括|地区|领涨|板|产业|农业|工业|产品|设备|服务|经济|芯片|算力|半导体|光伏|医药|白酒|食品|传媒|旅游|银行|券商|地产|汽车|电力|煤炭|钢铁|[欧美港A]股|以来|[今昨]日|[早午尾]盘|最高|最低|创新高|新高|股价)$"
)
_FEW = 3


@Language.component("stock_names")
def recognize_stocks(doc: Doc) -> Doc:
    """Add the companies whose shares a report of the market says to rise or fall."""
    text = text_of(doc)
    if len(_MARKET.findall(text)) < _FEW:
        return doc
    found = names_of(doc)
    sure = [n for n in found if n.strength >= CERTAIN]
    taken = {i for n in sure for i in range(n.start, n.end)}
    units = {i for n in sure if n.type is EntityType.COMPANY for i in range(n.start, n.end)}
    doubtful = {(n.start, n.end): n.records for n in found if n.type is EntityType.COMPANY and n.strength < CERTAIN}
    for move in _MOVES.finditer(text):
        clause = _CLAUSE.search(text, max(0, move.start() - 60), move.start())
        if clause is None:
            continue
        members = [
            (m.start() + clause.start(), m.end() + clause.start()) for m in re.finditer("[^、]+", clause.group())
        ]
        known = any(not units.isdisjoint(range(*m)) for m in members)
        if not known and len(members) < _FEW and "停" not in move.group():
            continue
        for start, end in members:
            if taken.isdisjoint(range(start, end)) and _is_share(text[start:end]):
                found.append(
                    Name(start, end, text[start:end], EntityType.COMPANY, "slot", 1.9, doubtful.get((start, end), ()))
                )
    return doc


def _is_share(word: str) -> bool:
    if not _MEMBER.fullmatch(word) or is_place(word) or word in generic_words():
        return False
    return not _NO_SHARE.search(word)
