"""Make the policy of the ledger from the configuration."""

from __future__ import annotations

import time

from checks.model import Severity
from checks.reading.workdays import WorkCalendar
from monitor.beijing import beijing_time
from monitor.settings.remediation import AssignSettings, SuppressSettings
from monitor.settings.site import Settings
from reports.remediation.policy import Assignment, LedgerPolicy
from reports.remediation.suppressions import Suppression, SuppressionKind


def policy_of(settings: Settings) -> LedgerPolicy:
    """Return who mends what until when, and what is called right, as config.yaml says."""
    chosen = settings.remediation
    terms = {severity: int(getattr(chosen.deadlines, severity.value)) for severity in Severity}
    return LedgerPolicy(
        assignments=tuple(map(_assignment, chosen.assign)),
        terms=terms,
        calendar=WorkCalendar(chosen.workdays),
        suppressions=tuple(map(_suppression, chosen.suppressions)),
    )


def _assignment(chosen: AssignSettings) -> Assignment:
    return Assignment(
        department=chosen.department,
        owner=chosen.owner,
        site=chosen.site,
        rules=frozenset(chosen.rules),
        families=frozenset(chosen.families),
        column=chosen.column,
        url=chosen.url,
    )


def _suppression(chosen: SuppressSettings) -> Suppression:
    kind = SuppressionKind.RULE
    if chosen.wrong:
        kind = SuppressionKind.PAIR
    elif chosen.host:
        kind = SuppressionKind.TARGET
    return Suppression(
        kind=kind,
        author=chosen.author,
        reason=chosen.reason,
        made=beijing_time(time.time()),  # kept only where the store has not seen it before
        site=chosen.site,
        wrong=chosen.wrong,
        right=chosen.right,
        host=chosen.host,
        rule=chosen.rule,
        pattern=chosen.url,
        until=chosen.until,
        configured=True,
    )
