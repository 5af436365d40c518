"""Recognise persons by what stands around them: an office, a label, a list of members, what somebody says.

Any character may stand in a given name, so nothing is asked of it; surnames are asked to be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.late_pattern import late
from checks.typos.around import Around
from checks.typos.lexicon.boundaries import SURNAMES, packaged_words
from checks.typos.names.gazetteer import packaged
from checks.typos.names.span import NameKind, Span
from checks.typos.segmentation import vocabulary

_HAN = "[\u4e00-\u9fff]"
_SURNAME = "[" + "".join(sorted(SURNAMES)) + "]"
_PERSON = _SURNAME + _HAN + "{1,2}"
_TITLED = "[" + "".join(sorted(SURNAMES | set("单解仇区朴"))) + "]" + _HAN + "{1,2}"
"""A name before a title: there, surnames count that are common words elsewhere."""
_OFFICE = (
    "(?:主席|总理|书记|部长|省长|市长|县长|区长|镇长|乡长|局长|处长|科长|主任|院长|校长|所长|委员长|董事长|总经理|经理|教授|老师|医生"
    "|记者|同志|先生|女士|司令员|政委|总统|首相|大使)"
)
_CALLING = (
    "(?:工人|农民|村民|职工|队员|选手|运动员|教练员?|同学|民警|法官|医师|护士|司机|作家|诗人|画家|演员|导演|战士|队的"
    "|责任人|嫌疑人|被告人)"
)
"""What stands before a name as an office does, though nobody is addressed by it: 齐齐哈尔队的于净."""
_SAYS = "(?:表示|指出|强调|介绍|认为|告诉|说(?=[：，，])|主持|出席)"

LIST = late(rf"(?<!{_HAN}){_PERSON}(?:[、，,\s]\s*{_PERSON}(?!{_HAN})){{2,}}")
LABELLED = late(
    rf"(?:记者|通讯员|联系人|经办人|编辑|责编|校对|审核|摄影|供稿|作者|姓名|负责人|发布人)[：:\s]*(?P<name>{_PERSON})(?:(?!{_HAN})|(?=摄|报道))"
    rf"|(?:任命|免去|推选|聘任|提名)(?P<appointed>{_PERSON})(?=为|的|任|同志)"
    rf"|(?<!{_HAN})(?P<titled>{_TITLED})(?=同志|先生|女士|，[男女]，)|(?<=的)(?P<called>{_TITLED})(?=同志|先生|女士)"
    rf"|[（(](?P<byline>{_PERSON})[）)]$|(?<=[。！？”])[（(](?P<pen>{_HAN}{{2,3}})[）)]$"
    rf"|(?:{_OFFICE}|{_CALLING})(?P<named>{_PERSON})(?=[，、。：（(]|今|在|说|和|与|等|受|被|因|指出|强调|出席|主持|介绍|表示|宣布|会见|率|代表|参加)"
    rf"|(?P<surname>{_SURNAME})(?:(?={_OFFICE})|(?<!{_HAN}.)(?=[即便遂又则已称说某][对向将把从在与给被与就以因于，：]))"
)
SPEAKING = late(rf"(?<!{_HAN})(?P<speaker>{_PERSON})(?={_SAYS})|(?<!{_HAN})(?P<officer>{_PERSON})(?={_OFFICE})")

_SOUND = (
    "[阿埃艾巴贝比彼波伯勃布查茨达戴德迪蒂杜厄恩尔凡菲费弗盖戈格古哈赫亨胡霍基吉加贾杰卡凯坎科克肯库夸拉莱兰朗勒雷里丽利列林琳卢鲁伦罗洛马玛迈"
    "曼梅蒙米密摩莫姆穆纳娜奈内尼妮努诺欧帕佩皮珀普奇恰乔切萨塞桑瑟森沙莎舍什斯丝苏索塔泰坦特提廷图托瓦威韦维温沃乌希锡谢雅亚扬耶伊尤约泽扎詹"
    "兹佐]"
)
"""Characters that names from abroad are written with."""

FOREIGN = late(rf"{_SOUND}+(?:[·•・‧]{_HAN}{_SOUND}*)+|{_SOUND}{{4,}}|(?<=总统|总理|首相|外长|大臣|议长){_SOUND}{{3}}")


_OFFICE_BEFORE = late(f"{_OFFICE}$")
_ALONE = late(rf"(?<!{_HAN}){_PERSON}(?!{_HAN})")

COMMON = 9.5
"""Cost in nats below which a word is too common to be part of a name; 建国 costs 10, 外交 8."""


def certain(text: str) -> Iterator[Span]:
    """Yield names in lists and beside labels and offices: no dictionary may guess there."""
    for match in LIST.finditer(text):
        if not _is_word_list(match[0]):
            yield Span(*match.span(), NameKind.PERSON)
    for match in LABELLED.finditer(text):
        span = match.span(match.lastgroup or 0)
        if _may_be_person(text, *span):
            yield Span(*span, NameKind.PERSON)


def may_begin(text: str, at: int) -> bool:
    """Return whether a name may begin at a place: a surname after an office, or with as much as makes a name alone.

    What else would show a name may be missing, as in a list of members: 王作安 中央统战部副部长.
    """
    if text[at : at + 1] not in SURNAMES:
        return False
    return bool(_ALONE.match(text, at) or _OFFICE_BEFORE.search(text[max(0, at - 4) : at]))


def spans(text: str) -> Iterator[Span]:
    """Yield the names of persons, and names written by sound."""
    yield from certain(text)
    for match in SPEAKING.finditer(text):
        if _may_be_person(text, *match.span()):
            yield Span(*match.span(), NameKind.PERSON)
    yield from (Span(*match.span(), NameKind.FOREIGN) for match in FOREIGN.finditer(text))
    yield from (Span(start, end, NameKind.PERSON) for start, end in packaged("officials").find(text))


def _may_be_person(text: str, start: int, end: int) -> bool:
    """Return whether the words around leave room for a name.

    They do not where a longer word crosses an end (中国|总理, 应|外交部长), where the name is a word itself, or where a
    common word is in it.
    """
    around = Around.of(text, start, end)
    words = {around.word_at(place) for place in range(start, end)}
    if not around.are_borders(start, end) or (len(words) == 1 and end - start > 1):
        return False
    longer = sorted(word for word in words if len(word) > 1)
    return all(cost is None or cost >= COMMON for cost in (vocabulary().costs(longer) if longer else ()))


def _is_word_list(run: str) -> bool:
    """Return whether a list is of ordinary words (金融、石油、服务) and not of names."""
    items = [item for item in re.split(r"[、，,\s]+", run) if item]
    if len({item[0] for item in items}) == 1:  # 扶优、扶大、扶强
        return True
    return sum(item in packaged_words().known for item in items) * 3 > len(items)
