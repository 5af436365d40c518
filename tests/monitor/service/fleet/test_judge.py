"""Two processes judge alike only where they have the same settings, and see pages and pictures by the same."""

from __future__ import annotations

import pytest

from monitor.service.fleet import judge
from monitor.service.fleet.judge import judge_of
from monitor.settings.browser import BrowserSettings
from monitor.settings.site import Settings, SiteSettings

URL = "https://www.example.gov.cn/"
NOWHERE = BrowserSettings(executable="/nowhere/chromium")


def settings(browser: BrowserSettings | None = None, **of_site: str) -> Settings:
    return Settings(sites=[SiteSettings(url=URL, **of_site)], browser=browser or BrowserSettings())


@pytest.fixture
def _drawing(monkeypatch):
    """Every machine has a browser, but where it is said to be nowhere."""
    monkeypatch.setattr(judge, "why_not_drawn", lambda browser: "missing" if browser == NOWHERE else None)


@pytest.mark.usefixtures("_drawing")
def test_a_machine_without_a_browser_judges_otherwise_where_pages_are_drawn():
    assert judge_of(settings()) != judge_of(settings(NOWHERE))
    assert judge_of(settings(render="never")) == judge_of(settings(NOWHERE, render="never"))


@pytest.mark.usefixtures("_drawing")
def test_where_the_browser_lies_and_how_many_it_draws_at_once_changes_nothing():
    assert judge_of(settings()) == judge_of(settings(BrowserSettings(executable="/opt/chromium", at_once=4)))
    assert judge_of(settings()) != judge_of(settings(BrowserSettings(pages=4)))


def test_a_machine_that_reads_no_pictures_judges_otherwise_where_they_are_read(monkeypatch):
    before = judge_of(settings(ocr="auto")), judge_of(settings(ocr="never"))
    monkeypatch.setattr(judge, "why_not_read", lambda: None)
    monkeypatch.setattr(judge, "engine_version", lambda: "of another machine")
    assert judge_of(settings(ocr="auto")) != before[0]
    assert judge_of(settings(ocr="never")) == before[1]
