"""Read the options that say which entries of the ledger are wanted."""

from __future__ import annotations

import re
from difflib import get_close_matches

import checks
from checks.model import Severity
from monitor.commands.common import Fault, worded
from monitor.commands.ledger_options import FilterOptions
from monitor.commands.work.chosen_group import BOTH, sites_of_group
from monitor.settings.site import Settings
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.remediation.states import STATES, State, find_state
from reports.wording import words


def filter_of(settings: Settings, chosen: FilterOptions) -> LedgerFilter:
    """Return the filter that options ask for, but for what is overdue: that takes the ledger's day. Raises Fault."""
    if chosen.site and chosen.group:
        raise Fault(worded(*BOTH))
    return LedgerFilter(
        site=chosen.site,
        sites=sites_of_group(settings, chosen.group) if chosen.group else None,
        states=tuple(map(state_of, _names(chosen.states))),
        rules=tuple(map(_rule_of, _names(chosen.rules))),
        severities=tuple(map(_severity_of, _names(chosen.severities))),
        department=chosen.department,
        owner=chosen.owner,
    )


def state_of(name: str) -> State:
    """Return the state of an id or title. Raises Fault."""
    state = find_state(name)
    if state is None:
        allowed = ", ".join(f"{state} ({rule.title.zh})" for state, rule in STATES.items())
        raise Fault(worded(f"没有状态“{name}”，可以是：{allowed}", f"unknown state {name!r}; allowed: {allowed}"))
    return state


def _rule_of(name: str) -> str:
    """Return the id of a rule. Raises Fault: a slip of the pen would read as a ledger without such faults."""
    if checks.rule_of(name) is not None:
        return name
    meant = get_close_matches(name, checks.RULES, n=1)
    zh = f"是不是 {meant[0]}？" if meant else "docs/rules.md 列出所有规则"
    en = f"did you mean {meant[0]}?" if meant else "docs/rules.md lists them"
    raise Fault(worded(f"没有规则“{name}”；{zh}", f"unknown rule {name!r}; {en}"))


def _severity_of(name: str) -> Severity:
    say = words("zh-CN")
    for severity in Severity:
        if name.lower() in {severity.value, say.label("severity", severity)}:
            return severity
    allowed = ", ".join(f"{severity} ({say.label('severity', severity)})" for severity in Severity)
    raise Fault(worded(f"没有等级“{name}”，可以是：{allowed}", f"unknown severity {name!r}; allowed: {allowed}"))


def _names(text: str) -> tuple[str, ...]:
    """Return names that commas of either width, or 、, stand between."""
    return tuple(name.strip() for name in re.split("[,，、]", text) if name.strip())
