"""Look at who is written to, try it, and see what has not arrived."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from


@click.group(short_help="Try and watch messages to people.")
def notify() -> None:
    """Try and watch messages to people (`notify` in config.yaml)."""


@notify.command("list", short_help="List who is written to, and about what.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@config_options
def list_targets(form: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """List the targets: channel, events, sites, departments, what waits and what was given up.

    Exit code 1 where a target cannot be used: its secret is not there, or its address cannot be read.
    """
    from monitor.commands.work.notify import list_targets as show

    show(settings_from(config, overrides), form)


@notify.command("test", short_help="Send a test message now.")
@click.argument("target", required=False)
@config_options
def test_targets(target: str | None, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Send a test message to TARGET, or to every target, now, and say what came of it.

    Exit codes: 0 it was taken, 1 it was not, 2 usage or configuration.
    """
    from monitor.commands.work.notify import send_trials

    send_trials(settings_from(config, overrides), target)


@notify.command("outbox", short_help="List messages that wait, went out or were given up.")
@click.option("--failed", is_flag=True, help="Only those that were given up, or whose last attempt failed.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="So many, the newest first.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@config_options
def list_messages(
    failed: bool,  # noqa: FBT001 - a flag of the command line
    limit: int,
    form: str,
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """List the messages of the store with their numbers, the newest first."""
    from monitor.commands.work.notify import list_messages as show

    show(settings_from(config, overrides), form, limit, failed=failed)


@notify.command("retry", short_help="Send messages again that have not arrived.")
@click.argument("numbers", type=click.IntRange(min=1), nargs=-1, required=True)
@config_options
def retry_messages(numbers: tuple[int, ...], config: Path | None, overrides: tuple[str, ...]) -> None:
    """Have the daemon send the messages NUMBERS at once; they have as long as new ones. What has arrived stays."""
    from monitor.commands.work.notify import retry_messages as retry

    retry(settings_from(config, overrides), numbers)
