"""Spreadsheets of the ledger: what departments fill in comes back whole, and nothing else changes anything."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from threading import Barrier

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from sqlalchemy import insert, update

from checks.model import NOTHING, Facts, Repair, RepairReason, Text
from checks.scoring.sheet import Deduction, Score, Veto
from monitor.beijing import beijing_time
from monitor.remediation import spreadsheet_pieces, spreadsheets
from monitor.remediation.ledger import ChangeRefusedError, Ledger
from monitor.remediation.rechecks import RECHECK, RecheckBook
from monitor.remediation.spreadsheets import department_files, export_spreadsheet
from monitor.store import Store, schema
from monitor.store.codec import finding_body
from monitor.store.crawl.pages import PageRecord, page_row
from monitor.store.findings import FindingRecord
from monitor.store.ledger.entry_changes import NewEntry, open_entries
from monitor.store.ledger.entry_filter import LedgerFilter
from monitor.store.run_facts import RunFacts
from reports.model import Baseline
from reports.remediation.changes import Circumstance, WantedChange, changed_fields, gone
from reports.remediation.entry import ChangeCause, replay
from reports.remediation.recheck_verdict import gone_since
from reports.remediation.spreadsheet import SpreadsheetFullError
from reports.remediation.spreadsheet_columns import COLUMNS, PRINTED
from reports.remediation.spreadsheet_merging import LineKind
from reports.remediation.spreadsheet_reading import SpreadsheetError, read_spreadsheet
from reports.remediation.states import STATES, EndDate, State
from tests.factories import at, finding, link
from tests.monitor.remediation.workbooks import (
    AT,
    NOW,
    edited,
    exported,
    filled,
    now,
    rewritten,
    taken,
    typing,
    words,
)

DATA = Path(__file__).parents[2] / "data"
"""``ledger-layout-2.xlsx``: ``filled(store, 3)`` with entry 3 called mended, as layout 2 was exported."""


@pytest.fixture
def ledger(tmp_path):
    with Store(f"sqlite:///{tmp_path}/store.db") as store:
        yield filled(store, 3)


@pytest.fixture
def either_ledger(store):
    """The same on each of the databases, for what reads and writes them; how a file looks is no matter of theirs."""
    return filled(store, 3)


def test_people_get_a_frozen_head_filters_drop_downs_and_locked_cells(ledger):
    sheet = openpyxl.load_workbook(exported(ledger)).worksheets[0]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:{get_column_letter(len(COLUMNS))}4"
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert sheet.cell(2, AT["deadline"]).value.date() == date(2026, 12, 1)
    assert sheet.cell(2, AT["page"]).protection.locked
    assert not sheet.cell(2, AT["department"]).protection.locked
    assert not sheet.column_dimensions[get_column_letter(AT["owner"])].protection.locked
    offered = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    state = get_column_letter(AT["state"])
    assert "待复核" in offered[f"{state}2:{state}4"]
    assert len(offered) == 3


def test_several_processes_make_the_same_file(either_ledger, monkeypatch):
    monkeypatch.setattr(spreadsheets, "WORTH_IT", 1)
    monkeypatch.setattr(spreadsheet_pieces, "TOGETHER", 2)
    out = io.BytesIO()
    assert export_spreadsheet(either_ledger, LedgerFilter(), "zh-CN", out, processes=2) == 3
    assert _parts(out) == _parts(exported(either_ledger))


def _parts(file: io.BytesIO) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "docProps/core.xml"}


def test_what_a_site_or_person_wrote_is_never_a_formula(ledger):
    sheet = openpyxl.load_workbook(exported(ledger)).worksheets[0]
    owner = sheet.cell(3, AT["owner"])
    assert (owner.data_type, owner.value) == ("s", "=cmd|' /C calc'!A0")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_file_that_nobody_touched_changes_nothing(ledger, language):
    before = now(ledger)
    outcome = taken(ledger, exported(ledger, language))
    assert (outcome.changes, outcome.lines, now(ledger)) == ([], [], before)


def test_what_people_filled_in_comes_back(either_ledger):
    values = {"state": "整改中", "owner": "张三", "department": "信息中心", "deadline": "12月8日", "note": "已联系"}
    outcome = taken(either_ledger, edited(exported(either_ledger), typing(4, **values)))
    entry = either_ledger.get(3)
    assert (entry.state, entry.owner, entry.department) == (State.FIXING, "张三", "信息中心")
    assert (entry.deadline, entry.note) == (date(2026, 12, 8), "已联系")
    assert not outcome.lines
    assert {row.by for row in outcome.changes} == {"李"}
    assert either_ledger.history(3)[-len(outcome.changes) :] == outcome.changes


def test_when_a_fault_was_mended_and_what_else_there_is_to_say_come_back(either_ledger):
    outcome = taken(
        either_ledger, edited(exported(either_ledger), typing(2, mended="11月16日", remark="由集约化平台统一修改"))
    )
    entry = either_ledger.get(1)
    assert (entry.mended, entry.remark, entry.state) == (date(2026, 11, 16), "由集约化平台统一修改", State.TO_FIX)
    assert not outcome.lines
    taken(either_ledger, edited(exported(either_ledger), typing(2, state="待复核")))
    assert either_ledger.get(1).mended == date(2026, 11, 16)
    either_ledger.change([2], WantedChange(state=State.TO_VERIFY), by="王")
    taken(either_ledger, edited(exported(either_ledger), typing(3, mended="2026/11/17")))
    assert either_ledger.get(2).mended == date(2026, 11, 17)
    either_ledger.change([1, 2], WantedChange(state=State.FIXING), by="王")
    assert [either_ledger.get(number).mended for number in (1, 2)] == [None, None]
    assert all(replay(either_ledger.history(number)).mended is None for number in (1, 2))


def test_what_will_be_mended_some_day_is_not_mended(ledger):
    outcome = taken(ledger, edited(exported(ledger), typing(2, mended="2026-11-20", remark="下周")))
    assert (ledger.get(1).mended, ledger.get(1).remark) == (None, "")
    assert "整改时间 2026-11-20 还没有到" in words(outcome)


@pytest.mark.parametrize("fill_in", [{}, {"owner": "张三", "state": "整改中"}])
def test_a_file_of_the_layout_before_is_read(ledger, fill_in):
    """It was exported before 整改时间 and 备注 could be filled in; the first of them held a time."""
    ledger.change([3], WantedChange(state=State.TO_VERIFY), by="王")
    places = {}

    def edit(sheet):
        places.update({cell.value: cell.column for cell in sheet[1]})
        for key, value in fill_in.items():
            title = next(column.title.zh for column in COLUMNS if column.key == key)
            sheet.cell(4, places[title]).value = value

    outcome = taken(ledger, edited(io.BytesIO((DATA / "ledger-layout-2.xlsx").read_bytes()), edit))
    assert not outcome.lines
    assert {row.field for row in outcome.changes} == set(fill_in)
    assert "整改时间" in places


def test_a_judgement_comes_back_with_its_reason_and_its_end(either_ledger):
    taken(
        either_ledger, edited(exported(either_ledger), typing(2, state="延期", reason="等上级批复", until="2026/12/31"))
    )
    entry = either_ledger.get(1)
    assert (entry.state, entry.reason, entry.until) == (State.POSTPONED, "等上级批复", date(2026, 12, 31))


def test_a_state_that_makes_no_sense_is_refused_for_its_row_alone(either_ledger):
    def edit(sheet):
        typing(2, state="已销号")(sheet)
        typing(3, state="误报")(sheet)
        typing(4, owner="张三")(sheet)

    outcome = taken(either_ledger, edited(exported(either_ledger), edit))
    assert either_ledger.get(3).owner == "张三"
    assert either_ledger.get(1).state is either_ledger.get(2).state is State.TO_FIX
    assert [line.number for line in outcome.lines] == [1, 2]
    assert "只能由复查得出" in words(outcome)


def test_a_dry_run_says_the_same_and_writes_nothing(either_ledger):
    file, before = edited(exported(either_ledger), typing(2, owner="张三", state="已销号")), now(either_ledger)
    dry = taken(either_ledger, file, dry_run=True)
    assert now(either_ledger) == before
    assert dry.lines == taken(either_ledger, file).lines


def test_what_somebody_else_changed_meanwhile_is_a_conflict(either_ledger):
    file = edited(exported(either_ledger), typing(2, owner="张三", note="已改"))
    either_ledger.change([1], WantedChange(owner="赵六"), by="赵")
    outcome = taken(either_ledger, file)
    assert (either_ledger.get(1).owner, either_ledger.get(1).note) == ("赵六", "已改")
    assert "“责任人”已被别人改为“赵六”，表中的“张三”没有写入" in words(outcome)


def test_a_conflict_of_the_state_holds_its_reason_back(ledger):
    file = edited(exported(ledger), typing(2, state="误报", reason="页面正常"))
    ledger.change([1], WantedChange(state=State.FIXING), by="赵")
    outcome = taken(ledger, file)
    assert (ledger.get(1).state, ledger.get(1).reason) == (State.FIXING, "")
    assert len(outcome.lines) == 2


def _merge_owners(sheet):
    typing(2, owner="张三")(sheet)
    sheet.merge_cells(start_row=2, end_row=4, start_column=AT["owner"], end_column=AT["owner"])


def _merge_a_whole_row(sheet):
    sheet.merge_cells(start_row=2, end_row=2, start_column=AT["department"], end_column=AT["note"])


def _repeat(sheet):
    for column in range(1, sheet.max_column + 1):
        sheet.cell(5, column).value = sheet.cell(2, column).value
    sheet.cell(5, AT["owner"]).value = "张三"


def _by_hand(sheet):
    sheet.cell(5, AT["number"]).value = 1
    sheet.cell(5, AT["owner"]).value = "张三"


def _without_number(sheet):
    sheet.cell(5, AT["owner"]).value = "张三"


def _renamed(sheet):
    typing(2, owner="张三")(sheet)
    sheet.cell(1, AT["owner"]).value = "负责人"


def _headed_twice(sheet):
    """A column that somebody copied, and filled in."""
    sheet.insert_cols(3)
    sheet.cell(1, 3).value = "责任人"
    sheet.cell(2, 3).value = "张三"


def _numbers_swapped(sheet):
    for row, number in ((2, 2), (3, 1)):
        typing(row, number=number, owner="张三")(sheet)


def _without_severities(sheet):
    typing(2, owner="张三")(sheet)
    sheet.delete_cols(AT["severity"])


def _numbers_elsewhere(sheet):
    """A sheet of people's own that names entries."""
    own = sheet.parent.create_sheet("我的", 0)
    own.append(["问题编号", "责任人"])
    own.append([1, "张三"])


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (typing(2, number=2, owner="张三"), "整行不处理：B2“问题编号”原为“1”，现为“2”"),
        (typing(2, number=999, owner="张三"), "整行不处理：B2“问题编号”原为“1”，现为“999”"),
        (typing(2, number="甲", owner="张三"), "整行不处理：B2“问题编号”原为“1”，现为“甲”"),
        (_numbers_swapped, "编号与导出的问题不符"),
        (typing(2, site="别的网站", owner="张三"), "整行不处理：C2“网站名称”原为“qinghe”，现为“别的网站”"),
        (typing(2, severity="提示", owner="张三"), "整行不处理：D2“等级”原为“一般”，现为“提示”"),
        (typing(2, run=7, severity="", owner="张三"), "D2“等级”原为“一般”，现为空；AK2“检查批次”原为“1”，现为“7”"),
        (
            typing(2, first_seen=datetime.fromisoformat("2020-01-01"), owner="张三"),
            "“首次发现”原为“2026-11-17 19:06”，现为“2020-01-01 00:00”",
        ),
        (typing(2, code="1300000001", owner="张三"), "“标识码”原为空，现为“1300000001”"),
        (_without_severities, "整行不处理：没有“等级”这一列"),
        (_merge_a_whole_row, "“整改期限”读不懂：合并的单元格"),
        (typing(2, department="处" * 256), "“责任处室”最多 255 个字"),
        (typing(2, target="https://example.com/", owner="张三"), "锁定的单元格被改动"),
        (typing(2, state="完成了", owner="张三"), "“状态”读不懂：完成了"),
        (typing(2, deadline="尽快"), "“整改期限”读不懂：尽快"),
        (typing(2, owner='=HYPERLINK("http://example.com")'), "“责任人”读不懂：=HYPERLINK"),
        (typing(2, page="=1+1", owner="张三"), "现为“=1+1”"),
        (typing(2, deadline=None), "“整改期限”不能清空"),
        (_repeat, "同一编号出现多次"),
        (_by_hand, "不是导出的行"),
        (_without_number, "没有问题编号"),
        (lambda sheet: sheet.delete_rows(3), "1 行已被删除"),
        (typing(2, owner="#N/A"), "“责任人”读不懂：#N/A"),
        (typing(5, number="inf", owner="张三"), "没有问题编号"),
        (typing(5, number="1e999", owner="张三"), "没有问题编号"),
        (typing(5, number="nan", owner="张三"), "没有问题编号"),
        (typing(2, deadline=12.1), "“整改期限”读不懂"),
        (typing(2, state="完成了"), "可以是：待确认、待整改、"),
        (_renamed, "没有标题为“责任人”的列"),
        (_headed_twice, "有 2 列的标题都是“责任人”"),
        (_numbers_elsewhere, "缺少隐藏列"),
    ],
)
def test_rows_and_cells_that_are_not_clear_change_nothing_and_are_named(ledger, edit, line):
    before = now(ledger)
    outcome = taken(ledger, edited(exported(ledger), edit))
    assert now(ledger) == before
    assert line in words(outcome)


