"""Read the dates that people type into a spreadsheet: 2026/12/1, 2026年12月1日, 20261201, 12月1日, 46357."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

DAY_OF_WEEK, TIME = r"(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?", r"(?:[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.0+)?)?Z?)?"
SEPARATED = re.compile(rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*[日号]?{DAY_OF_WEEK}{TIME}")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
WITHOUT_YEAR = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?" + DAY_OF_WEEK)
SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years that a deadline can have; what lies outside is a slip."""

DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
"""What programs make of a hyphen as people type."""

SERIAL_ZERO = date(1899, 12, 30)
"""Day 0 of the serial numbers of spreadsheets, so that all days from 1 March 1900 are right (ECMA-376, 18.17.4.1)."""


def typed_date(value: object, written: date) -> date | None:
    """Return the day that a cell means, None for an empty one. Raises ValueError for what is no day.

    A day without a year is the first one that is not before ``written``, the day on which the file was made: read a
    week later it is still the same day.
    """
    if isinstance(value, datetime):
        return _within(value.date())
    if isinstance(value, date):
        return _within(value)
    text = _plain(value)
    if not text:
        return None
    if (day := day_with_year(text)) is not None:
        return day
    # A number is no such day: 12.1 may have been 12.10.
    if (match := WITHOUT_YEAR.fullmatch(text)) and not isinstance(value, float):
        return _next(int(match[1]), int(match[2]), written)
    if match := SERIAL.fullmatch(text):
        return _within(SERIAL_ZERO + timedelta(days=int(match[1])))
    raise ValueError(f"{text!r} is no date")


def day_with_year(text: str) -> date | None:
    """Return the day that a text names with its year, None where it names none so. Raises ValueError for no day."""
    plain = _plain(text)
    match = SEPARATED.fullmatch(plain) or COMPACT.fullmatch(plain.removesuffix(".0"))
    return _within(date(*map(int, match.groups()))) if match else None


def _plain(value: object) -> str:
    """Return what a cell shows in half width; white space is one space, so that no pattern tries its ways about it."""
    text = unicodedata.normalize("NFKC", str(value if value is not None else ""))
    return " ".join(text.translate(DASHES).split())


def _within(day: date) -> date:
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise ValueError(f"{day} is no date of a deadline")
    return day


def _next(month: int, day: int, written: date) -> date:
    """Return the first such day from ``written`` on; 29 February may be eight years away."""
    for year in range(written.year, written.year + 9):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate >= written:
            return candidate
    raise ValueError(f"{month}-{day} is no day")
