"""Beijing time: reports, deadlines and logs are read in China, wherever the server stands."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def beijing_time(seconds: float) -> datetime:
    """Return seconds since the epoch as a time in China."""
    return datetime.fromtimestamp(seconds, ZONE)
