"""Persons that no list knows: a Chinese name beside a post or a verb of saying, a foreign name with a middle dot."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc

from kg.model import ORGANIZATIONS, EntityType
from kg.nlp.names import CERTAIN, Name, names_of, text_of
from kg.nlp.recognizers.organizations import is_place
from kg.nlp.titles import title_pattern
from kg.nlp.words import is_common_word

_HAN = r"\u3400-\u9fff"
_SOUNDS = (
    "廉阿埃艾爱安昂奥澳巴白班邦保鲍贝本比彼毕别宾波伯博勃布查策茨村达大戴丹道德登邓迪蒂丁顿杜多恩尔伐法凡范方菲费芬丰冯佛夫弗福富盖甘冈高戈哥格根古瓜哈海"
    "汉汗豪赫黑亨洪侯胡华怀惠霍基吉季加伽贾简杰金津卡凯坎康考柯科克肯孔库夸奎昆拉腊莱赖兰朗劳勒雷蕾累黎里理力立利丽莉连列林琳隆龙娄卢鲁路伦罗洛吕马玛迈麦曼芒毛"
    "梅美门蒙孟米密缅敏明摩莫默姆慕穆拿娜纳乃奈南内尼妮宁纽农努诺欧帕潘庞佩彭蓬皮平珀普奇恰钱乔切钦琼丘邱屈让热日荣茹瑞若撒萨塞赛桑瑟森沙山珊尚绍舍申生圣施什史士斯司丝思"
    "松苏索塔泰坦汤唐陶特腾提汀廷通图托瓦万旺威韦维伟魏温文翁沃乌伍武西希席锡夏香肖谢辛欣休修徐许雪逊雅亚延扬杨耶叶伊依易因英永尤于约宰扎詹泽曾兹朱卓祖佐兆登蔻嘉绮沈岑涅钱珍娅妲薇劳倫茱黛蕊芙莎妍戎谷聂娃朔亨茜薩柏鲍伽奧"
)
# Characters that write sounds inside a foreign name, and are words of their own at its edges.
_INNER = _SOUNDS + "得卫舒烈历廉当厄可各素书东彻翠派滕露罕拜江蔡齐尧纪葛都代再"
_FOREIGN = re.compile(
    rf"[{_SOUNDS}][{_INNER}]{{0,5}}(?: ?[·・•‧∙] ?(?:[{_SOUNDS}{_INNER}][{_INNER}]{{0,6}}|[A-Z]\.?)){{1,3}}"
    rf"|[{_SOUNDS}]{{2,6}}\.[{_SOUNDS}]{{1,7}}"  # how Taiwanese texts write the dot
)
_ORIGINAL = re.compile(
    rf"(?P<name>(?![兼前原和与及暨])(?!基金|资本|公司|集团)[{_HAN}]{{2,6}}(?:[.-][{_HAN}]{{1,7}})?) ?"
    r"\([A-Z][a-z'’.-]+(?: (?:[a-z]{1,3} )?[A-Z][\w'’.-]*){0,3}[,)]"
)
_DOTS = "·・•‧∙"
_HANGS_ON = re.compile("(?<=..)[于曾当都可各代历日由提再]$")
_ABBREVIATED = re.compile(r" ?\([A-Z]{2,4}\)")
# A transliterated family name by itself stands behind a post, or begins a clause in which it speaks.
_SOUND_RUN = re.compile(rf"[{_SOUNDS}]{{3,6}}(?![{_SOUNDS}])")
_OFFICE = re.compile(
    r"(?:外长|总统|首相|总理|国王|参议员|众议员|州长|大使|导演|作家|诗人|哲学家|历史学家|经济学家|物理学家|数学家|分析师|投资人|创始人"
    r"|主席|理事|行长|部长|国务卿|议长|秘书长|发言人|首席[\u3400-\u9fff]{2,4}官)(?=[\u3400-\u9fff]{2})"
)
_CLAUSE_START = re.compile(rf"(?:^|(?<=[,。;:!?\n”\"」]))(?=[{_SOUNDS}]{{3}})", re.MULTILINE)
_ROLE = r"(?:作者|编辑|记者|撰文|采访|责编|责任编辑|审核|校对|主编|编译|译者|翻译|策划|整理|口述|审校)"
_BYLINE = re.compile(
    rf"(?:{_ROLE}|(?<![{_HAN}])文)[ :|丨/]{{1,3}}(?P<names>[{_HAN}]{{2,3}}?(?:[、, ]{{1,2}}[{_HAN}]{{2,3}}?){{0,3}})"
    rf"(?=(?:{_ROLE})?[^{_HAN}]|{_ROLE}[:|丨/]|$)",
    re.MULTILINE,
)
# Who signs: (财联社 张三) or 某某新闻《一线》张三 at the end of a line.
_SIGNED = re.compile(rf"[》社报网讯闻][ ·]?([{_HAN}]{{2,3}})(?=\)?(?:\n|$))")
_INTERVIEWED = re.compile(rf"^([{_HAN}]{{2,4}}):", re.MULTILINE)
_LEGAL_HEAD = re.compile(rf"法定代表人(?:均?为|是|变更为|由)?([{_HAN}]{{2,4}}?)(?=[,。;、(]|变更|担任)")
_SAYS = re.compile(
    r"(?:曾|还|也|则|均|又|向|对|在|此前|随后|近日|本人|本科|就|于|从)?(?:表示|称|说|认为|指出|告诉|透露|强调|坦言|介绍|直言|补充|回应|警告|写道|解释|提到|谈到|宣布|担任|出任|任|毕业|离职|加入|创立|创办|博士|教授|先生|女士|坦承|感慨|判断|预测|相信|回忆|看来|出生|接任|卸任|离开|加盟|带队|带领|领衔|主导)"
)


_ADVERBS = frozenset("曾于向对和许应常方成时都能任单全何安平万明别计从")
_WORDS = _ADVERBS | frozenset("向代易卿温强高石金黄白兰项路门")
_NEVER_LAST = frozenset(
    "的了在是将曾更才也就都还已与和对向从为任又则仍并被把让说称表告离等兼担正会要可能因以及其此该这那不没未上下中前后内外有无于至到再"
)


@lru_cache(maxsize=1)
def _knowledge() -> tuple[frozenset[str], dict[str, int], frozenset[str]]:
    surnames, given, not_names = set(), {}, set()
    lines = (resources.files("kg.nlp") / "data" / "person_names.tsv").read_text("utf-8").splitlines()
    for line in lines[0:]:
        if line.startswith(("#", "kind\t")):
            continue
        kind, value, *rest = line.split("\t")
        if kind == "surname":
            surnames.add(value)
        elif kind == "given":
            given[value] = int(rest[0]) if rest and rest[0] else 1
        elif kind == "not_name":
            not_names.add(value)
    return frozenset(surnames), given, frozenset(not_names)


def looks_like_person(name: str) -> bool:
    """Return whether a string of Han characters has the form of a Chinese name: a surname and one or two more.

    Surnames and excluded words come from `data/person_names.tsv`.
    """
    surnames, given, not_names = _knowledge()
    if name in not_names or not 2 <= len(name) <= 4 or (len(name) == 3 and name[:2] in not_names):
        return False
    length = 2 if len(name) > 2 and name[:2] in surnames else 1
    rest = name[length:]
    if name[:length] not in surnames or not 1 <= len(rest) <= 2:
        return False
    if name[0] in _ADVERBS and is_common_word(rest):
        return False
    if is_common_word(name) and sum(given.get(c, 0) for c in rest) < 2 * len(rest):
        return False
    return rest[-1] not in _NEVER_LAST and any(c in given for c in rest)


def _chinese_name_at(text: str, start: int, *, stop: re.Pattern[str] | None = None) -> str | None:
    """Return the longest plausible Chinese name at `start`; with `stop`, what follows it must match."""
    window = re.match(rf"[{_HAN}]{{2,4}}", text[start : start + 4])
    if not window:
        return None
    for length in (3, 2, 4):
        name = text[start : start + length]
        if length == 3 and looks_like_person(name[:2]) and is_common_word(text[start + 2 : start + 4]):
            continue  # 张源毕业 is 张源
        if len(name) == length <= len(window.group()) and looks_like_person(name):
            following = text[start + length : start + length + 6]
            if stop is None or stop.match(following) or not re.match(rf"[{_HAN}]", following):
                return name
    return None


def _chinese_name_before(text: str, end: int) -> tuple[int, str] | None:
    """Return a plausible Chinese name that ends at `end`, preceded by something that is no part of it."""
    for length in (3, 2, 4):
        start = end - length
        name = text[start:end] if start >= 0 else ""
        if len(name) == length and re.fullmatch(rf"[{_HAN}]+", name) and looks_like_person(name):
            if name[-1] == "来" and text[end : end + 1] in tuple("说看讲"):
                continue  # 对张明来说
            before = text[start - 1] if start else "\n"
            if not re.match(rf"[{_HAN}]", before) or before in "的由和与及对向让被是、，":
                return start, name
    return None


def is_behind_office(text: str, start: int) -> bool:
    """Return whether a post or an office stands directly in front of a name: 总理安瓦尔, 首席运营官威廉姆斯."""
    before = text[max(0, start - 10) : start].rstrip()
    offices = [*title_pattern().finditer(before), *_OFFICE.finditer(text, max(0, start - 10), start + 2)]
    return any(m.end() in (len(before), start) for m in offices if m.group())


def is_transliterated(name: str) -> bool:
    """Return whether a name is made of the sounds of a foreign one, and no place: 布莱尔, 哈里斯."""
    return len(name) > 2 and all(c in _SOUNDS for c in name) and not is_place(name)


def _fit_words(words: dict[int, str], start: int, name: str) -> int:
    """Return how long a name behind a post is by the words of the text.

    张|亚东|负责 has three characters, 宋乐|介绍 two.
    """
    second, third = words.get(start + 1, ""), words.get(start + 2, "")
    if len(name) == 3 and len(third) > 1 and is_common_word(third):
        return 2
    if len(name) == 2 and len(second) == 2 and len(words.get(start, "")) == 1 and second[1] not in _NEVER_LAST:
        return 3
    return len(name)


def _is_adverb(words: dict[int, str], start: int) -> bool:
    """Return whether what could be a surname is a word of its own: 曾|公开 behind a post."""
    _, given, _ = _knowledge()
    second = words.get(start + 1, "")
    return words.get(start) in _ADVERBS and is_common_word(second) and sum(given.get(c, 0) for c in second) < 3


@Language.component("person_names")
def recognize_people(doc: Doc) -> Doc:
    """Add names of persons marked by a post, a verb of saying, or a middle dot."""
    text = text_of(doc)
    found = names_of(doc)
    taken = {(n.start, n.end) for n in found if n.source == "gazetteer" and n.strength >= CERTAIN}
    doubtful = {(n.start, n.end): n.records for n in found if n.type is EntityType.PERSON and n.strength < CERTAIN}
    units = [n for n in found if n.source == "gazetteer" and n.type in ORGANIZATIONS]
    people = [n for n in found if n.source == "gazetteer" and n.type is EntityType.PERSON]
    known = frozenset(n.end for n in people if n.start == 0 or text[n.start - 1] not in _DOTS)
    marked = [
        *_foreign(doc, known),
        *_beside_titles(text, {t.idx: t.text for t in doc}),
        *_speakers(text),
        *_bylines(text),
    ]
    marked += [*_before_units(text, units), *_family_names(text), *_interviewed(text)]
    listed = {i for n in found if n.type is EntityType.PERSON and n.records for i in range(n.start, n.end)}
    for start, name, strength in [*marked, *_unmarked(doc)]:
        span = (start, start + len(name))
        if span not in taken:
            taken.add(span)
            if len(name) > 5 and "·" in name and listed.isdisjoint(range(*span)):
                strength = 3.05  # a company's name inside it is none
            found.append(Name(*span, name, EntityType.PERSON, "person", strength, doubtful.get(span, ())))
    return doc


def _unmarked(doc: Doc) -> list[tuple[int, str, float]]:
    """Return the words that have the form of a Chinese name and are no words of the dictionary.

    One with three characters, both given ones frequent in names, stands by itself; others must come twice.
    """
    surnames, given, _ = _knowledge()
    surnames -= _WORDS
    counts = Counter(token.text for token in doc if 2 <= len(token) <= 3)
    found = []
    for first, second in pairwise(doc):
        name = first.text + second.text
        if first.text not in surnames or len(second) != 2 or first.idx + len(first) != second.idx:
            continue
        if not is_common_word(second.text) and all(c in given for c in second.text) and looks_like_person(name):
            found.append((first.idx, name, 1.6))  # 尹|锡悦
    for token in doc:
        name = token.text
        if not 2 <= len(name) <= 3 or is_common_word(name) or not looks_like_person(name):
            continue
        frequent = len(name) == 3 and all(given.get(c, 0) >= 2 for c in name[1:])
        if frequent or (counts[name] > 1 and all(c in given for c in name[1:])):
            found.append((token.idx, name, 1.6))
    return found


def _foreign(doc: Doc, listed: frozenset[int]) -> list[tuple[int, str, float]]:
    """Return the names with a middle dot: 彼得·蒂尔, without the word that ends where they begin.

    They hold whatever listed name stands inside them (安克 in 克里斯蒂安·克莱恩) but for persons' names, whose ends are
    `listed`.
    """
    text = text_of(doc)
    found = []
    for match in _FOREIGN.finditer(text):
        start, end = match.span()
        first = end - len(re.split("[·・•‧∙. ]", match.group(), maxsplit=1)[1])
        titles = [t.end() for t in title_pattern().finditer(text, max(0, start - 6), first) if t.end() > start]
        start = titles[-1] if titles else _after_word(doc, start, first - 1)
        if re.match(rf"[{_HAN}]", text[end : end + 1]) and _HANGS_ON.search(text[first:end]):
            end -= 1  # 曾 in 彼得·蒂尔曾表示
        if text[start] not in "·・•‧∙ ":
            full = re.match(rf"[{_HAN}]{{2}}.*[{_HAN}]{{2}}$", text[start:end])
            found.append((start, text[start:end], 3.0 if full and listed.isdisjoint(range(start, end + 1)) else 2.3))
    return found


def _after_word(doc: Doc, start: int, end: int) -> int:
    """Return where a name may begin that was found at `start`: behind the known word that reaches into it."""
    span = doc.char_span(start, start + 1, alignment_mode="expand")
    if span is None or span.start_char >= start or span.end_char >= end or not is_common_word(span.text):
        return start
    return int(span.end_char)


def _family_names(text: str) -> list[tuple[int, str, float]]:
    """Return the transliterated family names behind an office, or at the head of a clause in which they speak."""
    found = []
    for office in _OFFICE.finditer(text):
        name = _SOUND_RUN.match(text, office.end())
        if name and not is_common_word(name.group()):
            found.append((name.start(), name.group(), 1.8))
    for clause in _CLAUSE_START.finditer(text):
        name = _SOUND_RUN.match(text, clause.end())
        if name and not is_common_word(name.group()) and _SAYS.match(text, name.end()):
            found.append((name.start(), name.group(), 1.8))
    return found


def _interviewed(text: str) -> list[tuple[int, str, float]]:
    """Return who speaks in an interview, at the head of a line: 张三:我以为……; another form of name must come twice."""
    speakers = [(m.start(1), m[1]) for m in _INTERVIEWED.finditer(text)]
    counts = Counter(name for _, name in speakers)
    return [
        (start, name, 1.8)
        for start, name in speakers
        if looks_like_person(name)
        or (counts[name] > 1 and len(name) < 4 and not is_common_word(name) and name[0] in _knowledge()[0])
    ]


def _beside_titles(text: str, words: dict[int, str]) -> list[tuple[int, str, float]]:
    found = []
    for match in title_pattern().finditer(text):
        position = match.end()
        if abbreviation := _ABBREVIATED.match(text, position):
            position = abbreviation.end()
        while position < len(text) and text[position] in " :、&/":
            position += 1
        original = _ORIGINAL.match(text, position)
        if original and not title_pattern().search(original["name"]):
            found.append((position, original["name"], 3.0))
        elif (name := _chinese_name_at(text, position)) and not _is_adverb(words, position):
            name = text[position : position + _fit_words(words, position, name)]
            following = text[position + len(name) : position + len(name) + 3]
            certain = not re.match(rf"[{_HAN}]", following) or bool(_SAYS.match(following))
            found.append((position, name, 2.4 if certain else 2.0))
        before = match.start()
        while before and text[before - 1] in " ,(":
            before -= 1
        if result := _chinese_name_before(text, before):
            found.append((*result, 1.8))
    return found


def _speakers(text: str) -> list[tuple[int, str, float]]:
    found = []
    for match in _SAYS.finditer(text):
        if result := _chinese_name_before(text, match.start()):
            found.append((*result, 2.0))
    return found


def _before_units(text: str, units: Iterable[Name]) -> list[tuple[int, str, float]]:
    """Return the names that begin a line in front of an organization and a post: 刘伟 北京邮电大学教授."""
    found = []
    for unit in units:
        start = text.rfind("\n", 0, unit.start) + 1
        name = text[start : unit.start].rstrip(" :")
        if 2 <= len(name) <= 4 and looks_like_person(name) and title_pattern().search(text, unit.end, unit.end + 14):
            found.append((start, name, 2.0))
    return found


def _bylines(text: str) -> list[tuple[int, str, float]]:
    found = []
    for line in _BYLINE.finditer(text):
        for part in re.finditer(rf"[{_HAN}]{{2,3}}", line["names"]):
            name = part.group()
            if looks_like_person(name) or (name[0] in _knowledge()[0] and not is_common_word(name)):
                found.append((line.start("names") + part.start(), name, 2.2))
    for pattern in (_SIGNED, _LEGAL_HEAD):
        found += [(m.start(1), m[1], 1.8) for m in pattern.finditer(text) if looks_like_person(m[1])]
    return found