def seen_again(ledger, **columns):
    """The ledger after later runs saw entry 1 once more."""
    with ledger.entries.engine.begin() as connection:
        connection.execute(update(schema.entries).where(schema.entries.c.number == 1).values(**columns))


def locked_line(outcome) -> Text:
    (line,) = [line for line in outcome.lines if "锁定" in line.message.zh]
    return line.message


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_changed_locked_cell_is_named_with_what_it_held_though_the_ledger_has_changed_since(ledger, language):
    file = edited(exported(ledger, language), typing(2, severity="?", owner="张三"))
    seen_again(ledger, last_seen=NOW, last_run=9)
    held = {"zh-CN": "一般", "en": "Major"}[language]
    assert locked_line(taken(ledger, file)) == Text(
        f"锁定的单元格被改动，整行不处理：D2“等级”原为“{held}”，现为“?”",
        f"locked cells were changed; nothing of the row is taken: D2 Severity was “{held}”, is “?”",
    )


def test_where_the_ledger_cannot_tell_what_a_locked_cell_held_it_is_not_said(either_ledger):
    file = edited(exported(either_ledger), typing(2, run=7, owner="张三"))
    seen_again(either_ledger, last_run=9)
    said = locked_line(taken(either_ledger, file)).zh
    assert said.endswith("台账在导出之后也有变化，改动在其中：AK2“检查批次”")


