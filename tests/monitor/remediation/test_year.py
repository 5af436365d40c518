"""A year of a site, week by week, with people acting in between: every entry's history is exactly the script's."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from monitor.output.report import build_report
from monitor.store import Store
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.remediation.changes import WantedChange
from reports.remediation.entry import ChangeCause
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
    "h1": ["to-fix", "closed", "to-fix", "closed"],
    "h2": ["to-fix", "to-verify", "to-fix"],
    "h3": ["to-confirm", "false-positive"],
    "deep": ["to-fix", "closed"],
    "old": ["to-fix", "postponed", "to-fix"],
}
CLOSED_IN_WEEK = {"h1": [10, 35], "deep": [26]}


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
        feed, week_of, open_before = Feed(store), {}, 0
        monday = feed.now
        for week in range(WEEKS + 1):
            feed.now = monday + week * 7 * DAY
            for run, digest in rounds(feed, week):
                week_of[run.id] = week
                counts = Counter(digest.baselines.values())
                report = build_report(store, run.id)
                # what was open, with what is new or came back, less what is gone, is what is open now
                judged = feed.ledger.entries.count(LedgerFilter(states=(State.FALSE_POSITIVE, State.POSTPONED)))
                open_now = feed.ledger.entries.count(LedgerFilter(states=WORKING)) + judged
                assert open_now == open_before + counts["new"] + counts["reopened"] - len(report.fixed)
                assert len(report.fixed) == len(digest.fixed)
                open_before = open_now
            people(feed, week)
        histories = {each.page.rpartition("/")[2]: feed.ledger.history(each.number) for each in feed.ledger.select()}
    states = {page: [row for row in history if row.field == "state"] for page, history in histories.items()}
    assert {page: [row.after for row in rows] for page, rows in states.items()} == HISTORY
    closings = {
        page: [week_of[row.run] for row in rows if row.after == State.CLOSED]
        for page, rows in states.items()
        if any(row.after == State.CLOSED for row in rows)
    }
    assert closings == CLOSED_IN_WEEK
    assert states["h2"][-1].cause is ChangeCause.RUN
    assert states["old"][-1].cause is ChangeCause.TERM
