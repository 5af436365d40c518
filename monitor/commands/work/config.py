"""Print the configuration, and its JSON Schema."""

from __future__ import annotations

import json

import click
import yaml

from monitor.settings.checks import checks_model
from monitor.settings.site import Settings


def show_settings(settings: Settings) -> None:
    """Print every setting as YAML; passwords and what probes send are masked."""
    document = settings.model_dump(mode="json")
    click.echo(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), nl=False)


def print_schema() -> None:
    """Print the JSON Schema of the configuration."""
    document = Settings.model_json_schema()
    checks = checks_model().model_json_schema(ref_template="#/$defs/{model}")
    document["$defs"] |= checks.pop("$defs", {})
    document["properties"]["checks"] = checks
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