def test_many_changed_locked_cells_are_said_by_the_first_and_their_number(ledger):
    keys = ("site", "severity", "message", "page_title", "page", "target", "context", "remedy", "closed")
    said = locked_line(taken(ledger, edited(exported(ledger), typing(2, **dict.fromkeys(keys, "?"))))).zh
    assert said.count("现为“?”") == 5
    assert said.endswith("；另有 4 处")


def test_who_may_not_see_an_entry_is_not_told_what_it_held(ledger):
    file = edited(exported(ledger), typing(2, severity="提示", owner="张三"))
    outcome = taken(ledger, file, refusal=lambda _entry, _wish: Text("没有权限", "not yours"))
    assert locked_line(outcome).zh == "锁定的单元格被改动，整行不处理"


def test_of_a_table_made_anew_only_the_first_rows_are_looked_into(ledger, monkeypatch):
    monkeypatch.setattr("reports.remediation.spreadsheet_reading.LOOKED_INTO", 1)

    def everywhere(sheet):
        for row in (2, 3):
            typing(row, severity="?")(sheet)

    first, second = (line.message.zh for line in taken(ledger, edited(exported(ledger), everywhere)).lines)
    assert (first.count("原为"), second) == (1, "锁定的单元格被改动，整行不处理")


def test_merged_cells_give_their_value_to_the_first_row_alone(ledger):
    outcome = taken(ledger, edited(exported(ledger), _merge_owners))
    assert [entry.owner for entry in now(ledger)] == ["张三", "=cmd|' /C calc'!A0", ""]
    assert [(line.place, line.number) for line in outcome.lines] == [("整改台账!3", 2), ("整改台账!4", 3)]


def _hidden_rows(sheet):
    sheet.auto_filter.add_filter_column(AT["state"] - 1, ["整改中"])
    for row in (2, 3, 4):
        sheet.row_dimensions[row].hidden = True


def _added_sheets(sheet):
    sheet.parent.create_sheet("统计", 0).append(["处室", "件数"])
    sheet.parent.create_chartsheet("图")


def _numbered_anew(sheet):
    for row in (2, 3, 4):
        sheet.cell(row, AT["at"]).value = 10 - row


def _added_columns(sheet):
    sheet.insert_cols(3)
    sheet.cell(1, 3).value = "领导批示"
    sheet.cell(2, 3).value = "请尽快"


def _of_macintosh(sheet):
    for column in ("deadline", "first_seen", "last_seen"):
        for row in (2, 3, 4):
            sheet.cell(row, AT[column]).value = sheet.cell(row, AT[column]).value
    sheet.parent.epoch = CALENDAR_MAC_1904


def _wrapped_headings(sheet):
    """Headings in two lines, with spaces and characters of another width."""
    for column, title in (
        ("owner", "责任\n人"),
        ("deadline", "整改 期限"),
        ("context", "定位／上下文"),
        ("answer", "ＨＴＴＰ状态/原因"),
    ):
        sheet.cell(1, AT[column]).value = title


