"""Show a page as a browser draws it, and what it asks for on the way."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from


@click.command(short_help="Draw a page as a browser does, and show what it asked for.")
@click.argument("url")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File for the drawn document.")
@click.option("--picture", type=click.Path(dir_okay=False, path_type=Path), help="File for a picture of it (PNG).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--allow-private", is_flag=True, help="Let the page lead to loopback and private addresses.")
@config_options
def render(
    url: str,
    out: Path | None,
    picture: Path | None,
    form: str,
    allow_private: bool,  # noqa: FBT001 - a flag of the command line
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Draw the page at URL as an inspection would (extra `browser`): its text, what it asked for, what went wrong.

    Exit codes: 0 drawn, 2 usage, configuration, or no browser here, 3 the page could not be drawn.
    """
    from monitor.commands.work.render import render_page

    extra = [*overrides, *(["crawl.allow_private=true"] if allow_private else [])]
    render_page(settings_from(config, extra), url, form, out=out, picture=picture)
