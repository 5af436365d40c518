"""List, show, change and count the entries of the remediation ledger (整改台账)."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import click
from msgspec import to_builtins
from msgspec.structs import asdict, replace

from checks.model import Text
from monitor.accounts.auditing import AuditLog, actor_at_keyboard
from monitor.commands.common import Fault, language_of, opened, opened_to_read, worded
from monitor.commands.work.chosen_group import BOTH, parts_of_group, sites_of_group
from monitor.commands.work.chosen_site import refuse_unknown_site
from monitor.commands.work.entry_words import FIELDS, history_line
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import ChangeRefusedError, Ledger
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.ledger.entry_filter import LedgerFilter
from reports import facts
from reports.csv import inert
from reports.remediation.changes import WantedChange
from reports.remediation.entry import LedgerEntry, as_text
from reports.remediation.entry_items import Item, change_item, entry_item
from reports.remediation.figures import EntryCounts, LedgerFigures
from reports.remediation.states import STATES
from reports.safe import one_line
from reports.wording import words

OVERDUE = Text("逾期", "overdue")
SEEN = Text("首次和最近发现", "First and last seen")
BOUNCED = Text("报告已整改后复查仍存在的次数", "Still there after somebody called it mended")
ESTIMATED = Text("（估算）", " (estimated)")
NONE = Text("台账中没有符合条件的问题", "no entry of the ledger is like that")
UNASSIGNED = Text("未分派", "no department")
CHANGED = Text("已更新 {entries} 条，{rows} 处修改", "{entries} entries, {rows} changes")
COUNTS = Text(
    "发现 {found}，销号 {closed}，待整改 {open}，逾期 {overdue}，重新出现 {reopened}，整改天数中位数 {median}",
    "found {found}, closed {closed}, open {open}, overdue {overdue}, reopened {reopened}, median days {median}",
)
NO_ENTRY = Text("没有编号为 {number} 的问题", "there is no entry {number}")


def list_entries(settings: Settings, wanted: LedgerFilter, form: str, *, overdue: bool, limit: int | None) -> None:
    """Print entries."""
    language = language_of(settings)
    with opened_to_read(settings) as store:
        refuse_unknown_site(settings, store, wanted.site)
        ledger = _ledger(settings, store)
        today = ledger.today
        wanted = replace(wanted, overdue=today if overdue else None, limit=limit)
        entries = ledger.select(wanted)
        if form == "json":
            for entry in entries:
                click.echo(_json(entry_item(entry, today, language)))
        elif form == "csv":
            _write_csv(entries, today, language)
        else:
            _write_text(entries, today, language)


def _ledger(settings: Settings, store: Store) -> Ledger:
    """Return the ledger as it is today: judgements whose last day is past have come back."""
    ledger = Ledger(store, policy_of(settings))
    ledger.end_terms()
    return ledger


def _json(item: Item) -> str:
    # A lone surrogate cannot be printed; what backslashreplace makes of it is its JSON escape.
    return json.dumps(item, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def _write_csv(entries: Iterable[LedgerEntry], today: date, language: str) -> None:
    table = csv.writer(sys.stdout, lineterminator="\n")
    for at, item in enumerate(entry_item(entry, today, language) for entry in entries):
        if at == 0:
            table.writerow(item)
        table.writerow([inert(_plain(value)) for value in item.values()])


def _plain(value: object) -> str:
    if isinstance(value, list):
        return " ".join(each["target"] for each in value)
    return "" if value is None else as_text(value)


def _write_text(entries: Iterable[LedgerEntry], today: date, language: str) -> None:
    shown = 0
    for entry in entries:
        click.echo(_line(entry, today, language))
        shown += 1
    if not shown:
        click.echo(NONE(language))


def _line(entry: LedgerEntry, today: date, language: str) -> str:
    say = words(language)
    late = OVERDUE(language) if entry.overdue(today) else ""
    parts = (
        f"{entry.number:>6}",
        STATES[entry.state].title(language),
        say.label("severity", entry.severity),
        as_text(entry.deadline) or "-",
        late,
        entry.department,
        entry.owner,
        one_line(entry.message(language)),
        one_line(entry.target or entry.page),
    )
    return "  ".join(part for part in parts if part)


# ---- one entry ---------------------------------------------------------------------------------------


def show_entry(settings: Settings, number: int, form: str) -> None:
    """Print an entry with its history. Raises Fault where there is none of that number."""
    language = language_of(settings)
    with opened_to_read(settings) as store:
        ledger = _ledger(settings, store)
        try:
            entry = ledger.get(number)
        except KeyError:
            raise Fault(NO_ENTRY(language).format(number=number)) from None
        history = ledger.history(number)
        item = entry_item(entry, ledger.today, language)
    if form == "json":
        click.echo(_json(item | {"history": [change_item(change, language) for change in history]}))
        return
    click.echo(_line(entry, ledger.today, language) + (ESTIMATED(language) if entry.estimated else ""))
    for name, value in _facts(entry, language):
        if value:
            click.echo(f"  {name(language)}: {one_line(value)}")
    if repairs := facts.likely_repairs(entry.finding, language):
        click.echo(f"  {repairs}")
    for change in history:
        click.echo(f"  {history_line(change, language)}")


def _facts(entry: LedgerEntry, language: str) -> Iterator[tuple[Text, str]]:
    """Yield what else is known of an entry, and what it is called; "" for what there is nothing of."""
    seen = f"{entry.first_seen:%Y-%m-%d %H:%M} – {entry.last_seen:%Y-%m-%d %H:%M}, #{entry.last_run}"
    yield FIELDS["site"], entry.site
    yield FIELDS["rule"], f"{entry.finding.rule.title(language)} ({entry.rule})"
    yield FIELDS["page"], entry.page if entry.target else ""
    yield FIELDS["context"], facts.wording(entry.finding)
    yield SEEN, seen
    yield FIELDS["closed"], f"{entry.closed:%Y-%m-%d %H:%M}" if entry.closed else ""
    yield FIELDS["reopened"], str(entry.reopened or "")
    yield BOUNCED, str(entry.bounced or "")
    yield FIELDS["until"], as_text(entry.until)
    yield FIELDS["reason"], entry.reason
    yield FIELDS["note"], entry.note
    yield FIELDS["remark"], entry.remark


# ---- change and count --------------------------------------------------------------------------------


def set_entries(settings: Settings, numbers: Sequence[int], wanted: WantedChange, by: str) -> None:
    """Change entries, all or none. Raises Fault with a line for each number that stood in the way."""
    language = language_of(settings)
    with opened(settings) as store:
        try:
            rows = _ledger(settings, store).change(numbers, wanted, by)
            AuditLog(store).add_ledger_change(actor_at_keyboard(by), rows)
        except ChangeRefusedError as error:
            lines = [f"#{number}: {reason(language)}" for number, reason in error.reasons.items()]
            raise Fault("\n".join(lines)) from None
    click.echo(CHANGED(language).format(entries=len({row.number for row in rows}), rows=len(rows)))


class WantedFigures(NamedTuple):
    """What is counted, as it was typed: of a site, a group or all. ``by`` is "site", "group", or "" for all at once."""

    site: str
    group: str
    by: str


def count_entries(settings: Settings, wanted: WantedFigures, days: tuple[date | None, date | None], form: str) -> None:
    """Print the figures of a period, or those of each site or group in it. Raises Fault."""
    language = language_of(settings)
    if wanted.site and wanted.group:
        raise Fault(worded(*BOTH))
    members = sites_of_group(settings, wanted.group) if wanted.group else None
    parts = parts_of_group(settings, wanted.group) if wanted.by == "group" else None
    with opened_to_read(settings) as store:
        refuse_unknown_site(settings, store, wanted.site)
        ledger = _ledger(settings, store)
        figures = ledger.count(wanted.site, *days, members=members) if not wanted.by else None
        counted = ledger.count_parts(wanted.site, *days, members=members, parts=parts) if wanted.by else {}
    if form == "json":
        if figures is not None:
            click.echo(_json(to_builtins(figures)))
        for name, counts in counted.items():
            click.echo(_json({wanted.by: name, **asdict(counts)}))
        return
    named = counted.items() if figures is None else (("", figures.total), *_named_parts(figures, language))
    for name, counts in named:
        median = "-" if counts.median_days is None else f"{counts.median_days:.1f}"
        line = COUNTS(language).format(**asdict(counts), median=median)
        click.echo(f"{name}  {line}" if name else line)


def _named_parts(figures: LedgerFigures, language: str) -> Iterator[tuple[str, EntryCounts]]:
    """Yield the figures of every severity, family and department, by what readers call it."""
    say = words(language)
    for section, parts in (("severity", figures.severities), ("family", figures.families)):
        for name, counts in parts.items():
            yield say.label(section, name), counts
    for department, counts in figures.departments.items():
        yield one_line(department) or UNASSIGNED(language), counts
