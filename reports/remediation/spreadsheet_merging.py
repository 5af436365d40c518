"""Decide what a workbook that came back changes: three versions of every cell, and never a guess. Pure.

The cell as it was exported, as it came back, and as the ledger has it now. What nobody touched in the file changes
nothing; what somebody else has changed in the ledger meanwhile is a conflict and stays as it is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from checks.model import Text
from reports.remediation.changes import WantedChange
from reports.remediation.entry import LedgerEntry, as_text
from reports.remediation.ledger_row import LedgerRow
from reports.remediation.locked_cells import number_before, what_number_was_changed, what_was_changed
from reports.remediation.spreadsheet_cells import is_cut, token
from reports.remediation.spreadsheet_columns import COLUMNS
from reports.remediation.spreadsheet_reading import ReturnedSpreadsheet, SheetRow
from reports.remediation.spreadsheet_values import read_cell
from reports.remediation.states import STATES, State
from reports.safe import clip

JUDGEMENT = ("state", "reason", "until")
"""Fields that make sense together alone: a conflict in one of them keeps all three as they are."""

SHOWN = 100
"""Characters of a cell that is not understood which are shown."""

TITLES = {column.key: column.title for column in COLUMNS}


class LineKind(StrEnum):
    """What a line of the outcome is about."""

    CONFLICT = "conflict"
    REFUSED = "refused"
    SKIPPED = "skipped"
    NOTE = "note"


class OutcomeLine(NamedTuple):
    """One line of the outcome of an import: ``place`` is sheet and row, ``number`` None where a row has none."""

    kind: LineKind
    place: str
    number: int | None
    message: Text


@dataclass(slots=True)
class Merged:
    """What a workbook asks for: a wish for each entry that it changes, by number, and what there is to say."""

    wishes: dict[int, WantedChange] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)
    lines: list[OutcomeLine] = field(default_factory=list)

    def say(self, kind: LineKind, row: SheetRow, zh: str, en: str) -> None:
        """Add a line about a row."""
        self.lines.append(OutcomeLine(kind, row.place, row.number, Text(zh, en)))


def clear_rows(
    returned: ReturnedSpreadsheet,
    fingerprints: Mapping[int, str],
    present: Mapping[int, LedgerRow],
    merged: Merged,
) -> Iterator[SheetRow]:
    """Yield the rows of which it is certain what they ask for, and name all others.

    ``fingerprints`` are the faults of the ledger by the numbers of the file, ``present`` the rows as they are now where
    locked cells were changed. Rows that nobody touched ask for nothing.
    """
    merged.lines += [OutcomeLine(LineKind.SKIPPED, part.sheet, None, part.reason) for part in returned.unread]
    copies: Counter[int | None] = Counter(row.number for row in returned.rows)
    missing = returned.numbers - copies.keys()
    for row in returned.rows:
        problem = _stranger(row, fingerprints)
        if problem is not None and (before := number_before(row, missing)) is not None:
            problem, missing = what_number_was_changed(row, before), missing - {before}
        problem = problem or _doubtful(row, copies, present)
        if problem is not None:
            merged.say(LineKind.SKIPPED, row, *problem)
        elif row.touched:
            yield row
    _say_deleted(merged, missing)


def _stranger(row: SheetRow, fingerprints: Mapping[int, str]) -> Text | None:
    """Return why a row is none of the ledger's, None where it is."""
    if row.number is None:
        return Text("没有问题编号，不处理（手工添加的行）", "no number; a row made by hand is not taken")
    if row.number not in fingerprints:
        return Text("台账中没有这个编号", "the ledger has no entry of this number")
    if row.exported is None or not row.fingerprint:
        return Text("不是导出的行，不处理（手工添加的行）", "not a row of the export; a row made by hand is not taken")
    if row.fingerprint != fingerprints[row.number]:
        return Text("编号与导出的问题不符（改动过编号，或来自另一个台账）", "the number is that of another fault here")
    return None


def _doubtful(row: SheetRow, copies: Mapping[int | None, int], present: Mapping[int, LedgerRow]) -> Text | None:
    """Return why it is not certain what a row of the ledger asks for, None where it is."""
    if copies[row.number] > 1:
        return Text("同一编号出现多次，都不处理", "the number stands in several rows; none of them is taken")
    if row.changed is not None:
        return what_was_changed(row, None if row.number is None else present.get(row.number))
    return None