@pytest.mark.parametrize(
    "edit", [_hidden_rows, _added_sheets, _numbered_anew, _added_columns, _of_macintosh, _wrapped_headings]
)
def test_what_people_do_to_a_table_is_no_change(ledger, edit):
    before = now(ledger)
    outcome = taken(ledger, edited(exported(ledger), edit))
    assert (outcome.changes, outcome.lines, now(ledger)) == ([], [], before)


@pytest.mark.parametrize("edit", [_hidden_rows, _added_sheets, _numbered_anew, _of_macintosh, _wrapped_headings])
def test_and_what_they_filled_in_comes_back_all_the_same(ledger, edit):
    file = edited(exported(ledger), typing(4, owner="张三", deadline=date(2026, 12, 8)))

    outcome = taken(ledger, edited(file, edit))
    assert (ledger.get(3).owner, ledger.get(3).deadline, outcome.lines) == ("张三", date(2026, 12, 8), [])


def test_rows_may_be_reordered_and_columns_moved(ledger):
    def edit(sheet):
        typing(4, owner="张三")(sheet)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        for at_row, row in enumerate([rows[0], *reversed(rows[1:])], 1):
            for at_column, value in enumerate(reversed(row), 1):
                sheet.cell(at_row, at_column).value = value
                if isinstance(value, str):
                    sheet.cell(at_row, at_column).data_type = "s"
        sheet.insert_rows(1)
        sheet.cell(1, 1).value = "清河县整改台账（11月）"

    outcome = taken(ledger, edited(exported(ledger), edit))
    assert (ledger.get(3).owner, outcome.lines) == ("张三", [])
    assert len(outcome.changes) == 1


def test_full_width_digits_are_digits(ledger):
    taken(ledger, edited(exported(ledger), typing(4, number="３", deadline="２０２６年１２月８日")))
    assert ledger.get(3).deadline == date(2026, 12, 8)


def test_importing_twice_changes_nothing_more(either_ledger):
    file = edited(exported(either_ledger), typing(2, owner="张三", state="整改中", deadline="12月8日"))
    taken(either_ledger, file)
    before = now(either_ledger)
    assert taken(either_ledger, file).changes == []
    assert now(either_ledger) == before


EXPECTED = """序号 问题编号 网站名称 标识码 检查批次 大类 小类 规则/依据 等级 置信度 栏目 页面标题 页面URL 问题链接
链接文字 定位/上下文 错误内容 修改建议 HTTP状态/原因 扣分估算 单项否决 首次发现 最近发现 持续天数 快照 责任处室 责任人
整改期限 状态 整改说明 整改时间 复核方式 复核结果 复核人 销号时间 重复次数 备注"""
"""The columns that people expect of a 整改台账."""


def test_a_ledger_has_the_columns_that_people_expect():
    assert {*EXPECTED.split()} <= {column.title.zh for column in COLUMNS}


def shown(ledger, row=2):
    """The cells of a row of an export, by column."""
    sheet = openpyxl.load_workbook(exported(ledger)).worksheets[0]
    return {key: sheet.cell(row, column).value for key, column in AT.items()}


def test_columns_say_what_the_store_knows_around_an_entry(tmp_path):
    """The run, its score, the homepage's code, the page's title: each stands where a 整改台账 has it."""
    found = finding(url=at("/"), key="k", target=link(at("/gone.pdf"), referrers=((at("/1.html"), "附件"),)))
    score = Score(
        "shizhi",
        98.8,
        veto=(Veto("links", Text("首页打不开", "homepage"), NOTHING, (found.fingerprint,)),),
        items=(Deduction("links", Text("链接", "links"), -1.2, 4, behind=(found.fingerprint, "b", "c", "d")),),
    )
    with Store(f"sqlite:///{tmp_path}/store.db") as store:
        run = store.runs.begin(site="qinghe", name="清河县", url=at("/"), scope="site", engine="", scheduled_for=None)
        home = PageRecord(at("/"), facts=Facts(at("/"), homepage=True, site_code="1305340001"))
        with store.engine.begin() as connection:
            common = {"site": "qinghe", "scope": "site", "run": run.id, "engine": ""}
            pages = (home, PageRecord(at("/1.html"), title="附件下载"))
            connection.execute(insert(schema.pages), [page_row(page) | common for page in pages])
            open_entries(
                connection,
                "qinghe",
                run.id,
                [NewEntry(FindingRecord(found.fingerprint, "links", found, Baseline.NEW), finding_body(found), ())],
                NOW,
            )
        store.runs.finish(run.id, status="complete", facts=RunFacts(score=score))
        made = Ledger(store, clock=lambda: NOW)
        row = shown(made)
        assert (row["site"], row["code"], row["page_title"]) == ("清河县", "1305340001", "附件下载")
        assert (row["points"], row["veto"], row["run"]) == (0.3, "首页打不开", run.id)
        assert row["snapshot"] == f"{at('/gone.pdf')} → 404"
        assert [row[key] for key in ("mended", "result", "verified_how", "verified_by", "closed")] == [None] * 5
        check_looks(made, run.id)


def check_looks(made, run):
    """From called mended to still there, and from there to closed by a recheck that somebody asked for."""
    made.change([1], WantedChange(state=State.TO_VERIFY), by="张三")
    assert shown(made)["mended"].date() == beijing_time(NOW).date()
    look = Circumstance(beijing_time(NOW + 60), ChangeCause.RUN, run=run)
    made.entries.write({1: made.get(1)}, changed_fields(1, made.get(1), {"state": State.TO_FIX}, look))
    row = shown(made)
    assert [row[key] for key in ("mended", "result", "verified_how", "verified_by")] == [
        None,
        "复查仍存在",
        f"定期检查 #{run}",
        "自动复查",
    ]
    assert row["known"] == "报告已整改后 1 次复查仍存在"
    recheck = Circumstance(beijing_time(NOW + 120), ChangeCause.RECHECK, by="李四")
    made.entries.write({1: made.get(1)}, gone(made.get(1), recheck))
    row = shown(made)
    assert [row[key] for key in ("result", "verified_how", "verified_by")] == ["复查已不存在", "专项复查", "李四"]
    assert row["closed"] is not None


