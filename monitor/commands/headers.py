"""Judge the response headers of one host, or of recorded cases, and say what to change."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.commands.common import INTERRUPTED, UNINSPECTED, Fault, config_options, language_of, settings_from

if TYPE_CHECKING:
    from checks.model import Host
    from monitor.settings.site import CrawlSettings

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
    if (url is None) == (cases is None):
        raise click.UsageError("give either a URL or --case FILE")
    extra = [*overrides, *(["crawl.allow_private=true"] if allow_private else [])]
    settings = settings_from(config, extra)
    language = language or language_of(settings)
    if cases is not None:
        _judge_cases(cases, language)
    elif url is not None:
        host = _probed(settings.crawl, url, http_port, https_port)
        click.get_current_context().exit(_judge_host(host, form, language))


def _judge_cases(path: Path, language: str) -> None:
    from checks.security.headers import Headers
    from checks.security.observatory import grade
    from monitor.probes.recorded import CaseError, read_cases
    from reports.headers import case_json

    try:
        for case in read_cases(path):
            host = case.host()
            line = case_json(case.name, grade(host), Headers().inspect(host), language)
            click.echo(json.dumps(line, ensure_ascii=False))
    except CaseError as error:
        raise Fault(str(error)) from None


def _judge_host(host: Host, form: str, language: str) -> int:
    """Print what a host came to and return the exit code."""
    from checks.security.headers import Headers
    from checks.security.observatory import grade
    from reports.headers import host_json, text

    if host.judged.final is None:
        failed = [answer.response for chain in (host.https, host.http) for answer in chain.answers[-1:]]
        raise Fault("; ".join(f"{each.url}: {each.error} {each.detail}".strip() for each in failed), UNINSPECTED)
    graded = grade(host)
    findings = sorted(Headers().inspect(host), key=lambda finding: finding.weight.rank)
    if form == "json":
        click.echo(json.dumps(host_json(host.url, graded, findings, language), ensure_ascii=False, indent=2))
    else:
        click.echo(text(host.url, graded, findings, language))
    return 1 if findings else 0


def _probed(settings: CrawlSettings, url: str, http_port: int | None, https_port: int | None) -> Host:
    from monitor.pages.urls import MalformedError, normalise

    try:
        address = normalise(url if "://" in url else f"https://{url}")
    except MalformedError as error:
        raise Fault(f"{error} is not a URL; write it as https://www.example.gov.cn") from None
    try:
        return asyncio.run(_probe(settings, address, http_port, https_port))
    except KeyboardInterrupt:
        raise Fault("interrupted", INTERRUPTED) from None


async def _probe(settings: CrawlSettings, url: str, http_port: int | None, https_port: int | None) -> Host:
    from importlib.metadata import version

    from monitor.fetch import Fetcher, Limits
    from monitor.probes.host import probe

    agent = settings.user_agent.format(version=version("sitehealth"), contact=settings.contact)
    limits = Limits(timeout=settings.timeout, body=settings.body)

    def fetcher(*, verify: bool) -> Fetcher:
        return Fetcher(
            user_agent=agent,
            limits=limits,
            allow_private=settings.allow_private,
            allowed_networks=settings.allowed_networks,
            verify=verify,
        )

    async with fetcher(verify=True) as trusting, fetcher(verify=False) as unverified:
        return await probe(trusting, url, unverified=unverified, http_port=http_port, https_port=https_port)
