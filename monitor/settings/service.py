"""Name the settings of the daemon: when it inspects, where it can be watched, what it keeps."""

import ipaddress
from datetime import time
from functools import lru_cache
from importlib.util import find_spec
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from checks.late_pattern import late
from monitor.rounds import MONTHS, WEEKDAYS, WEEKS, Calendar, Start, spread
from monitor.settings.complaints import SettingError
from monitor.settings.strict import Strict, laid_over

MINUTE = 60.0

AT_ONCE = Start(0, 0.0)
"""The start of who is not spread."""

CLOCK = late(r"([01]?\d|2[0-3]):([0-5]\d)")


def _one_of(names: tuple[str, ...], value: object, numbers: str) -> str:
    if isinstance(value, int) or (isinstance(value, str) and value.strip().isdigit()):
        raise SettingError(
            f"请写名称，如 {names[0]}，不要写数字：各处的数法不同", f"write the name, such as {names[0]}: {numbers}"
        )
    if not isinstance(value, str) or value.strip().lower() not in names:
        raise SettingError(f"应为以下之一：{', '.join(names)}", f"must be one of: {', '.join(names)}")
    return value.strip().lower()


def _weekday(value: object) -> str:
    return _one_of(WEEKDAYS, value, "cron counts weekdays from Sunday, ISO 8601 and APScheduler from Monday")


def _month(value: object) -> str:
    return _one_of(MONTHS, value, "a number here is easily taken for a day")


def _week(value: object) -> str:
    return _one_of(WEEKS, value, "a number here is easily taken for a day of the month")


def _clock(value: object) -> str:
    match = CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise SettingError(
            '应为加引号的时刻，如 "02:00"：YAML 把不加引号的 10:30 读成 630',
            'must be a time of day in quotes, such as "02:00": YAML reads an unquoted 10:30 as 630',
        )
    return f"{int(match[1]):02}:{match[2]}"


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise SettingError("没有这个时区，请写成 Asia/Shanghai", "no such time zone; write it as Asia/Shanghai")
    return value


def _listen(value: str) -> str:
    host, colon, port = value.rpartition(":")
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        raise SettingError(
            "应为 IP 地址加端口，如 127.0.0.1:9464", "must be an IP address and a port, such as 127.0.0.1:9464"
        ) from None
    if not colon or not port.isdigit() or int(port) > 65535:
        raise SettingError(
            "应为 IP 地址加端口，如 127.0.0.1:9464", "must be an IP address and a port, such as 127.0.0.1:9464"
        )
    return value


_time_of_day = lru_cache(maxsize=1024)(time.fromisoformat)

Weekday = Annotated[str, BeforeValidator(_weekday)]
Month = Annotated[str, BeforeValidator(_month)]
Week = Annotated[str, BeforeValidator(_week)]
Clock = Annotated[str, BeforeValidator(_clock)]
Zone = Annotated[str, AfterValidator(_zone)]
Listen = Annotated[str, AfterValidator(_listen)]


class WeeklySettings(Strict):
    """When the homepage is inspected: once a week."""

    weekday: Weekday = Field("monday", description="The day, by name.")
    time: Clock = Field("02:00", description="The time of day, in quotes.")
    run: bool = Field(default=True, description="false leaves this round out.")
    nights: int = Field(
        1, ge=1, le=7, description="Days in a row over which sites are spread, from `weekday` on: each has its own."
    )

    def calendar(self, zone: str, start: Start = AT_ONCE) -> Calendar:
        """Return the rounds of who starts so."""
        weekday = (WEEKDAYS.index(self.weekday) + start.night) % len(WEEKDAYS)
        return Calendar(zone, weekday, _time_of_day(self.time), delay=start.delay)


class QuarterlySettings(Strict):
    """When the whole site is inspected: on one day of some months."""

    weekday: Weekday = Field("saturday", description="The day, by name.")
    week: Week = Field("first", description="Which of them in the month: first, second, third, fourth.")
    months: tuple[Month, ...] = Field(
        ("january", "april", "july", "october"), min_length=1, description="The months, by name."
    )
    time: Clock = Field("01:00", description="The time of day, in quotes.")
    run: bool = Field(default=True, description="false leaves this round out.")
    nights: int = Field(
        1,
        ge=1,
        le=84,
        description="Days over which sites are spread, from `week` and `weekday` on: each has its own; 28 are a month.",
    )

    def calendar(self, zone: str, start: Start = AT_ONCE) -> Calendar:
        """Return the rounds of who starts so: seven nights are a week, four weeks a month."""
        weekday, months, week = _nights_later(self.weekday, self.months, self.week, start.night)
        return Calendar(zone, weekday, _time_of_day(self.time), months, week, start.delay)


@lru_cache(maxsize=1024)  # thousands of sites share some dozens of nights
def _nights_later(weekday: str, months: tuple[str, ...], week: str, nights: int) -> tuple[int, tuple[int, ...], int]:
    """Return weekday, months and week of a calendar (as it counts them) that begins so many nights later."""
    weeks, days = divmod(nights, len(WEEKDAYS))
    later, at = divmod(WEEKS.index(week) + weeks, len(WEEKS))
    numbers = {(MONTHS.index(month) + later) % len(MONTHS) + 1 for month in months}
    return (WEEKDAYS.index(weekday) + days) % len(WEEKDAYS), tuple(sorted(numbers)), at + 1


