"""Print the configuration, and its JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click
import yaml

from monitor.commands.common import Fault
from monitor.output.letterhead_files import LetterheadError, letterhead_of
from monitor.settings.checks import checks_model
from monitor.settings.report import ReportSettings
from monitor.settings.secret import UnresolvedSecretError
from monitor.settings.site import Settings


def show_settings(settings: Settings) -> None:
    """Print every setting as YAML; passwords and what probes send are masked."""
    document = settings.model_dump(mode="json")
    click.echo(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), nl=False)


def try_letterheads(settings: Settings) -> None:
    """Read and try the files that stand around reports, each once. Raises Fault."""
    ways = [settings.report, *(settings.report_of(site.key) for site in settings.sites)]
    for logo, template in dict.fromkeys((way.logo, way.template) for way in ways):
        try:
            letterhead_of(ReportSettings(logo=logo, template=template))
        except LetterheadError as error:
            raise Fault(str(error)) from None


def unresolved_secrets(settings: Settings) -> Iterator[str]:
    """Yield a line for every target of messages whose address or secret refers to what is not there now.

    That is no fault of the file: the environment of the service may have what this one lacks.
    """
    for target in settings.notify.targets:
        for name in ("url", "secret"):
            try:
                getattr(target, name).get_secret_value()
            except UnresolvedSecretError as error:
                yield f"notify.targets, {target.name}, {name}: {error}"


def print_schema() -> None:
    """Print the JSON Schema of the configuration."""
    document = Settings.model_json_schema()
    checks = checks_model().model_json_schema(ref_template="#/$defs/{model}")
    document["$defs"] |= checks.pop("$defs", {})
    document["properties"]["checks"] = checks
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
