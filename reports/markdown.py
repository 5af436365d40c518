"""Write the report as Markdown (GitHub's dialect), for a work item, a wiki or a chat.

Short by design: the figures, what changed, and each rule with its worst findings. Text of the site is escaped, so it
can neither make markup nor break a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from reports import facts, outline, verdict
from reports.finding_rows import COLUMNS, FindingRow, cells, standing
from reports.gathering import Alike, gathered
from reports.remediation.states import STATES
from reports.safe import clip, one_line, readable, web_address
from reports.wording import Words, words

if TYPE_CHECKING:
    from checks.model import Finding, Rule
    from reports.model import Report, Run

SHOWN = 50
"""Findings listed under a rule; who wants all of them takes the spreadsheet."""

SPECIAL = re.compile(r"[\\`*_{}\[\]#|<>&~@!]")
AUTOLINK = re.compile(r":(?=//)|\.(?<=www\.)", re.IGNORECASE)
"""What makes bare text a link (GitHub Flavored Markdown, 6.9)."""

TEXT_CHARACTERS = 300


def write(report: Report, language: str, out: BinaryIO) -> None:
    """Write the report, worst rule first."""
    out.writelines(f"{line}\n".encode() for line in _lines(report, words(language)))


def escaped(text: str) -> str:
    """Return text of the site as Markdown that shows it, on one line and of bounded length."""
    return AUTOLINK.sub(r"\\\g<0>", _inert(text))


def plain(text: str) -> str:
    """Return our own words as Markdown that shows them: remedies name elements, ``<meta>``, and patterns."""
    return SPECIAL.sub(r"\\\g<0>", one_line(text))


def _inert(text: str) -> str:
    return SPECIAL.sub(r"\\\g<0>", clip(one_line(text), TEXT_CHARACTERS))


def linked(url: str) -> str:
    """Return a URL as a link where it is a web address, as escaped text where it is not."""
    address = web_address(url)
    return f"[{_inert(readable(url))}](<{address}>)" if address else escaped(readable(url))


def _lines(report: Report, say: Words) -> Iterator[str]:
    yield from _head(report, say)
    yield from _figures(report, say)
    if blind := verdict.blind_spots(report, say):
        yield from (f"## {say('notices.title')}", "", *(f"- {escaped(sentence)}" for sentence in blind), "")
    for group in outline.groups(report.findings):
        yield from _group(group, report, say)
    if report.fixed:
        yield from (
            f"## {say('fixed.title')}",
            "",
            *_table(gathered(outline.worst_first(report.fixed)), report, say),
            "",
        )


def _head(report: Report, say: Words) -> Iterator[str]:
    run = report.run
    yield f"# {escaped(run.site)} · {say('frame.title')}"
    yield ""
    yield f"- {say('summary.url')}: {linked(run.url)}"
    yield f"- {say('summary.scope')}: {say.label('scope', run.scope)}"
    yield f"- {say('summary.started')}: {say.moment(run.started)} – {say.moment(run.finished)}"
    yield f"- {say('summary.status')}: {say.label('status', run.status)}"
    for name, text in (("office", report.letterhead.office), ("contact", report.letterhead.contact)):
        if text:
            yield f"- {say(f'letterhead.{name}')}: {escaped(text)}"
    yield ""


def _figures(report: Report, say: Words) -> Iterator[str]:
    yield f"**{verdict.headline(report, say)}**"
    yield ""
    if report.score:
        yield f"{say('score.short')}{say('frame.colon')}{verdict.points(report, say)}"
        yield ""
    if vetoes := verdict.vetoes(report, say):
        yield from (f"**{escaped(vetoes)}**", "")
    if why := verdict.shortfall(report, say):
        yield from (escaped(why), "")
    # Nothing is new where there is nothing to compare with.
    keys = ["confidence.confirmed", "confidence.suspected", *(["baseline.new"] if report.previous else [])]
    yield _row(say("table.severity"), *map(say, keys))
    yield _row("---", *["---:"] * len(keys))
    for severity, counts in outline.by_severity(report).items():
        numbers = (counts.confirmed, counts.suspected, counts.recent)[: len(keys)]
        yield _row(say.label("severity", severity), *map(str, numbers))
    yield ""
    yield verdict.compared(report, say)
    yield verdict.changes(report, say)
    yield ""
    if report.ledger:
        yield from (say("ledger.figures", **report.ledger._asdict()), "")


def _group(group: outline.RuleGroup, report: Report, say: Words) -> Iterator[str]:
    rule, language = group.rule, say.language
    count = say.count("group.count", len(group.entries))
    yield f"## {say.label('severity', group.severity)} · {plain(rule.title(language))} · {count}"
    yield ""
    yield f"{say('group.why')}: {plain(rule.why(language))}"
    yield ""
    yield f"{say('group.remedy')}: {plain(rule.remedy(language))}"
    yield ""
    yield from _settings(rule, language)
    yield f"{say('group.basis')}: {plain(rule.basis(language))}"
    yield ""
    yield from _table(group.rows, report, say)
    yield ""


def _settings(rule: Rule, language: str) -> Iterator[str]:
    """Yield what each server is told, as code that can be copied."""
    for setting in rule.settings:
        yield from (f"**{plain(setting.server(language))}** {plain(setting.where(language))}", "")
        yield from ("```text", setting.code, "```", "")


def _table(rows: Sequence[Alike], report: Report, say: Words) -> Iterator[str]:
    """Yield a table with the columns that the office adds at its end."""
    added = [column for column in COLUMNS if column.key in report.letterhead.columns]
    usual = ("handling", "confidence", "baseline", "page_short", "target", "message", "first_seen")
    keys = (*usual, *(column.key for column in added))
    yield _row(*(say(f"table.{key}") for key in keys))
    yield _row(*["---"] * len(keys))
    for row in rows[:SHOWN]:
        finding, line = row.first.finding, FindingRow(row, report.run, say, report.is_first)
        yield _row(
            " · ".join(_handling(row, say)),
            say.label("confidence", finding.confidence),
            standing(row.baseline, say, is_first=report.is_first),
            " · ".join(filter(None, _place(row, report.run, say))),
            " ".join(filter(None, (escaped(facts.link_text(finding)), linked(facts.target_url(finding))))),
            escaped(" ".join(_texts(finding, say.language))),
            say.day(row.first.first_seen),
            *map(escaped, cells([column.value(line) for column in added], say)),
        )
    if len(rows) > SHOWN:
        yield ""
        yield say.count("group.more", sum(row.count for row in rows[SHOWN:]))


def _place(row: Alike, run: Run, say: Words) -> Iterator[str]:
    """Yield the title of the page, its address with the number of pages, and where on it the fault stands."""
    yield escaped(row.first.page_title)
    yield linked(facts.place(row.first.finding)) + outline.extent(row, say)
    yield escaped(facts.where(row.first.finding, run, say))


def _handling(row: Alike, say: Words) -> Iterator[str]:
    """Yield the number, the states, whose it is, and until when."""
    if row.first.entry:
        yield say("ledger.number", n=row.first.entry)
    yield from (STATES[state].title(say.language) for state in row.states)
    yield from map(escaped, (*row.departments, *row.owners))
    if row.deadline:
        due = say("ledger.due", day=say.day(row.deadline))
        if row.overdue:
            due += f" **{say('ledger.overdue')}**"
        yield due


def _texts(finding: Finding, language: str) -> Iterator[str]:
    yield facts.message(finding, language)
    yield facts.wording(finding)
    yield facts.likely_repairs(finding, language)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
