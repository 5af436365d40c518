"""Dates as people type them into a spreadsheet; what is no date is refused, never guessed."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from reports.remediation.typed_dates import typed_date

WRITTEN = date(2026, 11, 29)
MEANT = date(2026, 12, 1)


@pytest.mark.parametrize(
    "typed",
    [
        MEANT,
        datetime(2026, 12, 1),  # noqa: DTZ001 - as openpyxl gives it
        datetime(2026, 12, 1, 17, 30),  # noqa: DTZ001
        "2026-12-01",
        "2026/12/1",
        "2026.12.1",
        "2026年12月1日",
        "2026 年 12 月 1 日",
        "2026年12月1",
        "20261201",
        20261201,
        20261201.0,
        "12月1日",
        "12/1",
        "12-1",
        "１２月１日",
        "２０２６／１２／１",
        " 2026-12-01 ",
        "2026-12-01 00:00:00",
        "2026-12-01T00:00:00",
        "2026年12月1号",
        "12月1号",
        "2026年12月1日 星期二",
        "2026/12/1（周二）",
        "2026\u201312\u20131",
        "2026－12－01",
        46357,
        46357.0,
        46357.5,
        "46357",
    ],
)
def test_the_forms_that_people_type(typed):
    assert typed_date(typed, WRITTEN) == MEANT


def test_a_date_in_much_white_space_is_read_at_once():
    assert typed_date(f"2026-12-1{' ' * 30_000}10:00", WRITTEN) == MEANT


@pytest.mark.parametrize("typed", [None, "", "  ", "　"])
def test_an_empty_cell_is_no_date(typed):
    assert typed_date(typed, WRITTEN) is None


@pytest.mark.parametrize(
    "typed",
    [
        "尽快",
        "下周五",
        "2026-13-01",
        "2026-02-30",
        "2月30日",
        "1/12/26",
        "26.12.1",
        "12",
        "1",
        7,
        "1926-12-01",
        12.1,
        "2026-12-01 下午",
        "20261301",
        True,
    ],
)
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(ValueError, match=r"is no|day is out of range|month must be"):
        typed_date(typed, WRITTEN)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("11月29日", date(2026, 11, 29)),
        ("11月28日", date(2027, 11, 28)),
        ("1月15日", date(2027, 1, 15)),
        ("2月29日", date(2028, 2, 29)),
    ],
)
def test_a_day_without_a_year_is_the_first_from_the_day_of_the_export_on(typed, meant):
    assert typed_date(typed, WRITTEN) == meant
