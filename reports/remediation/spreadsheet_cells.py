"""Compare the cells of a spreadsheet across the programs that save it: what they change on their own is no change.

Texts are compared as cells show them, without white space: programs wrap, trim and escape. A long text is compared by
its digest, so that the hidden columns of a file stay small.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, tzinfo
from functools import lru_cache

from reports.remediation.entry import Handling, as_text
from reports.remediation.spreadsheet_columns import FILLED_IN
from reports.safe import cell, is_own_cell, unix_lines, visible
from reports.workbooks.streaming import serial

ENCODER = json.JSONEncoder(separators=(",", ":"))
"""Of ASCII; made once, since ``json.dumps`` makes one for each call with separators (5 µs)."""

TOKEN_CHARACTERS = 200
"""The longest text that is compared as it is."""

MINUTES = 1_440
"""Minutes of a day: programs round the seconds of a time away."""

REMEMBERED = 500
"""Times, and sets of filled-in values, that are remembered while rows are written: they repeat."""

ESCAPED_ESCAPE = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
"""How an underscore is written that would begin an escape (ECMA-376, 22.9.2.19); not every reader undoes it."""

CARRIAGE_RETURN = "_x000D_"


def plain(text: str) -> str:
    """Return a text as somebody typed it, without the escapes that programs leave in it."""
    if "_x" not in text:
        return text
    return ESCAPED_ESCAPE.sub("_", text).replace(CARRIAGE_RETURN, "")


def token(text: str) -> str:
    """Return what two texts that look the same have in common; the token of a token is itself."""
    shown = _shown(cell(text))
    return shown if len(shown) <= TOKEN_CHARACTERS else f"#{_digest(shown)}"


def is_cut(text: str) -> bool:
    """Return whether a cell holds less than the whole text."""
    return cell(text) != visible(unix_lines(text))


def _shown(text: str) -> str:
    return "".join(plain(text).split())


def _digest(shown: str) -> str:
    return hashlib.blake2b(shown.encode("utf-8", "replace"), digest_size=8).hexdigest()


def digest_of(number: object, locked: Iterable[object]) -> str:
    """Return a digest of the locked cells of a row, whatever program wrote them."""
    return digest_of_texts([str(number), *map(canonical, locked)])


def digest_of_texts(texts: Sequence[str]) -> str:
    """Return a digest of the number and the locked cells of a row, each as ``canonical`` has it."""
    row = "|".join(texts)
    if not is_own_cell(row):  # of a row that is one, every text is one
        row = "|".join(map(cell, texts))
    return _digest(_shown(row))


def canonical(value: object) -> str:
    """Return what is the same of a cell in every program: of a text itself, of a number, a date or nothing a text."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, date):
        return _minutes(value, getattr(value, "tzinfo", None))
    return f"{value:.10g}" if isinstance(value, int | float) else str(value)


@lru_cache(REMEMBERED)
def _minutes(moment: date, _: tzinfo | None) -> str:
    """Return a time in minutes; by its zone too, since times of one instant are equal in whatever zones."""
    return str(round(serial(moment) * MINUTES))


def as_exported(handling: Handling) -> str:
    """Return the filled-in values of an entry as JSON in ASCII, which no program changes; empty ones are left out."""
    return _exported(tuple([getattr(handling, key) for key in FILLED_IN]))


@lru_cache(REMEMBERED)
def _exported(values: tuple[object, ...]) -> str:
    """Return the values of FILLED_IN as JSON: remembered, since departments, states and deadlines repeat."""
    texts = {key: token(as_text(value)) for key, value in zip(FILLED_IN, values, strict=True) if value}
    return ENCODER.encode(texts)


def exported_from(value: object) -> Mapping[str, str] | None:
    """Return the filled-in values as they were exported, None where a cell holds none."""
    try:
        values = json.loads(str(value or ""))
    except ValueError:
        return None
    if not isinstance(values, dict) or not all(isinstance(text, str) for text in values.values()):
        return None
    return values
