"""Count what a site published in a year, for the office's annual openness report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.commands.common import Fault, config_options, language_of, opened, settings_from

if TYPE_CHECKING:
    from checks.model import Inventory
    from monitor.settings.site import Settings
    from monitor.store import Store
    from monitor.store.runs import RunRow


@click.command(short_help="Count what a site published in a year.")
@click.option("--site", required=True, help="Its id; default ids are hosts.")
@click.option("--year", required=True, type=click.IntRange(1990, 2100), help="A calendar year.")
@click.option("--format", "form", type=click.Choice(["xlsx", "json"]), default="xlsx", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@config_options
def publications(
    site: str, year: int, form: str, out: Path | None, config: Path | None, overrides: tuple[str, ...]
) -> None:
    """Write the items of every column by month, quarter and year, from the last inspection of the whole site."""
    from checks.columns.publication_counts import publications as count
    from monitor.output.files import whole
    from reports.publications import write_json, write_xlsx

    settings = settings_from(config, overrides)
    with opened(settings) as store:
        row = _last(store, site)
        inventory = _inventory(settings, store, row)
    path = out or Path(settings.report.folder) / f"{site}-{year}.{form}"
    write = write_json if form == "json" else write_xlsx
    try:
        with whole(path) as file:
            write(count(inventory, year), row.name or site, language_of(settings), file)
    except OSError as error:
        raise Fault(f"{path} cannot be written: {error}") from None
    click.echo(path)


def _last(store: Store, site: str) -> RunRow:
    for row in store.runs.latest(site=site):
        if row.scope == "site" and row.facts.columns:
            return row
    raise Fault(f"no inspection has found columns on {site}; `sitehealth runs` lists what was inspected")


def _inventory(settings: Settings, store: Store, row: RunRow) -> Inventory:
    from datetime import UTC, datetime

    from checks.columns import assemble
    from monitor.inspection.inventory import corrections_of
    from monitor.store.inventory import ColumnStore

    corrected = next((site.columns for site in settings.sites if site.key == row.site), ())
    pages = ColumnStore(store.engine, row.site, row.scope).load_page_facts()
    seen = datetime.fromtimestamp(row.finished or row.started, UTC)
    return assemble(pages, row.url, seen, corrections_of(corrected, row.url))
