"""Define the columns of the ledger's spreadsheet (整改台账): what each shows, and which of them people fill in.

What a person needs to mend a fault stands first and is printed; the columns behind it are for sorting and looking up.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from checks.model import Text
from reports import facts
from reports.remediation.entry import ChangeCause, named
from reports.remediation.ledger_row import LedgerRow, ScoreShare
from reports.remediation.states import STATES
from reports.wording import Words

if TYPE_CHECKING:
    from reports.workbooks.streaming import CellValue


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: ``width`` is in characters, ``kind`` the type of what it holds."""

    key: str
    title: Text
    width: int
    value: Callable[[LedgerRow, Words], CellValue]
    kind: type = str


def _state(row: LedgerRow, say: Words) -> str:
    return STATES[row.entry.state].title(say.language)


GONE, STILL_THERE = Text("复查已不存在", "gone"), Text("复查仍存在", "still there")

WAYS = {
    ChangeCause.RUN: Text("定期检查", "inspection"),
    ChangeCause.RECHECK: Text("专项复查", "recheck"),
    ChangeCause.MIGRATION: Text("旧版记录", "an older version"),
}
"""How a look came about."""

AUTOMATIC = Text("自动复查", "automatic")
"""Who looked where nobody asked for it."""


def _verified(row: LedgerRow, say: Words) -> str:
    if row.entry.closed:
        return GONE(say.language)
    return STILL_THERE(say.language) if row.entry.bounced else ""


def _verified_how(row: LedgerRow, say: Words) -> str:
    if row.look is None:
        return ""
    way = WAYS[row.look.cause](say.language)
    return f"{way} #{row.look.run}" if row.look.run else way


def _verified_by(row: LedgerRow, say: Words) -> str:
    return (named(row.look.by) or AUTOMATIC(say.language)) if row.look else ""


COSTS_NOTHING = ScoreShare()


def _share(row: LedgerRow) -> ScoreShare:
    return row.site.shares.get(row.entry.fingerprint, COSTS_NOTHING)


ESTIMATED = Text("期限为估算（节假日安排尚未公布）", "estimated deadline: holidays not announced")
PLACES = Text("{n} 个页面有同一问题", "on {n} pages")
BOUNCED = Text("报告已整改后 {n} 次复查仍存在", "still there at {n} looks after somebody called it mended")
SUPPRESSED = Text("按误报规则 {n} 判定", "by suppression {n}")


def _known(row: LedgerRow, say: Words) -> str:
    """Return what else is known; what people remark is in 备注."""
    entry, finding = row.entry, row.entry.finding
    pages = max(facts.page_count(finding), facts.referrer_count(finding))
    known = []
    if entry.estimated and entry.deadline is not None:
        known.append(ESTIMATED(say.language))
    if pages > 1:
        known.append(PLACES(say.language).format(n=pages))
    if entry.bounced:
        known.append(BOUNCED(say.language).format(n=entry.bounced))
    if entry.suppression:
        known.append(SUPPRESSED(say.language).format(n=entry.suppression))
    return Text("；", "; ")(say.language).join(known)


def _remedy(row: LedgerRow, say: Words) -> str:
    return facts.remedy(row.entry.finding, say.language)


def _days(row: LedgerRow, _: Words) -> int:
    return (row.entry.last_seen - row.entry.first_seen).days


PRINTED = (
    SheetColumn("at", Text("序号", "No."), 5, lambda row, _: row.at, int),
    SheetColumn("number", Text("问题编号", "Number"), 9, lambda row, _: row.entry.number, int),
    SheetColumn("site", Text("网站名称", "Site"), 14, lambda row, _: row.site.name),
    SheetColumn("severity", Text("等级", "Severity"), 6, lambda row, say: say.label("severity", row.entry.severity)),
    SheetColumn("message", Text("错误内容", "Problem"), 26, lambda row, say: row.entry.message(say.language)),
    SheetColumn("page_title", Text("页面标题", "Page title"), 18, lambda row, _: row.page_title),
    SheetColumn("page", Text("页面URL", "Page"), 26, lambda row, _: row.entry.page),
    SheetColumn("target", Text("问题链接", "Target"), 26, lambda row, _: row.entry.target),
    SheetColumn("context", Text("定位/上下文", "Context"), 22, lambda row, _: facts.wording(row.entry.finding)),
    SheetColumn("remedy", Text("修改建议", "Advice"), 24, _remedy),
    SheetColumn("department", Text("责任处室", "Department"), 11, lambda row, _: row.entry.department),
    SheetColumn("owner", Text("责任人", "Owner"), 9, lambda row, _: row.entry.owner),
    SheetColumn("deadline", Text("整改期限", "Deadline"), 11, lambda row, _: row.entry.deadline, date),
    SheetColumn("state", Text("状态", "State"), 9, _state),
    SheetColumn("note", Text("整改说明", "Note"), 20, lambda row, _: row.entry.note),
    SheetColumn("mended", Text("整改时间", "Mended"), 11, lambda row, _: row.entry.mended, date),
)
"""The columns that are on paper: what is wrong, where, what to do, who does it until when, and what was done."""

