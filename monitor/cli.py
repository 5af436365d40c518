"""Offer the commands; each lives in its own module under ``monitor/commands`` and is imported when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click
from click.exceptions import NoSuchCommand

from monitor import __version__
from monitor.character_sets import remember_character_sets
from monitor.commands.help_text import translate_help
from monitor.commands.usage_words import translate_usage_errors

translate_usage_errors()
translate_help()

COMMANDS = {
    "inspect": "monitor.commands.inspect:inspect",
    "demo": "monitor.commands.demo:demo",
    "run": "monitor.commands.run:run",
    "worker": "monitor.commands.worker:worker",
    "fleet": "monitor.commands.fleet:fleet",
    "console": "monitor.commands.console:console",
    "status": "monitor.commands.status:status",
    "runs": "monitor.commands.runs:runs",
    "report": "monitor.commands.report:report",
    "ledger": "monitor.commands.ledger:ledger",
    "suppressions": "monitor.commands.suppressions:suppressions",
    "notify": "monitor.commands.notify:notify",
    "user": "monitor.commands.user:user",
    "audit": "monitor.commands.audit:audit",
    "account": "monitor.commands.account:account",
    "columns": "monitor.commands.columns:columns",
    "publications": "monitor.commands.publications:publications",
    "headers": "monitor.commands.headers:headers",
    "render": "monitor.commands.render:render",
    "proofread": "monitor.commands.proofread:proofread",
    "models": "monitor.commands.models:models",
    "db": "monitor.commands.db:db",
    "config": "monitor.commands.config:config",
    "doctor": "monitor.commands.doctor:doctor",
    "setup": "monitor.commands.setup:setup",
}
"""Command → ``module:function``. A table, so that ``sitehealth --help`` answers without importing any of them."""

SUMMARIES = {
    "inspect": "Inspect a site now and write the report.",
    "demo": "Serve the bundled demo site and inspect it.",
    "run": "Run the daemon: inspect on schedule, serve metrics.",
    "fleet": "Show a fleet: scheduler, workers, queue.",
    "worker": "Make inspections for a scheduler on another machine.",
    "console": "Show the ledger in a browser, without the daemon.",
    "status": "Show what ran, what runs, and what is due.",
    "runs": "List the runs in the store.",
    "report": "Write the report of a run again.",
    "ledger": "Work with the remediation ledger (整改台账).",
    "suppressions": "Remember what was reported and is right.",
    "notify": "Try and watch messages to people: mail, chats, webhooks.",
    "user": "Make users of the console and say what they may do.",
    "audit": "Show who changed what, and from where.",
    "account": "See how accounts on new media (政务新媒体) are kept up.",
    "columns": "Show the columns (栏目) of a site.",
    "publications": "Count what a site published in a year.",
    "headers": "Judge response headers and cookies: grade, and what to change.",
    "render": "Draw a page as a browser does, and show what it asked for.",
    "proofread": "Proofread a text, .docx, .html or .md before it is published.",
    "models": "Install or list the models of the typo check.",
    "db": "Back the store up, restore, migrate or copy it.",
    "config": "Check, show or describe the configuration.",
    "doctor": "Say what is installed and what is missing.",
    "setup": "Make a system service: user, folders, units, models.",
}


class LazyGroup(click.Group):
    """A group that imports a command only when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the command's module and return the command."""
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), function)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; where there is none of that name, say which one may be meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands from the table of summaries, importing nothing."""
        with formatter.section("Commands"):
            formatter.write_dl(list(SUMMARIES.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sitehealth")
def main() -> None:
    """Keep official Chinese websites healthy: crawl, check, report, re-check."""
    # No plugin of pydantic is ours, and looking for some reads what every installed package says of itself: 20 ms.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # httpx imports its own command line, and with it rich and pygments, where it may: 30 ms.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # Python's way to say that there is none
    # Nothing here multiplies matrices, and numpy starts a thread a core for that as it is imported: 20 ms a process.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    remember_character_sets()