def test_who_looked_is_named_where_somebody_asked_for_it(ledger):
    for number, by in ((1, RECHECK), (2, "李四")):
        RecheckBook(ledger, by).record(ledger.get(number), gone_since(Text("能打开", "opens")))
    sheet = openpyxl.load_workbook(exported(ledger)).worksheets[0]
    assert [sheet.cell(row, AT["verified_by"]).value for row in (2, 3, 4)] == ["自动复查", "李四", None]


def test_what_is_printed_fits_on_paper_with_headings_on_every_page(ledger):
    sheet = openpyxl.load_workbook(exported(ledger)).worksheets[0]
    paper = sheet.page_setup
    assert (paper.orientation, paper.paperSize, paper.fitToHeight) == ("landscape", 9, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.print_area.endswith(f"${get_column_letter(len(PRINTED))}$4")
    assert sheet.row_dimensions[2].height > 13


def test_one_sheet_a_department_comes_back_as_one(either_ledger):
    out = io.BytesIO()
    export_spreadsheet(either_ledger, LedgerFilter(), "zh-CN", out, sheet_per_department=True)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["办公室", "教育局_一科", "未分派", "_sitehealth"]
    assert [sheet.max_row for sheet in book.worksheets[:3]] == [2, 2, 2]
    for sheet in book.worksheets[:3]:
        sheet.cell(2, AT["note"]).value = "已改"
    book.save(out := io.BytesIO())
    outcome = taken(either_ledger, out)
    assert ([entry.note for entry in now(either_ledger)], outcome.lines) == (["已改"] * 3, [])


@pytest.mark.parametrize(
    ("departments", "names"),
    [
        (["办公室", "办公室 "], ["办公室", "未分派", "_sitehealth"]),
        (["ab", "AB"], ["AB", "ab-2", "未分派", "_sitehealth"]),
        (["[]:*?/\\", "History"], ["History_", "_______", "未分派", "_sitehealth"]),
        (["处" * 40, "处" * 41], ["处" * 31, "处" * 26 + "-2", "未分派", "_sitehealth"]),
        (["_sitehealth", "'科'"], ["科", "_sitehealth_", "未分派", "_sitehealth"]),
    ],
)
def test_sheets_have_names_that_spreadsheets_allow(ledger, departments, names):
    ledger.change([1, 2, 3], WantedChange(department="", owner=""), by="王")
    for number, department in enumerate(departments, 1):
        ledger.change([number], WantedChange(department=department), by="王")
    out = io.BytesIO()
    export_spreadsheet(ledger, LedgerFilter(), "zh-CN", out, sheet_per_department=True)
    assert openpyxl.load_workbook(out).sheetnames == names
    assert taken(ledger, out).changes == []


def test_one_file_a_department(ledger, tmp_path):
    files = list(department_files(ledger, LedgerFilter(), tmp_path / "台账.xlsx"))
    assert [path.name for path, _ in files] == ["台账-办公室.xlsx", "台账-教育局_一科.xlsx", "台账-未分派.xlsx"]
    assert [ledger.entries.count(wanted) for _, wanted in files] == [1, 1, 1]


def test_more_rows_than_are_read_get_a_clear_error(ledger, monkeypatch):
    file = exported(ledger)
    monkeypatch.setattr("reports.remediation.spreadsheet_reading.SHEET_ROWS", 2)
    with pytest.raises(SpreadsheetError, match="more than 2 rows"):
        read_spreadsheet(file)


# ---- files that are none -------------------------------------------------------------------------


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return out.getvalue()


SHARED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
BOOK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def refers_to(kind: str, target: str) -> bytes:
    """What a part refers to: one other."""
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    link = f'<Relationship Id="r" Type="{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{package}">{link}</Relationships>'.encode()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: b"", "no xlsx file"),
        ("编号,状态\n1,整改中\n".encode, "no xlsx file"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "old xls file, or one with a password"),
        (lambda: b"PK\x03\x04 not a zip at all", "archive cannot be opened"),
        (lambda: zipped(letter_xml=b"<w/>"), "holds no workbook"),
        (lambda: zipped(xl__workbook_xml=b"<w/>", **{"xl__vbaProject.bin": b"x"}), "macros"),
        (
            lambda: zipped(
                xl__workbook_xml=b"<w/>",
                xl__words_xml=b"\0" * (257 << 20),
                **{"xl___rels__workbook_xml.rels": refers_to(SHARED, "words.xml")},
            ),
            "unpacks to more",
        ),
        (lambda: zipped(xl__workbook_xml=b"<broken"), "damaged"),
    ],
)
def test_a_file_that_is_no_workbook_gets_a_clear_error(make, says):
    with pytest.raises(SpreadsheetError, match=says):
        read_spreadsheet(io.BytesIO(make()))


def test_a_workbook_of_somebody_elses_gets_a_clear_error():
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    with pytest.raises(SpreadsheetError, match="no export of this ledger"):
        read_spreadsheet(out)


