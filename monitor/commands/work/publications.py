"""Count what a site published in a year."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from checks.columns.inventory import assemble
from checks.columns.publication_counts import publications as count
from checks.model import Inventory
from monitor.commands.common import Fault, language_of, opened_to_read, worded
from monitor.commands.work.chosen_site import refuse_unknown_site
from monitor.inspection.inventory import corrections_of
from monitor.output.files import whole
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.memory.inventory import ColumnStore
from monitor.store.runs import RunRecord
from reports.publications import write_json, write_xlsx


def write_publications(settings: Settings, site: str, year: int, form: str, out: Path | None) -> None:
    """Write what a site published in a year to a file of the format ``form`` and print its name. Raises Fault."""
    with opened_to_read(settings) as store:
        refuse_unknown_site(settings, store, site)
        row = _last(store, site)
        inventory = _inventory(settings, store, row)
    path = out or Path(settings.report.folder) / f"{site}-{year}.{form}"
    write = write_json if form == "json" else write_xlsx
    try:
        with whole(path) as file:
            write(count(inventory, year), row.name or site, language_of(settings), file)
    except OSError as error:
        raise Fault(worded(f"{path} 写不进去：{error}", f"{path} cannot be written: {error}")) from None
    click.echo(path)


def _last(store: Store, site: str) -> RunRecord:
    for row in store.runs.latest(site=site):
        if row.scope == "site" and row.facts.columns:
            return row
    raise Fault(
        worded(
            f"还没有在 {site} 检查到栏目，sitehealth runs 列出检查过的网站",
            f"no inspection has found columns on {site}; `sitehealth runs` lists what was inspected",
        )
    )


def _inventory(settings: Settings, store: Store, row: RunRecord) -> Inventory:
    corrected = next((site.columns for site in settings.sites if site.key == row.site), ())
    pages = ColumnStore(store.engine, row.site, row.scope).load_page_facts()
    seen = datetime.fromtimestamp(row.finished or row.started, UTC)
    return assemble(pages, row.url, seen, corrections_of(corrected, row.url))
