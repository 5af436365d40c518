"""The ledger on the command line: list, show, set and stats as people and programs use them, and what is remembered."""

from __future__ import annotations

import csv
import io
import json
import time

import openpyxl
import pytest
from click.testing import CliRunner
from sqlalchemy import update

from checks import RULES
from checks.model import Finding
from monitor.cli import main
from monitor.store import Store, schema
from tests.factories import finding, link
from tests.monitor.feeding import HOME, Feed, fault

FIELDS = (
    "number site rule family severity confidence state page target message department owner deadline overdue "
    "first_seen last_seen closed reopened bounced fingerprint suggestions"
).split()


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def sitehealth(url):
    def run(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, [*arguments, "--set", f"store.url={url}"])
        assert done.exit_code == code, done.output
        return done.output

    return run


@pytest.fixture
def feed(url):
    with Store(url) as store:
        feed = Feed(store, now=time.time() - 40 * 86_400)
        feed.run([fault("a"), fault("b", sure=False)])
        yield feed


def listed(text):
    return [json.loads(line) for line in text.splitlines()]


def number(sitehealth, path):
    return next(
        str(item["number"])
        for item in listed(sitehealth("ledger", "list", "--format", "json"))
        if item["page"].endswith(path)
    )


def test_json_is_one_object_a_line_with_the_fields_of_the_manual(feed, sitehealth):
    items = listed(sitehealth("ledger", "list", "--format", "json"))
    assert [item["number"] for item in items] == [1, 2]
    assert all(set(FIELDS) <= set(item) for item in items)
    assert {item["state"]: item["overdue"] for item in items} == {"to-fix": True, "to-confirm": False}


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--site", "a"], 2),
        (["--state", "待整改,fixing"], 1),
        (["--overdue"], 1),
        (["--rule", "broken-link", "--severity", "critical,major,minor"], 2),
        (["--severity", "严重，一般、提示"], 2),
        (["--department", "办公室"], 0),
        (["--limit", "1"], 1),
    ],
)
def test_filters(feed, sitehealth, options, count):
    assert len(listed(sitehealth("ledger", "list", "--format", "json", *options))) == count
    table = list(csv.reader(io.StringIO(sitehealth("ledger", "list", "--format", "csv", *options))))
    assert len(table) == (count + 1 if count else 0)


def test_an_entry_is_shown_with_its_history_in_both_languages(feed, sitehealth, monkeypatch):
    which = number(sitehealth, "/a")
    sitehealth("ledger", "set", which, "--state", "整改中", "--owner", "王五", "--by", "张三", "--note", "周五前")
    shown = json.loads(sitehealth("ledger", "show", which, "--format", "json"))
    assert shown["owner"] == "王五"
    assert [row["after"] for row in shown["history"] if row["field"] == "state"] == ["to-fix", "fixing"]
    text = sitehealth("ledger", "show", which)
    assert "人工 张三  状态: 待整改 → 整改中" in text
    assert "整改期限: - → " in text
    assert not set("state deadline owner run assignment person".split()) & set(text.replace(":", " ").split())
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", "en")
    assert "To fix → Being fixed" in sitehealth("ledger", "show", which)


def test_a_refused_change_names_each_number_and_changes_nothing(feed, sitehealth):
    said = sitehealth("ledger", "set", "1", "9", "--state", "closed", "--by", "张三", code=2)
    assert "#1: “已销号”只能由复查得出，可以改为：待整改、" in said
    assert "#9: 没有这个编号" in said
    assert "没有编号为 9 的问题" in sitehealth("ledger", "show", "9", code=2)
    assert "没有状态“done”" in sitehealth("ledger", "list", "--state", "done", code=2)


def test_figures_of_a_period(feed, sitehealth):
    feed.now += 10 * 86_400
    feed.run([fault("b", sure=False)])
    figures = json.loads(sitehealth("ledger", "stats", "--format", "json"))
    total = {"found": 2, "closed": 1, "open": 1, "overdue": 0, "reopened": 0, "median_days": 10.0}
    assert figures["total"] == total == figures["families"]["links"]
    said = sitehealth("ledger", "stats")
    assert "发现 2，销号 1" in said
    # Every part by what readers call it: the department that nobody has is no second total.
    assert [line.split()[0] for line in said.splitlines()][1:] == ["一般", "链接可用性", "未分派"]


@pytest.mark.parametrize("typed", ["2099-12-01", "2099/12/1", "2099.12.1", "2099年12月1日", "20991201"])
def test_a_day_may_be_typed_as_people_write_it(feed, sitehealth, typed):
    sitehealth("ledger", "set", "1", "--deadline", typed, "--by", "张三")
    assert json.loads(sitehealth("ledger", "show", "1", "--format", "json"))["deadline"] == "2099-12-01"


