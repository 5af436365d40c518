"""Lists that scripts draw, in the forms of official sites: columns, dates, links and faults of their twins."""

from __future__ import annotations

import pytest

from monitor.browser.chromium import why_not_drawn
from monitor.settings.browser import BrowserSettings
from tests.monitor.inspection.scripted_lists import ASKED, DRAWN, official_site
from tests.monitor.official import Office, Served

MISSING = why_not_drawn(BrowserSettings(sandbox=False))
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"NOT TESTED: drawn pages: {MISSING}")

SETTINGS = ("browser.sandbox=false", "browser.pictures=0")
CHECKS = "links,freshness,homepage,privacy,dates,browser"


def inspected(folder, *, scripted):
    """Return columns, findings, the articles that were asked for, and how many pages a browser drew."""
    folder.mkdir()
    with official_site(scripted=scripted).running() as running:
        report = Office(folder).inspect(Served(running.url), checks=CHECKS, settings=SETTINGS)
        asked = {path for _, path, _ in running.requests if path.endswith(".html")}

    def below(url):
        return url.removeprefix(running.url)

    columns = {
        below(each["url"]): (each["name"], each["type"], each["newest"], each["status"], each["items"])
        for each in report["columns"]
    }
    found = sorted(
        (each["rule"], below(each["url"]), below((each["target"] or {}).get("url", ""))) for each in report["findings"]
    )
    (drawn,) = [check["subjects"] for check in report["checks"] if check["id"] == "browser"]
    return columns, found, asked, drawn


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forms")
    return inspected(folder / "static", scripted=False), inspected(folder / "scripted", scripted=True)


def test_only_what_has_to_be_is_drawn_where_nothing_has_to_be(both):
    static, scripted = both
    assert (static[3], scripted[3]) == (0, len(DRAWN))


@pytest.mark.parametrize("column", DRAWN + ASKED, ids=lambda column: column.path)
def test_a_column_that_a_script_draws_is_that_of_its_static_twin(both, column):
    static, scripted = both
    place = f"/{column.path}/"
    assert scripted[0][place] == static[0][place]
    assert static[0][place][2] == max(row["date"] for row in column.rows)
    assert {row["url"] for row in column.rows} <= scripted[2]


def test_faults_are_those_of_the_static_twins_and_no_others(both):
    static, scripted = both
    assert scripted[1] == static[1]
    assert {rule for rule, _, _ in static[1]} >= {"broken-link", "leaked-id-number", "stale-column"}
    assert scripted[2] == static[2]
