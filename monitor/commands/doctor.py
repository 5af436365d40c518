"""Say what is installed, what is missing, and what that costs."""

from __future__ import annotations

import shutil
import ssl
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import click

from monitor.commands.common import Fault, config_options, opened_to_read, settings_from

OK, MISSING, BROKEN = "ok", "missing", "broken"


class Diagnosis(NamedTuple):
    """One line: how a part stands, what it is, and what its absence costs."""

    state: str
    part: str
    detail: str


REQUIRED = (
    "httpx",
    "httpcore",
    "selectolax",
    "beautifulsoup4",
    "apscheduler",
    "pycorrector",
    "prometheus-client",
    "sqlalchemy",
)
OPTIONAL = {
    "playwright": "needed only to draw pages whose content a script makes (pip install 'sitehealth[browser]')",
    "feedparser": "needed only for RSS and Atom of accounts on new media (pip install 'sitehealth[feeds]')",
    "rapidocr": "needed only to read the text of pictures and scans (pip install 'sitehealth[ocr]')",
    "psycopg": "needed only for a PostgreSQL store (pip install 'sitehealth[postgresql]')",
    "weasyprint": "needed only for reports as PDF (docs/reports.md)",
    "llama-cpp-python": "needed only for second opinions of a local language model (docs/second-opinion.md)",
}

LACKS = {
    "typos": "only dictionary and form rules look for typos; run `sitehealth models install`",
    "llm": "needed only for second opinions of a local language model; run `sitehealth models install llm`",
}
"""What the absence of a group of models costs."""


@click.command(short_help="Say what is installed and what is missing.")
@config_options
def doctor(config: Path | None, overrides: tuple[str, ...]) -> None:
    """Check the installation; exit with 2 when something that is needed is broken."""
    findings = [*_packages(), *_system()]
    if not any(finding.state == BROKEN for finding in findings):
        # what follows imports those packages
        findings += [
            *_typo_models(),
            _typos(config, overrides),
            _browser(config, overrides),
            _ocr(),
            _store(config, overrides),
        ]
    for finding in findings:
        click.echo(f"{finding.state:<8} {finding.part:<18} {finding.detail}")
    if any(finding.state == BROKEN for finding in findings):
        raise SystemExit(2)


def _packages() -> Iterator[Diagnosis]:
    yield Diagnosis(OK, "python", sys.version.split()[0])
    for name in REQUIRED:
        found = _version(name)
        yield Diagnosis(OK, name, found) if found else Diagnosis(BROKEN, name, "not installed; run `make install`")
    for name, cost in OPTIONAL.items():
        found = _version(name)
        yield Diagnosis(OK, name, found) if found else Diagnosis(MISSING, name, cost)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _present(name: str, place: object, cost: str) -> Diagnosis:
    """Say where something is, or what it costs that it is nowhere."""
    return Diagnosis(OK, name, str(place)) if place else Diagnosis(MISSING, name, cost)


def _system() -> Iterator[Diagnosis]:
    yield Diagnosis(OK, "openssl", ssl.OPENSSL_VERSION)
    authorities = ssl.get_default_verify_paths()
    found = authorities.cafile or authorities.capath
    cost = "no system certificates: apt-get install ca-certificates"
    yield _present("certificates", found, cost)
    free = shutil.disk_usage(Path.cwd()).free // 2**20
    yield Diagnosis(OK if free > 500 else BROKEN, "disk", f"{free} MiB free")


def _typo_models() -> Iterator[Diagnosis]:
    from monitor.models import status

    for model in status():
        yield _present(model.name, model.path if model.installed else None, LACKS[model.group])


def _typos(config: Path | None, overrides: tuple[str, ...]) -> Diagnosis:
    """Say whether the typo check can work as it is configured, and whether it asks a second opinion."""
    from checks.typos import Typos
    from monitor.settings.checks import build_one
    from monitor.typo_engine.load import weights_of

    try:
        check = build_one(Typos, settings_from(config, overrides).checks.get(Typos.id, {}))
    except Fault as fault:
        return Diagnosis(BROKEN, "typo check", fault.message)
    except (ValueError, OSError) as error:
        return Diagnosis(BROKEN, "typo check", str(error))
    return Diagnosis(OK, "typo check", f"second opinion: {weights_of(check) or 'none'}")


def _browser(config: Path | None, overrides: tuple[str, ...]) -> Diagnosis:
    """Say whether pages can be drawn, and whether the browser has a network namespace of its own."""
    from monitor.browser.chromium import executable_of, may_have_namespace, why_not_drawn

    try:
        settings = settings_from(config, overrides).browser
    except Fault as fault:
        return Diagnosis(BROKEN, "browser", fault.message)
    reason = why_not_drawn(settings)
    if reason is not None:
        return Diagnosis(MISSING, "browser", f"pages are judged as they are sent: {reason.en}")
    walls = "in a network namespace of its own" if may_have_namespace() else "without a network namespace of its own"
    return Diagnosis(OK, "browser", f"{executable_of(settings)}, {walls}")


def _ocr() -> Diagnosis:
    """Say whether the text of pictures is read."""
    from monitor.ocr.line_reader import why_not_read

    reason = why_not_read()
    if reason is not None:
        return Diagnosis(MISSING, "pictures", f"the text of pictures and scans is not judged: {reason.en}")
    return Diagnosis(OK, "pictures", "their text is read by models that are installed; nothing is downloaded")


def _store(config: Path | None, overrides: tuple[str, ...]) -> Diagnosis:
    try:
        settings = settings_from(config, overrides)
        with opened_to_read(settings) as store:
            return Diagnosis(OK, "store", f"{settings.store.url}, {len(store.runs.latest(1000))} run(s)")
    except Fault as fault:
        return Diagnosis(BROKEN, "store", fault.message)
