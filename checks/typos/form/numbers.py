"""Find dates, times, document numbers and quantities that cannot be.

The years, months and days are those of the common calendar; lunar dates are left alone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from checks.late_pattern import late
from checks.typos.form.rule import DOUBTFUL, HAN, LIKELY, SURE, FormRule, gone, half

WEEKDAYS = "一二三四五六日"
LEAP = 2024
"""The year of a date that names none: it has every day."""

YEAR = r"(?:19|20)\d\d"
OPENING, CLOSING = r"[〔\[【［（(｛{]", r"[〕\]】］）)｝}]"
ISSUERS = "发办函字令规政府文告议任复电通报党组财教建安监环农林水卫计人社税商经信科资质检审批执综管委纪协残团妇工"
"""What the short name of an issuer ends with: 国办发, 财社, 闽政办."""


def _bracketed_year(match: re.Match[str]) -> str | None:
    right = f"〔{match['year']}〕{match['rest']}"
    return None if right == match[0] else right


def _chinese_zero(match: re.Match[str]) -> str | None:
    return re.sub("[0０OoＯ]", "〇", match[0]) if re.search("[0０OoＯ]", match[0]) else None


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _day(match: re.Match[str]) -> str | None:
    """Return "" for a day that no calendar has; the lunar calendar and fiscal periods are none of ours."""
    return None if _exists(int(match["year"] or LEAP), int(match["month"]), int(match["day"])) else ""


def _clock(match: re.Match[str]) -> str | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    return None if hour <= 24 and minute <= 59 else ""


def _weekday(match: re.Match[str]) -> str | None:
    """Return the weekday that the date had, where the text says another."""
    try:
        actual = WEEKDAYS[date(int(match["year"]), int(match["month"]), int(match["day"])).weekday()]
    except ValueError:
        return None
    written = match["weekday"].replace("天", "日")
    return None if written == actual else f"{match['word']}{actual}"


def _backwards(match: re.Match[str]) -> str | None:
    """Return "" for a span of days that ends before it begins; without a second year only the month can tell."""
    begin = int(match["year"] or LEAP), int(match["month"]), int(match["day"])
    end = int(match["year2"] or begin[0]), int(match["month2"]), int(match["day2"])
    years_known = bool(match["year2"] and match["year"]) or begin[1] == end[1]
    return "" if years_known and _exists(*begin) and _exists(*end) and end < begin else None


def _month(match: re.Match[str]) -> str:  # noqa: ARG001 - the signature of a correction
    return "月份"


def _twice(unit: str, words: str) -> str:
    """Return an expression for a unit typed twice after a figure, where the second begins none of the words."""
    return f"{unit}{unit}(?![{words}])" if words else unit * 2


TWICE = "|".join(
    _twice(unit, words)
    for unit, words in {
        "年": "主度初底末中报会内鉴检审产薪息终历轻龄限代级关货画增均",
        "月": "份底末初均报度中内供薪票嫂饼季",
        "日": "均产常报照夜前后志程本元用语期间光",
        "号": "码召称令角",
        "元": "素旦件器宵首老",
        "个": "体人别案性股",
        "户": "主籍均外口数",
        "家": "庭电具居政长族用禽畜属乡园访校门",
        "名": "师医家人教称单录额牌誉贵企校",
        "项": "目",
        "岁": "月末",
        "亩": "均产",
        "人": "均数次员体才民口大力身为工事士社群防类文物生",
        "万": "",
        "亿": "",
        "%": "",
        "％": "",
        "吨": "",
        "公里": "",
        "平方米": "",
        "万元": "",
        "亿元": "",
    }.items()
)
"""Units of measure typed twice: 300元元. The characters make a word of the second one: 1998年|年初."""

RULES = (
    FormRule(
        "document-number",
        late(rf"(?<=[{HAN}])[\[【［{{](?P<year>{YEAR})[\]】］}}](?P<rest>\s?第?\d{{1,5}}\s?号)"),
        _bracketed_year,
        SURE,
        "[【［{",
    ),
    FormRule(
        "document-number",
        late(rf"(?<=[{ISSUERS}])[(（〈<《](?P<year>{YEAR})[)）〉>》](?P<rest>\s?第?\d{{1,5}}\s?号)"),
        _bracketed_year,
        SURE,
        "号",
    ),
    FormRule(
        "document-number",
        late(
            rf"(?<=[{HAN}])(?:〔(?P<year>{YEAR})年?[\]】］）)}}》〉〔]|[\[【［（({{《〈〕](?P<late>{YEAR})年?〕|〔(?P<stray>{YEAR})年〕)"
            r"(?P<rest>\s?第?\d{1,5}\s?号)"
        ),
        lambda match: f"〔{match['year'] or match['late'] or match['stray']}〕{match['rest']}",
        SURE,
        "号",
    ),
    FormRule(
        "document-number",
        late(
            rf"(?<=[{ISSUERS}])(?:(?P<late>{YEAR})[〕\]］】]|[〔\[［【](?P<year>{YEAR}))(?P<rest>\s?第?\d{{1,5}}\s?号)"
        ),
        lambda match: f"〔{match['year'] or match['late']}〕{match['rest']}",
        LIKELY,
        "号",
    ),
    FormRule(
        "document-number",
        late(
            rf"(?<=[（(])(?P<issuer>[{HAN}]{{2,6}})[(（](?P<year>{YEAR})[)）](?P<rest>\s?第?\d{{1,5}}\s?号)(?=[）)；，、])"
        ),
        lambda match: f"{match['issuer']}〔{match['year']}〕{match['rest']}",
        SURE,
        "号",
        late(r"[)）]\s?第?\d{1,5}\s?号"),
    ),
    FormRule(
        "year",
        late(rf"(?<=[{HAN}]){OPENING}(?!{YEAR}年?{CLOSING}|[０-９])\d{{2,6}}{CLOSING}(?=\s?\d{{1,5}}号)"),
        gone,
        LIKELY,
        "号",
    ),
    FormRule(
        "document-number",
        late(rf"(?<=[〔\[]{YEAR}[〕\]])\s?(?P<number>\d{{1,5}})号号"),
        lambda m: f"{m['number']}号",
        SURE,
        "号",
    ),
    FormRule("document-number", late("[一二][一二三四五六七八九0０OoＯ〇○]{3}(?=年)"), _chinese_zero, SURE, "0０OoＯ"),
    FormRule(
        "date",
        late(rf"(?<!农历)(?<!阴历)(?<![\d.])(?:(?P<year>{YEAR})年)?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日"),
        _day,
        SURE,
        "月",
    ),
    FormRule(
        "date",
        late(rf"(?<![\d./\-])(?P<year>{YEAR})(?P<by>[-/.])(?P<month>\d\d)(?P=by)(?P<day>\d\d)(?![\d./\-])"),
        _day,
        LIKELY,
        "-/.",
    ),
    FormRule("date", late(rf"(?<!\d)(?:{YEAR}年)(?:1[3-9]|[2-9]\d|00?)月(?!\d)"), gone, LIKELY, "月"),
    FormRule("date", late(r"(?<![\d.,/-])(?:[12]\d{4}年(?=\d{1,2}月)|20\d年(?=\d{1,2}月\d))"), gone, LIKELY, "年"),
    FormRule(
        "date",
        late(r"(?<=年)(?:十[三四五六七八九]月|(?:二月三十|[二四六九]月三十一|十一月三十一)日)"),
        gone,
        LIKELY,
        "月",
    ),
    FormRule(
        "range",
        late(
            rf"(?<!农历)(?<!\d)(?:(?P<year>{YEAR})年)?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日?\s?(?:至|到|—|－|-|~|～|——)\s?"
            rf"(?:(?P<year2>{YEAR})年)?(?P<month2>\d{{1,2}})月(?P<day2>\d{{1,2}})日"
        ),
        _backwards,
        LIKELY,
        "月",
    ),
    FormRule(
        "weekday",
        late(
            rf"(?P<year>{YEAR})年(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日\s?[（(，,]?\s?"
            r"(?P<word>星期|周|礼拜)(?P<weekday>[一二三四五六日天])(?:[）)]|(?=[，,。、；\s\d上下晚]|$))"
        ),
        _weekday,
        SURE,
        "周期拜",
    ),
    FormRule(
        "date",
        late(r"(?<=日)(?:上午|下午|晚上?)?(?P<hour>\d{1,2})[时:：](?P<minute>\d{2})(?=分|[^\d:：]|$)"),
        _clock,
        SURE,
        "日",
    ),
    FormRule(
        "date",
        late(r"(?<!日)[上下]午\s?(?P<hour>\d{1,2})(?:[:：](?P<minute>\d{2})(?!\d)|[时点])"),
        _clock,
        SURE,
        "午",
    ),
    FormRule("date", late(r"(?<!\d)(?P<hour>\d{1,2})时(?P<minute>\d{1,2})分(?!钟)"), _clock, LIKELY, "分"),
    FormRule(
        "date",
        late(r"上午\s?(?:1[3-8]|(?P<night>19|2[0-4]))(?:[:：]\d{2}(?!\d)|[时点])"),
        lambda m: m[0].replace("上午", "晚上" if m["night"] else "下午"),
        LIKELY,
        "午",
    ),
    FormRule("repeated", late(rf"(?<=\d)(?:{TWICE})"), half, LIKELY, "0123456789"),
    FormRule("repeated", late(r"(?<=[万亿])元元(?!素)"), half, LIKELY, "元"),
    FormRule("repeated", late(r"第第(?=[\d一二三四五六七八九十百])"), half, LIKELY, "第"),
    FormRule(
        "repeated",
        late(
            r"(?:(?<=[二三四五六七八九十百零\d])|(?<=[第十百零]一))(?:条条(?![款例件文约幅首])|章章(?![程名])|款款(?!项)|项项(?!目))"
        ),
        half,
        LIKELY,
        "条章款项",
    ),
    FormRule("repeated", late(r"(?<=\d)月月份|(?<=\d)月份份(?!额)"), _month, LIKELY, "份"),
    FormRule("number", late(r"(?<![\d,.，])\d{1,3},\d{1,2}(?=[万亿]?(?:元|人|吨|亩|户))"), gone, DOUBTFUL, ","),
    FormRule(
        "number",
        late(r"(?<![\d，])\d{1,3}(?:，\d{3})+(?=(?:\.\d+)?[万亿]?元)"),
        lambda m: m[0].replace("，", ","),
        DOUBTFUL,
        "元",
    ),
    FormRule(
        "number",
        late(r"(?<=\d)(?:\.\.(?=\d)|[.．](?=[%％]))"),
        lambda m: "." if m[0] == ".." else "",
        LIKELY,
        ".．",
    ),
    FormRule(
        "remainder",
        late(r"(?<![\d.．%％])\d*[1-9]余(?=[条件人个次名项家户起份篇场所处台辆座部宗])"),
        lambda m: m[0].removesuffix("余"),
        LIKELY,
        "余",
    ),
    FormRule(
        "times-less",
        late(r"(?:下降|减少|降低|缩小|缩短|下跌|压缩|回落)了?(?:近|约)?[\d.．一二两三四五六七八九十百]+多?倍"),
        gone,
        LIKELY,
        "倍",
    ),
    FormRule(
        "approximate",
        late(rf"(?:大约|约|近|接近|将近)[\d.．]+[万亿]?余?[{HAN}]{{1,3}}(?:左右|上下)"),
        lambda m: m[0][: -len("左右")],
        DOUBTFUL,
        "约近",
        late("左右|上下"),
    ),
)
"""What figures cannot be."""
