"""Return whether a number stands beside a person's name.

No dictionary of people: a name is two or three characters between separators that begin with a surname and are no
common word, a surname with a form of address, or whatever follows a label such as 姓名.
"""

from __future__ import annotations

from checks.late_pattern import late
from checks.packaged import packaged_text

SURNAMES = frozenset("".join(packaged_text("checks.privacy", "data/surnames.txt").split()))
"""Surnames of some 95 % of the population."""

_COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "司徒",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "端木",
    "夏侯",
    "长孙",
)

WORDS = frozenset(packaged_text("checks.privacy", "data/words.txt").split())
"""Words that begin like a surname."""

_ADDRESS = r"(?:先生|女士|同志|小姐|老师|医生|主任|科长|处长|局长|所长|股长|书记|经理|师傅|阿姨|工)"
_TITLED = late(rf"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{{1,3}}?){_ADDRESS}(?![\u4e00-\u9fff])")
_ROLES = "|".join(
    r"\s*".join(role)
    for role in (
        "姓名 联系人 申请人 代表人 负责人 经办人 当事人 本人 户主 家长 学生 患者 业主 考生 "
        "监护人 中签人 学员 被保险人 投保人 受益人 委托人 受托人 代理人 法人 股东 承租人 "
        "出租人 购房人 买受人 权利人 义务人 收款人 付款人 持卡人 开户人 领取人 受助人 救助对象 "
        "低保对象 申报人 投诉人 举报人 信访人 来信人 报名人 应聘者 应聘人 求职者 竞买人 竞得人 "
        "被征收人 被执行人 申请执行人 原告 被告 上诉人 证人 父亲 母亲 配偶 子女 丈夫 妻子 "
        "村民 居民 住户 农户 车主 司机 驾驶员 船主 病人 死者 伤者 家属 亲属 幼儿 儿童 新生 "
        "毕业生 教师 老师 职工 员工 工人 民工 志愿者 游客 旅客 顾客 选手 获奖者 候选人 "
        "机主 失主 推荐人 担保人 借款人 贷款人 残疾人 老人 军人 "
        "贫困户 脱贫户 低保户 五保户 监测户 特困人员 困难群众 优抚对象 慰问对象 公示对象 拟录用人员 拟聘用人员 "
        "租户 房主 户籍人 继承人 被继承人 赡养人 产妇 孕妇 病患 乘客 租客 网友 群众 店主 摊主 "
    ).split()
)
"""What people are called before their names in lists and forms."""

_LABELLED = late(
    rf"(?:{_ROLES})"
    r"\s*[:：]?\s*([\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff] [\u4e00-\u9fff])(?![\u4e00-\u9fff])"
)
_RUN = late(r"[\u4e00-\u9fff·]+")
_FIELD = late(r"(?:的)?(?:联系)?(?:电话|手机|方式)(?:号码|号)?$")
"""What is said of the number behind a name, without anything between: 张伟电话."""

_FOREIGN = late(r"[\u4e00-\u9fff]{2,7}(?:[·•・][\u4e00-\u9fff]{2,7})+")
"""A name as Uyghurs, Kazakhs and people from abroad write it: 买买提·吐尔逊."""

_SPACED = late(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff][ \u3000]{1,2}[\u4e00-\u9fff](?![\u4e00-\u9fff])")
"""A name of two characters as tables set it, as wide as one of three: 张 伟."""


def find_name(text: str) -> str | None:
    """Return a person's name in a few words of text, None when there is none."""
    labelled = (found[1] for found in _LABELLED.finditer(text))
    named = next((name for name in labelled if name[0] in SURNAMES and name not in WORDS), None)
    if named:
        return named
    titled = next((found for found in _TITLED.finditer(text) if found[1][0] in SURNAMES), None)
    if titled:
        return titled[0]
    runs = (_FIELD.sub("", run) for run in _RUN.findall(text))
    spaced = ("".join(name.split()) for name in _SPACED.findall(text))
    return next((name for name in (*runs, *spaced) if is_name(name) or _FOREIGN.fullmatch(name)), None)


def is_name(word: str) -> bool:
    """Return whether a whole word reads like a name: a surname and one or two characters more, and no common word."""
    if word in WORDS:
        return False
    if word.startswith(_COMPOUND):
        return len(word) in {3, 4}
    return len(word) in {2, 3} and word[0] in SURNAMES and word[:2] not in WORDS
