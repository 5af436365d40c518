"""Serve the bundled demo site and inspect it, so that anybody sees in a minute what a report looks like."""

from __future__ import annotations

import click


@click.command(short_help="Inspect the bundled demo site.", context_settings={"ignore_unknown_options": True})
@click.option("--serve", is_flag=True, help="Only serve the site, until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to stand on; another is taken if it is not free.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def demo(serve: bool, port: int | None, options: tuple[str, ...]) -> None:  # noqa: FBT001 - a flag of the command line
    """Serve a small bureau site on loopback and inspect it; OPTIONS are those of ``sitehealth inspect``.

    The site holds one of every problem that Sitehealth knows how to find. Exit codes are those of ``inspect``.
    """
    from monitor.commands.work.demo import show_demo

    show_demo(port, options, serve_only=serve)
