"""Find characters that were typed twice: 管管理, 的的.

A word may end where another begins with the same character (缓和|和解), so the text around is cut into words
(checks/typos/segmentation.py), and two equal characters are a slip only where the border of two words lies between and
one of the two has no business there. Chinese also doubles on purpose (天天, 一次次), and numerals repeat as they must:
十五五.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.late_pattern import late
from checks.typos.around import Around
from checks.typos.candidate import Suspect
from checks.typos.form.rule import DOUBTFUL, HAN, LAYER, LIKELY
from checks.typos.lexicon.boundaries import is_han
from checks.typos.segmentation import UNKNOWN, vocabulary

KIND = "repeated"

NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两")
"""Characters that figures repeat: “十五五”, 五五分成, 二二〇."""

FUNCTION = frozenset("的了是在和及或对被就也都而并为于")
"""Characters that grammar never doubles, unless one belongs to a longer word (缓和和, 目的的)."""

OUT_OF_PLACE, DUBIOUS, CURIOUS = 10.0, 9.0, 7.0
"""Cost in nats of a character as a word of its own, and gain of the text without it, from which on it is a slip beside
a word that it belongs to, from which on it may be one, and from which on it is one if another layer says so too. In 6.7
million characters of official text that no word was counted in, the first takes 2 doublings across words for slips and
the second 20; of doublings planted into words they find 20 and 39 in 100."""

HINT = 0.1
"""Chance of a doubling that is only curious: too low to be reported, enough to second the language model."""

FAMILIAR = 12.0
"""Highest cost of a word that the doubled character belongs to: a rarer one may be part of a name (聚醚|醚酮)."""

JOINING = FUNCTION | frozenset("等将已经不要由从向以可能会使让把同且又还再更最较有无各每个该本其此这那与至到")
"""Single characters that are words for certain."""

MEANT = late("的的确确|的的士|了了|和和[气美睦]|对对[子联账]|是是非非|为为|等等|就就|有有|在在")
"""Function characters that a word or a saying doubles."""

SPELT = frozenset("甜清黑红白绿黄冷热干湿亮灰蓝空阴暖静懒胖圆香脆辣酸硬软光金银直活乱暗紫轻沉急气笑泪雾水")
"""What a doubled syllable paints: 甜蜜蜜, 黑洞洞."""

AT_EASE = frozenset(
    "喘镀改把享抱逗润伸点动开聊谈读看听说想试走坐写数尝猜念唱跳玩歇擦扫洗拉推敲摸问捅捶揉帮散吹讲练尽过遛鼓拍挥握招点挤压捏照搞算钉"
)
"""Verbs that are doubled before their object: 把把脉, 散散步."""

POINTING = frozenset("该本此各每其两全")
"""Characters that make a word of the next one: 该船|船体."""

DIVISIONS = frozenset("部厅局委办院处科司党庭校县市区省镇乡村")
"""What ends the name of a body and begins another of its members or parts: 外交部|部领导."""

SUFFIXES = frozenset(
    "性者化人部区学局队法率式家市器权量点员型费会机站业处期力线地县路网国界团度史制物车品感厂室年组所个儿书名场系日表体片面层奖城院条额剂口军论种商"
    "节里道厅语方派战户声店台党班卷报税长证值子省师次数科案元级位间块生山病图类号课赛园村馆江河工医罪"
)
"""Characters that end 18 words and more of the vocabulary after a shorter word: 农牧民工|工资, 吴淞江|江苏."""

_CHARACTER = late(rf"([{HAN}])\1(?!\1)")


PARTICULARS = frozenset("长名号首末尾")
"""What is said of a thing by the last character of its name: 司长, 软件包|包名, 命令行|行末, 数据库|库名."""

ASPECTS = frozenset("了着过")
"""What follows a verb: 不用|用|了."""

ALTERNATIVE = frozenset("（(")
"""What opens another way to go on: 新建|建（构）筑物."""


def suspects(text: str) -> Iterator[Suspect]:
    """Yield a doubled function word (的的), and a word with one of its characters typed twice (管管理)."""
    for match in _CHARACTER.finditer(text):
        at = match.start()
        chance = 0.0 if is_explained(text, at) else _chance(text, at)
        if chance:
            yield Suspect(at, match[0], text[at], LAYER, KIND, chance)


def is_explained(text: str, at: int) -> bool:
    """Return whether words, figures or grammar explain why a character stands twice from ``at`` on.

    What they do not explain may still be right: the rules of form suspect a part of it, the language model another.
    """
    char = text[at]
    before = text[max(0, at - 1) : at]
    if (
        char == "第"
        or char in NUMERALS
        or before in NUMERALS
        or before.isdigit()
        or text[at + 2 : at + 3] in ALTERNATIVE
    ):
        return True
    around = Around.of(text, at, at + 2)
    first, second = around.word_at(at), around.word_at(at + 1)
    if char in FUNCTION:
        return not first == second == char or bool(MEANT.search(text[max(0, at - 2) : at + 4]))
    if not around.is_border(at + 1) or (len(first) > 1 and len(second) > 1):
        return True
    if _is_reduplicated(text, at) or first[:-1] in SPELT:
        return True
    if len(second) == 1:
        return text[at + 2 : at + 3] in ASPECTS
    return char in AT_EASE or text[at - 1 : at] in POINTING


def says_more(text: str, at: int) -> bool:
    """Return whether the second of two equal characters begins what is said of the word that ends with the first.

    包名 is in no list of words, and is what is said of a 软件包.
    """
    if text[at : at + 1] != text[at + 1 : at + 2] or text[at + 2 : at + 3] not in PARTICULARS:
        return False
    words = [text[begin : at + 1] for begin in range(max(0, at - 3), at)]
    return any(cost is not None for cost in vocabulary().costs(words))


def _chance(text: str, at: int) -> float:
    """Return how likely the second of two equal characters that nothing explains is one too many."""
    around = Around.of(text, at, at + 2)
    first, second = around.word_at(at), around.word_at(at + 1)
    if text[at] in FUNCTION:
        return LIKELY
    if (len(first) == 1) == (len(second) == 1) or (len(first) > 1 and text[at] in DIVISIONS):
        return 0.0
    return _chance_out_of_place(around, at, max(first, second, key=len))


def _chance_out_of_place(around: Around, at: int, word: str) -> float:
    """Return how likely a character beside a ``word`` that it belongs to is a slip."""
    place = at - around.begin
    text = around.cut.text
    alone, company = vocabulary().costs([text[place], word])
    gain = around.cut.cost - vocabulary().cut(text[:place] + text[place + 1 :]).cost
    evidence = min(gain, UNKNOWN if alone is None else alone)
    if evidence < CURIOUS or company is None or company > FAMILIAR or not _stands_clear(around, at):
        return 0.0
    is_suffix = around.word_at(at) != word and text[place] in SUFFIXES
    if evidence >= OUT_OF_PLACE:
        return DOUBTFUL if is_suffix else LIKELY
    return DOUBTFUL if evidence >= DUBIOUS and not is_suffix else HINT


def _stands_clear(around: Around, at: int) -> bool:
    """Return whether the neighbours of both words are words of several characters, grammar, or none.

    A single character may be part of a word that nobody listed: 决议草案|案文.
    """
    left, right = around.neighbours(at, at + 1)
    return all(len(word) != 1 or word in JOINING or not is_han(word) for word in (left, right))


def _is_reduplicated(text: str, at: int) -> bool:
    """Return whether it is a word (远远), one of grammar's (一次次, 扎扎实实) or says more of a thing (司司长)."""
    if vocabulary().costs([text[at] * 2]) != [None]:
        return True
    twin_after = text[at + 2 : at + 3] == text[at + 3 : at + 4] != ""
    twin_before = at > 1 and text[at - 1] == text[at - 2]
    counted = text[at - 1 : at] in {"一", "几", "每"}
    return twin_after or twin_before or counted or text[at + 2 : at + 3] in PARTICULARS
