"""The clocks of probes: set by the configuration, and left alone by one that asks for nothing else."""

from __future__ import annotations

import pytest

from monitor.service.probing import Probing
from monitor.settings.site import Settings

SITE = {"id": "a", "url": "http://a.cn/"}
PROBED = SITE | {"probes": [{"name": "检索", "steps": [{"url": "/search"}]}]}


class Clocks:
    """Notes what a scheduler is asked for."""

    def __init__(self) -> None:
        self.set, self.asked = {}, []

    def every(self, seconds, name, call, *, jitter=0.0):
        self.set[name] = seconds
        self.asked.append(name)

    def never(self, name):
        self.set.pop(name, None)


def settings(site, availability, probes=15):
    return Settings.model_validate(
        {"sites": [site], "availability": {"every": availability}, "probes": {"every": probes}}
    )


@pytest.mark.parametrize(
    ("site", "availability", "probes", "clocks"),
    [
        (SITE, 0, 15, {}),
        (SITE, 5, 15, {"availability": 300}),
        (PROBED, 0, 10, {"functions": 300}),
        (PROBED, 5, 1440, {"availability": 300, "functions": 600}),
        (PROBED, 5, 0, {"availability": 300}),
    ],
)
def test_what_is_configured_is_tried(site, availability, probes, clocks):
    scheduler = Clocks()
    Probing(scheduler, None, None, None).adopt(settings(site, availability, probes))
    assert scheduler.set == clocks


def test_what_is_no_longer_configured_is_tried_no_more():
    scheduler = Clocks()
    probing = Probing(scheduler, None, None, None)
    probing.adopt(settings(PROBED, 5))
    probing.adopt(settings(SITE, 0))
    assert scheduler.set == {}


def test_a_clock_that_stays_as_it_is_does_not_begin_anew():
    """A file that changes every minute would keep a clock of five minutes from ever going off."""
    scheduler = Clocks()
    probing = Probing(scheduler, None, None, None)
    for _ in range(3):
        probing.adopt(settings(SITE, 5))
    assert scheduler.asked == ["availability"]
