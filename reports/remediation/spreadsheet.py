"""Write the remediation ledger (整改台账) as a workbook that departments fill in, and whose cells find their way back.

What people may fill in is unlocked; the rest is protected without a password, against slips and not against people.
Three hidden columns carry what the import needs: the fault's fingerprint, the filled-in values as they were exported,
and a digest of the locked cells of the row. Every text is written as a string, so that none is ever a formula.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

import xlsxwriter

from checks.model import Text
from reports import facts
from reports.remediation.entry import LedgerEntry
from reports.remediation.states import STATES
from reports.safe import cell
from reports.wording import Words, words

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ROWS = 1_048_575
"""What a sheet holds below its heading (Excel specifications and limits)."""

CELL = 30_000
"""Characters that are put in one cell of the hidden sheet; Excel holds 32,767."""

HIDDEN_SHEET = "_sitehealth"
FINGERPRINT, EXPORTED, DIGEST = "#fingerprint", "#exported", "#digest"
HIDDEN = (FINGERPRINT, EXPORTED, DIGEST)

VERSION = 1
"""Of the layout; a reader refuses what it does not know."""

CellValue = str | int | date | datetime | None


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: ``width`` is in characters. ``filled_in`` names the field of the entry that people may change."""

    key: str
    title: Text
    width: int
    value: Callable[[LedgerEntry, Words], CellValue]
    filled_in: bool = False


def _state(entry: LedgerEntry, say: Words) -> str:
    return STATES[entry.state].title(say.language)


def _verified(entry: LedgerEntry, say: Words) -> str:
    if entry.closed:
        return Text("复查已不存在", "gone")(say.language)
    return Text("复查仍存在", "still there")(say.language) if entry.bounced else ""


COLUMNS = (
    SheetColumn("number", Text("问题编号", "Number"), 9, lambda e, _: e.number),
    SheetColumn("site", Text("网站名称", "Site"), 18, lambda e, _: e.site),
    SheetColumn("run", Text("检查批次", "Run"), 8, lambda e, _: e.last_run),
    SheetColumn("family", Text("大类", "Family"), 10, lambda e, say: say.label("family", e.family)),
    SheetColumn("rule", Text("小类", "Rule"), 16, lambda e, say: e.finding.rule.title(say.language)),
    SheetColumn("basis", Text("规则/依据", "Basis"), 24, lambda e, say: e.finding.rule.basis(say.language)),
    SheetColumn("severity", Text("等级", "Severity"), 7, lambda e, say: say.label("severity", e.severity)),
    SheetColumn("confidence", Text("置信度", "Confidence"), 8, lambda e, say: say.label("confidence", e.confidence)),
    SheetColumn("column", Text("栏目", "Column"), 12, lambda e, _: e.finding.column),
    SheetColumn("page", Text("页面URL", "Page"), 36, lambda e, _: e.page),
    SheetColumn("target", Text("问题链接", "Target"), 36, lambda e, _: e.target),
    SheetColumn("link_text", Text("链接文字", "Link text"), 18, lambda e, _: facts.link_text(e.finding)),
    SheetColumn("context", Text("定位/上下文", "Context"), 36, lambda e, _: facts.wording(e.finding)),
    SheetColumn("message", Text("错误内容", "Problem"), 36, lambda e, say: e.message(say.language)),
    SheetColumn("remedy", Text("修改建议", "Advice"), 32, lambda e, say: facts.remedy(e.finding, say.language)),
    SheetColumn("answer", Text("HTTP状态/原因", "Answer"), 14, lambda e, say: facts.answer(e.finding, say)),
    SheetColumn("first_seen", Text("首次发现", "First seen"), 16, lambda e, _: e.first_seen),
    SheetColumn("last_seen", Text("最近发现", "Last seen"), 16, lambda e, _: e.last_seen),
    SheetColumn("days", Text("持续天数", "Days"), 8, lambda e, _: (e.last_seen - e.first_seen).days),
    SheetColumn("department", Text("责任处室", "Department"), 14, lambda e, _: e.department, filled_in=True),
    SheetColumn("owner", Text("责任人", "Owner"), 10, lambda e, _: e.owner, filled_in=True),
    SheetColumn("deadline", Text("整改期限", "Deadline"), 12, lambda e, _: e.deadline, filled_in=True),
    SheetColumn("state", Text("状态", "State"), 10, _state, filled_in=True),
    SheetColumn("reason", Text("理由", "Reason"), 24, lambda e, _: e.reason, filled_in=True),
    SheetColumn("until", Text("理由有效期", "Until"), 12, lambda e, _: e.until, filled_in=True),
    SheetColumn("note", Text("整改说明", "Note"), 30, lambda e, _: e.note, filled_in=True),
    SheetColumn("result", Text("复核结果", "Verified"), 12, _verified),
    SheetColumn("closed", Text("销号时间", "Closed"), 16, lambda e, _: e.closed),
    SheetColumn("reopened", Text("重复次数", "Reopened"), 8, lambda e, _: e.reopened),
)
"""The columns that a remediation ledger has, in their order, as far as the ledger knows them."""

