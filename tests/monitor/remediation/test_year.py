"""A year of a site, week by week, with people acting in between: every entry's history is exactly the script's."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from monitor.beijing import beijing_time
from monitor.output.report import build_report
from monitor.store import Store
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.remediation.changes import WantedChange
from reports.remediation.states import WORKING, State
from tests.monitor.feeding import DAY, Feed, fault

WEEKS, QUARTER = 52, 13
HOMEPAGE = ("", "h1", "h2", "h3")
"""Pages that a homepage round reads; the others are read by rounds of the whole site."""

STANDS = {
    "h1": [range(2, 10), range(30, 35)],  # repaired in week 10, comes back in week 30
    "h2": [range(5, 60)],  # people say that it is mended in week 20, and it is not
    "h3": [range(8, 60)],  # a wording that is right
    "deep": [range(1, 20)],  # on a page that only rounds of the whole site read
    "old": [range(60)],  # postponed for ten weeks
}
"""The weeks in which the fault of each page stands there."""

DOWN = {15, 16, 33}
"""Weeks in which the server does not answer: nothing is found, and nothing is looked at."""

HISTORY = {
    "h1": [(2, "run", "to-fix"), (10, "run", "closed"), (30, "run", "to-fix"), (35, "run", "closed")],
    "h2": [(5, "run", "to-fix"), (20, "person", "to-verify"), (21, "run", "to-fix")],
    "h3": [(8, "run", "to-confirm"), (9, "person", "false-positive")],
    "deep": [(13, "run", "to-fix"), (26, "run", "closed")],
    "old": [(0, "run", "to-fix"), (12, "person", "postponed"), (23, "term", "to-fix")],
}
"""What becomes of each entry: week, cause, and state."""


def entry_on(feed, page):
    return next((each for each in feed.ledger.select() if each.page.endswith(f"/{page}")), None)


def say(feed, page, wanted):
    feed.ledger.change([entry_on(feed, page).number], wanted, "张三")


def people(feed, week):
    """What people do between the rounds of one week and the next."""
    if week == 9:
        say(feed, "h3", WantedChange(state=State.FALSE_POSITIVE, reason="本地用语"))
    if week == 12:
        until = feed.ledger.today + timedelta(weeks=10)
        say(feed, "old", WantedChange(state=State.POSTPONED, reason="等待改版", until=until))
    if week == 20:
        say(feed, "h2", WantedChange(state=State.TO_VERIFY))


def rounds(feed, week):
    """Close the rounds of a week; return their runs."""
    for scope in ("homepage", "site") if week % QUARTER == 0 else ("homepage",):
        pages = HOMEPAGE if scope == "homepage" else (*HOMEPAGE, *STANDS)
        standing = [page for page, spans in STANDS.items() if page in pages and any(week in span for span in spans)]
        if week in DOWN:
            yield feed.run([], looked=[], scope=scope)
        else:
            yield feed.run([fault(page, sure=page != "h3") for page in standing], looked=pages, scope=scope)
        feed.now += 3_600


def test_a_year(tmp_path):
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        feed, open_before = Feed(store), 0
        monday = feed.now
        for week in range(WEEKS + 1):
            feed.now = monday + week * 7 * DAY
            for run, digest in rounds(feed, week):
                counts = Counter(digest.baselines.values())
                report = build_report(store, run.id)
                # what was open, with what is new or came back, less what is gone, is what is open now
                judged = feed.ledger.entries.count(LedgerFilter(states=(State.FALSE_POSITIVE, State.POSTPONED)))
                open_now = feed.ledger.entries.count(LedgerFilter(states=WORKING)) + judged
                assert open_now == open_before + counts["new"] + counts["reopened"] - len(report.fixed)
                assert len(report.fixed) == len(digest.fixed)
                open_before = open_now
            people(feed, week)
        entries = list(feed.ledger.select())
        assert len({each.fingerprint for each in entries}) == len(entries) == len(STANDS)
        states = {each.page.rpartition("/")[2]: states_of(feed, each, monday) for each in entries}
        assert states == HISTORY
        assert_figures_add_up(feed, monday)


def states_of(feed, entry, monday):
    """The weeks, causes and states of an entry's history."""
    rows = [row for row in feed.ledger.history(entry.number) if row.field == "state"]
    return [(int((row.at.timestamp() - monday) // (7 * DAY)), row.cause, row.after) for row in rows]


def assert_figures_add_up(feed, monday):
    """The figures of the quarters are those of the year, and those of the year what the histories have."""
    first = beijing_time(monday).date()
    starts = [first + timedelta(weeks=week) for week in range(0, WEEKS + 1, QUARTER)]
    quarters = [feed.ledger.count(start=day, end=day + timedelta(weeks=QUARTER, days=-1)).total for day in starts]
    year = feed.ledger.count().total
    rows = [row for each in HISTORY.values() for row in each]
    assert sum(each.found for each in quarters) == year.found == len(HISTORY)
    assert sum(each.closed for each in quarters) == year.closed == sum(state == "closed" for _, _, state in rows)
    assert sum(each.reopened for each in quarters) == year.reopened == 1
    assert year.open == feed.ledger.entries.count(LedgerFilter(states=WORKING)) == 2
