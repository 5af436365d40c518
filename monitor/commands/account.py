"""Look after accounts on new media (政务新媒体): see how they stand, and enter updates that no feed tells of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from
from monitor.commands.ledger_options import DATE


@click.group(short_help="See how accounts on new media (政务新媒体) are kept up.")
def account() -> None:
    """See how accounts on new media (政务新媒体) are kept up, and enter updates that no feed tells of."""


@account.command("list", short_help="List the accounts and their newest posts.")
@click.option("--site", default="", help="Of this site alone.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@config_options
def list_accounts(site: str, form: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """List the accounts of the configuration: the newest post that was seen, or the day that somebody entered."""
    from monitor.commands.work.account import list_accounts as show

    show(settings_from(config, overrides), site, form)


@account.command("seen", short_help="Enter the day on which an account was updated.")
@click.argument("name")
@click.argument("day", type=DATE, metavar="DATE")
@click.option("--site", default="", help="The site whose account it is; needed where two have one of that name.")
@click.option("--by", default="", help="Who saw it; default: who is logged in to this machine.")
@config_options
def note_update(name: str, day: date, site: str, by: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Enter that the account NAME was updated on DATE. Inspections go by it where no feed shows anything newer."""
    from monitor.commands.work.account import note_update as note

    note(settings_from(config, overrides), name, day, site=site, by=by)
