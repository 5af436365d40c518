"""Find what was typed twice: a character (管管理), a word (进行进行), a whole phrase.

A word may end where another begins with the same characters (缓和|和解, 面对面|对话), so doublings are judged on words:
the text around is cut (checks/typos/segmentation.py), and what stands twice is a slip only where the border of two
words lies between and one of the two has no business there. Chinese also doubles on purpose: 天天, 研究研究,
一个一个; numerals repeat as they must: 十五五.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.typos.candidate import Suspect
from checks.typos.form.around import Around
from checks.typos.form.rule import DOUBTFUL, HAN, LAYER, LIKELY
from checks.typos.lexicon.boundaries import is_han, packaged_words
from checks.typos.segmentation import UNKNOWN, vocabulary

KIND = "repeated"

NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两")
"""Characters that figures repeat: “十五五”, 五五分成, 二二〇."""

FUNCTION = frozenset("的了是在和及或对被就也都而并为于")
"""Characters that grammar never doubles, unless one belongs to a longer word (缓和和, 目的的)."""

OUT_OF_PLACE, DUBIOUS = 10.2, 9.0
"""Cost in nats of a character as a word of its own, and gain of the text without it, from which on it is a slip beside
a word that it belongs to, and from which on it may be one. In 6.7 million characters of official text that no word was
counted in, the first takes 2 doublings across words for slips and the second 20; of doublings planted into words they
find 18 and 40 in 100."""

FAMILIAR = 12.0
"""Highest cost of a word that the doubled character belongs to: a rarer one may be part of a name (聚醚|醚酮)."""

JOINING = FUNCTION | frozenset("等将已经不要由从向以可能会使让把同且又还再更最较有无各每个该本其此这那与至到")
"""Single characters that are words for certain."""

STURDY = frozenset(
    (
        "进行 开展 加强 推进 实施 落实 提高 促进 完善 建立 根据 按照 关于 通过 以及 我们 他们 其中 "
        "同时 因此 由于 对于 为了 并且 或者 应当 必须 可以 已经 正在 相关 有关 全面 进一步 具有 成为 "
        "作为 实现 坚持 保障 贯彻 切实 认真 深入 积极 严格 不断 持续 统筹 以上 以下 属于 位于 截至 "
        "及其"
    ).split()
)
"""Words that no one says twice on purpose, and that no clause ends with while the next begins with them."""

TRIED = frozenset(
    (
        "研究 讨论 学习 考虑 商量 了解 参观 锻炼 检查 打听 休息 收拾 准备 介绍 看看 试试 照顾 见识 "
        "总结 教育 帮助 享受 认识 关心 表扬 鼓励 许多 好多 很多 多少 如何 哪里 大片 大块 非常 十分 "
        "特别 仔细 谢谢 再见 加油 努力 欢迎 恭喜 活动 提醒 意思 修理 整理 打扮 打扫 调查 解释 比较 "
        "放松 热闹 高兴 体验 体会 感受 交流 沟通 观察 观摩 回忆 回顾 思考 反思 琢磨 联系 联络 走动 "
        "劳动 练习 复习 温习 尝试 招呼 招待 拜访 请教 批评 教训 管管 比划 比试 掂量 合计 核计 打量 "
        "端详 过问 安慰 开导 劝说 指点 指导 辅导 培养 支持 体谅 理解 宽容 祝贺 庆祝 那么 这么 极少 "
        "老远 反省 检讨 清醒 掂掂 检验 宣传 监督 评估 评价 梳理 补充 熟悉 配合 说道 阅读"
    ).split()
)
"""Words that Chinese does say twice: verbs tried out, amounts, greetings."""

THING_AND_ACT = frozenset("规定 决定 建议 要求 计划 报告 组织 代表 请求".split())
"""Words that end a phrase as a noun and begin the next as a verb: 乘客建议|建议延长, 本规定|规定."""

SPOKEN = frozenset("你我他她您咱们好再多去来先")
"""What stands beside a verb that is tried out: 让他活动活动, 好好阅读阅读."""

COUNTED = re.compile(
    r"[一几每两多半很最太这那].*|.+[着蓝黑绿红白黄紫灰亮甜香软硬]|[零〇一二三四五六七八九十百千万亿两]+|[上下]来|(.)\1+"
)
"""Doublings that grammar makes: 一个一个, 想着想着, 很远很远, 碧蓝碧蓝."""

BODIES = re.compile(
    ".*(?:[院局会部厅委府处所办校团队站]|单位|企业|公司|中心|机关|机构|社区|银行|大学|部门|项目|工程|课题)"
)
"""What one name ends with and another or a title begins with: 县人民政府|政府信息公开, 二期项目|项目经理."""

GRAMMAR = frozenset("申起提报应可及的在对将等依负批颁设或与未不按根所为是也已向从由须必")
"""Characters that begin no name of a body, so that what stands before them is whole."""

COMPOUND = re.compile(
    "[人员者业物费权品车站点组团队法区线地家率额期证书表量型性类]|机构|对象|单位|企业|中心|组织|机关|部门|合同|协议|制度|办法|条例|工程|工作者|平台"
)
"""What makes one noun with a verb before it: 鉴定|鉴定人, 出租|出租汽车."""

NOTICE = re.compile(
    "(?:需求|结果|中标|成交|更正|意向|文件|活动|情况)?(?:公告|公示|通知|通报|公开|计划|方案|调研|函|会)"
)
"""What a title ends with, after the name of what it is about: 办公家具采购|采购公告."""

LEADING = frozenset("的对等为和在与及有会将由从以把向是或被而于")
"""Characters that join words, so that a doubling that begins with one is two phrases: 等教育等教育."""

MEANT = re.compile("的的确确|的的士|了了|和和[气美睦]|对对[子联]|是是非非|为为|等等|就就|有有|在在")
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
    "节里道厅语方派战户声店台党班卷报税长证值子省师次数科案元级位间块生山病图类号课赛园村馆江河工"
)
"""Characters that end 18 words and more of the vocabulary after a shorter word: 农牧民工|工资, 吴淞江|江苏."""

_CHARACTER = re.compile(rf"([{HAN}])\1(?!\1)")
_WORDS = re.compile(rf"(?P<word>[{HAN}]{{2,12}}?)(?P=word)")
_SENTENCE = re.compile("[，。；]")
_EXCLAIMED = re.compile(f"[“”‘，。！？][{HAN}]+[”’，。！？]")
"""A clause of nothing else than words said twice: “不敢当不敢当！”"""


def suspects(text: str) -> Iterator[Suspect]:
    """Yield words, phrases and characters that stand twice by mistake."""
    yield from repeated_words(text)
    yield from repeated_characters(text)


def repeated_words(text: str) -> Iterator[Suspect]:
    """Yield a word or phrase of two to twelve characters that stands twice in a row."""
    for match in _WORDS.finditer(text):
        word = match["word"]
        if not COUNTED.fullmatch(word) and word not in TRIED:
            chance = _chance(text, match.start(), match.end(), word)
            if chance:
                yield Suspect(match.start(), match[0], word, LAYER, KIND, chance)


def _chance(text: str, start: int, end: int, word: str) -> float:
    """Return how likely a word that stands twice is a slip; 0 where other words explain it."""
    beside = text[max(0, start - 1) : start] + text[end : end + 1]
    if not _is_unit(word) or _is_shared(text, start, end, word):
        return 0.0
    if word not in STURDY and (SPOKEN.intersection(beside) or (word in THING_AND_ACT and "本" in beside)):
        return 0.0
    in_sentence = bool(_SENTENCE.search(text))
    if word not in STURDY and end < len(text) and is_han(text[end]) and text[end] not in GRAMMAR:
        if BODIES.fullmatch(word) or (NOTICE.match(text, end) and not in_sentence):
            return 0.0
        if COMPOUND.match(text, end):
            return DOUBTFUL
    if word in THING_AND_ACT or _EXCLAIMED.match(text[max(0, start - 1) : end + 1]):
        return DOUBTFUL
    return LIKELY if in_sentence or len(word) == len("申报") else DOUBTFUL


def _is_shared(text: str, start: int, end: int, word: str) -> bool:
    """Return whether longer words share the characters: 面对面|对话, 外交部长|部长助理, 根据|根据地.

    The first of the two may be the end of a longer word, as in 人民法院|法院; the second is a word of its own.
    """
    around = Around.of(text, start, end)
    if around.word_at(start) == word * 2 or not around.is_border(end):
        return True
    if around.is_border(start):
        return False
    return not (around.is_border(start + len(word)) and around.word_at(start).endswith(word))


def _is_unit(word: str) -> bool:
    """Return whether characters that come again are a word or a phrase: not so in 用信|用信息."""
    if len(word) > len("委员会"):
        return True
    known = packaged_words().known
    parts = (word[:2], word[-2:]) if len(word) == len("委员会") else ()
    return word in known or (word[0] not in LEADING and any(part in known for part in parts))


def repeated_characters(text: str) -> Iterator[Suspect]:
    """Yield a doubled function word (的的), and a word with one of its characters typed twice (管管理)."""
    for match in _CHARACTER.finditer(text):
        at, char = match.start(), match[0][0]
        if char == "第" or char in NUMERALS or text[at - 1 : at].isdigit():
            continue
        chance = _stutter(text, at)
        if chance:
            yield Suspect(at, match[0], char, LAYER, KIND, chance)


def _stutter(text: str, at: int) -> float:
    """Return how likely the second of two equal characters is one too many; 0 where words or a name explain both."""
    around = Around.of(text, at, at + 2)
    if not around.is_border(at + 1):
        return 0.0
    first, second = around.word_at(at), around.word_at(at + 1)
    char = text[at]
    if char in FUNCTION:
        return LIKELY if first == second == char and not MEANT.search(text[max(0, at - 2) : at + 4]) else 0.0
    if (len(first) == 1) == (len(second) == 1) or _is_reduplicated(text, at) or first[:-1] in SPELT:
        return 0.0
    if len(second) > 1 and (char in AT_EASE or text[at - 1 : at] in POINTING):
        return 0.0
    if len(first) > 1 and char in DIVISIONS:
        return 0.0
    return _chance_out_of_place(around, at, max(first, second, key=len))


def _chance_out_of_place(around: Around, at: int, word: str) -> float:
    """Return how likely a character beside a ``word`` that it belongs to is a slip."""
    place = at - around.begin
    text = around.cut.text
    alone, company = vocabulary().costs([text[place], word])
    gain = around.cut.cost - vocabulary().cut(text[:place] + text[place + 1 :]).cost
    evidence = min(gain, UNKNOWN if alone is None else alone)
    if evidence < DUBIOUS or company is None or company > FAMILIAR or not _stands_clear(around, at):
        return 0.0
    is_suffix = around.word_at(at) != word and text[place] in SUFFIXES
    return LIKELY if evidence >= OUT_OF_PLACE and not is_suffix else DOUBTFUL


def _stands_clear(around: Around, at: int) -> bool:
    """Return whether the neighbours of both words are words of several characters, grammar, or none.

    A single character may be part of a word that nobody listed: 决议草案|案文.
    """
    left, right = around.neighbours(at, at + 1)
    return all(len(word) != 1 or word in JOINING or not is_han(word) for word in (left, right))


def _is_reduplicated(text: str, at: int) -> bool:
    """Return whether the doubling is a word (远远), one of grammar's (一次次, 扎扎实实) or a title (司司长)."""
    if vocabulary().costs([text[at] * 2]) != [None]:
        return True
    twin_after = text[at + 2 : at + 3] == text[at + 3 : at + 4] != ""
    twin_before = at > 1 and text[at - 1] == text[at - 2]
    counted = text[at - 1 : at] in {"一", "几", "每"}
    return twin_after or twin_before or counted or text[at + 2 : at + 3] == "长"