@pytest.mark.parametrize("name", ["", "  "])
def test_a_change_names_who_made_it(feed, sitehealth, name):
    assert "请写上姓名" in sitehealth("ledger", "set", "1", "--note", "x", "--by", name, code=2)
    pair = ("--pair", "帐号", "账号", "--why", "系统名称")
    assert "请写上姓名" in sitehealth("suppressions", "add", *pair, "--by", name, code=2)
    assert json.loads(sitehealth("ledger", "show", "1", "--format", "json"))["note"] == ""


def test_a_judgement_does_not_end_in_the_past(feed, sitehealth):
    command = ("ledger", "set", "1", "--state", "延期", "--why", "等改版", "--by", "张三", "--until")
    assert "截止日期 2020-01-01 已经过去" in sitehealth(*command, "2020-01-01", code=2)
    sitehealth(*command, "2099-01-01")


def typo(path: str) -> Finding:
    rule = RULES["typo"]
    return Finding(rule, HOME + path, path, {"wrong": "帐号", "right": "账号"})


def test_a_remembered_wording_hides_what_is_there_and_what_comes_and_can_be_taken_back(feed, sitehealth):
    feed.run([typo("t"), fault("a"), fault("b", sure=False)])
    said = sitehealth("suppressions", "add", "--pair", "帐号", "账号", "--why", "系统名称", "--by", "张三")
    assert "编号 1" in said
    assert "涉及 1 条" in said
    feed.run([typo("t"), typo("u"), fault("a")], looked=[])
    (kept,) = listed(sitehealth("suppressions", "list", "--format", "json"))
    assert (kept["subject"], kept["hidden"], kept["stale"]) == ("帐号 → 账号", 2, False)
    states = {item["page"][-1]: item["state"] for item in listed(sitehealth("ledger", "list", "--format", "json"))}
    assert states == {"a": "to-fix", "b": "to-confirm", "t": "false-positive", "u": "false-positive"}
    assert "2 条重新待处理" in sitehealth("suppressions", "remove", "1", "--by", "李四")
    assert listed(sitehealth("suppressions", "list", "--format", "json")) == []
    assert "没有编号为 1" in sitehealth("suppressions", "remove", "1", "--by", "李四", code=2)


def test_a_judgement_whose_last_day_is_past_is_called_so(feed, sitehealth):
    sitehealth("suppressions", "add", "--host=a.cn", "--until=2099-01-01", "--why=内网", "--by=张三")
    assert "已到期" not in sitehealth("suppressions", "list")
    with feed.store.engine.begin() as connection:
        connection.execute(update(schema.suppressions).values(until="2026-01-01"))
    assert "2026-01-01  内网  张三  隐藏 0 次  已到期" in sitehealth("suppressions", "list")


def test_an_entry_called_wrong_is_among_the_judgements(feed, sitehealth):
    which = number(sitehealth, "/a")
    sitehealth("suppressions", "add", "--entry", which, "--why", "内网地址", "--by", "张三")
    (kept,) = listed(sitehealth("suppressions", "list", "--format", "json"))
    assert (kept["kind"], kept["entry"], kept["author"], kept["reason"]) == ("entry", int(which), "张三", "内网地址")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "请给出 --entry、--pair、--host 之一"),
        (["--host", "a.cn", "--pair", "甲", "乙"], "请给出 --entry"),
        (["--rule", "broken-link"], "请给出 --entry"),
        (["--rule", "brokn", "--url", "/x"], "没有规则“brokn”"),
        (["--rule", "broken-link", "--url", "("], "不是正则表达式"),
        (["--host", "b.cn", "--site", "b"], "没有网站“b”"),
        (["--host", "a.cn", "--until", "2020-01-01"], "--until: 截止日期 2020-01-01 已经过去"),
        (["--alike"], "--alike 要和 --entry 一起给"),
        (["--alike", "--entry", "99"], "#99: 没有这个编号"),
    ],
)
def test_what_cannot_be_remembered_is_said(feed, sitehealth, options, said):
    assert said in sitehealth("suppressions", "add", *options, "--why", "x", "--by", "张三", code=2)


@pytest.mark.parametrize(
    "command",
    [
        ("ledger", "list"),
        ("ledger", "stats"),
        ("ledger", "stats", "--by", "site"),
        ("ledger", "recheck", "--to-verify"),
        ("ledger", "export", "--out", "x.xlsx"),
        ("runs",),
        ("publications", "--year", "2026"),
    ],
)
def test_a_site_that_nobody_knows_is_named_with_the_one_that_may_be_meant(url, sitehealth, monkeypatch, command):
    with Store(url) as store:
        Feed(store, site="qinghe").run([fault("a")])
    assert "没有网站“qinhe”；是不是 qinghe？" in sitehealth(*command, "--site", "qinhe", code=2)
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", "en")
    assert "did you mean qinghe?" in sitehealth(*command, "--site", "qinhe", code=2)


