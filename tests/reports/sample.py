"""A report as an office would get it: a full inspection with findings of every shape. Also the one we look at.

``python -m tests.reports.sample FOLDER`` writes it in every format and both languages.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

from msgspec.structs import replace

from checks.model import ColumnStatus, ColumnType, Confidence, Excerpt, Finding, Kind, Redirect, Region, Severity, Text
from checks.scoring.sheet import Deduction, Score, Veto
from reports import FORMATS
from reports.model import (
    Baseline,
    ColumnSummary,
    Entry,
    ProbedDay,
    Report,
    Scope,
    Security,
    SecurityTest,
    Status,
    Tally,
    TrendPoint,
)
from reports.remediation.figures import SiteLedger
from reports.remediation.states import State
from tests.factories import MONDAY, at, entry, finding, link, rule, run

BROKEN_LINK = rule(
    "broken-link",
    title=Text("链接打不开", "Broken link"),
    message={
        "http-4xx": Text("目标不存在，服务器返回 {status}", "The target is gone: the server answers {status}"),
        "http-5xx": Text("目标服务器出错，返回 {status}", "The target's server fails: it answers {status}"),
        "dns": Text("域名 {host} 无法解析", "The name {host} does not resolve"),
        "timeout": Text("{seconds} 秒内没有响应", "No answer within {seconds} s"),
        "not-a-document": Text("附件地址返回的是网页，不是文件", "The attachment's address answers with a web page"),
    },
    remedy=Text(
        "更正链接地址；目标已下线的，删除链接或说明原因。",
        "Correct the address, or remove the link if its target is gone.",
    ),
    basis=Text("《政府网站与政务新媒体检查指标》：链接可用性", "Inspection indicators: availability of links"),
    why=Text(
        "打不开的链接让群众找不到文件、办不成事，首页的每个坏链在检查中都会扣分。",
        "A dead link costs readers the document they came for; each one on the homepage costs points.",
    ),
)
SEVERE_TYPO = rule(
    "severe-typo",
    Severity.CRITICAL,
    family="typos",
    title=Text("严重表述错误", "Severe wording error"),
    message=Text("“{wrong}”应为“{right}”", "“{wrong}” should be “{right}”"),
    remedy=Text("立即更正，并检查转载的同类稿件。", "Correct it at once and look for copies of the text."),
    basis=Text("《政府网站与政务新媒体检查指标》单项否决：严重问题", "Inspection indicators, veto: severe problems"),
    why=Text(
        "国名、机构名、领导人职务写错属于单项否决项，会被通报。", "A misnamed state, organ or office is a veto item."
    ),
)
TYPO = rule(
    "typo",
    family="typos",
    title=Text("错别字", "Typo"),
    message=Text("疑有错别字“{wrong}”，建议改为“{right}”", "“{wrong}” looks wrong, “{right}” is suggested"),
    remedy=Text("核对原文后更正。", "Check the source and correct it."),
    basis=Text("《政府网站发展指引》：内容准确", "Guidelines for government websites: accurate content"),
    why=Text("错别字影响权威性，检查时逐条记录。", "Typos cost authority and are counted one by one."),
)
STALE_COLUMN = rule(
    "stale-column",
    family="freshness",
    title=Text("栏目超期未更新", "Stale column"),
    message=Text("最近一条是 {newest}，已超过 {limit} 天", "The newest item is of {newest}; the limit is {limit} days"),
    remedy=Text("补充更新，或合并、关闭长期无内容的栏目。", "Publish, or merge or close the column."),
    basis=Text("《政府网站与政务新媒体检查指标》单项否决：栏目不更新", "Inspection indicators, veto: stale columns"),
    why=Text("栏目长期不更新累计达到数量会被单项否决。", "Enough stale columns together are a veto."),
)
MISSING_HEADER = rule(
    "missing-csp",
    Severity.MINOR,
    family="security",
    title=Text("没有设置内容安全策略", "No Content-Security-Policy"),
    message=Text("响应中没有 Content-Security-Policy", "The response has no Content-Security-Policy"),
    remedy=Text(
        "请运维人员在服务器上增加该响应头，先以只报告方式试行。",
        "Have it added to the server, in report-only mode first.",
    ),
    basis=Text("W3C《内容安全策略 第3级》", "W3C, Content Security Policy Level 3"),
    why=Text("它能挡住大部分网页篡改和脚本注入。", "It stops most script injection."),
    unverified=True,
)
ENTITIES = ("人力资源和社会保障局", "教育局", "卫生健康局", "自然资源和规划局", "民政局", "市场监督管理局")


def _links() -> list[Entry]:
    footer = tuple(
        (at(f"/art/2026/{month}/{day}/art_12_{month}{day:02}.html"), "省政务服务网", Region.FOOTER)
        for month in (6, 7, 8)
        for day in range(1, 8)
    )
    many = link("http://zwfw.example-old.cn/", None, error="dns", referrers=footer[:20], referrer_count=1_284)
    made = [
        entry(
            finding(
                BROKEN_LINK,
                at("/"),
                key="dns",
                variant="dns",
                params={"host": "zwfw.example-old.cn"},
                target=many,
                placeless=True,
            ),
            Baseline.UNCHANGED,
            runs=5,
        ),
    ]
    for number, office in enumerate(ENTITIES):
        source = at(f"/col/col{40 + number}/index.html")
        target = link(
            at(f"/zwgk/{office}/2025/部门预算.pdf"),
            404,
            kind=Kind.ATTACHMENT,
            referrers=((source, f"{office}2025年部门预算公开", Region.BODY),),
        )
        made.append(
            entry(
                finding(
                    BROKEN_LINK,
                    source,
                    key=office,
                    variant="http-4xx",
                    params={"status": 404},
                    target=target,
                    placeless=True,
                ),
                Baseline.NEW if number < 2 else Baseline.UNCHANGED,
                page_title=f"{office} - 清河县人民政府",
            )
        )
    slow = link("https://tjj.qinghe.gov.cn/tjgb/", 503, referrers=((at("/tjsj/"), "统计公报"),))
    fake = link(
        at("/upload/guide.doc"),
        200,
        kind=Kind.ATTACHMENT,
        sniffed="html",
        referrers=((at("/bszn/12.html"), "申请表下载"), (at("/bszn/13.html"), "申请表下载")),
    )
    image = link(
        at("/images/banner_2024.jpg"),
        404,
        kind=Kind.IMAGE,
        referrers=((at("/"), ""),),
        redirects=(Redirect(at("/images/banner_2024.jpg"), 302, at("/404.htm")),),
    )
    made += [
        entry(
            finding(
                BROKEN_LINK,
                at("/tjsj/"),
                key="503",
                variant="http-5xx",
                params={"status": 503},
                target=slow,
                placeless=True,
                confidence=Confidence.SUSPECTED,
            )
        ),
        entry(
            finding(BROKEN_LINK, at("/bszn/12.html"), key="doc", variant="not-a-document", target=fake, placeless=True),
            Baseline.REOPENED,
            page_title="企业开办申请指南",
        ),
        entry(
            finding(
                BROKEN_LINK,
                at("/"),
                key="img",
                variant="http-4xx",
                params={"status": 404},
                target=image,
                placeless=True,
            ),
            page_title="清河县人民政府",
        ),
    ]
    return made


def _texts() -> list[Entry]:
    severe = finding(
        SEVERE_TYPO,
        at("/art/2026/8/21/art_12_4471.html"),
        key="1",
        params={"wrong": "中华人民共合国", "right": "中华人民共和国"},
        text=Excerpt("为深入贯彻落实《", "中华人民共合国", "政府信息公开条例》，进一步提高政府工作透明度，", 8),
        suggestion="中华人民共和国",
    )
    fields = (
        ("各单位要加强秸", "杆", "禁烧巡查，落实网格化管理责任，", "秆", Confidence.CONFIRMED, Baseline.UNCHANGED),
        ("本次培训共有一百二十余名", "基层干步", "参加，授课老师结合", "基层干部", Confidence.CONFIRMED, Baseline.NEW),
        ("请于本月底前", "做为", "附件一并报送县政府办公室。", "作为", Confidence.SUSPECTED, Baseline.NEW),
    )
    made = [entry(severe, page_title="清河县2025年政府信息公开工作年度报告")]
    for number, (before, wrong, after, right, confidence, baseline) in enumerate(fields):
        found = finding(
            TYPO,
            at(f"/art/2026/8/{number + 3}/art_15_45{number}.html"),
            key=str(number),
            params={"wrong": wrong, "right": right},
            text=Excerpt(before, wrong, after, 40),
            suggestion=right,
            confidence=confidence,
        )
        made.append(
            entry(
                found,
                baseline,
                page_title=("县农业农村局部署秋收工作", "全县基层治理培训班开班", "关于报送材料的通知")[number],
            )
        )
    return made


def _pages() -> list[Entry]:
    stale = finding(
        STALE_COLUMN,
        at("/col/col33/index.html"),
        key="人事信息",
        params={"newest": "2025-03-18", "limit": 365},
        column="人事信息",
        evidence="2025-03-18 清河县人事任免通知",
    )
    return [
        entry(stale, Baseline.UNCHANGED, page_title="人事信息 - 清河县人民政府", state=State.FIXING),
        entry(finding(MISSING_HEADER, at("/")), Baseline.UNCHANGED, page_title="清河县人民政府"),
    ]


def _fixed() -> list[Entry]:
    gone = link(at("/hd/wsdc/2024.html"), 404, referrers=((at("/hd/"), "网上调查"),))
    return [
        entry(
            Finding(BROKEN_LINK, at("/hd/"), "a", {"status": 404}, "http-4xx", target=gone),
            Baseline.FIXED,
            page_title="互动交流",
        ),
        entry(
            finding(
                TYPO,
                at("/art/2026/5/6/art_15_433.html"),
                key="f",
                params={"wrong": "侯选人", "right": "候选人"},
                text=Excerpt("确定为", "侯选人", "名单", 3),
            ),
            Baseline.FIXED,
            page_title="村（社区）换届工作部署会召开",
        ),
    ]


COLUMNS = (
    ColumnSummary(
        "清河要闻", at("/col/col12/index.html"), ColumnType.NEWS, 1_204, date(2026, 9, 4), 14, ColumnStatus.FRESH
    ),
    ColumnSummary(
        "通知公告", at("/col/col15/index.html"), ColumnType.NOTICE, 388, date(2026, 4, 2), 183, ColumnStatus.WARNING
    ),
    ColumnSummary(
        "人事信息", at("/col/col33/index.html"), ColumnType.PERSONNEL, 61, date(2025, 3, 18), 365, ColumnStatus.STALE
    ),
    ColumnSummary("意见征集", at("/col/col51/index.html"), ColumnType.INTERACTION, 0, None, 365, ColumnStatus.BLANK),
    ColumnSummary(
        "办事统计", at("/col/col52/index.html"), ColumnType.STATISTICS, 0, None, 92, ColumnStatus.NEEDS_RENDERING
    ),
)
SCORE = Score(
    "census-2015",
    81.5,
    veto=(
        Veto(
            "V4",
            Text("严重问题", "Severe problems"),
            Text("1 处严重表述错误", "1 severe wording error"),
            tuple(each.finding.fingerprint for each in _texts() if each.finding.rule is SEVERE_TYPO),
        ),
    ),
    items=(
        Deduction(
            "links-homepage",
            Text("首页链接不能打开", "Homepage links that do not open"),
            -3,
            3,
            Text("链接可用性", "Availability of links"),
            behind=tuple(each.finding.fingerprint for each in _links()[:5]),
        ),
        Deduction(
            "stale-column",
            Text("栏目不更新", "Stale columns"),
            -5,
            1,
            Text("信息更新", "Freshness"),
            unverified=True,
            behind=(at("/col/col33/index.html"),),
        ),
        Deduction(
            "few-updates",
            Text("首页栏目更新", "Updates of the homepage"),
            -5,
            1,
            evidence=Text("期内更新 3 条，要求 10 条", "3 updates, 10 are required"),
            behind=(at("/"),),
        ),
    ),
    unjudged=(Text("咨询答复内容是否针对问题", "Whether the answers to letters answer them"),),
)
SECURITY = Security(
    45,
    "C-",
    {
        "content-security-policy": SecurityTest(
            "csp-not-implemented", passed=False, modifier=-25, title=Text("内容安全策略", "Content-Security-Policy")
        ),
        "strict-transport-security": SecurityTest(
            "hsts-not-implemented", passed=False, modifier=-20, title=Text("强制 HTTPS", "HSTS")
        ),
        "cookies": SecurityTest("cookies-not-found", passed=True, modifier=0, title=Text("Cookie", "Cookies")),
    },
)


def _trend() -> tuple[TrendPoint, ...]:
    """Return five months: the second could not be inspected."""
    counts = ((2, 14, 3), None, (2, 13, 1), (0, 12, 2), (1, 12, 1))
    scores = ((71.0, 2, "F"), None, (74.5, 1, "D"), (84.0, 0, "C-"), (81.5, 1, "C-"))
    made = []
    for age, (count, marks) in enumerate(zip(reversed(counts), reversed(scores), strict=True)):
        when = MONDAY - timedelta(weeks=4 * age) + timedelta(minutes=47)
        if count is None or marks is None:
            made.append(TrendPoint(when, Status.FAILED))
            continue
        score, vetoes, grade = marks
        confirmed = dict(zip(Severity, count, strict=True))
        made.append(TrendPoint(when, Status.COMPLETE, confirmed, closed=2, score=score, vetoes=vetoes, grade=grade))
    return tuple(reversed(made))


AVAILABILITY = tuple(
    ProbedDay(MONDAY.date() - timedelta(days=13 - day), 96, 7 if day == 5 else int(day == 11)) for day in range(14)
)
DEPARTMENTS = {"links": ("信息中心", "张敏"), "typos": ("办公室", ""), "freshness": ("政务公开科", "李强")}
"""Whose a fault is, by the family of its rule."""


def _assigned(entries: list[Entry]) -> tuple[Entry, ...]:
    """Return findings with what the ledger knows of them: what was there before is late by now."""
    made = []
    for number, each in enumerate(entries, 12):
        department, owner = DEPARTMENTS.get(each.finding.rule.family, ("", ""))
        late = each.baseline is Baseline.UNCHANGED
        deadline = MONDAY.date() + timedelta(days=-9 if late else 7)
        made.append(replace(each, entry=number, department=department, owner=owner, deadline=deadline, overdue=late))
    return tuple(made)


def sample() -> Report:
    """Return the report."""
    month = timedelta(weeks=4)
    facts = run(
        id="20260905-site-07",
        scope=Scope.SITE,
        pages=4_812,
        links=21_377,
        requests=26_904,
        bytes=612_000_000,
        finished=MONDAY + timedelta(minutes=47),
    )
    unverified = finding(
        BROKEN_LINK,
        at("/old/"),
        key="u",
        variant="timeout",
        params={"seconds": 15},
        target=link("https://old.example.cn/x", None, error="timeout"),
    )
    return Report(
        run=replace(
            facts, status=Status.PARTIAL, reason=Text("达到网页数上限 5,000", "the page limit of 5,000 was reached")
        ),
        findings=_assigned(_links() + _texts() + _pages()),
        fixed=tuple(_fixed()),
        unverified=(entry(unverified, Baseline.UNVERIFIED),),
        previous=replace(facts, id="20260810-site-06", started=facts.started - month, finished=facts.finished - month),
        notices=(
            Text(
                "没有安装语言模型，错别字只按词典检查。",
                "No language model is installed: typos are found by the lexicon only.",
            ),
            Text(
                "/rili/ 下的日历可以无限翻页，只检查了前 100 页。",
                "The calendar under /rili/ has no end; its first 100 pages were checked.",
            ),
        ),
        ledger=SiteLedger(open=31, overdue=6, to_verify=2),
        checks=(
            Tally("links", 21_377, 10),
            Tally("typos", 96_031, 4, 2),
            Tally("freshness", 64, 1),
            Tally("headers", 1, 1),
        ),
        columns=COLUMNS,
        score=SCORE,
        security=SECURITY,
        trend=_trend(),
        availability=AVAILABILITY,
    )


def main() -> None:
    """Write every format in both languages into the folder that is the first argument."""
    folder = Path(sys.argv[1])
    for language in ("zh-CN", "en"):
        for name, made in FORMATS.items():
            (folder / f"{name}-{language}.{made.extension}").write_bytes(made.render(sample(), language))


if __name__ == "__main__":
    main()