def _say_deleted(merged: Merged, missing: Collection[int]) -> None:
    if missing:
        shown = ", ".join(map(str, sorted(missing)[:20])) + ("…" if len(missing) > 20 else "")
        words = Text(
            f"导出的 {len(missing)} 行已被删除，对应的问题保持不变：{shown}",
            f"exported rows that were deleted: {len(missing)}; their entries stay as they are: {shown}",
        )
        merged.lines.append(OutcomeLine(LineKind.NOTE, "", None, words))


# ---- one row -------------------------------------------------------------------------------------


class _Touched(NamedTuple):
    """A cell that somebody filled in: the wanted value, and whether somebody else changed the entry meanwhile."""

    value: Any
    conflict: bool


def merge_row(merged: Merged, row: SheetRow, entry: LedgerEntry, written: date) -> None:
    """Add what a row changes of its entry, and a line for everything that it cannot."""
    touched: dict[str, _Touched] = {}
    for key, value in row.touched.items():
        if is_cut(as_text(getattr(entry, key))):
            _say_cut(merged, row, TITLES[key])
            continue
        try:
            cell_touched = _touched(key, value, (row.exported or {}).get(key, ""), entry, written)
        except ValueError:
            _say_unread(merged, row, key, value)
            if key in JUDGEMENT:
                return
            continue
        if cell_touched is not None:
            touched[key] = cell_touched
    wanted = dict(_wanted(merged, row, touched, entry))
    if wanted:
        merged.wishes[entry.number] = WantedChange(**wanted)
        merged.places[entry.number] = row.place


def _say_unread(merged: Merged, row: SheetRow, key: str, value: object) -> None:
    """Say that a cell cannot be read; of states, which there are."""
    title, shown = TITLES[key], clip(str(value), SHOWN)
    zh, en = f"“{title.zh}”读不懂：{shown}", f"{title.en} is not understood: {shown}"
    if key == "state":
        titles = [rule.title for rule in STATES.values()]
        zh += f"；可以是：{'、'.join(each.zh for each in titles)}"
        en += f"; it can be: {', '.join(each.en for each in titles)}"
    merged.say(LineKind.SKIPPED, row, zh, en)


def _say_cut(merged: Merged, row: SheetRow, title: Text) -> None:
    """Say that a text which no cell holds whole is not taken from one: its end would be lost."""
    merged.say(
        LineKind.SKIPPED,
        row,
        f"“{title.zh}”在台账中比单元格能容纳的更长，不能在表中修改",
        f"{title.en} is longer in the ledger than a cell holds; it cannot be changed in a file",
    )


def _touched(key: str, value: object, exported: str, entry: LedgerEntry, written: date) -> _Touched | None:
    """Return what a cell asks for, None where the ledger has it already. Raises ValueError for what cannot be read."""
    wanted, now = read_cell(key, value, written), token(as_text(getattr(entry, key)))
    if token(as_text(wanted)) == now:
        return None
    return _Touched(wanted, conflict=now != token(exported))


def _wanted(
    merged: Merged, row: SheetRow, touched: Mapping[str, _Touched], entry: LedgerEntry
) -> Iterator[tuple[str, Any]]:
    conflicts = {key for key, each in touched.items() if each.conflict}
    held_back = set(JUDGEMENT) if conflicts & set(JUDGEMENT) else set[str]()
    for key, each in touched.items():
        title = TITLES[key]
        if key in conflicts or key in held_back:
            now, wanted = _in_words(getattr(entry, key)), _in_words(each.value)
            merged.say(
                LineKind.CONFLICT,
                row,
                f"“{title.zh}”已被别人改为“{now.zh}”，表中的“{wanted.zh}”没有写入",
                f"{title.en} is now {now.en!r} by somebody else; {wanted.en!r} of the file was not taken",
            )
        elif each.value is None:
            merged.say(LineKind.NOTE, row, f"“{title.zh}”不能清空，保持不变", f"{title.en} cannot be emptied; it stays")
        else:
            yield key, each.value
    if "reason" in touched and not held_back:
        state = touched["state"].value if "state" in touched else entry.state
        if not STATES[state].needs_reason:
            merged.say(
                LineKind.NOTE,
                row,
                f"“{STATES[state].title.zh}”不需要理由；要留下说明，请填“整改说明”",
                f"{state} takes no reason; what is to be kept belongs into the note",
            )


def _in_words(value: object) -> Text:
    if isinstance(value, State):
        return STATES[value].title
    text = "" if value is None else str(value)
    return Text(text, text)
