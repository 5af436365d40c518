"""Find words and phrases that were typed twice: 进行进行. Characters are those of ``stutter``.

A word may end where another begins with the same characters (面对面|对话), so the text around is cut into words
(checks/typos/segmentation.py). Chinese also says words twice on purpose: 研究研究, 一个一个.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.late_pattern import late
from checks.typos.around import Around
from checks.typos.candidate import Suspect
from checks.typos.form.rule import DOUBTFUL, HAN, LAYER, LIKELY
from checks.typos.lexicon.boundaries import is_han, packaged_words
from checks.typos.segmentation import vocabulary

KIND = "repeated"

STURDY = frozenset(
    (
        "进行 开展 加强 推进 实施 落实 提高 促进 完善 建立 根据 按照 关于 通过 以及 我们 他们 其中 "
        "同时 因此 由于 对于 为了 并且 或者 应当 必须 可以 已经 正在 相关 有关 全面 进一步 具有 成为 "
        "作为 实现 坚持 保障 贯彻 切实 认真 深入 积极 严格 不断 持续 统筹 以上 以下 属于 位于 截至 "
        "及其"
    ).split()
)
"""Words that no one says twice on purpose, and that no clause ends with while the next begins with them."""

INTENSE = frozenset(
    (
        "许多 好多 很多 多少 如何 哪里 大片 大块 非常 十分 特别 仔细 谢谢 再见 加油 欢迎 恭喜 那么 这么 "
        "极少 老远 意思 热闹 高兴 细长 瘦长 瘦高 狭长"
    ).split()
)
"""Words that are said twice to say more: amounts, degrees, greetings."""

TRIED = frozenset(
    (
        "研究 讨论 学习 考虑 商量 了解 参观 锻炼 检查 打听 休息 收拾 准备 介绍 看看 试试 照顾 见识 总结 "
        "教育 帮助 享受 认识 关心 表扬 鼓励 努力 活动 提醒 修理 整理 打扮 打扫 调查 解释 比较 放松 体验 "
        "体会 感受 交流 沟通 观察 观摩 回忆 回顾 思考 反思 琢磨 联系 联络 走动 劳动 练习 复习 温习 尝试 "
        "招呼 招待 拜访 请教 批评 教训 管管 比划 比试 掂量 合计 核计 打量 端详 过问 安慰 开导 劝说 指点 "
        "指导 辅导 培养 支持 体谅 理解 宽容 祝贺 庆祝 反省 检讨 清醒 掂掂 检验 宣传 监督 评估 评价 梳理 "
        "补充 熟悉 配合 说道 阅读"
    ).split()
)
"""Verbs that are said twice to do a little of it; before an object that is rare (研究研究问题)."""

THING_AND_ACT = frozenset(
    (
        "规定 决定 建议 要求 计划 报告 组织 代表 请求 设置 设计 规划 服务 投资 管理 采购 招标 委托 安排 申请 登记 监测 "
        "检测 编辑 配置 链接 更新 输入 输出 显示 打印 选择 命名 调用 编译 测试 搜索 安装 运行"
    ).split()
)
"""Words that end a phrase as a noun and begin the next as a verb: 乘客建议|建议延长, 用原有设置|设置工程."""

SPOKEN = frozenset("你我他她您咱们好再多去来先")
"""What stands beside a verb that is tried out: 让他活动活动, 好好阅读阅读."""

COUNTED = late(
    r"[一几每两多半].*|[很太].+|[这那][样么些]|.+[着蓝黑绿红白黄紫灰亮甜香软硬]|[零〇一二三四五六七八九十百千万亿两]+|[上下]来|(.)\1+"
)
"""Doublings that grammar makes: 一个一个, 想着想着, 很远很远, 碧蓝碧蓝."""

BODIES = late(
    ".{3,}[院局会部厅委府处所办校团队站]|.*(?:单位|企业|公司|中心|机关|机构|社区|银行|大学|部门|项目|工程|课题|法院|医院|学院|政府|学校|集团"
    "|协会|学会|大会|网站|车站|场所|支队|大队)"
)
"""What one name ends with and another or a title begins with: 县人民政府|政府信息公开, 二期项目|项目经理."""

GRAMMAR = frozenset("申起提报应可及的在对将等依负批颁设或与未不按根所为是也已向从由须必")
"""Characters that begin no name of a body, so that what stands before them is whole."""

COMPOUND = late(
    "[人员者业物费权品车站点组团队法区线地家率额期证书表量型性类]|机构|对象|单位|企业|中心|组织|机关|部门|合同|协议|制度|办法|条例|工程|工作者|平台"
)
"""What makes one noun with a verb before it: 鉴定|鉴定人, 出租|出租汽车."""

NOTICE = late("(?:需求|结果|中标|成交|更正|意向|文件|活动|情况)?(?:公告|公示|通知|通报|公开|计划|方案|调研|函|会)")
"""What a title ends with, after the name of what it is about: 办公家具采购|采购公告."""

LEADING = frozenset("的对等为和在与及有会将由从以把向是或被而于")
"""Characters that join words, so that a doubling that begins with one is two phrases: 等教育等教育."""

_WORDS = late(rf"(?P<word>[{HAN}]{{2,12}}?)(?P=word)")
_SENTENCE = late("[，。；]")
_EXCLAIMED = late(f"[“”‘『「，。！？][{HAN}]+[”’』」，。！？]")
"""A clause of nothing else than words said twice: “不敢当不敢当！”"""


def suspects(text: str) -> Iterator[Suspect]:
    """Yield a word or phrase of two to twelve characters that stands twice in a row."""
    for match in _WORDS.finditer(text):
        word = match["word"]
        if not COUNTED.fullmatch(word) and word not in INTENSE:
            chance = _chance(text, match.start(), match.end(), word)
            if chance:
                yield Suspect(match.start(), match[0], word, LAYER, KIND, chance)


def _chance(text: str, start: int, end: int, word: str) -> float:
    """Return how likely a word that stands twice is a slip; 0 where other words explain it."""
    if not _is_unit(word) or _is_shared(text, start, end, word):
        return 0.0
    in_sentence = bool(_SENTENCE.search(text))
    doubtful = bool(_EXCLAIMED.match(text[max(0, start - 1) : end + 1])) or (len(word) > 2 and not in_sentence)
    if word not in STURDY:
        if _is_meant(text, start, end, word) or _is_named(text, end, word, in_sentence=in_sentence):
            return 0.0
        doubtful |= word in THING_AND_ACT or word in TRIED or (_goes_on(text, end) and bool(COMPOUND.match(text, end)))
    return DOUBTFUL if doubtful else LIKELY


def _is_meant(text: str, start: int, end: int, word: str) -> bool:
    """Return whether a word may be said twice on purpose: 好好阅读阅读, 本规定|规定."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if word in THING_AND_ACT and "本" in before:
        return True
    object_ = Around.of(text, start, end).word_at(end) if after and is_han(after) else ""
    ends = len(object_) <= 1 or object_[0] in SPOKEN
    spoken = SPOKEN.intersection(before + after)
    return (ends or bool(spoken)) if word in TRIED else ends and bool(spoken) and len(word) == len("阅读")


