"""Say what happened as a message: a digest of rounds, something critical, what is late, a week, trouble.

Values in, a message out; the words are in ``reports/locale``. A suspicion is counted and never listed: a message
calls somebody, and a suspicion is for a person to look at in good time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from checks.model import Text
from reports import facts
from reports.messages.message import Message, MessageLink, MessageRow, MessageSection
from reports.remediation.entry import LedgerEntry
from reports.wording import Words, words

SITES_LISTED, REPORTS_BROUGHT = 30, 10
"""Sites that have a line of their own in a message, and reports that come with it: the list of all has the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundNews:
    """What one run changed: counts of confirmed findings, ``suspected`` of the others that are new.

    ``is_first``: no run of this site has seen anything before, so that nothing is new by comparison.
    ``failed`` is why nothing was seen, None where something was.
    """

    run: int
    site: str
    scope: str
    new: int = 0
    reopened: int = 0
    suspected: int = 0
    closed: int = 0
    open: int = 0
    overdue: int = 0
    is_first: bool = False
    failed: Text | None = None

    @property
    def is_news(self) -> bool:
        """Whether anything is new, back or gone."""
        return bool(self.new or self.reopened or self.suspected or self.closed)


class SiteEntry(NamedTuple):
    """An entry and what its site is called."""

    site: str
    entry: LedgerEntry


@dataclass(frozen=True, slots=True)
class ListedEntries:
    """The worst of some entries, and how many there are."""

    worst: tuple[SiteEntry, ...] = ()
    total: int = 0