FILLED_IN = tuple(column.key for column in COLUMNS if column.filled_in)
DAYS = ("deadline", "until")
LOCKED_TEXT = ("site", "family", "rule", "page", "target", "message")
"""Locked columns of which a digest is kept: texts alone, which every program writes back as they were."""


def digest_of(number: object, texts: Iterable[object]) -> str:
    """Return a digest of the locked cells of a row; white space does not count, programs change it."""
    parts = "\x1f".join(["".join(str(text or "").split()) for text in (number, *texts)])
    return hashlib.blake2b(parts.encode("utf-8", "replace"), digest_size=8).hexdigest()


def as_exported(entry: LedgerEntry) -> str:
    """Return the filled-in values of an entry as JSON in ASCII, which no program changes."""
    values = (getattr(entry, key) for key in FILLED_IN)
    texts = {
        key: value.isoformat() if isinstance(value, date) else str(value or "")
        for key, value in zip(FILLED_IN, values, strict=True)
    }
    return json.dumps({key: text for key, text in texts.items() if text}, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class DropDowns:
    """What is offered in the columns of departments and owners; other words may be typed all the same."""

    departments: Sequence[str] = ()
    owners: Sequence[str] = ()


@dataclass(slots=True)
class _Looks:
    """The formats of a workbook, by what a cell holds and whether it may be changed."""

    heading: Format
    locked: Mapping[type, Format]
    open: Mapping[type, Format]

    @classmethod
    def of(cls, book: xlsxwriter.Workbook) -> _Looks:
        base = {"valign": "top", "text_wrap": True, "font_size": 10}
        formats: dict[type, dict[str, Any]] = {
            str: {**base, "num_format": "@"},
            int: base,
            date: {**base, "num_format": "yyyy-mm-dd", "align": "left"},
            datetime: {**base, "num_format": "yyyy-mm-dd hh:mm", "align": "left"},
        }
        unlocked = {"locked": False, "bg_color": "#FFF9E5", "border": 1, "border_color": "#D9D9D9"}
        heading = {**base, "bold": True, "font_color": "#FFFFFF", "bg_color": "#12335C", "border": 1}
        return cls(
            book.add_format(heading),
            {kind: book.add_format(options) for kind, options in formats.items()},
            {kind: book.add_format({**options, **unlocked}) for kind, options in formats.items()},
        )


@dataclass(slots=True)
class _LedgerSheet:
    """The sheet with the entries, written from the top down."""

    sheet: Worksheet
    looks: _Looks
    say: Words
    row: int = 0
    numbers: list[int] = field(default_factory=list)

    def headings(self) -> None:
        """Write and freeze the headings; unlock the columns that people fill in, empty cells included."""
        for at, column in enumerate(COLUMNS):
            kind: type = date if column.key in DAYS else str
            self.sheet.set_column(at, at, column.width, self.looks.open[kind] if column.filled_in else None)
            self.sheet.write_string(0, at, column.title(self.say.language), self.looks.heading)
        last = len(COLUMNS)
        self.sheet.set_column(last, last + len(HIDDEN) - 1, 10, None, {"hidden": True})
        for at, name in enumerate(HIDDEN, last):
            self.sheet.write_string(0, at, name, self.looks.heading)
        self.sheet.freeze_panes(1, 1)

    def entry(self, entry: LedgerEntry) -> None:
        """Write the row of one entry. Raises ValueError where the sheet is full."""
        if self.row >= ROWS:
            raise ValueError(f"a sheet holds {ROWS} entries; narrow the filters")
        self.row += 1
        self.numbers.append(entry.number)
        shown = {column.key: column.value(entry, self.say) for column in COLUMNS}
        for at, column in enumerate(COLUMNS):
            self._write(at, shown[column.key], self.looks.open if column.filled_in else self.looks.locked)
        texts = [cell(str(shown[key])) if shown[key] else "" for key in LOCKED_TEXT]
        hidden = (entry.fingerprint, as_exported(entry), digest_of(entry.number, texts))
        for at, text in enumerate(hidden, len(COLUMNS)):
            self.sheet.write_string(self.row, at, text[:CELL])

    def _write(self, at: int, value: CellValue, looks: Mapping[type, Format]) -> None:
        """Write one cell as what it is; an empty one has the look of its column."""
        if value is None or value == "":
            return
        if isinstance(value, datetime):
            self.sheet.write_datetime(self.row, at, value.replace(tzinfo=None), looks[datetime])
        elif isinstance(value, date):
            self.sheet.write_datetime(self.row, at, value, looks[date])
        elif isinstance(value, int):
            self.sheet.write_number(self.row, at, value, looks[int])
        else:
            self.sheet.write_string(self.row, at, cell(value), looks[str])

    def finish(self, offered: DropDowns) -> None:
        """Add what holds for whole columns: the filter, what is offered, and the protection."""
        last = max(self.row, 1)
        self.sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
        titles = [rule.title(self.say.language) for rule in STATES.values()]
        self._offer("state", last, {"validate": "list", "source": titles})
        for key, letter, names in (("department", "B", offered.departments), ("owner", "C", offered.owners)):
            if names:
                source = f"={HIDDEN_SHEET}!${letter}$1:${letter}${len(names)}"
                self._offer(key, last, {"validate": "list", "source": source, "error_type": "information"})
        options = ("autofilter", "sort", "format_columns", "format_rows", "format_cells")
        self.sheet.protect("", dict.fromkeys(options, True))

    def _offer(self, key: str, last: int, validation: Mapping[str, object]) -> None:
        at = next(at for at, column in enumerate(COLUMNS) if column.key == key)
        self.sheet.data_validation(1, at, last, at, dict(validation))


def write_spreadsheet(
    entries: Iterable[LedgerEntry], offered: DropDowns, written: date, language: str, out: BinaryIO
) -> int:
    """Write entries as a workbook and return their number; ``written`` is the day on which that is.

    Rows leave memory as they are written. Raises ValueError where there are more than a sheet holds.
    """
    say = words(language)
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        book.set_properties({"title": Text("整改台账", "Remediation ledger")(language)})
        sheet = _LedgerSheet(book.add_worksheet(Text("整改台账", "Remediation ledger")(language)), _Looks.of(book), say)
        sheet.headings()
        for entry in entries:
            sheet.entry(entry)
        sheet.finish(offered)
        _write_hidden_sheet(book.add_worksheet(HIDDEN_SHEET), sheet.numbers, offered, written)
    return sheet.row


def _write_hidden_sheet(sheet: Worksheet, numbers: Sequence[int], offered: DropDowns, written: date) -> None:
    """Write what was exported, and when: the first column has the facts, the others what is offered."""
    column = [str(VERSION), written.isoformat(), *_pieces(",".join(_ranges(sorted(numbers))))]
    width = (column, list(offered.departments), list(offered.owners))
    for row in range(max(map(len, width))):
        for at, texts in enumerate(width):
            if row < len(texts):
                sheet.write_string(row, at, cell(texts[row]))
    sheet.hide()


def _ranges(numbers: Sequence[int]) -> Iterable[str]:
    """Yield the numbers as ``1-5``, in order."""
    start = last = None
    for number in numbers:
        if last is not None and number == last + 1:
            last = number
            continue
        if start is not None:
            yield f"{start}-{last}"
        start = last = number
    if start is not None:
        yield f"{start}-{last}"


def _pieces(text: str) -> Iterable[str]:
    return (text[at : at + CELL] for at in range(0, len(text), CELL))
