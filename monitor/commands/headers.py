"""Judge the response headers of one host, or of recorded cases, and say what to change."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import config_options, language_of, settings_from, worded

PORT = click.IntRange(1, 65535)


@click.command(short_help="Judge response headers and cookies: grade, and what to change.")
@click.argument("url", required=False)
@click.option(
    "--case",
    "cases",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Judge the recorded cases of a file without a network; one JSON line each.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
@click.option("--language", type=click.Choice(["zh-CN", "en"]), help="Default: the configured one.")
@click.option("--http-port", type=PORT, help="Port of http://, where it is not 80.")
@click.option("--https-port", type=PORT, help="Port of https://, where it is not 443.")
@click.option("--allow-private", is_flag=True, help="Let the host be a loopback or private address.")
@config_options
def headers(
    url: str | None,
    cases: Path | None,
    form: str,
    language: str | None,
    http_port: int | None,
    https_port: int | None,
    allow_private: bool,  # noqa: FBT001 - a flag of the command line
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Ask the host of URL a handful of questions, grade the answers, and say what to change.

    The grade is that of the MDN HTTP Observatory; what to change follows the standards that browsers follow.

    Exit codes: 0 nothing to change (always, with --case), 1 something to change, 2 usage or configuration or a file
    that holds no cases, 3 the host does not answer, 130 interrupted.
    """
    from monitor.commands.work.headers import judge_cases, judge_host

    if (url is None) == (cases is None):
        raise click.UsageError(worded("请给出网址，或者 --case 文件", "give either a URL or --case FILE"))
    extra = [*overrides, *(["crawl.allow_private=true"] if allow_private else [])]
    settings = settings_from(config, extra)
    language = language or language_of(settings)
    if cases is not None:
        judge_cases(cases, language)
    elif url is not None:
        graded = judge_host(settings.crawl, url, form, language, http_port=http_port, https_port=https_port)
        click.get_current_context().exit(graded)
