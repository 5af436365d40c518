"""Remember what was reported and is right: one entry, a wording, a target host, a rule under a URL pattern."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from
from monitor.commands.ledger_options import DATE, named_person


@click.group(short_help="Remember what was reported and is right.")
def suppressions() -> None:
    """Remember what was reported and is right, and see what each judgement hid."""


@suppressions.command("list", short_help="List remembered judgements and what each hid.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@config_options
def list_suppressions(form: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """List remembered judgements; one that has hidden nothing for a year is called stale."""
    from monitor.commands.work.suppressions import list_suppressions as show

    show(settings_from(config, overrides), form)


@suppressions.command("add", short_help="Remember a judgement.")
@click.option("--entry", type=click.IntRange(min=1), help="This entry of the ledger.")
@click.option("--alike", is_flag=True, help="With --entry: its kind on its site, a typo's word or a link's host.")
@click.option("--pair", nargs=2, metavar="WRONG RIGHT", help="This wording, with what was suggested for it.")
@click.option("--host", help="Links to this host.")
@click.option("--rule", help="This rule, with --url.")
@click.option("--url", help="Pages whose URL matches this regular expression, with --rule.")
@click.option("--site", default="", help="On this site only; default: everywhere.")
@click.option("--until", type=DATE, metavar="DATE", help="The last day; default: for good.")
@click.option("--why", required=True, help="The reason.")
@click.option("--by", required=True, callback=named_person, help="Who says so.")
@config_options
def add_suppression(
    entry: int | None,
    alike: bool,  # noqa: FBT001 - a flag of the command line
    pair: tuple[str, str] | None,
    host: str | None,
    rule: str | None,
    url: str | None,
    site: str,
    until: date | None,
    why: str,
    by: str,
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Remember that what --entry, --pair, --host, or --rule with --url names is right, and hide it from now on."""
    from monitor.commands.work.suppressions import Wish
    from monitor.commands.work.suppressions import add_suppression as add

    wish = Wish(entry, alike, pair, host, rule, url, site, until, why, by)
    add(settings_from(config, overrides), wish)


@suppressions.command("remove", short_help="Take a judgement back.")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--by", required=True, callback=named_person, help="Who says so.")
@config_options
def remove_suppression(number: int, by: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Take judgement NUMBER back; the entries that it hid are open again."""
    from monitor.commands.work.suppressions import remove_suppression as remove

    remove(settings_from(config, overrides), number, by)
