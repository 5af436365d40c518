"""Write entries and the rows of their history as columns, and read them back as values."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from sqlalchemy import RowMapping

from checks.model import Confidence, Severity
from checks.reading.likely_repairs import REASONS
from monitor.beijing import beijing_time
from monitor.store.codec import finding_from_json
from monitor.store.database import Row
from monitor.store.findings import FindingRecord
from monitor.store.json_text import JsonText
from reports.remediation.entry import ChangeCause, FieldChange, Handling, LedgerEntry, Suggestion
from reports.remediation.states import State

_SEVERITIES = {each.value: each for each in Severity}
_CONFIDENCES = {each.value: each for each in Confidence}
_STATES = {each.value: each for each in State}
"""Looked up: calling an enumeration takes six times as long, and a ledger is read whole for its spreadsheet."""

_moment = lru_cache(1_000)(beijing_time)
"""The time of a row: what a run saw shares its own. Remembered, since a ledger is read whole for its spreadsheet."""


def entry_from_row(row: RowMapping) -> LedgerEntry:
    """Return an entry as a value."""
    finding = finding_from_json(row["body"])
    return LedgerEntry(
        number=row["number"],
        site=row["site"],
        fingerprint=row["fingerprint"],
        check=row["check"],
        finding=finding,
        severity=_SEVERITIES[row["severity"]],
        confidence=_CONFIDENCES[row["confidence"]],
        state=_STATES[row["state"]],
        department=row["department"],
        owner=row["owner"],
        deadline=day(row["deadline"]),
        estimated=row["estimated"],
        until=day(row["until"]),
        reason=row["reason"],
        note=row["note"],
        remark=row["remark"],
        mended=day(row["mended"]),
        first_seen=_moment(row["first_seen"]),
        last_seen=_moment(row["last_seen"]),
        last_run=row["last_run"],
        closed=None if row["closed"] is None else _moment(row["closed"]),
        reopened=row["reopened"],
        bounced=row["bounced"],
        hidden=row["hidden"],
        suppression=row["suppression"],
        suggestions=tuple([Suggestion(repair.url, REASONS[repair.reason]) for repair in finding.repairs]),
        revision=row["revision"],
    )


def new_entry_row(found: FindingRecord, body: JsonText) -> Row:
    """Return the columns of a new entry that its finding, with its JSON, decides; people decided nothing yet."""
    finding = found.finding
    return {
        "fingerprint": found.fingerprint,
        "check": found.check,
        "rule": finding.rule.id,
        "family": finding.rule.family,
        "severity": finding.weight.value,
        "confidence": finding.confidence.value,
        "hidden": 0,
        "revision": 0,
        "body": body,
        **handling_row(Handling()),
    }


def handling_row(handling: Handling) -> Row:
    """Return what was decided about a fault as columns of its row."""
    return {
        "state": handling.state.value,
        "department": handling.department,
        "owner": handling.owner,
        "deadline": handling.deadline.isoformat() if handling.deadline else None,
        "estimated": handling.estimated,
        "until": handling.until.isoformat() if handling.until else None,
        "reason": handling.reason,
        "note": handling.note,
        "remark": handling.remark,
        "mended": handling.mended.isoformat() if handling.mended else None,
        "closed": handling.closed.timestamp() if handling.closed else None,
        "reopened": handling.reopened,
        "bounced": handling.bounced,
    }


def change_from_row(row: RowMapping) -> FieldChange:
    """Return a row of the history as a value."""
    fields = {name: row[name] for name in FieldChange._fields}
    return FieldChange(**fields | {"at": beijing_time(row["at"]), "cause": ChangeCause(row["cause"])})


def history_row(change: FieldChange) -> Row:
    """Return a row of the history as columns; the store numbers it."""
    return change._asdict() | {"at": change.at.timestamp(), "cause": change.cause.value}


def day(text: str | None) -> date | None:
    """Return a day as its column has it (ISO 8601)."""
    return date.fromisoformat(text) if text else None
