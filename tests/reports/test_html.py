"""The page: complete, self-contained, made for reading, and deaf to what a site wrote into it."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from msgspec.structs import replace

from checks import RULES
from checks.model import Box, Excerpt, PicturePlace, Referrer, Severity, Text
from checks.scoring.sheet import Deduction, Score
from reports import FORMATS
from reports.html import LISTED, SHOWN, duration, proportions, quantity
from reports.model import Status
from reports.safe import visible
from reports.wording import words
from tests.factories import MONDAY, at, entry, excerpt, finding, link, report, rule, run
from tests.reports.hostile import HOSTILE, hostile_report
from tests.reports.sample import BROKEN_LINK, TYPO, sample


def source(made, language="zh-CN"):
    return FORMATS["html"].render(made, language).decode("utf-8")


def page(made, language="zh-CN"):
    return BeautifulSoup(source(made, language), "lxml")


def text(node):
    return " ".join(node.get_text().split())


SAMPLE = page(sample())
ELEMENTS = {element.name for element in SAMPLE.find_all()}


def test_the_page_needs_nothing_else():
    assert not {"link", "img", "iframe", "object", "embed", "base"} & ELEMENTS
    assert not SAMPLE.select("[src], [style], [onclick]")
    assert "url(" not in SAMPLE.style.string
    assert "@import" not in SAMPLE.style.string


def test_the_policy_names_what_is_inline_and_nothing_else():
    policy = SAMPLE.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    digests = [
        base64.b64encode(hashlib.sha256(part.string.encode()).digest()).decode()
        for part in (SAMPLE.style, SAMPLE.script)
    ]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_the_first_screen_answers_the_readers_questions():
    assert text(SAMPLE.title) == "清河县人民政府 · 网站健康检查报告 · 2026-09-07"
    assert text(SAMPLE.h1) == "清河县人民政府"
    assert text(SAMPLE.select_one(".headline")) == "在已检查的范围内，有 1 个严重问题，请马上处理"
    assert "达到网页数上限 5,000" in text(SAMPLE.select_one(".verdict"))
    assert [text(tile) for tile in SAMPLE.select(".tile")] == ["严重 1 新增 1", "一般 12 另有疑似 2 新增 7", "提示 1"]
    assert [text(part) for part in SAMPLE.select(".changes dd")] == ["2", "8", "1", "7", "31", "6", "2"]
    assert [text(rule) for rule in SAMPLE.select(".first strong")] == [
        "严重表述错误",
        "链接打不开",
        "错别字",
        "栏目超期未更新",
    ]
    assert len(SAMPLE.select(".blind li")) == 4
    assert [text(mark) for mark in SAMPLE.select(".marks dd")] == ["81.5 单项否决 ×1", "上次 84", "C-", "上次 C-"]
    assert len(SAMPLE.select(".briefing li")) == 3
    assert len(SAMPLE.select("svg[role=img]")) == len(SAMPLE.select("figure details table")) == 6


def test_a_finding_in_a_file_names_the_file_and_the_pages_that_link_to_it():
    pages = tuple(Referrer(at(f"/{name}.html"), "名单") for name in "abc")
    leak = finding(url=at("/mingdan.xlsx"), text=excerpt(), referrers=pages[:2], referrer_count=3)
    (cell,) = page(report(entry(leak))).select("td.page")
    assert text(cell).startswith(f"附件：{at('/mingdan.xlsx')} 链接自：{at('/a.html')} 共 3 个页面引用 列出前 2 个")
    assert [link["href"] for link in cell.select("a")] == [
        at(f"/{name}") for name in ("mingdan.xlsx", "a.html", "a.html", "b.html")
    ]


@pytest.mark.parametrize(
    ("number", "file", "page_is"), [(0, "图片", "所在页面"), (2, "附件", "链接自")], ids=["a picture", "a scan"]
)
def test_a_picture_stands_on_a_page_and_a_scan_is_linked_to(number, file, page_is):
    place = PicturePlace(Box(10, 20, 90, 40, number), 0.98)
    wrong = finding(url=at("/notice.png"), text=excerpt(), referrers=(Referrer(at("/a.html"), ""),), picture=place)
    (cell,) = page(report(entry(wrong))).select("td.page")
    assert text(cell).startswith(f"{file}：{at('/notice.png')} {page_is}：{at('/a.html')}")


def test_rules_stand_worst_first_with_what_to_do():
    assert [group["id"] for group in SAMPLE.select("article.group")] == [
        "rule-severe-typo",
        "rule-broken-link",
        "rule-typo",
        "rule-stale-column",
        "rule-missing-csp",
    ]
    advice = [text(part) for part in SAMPLE.select("#rule-severe-typo .advice dd")]
    assert advice == [
        "国名、机构名、领导人职务写错属于单项否决项，会被通报。",
        "立即更正，并检查转载的同类稿件。",
        "《政府网站与政务新媒体检查指标》单项否决：严重问题",
    ]
    assert "（依据原文未经核对）" in text(SAMPLE.select_one("#rule-missing-csp .advice"))


def test_what_servers_are_told_is_code_that_can_be_copied():
    made = page(report(entry(finding(RULES["x-frame-options"]))))
    blocks = {text(block.strong): block.pre.get_text() for block in made.select(".settings dl > div")}
    assert set(blocks) == {"nginx", "Apache", "IIS", "Tomcat", "网站平台（CMS）"}
    assert blocks["nginx"] == 'add_header X-Frame-Options "SAMEORIGIN" always;'
    assert '<add name="X-Frame-Options" value="SAMEORIGIN" />' in blocks["IIS"]
    assert "nginx" not in text(made.select_one(".advice"))


def test_a_link_finding_shows_target_reason_and_referrers():
    row = SAMPLE.select_one("#rule-broken-link tbody tr")
    assert text(row.select_one(".target .title")) == "省政务服务网"
    assert row.select_one(".target a")["href"] == "http://zwfw.example-old.cn/"
    assert "域名 zwfw.example-old.cn 无法解析" in text(row.select_one(".reason"))
    assert text(row.summary) == "共 1,284 个页面引用"
    assert len(row.select("details li")) == 20
    assert text(row.select_one(".handling")) == "编号 12 待整改 信息中心 · 张敏 期限 2026-08-29 逾期 发现 2026-08-10"


def test_a_text_finding_shows_the_passage_and_the_correction():
    cell = SAMPLE.select_one("#rule-severe-typo .excerpt")
    assert text(cell.mark) == "中华人民共合国"
    assert text(cell.p).startswith("…为深入贯彻落实《中华人民共合国政府信息公开条例》")
    assert text(cell.ins) == "中华人民共和国"


def test_marks_of_a_row():
    marks = {
        text(row.select_one(".title")): [text(mark) for mark in row.select(".badge:not(.state)")]
        for row in SAMPLE.select("#rule-broken-link tbody tr")
    }
    assert marks["申请表下载"] == ["重新出现"]
    assert marks["统计公报"] == ["新增", "疑似"]
    assert [text(mark) for mark in SAMPLE.select("#rule-stale-column tbody .badge")] == ["整改中"]


def test_what_is_late_is_marked_and_what_is_not_is_not():
    late = {
        text(row.select_one(".due")): row.has_attr("data-overdue") for row in SAMPLE.select("tbody tr[data-severity]")
    }
    assert late == {"期限 2026-08-29 逾期": True, "期限 2026-09-14": False}
    assert [text(each) for each in SAMPLE.select(".handling .late strong")] == ["逾期"] * sum(
        row.has_attr("data-overdue") for row in SAMPLE.select("tbody tr[data-severity]")
    )


def test_the_veto_stands_beside_the_score():
    assert text(SAMPLE.select_one(".marks .veto")) == "单项否决 ×1"
    assert text(SAMPLE.select_one(".verdict .vetoed")) == "单项否决 ×1：严重问题"
    assert not page(replace(sample(), score=None)).select(".veto, .vetoed")


def test_each_department_has_its_share():
    """The script shows the rows that have the mark of the chosen department; every open finding is in one share."""
    shares = {
        link["data-department"]: [int(text(cell)) for cell in link.find_parent("tr").select(".number")]
        for link in SAMPLE.select(".departments a")
    }
    rows = SAMPLE.select("tbody tr[data-severity]")
    for mark, (left, overdue, _) in shares.items():
        own = [row for row in rows if mark in row["data-departments"]]
        assert (len(own) > 0, any(row.has_attr("data-overdue") for row in own)) == (left > 0, overdue > 0)
    assert [option["value"] for option in SAMPLE.select("select option")] == ["", *shares]
    assert {mark.strip("|") for mark in shares} == {"信息中心", "办公室", "政务公开科", ""}
    assert sum(left for left, _, _ in shares.values()) == len(sample().findings)


def test_where_nobody_is_responsible_there_are_no_shares():
    made = page(report(entry(finding())))
    assert not made.select(".departments, select")


def test_a_finding_that_weighs_more_than_its_group_says_so():
    of = rule(severity=Severity.MINOR)
    made = page(report(entry(finding(of, key="1", severity=Severity.MAJOR)), entry(finding(of, key="2"))))
    assert [[text(mark) for mark in row.select(".badge.plain")] for row in made.select("tbody tr")] == [[], ["提示"]]


def test_a_rule_that_weighs_more_in_some_places_says_in_how_many():
    of = rule(severity=Severity.MAJOR)
    made = page(report(entry(finding(of, key="1", severity=Severity.CRITICAL)), entry(finding(of, key="2"))))
    assert text(made.select_one(".first .count")) == "共 2 处，其中严重 1"


def test_a_task_of_the_first_names_its_places():
    made = page(report(*(entry(finding(url=at(f"/{number}"), key=f"{number}")) for number in range(5))))
    (task,) = made.select(".first ol > li")
    assert [anchor["href"] for anchor in task.select("ul a")] == [at("/0"), at("/1"), at("/2"), "#rule-sample-rule"]
    assert text(task.select("ul li")[-1]) == "另外 2 处"


def test_a_first_run_calls_nothing_new():
    first = page(replace(sample(), previous=None))
    assert not first.select(".badge.new")
    assert "新增" not in text(first.select_one(".tiles")) + text(first.select_one(".first"))
    assert first.find("input", {"name": "recent"}).parent.has_attr("hidden")
    assert not page(replace(sample(), previous=None, trend=sample().trend[-1:])).select(".summary figure")
    assert text(first.select_one(".changes")).startswith(
        "与上次相比 这是该范围的第一次检查，没有可比的上次结果。 整改台账"
    )


def test_fixed_and_unverified_findings_are_listed():
    assert [text(title) for title in SAMPLE.select(".fixed tbody .reason .title")] == ["链接打不开", "错别字"]
    assert [text(title) for title in SAMPLE.select(".unverified tbody .reason .title")] == ["链接打不开"]


def test_score_columns_security_and_checks_are_listed():
    assert text(SAMPLE.find(id="score")) == "评分（2015 年普查评分表） 81.5 分 单项否决 ×1"
    assert [text(status) for status in SAMPLE.select("[aria-labelledby=columns] .badge")] == [
        "正常",
        "临近超期",
        "超期未更新",
        "空白栏目",
        "未能读取（由脚本生成，或日期写法无法识别）",
    ]
    assert text(SAMPLE.find(id="security")) == "安全评级 C- · 45 分"
    assert len(SAMPLE.select("[aria-labelledby=checks] tbody tr")) == 5


def test_what_was_looked_at_adds_up_to_the_report():
    table = SAMPLE.select_one("[aria-labelledby=checks] table")
    total = text(table.select_one("tfoot .number"))
    assert (
        total
        == str(len(sample().findings))
        == str(sum(int(text(row.select("td")[2])) for row in table.select("tbody tr")))
    )


def test_a_failure_that_may_pass_says_why_it_is_confirmed():
    target = link(at("/x"), 503)
    found = finding(BROKEN_LINK, variant="http-5xx", params={"status": 503}, target=target)
    assert "连续 3 次检查都打不开" in text(page(report(entry(found, runs=3))).select_one(".reason"))
    assert not page(report(entry(found, runs=1))).select(".reason .hint")
    gone = finding(BROKEN_LINK, variant="http-4xx", params={"status": 404}, target=link(at("/x"), 404))
    assert not page(report(entry(gone, runs=3))).select(".reason .hint")


def test_a_wording_that_is_right_is_let_pass_by_a_command():
    (block,) = page(report(entry(finding(RULES["typo"], variant="homophone", params={"wrong": "立既", "right": "立即"},
        text=excerpt(wrong="立既"), suggestion="立即"), entry=34))).select(".accept pre")  # fmt: skip
    assert block.get_text() == 'sitehealth suppressions add --entry 34 --alike --why "写法正确" --by "姓名"'


def test_nothing_is_printed_as_its_own_correction():
    found = finding(RULES["typo"], params={"wrong": "的的", "right": ""}, text=excerpt(wrong="的的"), suggestion="")
    cell = text(page(report(entry(found))).select_one(".excerpt"))
    assert "“”" not in cell
    assert "“的的”多余，应删去" in cell


@pytest.mark.parametrize(
    ("rule", "variant", "wrong", "said"),
    [
        ("impossible-date", "", "2026年2月30日", "“2026年2月30日”不存在，请核对"),
        ("impossible-date", "range", "9月2日至1日", "“9月2日至1日”起止时间颠倒，请核对"),
        ("document-number", "year", "〔2062〕1号", "文号“〔2062〕1号”年份有误，请核对"),
        ("number-usage", "number", "一百百", "数字“一百百”写法有误，请核对"),
        ("template-text", "", "Lorem ipsum", "页面露出模板或占位文字“Lorem ipsum”"),
    ],
)
def test_what_is_to_be_looked_up_is_not_said_to_be_superfluous(rule, variant, wrong, said):
    params = {"wrong": wrong, "right": ""}
    found = finding(RULES[rule], variant=variant, params=params, text=excerpt(wrong=wrong), suggestion="")
    assert said in text(page(report(entry(found))).select_one(".excerpt"))


def test_the_score_names_what_is_behind_each_line_and_leads_there():
    score = SAMPLE.select_one("[aria-labelledby=score]")
    links, column, sentence = score.select("td.behind")
    seen = links.find("ul", recursive=False)
    assert text(seen.li) == "省政务服务网 域名 zwfw.example-old.cn 无法解析"
    assert len(seen.select("li")) == 3
    assert text(links.summary) == "另外 2 处"
    assert len(links.select("li")) == 5
    assert text(column) == "人事信息 超期未更新，最近更新 2025-03-18"
    assert text(sentence) == "期内更新 3 条，要求 10 条"
    anchors = [anchor["href"].removeprefix("#") for anchor in score.select("li a")]
    assert len(anchors) == 6
    assert all(SAMPLE.find(id=anchor) for anchor in anchors)


def test_many_causes_are_cut_and_those_of_rows_that_are_not_shown_lead_nowhere():
    entries = [entry(finding(key=f"{number}")) for number in range(SHOWN + 1)]
    line = Deduction("a", Text("", ""), -1, len(entries), behind=tuple(each.finding.fingerprint for each in entries))
    made = page(report(*entries, score=Score("census-2015", 99, items=(line,))))
    (cell,) = made.select("td.behind")
    assert len(cell.select("li")) == 53
    assert text(cell.select_one("details > p")).startswith(f"另有 {SHOWN + 1 - 53} ")
    assert all(made.find(id=anchor["href"].removeprefix("#")) for anchor in cell.select("a"))


def test_english():
    made = page(sample(), "en")
    assert made.html["lang"] == "en"
    assert text(made.select_one(".headline")) == "1 critical problem: act now (in the part that was inspected)"
    for option in made.select("option"):  # names of departments
        option.decompose()
    frame = text(made.select_one(".facts")) + text(made.select_one(".filter"))
    assert not re.search(r"[\u4e00-\u9fff]", frame)


def test_the_contents_name_every_part_and_lead_there():
    named = [anchor["href"].removeprefix("#") for anchor in SAMPLE.select(".contents a")]
    parts = [section["aria-labelledby"] for section in SAMPLE.select("main > section:not(.summary)")]
    rules = [group["id"] for group in SAMPLE.select("article.group")]
    at = parts.index("findings") + 1
    assert named == [*parts[:at], *rules, *parts[at:]]


def test_headings_and_landmarks_are_in_order():
    levels = [int(heading.name[1]) for heading in SAMPLE.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert {"header", "main", "footer", "nav"} <= ELEMENTS
    ids = [element["id"] for element in SAMPLE.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {reference["href"][1:] for reference in SAMPLE.select("a[href^='#']")} <= set(ids)
    assert {section["aria-labelledby"] for section in SAMPLE.select("section")} <= set(ids)


def test_a_run_that_found_nothing_and_one_that_could_not_look():
    assert text(page(report()).select_one(".empty")) == "没有发现问题。"
    failed = page(report(run=run(status=Status.FAILED)))
    assert text(failed.select_one(".headline")) == "本次检查未能完成"
    assert "不能说明网站有没有问题" in text(failed.select_one(".empty"))


def test_long_lists_are_cut_and_say_so():
    of = rule("many")
    found = [entry(finding(of, key=str(number), params={"n": number})) for number in range(SHOWN + LISTED + 3)]
    made = page(report(*found))
    assert len(made.select("#rule-many tbody tr")) == SHOWN
    assert len(made.select("#rule-many .rest li[data-severity]")) == LISTED
    assert text(made.select_one(".more")) == "另有 3 处未在此列出，请看 Excel 表或 JSON 文件。"
    assert made.select_one(".more")["data-unlisted"] == "3"
    assert "没有查找" in made.output["data-unlisted"]


def test_five_thousand_findings_fit_in_three_megabytes():
    def found(n):
        page_of, words = at(f"/zwgk/2026/{n}/content_{n}.html"), f"关于第{n}号工作的通知"
        if n % 2:
            text = Excerpt("为深入贯彻落实关于进一步加强和规范各项工作的意见，", f"错{n}", "，现将有关事项通知如下", 5)
            return entry(finding(TYPO, page_of, key=f"{n}", params={"wrong": f"错{n}", "right": "对的"}, text=text,
                suggestion="对的"), page_title=words, entry=n + 1)  # fmt: skip
        target = link(at(f"/uploads/2026/attachment-{n}.pdf"), referrers=((page_of, words),))
        return entry(finding(BROKEN_LINK, page_of, key=f"{n}", variant="http-4xx", params={"status": 404},
            target=target), page_title=words, entry=n + 1)  # fmt: skip

    written = source(report(*map(found, range(5_000))))
    assert len(written.encode()) < 3_000_000
    assert written.count('data-severity="') == 5_000


def test_what_a_rule_says_of_pages_in_the_same_words_is_one_row_with_its_pages():
    made = page(report(*(entry(finding(url=at(f"/{number}.html")), page_title=f"第{number}页") for number in range(3))))
    (row,) = made.select("tbody tr[data-severity]")
    assert row["data-count"] == "3"
    assert text(row.select_one(".reason .places")) == "同样的共 3 处"
    assert [anchor["href"] for anchor in row.select(".page a")] == [at(f"/{number}.html") for number in range(3)]
    assert "第2页" in text(row.details)


def dead_link(path: str, **answer):
    target = link(f"http://gone.cn/{path}", **answer)
    params, variant = {"host": "gone.cn", "status": 404}, answer.get("error", "http-4xx")
    return entry(finding(BROKEN_LINK, key=path, variant=variant, placeless=True, params=params, target=target))


def test_links_to_a_host_that_cannot_be_reached_are_one_row():
    dead = [dead_link(path, status=None, error="dns") for path in "abc"]
    made = page(report(*dead, dead_link("d", status=404), dead_link("e", status=404)))
    rows = sorted(made.select("tbody tr[data-severity]"), key=lambda row: not row.has_attr("data-count"))
    assert [row.get("data-count") for row in rows] == ["3", None, None]
    assert text(rows[0].select_one(".target summary")) == "同一主机的另外 2 个链接"
    assert {anchor["href"] for anchor in rows[0].select(".target a")} == {f"http://gone.cn/{path}" for path in "abc"}


def test_a_link_on_nearly_every_page_is_called_one_of_the_template():
    def hint(referrers, pages):
        target = replace(link(), referrer_count=referrers)
        found = finding(BROKEN_LINK, target=target, variant="dns", params={"host": "x"})
        (place,) = page(report(entry(found), run=run(pages=pages))).select(".where") or [None]
        return place is not None and "模板" in place.text

    assert hint(80, 100)
    assert not hint(79, 100)
    assert not hint(5, 5)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_adds_no_element_and_no_attribute(hostile):
    made, tame = page(hostile_report(hostile)), page(hostile_report("无害文字"))
    assert {element.name for element in made.find_all()} <= {element.name for element in tame.find_all()}
    assert len(made.find_all("script")) == 1
    allowed = {name for element in SAMPLE.find_all() for name in element.attrs}
    assert {name for element in made.find_all() for name in element.attrs} <= allowed
    assert all(re.match("https?://|#", element["href"]) for element in made.select("[href]"))


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_shown_not_obeyed(hostile):
    written = source(hostile_report(hostile))
    assert visible(written) == written
    shown = " ".join(visible(hostile).split())[:100]
    assert shown in text(BeautifulSoup(written, "lxml").select_one("h1")) or shown != visible(hostile)[:100]


def test_a_gambling_site_is_named_but_not_linked():
    target = link("http://bet.example/", 200)
    made = page(report(entry(finding(rule("injected-link"), target=target))))
    assert "http://bet.example/" in text(made.select_one(".target"))
    assert not made.select(".target a")


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 秒"), (119, "119 秒"), (120, "2 分钟"), (7199, "120 分钟"), (7200, "2 小时")]
)
def test_duration(seconds, said):
    made = report(run=run(started=MONDAY, finished=MONDAY.fromtimestamp(MONDAY.timestamp() + seconds, MONDAY.tzinfo)))
    assert duration(made, words("zh-CN")) == said


def test_a_run_without_an_end_has_no_duration():
    assert duration(replace(report(), run=run(finished=None)), words("en")) == ""


@pytest.mark.parametrize(
    ("parts", "drawn"),
    [([1, 1, 2, 0], [(0, 25), (25, 25), (50, 50), (100, 0)]), ([0, 0], [(0, 0), (0, 0)]), ([3], [(0, 100)])],
)
def test_proportions(parts, drawn):
    assert proportions(parts) == drawn


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 B"), (999, "999 B"), (6_300_000, "6 MB"), (10**12, "1.0 TB"), (612_000_000, "612 MB")]
)
def test_quantity(number, said):
    assert quantity(number) == said


def test_page_addresses_are_readable_and_lead_where_they_say():
    made = page(report(entry(finding(url=at("/zwgk/%E6%95%99%E8%82%B2/")))))
    anchor = made.select_one("td.page a")
    assert text(anchor) == at("/zwgk/教育/")
    assert anchor["href"] == at("/zwgk/%E6%95%99%E8%82%B2/")