LOOKED_UP = (
    SheetColumn("remark", Text("备注", "Remark"), 20, lambda row, _: row.entry.remark),
    SheetColumn("reason", Text("理由", "Reason"), 20, lambda row, _: row.entry.reason),
    SheetColumn("until", Text("理由有效期", "Until"), 11, lambda row, _: row.entry.until, date),
    SheetColumn("result", Text("复核结果", "Verified"), 12, _verified),
    SheetColumn("verified_how", Text("复核方式", "Verified by way of"), 14, _verified_how),
    SheetColumn("verified_by", Text("复核人", "Verified by"), 9, _verified_by),
    SheetColumn("closed", Text("销号时间", "Closed"), 16, lambda row, _: row.entry.closed, datetime),
    SheetColumn("reopened", Text("重复次数", "Reopened"), 8, lambda row, _: row.entry.reopened, int),
    SheetColumn("known", Text("系统说明", "Also known"), 24, _known),
    SheetColumn("column", Text("栏目", "Column"), 12, lambda row, _: row.entry.finding.column),
    SheetColumn("link_text", Text("链接文字", "Link text"), 18, lambda row, _: facts.link_text(row.entry.finding)),
    SheetColumn("answer", Text("HTTP状态/原因", "Answer"), 14, lambda row, say: facts.answer(row.entry.finding, say)),
    SheetColumn("snapshot", Text("快照", "Seen"), 30, lambda row, say: facts.seen(row.entry.finding, say)),
    SheetColumn("family", Text("大类", "Family"), 10, lambda row, say: say.label("family", row.entry.family)),
    SheetColumn("rule", Text("小类", "Rule"), 16, lambda row, say: row.entry.finding.rule.title(say.language)),
    SheetColumn("basis", Text("规则/依据", "Basis"), 24, lambda row, say: row.entry.finding.rule.basis(say.language)),
    SheetColumn(
        "confidence", Text("置信度", "Confidence"), 8, lambda row, say: say.label("confidence", row.entry.confidence)
    ),
    SheetColumn("points", Text("扣分估算", "Points"), 8, lambda row, _: _share(row).points, int),
    SheetColumn("veto", Text("单项否决", "Veto"), 16, lambda row, say: _share(row).veto(say.language)),
    SheetColumn("code", Text("标识码", "Site code"), 12, lambda row, _: row.site.code),
    SheetColumn("run", Text("检查批次", "Run"), 8, lambda row, _: row.entry.last_run, int),
    SheetColumn("first_seen", Text("首次发现", "First seen"), 16, lambda row, _: row.entry.first_seen, datetime),
    SheetColumn("last_seen", Text("最近发现", "Last seen"), 16, lambda row, _: row.entry.last_seen, datetime),
    SheetColumn("days", Text("持续天数", "Days"), 8, _days, int),
)
"""The columns behind them, for sorting and looking up."""

COLUMNS = (*PRINTED, *LOOKED_UP)
"""The columns that a remediation ledger has."""

# ---- parts ---------------------------------------------------------------------------------------

Facet = Callable[[LedgerRow], Hashable]
"""What some columns show nothing beyond: rows in which it is equal have the same cells there."""


def _handling(row: LedgerRow) -> Hashable:
    entry = row.entry
    days = entry.deadline, entry.mended, entry.until
    return entry.department, entry.owner, entry.state, entry.note, entry.remark, entry.reason, days


def _verification(row: LedgerRow) -> Hashable:
    entry = row.entry
    return entry.closed, entry.bounced, entry.reopened, row.look


def _rule_and_runs(row: LedgerRow) -> Hashable:
    entry = row.entry
    runs = entry.first_seen, entry.last_seen, entry.last_run
    return entry.rule, entry.confidence, _share(row), row.site.code, runs


FACETS: Mapping[str, Facet] = {
    **dict.fromkeys(("department", "owner", "deadline", "state", "note", "mended"), _handling),
    **dict.fromkeys(("remark", "reason", "until"), _handling),
    **dict.fromkeys(("result", "verified_how", "verified_by", "closed", "reopened"), _verification),
    **dict.fromkeys(("family", "rule", "basis", "confidence", "points", "veto"), _rule_and_runs),
    **dict.fromkeys(("code", "run", "first_seen", "last_seen", "days"), _rule_and_runs),
}
"""What decides a column that says the same in many rows; of the others, nearly every row has a value of its own."""


class SheetPart(NamedTuple):
    """Columns that stand side by side and have one facet, or none."""

    facet: Facet | None
    columns: tuple[SheetColumn, ...]


PARTS = tuple(
    SheetPart(facet, tuple(columns)) for facet, columns in groupby(COLUMNS, key=lambda column: FACETS.get(column.key))
)
"""All columns, so divided: what a facet decides is made, and written, once for the rows that share it."""

FILLED_IN = ("department", "owner", "deadline", "state", "note", "mended", "remark", "reason", "until")
"""Columns, and fields of an entry, that people may change; all others are locked."""

DAYS = ("deadline", "mended", "until")
"""Filled-in columns of dates."""

BEFORE_REMARKS = ("department", "owner", "deadline", "state", "note", "reason", "until")
"""What people could fill in before layout 3: 整改时间 was that of their saying so, 备注 what else is known."""

FILLED_IN_OF = {1: BEFORE_REMARKS, 2: BEFORE_REMARKS, 3: FILLED_IN}
"""The columns that people may change, by version of the layout."""

LOCKED = {
    1: ("site", "family", "rule", "page", "target", "message"),
    2: (
        *("site", "severity", "message", "page_title", "page", "target", "context", "remedy"),
        *("mended", "result", "verified_how", "verified_by", "closed", "reopened", "remark"),
        *("column", "link_text", "answer", "snapshot", "family", "rule", "basis", "confidence", "points", "veto"),
        *("code", "run", "first_seen", "last_seen", "days"),
    ),
    3: tuple(column.key for column in COLUMNS if column.key not in {"at", "number", *FILLED_IN}),
}
"""Locked columns of which a digest is kept, by version of the layout; what people sort they may number anew (序号)."""
