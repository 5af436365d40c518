"""Say in words what changed of an entry of the ledger, and why: for its history, and for what an import did."""

from __future__ import annotations

from checks.model import Text
from reports.remediation.entry import ChangeCause, FieldChange, named
from reports.remediation.reasons import in_words
from reports.remediation.recheck_verdict import RESULTS, RecheckResult
from reports.remediation.spreadsheet_columns import COLUMNS
from reports.remediation.states import STATES
from reports.safe import one_line
from reports.wording import words

CAUSES = {
    ChangeCause.PERSON: Text("人工", "person"),
    ChangeCause.RUN: Text("检查", "run"),
    ChangeCause.RECHECK: Text("复核", "recheck"),
    ChangeCause.TERM: Text("到期", "term"),
    ChangeCause.ASSIGNMENT: Text("分派", "assignment"),
    ChangeCause.SUPPRESSION: Text("放行", "suppression"),
    ChangeCause.MIGRATION: Text("旧版记录", "migration"),
}
"""What readers call the causes of changes."""

FIELDS = {column.key: column.title for column in COLUMNS} | {
    "estimated": Text("期限为估算", "Estimated deadline"),
    "recheck": Text("复核结果", "Recheck"),
}
"""What readers call the fields of an entry, in its spreadsheet as well."""

YES, NO = Text("是", "yes"), Text("否", "no")


def change_in_words(change: FieldChange, language: str) -> str:
    """Return what a row of the history changed."""
    before, after = (_shown(change.field, value, language) for value in (change.before, change.after))
    return f"{FIELDS[change.field](language)}: {before} → {after}"


def history_line(change: FieldChange, language: str) -> str:
    """Return a row of the history: when, who or what, what changed, and why."""
    who = one_line(named(change.by)) or (f"#{change.run}" if change.run else "")
    why = f"  ({one_line(in_words(change.why, language))})" if change.why else ""
    what = change_in_words(change, language)
    return f"{change.at:%Y-%m-%d %H:%M}  {CAUSES[change.cause](language)} {who}  {what}{why}"


def _shown(field: str, value: str, language: str) -> str:
    if field == "state" and value:
        return next(rule.title(language) for state, rule in STATES.items() if state == value)
    if field == "recheck" and value:
        return RESULTS[RecheckResult(value)](language)
    if field in {"severity", "confidence"} and value:
        return words(language).label(field, value)
    if field == "estimated":
        return (YES if value == "true" else NO)(language)
    return one_line(value) or "-"
