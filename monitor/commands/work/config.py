"""Print the configuration, and its JSON Schema."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import click
import yaml
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from monitor.commands.common import Fault, error_text, worded
from monitor.commands.work.chosen_site import MEANT
from monitor.output.letterhead_files import LetterheadError, letterhead_of
from monitor.settings.checks import checks_model
from monitor.settings.config_file import ConfigReading
from monitor.settings.origins import origins
from monitor.settings.report import ReportSettings
from monitor.settings.secret import UnresolvedSecretError
from monitor.settings.site import Settings
from monitor.settings.strict import HELD, Strict

COMMENTS = 44
"""Column at which the origins of settings begin, where there is room."""


def show_settings(settings: Settings) -> None:
    """Print every setting as YAML; passwords and what probes send are masked."""
    click.echo(yaml.safe_dump(settings.to_json(), allow_unicode=True, sort_keys=False), nl=False)


def show_site(reading: ConfigReading, settings: Settings, wanted: str) -> None:
    """Print every setting of a site as YAML, each with where it comes from as a comment. Raises Fault."""
    known = {site.key: site for site in settings.sites}
    if wanted not in known:
        raise Fault(no_site(wanted, known))
    default = worded("默认值", "default")
    for origin in origins(reading, settings, known[wanted]):
        # In braces a value stays on one line, whatever it is; without them a setting reads as the file has it.
        line = yaml.safe_dump({origin.key: origin.value}, allow_unicode=True, default_flow_style=True, width=math.inf)
        click.echo(f"{line.strip()[1:-1]:<{COMMENTS}}  # {origin.place or default}")


def no_site(wanted: str, known: Iterable[str]) -> str:
    """Return that the configuration has no site of a name, and which may be meant."""
    meant = get_close_matches(wanted, known, n=1)
    hint = worded(*MEANT).format(meant=meant[0]) if meant else ""
    return worded(f"配置里没有网站“{wanted}”{hint}", f"no site is called {wanted!r}{hint}")


def try_letterheads(settings: Settings) -> None:
    """Read and try the files that stand around reports, each once. Raises Fault."""
    ways = [settings.report, *(settings.report_of(site.key) for site in settings.sites)]
    for logo, template in dict.fromkeys((way.logo, way.template) for way in ways):
        try:
            letterhead_of(ReportSettings(logo=logo, template=template))
        except LetterheadError as error:
            raise Fault(error_text(error)) from None


def unresolved_secrets(settings: Settings) -> Iterator[str]:
    """Yield a line for every target of messages whose address or secret refers to what is not there now.

    That is no fault of the file: the environment of the service may have what this one lacks.
    """
    for target in settings.notify.targets:
        for name in ("url", "secret"):
            try:
                getattr(target, name).get_secret_value()
            except UnresolvedSecretError as error:
                yield f"notify.targets, {target.name}, {name}: {error_text(error)}"


class _SettingsSchema(GenerateJsonSchema):
    """Describe settings that others hold, which are validated by themselves, once and under a name of their own."""

    def generate_inner(self, schema: Mapping[str, Any]) -> JsonSchemaValue:
        """Return what describes a setting, or where the settings are described that it holds."""
        held = _held(schema)
        return super().generate_inner(schema if held is None else held.__pydantic_core_schema__)

    def field_title_should_be_set(self, schema: Mapping[str, Any]) -> bool:
        """Return whether a field has a title of its own: settings that it holds have theirs."""
        return _held(schema) is None and super().field_title_should_be_set(schema)


def _held(schema: Mapping[str, Any]) -> type[Strict] | None:
    held: type[Strict] | None = schema.get("metadata", {}).get(HELD)
    return held


def print_schema() -> None:
    """Print the JSON Schema of the configuration."""
    document = Settings.model_json_schema(schema_generator=_SettingsSchema)
    checks = checks_model().model_json_schema(ref_template="#/$defs/{model}")
    document["$defs"] |= checks.pop("$defs", {})
    document["properties"]["checks"] = checks
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
