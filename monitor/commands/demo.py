"""Serve the bundled demo site and inspect it, so that anybody sees in a minute what a report looks like."""

from __future__ import annotations

import click

from monitor.commands.common import worded


@click.command(short_help="Inspect the bundled demo site.", context_settings={"ignore_unknown_options": True})
@click.option("--serve", is_flag=True, help="Only serve the site, until Ctrl-C.")
@click.option("--history", is_flag=True, help="Inspect it as it was over ten weeks, and what people did meanwhile.")
@click.option("--console", is_flag=True, help="Open the console over that past, with a login that is printed.")
@click.option("--listen", metavar="ADDRESS:PORT", help="Where the console listens; default: a free port of 127.0.0.1.")
@click.option("--language", type=click.Choice(["zh-CN", "en"]), help="Language of the reports.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to stand on; another is taken if it is not free.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def demo(
    serve: bool,  # noqa: FBT001 - a flag of the command line
    history: bool,  # noqa: FBT001 - likewise
    console: bool,  # noqa: FBT001 - likewise
    listen: str | None,
    language: str | None,
    port: int | None,
    options: tuple[str, ...],
) -> None:
    """Serve a small bureau site on loopback and inspect it; OPTIONS are those of ``sitehealth inspect``.

    The site holds one of every problem that Sitehealth knows how to find. Exit codes are those of ``inspect``.

    With ``--history`` it is inspected as it was over ten weeks, in a minute: the trend, the ledger with what people
    did, the messages and the list of reports can be looked at without waiting a quarter. All of it lies in a folder of
    its own, which the next call makes anew; nothing is sent to anybody.

    With ``--console`` that past is made where there is none of this version, and looked at in the console until Ctrl-C
    (exit code 0); ``--history --console`` makes it anew.
    """
    if listen is not None and not console:
        raise click.UsageError(worded("--listen 只和 --console 一起用", "--listen goes with --console"))
    if (history or console) and (serve or options):
        raise click.UsageError(
            worded(
                "--history、--console 只和 --port、--language 一起用",
                "--history takes --port and --language, and nothing else; --console likewise, and --listen",
            )
        )
    if console:
        from monitor.commands.work.demo_console import show_console

        show_console(port, language, listen, anew=history)
        return
    if history:
        from monitor.commands.work.demo_history import show_history

        show_history(port, language)
        return
    from monitor.commands.work.demo import show_demo

    if language is not None:
        options = (f"--set=report.language={language}", *options)
    show_demo(port, options, serve_only=serve)
