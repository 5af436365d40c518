"""Show the columns that an inspection found, so that the configuration can correct them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.commands.common import Fault, config_options, language_of, opened, settings_from

if TYPE_CHECKING:
    from monitor.settings.site import Settings
    from monitor.store import Store
    from monitor.store.runs import RunRow
    from reports.model import ColumnSummary


@click.command(short_help="Show the columns (栏目) of a site.")
@click.argument("url", required=False)
@click.option("--run", "number", type=int, help="Those of this run, the number that `sitehealth runs` shows.")
@click.option("--format", "form", type=click.Choice(["text", "json", "yaml"]), default="text", show_default=True)
@config_options
def columns(url: str | None, number: int | None, form: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Show the columns of URL as its last inspection found them: status, type, newest item, items, name, address.

    The yaml format is what `sites[].columns` takes: change what is wrong, and leave the rest out.
    """
    settings = settings_from(config, overrides)
    with opened(settings) as store:
        row = _row(settings, store, url, number)
    found = row.facts.columns
    if form == "json":
        click.echo(json.dumps([_row_of(column) for column in found], ensure_ascii=False, indent=2))
    elif form == "yaml":
        click.echo(_yaml(found), nl=False)
    else:
        for line in _lines(found, language_of(settings)):
            click.echo(line)


def _row_of(column: ColumnSummary) -> dict[str, object]:
    return asdict(column) | {"newest": column.newest.isoformat() if column.newest else None}


def _row(settings: Settings, store: Store, url: str | None, number: int | None) -> RunRow:
    if (url is None) == (number is None):
        raise Fault("give a URL, or --run and its number")
    if number is not None:
        try:
            return store.runs.get(number)
        except KeyError:
            raise Fault(f"there is no run {number}; `sitehealth runs` lists them") from None
    from monitor.commands.inspect import site_of

    key = site_of(settings, url or "").key
    for row in store.runs.latest(site=key):
        if row.facts.columns:
            return row
    raise Fault(f"no inspection has found columns on {key}; run `sitehealth inspect {url}`")


def _lines(found: Iterable[ColumnSummary], language: str) -> Iterable[str]:
    from reports.safe import one_line
    from reports.wording import words

    say = words(language)
    for column in found:
        status, kind = say.label("column_status", column.status), say.label("column_type", column.type)
        newest = column.newest.isoformat() if column.newest else "-" * 10
        yield f"{status}\t{kind}\t{newest}\t{column.items}\t{one_line(column.name)}\t{one_line(column.url)}"


def _yaml(found: Iterable[ColumnSummary]) -> str:
    import yaml

    entries = [
        {"url": column.url, "name": column.name, "type": column.type.value, "limit_days": column.limit_days}
        for column in found
    ]
    return yaml.safe_dump({"columns": entries}, allow_unicode=True, sort_keys=False, width=1000)
