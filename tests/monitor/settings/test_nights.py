"""Rounds are spread over nights so that the load of a week is level, and every site has each of its rounds once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.rounds import Calendar
from monitor.settings.service import QuarterlySettings, ScheduleSettings, SiteScheduleSettings, WeeklySettings

ZONE = ZoneInfo("Asia/Shanghai")
SITES = 13_000
HOUR, WEEK = 3600.0, 7 * 86_400.0

SCHEDULE = ScheduleSettings(
    weekly=WeeklySettings(weekday="saturday", time="20:00", nights=7),
    quarterly=QuarterlySettings(week="second", weekday="friday", time="20:00", nights=84),
    spread=599,
)


@pytest.fixture(scope="module")
def calendars() -> list[dict[str, Calendar]]:
    return [SCHEDULE.calendars(f"s{number}.cn", SiteScheduleSettings()) for number in range(SITES)]


def rounds(calendars: list[dict[str, Calendar]], scope: str, start: datetime, end: datetime) -> list[list[float]]:
    return [list(each[scope].between(start.timestamp() - 1, end.timestamp())) for each in calendars]


def test_the_busiest_hour_of_a_week_is_hardly_busier_than_the_mean_of_the_nights(calendars):
    start = datetime(2026, 11, 28, 20, tzinfo=ZONE)
    fires = rounds(calendars, "homepage", start, start + timedelta(days=7))
    assert {len(of_site) for of_site in fires} == {1}
    hours = Counter(int((fire - start.timestamp()) // HOUR) for (fire,) in fires)
    assert {hour % 24 for hour in hours} == set(range(10)), "from 20:00 to 06:00"
    assert max(hours.values()) < 1.3 * SITES / 70


def test_a_quarter_has_each_site_once_and_its_nights_are_level(calendars):
    fires = rounds(calendars, "site", datetime(2027, 1, 8, tzinfo=ZONE), datetime(2027, 4, 9, tzinfo=ZONE))
    assert {len(of_site) for of_site in fires} <= {1, 2}, "second Fridays are 12 or 13 weeks apart"
    assert sum(map(len, fires)) == pytest.approx(SITES, rel=0.02)
    nights = Counter(datetime.fromtimestamp(fire - 8 * HOUR, ZONE).date() for of_site in fires for fire in of_site)
    assert max(nights.values()) < 1.35 * SITES / 84
    year = rounds(calendars[:500], "site", datetime(2027, 1, 1, tzinfo=ZONE), datetime(2028, 1, 1, tzinfo=ZONE))
    assert {len(of_site) for of_site in year} == {4}


def test_what_is_not_spread_over_nights_starts_as_it_always_did():
    weekly = ScheduleSettings().calendars("a.cn", SiteScheduleSettings())["homepage"]
    assert str(weekly) == "every monday 02:00 Asia/Shanghai"
    assert weekly.delay == round(weekly.delay) <= HOUR


def test_another_number_of_nights_is_another_calendar():
    """The timetable compares them spelled out: nobody is inspected again at once because nights were added."""
    schedules = [ScheduleSettings(weekly=WeeklySettings(nights=nights)) for nights in (1, 7)]
    one, other = (each.calendars("s1.cn", SiteScheduleSettings())["homepage"] for each in schedules)
    assert str(one) != str(other)
