"""Tell which locked cells of a row that came back somebody changed, what they held and what they hold. Pure.

A file holds of its locked cells a digest a row alone. What a cell was exported with is what the ledger says now, unless
the ledger has changed since: so it is tried which cells, put back, give the row the digest that it had. What fits is
certain; where nothing does, it is said which cells may be meant and not what they held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, combinations, islice
from typing import TYPE_CHECKING, NamedTuple

from checks.model import Text
from reports.remediation.ledger_row import LedgerRow
from reports.remediation.spreadsheet_cells import canonical, digest_of, token
from reports.remediation.spreadsheet_columns import COLUMNS
from reports.remediation.spreadsheet_reading import LockedCells, SheetRow
from reports.safe import clip, one_line
from reports.wording import LANGUAGES, words
from reports.workbooks.sheets import Content

if TYPE_CHECKING:
    from reports.workbooks.streaming import CellValue

TRIED_TOGETHER = 8
"""Cells of which every selection is tried; of more each one by itself, and all of them."""

NAMED = 5
"""Cells of a row that are named."""

SHOWN = 60
"""Characters of a cell that are shown."""

CANDIDATES = 200
"""Numbers that a row is tried with whose own was changed."""

TITLES = {column.key: column.title for column in COLUMNS}
CHANGED = Text("锁定的单元格被改动，整行不处理", "locked cells were changed; nothing of the row is taken")
ONE_OF = Text(
    "；台账在导出之后也有变化，改动在其中：",
    "; the ledger has changed as well since the export, and they are among ",
)
EMPTY = Text("空", "empty")


class CellChange(NamedTuple):
    """A locked cell that somebody changed, or where that is not certain, that is not as the ledger has it now."""

    key: str
    before: CellValue
    after: Content
    place: str
    is_certain: bool = True


def what_was_changed(row: SheetRow, present: LedgerRow | None) -> Text:
    """Return that locked cells of a row were changed, and where ``present``, the row as it is now, tells it, which."""
    changes = _changes(row.number, row.changed, present) if row.changed and present else []
    if not changes:
        return CHANGED
    is_certain = all(each.is_certain for each in changes)
    named = [_in_words(each) if is_certain else _where(each) for each in changes[:NAMED]]
    more = len(changes) - len(named)
    start = Text("：", ": ") if is_certain else ONE_OF
    return Text(
        CHANGED.zh + start.zh + "；".join(each.zh for each in named) + (f"；另有 {more} 处" if more else ""),
        CHANGED.en + start.en + "; ".join(each.en for each in named) + (f"; and {more} more" if more else ""),
    )


def number_before(row: SheetRow, missing: Iterable[int]) -> int | None:
    """Return the number that a row was exported with, one of those that the file lacks; None where it is none."""
    changed = row.changed
    if changed is None or not changed.cells:
        return None
    values = [changed.cells[key].value for key in changed.keys]
    tried = islice(missing, CANDIDATES)
    return next((number for number in tried if digest_of(number, values) == changed.digest), None)


def what_number_was_changed(row: SheetRow, before: int) -> Text:
    """Return that the number of a row was changed."""
    cell = row.changed.cells["number"] if row.changed else None
    change = CellChange("number", before, cell.value if cell else None, cell.place if cell else "")
    named = _in_words(change)
    return Text(f"{CHANGED.zh}：{named.zh}", f"{CHANGED.en}: {named.en}")


def _changes(number: int | None, changed: LockedCells, present: LedgerRow) -> list[CellChange]:
    """Return the cells that were changed; in whichever language the file is."""
    fewest: list[CellChange] = []
    for language in LANGUAGES:
        say = words(language)
        now = {column.key: column.value(present, say) for column in COLUMNS if column.key in changed.keys}
        differing = [key for key in changed.keys if _shown_alike(now[key]) != _shown_alike(changed.cells[key].value)]
        for chosen in _selections(differing):
            if _digest_with(number, changed, now, chosen) == changed.digest:
                return [_change(key, now, changed) for key in chosen]
        if not fewest or len(differing) < len(fewest):
            fewest = [_change(key, now, changed)._replace(is_certain=False) for key in differing]
    return fewest


def _shown_alike(value: object) -> str:
    return token(canonical(value))


def _selections(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield selections of columns, the smallest first."""
    if len(keys) > TRIED_TOGETHER:
        return chain(((key,) for key in keys), [tuple(keys)])
    return chain.from_iterable(combinations(keys, size) for size in range(1, len(keys) + 1))


def _digest_with(number: int | None, changed: LockedCells, now: Mapping[str, CellValue], chosen: Sequence[str]) -> str:
    """Return the digest of a row, some of whose cells are put back."""
    return digest_of(number, [now[key] if key in chosen else changed.cells[key].value for key in changed.keys])


def _change(key: str, now: Mapping[str, CellValue], changed: LockedCells) -> CellChange:
    cell = changed.cells[key]
    return CellChange(key, now[key], cell.value, cell.place)


def _where(change: CellChange) -> Text:
    """Return a cell by its place and its heading; where the sheet has no such column, that it has none."""
    title = TITLES[change.key]
    if not change.place:
        return Text(f"没有“{title.zh}”这一列", f"there is no column {title.en}")
    return Text(f"{change.place}“{title.zh}”", f"{change.place} {title.en}")


def _in_words(change: CellChange) -> Text:
    """Return a cell with what it held and what it holds."""
    where = _where(change)
    if not change.place:
        return where
    before, after = _shown(change.before), _shown(change.after)
    return Text(f"{where.zh}原为{before.zh}，现为{after.zh}", f"{where.en} was {before.en}, is {after.en}")


def _shown(value: object) -> Text:
    """Return what a cell shows."""
    if value is None or value == "":
        return EMPTY
    text = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else one_line(str(value))
    text = clip(text, SHOWN)
    return Text(f"“{text}”", f"“{text}”")
