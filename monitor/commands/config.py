"""Look at the configuration: check it, show it with every default, print its JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from
from monitor.masking import masked, masked_probe


@click.group(short_help="Check, show or describe the configuration.")
def config() -> None:
    """Check, show or describe the configuration."""


@config.command()
@config_options
def check(config: Path | None, overrides: tuple[str, ...]) -> None:
    """Say whether the configuration can be used; exit with 2 and a line for every fault where it cannot."""
    settings = settings_from(config, overrides)
    click.echo(f"ok: {len(settings.sites)} site(s), store {masked(settings.store.url)}")


@config.command()
@config_options
def show(config: Path | None, overrides: tuple[str, ...]) -> None:
    """Print every setting as it stands, defaults included, as YAML; passwords and what probes send are masked."""
    import yaml

    settings = settings_from(config, overrides)
    document = settings.model_dump(mode="json")
    document["store"]["url"] = masked(settings.store.url)
    for site in document["sites"]:
        for probe in site["probes"]:
            probe["steps"] = [masked_probe(step) for step in probe["steps"]]
    click.echo(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), nl=False)


@config.command()
def schema() -> None:
    """Print the JSON Schema of the configuration, for editors that complete and check YAML."""
    from monitor.settings.checks import checks_model
    from monitor.settings.site import Settings

    document = Settings.model_json_schema()
    checks = checks_model().model_json_schema(ref_template="#/$defs/{model}")
    document["$defs"] |= checks.pop("$defs", {})
    document["properties"]["checks"] = checks
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
