"""Names in quotation and book-title marks, typed by the words beside them: “子曰”大模型, 《逆水寒》手游."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from kg.model import EntityType
from kg.nlp.cues import best_type, read_cues
from kg.nlp.names import Name, names_of, text_of
from kg.nlp.recognizers.latin import is_term
from kg.nlp.words import is_common_word

_QUOTED = re.compile(r"[“\"「『]([^“”\"「」『』《》\n,。;:!?、]{2,16})[”\"」』]|《([^《》\n]{2,16})》")
_NAMED = re.compile(r"(?:名为|名叫|叫做|取名|命名为|取名为|代号|品牌名为|更名为|改名为|称为)$")
_STRONG_AFTER = re.compile(
    r"(?P<model>(?:[\u3400-\u9fff]{0,6})(?:大模型|基础模型|语言模型))|(?P<product>App|APP|应用|软件|平台|助手|机器人|芯片|手机|手游|游戏|端游|小程序|浏览器|智能体|系统|眼镜|工具|音箱|产品)"
    r"|(?P<company>公司|集团|工作室|团队|实验室)"
)  # fmt: skip
_STRONG_BEFORE = re.compile(
    r"(?:(?P<model>大模型|模型)|(?P<product>App|APP|应用|产品|平台|助手|机器人|芯片|手游|游戏|小程序|智能体|软件|工具|浏览器)|(?P<company>公司|企业|品牌|独角兽))$"
)
# What is done by a newspaper or a magazine, or with it: 《X》记者, 《X》援引, 告诉《X》.
_MEDIUM_AFTER = re.compile(
    r"(?:\d{1,2}日|近日|此前|昨日|周[一二三四五六日])?(?:记者|特约记者|报道|援引|采访|网站|主编|编辑部|专访)"
)
_MEDIUM_BEFORE = re.compile(r"(?:告诉|告知|接受|向|腾讯新闻|对)$")
_NO_MEDIUM = re.compile(r"报告|白皮书|[法条]例|办法|规划|意见|法案|协议|公告|通知|\d")
_PHRASE_END = re.compile(r"[的了着过地]$|^[不没很再又]")  # “可怕的”机器人, “松了”
_KINDS = {"model": EntityType.MODEL, "product": EntityType.PRODUCT, "company": EntityType.COMPANY}


@Language.component("quoted_names")
def recognize_quoted(doc: Doc) -> Doc:
    """Add quoted names whose neighbours say what they are."""
    text = text_of(doc)
    listed = {(n.start, n.end) for n in names_of(doc) if n.source == "gazetteer"}
    for match in _QUOTED.finditer(text):
        group = 1 if match.group(1) else 2
        start, end = match.span(group)
        name = match.group(group)
        if (start, end) in listed or (is_term(name) and re.fullmatch(r"[A-Za-z0-9 .\-]+", name)):
            continue
        candidate = _classify(text, match.start(), match.end(), start, end)
        if candidate:
            names_of(doc).append(candidate)
    return doc


def _classify(text: str, outer_start: int, outer_end: int, start: int, end: int) -> Name | None:
    name = text[start:end]
    in_book_marks = text[outer_start] == "《"
    beyond = outer_end + (text[outer_end : outer_end + 1] == "的")
    after = _STRONG_AFTER.match(text, beyond, beyond + 12)
    before = _STRONG_BEFORE.search(text[max(0, outer_start - 5) : outer_start])
    named = _NAMED.search(text[max(0, outer_start - 4) : outer_start])
    is_phrase = len(name) > 4 and re.fullmatch(r"[\u3400-\u9fff]+", name)
    is_word = is_common_word(name) or len(name) > 10 or bool(is_phrase and not named)
    if in_book_marks:
        game = re.match(r"(?:手游|游戏|端游|页游|IP手游|国服|国际服)", text[outer_end : outer_end + 4])
        before_game = re.search(r"(?:手游|游戏|端游|新游|爆款)$", text[max(0, outer_start - 3) : outer_start])
        if game or before_game:
            return Name(start, end, name, EntityType.PRODUCT, "quoted", 2.4)
        medium = _MEDIUM_AFTER.match(text, outer_end) or _MEDIUM_BEFORE.search(
            text[max(0, outer_start - 4) : outer_start]
        )
        if medium and len(name) <= 8 and not _NO_MEDIUM.search(name):
            return Name(start, end, name, EntityType.COMPANY, "quoted", 2.1)
        return None
    for found in (after, before):
        if found and not (is_word and not named and found is before):
            kind = _KINDS[str(found.lastgroup)]
            if _PHRASE_END.search(name):
                return None
            return Name(start, end, name, kind, "quoted", 2.1 if not is_word else 1.2)
    if named:
        kind_by_cue = best_type(read_cues(text, start, end)) or EntityType.PRODUCT
        return Name(start, end, name, kind_by_cue, "quoted", 1.6)
    return None