def test_a_site_of_the_store_that_the_configuration_lacks_is_known(feed, sitehealth):
    assert listed(sitehealth("ledger", "list", "--site", feed.site, "--format", "json"))


def test_figures_by_site_begin_with_the_one_that_grew_most(url, sitehealth):
    with Store(url) as store:
        for site, count in (("a.cn", 1), ("b.cn", 3), ("c.cn", 2)):
            Feed(store, now=time.time() - 86_400, site=site).run([fault(str(n)) for n in range(count)])
    lines = listed(sitehealth("ledger", "stats", "--by", "site", "--format", "json"))
    assert [(line["site"], line["found"], line["open"]) for line in lines] == [
        ("b.cn", 3, 3),
        ("c.cn", 2, 2),
        ("a.cn", 1, 1),
    ]
    assert sitehealth("ledger", "stats", "--by", "site").startswith("b.cn  发现 3")


def test_an_entry_is_shown_with_its_page_its_rule_and_what_people_wrote(url, sitehealth, monkeypatch):
    target = link("http://a.cn/gone.pdf", referrers=(("http://a.cn/list.html", "附件"),))
    with Store(url) as store:
        Feed(store).run([finding(url="http://a.cn/list.html", key="k", target=target)])
    sitehealth("ledger", "set", "1", "--note", "在改", "--remark", "外单位的文件", "--by", "张三")
    shown = sitehealth("ledger", "show", "1")
    for said in ("http://a.cn/gone.pdf", "页面URL: http://a.cn/list.html", "整改说明: 在改", "备注: 外单位的文件"):
        assert said in shown
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", "en")
    assert "Page: http://a.cn/list.html" in sitehealth("ledger", "show", "1")


def test_the_reason_of_what_no_person_changed_is_told_in_the_language_of_the_reader(feed, sitehealth, monkeypatch):
    sitehealth("ledger", "set", number(sitehealth, "a"), "--state=误报", "--why=没错", "--by=张三")
    sitehealth("suppressions", "add", "--rule=broken-link", "--url=/b", "--why=没错", "--by=张三")
    sitehealth("suppressions", "remove", "1", "--by=张三")
    entry = number(sitehealth, "b")
    assert "放行记录 1 已撤销" in sitehealth("ledger", "show", entry)
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", "en")
    assert "remembered judgement 1 was taken back" in sitehealth("ledger", "show", entry)


SLIPS = {
    ("list", "--rule=broken-lnk"): ("没有规则“broken-lnk”；是不是 broken-link？", "did you mean broken-link?"),
    ("stats", "--from=2026-02-01", "--to=2026-01-01"): ("--to（2026-01-01）在 --from", "is before --from (2026-02-01)"),
    ("set", "1", "--deadline=尽快", "--by=张三"): ("“尽快”不是日期，请写成", "'尽快' is no date; write it as"),
    ("set", "1", "--deadline=2026-02-30", "--by=张三"): ("“2026-02-30”不是日期", "'2026-02-30' is no date"),
}


@pytest.mark.parametrize("arguments", SLIPS)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_slip_of_the_pen_is_named_and_no_empty_answer(sitehealth, monkeypatch, arguments, language):
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", language)
    assert SLIPS[arguments][language == "en"] in sitehealth("ledger", *arguments, code=2)


IMPORTED = {
    "zh-CN": ("状态: 待整改 → 整改中", "“整改期限”读不懂：尽快", "请把表格保存为 Excel 工作簿"),
    "en": ("State: To fix → Being fixed", "Deadline is not understood: 尽快", "save the table as an Excel workbook"),
}
"""What is said of a change, of a cell that cannot be read, and of a file that is no workbook."""


@pytest.mark.usefixtures("feed")
@pytest.mark.parametrize("language", IMPORTED)
def test_what_an_import_did_is_told_in_the_language_of_the_reader(sitehealth, tmp_path, monkeypatch, language):
    changed, unread, refused = IMPORTED[language]
    file = tmp_path / "台账.xlsx"
    sitehealth("ledger", "export", "--out", str(file))
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    row = next(row for row in (2, 3) if sheet.cell(row, columns["状态"]).value == "待整改")
    sheet.cell(row, columns["状态"]).value = "整改中"
    sheet.cell(row, columns["整改期限"]).value = "尽快"
    book.save(file)
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", language)
    done = sitehealth("ledger", "import", str(file), "--by=张三", "--dry-run", code=1)
    assert changed in done
    assert unread in done
    file.write_text("编号,状态\n", "utf-8")
    assert refused in sitehealth("ledger", "import", str(file), "--by=张三", code=2)