def test_a_file_that_was_cut_off_gets_a_clear_error(ledger):
    whole = exported(ledger).getvalue()
    for length in range(0, len(whole), len(whole) // 40):
        with pytest.raises(SpreadsheetError):
            read_spreadsheet(io.BytesIO(whole[:length]))


def test_hidden_columns_that_are_gone_are_missed(ledger):
    file = edited(exported(ledger), lambda sheet: sheet.delete_cols(len(COLUMNS) + 1, 3))
    with pytest.raises(SpreadsheetError, match="hidden columns are missing"):
        read_spreadsheet(file)


def _elsewhere(name: str, data: bytes) -> tuple[str, bytes]:
    """The list of sheets stands under another name, as the archive says."""
    if name == "_rels/.rels":
        return name, refers_to(BOOK, "/book/workbook2.xml")
    if name == "xl/_rels/workbook.xml.rels":
        return "book/_rels/workbook2.xml.rels", re.sub(rb'Target="/?(?:xl/)?', b'Target="/xl/', data)
    return "book/workbook2.xml" if name == "xl/workbook.xml" else name, data


def test_a_workbook_whose_parts_have_other_names_is_read(ledger):
    before = now(ledger)
    outcome = taken(ledger, rewritten(exported(ledger), _elsewhere))
    assert (outcome.changes, outcome.lines, now(ledger)) == ([], [], before)


def with_cell(workbook: io.BytesIO, key: str, kind: str, value: str) -> io.BytesIO:
    """The workbook with what another program wrote into a cell of the first entry."""
    cell = rf'(<c r="{get_column_letter(AT[key])}2"[^>]*?)(?: t="\w+")?(?:/>|>.*?</c>)'

    def write(name: str, data: bytes) -> tuple[str, bytes]:
        if name != "xl/worksheets/sheet1.xml":
            return name, data
        text, count = re.subn(cell, rf'\1 t="{kind}"><v>{value}</v></c>', data.decode(), flags=re.DOTALL)
        assert count == 1
        return name, text.encode()

    return rewritten(workbook, write)


@pytest.mark.parametrize(
    ("key", "kind", "value", "meant"),
    [
        ("deadline", "d", "2026-12-08T00:00:00", date(2026, 12, 8)),
        ("deadline", "str", "2026年12月8号", date(2026, 12, 8)),
        ("note", "b", "1", "TRUE"),
        ("note", "d", "2026-12-08T00:00:00", "2026-12-08"),
        ("note", "d", "10:30:00", "10:30:00"),
        ("note", "n", "13800000000", "13800000000"),
        ("owner", "e", "#REF!", None),
        ("deadline", "d", "10:30:00", None),
        ("deadline", "n", "1e999", None),
        ("deadline", "n", "no number", None),
    ],
)
def test_what_a_program_makes_of_what_was_typed_is_what_its_cell_shows(ledger, key, kind, value, meant):
    ledger.change([1], WantedChange(owner="赵", note="在改"), by="王")  # an empty cell is none
    before = now(ledger)
    outcome = taken(ledger, with_cell(exported(ledger), key, kind, value))
    if meant is None:
        assert (len(outcome.lines), now(ledger)) == (1, before)
        assert "读不懂" in words(outcome)
    else:
        assert (getattr(ledger.get(1), key), outcome.lines) == (meant, [])


# ---- properties ----------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40) | st.sampled_from(
    [
        "=cmd|' /C calc'!A0",
        "\u202e倒\u202c",
        "\U0001f600" * 20,
        "a\r\nb\rc",
        "_x000D_",
        "_x005F_x0041_",
        "\x1b[31m",
        "\x1c\x85\u2028",
        "  前后  ",
        "#1234",
        "{}",
    ]
)
LONG = TEXTS | st.sampled_from(["长" * 32_767, "长" * 32_768, "\U0001f600" * 16_400, "a\n" * 20_000, "\x07" * 32_767])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    state=st.sampled_from(State),
    reason=TEXTS.filter(str.strip),
    owner=TEXTS,
    department=TEXTS,
    note=LONG,
    day=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    language=st.sampled_from(["zh-CN", "en"]),
)
def test_import_of_an_export_is_the_identity(fresh_store, state, reason, language, day, **texts):
    """Whatever state an entry is in and people wrote into it: exported, saved and taken back, it is what it was."""
    with fresh_store() as store:
        ledger = filled(store, 2)
        ledger.change([1], WantedChange(deadline=day, **texts), by="王")
        bring_to(ledger, state, reason)
        before = now(ledger)
        assert before[0].state is state
        outcome = taken(ledger, edited(exported(ledger, language), lambda sheet: None))
        assert (outcome.changes, outcome.lines, now(ledger)) == ([], [], before)


def bring_to(ledger, state, reason):
    """Bring the entry to a state, as a person or a look does."""
    if state is State.CLOSED:
        seen = Circumstance(beijing_time(NOW), ChangeCause.RUN, run=1)
        ledger.entries.write({1: ledger.get(1)}, gone(ledger.get(1), seen))
    elif state is not ledger.get(1).state:
        until = None if STATES[state].end is EndDate.NONE else date(2099, 1, 1)
        ledger.change([1], WantedChange(state=state, reason=reason, until=until), by="王")


@pytest.mark.parametrize("field", ["owner", "department", "note", "reason"])
@pytest.mark.parametrize("text", ["坏\ud800字", "\udfff", "a\0b"])
def test_a_text_that_no_store_holds_is_refused_before_it_is_written(ledger, field, text):
    """So none is ever in an export: the identity holds for all that the ledger can have."""
    before = now(ledger)
    wanted = {"state": State.FALSE_POSITIVE, "reason": "没有错"} | {field: text}
    with pytest.raises(ChangeRefusedError, match="cannot be kept"):
        ledger.change([1], WantedChange(**wanted), by="王")
    assert now(ledger) == before


def test_what_a_site_wrote_comes_back_whatever_it_is(tmp_path):
    """Lone surrogates, controls and marks of a page stand in locked cells: exported and saved, they are untouched."""
    bad = "坏\ud800字\x1b[31m\u202e倒\x00_x000D_"
    found = finding(
        url=at("/\ud800.html"), key="k", column=bad, target=link(at("/gone\udfff.pdf"), referrers=((at("/"), bad),))
    )
    with Store(f"sqlite:///{tmp_path}/store.db") as store:
        made = Ledger(store, clock=lambda: NOW)
        with store.engine.begin() as connection:
            record = FindingRecord(found.fingerprint, "links", found, Baseline.NEW)
            open_entries(connection, "qinghe", 1, [NewEntry(record, finding_body(found), ())], NOW)
        assert (made.get(1).finding.column, made.get(1).target) == (bad, at("/gone\udfff.pdf"))
        before = now(made)
        outcome = taken(made, edited(exported(made), lambda sheet: None))
        assert (outcome.changes, outcome.lines, now(made)) == ([], [], before)
        outcome = taken(made, edited(exported(made), typing(2, owner="张三")))
        assert (made.get(1).owner, outcome.lines) == ("张三", [])


def test_a_text_that_no_cell_holds_is_not_cut_by_a_change(ledger):
    ledger.change([1], WantedChange(note="长" * 40_000), by="王")
    outcome = taken(ledger, edited(exported(ledger), typing(2, note="短", owner="张三")))
    assert (ledger.get(1).note, ledger.get(1).owner) == ("长" * 40_000, "张三")
    assert "“整改说明”在台账中比单元格能容纳的更长" in words(outcome)


