"""Rounds: calendars are right in every zone, and agree with APScheduler's own where both can say."""

from collections import Counter
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st

from monitor.rounds import MONTHS, WEEKDAYS, WEEKS, Calendar, Start, spread

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = ("Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
WEEKLY = Calendar("Asia/Shanghai", 0, time(2))
QUARTERLY = Calendar("Asia/Shanghai", 5, time(1), (1, 4, 7, 10))

calendars = st.builds(
    Calendar,
    zone=st.sampled_from(ZONES),
    weekday=st.integers(0, 6),
    at=st.times(max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0)),
    months=st.one_of(st.just(()), st.just((1, 4, 7, 10)), st.just((2,)), st.just((3, 9))),
    week=st.integers(1, 4),
    delay=st.sampled_from([0.0, 60.0, 3599.0]),
)
moments = st.integers(946_684_800, 2_208_988_800).map(float)


def moment(text: str, zone: str = "Asia/Shanghai") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


@pytest.mark.parametrize(
    ("calendar", "now", "expected"),
    [
        (WEEKLY, "2026-11-24 12:00", "2026-11-30 02:00"),
        (WEEKLY, "2026-11-30 01:59:59", "2026-11-30 02:00"),
        (WEEKLY, "2026-11-30 02:00", "2026-12-07 02:00"),
        (WEEKLY, "2028-02-28 02:00", "2028-03-06 02:00"),  # over a leap day
        (QUARTERLY, "2026-11-24 12:00", "2027-01-02 01:00"),
        (QUARTERLY, "2027-01-02 01:00", "2027-04-03 01:00"),
        (QUARTERLY, "2027-07-01 00:00", "2027-07-03 01:00"),
        (Calendar("Asia/Shanghai", 1, time(3), (2,), 4), "2027-02-24 00:00", "2028-02-22 03:00"),
    ],
)
def test_the_next_round(calendar, now, expected):
    assert calendar.next(moment(now)) == moment(expected)
    assert calendar.latest(moment(expected)) == moment(expected)
    assert calendar.latest(moment(expected) - 1) < moment(expected) - 1


def test_an_hour_that_a_zone_skips_and_one_that_it_repeats_have_one_round_each():
    sundays = Calendar("Europe/Berlin", 6, time(2, 30))
    rounds = list(sundays.between(moment("2026-03-23", "Europe/Berlin"), moment("2026-11-02", "Europe/Berlin")))
    local = [datetime.fromtimestamp(each, ZoneInfo("Europe/Berlin")) for each in rounds]
    assert len({each.date() for each in local}) == len(local) == 32
    assert f"{local[0]:%m-%d %H:%M}" == "03-29 03:30"
    assert {f"{each:%H:%M}" for each in local[1:]} == {"02:30"}


@given(calendars, moments)
def test_next_and_latest_are_each_other(calendar, now):
    following = calendar.next(now)
    assert following > now
    assert calendar.latest(following) == following
    assert calendar.latest(following - 0.001) == calendar.latest(now) <= now
    assert calendar.next(calendar.latest(now)) == following


@given(calendars)
def test_what_is_spelled_out_reads_as_it_was(calendar):
    assert str(Calendar.parse(str(calendar), calendar.delay)) == str(calendar)
    now = moment("2026-05-05 05:05")
    assert Calendar.parse(str(calendar), calendar.delay).next(now) == calendar.next(now)


def test_what_is_no_calendar_is_refused():
    with pytest.raises(ValueError, match="no calendar"):
        Calendar.parse("0 2 * * 1")


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC"])
@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("months", [(), (1, 4, 7, 10)])
def test_apscheduler_agrees_for_ten_years(zone, weekday, months):
    calendar = Calendar(zone, weekday, time(2), months)
    name = WEEKDAYS[weekday][:3]
    fields = {"month": "1,4,7,10", "day": f"1st {name}"} if months else {"day_of_week": name}
    cron = CronTrigger(**fields, hour=2, minute=0, timezone=zone)
    at = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone))
    for _ in range(40 if months else 520):
        expected = cron.get_next_fire_time(at, at)
        assert calendar.next(at.timestamp()) == expected.timestamp()
        at = expected + timedelta(microseconds=1)


def test_sites_do_not_start_together():
    delays = [spread(f"site{number}", 3600).delay for number in range(200)]
    assert all(0 <= delay <= 3600 for delay in delays)
    assert max(sum(start <= delay < start + 300 for delay in delays) for start in range(0, 3600, 300)) < 35
    assert spread("site1", 3600) == Start(0, delays[1])
    assert spread("site1", 0) == Start(0, 0)


def test_over_nights_sites_are_spread_as_evenly_as_within_each():
    starts = [spread(f"site{number}", 3600, 7) for number in range(7_000)]
    counts = Counter((start.night, int(start.delay // 360)) for start in starts)
    assert {night for night, _ in counts} == set(range(7))
    assert max(counts.values()) < 1.5 * len(starts) / 70


def test_the_tables_of_names_are_complete():
    assert (len(WEEKDAYS), len(MONTHS), len(WEEKS)) == (7, 12, 4)
