"""Write the report in SARIF 2.1.0 (OASIS, errata 01): for code scanning, issue trackers and viewers of such logs.

The sites that are inspected have no source here: a location is a page, and what a fix changes is named by a fragment of
its address (a passage by its words, an address by the attribute that has it), for offsets in the page mean nothing to
its office. Judgements of the ledger are suppressions, and what they suppress stays in the log. Results are encoded one
by one, as in report.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote
from uuid import NAMESPACE_URL, UUID, uuid5

from checks.model import Confidence, Rule, Severity
from reports import facts, verdict
from reports.model import Baseline, Status
from reports.outline import worst_first
from reports.remediation.states import STATES, State
from reports.safe import visible, web_address
from reports.wording import LANGUAGES, Words, words

if TYPE_CHECKING:
    from checks.model import Excerpt, Finding
    from reports.model import Entry, Report, Run

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

LOCATIONS = 20
"""Pages named for a finding that has to be put right on each of them; ``properties`` have their number."""

LEVELS: Mapping[Severity, str] = MappingProxyType(
    {Severity.CRITICAL: "error", Severity.MAJOR: "warning", Severity.MINOR: "note"}
)

BASELINES: Mapping[Baseline, str] = MappingProxyType(
    {
        Baseline.NEW: "new",
        Baseline.REOPENED: "new",  # it was not in the run compared with
        Baseline.UNCHANGED: "unchanged",
        Baseline.UNVERIFIED: "unchanged",
        Baseline.FIXED: "absent",
    }
)

SUPPRESSING = frozenset({State.FALSE_POSITIVE, State.ACCEPTED})
"""States in which somebody decided that nothing is to be done."""

CONTEXT = 12
"""Characters before and after a passage that tell it from others like it."""

FINGERPRINT = "sitehealthFinding/v1"
"""The name and version of what tells findings apart."""

Item = dict[str, object]


def write(report: Report, language: str, out: BinaryIO) -> None:
    """Write the report as a log of one run, a line for each result, the worst first."""
    run = _LogRun(report, words(language))
    out.write(_encoded({"$schema": SCHEMA, "version": "2.1.0"}).rstrip(b"}"))
    out.write(b', "runs": [{\n')
    out.writelines(_encoded(name) + b": " + _encoded(value) + b",\n" for name, value in run.properties().items())
    out.write(b'"results": [')
    for at, result in enumerate(run.results()):
        out.write(b",\n" if at else b"\n")
        out.write(_encoded(result))
    out.write(b"]\n}]}\n")


def _encoded(value: object) -> bytes:
    # Texts of the site come here visible; ids are what is left that could hold a lone surrogate.
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


class _LogRun:
    """A report as a run of the log. All entries are in it: open, gone, not looked at again, suppressed."""

    def __init__(self, report: Report, say: Words) -> None:
        self._report, self._say = report, say
        every = (*report.findings, *report.unverified, *report.fixed, *report.suppressed)
        self._entries = worst_first(every)
        rules = {entry.finding.rule.id: entry.finding.rule for entry in self._entries}
        self._rules = [rules[key] for key in sorted(rules)]
        self._rule_index = {rule.id: at for at, rule in enumerate(self._rules)}
        columns = sorted({entry.finding.column for entry in self._entries if entry.finding.column})
        self._column_index = {column: at for at, column in enumerate(columns, 1)}
        self._logical = [_site(report.run.site), *(_column(report.run.site, column) for column in columns)]

    def properties(self) -> Item:
        """Return everything about the run but its results."""
        report, language = self._report, self._say.language
        described: Item = {
            "tool": {"driver": _component(self._rules, language)},
            "language": language,
            "translations": [
                _component(self._rules, other) | {"contents": ["localizedData"], "isComprehensive": True}
                for other in LANGUAGES
                if other != language
            ],
            "columnKind": "unicodeCodePoints",
            "automationDetails": {
                "id": _identity(report.run),
                "guid": str(_guid(report.run)),
                "description": {"text": _text(f"{report.run.site} · {self._say.label('scope', report.run.scope)}")},
            },
            "invocations": [self._invocation()],
            "logicalLocations": self._logical,
            "properties": self._figures(),
        }
        if report.previous:
            described["baselineGuid"] = str(_guid(report.previous))
        return described

    def _invocation(self) -> Item:
        """Return how the run went; what it did not look at are notifications of the tool."""
        run = self._report.run
        invocation: Item = {
            "executionSuccessful": run.status is not Status.FAILED,
            "startTimeUtc": _moment(run.started),
            "exitCodeDescription": _text(run.reason(self._say.language)) or self._say.label("status", run.status),
            "toolExecutionNotifications": [
                {"level": "warning", "message": {"text": _message(sentence)}}
                for sentence in verdict.blind_spots(self._report, self._say)
            ],
        }
        if run.finished:
            invocation["endTimeUtc"] = _moment(run.finished)
        return invocation

    def _figures(self) -> Item:
        report = self._report
        figures: Item = {"status": report.run.status, "headline": verdict.headline(report, self._say)}
        if report.score:
            figures["score"] = report.score.points
            figures["vetoes"] = [veto.title(self._say.language) for veto in report.score.veto]
        if report.ledger:
            figures["ledger"] = report.ledger._asdict()
        return figures

    # ---- results ---------------------------------------------------------------------------------

    def results(self) -> Iterator[Item]:
        """Yield a result for each finding."""
        return map(self._result, self._entries)

    def _result(self, entry: Entry) -> Item:
        finding = entry.finding
        result: Item = {
            "ruleId": finding.rule.id,
            "ruleIndex": self._rule_index[finding.rule.id],
            **_kind(entry),
            "message": {"text": _message(facts.message(finding, self._say.language))},
            "locations": self._locations(finding),
            "occurrenceCount": facts.page_count(finding),
            "partialFingerprints": {FINGERPRINT: finding.fingerprint},
            "suppressions": self._suppressions(entry),
            "provenance": {
                "firstDetectionTimeUtc": _moment(entry.first_seen),
                "lastDetectionTimeUtc": _moment(entry.last_seen),
            },
            "properties": self._handling(entry),
        }
        if self._report.previous:  # nothing is new where there is nothing to compare with
            result["baselineState"] = BASELINES[entry.baseline]
        if target := facts.target_url(finding):
            label = {"text": self._say("table.target")}
            result["relatedLocations"] = [{"physicalLocation": _page(target), "message": label}]
        if fixes := self._fixes(finding):
            result["fixes"] = fixes
        return result

    def _locations(self, finding: Finding) -> list[Item]:
        """Return the pages on which something has to be changed: those that link to a target, or have a passage."""
        referrers = tuple(referrer.url for referrer in facts.referrers(finding))
        logical = self._logical_location(finding.column)
        pages = (referrers or facts.pages(finding))[:LOCATIONS]
        passage = {"message": {"text": _message(facts.wording(finding))}} if finding.text else {}
        return [{"physicalLocation": _page(page), "logicalLocations": [logical], **passage} for page in pages]

    def _logical_location(self, column: str) -> Item:
        at = self._column_index.get(column, 0)
        return {"index": at, "fullyQualifiedName": self._logical[at]["fullyQualifiedName"]}

    def _suppressions(self, entry: Entry) -> list[Item]:
        if entry.state not in SUPPRESSING:
            return []
        why = _text(entry.reason) or STATES[entry.state].title(self._say.language)
        return [{"kind": "external", "status": "accepted", "justification": why, "properties": {"state": entry.state}}]

    def _fixes(self, finding: Finding) -> list[Item]:
        """Return what may take the place of a wrong wording, or of the address of a broken link."""
        if finding.text and finding.suggestion:
            place = _passage(facts.place(finding), finding.text)
            return [_fix(place, finding.text.wrong, finding.suggestion, self._say("finding.replace"))]
        if finding.target is None:
            return []
        wrong = finding.target.href or facts.target_url(finding)
        place = _attribute(facts.place(finding), wrong)
        reason = facts.likely_repairs(finding, self._say.language)
        return [_fix(place, wrong, repair.url, reason) for repair in finding.repairs]

    def _handling(self, entry: Entry) -> Item:
        finding = entry.finding
        handling: Item = {
            "severity": finding.weight,
            "confidence": finding.confidence,
            "family": finding.rule.family,
            "remedy": _text(facts.remedy(finding, self._say.language)),
            "state": entry.state,
            "pages": max(facts.page_count(finding), facts.referrer_count(finding)),
        }
        known: Item = {
            "number": entry.entry,
            "department": _text(entry.department),
            "owner": _text(entry.owner),
            "deadline": entry.deadline.isoformat() if entry.deadline else "",
            "overdue": entry.overdue,
            "pageTitle": _text(entry.page_title),
            "pageRegion": facts.region(finding).value,
            "linkText": _text(facts.link_text(finding)),
            "evidence": _text(facts.seen(finding, self._say)),
        }
        return handling | {name: value for name, value in known.items() if value}


def _kind(entry: Entry) -> Item:
    """Return what sort of result it is; SARIF gives levels to failures alone (3.27.10).

    A suspicion is for a person to look at. What this run did not look at again is open: nobody knows.
    """
    if entry.baseline is Baseline.UNVERIFIED:
        return {"kind": "open", "level": "none"}
    if entry.finding.confidence is Confidence.SUSPECTED:
        return {"kind": "review", "level": "none"}
    return {"kind": "fail", "level": LEVELS[entry.finding.weight]}


def _component(rules: Iterable[Rule], language: str) -> Item:
    """Return the tool with its rules in a language; rules of a translation are known by their ids."""
    described = [_rule(rule, language) for rule in rules]
    return {"name": "Sitehealth", "language": language, "rules": described}


def _rule(rule: Rule, language: str) -> Item:
    say = words(language)
    parts = {"why": rule.why(language), "remedy": rule.remedy(language), "basis": rule.basis(language)}
    colon = say("frame.colon")
    lines = [f"{say(f'group.{key}')}{colon}{text}" for key, text in parts.items()]
    bold = [f"**{say(f'group.{key}')}**{colon}{text}" for key, text in parts.items()]
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": rule.title(language)},
        "fullDescription": {"text": rule.why(language)},
        "help": {"text": "\n".join(lines), "markdown": "\n\n".join(bold)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": [rule.family], "severity": rule.severity, "family": say.label("family", rule.family)},
    }


def _fix(place: str, wrong: str, right: str, why: str) -> Item:
    """Return a fix that replaces all of what a URI names."""
    region: Item = {"charOffset": 0, "charLength": len(wrong), "snippet": {"text": _text(wrong)}}
    replacement: Item = {"deletedRegion": region, "insertedContent": {"text": _text(right)}}
    return {
        "description": {"text": _message(why)},
        "artifactChanges": [{"artifactLocation": {"uri": place}, "replacements": [replacement]}],
    }


def _passage(page: str, text: Excerpt) -> str:
    """Return the URI of a passage: a text directive, which browsers scroll to (WICG, URL Fragment Text Directives)."""
    before, after = text.before[-CONTEXT:], text.after[:CONTEXT]
    directive = [_escaped(before) + "-"] if before else []
    directive.append(_escaped(text.wrong))
    directive += ["-" + _escaped(after)] if after else []
    return f"{_uri(page).partition('#')[0]}#:~:text={','.join(directive)}"


def _attribute(page: str, value: str) -> str:
    """Return the URI of the attributes of a page that have a value (W3C, XPointer)."""
    quoted = f"'{value}'" if "'" not in value else f'"{value}"'
    return f"{_uri(page).partition('#')[0]}#xpointer({_escaped(f'//@*[.={quoted}]')})"


def _escaped(text: str) -> str:
    """Return a text as a part of a fragment; a hyphen separates the parts of a text directive."""
    return quote(text.encode("utf-8", "replace"), safe="").replace("-", "%2D")


def _page(url: str) -> Item:
    return {"artifactLocation": {"uri": _uri(url)}}


def _site(site: str) -> Item:
    return {"name": _text(site), "fullyQualifiedName": _text(site), "kind": "site"}


def _column(site: str, column: str) -> Item:
    name = _text(column)
    return {"name": name, "fullyQualifiedName": f"{_text(site)}/{name}", "kind": "column", "parentIndex": 0}


def _uri(url: str) -> str:
    """Return an address as a URI; what is none comes as a relative reference that leads nowhere else."""
    return web_address(url) or quote(url.encode("utf-8", "replace"), safe="")


def _identity(run: Run) -> str:
    """Return what names the run among others: a path whose last part is its number (3.17.3)."""
    return f"{quote(run.url.encode('utf-8', 'replace'), safe=':')}/{run.scope}/{run.id}"


def _guid(run: Run) -> UUID:
    return uuid5(NAMESPACE_URL, _identity(run))


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _text(text: str) -> str:
    return visible(text)


def _message(text: str) -> str:
    """Return a text as a message that says just that.

    Braces stand for arguments, and a text in brackets before parentheses for a link (3.11.5, 3.11.6): a site that
    writes them must neither lose them nor get a link into a viewer.
    """
    return visible(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")
