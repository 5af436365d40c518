"""The daemon's settings: names, not numbers; times in quotes; and what is wrong is said with its reason."""

from __future__ import annotations

import pytest

from monitor.settings.config_file import ConfigError, load


def read(tmp_path, text: str):
    path = tmp_path / "c.yaml"
    path.write_text(text, "utf-8")
    return load(path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "schedule:\n  weekly:\n    weekday: 1\n",
            "c.yaml:3: schedule.weekly.weekday: write the name, such as monday: "
            "cron counts weekdays from Sunday, ISO 8601 and APScheduler from Monday (read: 1)",
        ),
        ("schedule: {weekly: {weekday: '0'}}", "write the name, such as monday"),
        ("schedule: {weekly: {weekday: mon}}", "must be one of: monday, tuesday"),
        (
            "schedule: {weekly: {time: 10:30}}",
            'in quotes, such as "02:00": YAML reads an unquoted 10:30 as 630 (read: 630)',
        ),
        ("schedule: {weekly: {time: '24:00'}}", "must be a time of day"),
        ("schedule: {quarterly: {months: [1, 4]}}", "write the name, such as january"),
        ("schedule: {quarterly: {months: []}}", "at least 1 item"),
        ("schedule: {quarterly: {week: fifth}}", "must be one of: first, second, third, fourth"),
        ("schedule: {timezone: Beijing}", "no such time zone; write it as Asia/Shanghai"),
        ("daemon: {listen: 'localhost:9464'}", "must be an IP address and a port"),
        ("daemon: {listen: '127.0.0.1:99999'}", "must be an IP address and a port"),
        ("daemon: {listen: '127.0.0.1'}", "must be an IP address and a port"),
        ("sites: [{url: 'http://a.cn'}, {url: 'http://a.cn/x'}]", "two sites are called 'a.cn'"),
        ("sites: [{url: 'http://'}]", "'http://' is not a URL"),
    ],
)
def test_a_fault_says_why(tmp_path, text, reason):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert reason in str(caught.value)


def test_the_defaults_are_what_the_office_expects(tmp_path):
    calendars = read(tmp_path, "sites: [{url: 'http://a.cn'}]").calendars()
    assert {scope: str(calendar) for (_, scope), calendar in calendars.items()} == {
        "homepage": "every monday 02:00 Asia/Shanghai",
        "site": "first saturday 01:00 Asia/Shanghai of january, april, july, october",
    }


def test_a_site_may_go_its_own_way(tmp_path):
    text = """
schedule: {weekly: {weekday: Friday}}
sites:
- url: http://a.cn
  schedule: {timezone: Asia/Urumqi, weekly: {weekday: sunday, time: '3:05'}, quarterly: {run: false}}
- {url: 'http://b.cn'}
"""
    calendars = read(tmp_path, text).calendars()
    assert {key: str(calendar) for key, calendar in calendars.items()} == {
        ("a.cn", "homepage"): "every sunday 03:05 Asia/Urumqi",
        ("b.cn", "homepage"): "every friday 02:00 Asia/Shanghai",
        ("b.cn", "site"): "first saturday 01:00 Asia/Shanghai of january, april, july, october",
    }


def test_ipv6_can_be_listened_on(tmp_path):
    assert read(tmp_path, "daemon: {listen: '[::1]:9464'}").daemon.address == ("::1", 9464)
