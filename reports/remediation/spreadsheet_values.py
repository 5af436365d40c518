"""Read what people fill into the cells of a ledger's spreadsheet, and tell what they touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from reports.remediation.entry import as_text
from reports.remediation.spreadsheet_cells import plain, token
from reports.remediation.spreadsheet_columns import DAYS, FILLED_IN
from reports.remediation.states import State, find_state
from reports.remediation.typed_dates import typed_date
from reports.workbooks.sheets import CellError, Formula


class CoveredCell:
    """What stands in a cell of a merged range but the first: nobody can say what it was meant to hold."""

    def __str__(self) -> str:
        """Say what it is, in a line of the outcome."""
        return "合并的单元格"


def read_cell(key: str, value: object, written: date) -> Any:  # noqa: ANN401 - the value of a field
    """Return the value of a field that a cell means, None for an emptied date or state. Raises ValueError.

    ``written`` is the day of the export: a day without a year is the first one from then on.
    """
    if isinstance(value, Formula | CellError | CoveredCell):
        raise ValueError(f"{value} is no value")  # noqa: TRY004 - the cell is what is wrong, not the call
    return READERS[key](value, written)


def is_touched(key: str, value: object, exported: str, written: date) -> bool:
    """Return whether somebody changed a cell since the export; what cannot be read was changed."""
    try:
        return token(as_text(read_cell(key, value, written))) != token(exported)
    except ValueError:
        return True


def _read_text(value: object, _: date) -> str:
    """Return what a cell shows, also where a program made a number, a day or a truth of what was typed."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime) and value.time() == time.min:
        value = value.date()
    return plain(str(value if value is not None else "")).replace("\r\n", "\n").strip()


def _read_state(value: object, written: date) -> State | None:
    text = _read_text(value, written)
    if not text:
        return None
    state = find_state(text)
    if state is None:
        raise ValueError(f"{text!r} is no state")
    return state


LOOK_BACK = timedelta(days=180)
"""How long before an export a fault may have been mended, for a day without a year: half a year to either side."""


def _read_past_day(value: object, written: date) -> date | None:
    return typed_date(value, written - LOOK_BACK)


READERS: Mapping[str, Callable[[object, date], Any]] = {
    **dict.fromkeys(FILLED_IN, _read_text),
    **dict.fromkeys(DAYS, typed_date),
    "mended": _read_past_day,
    "state": _read_state,
}
"""How the cells of each column are read."""
