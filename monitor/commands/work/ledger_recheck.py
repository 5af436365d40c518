"""Recheck entries of the remediation ledger, and say what became of each."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Sequence

import click

from checks.model import Text
from monitor.accounts.auditing import AuditLog, actor_at_keyboard, entries_in_short
from monitor.commands.common import INTERRUPTED, UNINSPECTED, Fault, language_of, opened
from monitor.commands.work.chosen_site import refuse_unknown_site
from monitor.inspection.recheck.rechecking import Recheck, RecheckOutcome, RecheckRefusedError, count_results
from monitor.loop import run
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import Ledger, LedgerFilter
from monitor.service.where_rechecks_are_made import look_at_of
from monitor.settings.site import Settings
from reports.remediation.recheck_verdict import RESULTS, RecheckResult
from reports.remediation.states import State
from reports.safe import one_line

WHAT = Text("请给出编号，或者 --to-verify", "give numbers, or --to-verify")
ONE_OF = Text("编号和 --to-verify 只能用一个", "give numbers or --to-verify, not both")
SITE_ALONE = Text("--site 只和 --to-verify 一起用", "--site goes with --to-verify")
NO_SITE = Text("配置（sites）中没有网站“{site}”", "the configuration (sites) has no site {site}")
NOTHING = Text("没有待复核的问题", "nothing is to be verified")
UNSAVED = Text("（没有写入台账：{reason}）", " (not written to the ledger: {reason})")


def recheck_entries(
    settings: Settings, numbers: Sequence[int], site: str, by: str, form: str, *, to_verify: bool
) -> None:
    """Look at entries, print what became of each, and leave with the exit code that ``--help`` names. Raises Fault."""
    language = language_of(settings)
    _refuse_unclear(numbers, site, language, to_verify=to_verify)
    with opened(settings) as store:
        refuse_unknown_site(settings, store, site)
        if site and site not in {each.key for each in settings.sites}:
            raise Fault(NO_SITE(language).format(site=site))
        ledger = Ledger(store, policy_of(settings))
        ledger.end_terms()
        if to_verify:
            wanted = LedgerFilter(site=site, states=(State.TO_VERIFY,))
            numbers = [entry.number for entry in ledger.select(wanted)]
        recheck = Recheck(store, settings, ledger, by, look_at=look_at_of(settings, store))
        outcomes = run(_look(recheck, numbers, form, language)) if numbers else []
        saved = [outcome for outcome in outcomes if not outcome.unsaved]
        if saved:
            looked_at = entries_in_short(outcome.entry.number for outcome in saved)
            AuditLog(store).add(actor_at_keyboard(by), "entry.recheck", looked_at, after=_summary(saved, "en"))
    if form == "text":
        click.echo(_summary(outcomes, language) if outcomes else NOTHING(language))
    _leave(outcomes, interrupted=recheck.stopped)


def _refuse_unclear(numbers: Sequence[int], site: str, language: str, *, to_verify: bool) -> None:
    if not numbers and not to_verify:
        raise Fault(WHAT(language))
    if numbers and to_verify:
        raise Fault(ONE_OF(language))
    if site and not to_verify:
        raise Fault(SITE_ALONE(language))


async def _look(recheck: Recheck, numbers: Sequence[int], form: str, language: str) -> list[RecheckOutcome]:
    """Look, and print each outcome as it comes."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, recheck.stop)
    try:
        entries = recheck.entries(numbers)
    except RecheckRefusedError as error:
        raise Fault("\n".join(f"#{number}: {reason(language)}" for number, reason in error.reasons.items())) from None
    outcomes = []
    async for outcome in recheck.look(entries):
        outcomes.append(outcome)
        click.echo(_json(outcome, recheck, language) if form == "json" else _line(outcome, language))
    return outcomes


def _line(outcome: RecheckOutcome, language: str) -> str:
    entry, result = outcome.entry, RESULTS[outcome.result](language)
    place = one_line(entry.target or entry.page)
    unsaved = UNSAVED(language).format(reason=one_line(outcome.unsaved)) if outcome.unsaved else ""
    return f"{entry.number:>6}  {result}  {place}  {one_line(outcome.verdict.evidence(language))}{unsaved}"


def _json(outcome: RecheckOutcome, recheck: Recheck, language: str) -> str:
    """Return an outcome as one JSON object; ``state`` is that of the entry now."""
    entry = outcome.entry
    item = {
        "number": entry.number,
        "site": entry.site,
        "rule": entry.rule,
        "page": entry.page,
        "target": entry.target,
        "result": outcome.result,
        "evidence": outcome.verdict.evidence(language),
        "state": recheck.ledger.get(entry.number).state,
        "saved": not outcome.unsaved,
    }
    return json.dumps(item, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def _summary(outcomes: Sequence[RecheckOutcome], language: str) -> str:
    counts = count_results(outcomes)
    return Text("，", ", ")(language).join(f"{RESULTS[each](language)} {count}" for each, count in counts.items())


def _leave(outcomes: Sequence[RecheckOutcome], *, interrupted: bool) -> None:
    if interrupted:
        raise SystemExit(INTERRUPTED)
    counts = count_results(outcomes)
    if counts[RecheckResult.STILL_THERE]:
        raise SystemExit(1)
    if counts[RecheckResult.UNKNOWN] or any(outcome.unsaved for outcome in outcomes):
        raise SystemExit(UNINSPECTED)
