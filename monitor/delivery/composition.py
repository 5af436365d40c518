"""Say what happened to every target that wants to hear of it; ``reports.messages.occasions`` has the sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import quote

from checks.model import Confidence, Severity
from monitor.beijing import beijing_time
from monitor.output.publish import file_of
from monitor.settings.delivery import Occasion, TargetSettings
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.events import EventKind, EventRecord
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.message_figures import (
    EntryNews,
    LedgerNews,
    MessageFigures,
    OpenCount,
    Readership,
    WeekCount,
)
from monitor.store.ledger.state_changes import StateChange, StateChanges
from monitor.store.outbox import NewMessage
from monitor.store.runs import RunRecord
from reports.messages import occasions
from reports.messages.message import Message, MessageLink, message_to_json
from reports.messages.occasions import Envelope, ListedEntries, RoundNews, SiteEntry, WeekOfSite
from reports.remediation.reasons import in_words
from reports.wording import words

DAY = 86_400.0

LISTED, LATE_LISTED = 10, 20
"""Rows of a message: entries of a digest, and of what is overdue."""

CHANGES = 500
"""Changes of states that one request tells a program."""

NOTHING_OPEN = OpenCount(0, 0)

HasRetry = Callable[[float], bool]
"""Whether the round of a run that failed is tried again, from the instant that the run served."""


class Composition:
    """Makes the messages of one moment; nothing is written here."""

    def __init__(self, store: Store, settings: Settings, now: float, has_retry: HasRetry) -> None:
        self._store, self._settings, self._has_retry = store, settings, has_retry
        self._now, self._today = now, beijing_time(now).date()
        self._figures, self._entries = MessageFigures(store.engine), EntryStore(store.engine)
        self._changes = StateChanges(store.engine)
        self._names = {site.key: site.name or site.key for site in settings.sites}

    def of_event(self, event: EventRecord) -> list[NewMessage]:
        """Return the messages that an event makes at once."""
        makers = {
            EventKind.RUN: self._of_run,
            EventKind.RECHECK: self._of_recheck,
            EventKind.STATES: self._of_states,
            EventKind.WEEK: self._of_week,
            EventKind.STORE_BACK: self._of_store,
        }
        return list(makers[event.kind](event))

    def _wanting(self, occasion: Occasion, site: str = "") -> Iterator[TargetSettings]:
        for target in self._settings.notify.targets:
            if occasion in target.events and (not site or target.covers(site)):
                yield target

    def _envelope(self, key: str, target: TargetSettings, links: tuple[MessageLink, ...] = ()) -> Envelope:
        language = target.language or self._settings.report.language
        return Envelope(key=f"{key}/{target.name}", language=language, today=self._today, links=links)

    # ---- at once ----------------------------------------------------------------------------------

    def _of_run(self, event: EventRecord) -> Iterator[NewMessage]:
        run = self._run(event)
        if run is None:
            return
        for target in self._wanting(Occasion.STATE_CHANGED, run.site):
            yield from self._of_changes(event.key, target, self._changes.of_run(run.id, self._readers(target)))
        if run.status == "failed":
            yield from self._of_failed_run(event, run)
            return
        for target in self._wanting(Occasion.CRITICAL_AT_ONCE, run.site):
            found = [each for each in self._critical(run, target) if each.confidence is Confidence.CONFIRMED]
            listed = self._listed(each for each in found if each.news is not LedgerNews.CLOSED)
            if listed.total:
                envelope = self._envelope(f"{event.key}-critical", target, self._link_to(run, target))
                message = occasions.critical(envelope, self._names[run.site], listed)
                yield _new(target, Occasion.CRITICAL_AT_ONCE, message)
        for target in self._wanting(Occasion.RECOVERED, run.site):
            gone = self._listed(each for each in self._critical(run, target) if each.news is LedgerNews.CLOSED)
            if gone.total:
                envelope = self._envelope(f"{event.key}-recovered", target, self._link_to(run, target))
                message = occasions.recovered(envelope, self._names[run.site], gone)
                yield _new(target, Occasion.RECOVERED, message)

    def _run(self, event: EventRecord) -> RunRecord | None:
        """Return the run of an event, None where its site is no longer configured."""
        try:
            run = self._store.runs.load(event.run or 0)
        except KeyError:
            return None
        return run if run.site in self._names else None

    def _critical(self, run: RunRecord, target: TargetSettings) -> list[EntryNews]:
        readers = Readership(departments=target.departments, severities=(Severity.CRITICAL,))
        return self._figures.news_of_runs([run.id], readers)[run.id]

    def _of_failed_run(self, event: EventRecord, run: RunRecord) -> Iterator[NewMessage]:
        if run.scheduled_for is None or self._has_retry(run.scheduled_for):
            return
        failed = RoundNews(run=run.id, site=self._names[run.site], scope=run.scope, failed=run.reason)
        for target in self._wanting(Occasion.DAEMON_TROUBLE, run.site):
            message = occasions.rounds_fail(self._envelope(f"{event.key}-failed", target), failed)
            yield _new(target, Occasion.DAEMON_TROUBLE, message)

    def _of_recheck(self, event: EventRecord) -> Iterator[NewMessage]:
        number = int(event.facts["entry"])
        entry = self._entries.get([number]).get(number)
        if entry is None or entry.site not in self._names or entry.severity is not Severity.CRITICAL:
            return
        name = self._names[entry.site]
        gone = ListedEntries((SiteEntry(name, entry),), 1)
        for target in self._wanting(Occasion.RECOVERED, entry.site):
            if not target.departments or entry.department in target.departments:
                message = occasions.recovered(self._envelope(event.key, target), name, gone)
                yield _new(target, Occasion.RECOVERED, message)

    def _of_states(self, event: EventRecord) -> Iterator[NewMessage]:
        changed, moment = [int(each) for each in str(event.facts["numbers"]).split()], float(event.facts["moment"])
        for target in self._wanting(Occasion.STATE_CHANGED):
            yield from self._of_changes(event.key, target, self._changes.at(changed, moment, self._readers(target)))

    def _of_changes(self, key: str, target: TargetSettings, changes: Sequence[StateChange]) -> Iterator[NewMessage]:
        language = target.language or self._settings.report.language
        known = [_change_document(each, language) for each in changes if each.site in self._names]
        for start in range(0, len(known), CHANGES):
            envelope = self._envelope(f"{key}-states-{start}", target)
            message = occasions.states_changed(envelope, known[start : start + CHANGES])
            yield _new(target, Occasion.STATE_CHANGED, message)

    def _of_store(self, event: EventRecord) -> Iterator[NewMessage]:
        since, until = (beijing_time(float(event.facts[name])) for name in ("since", "until"))
        for target in self._wanting(Occasion.DAEMON_TROUBLE):
            envelope = self._envelope(event.key, target)
            message = occasions.store_back(envelope, str(event.facts["reason"]), since, until)
            yield _new(target, Occasion.DAEMON_TROUBLE, message)

    # ---- once a week ------------------------------------------------------------------------------

    def _of_week(self, event: EventRecord) -> Iterator[NewMessage]:
        for target in self._wanting(Occasion.OVERDUE):
            late = self._late(target)
            if late.total:
                envelope = self._envelope(f"{event.key}-overdue", target, self._link_to_all(target))
                yield _new(target, Occasion.OVERDUE, occasions.overdue(envelope, target.departments, late))
        for target in self._wanting(Occasion.WEEKLY_DIGEST):
            sites = self._week(event.at, target)
            is_empty = not any(site.found or site.closed or site.open for site in sites)
            if sites and not (is_empty and target.only_new):
                envelope = self._envelope(f"{event.key}-digest", target, self._link_to_all(target))
                period = beijing_time(event.at - 7 * DAY).date(), beijing_time(event.at).date()
                message = occasions.weekly(envelope, period, sites, self._late(target))
                yield _new(target, Occasion.WEEKLY_DIGEST, message)

    def _late(self, target: TargetSettings) -> ListedEntries:
        numbers, total = self._figures.worst_overdue(self._today, self._readers(target), LATE_LISTED)
        return ListedEntries(self._with_sites(numbers), total)

    def _week(self, end: float, target: TargetSettings) -> list[WeekOfSite]:
        """Return the week of every site of a target, the worst first."""
        readers = self._readers(target)
        changed = self._figures.week_by_site(end - 7 * DAY, end, readers)
        open_now = self._figures.open_by_site(self._today, readers)
        sites = [
            WeekOfSite(name, *changed.get(key, WeekCount(0, 0)), *open_now.get(key, NOTHING_OPEN))
            for key, name in self._names.items()
            if target.covers(key)
        ]
        return sorted(sites, key=lambda site: (-site.overdue, -site.open, -site.found, site.site))

    # ---- digests of rounds ------------------------------------------------------------------------

    def digests(self, scope: str, ended: Sequence[EventRecord]) -> list[NewMessage]:
        """Return one message about some runs of a scope for each target that wants it."""
        runs = [run for run in map(self._run, ended) if run is not None]
        return [
            message
            for target in self._wanting(Occasion.RUN_FINISHED)
            for message in self._digest(f"{scope}-{ended[-1].key}", target, runs)
        ]

    def _digest(self, key: str, target: TargetSettings, runs: Sequence[RunRecord]) -> Iterator[NewMessage]:
        readers = self._readers(target)
        covered = [run for run in runs if target.covers(run.site)]
        news = self._figures.news_of_runs([run.id for run in covered], readers)
        first = self._figures.first_looks([run.site for run in covered])
        open_now = self._figures.open_by_site(self._today, readers)
        rounds = [
            self._round(run, news[run.id], open_now.get(run.site, NOTHING_OPEN), first.get(run.site)) for run in covered
        ]
        if not rounds or (target.only_new and not any(each.is_news for each in rounds)):
            return
        rounds.sort(key=lambda each: (-each.new - each.reopened, -each.overdue, each.site))
        links = self._link_to(covered[0], target) if len(covered) == 1 else self._link_to_all(target)
        every = [each for changes in news.values() for each in changes]
        sure = [each for each in every if each.confidence is Confidence.CONFIRMED]
        new = self._listed(each for each in sure if each.news is not LedgerNews.CLOSED)
        closed = self._listed(each for each in every if each.news is LedgerNews.CLOSED)
        message = occasions.digest(self._envelope(key, target, links), rounds, new, closed, self._late(target))
        yield _new(target, Occasion.RUN_FINISHED, message)

    def _round(self, run: RunRecord, changes: Sequence[EntryNews], open_now: OpenCount, first: int | None) -> RoundNews:
        """Return what a run changed; ``first`` is the first run that saw anything of its site, None without any."""
        sure = [each.news for each in changes if each.confidence is Confidence.CONFIRMED]
        found = [each for each in changes if each.news is not LedgerNews.CLOSED]
        return RoundNews(
            run=run.id,
            site=self._names[run.site],
            scope=run.scope,
            new=sure.count(LedgerNews.NEW),
            reopened=sure.count(LedgerNews.REOPENED),
            suspected=sum(each.confidence is Confidence.SUSPECTED for each in found),
            closed=sum(each.news is LedgerNews.CLOSED for each in changes),
            open=open_now.open,
            overdue=open_now.overdue,
            is_first=first == run.id,
            failed=run.reason if run.status == "failed" else None,
        )

    # ---- rows and links ---------------------------------------------------------------------------

    def _readers(self, target: TargetSettings) -> Readership:
        """Return whose entries a target hears of: of configured sites, as grave as it asks for or graver."""
        sites = tuple(key for key in self._names if target.covers(key)) if target.sites else ()
        severities = tuple(each for each in Severity if each.rank <= target.severity.rank)
        return Readership(sites, target.departments, severities if len(severities) < len(Severity) else ())

    def _listed(self, changes: Iterable[EntryNews]) -> ListedEntries:
        ordered = sorted(changes, key=lambda each: (each.severity.rank, each.number))
        return ListedEntries(self._with_sites([each.number for each in ordered[:LISTED]]), len(ordered))

    def _with_sites(self, numbers: Sequence[int]) -> tuple[SiteEntry, ...]:
        known = self._entries.get(numbers)
        found = [known[number] for number in numbers if number in known]
        return tuple(SiteEntry(self._names.get(entry.site, entry.site), entry) for entry in found)

    def _link_to(self, run: RunRecord, target: TargetSettings) -> tuple[MessageLink, ...]:
        formats = self._settings.report_of(run.site).formats
        path = str(file_of(run, "html" if "html" in formats else formats[0]))
        return self._link("message.report", path, target)

    def _link_to_all(self, target: TargetSettings) -> tuple[MessageLink, ...]:
        return self._link("message.reports", "index.html", target)

    def _link(self, text: str, path: str, target: TargetSettings) -> tuple[MessageLink, ...]:
        base = self._settings.notify.link
        if not base:
            return ()
        say = words(target.language or self._settings.report.language)
        return (MessageLink(say(text), f"{base.rstrip('/')}/{quote(path)}"),)


def _new(target: TargetSettings, occasion: Occasion, message: Message) -> NewMessage:
    return NewMessage(message.key, target.name, occasion.value, message_to_json(message))


def _change_document(change: StateChange, language: str) -> dict[str, object]:
    """Return a change as programs get it; ``from`` is "" where the entry was opened, ``by`` "" where nobody did it."""
    row = change.row
    return {
        "number": row.number,
        "site": change.site,
        "rule": change.rule,
        "severity": change.severity,
        "department": change.department,
        "owner": change.owner,
        "from": row.before,
        "to": row.after,
        "by": row.by,
        "cause": row.cause.value,
        "run": row.run,
        "why": in_words(row.why, language),
        "at": row.at.isoformat(timespec="seconds"),
    }