OWNERS = ["", "张三", "李四", "王五"]
NOTES = ["", "已改", "在改"]
DAYS = {"12月8日": date(2026, 12, 8), "2026/12/9": date(2026, 12, 9), "尽快": None}
MOVES = {"整改中": State.FIXING, "待复核": State.TO_VERIFY, "待整改": State.TO_FIX, "已销号": None, "好了": None}
"""What is typed, and what it means; None where it cannot be taken."""

FILLED = st.fixed_dictionaries(
    {},
    optional={
        "owner": st.sampled_from(OWNERS),
        "note": st.sampled_from(NOTES),
        "deadline": st.sampled_from(list(DAYS)),
        "state": st.sampled_from(list(MOVES)),
    },
)
"""What somebody types into one row."""

SET = st.fixed_dictionaries({}, optional={"owner": st.sampled_from(OWNERS), "note": st.sampled_from(NOTES)})
STEPS = st.one_of(
    st.tuples(st.just("set"), SET),
    st.tuples(st.just("export"), st.just({})),
    st.tuples(st.just("import"), FILLED),
)
FIELDS = ("owner", "note", "deadline", "state")


def means(key, typed):
    """The value that a cell asks for, and whether it can be read and makes sense."""
    if key == "deadline":
        return DAYS[typed]
    return MOVES[typed] if key == "state" else typed


def expected(cells, base, present):
    """What an import must make of each cell: ``applied``, ``conflict``, ``named`` (not taken, and said) or nothing.

    ``base`` is the entry as it was exported, ``present`` as it is. A state that cannot be reached is refused for the
    entry, and with it all that its row asked for.
    """
    outcome = {}
    for key, typed in cells.items():
        wanted, before, now_is = means(key, typed), getattr(base, key), getattr(present, key)
        readable = wanted is not None or typed == "已销号"
        if typed == "已销号":
            wanted = State.CLOSED
        if not readable:
            outcome[key] = "named"
        elif wanted in {before, now_is}:
            continue
        else:
            outcome[key] = "conflict" if before != now_is else "applied"
    if cells.get("state") == "好了":
        # The row is read in the order of its columns, and one whose state cannot be read asks for nothing.
        return {key: "named" for key in ("deadline", "state") if outcome.get(key) == "named"}
    if outcome.get("state") == "applied" and cells["state"] == "已销号":
        return {key: "conflict" if what == "conflict" else "named" for key, what in outcome.items()}
    return outcome


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=2, max_size=8), again=st.booleans())
def test_every_cell_of_every_import_is_applied_or_named_and_nothing_else_changes(ledger, steps, again):
    """Any number of exports that come back in any order, with changes of other people between them."""
    ledger.change([1], WantedChange(state=State.TO_FIX, owner="", note="", deadline=date(2026, 12, 1)), by="王")
    exports = [(exported(ledger).getvalue(), ledger.get(1))]
    for at_step, (what, values) in enumerate(steps):
        if what == "set":
            ledger.change([1], WantedChange(**values), by="赵")
        elif what == "export":
            exports.append((exported(ledger).getvalue(), ledger.get(1)))
        else:
            check_import(ledger, *exports[at_step % len(exports)], values, again=again)


def check_import(ledger, file, base, cells, *, again):
    before, others = ledger.get(1), now(ledger)[1:]
    workbook = edited(io.BytesIO(file), typing(2, **cells))
    outcome = taken(ledger, workbook)
    after, due = ledger.get(1), expected(cells, base, before)
    for key in FIELDS:
        wanted = means(key, cells[key]) if due.get(key) == "applied" else getattr(before, key)
        assert getattr(after, key) == wanted, (key, cells, due)
    changed = {key for key in FIELDS if getattr(after, key) != getattr(before, key)}
    assert {row.field for row in outcome.changes} - {"estimated"} == changed
    conflicts = [line for line in outcome.lines if line.kind is LineKind.CONFLICT]
    assert len(conflicts) == sum(what == "conflict" for what in due.values())
    assert bool(outcome.lines) == any(what != "applied" for what in due.values())
    assert now(ledger)[1:] == others
    if again:
        assert taken(ledger, workbook).changes == []
        assert ledger.get(1) == after


def test_what_somebody_changes_while_a_file_is_taken_in_is_not_overwritten(either_ledger):
    def meanwhile(_entry, wish):
        """Asked between the look at the entries and their change."""
        if wish is not None and either_ledger.get(1).owner == "":
            either_ledger.change([1], WantedChange(owner="赵六"), by="王")

    file = edited(exported(either_ledger), lambda sheet: [typing(row, owner="张三")(sheet) for row in (2, 4)])
    outcome = taken(either_ledger, file, refusal=meanwhile)
    assert [entry.owner for entry in now(either_ledger)][::2] == ["赵六", "张三"]
    assert [(line.number, line.kind) for line in outcome.lines] == [(1, LineKind.REFUSED)]
    assert "刚被别人修改" in words(outcome)


def test_two_importers_at_once_lose_nothing_in_silence(store_url):
    """Copies of one export come back at the same moment: each row is taken from one, and named of the other."""
    numbers, owners = range(1, 41), ("张三", "李四")
    with Store(store_url) as store:
        made = filled(store, len(numbers))
        made.change(numbers, WantedChange(owner=""), by="王")
        file = exported(made).getvalue()

        def fill_in(owner: str):
            def everywhere(sheet):
                for number in numbers:
                    typing(number + 1, owner=owner)(sheet)

            return edited(io.BytesIO(file), everywhere)

        returned = [fill_in(owner) for owner in owners]
        start = Barrier(len(owners))

        def take(workbook: io.BytesIO):
            with Store(store_url) as own:
                start.wait()
                return taken(Ledger(own, clock=lambda: NOW), workbook)

        with ThreadPoolExecutor(len(owners)) as threads:
            outcomes = list(threads.map(take, returned))
        taken_here = [{row.number for row in outcome.changes} for outcome in outcomes]
        named_here = [{line.number for line in outcome.lines} for outcome in outcomes]
        assert taken_here[0].isdisjoint(taken_here[1])
        assert named_here == taken_here[::-1], "what one took, the other has a line of"
        assert taken_here[0] | taken_here[1] == set(numbers)
        for owner, ours in zip(owners, taken_here, strict=True):
            assert all(made.get(number).owner == owner for number in ours)


