"""Show the columns that an inspection found."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click
import yaml
from msgspec.structs import asdict

from monitor.commands.common import Fault, language_of, no_run, opened_to_read, worded
from monitor.commands.work.chosen_site import site_of
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.runs import RunRecord
from reports.model import ColumnSummary
from reports.safe import one_line
from reports.wording import words


def show_columns(settings: Settings, url: str | None, number: int | None, form: str) -> None:
    """Print the columns of a site's last inspection, or of a run, as text, json or yaml. Raises Fault."""
    with opened_to_read(settings) as store:
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


def _row(settings: Settings, store: Store, url: str | None, number: int | None) -> RunRecord:
    if (url is None) == (number is None):
        raise Fault(worded("请给出网址，或者 --run 加检查编号", "give a URL, or --run and its number"))
    if number is not None:
        try:
            return store.runs.load(number)
        except KeyError:
            raise Fault(no_run(number)) from None
    key = site_of(settings, url or "").key
    for row in store.runs.latest(site=key):
        if row.facts.columns:
            return row
    raise Fault(
        worded(
            f"还没有在 {key} 检查到栏目，请先运行 sitehealth inspect {url}",
            f"no inspection has found columns on {key}; run `sitehealth inspect {url}`",
        )
    )


def _lines(found: Iterable[ColumnSummary], language: str) -> Iterable[str]:
    say = words(language)
    for column in found:
        status, kind = say.label("column_status", column.status), say.label("column_type", column.type)
        newest = column.newest.isoformat() if column.newest else "-" * 10
        yield f"{status}\t{kind}\t{newest}\t{column.items}\t{one_line(column.name)}\t{one_line(column.url)}"


def _yaml(found: Iterable[ColumnSummary]) -> str:
    entries = [
        {"url": column.url, "name": column.name, "type": column.type.value, "limit_days": column.limit_days}
        for column in found
    ]
    return yaml.safe_dump({"columns": entries}, allow_unicode=True, sort_keys=False, width=1000)
