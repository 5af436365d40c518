"""Entries open, close, come back and are judged as runs and people say; they are what their history adds up to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from checks.model import Severity, Text
from monitor.beijing import beijing_time
from monitor.output.report import build_report
from monitor.remediation.ledger import ChangeRefusedError
from monitor.remediation.rechecks import RecheckBook
from monitor.remediation.taking_back import take_back
from monitor.store.ledger.entry_filter import LedgerFilter
from monitor.store.ledger.sightings import FaultStore
from monitor.store.ledger.suppressions import SuppressionStore
from monitor.store.schema import entries
from reports.remediation.changes import WantedChange
from reports.remediation.entry import LOOKS, ChangeCause, Handling, as_text, replay
from reports.remediation.figures import SiteLedger
from reports.remediation.policy import Assignment, LedgerPolicy
from reports.remediation.reasons import severity_risen
from reports.remediation.recheck_verdict import RecheckResult, RecheckVerdict
from reports.remediation.states import STATES, WORKING, EndDate, State
from reports.remediation.suppressions import Suppression, SuppressionKind
from tests.monitor.feeding import DAY, Feed, fault

TODAY = beijing_time(Feed.now).date()


@pytest.fixture
def feed(store):
    return Feed(store)


def only(feed):
    (entry,) = feed.ledger.select()
    return entry


def on(feed, path):
    """The entry of the fault on a page."""
    (entry,) = (each for each in feed.ledger.select() if each.page.endswith(f"/{path}"))
    return entry


def assert_adds_up(feed):
    for entry in feed.ledger.select():
        history = feed.ledger.history(entry.number)
        assert replay(history) == Handling(**{each.name: getattr(entry, each.name) for each in fields(Handling)})
        assert history[0].before == ""
        assert_each_row_has_a_cause(history)
        closings = [row for row in history if row.field == "state" and row.after == State.CLOSED]
        assert all(row.cause in LOOKS and (row.run is None) == (row.cause is ChangeCause.RECHECK) for row in closings)
        saw_it_gone = {row.at for row in history if (row.field, row.after) == ("recheck", RecheckResult.GONE)}
        assert {row.at for row in closings if row.cause is ChangeCause.RECHECK} <= saw_it_gone
    to_look_for = FaultStore(feed.store.engine, feed.site, "homepage").open_faults()
    for entry in feed.ledger.select():
        # What people work on is looked for by the next round; what is closed is not.
        assert (entry.fingerprint in to_look_for) or entry.state not in WORKING
        assert (entry.fingerprint not in to_look_for) or entry.state is not State.CLOSED


def assert_each_row_has_a_cause(history):
    """Every row begins where the one before it of its field ended, and says who or what it was."""
    present = {each.name: as_text(each.default) for each in fields(Handling)} | {"state": ""}
    for row in history:
        if row.field in present:
            assert row.before == present[row.field]
            assert row.before != row.after
            present[row.field] = row.after
            present |= {"mended": mended_after(row, present["mended"])} if row.field == "state" else {}
        assert bool(row.by) == (row.cause in {ChangeCause.PERSON, ChangeCause.RECHECK, ChangeCause.SUPPRESSION})
        assert (row.run is not None) or row.cause is not ChangeCause.RUN


def mended_after(row, mended):
    """The day of mending after a change of the state, which dates what it calls mended without a row of its own."""
    if row.after == State.TO_VERIFY:
        return mended or as_text(row.at.date())
    return "" if row.after != State.CLOSED and row.before in {State.TO_VERIFY, State.CLOSED} else mended


def test_both_scopes_share_an_entry_and_a_page_nobody_read_verifies_nothing(feed):
    feed.run([fault("a"), fault("b", sure=False)], scope="site")
    feed.run([fault("a")], looked=["", "a"])
    assert (on(feed, "a").state, on(feed, "b").state) == (State.TO_FIX, State.TO_CONFIRM)
    run, digest = feed.run([], looked=["a"])
    assert (on(feed, "a").state, on(feed, "b").state) == (State.CLOSED, State.TO_CONFIRM)
    assert {each.fingerprint for each in digest.fixed} == {on(feed, "a").fingerprint}
    assert [each.finding.url for each in build_report(feed.store, run.id).fixed] == ["http://a.cn/a"]


def test_what_comes_back_reopens_its_entry_with_a_new_term(feed):
    feed.run([fault("a")])
    first = only(feed).deadline
    feed.now += 30 * DAY
    feed.run([])
    assert only(feed).closed.timestamp() == feed.now
    feed.now += 30 * DAY
    _, digest = feed.run([fault("a")])
    entry = only(feed)
    assert (entry.number, entry.state, entry.reopened, entry.closed) == (1, State.TO_FIX, 1, None)
    assert entry.deadline > first
    assert list(digest.baselines.values()) == ["reopened"]
    assert_adds_up(feed)


def test_a_look_that_still_finds_what_was_called_mended_sends_it_back(feed):
    feed.run([fault("a")])
    feed.ledger.change([1], WantedChange(state=State.TO_VERIFY), "张三")
    feed.run([], looked=[])
    assert only(feed).state is State.TO_VERIFY
    feed.run([fault("a")])
    assert (only(feed).state, only(feed).bounced) == (State.TO_FIX, 1)
    feed.ledger.change([1], WantedChange(state=State.TO_VERIFY), "张三")
    feed.run([])
    assert (only(feed).state, only(feed).bounced) == (State.CLOSED, 1)
    assert_adds_up(feed)


def test_a_suspicion_that_a_second_look_confirms_gets_a_term(feed):
    feed.run([fault("a", sure=False)])
    assert (only(feed).state, only(feed).deadline) == (State.TO_CONFIRM, None)
    feed.run([fault("a")])
    assert only(feed).state is State.TO_FIX
    assert only(feed).deadline is not None


@pytest.mark.parametrize(
    ("wanted", "has_deadline"),
    [
        (WantedChange(state=State.TO_FIX), True),
        (WantedChange(state=State.FIXING), True),
        (WantedChange(state=State.TO_VERIFY), True),
        (WantedChange(state=State.FALSE_POSITIVE, reason="本地用语"), False),
        (WantedChange(state=State.TO_CONFIRM), False),
        (WantedChange(owner="王五", note="已联系"), False),
    ],
)
def test_a_suspicion_gets_a_term_from_the_person_who_takes_it_for_a_fault(feed, wanted, has_deadline):
    feed.run([fault("a", sure=False)])
    feed.ledger.change([1], wanted, "张三")
    assert (only(feed).deadline is not None) == has_deadline
    assert_adds_up(feed)


def graver(path, severity=Severity.CRITICAL):
    return replace(fault(path), severity=severity)


def test_a_fault_that_becomes_graver_gets_the_deadline_of_its_new_severity_and_the_history_says_why(feed):
    feed.run([graver("a", Severity.MINOR)])
    first = only(feed).deadline
    feed.run([graver("a")])
    entry = only(feed)
    assert (entry.severity, entry.deadline) == (Severity.CRITICAL, feed.ledger.policy.deadline("critical", TODAY).day)
    assert entry.deadline < first
    row = [row for row in feed.ledger.history(1) if row.field == "deadline"][-1]
    assert (row.cause, row.why) == (ChangeCause.ASSIGNMENT, severity_risen(Severity.MINOR, Severity.CRITICAL))
    feed.run([graver("a", Severity.MINOR)])
    assert only(feed).deadline == entry.deadline, "what is less grave than before is not put off"
    assert_adds_up(feed)


def test_a_fault_that_becomes_graver_when_it_is_late_stays_as_late(feed):
    feed.run([graver("a", Severity.MINOR)])
    first = only(feed).deadline
    feed.now += 90 * DAY
    feed.run([graver("a")])
    assert only(feed).deadline == first


@pytest.mark.parametrize(
    ("wishes", "stays"),
    [
        ([WantedChange(deadline=date(2027, 3, 1))], True),
        ([WantedChange(state=State.TO_VERIFY)], False),
        (
            [WantedChange(state=State.POSTPONED, reason="改版", until=date(2027, 2, 1)), WantedChange(State.FIXING)],
            False,
        ),
        ([WantedChange(note="已联系")], False),
    ],
)
def test_only_a_deadline_that_a_person_set_outlives_a_severity_that_rises(feed, wishes, stays):
    feed.run([graver("a", Severity.MINOR)])
    for wish in wishes:
        feed.ledger.change([1], wish, "张三")
    before = only(feed).deadline
    feed.run([graver("a")])
    assert (only(feed).deadline == before) is stays
    assert_adds_up(feed)


def test_a_deadline_that_was_set_and_taken_back_is_counted_again(feed):
    feed.run([graver("a", Severity.MINOR)])
    rows = feed.ledger.change([1], WantedChange(deadline=date(2027, 3, 1)), "张三")
    take_back(feed.ledger, rows, "张三")
    before = only(feed).deadline
    feed.run([graver("a")])
    assert only(feed).deadline < before


def test_an_undo_puts_back_the_day_of_mending_that_the_state_forgets(feed):
    feed.run([fault("a")])
    named = TODAY - timedelta(days=3)
    feed.ledger.change([1], WantedChange(mended=named), "张三")
    rows = feed.ledger.change([1], WantedChange(state=State.TO_VERIFY), "张三")
    take_back(feed.ledger, rows, "张三")
    assert (only(feed).state, only(feed).mended) == (State.TO_FIX, named)
    feed.ledger.change([1], WantedChange(state=State.TO_VERIFY), "张三")
    rows = feed.ledger.change([1], WantedChange(state=State.TO_FIX), "张三")
    assert only(feed).mended is None
    feed.now += 9 * DAY
    take_back(feed.ledger, rows, "张三")
    assert (only(feed).state, only(feed).mended) == (State.TO_VERIFY, named)
    assert_adds_up(feed)


def test_an_undo_leaves_a_day_of_mending_that_somebody_else_named_since(feed):
    feed.run([fault("a")])
    rows = feed.ledger.change([1], WantedChange(state=State.TO_VERIFY), "张三")
    feed.ledger.change([1], WantedChange(mended=TODAY - timedelta(days=1)), "李四")
    with pytest.raises(ChangeRefusedError):
        take_back(feed.ledger, rows, "张三")
    assert only(feed).mended == TODAY - timedelta(days=1)


def test_a_note_gives_no_deadline_to_what_an_earlier_version_left_without_one(feed):
    feed.run([fault("a")])
    with feed.store.engine.begin() as connection:
        connection.execute(entries.update().values(deadline=None))
    feed.ledger.change([1], WantedChange(note="已联系"), "张三")
    assert only(feed).deadline is None
    feed.run([fault("a")])
    assert only(feed).deadline is not None


@pytest.mark.parametrize("state", [State.ACCEPTED, State.POSTPONED, State.FALSE_POSITIVE])
def test_a_judgement_ends_with_its_term(feed, state):
    feed.run([fault("a")])
    until = feed.ledger.today + timedelta(days=7)
    feed.ledger.change([1], WantedChange(state=state, until=until, reason="等改版"), "李四")
    feed.now += 7 * DAY
    feed.run([fault("a")])
    assert only(feed).state is state
    feed.now += DAY
    feed.run([fault("a")])
    assert (only(feed).state, only(feed).until, only(feed).reason) == (State.TO_FIX, None, "")
    assert feed.ledger.history(1)[-1].cause in {ChangeCause.TERM, ChangeCause.ASSIGNMENT}
    assert_adds_up(feed)


def test_one_entry_that_cannot_come_back_keeps_no_other(feed, monkeypatch):
    """What is stored of the second cannot be read, and somebody is changing the third at that moment."""
    feed.run([fault("a"), fault("b"), fault("c"), fault("d")])
    until = feed.ledger.today
    feed.ledger.change([1, 2, 3, 4], WantedChange(state=State.POSTPONED, until=until, reason="等改版"), "李四")
    with feed.store.engine.begin() as connection:
        body = {"rule": "missing-title", "no": "field of a finding"}
        connection.execute(entries.update().where(entries.c.number == 2).values(body=body))
    ledger = feed.ledger
    write = ledger.entries.write

    def overtaken(read, changes):
        if 3 in read:
            feed.ledger.change([3], WantedChange(note="再等等"), "王五")
        write(read, changes)

    monkeypatch.setattr(ledger.entries, "write", overtaken)
    feed.now += 2 * DAY
    assert ledger.end_terms() == 2
    assert [feed.ledger.get(number).state for number in (1, 3, 4)] == [State.TO_FIX, State.POSTPONED, State.TO_FIX]
    assert feed.ledger.end_terms() == 1, "the third comes back the next time"


JUDGED = [State.FALSE_POSITIVE, State.ACCEPTED, State.POSTPONED]


@pytest.mark.parametrize("judged", JUDGED)
@pytest.mark.parametrize("state", [State.TO_CONFIRM, *WORKING[1:]])
def test_what_a_person_takes_back_from_a_judgement_has_a_term_of_its_own(feed, judged, state):
    feed.run([fault("a")])
    first = only(feed).deadline
    until = feed.ledger.today + timedelta(days=300)
    feed.ledger.change([1], WantedChange(state=judged, until=until, reason="等改版"), "李四")
    feed.now += 100 * DAY
    if state not in STATES[judged].next:
        return
    feed.ledger.change([1], WantedChange(state=state), "张三")
    deadline = only(feed).deadline
    assert deadline is None if state is State.TO_CONFIRM else deadline > feed.ledger.today > first
    assert_adds_up(feed)


def test_a_deadline_that_a_person_names_is_that_of_what_comes_back(feed):
    feed.run([fault("a")])
    feed.ledger.change([1], WantedChange(state=State.FALSE_POSITIVE, reason="没有错"), "李四")
    feed.now += 100 * DAY
    named = feed.ledger.today + timedelta(days=2)
    feed.ledger.change([1], WantedChange(state=State.TO_FIX, deadline=named), "张三")
    assert only(feed).deadline == named


def test_the_figures_of_a_site_are_those_of_its_entries_alone(feed):
    """Two sites with entries that were found, closed and came back, some of them late."""
    one, two = Feed(feed.store, "one"), Feed(feed.store, "two")
    one.run([fault("a"), fault("b")])
    two.run([fault("a"), fault("b"), fault("c")])
    one.now, two.now = one.now + 60 * DAY, two.now + 60 * DAY
    one.run([fault("a")])
    two.run([fault("c")])
    two.now += DAY
    two.run([fault("c"), fault("b")])
    one.now = two.now
    ledger = two.ledger
    first, second, both = (ledger.count(site).total for site in ("one", "two", ""))
    assert (first.found, first.closed, first.open, first.overdue, first.reopened) == (2, 1, 1, 1, 0)
    assert (second.found, second.closed, second.open, second.overdue, second.reopened) == (3, 2, 2, 1, 1)
    assert (both.found, both.closed, both.open, both.overdue, both.reopened) == (5, 3, 3, 2, 1)
    assert first.median_days == second.median_days == 60
    assert list(ledger.entries.sketches("three")) == []


def test_a_false_positive_is_kept_apart_and_neither_fixed_nor_counted(feed):
    feed.run([fault("a"), fault("b")])
    feed.ledger.change([on(feed, "a").number], WantedChange(state=State.FALSE_POSITIVE, reason="本地用语"), "李四")
    run, _ = feed.run([fault("a"), fault("b")])
    report = build_report(feed.store, run.id)
    assert [each.entry for each in report.findings] == [on(feed, "b").number]
    assert [each.entry for each in report.suppressed] == [on(feed, "a").number]
    assert on(feed, "a").hidden == 1
    run, _ = feed.run([fault("b")])
    assert build_report(feed.store, run.id).fixed == ()
    assert (on(feed, "a").state, on(feed, "b").state) == (State.FALSE_POSITIVE, State.TO_FIX)


def test_a_false_positive_that_is_gone_closes_once_its_judgement_is_over(feed):
    feed.run([fault("a")])
    until = feed.ledger.today + timedelta(days=3)
    feed.ledger.change([1], WantedChange(state=State.FALSE_POSITIVE, until=until, reason="本地用语"), "张三")
    feed.run([])
    assert only(feed).state is State.FALSE_POSITIVE
    feed.now += 10 * DAY
    feed.run([], looked=["b"])
    assert only(feed).state is State.TO_FIX
    feed.run([])
    assert only(feed).state is State.CLOSED


@pytest.mark.parametrize("state", [None, *State])
def test_a_run_is_scored_without_what_it_will_hide(feed, state):
    if state is not None:
        feed.run([fault("a")])
        feed.run([] if state is State.CLOSED else [fault("a")])
    if state not in {None, State.CLOSED, State.TO_FIX}:
        until = None if STATES[state].end is EndDate.NONE else feed.ledger.today + timedelta(days=9)
        feed.ledger.change([1], WantedChange(state=state, until=until, reason="说明"), "张三")
    feed.run([fault("a"), fault("b")])
    assert feed.counted == shown(feed)
    rule = fault("a").rule.id
    judgement = Suppression(
        kind=SuppressionKind.RULE,
        author="李四",
        reason="历史专题",
        made=beijing_time(feed.now),
        rule=rule,
        pattern="/a$",
    )
    SuppressionStore(feed.store.engine).add(judgement)
    feed.run([fault("a"), fault("b")])
    assert feed.counted == shown(feed)
    assert ("http://a.cn/a" in feed.counted) == (state in {State.ACCEPTED, State.POSTPONED})


def test_what_a_report_calls_fixed_is_what_its_run_closed(feed):
    """A fault that both scopes saw, a false positive that went, and one that nobody looked at: one answer for all."""
    feed.run([fault(path) for path in "abc"], scope="site")
    feed.run([fault(path) for path in "abc"])
    feed.ledger.change([on(feed, "c").number], WantedChange(state=State.FALSE_POSITIVE, reason="没有错"), "张三")
    feed.ledger.change([on(feed, "b").number], WantedChange(state=State.TO_VERIFY), "张三")
    run, _ = feed.run([], looked=["a", "c"])
    closed = {each.number for each in feed.ledger.select(LedgerFilter(states=(State.CLOSED,)))}
    made = build_report(feed.store, run.id)
    assert {each.entry for each in made.fixed} == closed == {on(feed, "a").number}
    assert (made.ledger, [each.state for each in made.unverified]) == (SiteLedger(1, 0, 1), [State.TO_VERIFY])


def shown(feed):
    """The pages of what the report of the last run lists."""
    run = feed.store.runs.latest(1)[0].id
    return sorted(each.finding.url for each in build_report(feed.store, run).findings)


def test_a_change_is_all_or_nothing_and_says_what_stood_in_the_way(feed):
    feed.run([fault("a"), fault("b")])
    feed.run([fault("a")], looked=["b"])
    with pytest.raises(ChangeRefusedError) as refused:
        feed.ledger.change([1, 2, 9], WantedChange(state=State.FIXING, owner="王五"), "张三")
    assert set(refused.value.reasons) == {on(feed, "b").number, 9}
    assert [each.owner for each in feed.ledger.select()] == ["", ""]
    with pytest.raises(ChangeRefusedError, match="only a look"):
        feed.ledger.change([on(feed, "a").number], WantedChange(state=State.CLOSED), "张三")


def test_the_first_assignment_that_fits_says_who_until_when(feed):
    to = (Assignment(department="信息中心", url="/a$"), Assignment(department="办公室", owner="赵六"))
    feed.policy = LedgerPolicy(to, {Severity.CRITICAL: 1, Severity.MAJOR: 5, Severity.MINOR: 20})
    feed.run([fault("a"), fault("b")])
    assert (on(feed, "a").department, on(feed, "b").department) == ("信息中心", "办公室")
    assert (on(feed, "a").owner, on(feed, "b").owner) == ("", "赵六")
    feed.now += 60 * DAY
    assert [each.number for each in feed.ledger.select(LedgerFilter(overdue=feed.ledger.today))] == [1, 2]
    assert list(feed.ledger.select(LedgerFilter(overdue=date(2027, 1, 16)))) == []


FAULTS = [fault(name, sure=name != "c") for name in "abc"]
RUNS = st.tuples(
    st.just("run"),
    st.sets(st.sampled_from(range(3))),
    st.sampled_from(["homepage", "site"]),
    st.sets(st.sampled_from("abc")),
)
WISHES = st.tuples(st.just("wish"), st.integers(1, 3), st.sampled_from(State), st.booleans())
RECHECKS = st.tuples(st.just("recheck"), st.integers(1, 3), st.sampled_from(RecheckResult), st.booleans())
WAITS = st.tuples(st.just("wait"), st.integers(1, 40))
JUDGED_ALIKE = st.tuples(st.just("suppress"), st.sampled_from("abc"), st.sampled_from([None, 5]))
LIFTED = st.tuples(st.just("lift"))
UNDONE = st.tuples(st.just("undo"))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(RUNS, RUNS, WISHES, WISHES, RECHECKS, WAITS, JUDGED_ALIKE, LIFTED, UNDONE), max_size=9))
def test_whatever_happens_the_present_is_what_the_history_adds_up_to(fresh_store, actions):
    with fresh_store() as store:
        feed = Feed(store)
        ended, said, looks = [], [], {}
        for action, *of in actions:
            if action == "wait":
                feed.now += of[0] * DAY
            elif action == "run":
                found, scope, looked = of
                before = {each.fingerprint: each for each in feed.ledger.select()}
                run, digest = feed.run([FAULTS[each] for each in found], looked=looked, scope=scope)
                ended.append((run, digest, before))
                looks[run.id] = looked - {FAULTS[each].url.rpartition("/")[2] for each in found}
            elif action == "recheck":
                _recheck(feed, *of)
            elif action == "wish":
                said += [_wish(feed, *of)]
            elif action == "undo":
                _undo(feed, said)
            else:
                _judge(feed, action, *of)
            assert_adds_up(feed)
        _assert_closed_where_it_was_looked_at(feed, looks)
        for run, digest, before in ended:
            closed = {each.fingerprint for each in feed.ledger.entries.closed_by(run.id)}
            judged = {key for key, each in before.items() if each.state in {State.FALSE_POSITIVE, State.CLOSED}}
            assert closed - judged == {each.fingerprint for each in digest.fixed} - judged
        assert len({each.fingerprint for each in feed.ledger.select()}) == len(list(feed.ledger.select()))


def _assert_closed_where_it_was_looked_at(feed, looks):
    """A run closes an entry only where it read its page and did not find its fault; ``looks`` are those pages."""
    for entry in feed.ledger.select():
        for row in feed.ledger.history(entry.number):
            if row.field == "state" and row.after == State.CLOSED and row.cause is ChangeCause.RUN:
                assert entry.page.rpartition("/")[2] in looks[row.run]
                assert row.why


def _judge(feed, action, path="", days=None):
    """Remember a judgement of the faults of a page, or take back the first that is remembered."""
    if action == "suppress":
        until = None if days is None else feed.ledger.today + timedelta(days=days)
        feed.ledger.suppress(
            Suppression(
                kind=SuppressionKind.RULE,
                author="张三",
                reason="没有错",
                made=beijing_time(feed.now),
                rule=FAULTS[0].rule.id,
                pattern=f"/{path}$",
                until=until,
            )
        )
        return
    remembered = SuppressionStore(feed.store.engine).load()
    if remembered:
        feed.ledger.unsuppress(remembered[0].id, "李四")


def _undo(feed, said):
    """Take back what a person changed last, where nothing has changed since."""
    rows = said.pop() if said else []
    before = {each.number: each for each in feed.ledger.select()}
    try:
        back = take_back(feed.ledger, rows, "张三") if rows else []
    except ChangeRefusedError:
        assert {each.number: each for each in feed.ledger.select()} == before
        return
    first = {(row.number, row.field): row for row in reversed(rows)}
    for (number, name), row in first.items():
        assert as_text(getattr(feed.ledger.get(number), name)) == row.before
    assert {(row.number, row.field) for row in back} <= first.keys() | {(row.number, "mended") for row in rows}


def _recheck(feed, number, result, sure):
    entry = feed.ledger.entries.get([number]).get(number)
    if entry is not None:
        feed.now += 60
        RecheckBook(feed.ledger).record(entry, RecheckVerdict(result, Text("看过", "looked"), sure))
        after = feed.ledger.get(number)
        if result is RecheckResult.GONE:
            assert after.state in {State.CLOSED, State.FALSE_POSITIVE}
        if result is RecheckResult.UNKNOWN:
            assert after.state is entry.state
        if result is RecheckResult.STILL_THERE:
            assert after.state not in {State.CLOSED, State.TO_VERIFY}
            assert after.bounced == entry.bounced + (entry.state is State.TO_VERIFY)
            assert after.reopened == entry.reopened + (entry.state is State.CLOSED)


def _wish(feed, number, state, dated):
    until = feed.ledger.today + timedelta(days=20) if dated and STATES[state].end is not EndDate.NONE else None
    before = {each.number: each for each in feed.ledger.select()}
    try:
        rows = feed.ledger.change([number], WantedChange(state=state, until=until, reason="说明"), "张三")
    except ChangeRefusedError:
        assert {each.number: each for each in feed.ledger.select()} == before
        return []
    assert feed.ledger.get(number).state is state
    return rows
