"""Working days: announced holidays, weekends worked for them, and the estimate beyond."""

from datetime import date

import pytest

from checks.reading.workdays import WorkCalendar

DAYS = {
    date(2024, 10, 1): False,
    date(2024, 9, 29): True,
    date(2024, 10, 8): True,
    date(2024, 10, 12): True,
    date(2025, 1, 28): False,
    date(2025, 1, 26): True,
    date(2025, 2, 5): True,
    date(2025, 6, 14): False,
}


@pytest.mark.parametrize(("day", "worked"), DAYS.items())
def test_announced_days(day, worked):
    assert WorkCalendar().is_workday(day) is worked
    assert not WorkCalendar().is_estimated(day)


def test_beyond_the_announcements_the_week_is_an_estimate():
    assert WorkCalendar().is_workday(date(2090, 9, 4))
    assert not WorkCalendar().is_workday(date(2090, 9, 3))
    assert WorkCalendar().is_estimated(date(2090, 9, 4))


def test_the_operator_comes_first():
    calendar = WorkCalendar({date(2090, 9, 4): False, date(2090, 9, 3): True})
    assert not calendar.is_workday(date(2090, 9, 4))
    assert calendar.is_workday(date(2090, 9, 3))
    assert not calendar.is_estimated(date(2090, 9, 4))


def test_a_term_begins_on_the_day_after():
    calendar = WorkCalendar()
    assert calendar.between(date(2024, 9, 30), date(2024, 9, 30)).days == 0
    assert calendar.between(date(2024, 9, 30), date(2024, 10, 12)) == (5, False)
    assert calendar.between(date(2024, 10, 12), date(2024, 9, 30)).days == 0
    assert calendar.between(date(2024, 9, 27), date(2024, 9, 30)).days == 2


def test_a_deadline_steps_over_holidays():
    assert WorkCalendar().after(date(2024, 9, 30), 1) == (date(2024, 10, 8), False)
    assert WorkCalendar().after(date(2024, 9, 30), 5) == (date(2024, 10, 12), False)
    assert WorkCalendar().after(date(2090, 9, 1), 1) == (date(2090, 9, 4), True)
    with pytest.raises(ValueError, match="at least one working day, not 0"):
        WorkCalendar().after(date(2024, 9, 30), 0)


def test_counting_and_adding_agree():
    calendar = WorkCalendar()
    for days in range(1, 60):
        deadline = calendar.after(date(2024, 12, 20), days)
        assert calendar.between(date(2024, 12, 20), deadline.day).days == days