class SiteScheduleSettings(Strict):
    """What one site does at another time; what is left out is as everywhere."""

    timezone: Zone | None = Field(None, description="Its time zone.")
    weekly: WeeklySettings | None = Field(None, description="Its homepage inspection.")
    quarterly: QuarterlySettings | None = Field(None, description="Its full inspection.")


class ScheduleSettings(Strict):
    """When inspections are made."""

    timezone: Zone = Field("Asia/Shanghai", description="The zone of all times of day.")
    weekly: WeeklySettings = Field(WeeklySettings.model_construct(), description="The homepage inspection.")
    quarterly: QuarterlySettings = Field(QuarterlySettings.model_construct(), description="The full inspection.")
    spread: float = Field(60.0, ge=0, le=600, description="Minutes over which the starts of all sites are spread.")
    at_once: int = Field(2, ge=1, le=32, description="Inspections at the same time, each of another site.")

    retries: tuple[Annotated[float, Field(gt=0, le=168)], ...] = Field(
        (1.0, 6.0, 24.0), description="Hours after which a round that failed is tried again, one after the other."
    )

    def of(self, own: SiteScheduleSettings) -> Self:
        """Return these settings with what one site does at another time laid over."""
        return laid_over(self, own)

    def calendars(self, site: str, own: SiteScheduleSettings) -> dict[str, Calendar]:
        """Return the rounds of a site, by scope."""
        schedule = self.of(own) if own.model_fields_set else self
        window = self.spread * MINUTE
        rounds: dict[str, WeeklySettings | QuarterlySettings] = {
            "homepage": schedule.weekly,
            "site": schedule.quarterly,
        }
        return {
            scope: each.calendar(schedule.timezone, spread(site, window, each.nights))
            for scope, each in rounds.items()
            if each.run
        }


class AvailabilitySettings(Strict):
    """How often a site's homepage is asked whether it opens (criteria: 20 times a day or more, 15 seconds)."""

    every: float = Field(60.0, ge=0, le=1440, description="Minutes between two probes of one site, 0 for none.")
    timeout: float = Field(15.0, gt=0, le=60, description="Seconds in which the homepage has to open.")


class ProbingSettings(Strict):
    """How often the functions of a site (``probes`` of ``sites``) are tried between its inspections."""

    every: float = Field(360.0, ge=0, le=10_080, description="Minutes between two tries, 0 for inspections only.")
    timeout: float = Field(
        30.0, gt=0, le=300, description="Seconds after which a step is given up that does not allow itself more."
    )


class DaemonSettings(Strict):
    """How the daemon is watched."""

    listen: Listen = Field("127.0.0.1:9464", description="Address and port of /metrics, /healthz and /readyz.")
    log: str = Field("text", pattern=r"^(text|json)$", description="Form of the log: text or json.")
    compact_above: int = Field(
        200, ge=0, description="Sites above which metrics name only those that an alert could be about."
    )
    reports: str = Field("reports", min_length=1, description="Folder of the reports that are written after each run.")

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)


class EngineSettings(Strict):
    """Where inspections are made."""

    kind: Literal["local", "procrastinate"] = Field(
        "local",
        description="local: in the daemon; procrastinate: by `sitehealth worker` on any machine (PostgreSQL only).",
    )

    stalled_after: float = Field(
        30.0,
        ge=3,
        le=600,
        description="Seconds without a sign of life after which a worker's inspections go to others.",
    )

    help_after: int | None = Field(
        500,
        ge=0,
        description="Pages and files of an inspection whose texts its worker reads itself before others that are free "
        "may help, null for all: small sites are read where they are crawled.",
    )

    @field_validator("kind")
    @classmethod
    def _installed(cls, value: str) -> str:
        if value == "procrastinate" and find_spec("procrastinate") is None:
            raise SettingError(
                "所需的软件包没有安装：pip install --no-deps --require-hashes -r requirements-fleet.lock",
                "needs what is not installed here: pip install --no-deps --require-hashes -r requirements-fleet.lock",
            )
        return value


class RetentionSettings(Strict):
    """How long results are kept. The list of runs and the ledger of faults are small and kept for ever."""

    findings: int = Field(1100, ge=1, description="Days for which the findings of a run are kept.")
    reports: int = Field(1100, ge=1, description="Days for which written reports are kept.")
    snapshots: int = Field(100, ge=1, description="Days for which pages as they were fetched and pictures are kept.")
    verdicts: int = Field(400, ge=100, description="Days for which verdicts on texts that nobody met are kept.")
    messages: int = Field(90, ge=1, description="Days for which messages to people are kept once they went out.")
    audit: int = Field(1100, ge=180, description="Days for which the audit log is kept.")
    backups: int = Field(7, ge=1, description="Backups that `sitehealth db backup` keeps in its folder.")
