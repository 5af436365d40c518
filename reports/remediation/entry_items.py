"""Write entries of the ledger and their history as JSON objects, for the command line and the API alike."""

from __future__ import annotations

from datetime import date

from reports.remediation.entry import FieldChange, LedgerEntry, as_text
from reports.remediation.reasons import in_words

Item = dict[str, object]


def entry_item(entry: LedgerEntry, today: date, language: str) -> Item:
    """Return an entry as one JSON object; field names are those of the manual (docs/remediation.md)."""
    return {
        "number": entry.number,
        "site": entry.site,
        "rule": entry.rule,
        "family": entry.family,
        "severity": entry.severity,
        "confidence": entry.confidence,
        "state": entry.state,
        "page": entry.page,
        "target": entry.target,
        "message": entry.message(language),
        "department": entry.department,
        "owner": entry.owner,
        "deadline": as_text(entry.deadline) or None,
        "estimated": entry.estimated,
        "overdue": entry.overdue(today),
        "first_seen": entry.first_seen.isoformat(timespec="seconds"),
        "last_seen": entry.last_seen.isoformat(timespec="seconds"),
        "closed": entry.closed.isoformat(timespec="seconds") if entry.closed else None,
        "reopened": entry.reopened,
        "bounced": entry.bounced,
        "until": as_text(entry.until) or None,
        "reason": entry.reason,
        "note": entry.note,
        "mended": as_text(entry.mended) or None,
        "remark": entry.remark,
        "fingerprint": entry.fingerprint,
        "suggestions": [{"target": each.target, "reason": each.reason(language)} for each in entry.suggestions],
    }


def change_item(change: FieldChange, language: str) -> Item:
    """Return a row of the history as one JSON object; a reason that no person wrote is in the reader's language."""
    item: Item = change._asdict()
    return item | {"at": change.at.isoformat(timespec="seconds"), "why": in_words(change.why, language)}