# ---- WPS -----------------------------------------------------------------------------------------

INLINE = re.compile(r't="inlineStr"><is><t([^>]*)>(.*?)</t></is>', re.DOTALL)
ETC = 'xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"'
CUSTOM = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">
<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer">
<vt:lpwstr>2052-12.1.0.18608</vt:lpwstr></property></Properties>"""
STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def as_wps_saves(workbook: io.BytesIO) -> io.BytesIO:
    """The workbook with what is known of WPS's files: shared strings, one of them in pieces, its namespace, its data.

    It is built after that knowledge, not saved by WPS: no copy of it was at hand.
    """
    strings: list[str] = []

    def share(match: re.Match[str]) -> str:
        space, text = match.groups()
        half = len(text) // 2 if text.isalnum() else 0
        pieces = [text[:half], text[half:]] if half else []
        runs = "".join(f'<r><rPr><rFont val="宋体"/><charset val="134"/></rPr><t>{piece}</t></r>' for piece in pieces)
        strings.append(f'<si>{runs or f"<t{space}>{text}</t>"}<phoneticPr fontId="1"/></si>')
        return f't="s"><v>{len(strings) - 1}</v>'

    out = io.BytesIO()
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name).decode()
            if name.startswith("xl/worksheets/sheet"):
                text = INLINE.sub(share, text.replace("<worksheet ", f"<worksheet {ETC} ", 1))
                text = text.replace("<sheetData>", '<sheetData etc:filterBottomFollowUsedRange="0">')
            if name == "xl/_rels/workbook.xml.rels":
                link = f'<Relationship Id="rId99" Type="{SHARED}" Target="sharedStrings.xml"/>'
                text = text.replace("</Relationships>", f"{link}</Relationships>")
            if name == "[Content_Types].xml":
                part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{STRINGS}"/>'
                text = text.replace("</Types>", f"{part}</Types>")
            target.writestr(name, text)
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        body = f'<sst xmlns="{main}" count="{len(strings)}" uniqueCount="{len(strings)}">{"".join(strings)}</sst>'
        target.writestr("xl/sharedStrings.xml", body)
        target.writestr("docProps/custom.xml", CUSTOM)
    out.seek(0)
    return out


def test_a_file_as_wps_saves_it_is_read_as_it_was(ledger):
    before = now(ledger)
    untouched = taken(ledger, as_wps_saves(exported(ledger)))
    assert (untouched.changes, untouched.lines, now(ledger)) == ([], [], before)
    file = as_wps_saves(exported(ledger)).getvalue()
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert b"inlineStr" not in archive.read("xl/worksheets/sheet1.xml")
    outcome = taken(ledger, edited(io.BytesIO(file), typing(4, owner="张三", state="整改中", deadline="12月8日")))
    assert {(row.number, row.field) for row in outcome.changes} == {(3, "owner"), (3, "state"), (3, "deadline")}
    assert outcome.lines == []


@pytest.mark.parametrize("first_year", [1900, 1904])
@pytest.mark.parametrize("typed", [True, False])
def test_a_date_without_looks_is_the_day_that_its_program_counts(ledger, first_year, typed):
    """A date that was pasted as a value keeps its number alone; 20261208 is what somebody typed."""
    serial = 20261208 if typed else (date(2026, 12, 8) - date(first_year, 1, 1)).days + 2 * (first_year == 1900)

    def edit(sheet):
        sheet.parent.epoch = CALENDAR_MAC_1904 if first_year == 1904 else sheet.parent.epoch
        cell = sheet.cell(3, AT["deadline"])
        cell.value, cell.number_format = serial, "General"

    outcome = taken(ledger, edited(exported(ledger), edit))
    assert ledger.get(2).deadline == date(2026, 12, 8)
    assert not outcome.lines


# ---- LibreOffice ---------------------------------------------------------------------------------

OFFICE = shutil.which("soffice") or shutil.which("localc")


@pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice: apt-get install libreoffice-calc-nogui")
def test_a_file_that_libreoffice_saved_is_read_as_it_was(ledger, tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(edited(exported(ledger), typing(4, owner="张三", deadline="12月8日")).getvalue())
    out = tmp_path / "saved"
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        OFFICE,
        home,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(out),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=500)
    with (out / path.name).open("rb") as stream:
        outcome = taken(ledger, stream)
    assert outcome.lines == []
    assert {(row.number, row.field) for row in outcome.changes} == {(3, "owner"), (3, "deadline")}
    sheet = openpyxl.load_workbook(out / path.name).worksheets[0]
    assert sheet.protection.sheet


def test_a_sheet_that_is_full_is_said(ledger, monkeypatch):
    monkeypatch.setattr("reports.remediation.spreadsheet.ROWS", 2)
    with pytest.raises(SpreadsheetFullError, match="narrow the filters"):
        exported(ledger)


def test_the_advice_of_a_row_is_the_likely_repair(tmp_path):
    repair = Repair(at("/moved.pdf"), RepairReason.FILE_NAME)
    found = finding(url=at("/1.html"), target=link(at("/gone.pdf")), repairs=(repair,))
    with Store(f"sqlite:///{tmp_path}/store.db") as store:
        with store.engine.begin() as connection:
            record = FindingRecord(found.fingerprint, "links", found, Baseline.NEW)
            open_entries(connection, "qinghe", 1, [NewEntry(record, finding_body(found), ())], NOW)
        made = Ledger(store, clock=lambda: NOW)
        assert [each.target for each in made.get(1).suggestions] == [repair.url]
        sheet = openpyxl.load_workbook(exported(made)).worksheets[0]
        assert sheet.cell(2, AT["remedy"]).value == f"可能应为 {repair.url}（本网站另一处有同名文件）"
