"""Judge the response headers of one host, or of recorded cases."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import click

from checks.model import Host, Response
from checks.network_words import in_chinese
from checks.security.headers import Headers
from checks.security.observatory import grade
from monitor import __version__
from monitor.commands.common import INTERRUPTED, UNINSPECTED, Fault, error_text, no_url, worded
from monitor.fetch import Fetcher, Limits
from monitor.pages.urls import MalformedError, normalise
from monitor.probes.host import probe
from monitor.probes.recorded import CaseError, read_cases
from monitor.settings.site import CrawlSettings
from reports.headers import case_json, host_json, text
from reports.wording import words


def judge_cases(path: Path, language: str) -> None:
    """Print a line of JSON for each recorded case of a file. Raises Fault for one that holds none."""
    try:
        for case in read_cases(path):
            host = case.host()
            line = case_json(case.name, grade(host), Headers().inspect(host), language)
            click.echo(json.dumps(line, ensure_ascii=False))
    except CaseError as error:
        raise Fault(error_text(error)) from None


def judge_host(
    settings: CrawlSettings, url: str, form: str, language: str, *, http_port: int | None, https_port: int | None
) -> int:
    """Ask a host, print what it came to and return the exit code. Raises Fault where it does not answer."""
    host = _probed(settings, url, http_port, https_port)
    if host.judged.final is None:
        failed = [answer.response for chain in (host.https, host.http) for answer in chain.answers[-1:]]
        raise Fault("; ".join(f"{each.url}: {_reason(each, language)}" for each in failed), UNINSPECTED)
    graded = grade(host)
    findings = sorted(Headers().inspect(host), key=lambda finding: finding.weight.rank)
    if form == "json":
        click.echo(json.dumps(host_json(host.url, graded, findings, language), ensure_ascii=False, indent=2))
    else:
        click.echo(text(host.url, graded, findings, language))
    return 1 if findings else 0


def _reason(answer: Response, language: str) -> str:
    """Return why there was no answer: in English as JSON names it, with the words of the library in either language."""
    if language.startswith("en"):
        return f"{answer.error} {answer.detail}".strip()
    kind = words(language).label("error", answer.error or "")
    return f"{kind} {in_chinese(answer.detail)}".strip()


def _probed(settings: CrawlSettings, url: str, http_port: int | None, https_port: int | None) -> Host:
    try:
        address = normalise(url if "://" in url else f"https://{url}")
    except MalformedError as error:
        raise Fault(no_url(error)) from None
    try:
        return asyncio.run(_probe(settings, address, http_port, https_port))
    except KeyboardInterrupt:
        raise Fault(worded("已中断", "interrupted"), INTERRUPTED) from None


async def _probe(settings: CrawlSettings, url: str, http_port: int | None, https_port: int | None) -> Host:
    agent = settings.user_agent.format(version=__version__, contact=settings.contact)
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
