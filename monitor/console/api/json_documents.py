"""Write what is known as JSON documents: plain values, times in China as ISO 8601, names as in the manual."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec.structs import asdict

from monitor.beijing import beijing_time
from monitor.console.actions.period_jobs import PeriodJob
from monitor.console.actions.proofreading_jobs import ProofreadJob
from monitor.console.actions.rechecks_now import RecheckJob
from monitor.console.console_parts import Underway
from monitor.console.queries.run_details import RunDetails
from monitor.console.queries.site_cards import SiteCard
from monitor.proofreading.proof_marks import ProofMark
from monitor.store.accounts.api_tokens import TokenRecord
from monitor.store.accounts.audit_log import AuditRecord
from monitor.store.accounts.sessions import SessionRecord
from monitor.store.accounts.users import UserRecord
from monitor.store.outbox import MessageRecord
from monitor.store.runs import RunRecord
from reports.messages.message import message_from_json
from reports.remediation.entry import LedgerEntry, as_text
from reports.remediation.entry_items import Item, entry_item
from reports.remediation.suppressions import Suppression


def moment(seconds: float | None) -> str | None:
    """Return a time of seconds since the epoch, None for none."""
    return None if seconds is None else beijing_time(seconds).isoformat(timespec="seconds")


def _written(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat(timespec="seconds")


def site_document(card: SiteCard) -> Item:
    """Return a site at a glance."""
    entries, standing = card.entries, card.standing
    return {
        "id": card.key,
        "name": card.name,
        "url": card.url,
        "group": card.group,
        "level": card.level,
        "status": standing.status,
        "inspected": _written(standing.when),
        "score": standing.score,
        "vetoes": standing.vetoes,
        "grade": standing.grade,
        "open": {name: entries.by_severity.get(name, 0) for name in ("critical", "major", "minor")},
        "overdue": entries.overdue,
        "to_confirm": entries.to_confirm,
        "to_verify": entries.to_verify,
        "next_round": moment(card.next_round),
        "next_scope": card.next_scope,
        "availability": card.opened,
        "running": card.is_running,
    }


def inspection_document(underway: Underway) -> Item:
    """Return an inspection under way, or one that waits for its turn."""
    names = ("site", "scope", "run", "pages", "links", "requests", "queued", "findings", "can_be_cancelled")
    return {name: getattr(underway, name) for name in names} | {"started": moment(underway.started)}


def run_document(run: RunRecord, language: str) -> Item:
    """Return a run."""
    names = ("id", "site", "name", "url", "scope", "status", "pages", "links", "requests", "bytes")
    score = run.facts.score
    return {
        **{name: getattr(run, name) for name in names},
        **{name: moment(getattr(run, name)) for name in ("started", "finished", "scheduled_for")},
        "alive": run.status == "running" and run.alive,
        "reason": run.reason(language),
        "score": score.points if score else None,
        "grade": run.facts.security.grade if run.facts.security else "",
    }


def details_document(details: RunDetails, language: str) -> Item:
    """Return a run with what it found by rule."""
    rules = [
        {
            "rule": each.id,
            "title": each.rule.title(language) if each.rule else each.id,
            "severity": each.severity.value,
            "confirmed": each.confirmed,
            "suspected": each.suspected,
            "new": each.new,
        }
        for each in details.rules
    ]
    return run_document(details.record, language) | {
        "rules": rules,
        "closed": details.closed,
        "previous": details.previous.id if details.previous else None,
        "notices": [notice(language) for notice in details.record.facts.notices],
    }


def entry_document(entry: LedgerEntry, today: date, language: str) -> Item:
    """Return an entry of the ledger, as ``sitehealth ledger list --format json`` has it and a little more."""
    return entry_item(entry, today, language) | {
        "hidden": entry.hidden,
        "suppression": entry.suppression,
        "last_run": entry.last_run,
        "revision": entry.revision,
    }


def recheck_document(job: RecheckJob, language: str) -> Item:
    """Return a recheck as far as it has come."""
    results = [
        {"number": number, "result": seen.result, "evidence": seen.evidence(language)}
        for number, seen in sorted(job.looked.items())
    ]
    return {"id": job.id, "numbers": list(job.numbers), "ended": job.ended, "fault": job.fault, "results": results}


def suppression_document(judgement: Suppression, now: datetime) -> Item:
    """Return a judgement that is remembered."""
    known = asdict(judgement)
    names = ("id", "kind", "site", "wrong", "right", "host", "rule", "pattern", "configured", "hidden")
    return {name: known[name] for name in names} | {
        "subject": judgement.subject,
        "author": judgement.author,
        "reason": judgement.reason,
        "made": _written(judgement.made),
        "until": as_text(judgement.until) or None,
        "last_hidden": _written(judgement.last_hidden),
        "stale": judgement.is_stale(now),
    }


def message_document(kept: MessageRecord) -> Item:
    """Return a message of the outbox, without what it says."""
    return {
        "id": kept.id,
        "target": kept.target,
        "occasion": kept.occasion,
        "subject": message_from_json(kept.body).subject,
        "state": kept.state.value,
        "attempts": kept.attempts,
        "created": moment(kept.created),
        "due": moment(kept.due),
        "ended": moment(kept.ended),
        "error": kept.error,
    }


def audit_document(record: AuditRecord) -> Item:
    """Return a line of the audit log."""
    kept: Mapping[str, object] = record.entry._asdict()
    return {"number": record.number, **kept, "at": moment(record.entry.at)}


def user_document(user: UserRecord) -> Item:
    """Return a user."""
    return {
        "name": user.name,
        "full_name": user.full_name,
        "rights": [right._asdict() for right in user.rights],
        "departments": list(user.departments),
        "made": moment(user.made),
        "disabled": moment(user.disabled),
        "logged_in": moment(user.logged_in),
        "has_password": user.has_password,
        "has_totp": user.has_totp,
    }


def token_document(token: TokenRecord, now: float) -> Item:
    """Return a token, without what it is."""
    times = {name: moment(getattr(token, name)) for name in ("made", "expires", "used", "revoked")}
    return {
        "number": token.number,
        "label": token.label,
        "scopes": list(token.scopes),
        "address": token.address,
        "valid": token.is_valid(now),
        **times,
    }


def session_document(session: SessionRecord) -> Item:
    """Return where somebody is logged in."""
    return {
        "number": session.number,
        "made": moment(session.made),
        "used": moment(session.used),
        "address": session.address,
        "agent": session.agent,
    }


def proofreading_document(job: ProofreadJob, language: str) -> Item:
    """Return a document with its marks; they have numbers once it has ended."""
    marks = [_mark_document(job, number, mark, language) for number, mark in enumerate(job.marks)] if job.ended else []
    return {
        "id": job.id,
        "name": job.name,
        "site": job.site,
        "ended": job.ended,
        "fault": job.fault(language) if job.fault else "",
        "cut": job.is_cut,
        "characters": job.characters,
        "has_docx": job.original is not None,
        "passages": list(job.texts),
        "marks": marks,
    }


def _mark_document(job: ProofreadJob, number: int, mark: ProofMark, language: str) -> Item:
    decision = job.decisions.get(number)
    return {
        "number": number,
        "passage": mark.passage,
        "start": mark.start,
        "end": mark.end,
        "wrong": mark.wrong,
        "right": mark.right if mark.has_suggestion else None,
        "confidence": mark.confidence.value,
        "title": mark.title(language),
        "reason": mark.reason(language),
        "decided": decision is not None,
        "replacement": decision.right if decision else None,
    }


def period_report_document(job: PeriodJob) -> Item:
    """Return a report of a period as far as it was written."""
    return {
        "id": job.id,
        "title": job.title,
        "formats": list(job.formats),
        "ended": job.ended,
        "files": [{"format": name, "size": size} for name, size in list(job.sizes.items())],
        "faults": dict(job.faults),
    }
