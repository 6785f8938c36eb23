"""What is known of the inner form of names: the core of a company's name, the short forms of a person's."""

from __future__ import annotations

import re

_PLACES = (
    "北京|上海|天津|重庆|深圳|广州|杭州|苏州|南京|武汉|成都|西安|合肥|长沙|青岛|厦门|宁波|无锡|珠海|东莞|佛山|济南|郑州|沈阳|大连|福州|海南|贵州|江苏|浙江|广东|"
    "山东|四川|湖北|湖南|安徽|福建|河北|河南|陕西|江西|云南|广西|辽宁|吉林|黑龙江|山西|甘肃|新疆|内蒙古|香港|台湾|中国"
)
_HEAD = re.compile(rf"^(?:{_PLACES})(?:省|市)?")
_TAIL = re.compile(
    r"(?:\(?(?:北京|上海|深圳|杭州|广州|香港|中国)\)?)?(?:控股|集团|科技集团)?(?:股份有限公司|有限责任公司|集团有限公司|有限公司|有限合伙企业|\(有限合伙\)|公司)$"
)
_TRADE = re.compile(
    r"(?:信息技术|人工智能|智能科技|网络科技|信息科技|科技发展|网络技术|智能技术|教育科技|数字科技|文化传媒|科技|技术|软件|集团)$"
)


def core_name(name: str) -> str:
    """Return the distinguishing part of a company's full legal name: place, trade and legal form left out.

    A name without a legal form is returned as it is.

    >>> core_name("北京光年之外科技有限公司"), core_name("循环智能")
    ('光年之外', '循环智能')
    """
    body = _TAIL.sub("", name)
    if body == name:
        return name
    body = re.sub(r"\((?:北京|上海|深圳|杭州|广州|香港|中国)\)", "", body)
    body = _HEAD.sub("", body, count=1) or body
    core = _TRADE.sub("", body)
    return core if len(core) >= 2 else (body if len(body) >= 2 else name)


def short_person_names(name: str) -> list[str]:
    """Return the short forms by which a text goes on to call a person with a foreign name.

    >>> short_person_names("谢尔盖·布林"), short_person_names("Boris Cherny"), short_person_names("杨植麟")
    (['布林', '谢尔盖'], ['Cherny', 'Boris'], [])
    """
    if re.search("[·・•]", name):
        parts = re.split("[·・•]", name)
        return [part for part in (parts[-1], parts[0]) if len(part) >= 2 and re.match(r"[\u3400-\u9fff]", part)]
    words = name.split(" ")
    if len(words) > 1 and name[0].isascii():
        return [word for word in (words[-1], words[0]) if len(word) > 2]
    return []


_TRADE_ENDING = re.compile(
    r"(?:资本|创投|投资|基金|集团|科技|智能|机器人|半导体|微电子|动力|生物|医疗|医药|汽车|网络|软件|智算|证券|银行)$"
)


def short_company_name(name: str) -> str:
    """Return what is left of a company's name without its trade, "" where that is less than two characters.

    >>> short_company_name("砚溪资本"), short_company_name("月之暗面"), short_company_name("腾云科技")
    ('砚溪', '', '腾云')
    """
    stem = _TRADE_ENDING.sub("", name)
    return stem if stem != name and 2 <= len(stem) <= 4 and not stem.isascii() else ""