class WeekOfSite(NamedTuple):
    """What a week changed in the ledger of a site, and how it stands."""

    site: str
    found: int
    closed: int
    open: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What every message to a target has: its key, its language, the links below it, the day for "late"."""

    key: str
    language: str
    today: date
    links: tuple[MessageLink, ...] = ()
    say: Words = field(init=False)

    def __post_init__(self) -> None:
        """Look the words up."""
        object.__setattr__(self, "say", words(self.language))

    def message(
        self,
        subject: str,
        figures: Sequence[str],
        sections: Sequence[MessageSection] = (),
        reports: Sequence[int] = (),
    ) -> Message:
        """Return a message that says this; sections without a row are left out."""
        return Message(
            key=self.key,
            language=self.language,
            subject=subject,
            figures=tuple(figures),
            sections=tuple(section for section in sections if section.total),
            links=self.links,
            reports=tuple(reports),
        )

    def section(self, title: str, listed: ListedEntries, site: str = "") -> MessageSection:
        """Return a headed list of entries; their site is left out where it is ``site``, which the message is about."""
        return MessageSection(self.say(title), tuple(self._row(each, site) for each in listed.worst), listed.total)

    def _row(self, each: SiteEntry, site: str) -> MessageRow:
        say, entry = self.say, each.entry
        remarks = [] if each.site == site else [each.site]
        remarks.append(say("message.number", n=entry.number))
        if entry.department:
            remarks.append(entry.department)
        if entry.deadline:
            late = "message.late" if entry.overdue(self.today) else "message.deadline"
            remarks.append(say(late, day=say.day(entry.deadline)))
        label, remark = say.label("severity", entry.severity), " · ".join(remarks)
        return MessageRow(label, self._what(entry), remark, facts.place(entry.finding))

    def _what(self, entry: LedgerEntry) -> str:
        """Return what is wrong, and with which link, file or wording."""
        wording = facts.wording(entry.finding) if entry.finding.text else ""
        about = facts.shown_target(entry.finding) or wording
        what = facts.message(entry.finding, self.language)
        return f"{what}{self.say('frame.colon')}{about}" if about and about not in what else what


def digest(
    envelope: Envelope, rounds: Sequence[RoundNews], new: ListedEntries, closed: ListedEntries, overdue: ListedEntries
) -> Message:
    """Return one message about the rounds of some sites, the worst first; the reports of the worst belong to it."""
    say = envelope.say
    counts = {
        "new": sum(each.new + each.reopened for each in rounds),
        "closed": sum(each.closed for each in rounds),
        "n": len({each.site for each in rounds}),
    }
    one = rounds[0] if len(rounds) == 1 else None
    if one is None:
        subject = say("message.rounds_subject", **counts)
    elif one.is_first:
        subject = say("message.first_subject", site=one.site, scope=say.label("scope", one.scope), **counts)
    else:
        subject = say("message.round_subject", site=one.site, scope=say.label("scope", one.scope), **counts)
    title = "message.found" if all(each.is_first for each in rounds) else "message.new"
    site = one.site if one else ""
    sections = [
        envelope.section(title, new, site),
        envelope.section("message.closed", closed, site),
        envelope.section("message.overdue", overdue, site),
    ]
    lines = [_line_of_round(each, say) for each in rounds[:SITES_LISTED]]
    if len(rounds) > SITES_LISTED:
        lines.append(say("message.more_sites", n=len(rounds) - SITES_LISTED))
    reports = [each.run for each in rounds if each.failed is None]
    return envelope.message(subject, lines, sections, reports[:REPORTS_BROUGHT])


def _line_of_round(each: RoundNews, say: Words) -> str:
    scope = say.label("scope", each.scope)
    if each.failed is not None:
        return say("message.round_failed", site=each.site, scope=scope, reason=each.failed(say.language))
    besides = say("message.besides", n=each.suspected) if each.suspected else ""
    figures = {"closed": each.closed, "open": each.open, "overdue": each.overdue, "besides": besides}
    if each.is_first:
        return say("message.round_first", site=each.site, scope=scope, found=each.new + each.reopened, **figures)
    return say("message.round", site=each.site, scope=scope, new=each.new, reopened=each.reopened, **figures)


def critical(envelope: Envelope, site: str, found: ListedEntries) -> Message:
    """Return the message about critical findings that a run made for the first time, or again."""
    subject = envelope.say("message.critical_subject", site=site, n=found.total)
    return envelope.message(subject, (), [envelope.section("message.new", found, site)])


def recovered(envelope: Envelope, site: str, closed: ListedEntries) -> Message:
    """Return the message about critical faults that a look verified to be gone."""
    subject = envelope.say("message.recovered_subject", site=site, n=closed.total)
    return envelope.message(subject, (), [envelope.section("message.closed", closed, site)])


def states_changed(envelope: Envelope, changes: Sequence[Mapping[str, Any]]) -> Message:
    """Return the message to a program about changes of states, a document each."""
    subject = envelope.say("message.states_subject", n=len(changes))
    return replace(envelope.message(subject, ()), changes=tuple(changes))


def overdue(envelope: Envelope, departments: Sequence[str], late: ListedEntries) -> Message:
    """Return the reminder of what is late, to departments or to all."""
    say = envelope.say
    names = say("frame.separator").join(departments)
    key = "message.overdue_subject_of" if names else "message.overdue_subject"
    subject = say(key, departments=names, n=late.total)
    return envelope.message(subject, [say("message.overdue_line")], [envelope.section("message.overdue", late)])


def weekly(envelope: Envelope, period: tuple[date, date], sites: Sequence[WeekOfSite], late: ListedEntries) -> Message:
    """Return the digest of a week; of the sites, the worst first, some are listed."""
    say = envelope.say
    total = {name: sum(getattr(site, name) for site in sites) for name in ("found", "closed", "open", "overdue")}
    subject = say("message.weekly_subject", start=say.day(period[0]), end=say.day(period[1]))
    lines = [say("message.weekly_total", n=len(sites), **total)]
    lines += [say("message.weekly_line", **site._asdict()) for site in sites[:SITES_LISTED]] if len(sites) > 1 else []
    if len(sites) > SITES_LISTED:
        lines.append(say("message.more_sites", n=len(sites) - SITES_LISTED))
    return envelope.message(subject, lines, [envelope.section("message.overdue", late)])


def rounds_fail(envelope: Envelope, failed: RoundNews) -> Message:
    """Return the message that a site cannot be inspected, and that no retry is left."""
    say = envelope.say
    scope, reason = say.label("scope", failed.scope), failed.failed or Text("", "")
    subject = say("message.fails_subject", site=failed.site, scope=scope)
    line = say("message.round_failed", site=failed.site, scope=scope, reason=reason(say.language))
    return envelope.message(subject, [line, say("message.fails_line")])


def store_fails(envelope: Envelope, reason: str, since: datetime) -> Message:
    """Return the message that the store cannot be written and inspections pause."""
    say = envelope.say
    line = say("message.store_fails_line", since=say.moment(since), reason=reason)
    return envelope.message(say("message.store_fails_subject"), [line])


def store_back(envelope: Envelope, reason: str, since: datetime, until: datetime) -> Message:
    """Return the message that the store answers again."""
    say = envelope.say
    line = say("message.store_back_line", since=say.moment(since), until=say.moment(until), reason=reason)
    return envelope.message(say("message.store_back_subject"), [line])


def trial(envelope: Envelope, target: str, events: Sequence[str]) -> Message:
    """Return the message of `sitehealth notify test`."""
    say = envelope.say
    lines = [say("message.test_line", target=target), say("message.test_events", events=", ".join(events))]
    return envelope.message(say("message.test_subject"), lines)
