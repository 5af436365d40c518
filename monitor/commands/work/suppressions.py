"""List, add and take back remembered judgements."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import NamedTuple

import click
from msgspec.structs import asdict

from checks import RULES
from checks.model import Text
from monitor.accounts.auditing import AuditLog, actor_at_keyboard
from monitor.beijing import beijing_time
from monitor.commands.common import Fault, language_of, opened, opened_to_read, worded
from monitor.commands.work.chosen_site import refuse_unknown_site
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import ChangeRefusedError, Ledger
from monitor.settings.site import Settings
from reports.remediation.changes import WantedChange
from reports.remediation.entry import FieldChange, as_text
from reports.remediation.states import State, past_end
from reports.remediation.suppressions import Suppression, SuppressionKind, widened
from reports.safe import one_line

KINDS = {
    SuppressionKind.ENTRY: Text("台账条目", "entry"),
    SuppressionKind.PAIR: Text("用词", "wording"),
    SuppressionKind.TARGET: Text("链接目标", "target host"),
    SuppressionKind.RULE: Text("规则", "rule"),
}
EVERYWHERE = Text("所有网站", "everywhere")
HIDDEN = Text("隐藏 {count} 次", "hid {count}")
OVER = Text("已到期", "over")
STALE = Text("一年没有用到", "stale: hid nothing for a year")
NONE = Text("没有放行记录", "nothing is remembered")
ADDED = Text("已记住（编号 {number}），目前涉及 {count} 条", "remembered as {number}; it hides {count} entries now")
REMOVED = Text("已撤销，{count} 条重新待处理", "taken back; {count} entries are open again")
UNKNOWN = Text("没有编号为 {number} 的放行记录", "no judgement {number} is remembered")


class Wish(NamedTuple):
    """What the command line asks to remember; exactly one kind of subject is given.

    ``alike`` asks for the kind of ``entry`` on its site.
    """

    entry: int | None
    alike: bool
    pair: tuple[str, str] | None
    host: str | None
    rule: str | None
    url: str | None
    site: str
    until: date | None
    why: str
    by: str


def list_suppressions(settings: Settings, form: str) -> None:
    """Print remembered judgements."""
    language = language_of(settings)
    with opened_to_read(settings) as store:
        ledger = Ledger(store, policy_of(settings))
        ledger.configure()
        known, now = ledger.suppressions(), beijing_time(ledger.clock())
    if form == "json":
        for each in known:
            item = asdict(each) | {"subject": each.subject, "stale": each.is_stale(now)}
            click.echo(json.dumps(item, ensure_ascii=False, default=as_text))
        return
    for each in known:
        parts = (
            f"{each.id or '-':>4}",
            KINDS[each.kind](language),
            one_line(each.subject),
            each.site or EVERYWHERE(language),
            as_text(each.until),
            one_line(each.reason),
            one_line(each.author),
            HIDDEN(language).format(count=each.hidden),
            OVER(language) if past_end(each.until, now.date()) else "",
            STALE(language) if each.is_stale(now) else "",
        )
        click.echo("  ".join(part for part in parts if part))
    if not known:
        click.echo(NONE(language))


def add_suppression(settings: Settings, wish: Wish) -> None:
    """Remember a judgement. Raises Fault."""
    language = language_of(settings)
    with opened(settings) as store:
        refuse_unknown_site(settings, store, wish.site)
        ledger, log, actor = Ledger(store, policy_of(settings)), AuditLog(store), actor_at_keyboard(wish.by)
        if (refused := past_end(wish.until, ledger.today)) is not None:
            raise Fault(f"--until: {refused(language)}")
        if wish.entry is not None and not (wish.alike or wish.pair or wish.host or wish.rule or wish.url):
            log.add_ledger_change(actor, _mark_entry(ledger, wish, language))
            number, count = "-", 1
        else:
            kept, count = ledger.suppress(_for_its_kind(wish, ledger) if wish.alike else _suppression(wish, ledger))
            number = str(kept.id)
            what = f"suppression {kept.id}: {kept.subject}"
            log.add(actor, "suppression.add", what, after=f"{kept.site or 'all sites'}; hides {count}; {kept.reason}")
    click.echo(ADDED(language).format(number=number, count=count))


def _mark_entry(ledger: Ledger, wish: Wish, language: str) -> list[FieldChange]:
    wanted = WantedChange(state=State.FALSE_POSITIVE, until=wish.until, reason=wish.why)
    try:
        return ledger.change([wish.entry or 0], wanted, wish.by)
    except ChangeRefusedError as error:
        raise Fault("\n".join(f"#{number}: {reason(language)}" for number, reason in error.reasons.items())) from None


def _for_its_kind(wish: Wish, ledger: Ledger) -> Suppression:
    """Return the judgement of what an entry is one of: a wording, or the host of a link, on its site. Raises Fault."""
    if wish.entry is None:
        raise Fault(worded("--alike 要和 --entry 一起给", "--alike needs --entry"))
    try:
        entry = ledger.get(wish.entry)
    except KeyError:
        raise Fault(f"#{wish.entry}: {worded('没有这个编号', 'there is no entry of this number')}") from None
    single = Suppression(
        kind=SuppressionKind.ENTRY,
        author=wish.by,
        reason=wish.why,
        made=beijing_time(ledger.clock()),
        site=wish.site or entry.site,
        entry=entry.number,
        until=wish.until,
    )
    judgement = widened(single, entry)
    if judgement is None:
        what = worded(
            "既不是错别字也不是链接，请用 --rule 加 --url 说明是哪一类",
            "neither a typo nor a link; say its kind by --rule with --url",
        )
        raise Fault(f"#{wish.entry}: {what}")
    return judgement


def _suppression(wish: Wish, ledger: Ledger) -> Suppression:
    given = [wish.entry is not None, bool(wish.pair), bool(wish.host), bool(wish.rule or wish.url)]
    if sum(given) != 1 or bool(wish.rule) != bool(wish.url):
        raise Fault(
            worded(
                "请给出 --entry、--pair、--host 之一，或者 --rule 加 --url",
                "give one of --entry, --pair, --host, or --rule with --url",
            )
        )
    if wish.rule and wish.rule not in RULES:
        raise Fault(
            worded(
                f"--rule：没有规则“{wish.rule}”，见 docs/rules.md",
                f"--rule: no such rule: {wish.rule!r}; docs/rules.md lists them",
            )
        )
    _refuse_bad_pattern(wish.url or "")
    if wish.pair:
        kind = SuppressionKind.PAIR
    elif wish.host:
        kind = SuppressionKind.TARGET
    else:
        kind = SuppressionKind.RULE
    wrong, right = wish.pair or ("", "")
    return Suppression(
        kind=kind,
        author=wish.by,
        reason=wish.why,
        made=beijing_time(ledger.clock()),
        site=wish.site,
        wrong=wrong,
        right=right,
        host=wish.host or "",
        rule=wish.rule or "",
        pattern=wish.url or "",
        until=wish.until,
    )


def _refuse_bad_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise Fault(worded(f"--url：不是正则表达式：{error}", f"--url: not a regular expression: {error}")) from None


def remove_suppression(settings: Settings, number: int, by: str) -> None:
    """Take a judgement back. Raises Fault where there is none of that number."""
    language = language_of(settings)
    with opened(settings) as store:
        try:
            count = Ledger(store, policy_of(settings)).unsuppress(number, by)
            what, after = f"suppression {number}", f"entries open again: {count}"
            AuditLog(store).add(actor_at_keyboard(by), "suppression.remove", what, after=after)
        except KeyError:
            raise Fault(UNKNOWN(language).format(number=number)) from None
    click.echo(REMOVED(language).format(count=count))
