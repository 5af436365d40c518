"""Judge the response headers of one host, or of recorded cases."""

from __future__ import annotations

import asyncio
import json
from importlib.metadata import version
from pathlib import Path

import click

from checks.model import Host
from checks.security.headers import Headers
from checks.security.observatory import grade
from monitor.commands.common import INTERRUPTED, UNINSPECTED, Fault
from monitor.fetch import Fetcher, Limits
from monitor.pages.urls import MalformedError, normalise
from monitor.probes.host import probe
from monitor.probes.recorded import CaseError, read_cases
from monitor.settings.site import CrawlSettings
from reports.headers import case_json, host_json, text


def judge_cases(path: Path, language: str) -> None:
    """Print a line of JSON for each recorded case of a file. Raises Fault for one that holds none."""
    try:
        for case in read_cases(path):
            host = case.host()
            line = case_json(case.name, grade(host), Headers().inspect(host), language)
            click.echo(json.dumps(line, ensure_ascii=False))
    except CaseError as error:
        raise Fault(str(error)) from None


def judge_host(
    settings: CrawlSettings, url: str, form: str, language: str, *, http_port: int | None, https_port: int | None
) -> int:
    """Ask a host, print what it came to and return the exit code. Raises Fault where it does not answer."""
    host = _probed(settings, url, http_port, https_port)
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
    try:
        address = normalise(url if "://" in url else f"https://{url}")
    except MalformedError as error:
        raise Fault(f"{error} is not a URL; write it as https://www.example.gov.cn") from None
    try:
        return asyncio.run(_probe(settings, address, http_port, https_port))
    except KeyboardInterrupt:
        raise Fault("interrupted", INTERRUPTED) from None


async def _probe(settings: CrawlSettings, url: str, http_port: int | None, https_port: int | None) -> Host:
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
