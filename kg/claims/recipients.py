"""Who gets the money that a sentence speaks of: the one that raises, whose round it is, or into which others put it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from kg.claims import scene as symbols
from kg.claims.backers import PARTIES, may_raise
from kg.claims.scene import Scene, is_cited
from kg.model import Entity

_N = symbols.ANY_NAME
_R = symbols.ROUND
FUNDING = (
    "(?<!并购)融资(?!租赁|能力|平台|环境|担保|余额|成本|难|负责|顾问|部|总监|渠道|融券|约束|买入|客|盘|净|机构|需求"
    "|市场|压力|困难|用途|趋势|本领|经验)"
)
"""Pattern of the word for raising money where it is no part of another word."""

_COMPANY = rf"(?P<s>[{symbols.COMPANY}{symbols.ORG_ANAPHOR}](?:[、和与及][{symbols.COMPANY}]){symbols.MORE})"
_RAISES = (
    "(?:完成|获得?|拿到|拿下|筹集|筹措|募集|募得|筹得|融到|融得|融了|斩获|官宣|敲定|结束|进行|开启|启动|寻求|谋求|洽谈|披露|公布|宣布|[再连]获|喜提|收获|揽获|迎来"
    "|筹资|募资|融资|推进|接近|关闭|引入|签署|收到|吸引|开放|以|拟|计划|商谈|谈判|讨论)"
)
_WHAT = rf"(?:{FUNDING}|{_R}|募资|种子轮|注资|战略投资|增资(?!扩产)|新?资金(?!链|流|池|量|面|实力))"
_GAP = f"[^{_N}。;!?]"
_RECIPIENTS = [
    re.compile(
        rf"{PARTIES}{_GAP}{{0,14}}?(?:[领参跟]投了?|参与了?|加入了?|押注了?|追投了?)(?!方|人|机构|者)[^{_N},。;!?、和]{{0,14}}{_COMPANY}(?![^{_N},。;]{{0,6}}[领参跟]投)"
    ),
    re.compile(rf"{_COMPANY}{_GAP}{{0,30}}?{_RAISES}{_GAP}{{0,24}}?{_WHAT}"),
    re.compile(
        rf"{_COMPANY}{_GAP}{{0,20}}?{_RAISES}了?{_GAP}{{0,12}}?{PARTIES}{_GAP}{{0,24}}?(?:{_WHAT}|投资|入股|战投|领投)"
    ),
    re.compile(
        rf"{_COMPANY}{_GAP}{{0,16}}(?:筹集|筹措|募集|融资|筹得|融到|募得|融了|再融|募资){_GAP}{{0,14}}{symbols.MONEY}"
    ),
    re.compile(rf"{_COMPANY}{_GAP}{{0,24}}[在于]{_GAP}{{0,10}}{PARTIES}[^{_N},。;!?]{{0,10}}领投的"),
    re.compile(
        rf"{_COMPANY}(?:的|新一轮|首轮|上一轮|最新一轮|本轮|这轮|此轮|{symbols.DATE}|{symbols.MONEY}|{_R}){{0,6}}[^{_N},。;!?]{{0,6}}(?:{FUNDING}|{_R})"
    ),
]
# 前甲公司高管: who a person was with is no actor.
_OF_PERSON = re.compile(
    rf"(?:的)?[^{_N},。;:!?、]{{0,4}}(?:{symbols.TITLE}|高管|员工|研究员|科学家|工程师|校友|成员|研究人员)"
)
_HEADLESS = re.compile(
    rf"(?:^|[,;:]){_GAP}{{0,24}}(?:完成|获得?|筹集|募集|融到|拿到|募资|融资){_GAP}{{0,24}}(?:{FUNDING}|{_R}|{symbols.MONEY})"
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Those that get the money, and the stretch of the scene's text that says so."""

    entities: tuple[Entity, ...]
    start: int
    end: int


def find_recipient(scene: Scene, givers: Collection[int]) -> Recipient | None:
    """Return who a scene says raises money; `givers` are the places of those that give or advise."""
    for pattern in _RECIPIENTS:
        position = 0
        while match := pattern.search(scene.text, position):
            position = match.start() + 1
            places = [i for i in range(*match.span("s")) if i in scene.elements and i not in givers]
            entities = [e for i in places if (e := scene.elements[i].entity) and _raises(scene, i)]
            if entities:
                return Recipient(tuple(dict.fromkeys(entities)), match.start(), match.end())
    return None


def find_headless(scene: Scene) -> tuple[int, int] | None:
    """Return the stretch of a scene that says that money was raised without saying by whom."""
    match = _HEADLESS.search(scene.text)
    return match.span() if match else None


def find_actor(scene: Scene, end: int, givers: Collection[int]) -> Entity | None:
    """Return the last company before place `end` of a scene that may be the one that raises money."""
    for index in sorted((i for i in scene.elements if i < end and i not in givers), reverse=True):
        element = scene.elements[index]
        if element.symbol not in symbols.COMPANY + symbols.ORG_ANAPHOR or not _raises(scene, index):
            continue
        if not _OF_PERSON.match(scene.text, index + 1):
            return element.entity
    return None


def _raises(scene: Scene, index: int) -> bool:
    entity = scene.elements[index].entity
    if entity is None or not may_raise(entity) or is_cited(scene, index):
        return False
    return not scene.text.startswith(":", index + 1)  # the name of who speaks