def _is_named(text: str, end: int, word: str, *, in_sentence: bool) -> bool:
    """Return whether a name ends with the first and another name or a title begins with the second."""
    return _goes_on(text, end) and bool(BODIES.fullmatch(word) or (NOTICE.match(text, end) and not in_sentence))


def _goes_on(text: str, end: int) -> bool:
    """Return whether a word of content follows."""
    return end < len(text) and is_han(text[end]) and text[end] not in GRAMMAR


def _is_shared(text: str, start: int, end: int, word: str) -> bool:
    """Return whether longer words share the characters: 面对面|对话, 外交部长|部长助理, 根据|根据地.

    The first of the two may be the end of a longer word, as in 人民法院|法院; the second is a word of its own.
    """
    if len(word) > len("委员会"):
        return False
    around = Around.of(text, start, end)
    if around.word_at(start) == word * 2 or not around.is_border(end):
        return True
    if around.is_border(start):
        return False
    longer = around.word_at(start)
    whole = longer.removesuffix(word)  # 人民 of 人民法院; 集 of 集装箱 is no word that could stand without
    return not around.is_border(start + len(word)) or whole == longer or len(whole) == 1


def _is_unit(word: str) -> bool:
    """Return whether characters that come again are a word or a phrase: not so in 用信|用信息."""
    if len(word) > len("委员会"):
        return True
    known = packaged_words().known
    if len(word) == len("委员会") and word[0] not in LEADING and (word[:2] in known or word[1:] in known):
        return True
    return word in known or vocabulary().costs([word]) != [None]
