"""Beijing time: reports, deadlines and logs are read in China, wherever the server stands."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def beijing_time(seconds: float) -> datetime:
    """Return seconds since the epoch as a time in China."""
    return datetime.fromtimestamp(seconds, ZONE)


def start_of_day(day: str) -> float:
    """Return the midnight in China at which a day (ISO) begins, in seconds since the epoch."""
    return datetime.combine(date.fromisoformat(day), time(), ZONE).timestamp()
