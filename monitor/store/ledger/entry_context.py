"""Read what the store knows around entries: names of sites, what their faults cost, titles of pages, the last looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, RowMapping, Select, func, or_, select, tuple_

from monitor.beijing import beijing_time
from monitor.store.database import chunks, select_where_in
from monitor.store.run_facts import facts_from_json
from monitor.store.schema import entry_history, pages, runs
from reports.model import Scope
from reports.remediation.entry import LOOKS, ChangeCause
from reports.remediation.ledger_row import Look, ScoreShare, SiteFacts, score_shares
from reports.remediation.states import State

PLACES_AT_ONCE = 200
"""Pages in one IN clause: each of them is looked up in both scopes, by three values."""


def site_facts(engine: Engine, sites: Iterable[str]) -> dict[str, SiteFacts]:
    """Return what the last runs of sites say of them; a site without runs goes by its id."""
    found: dict[str, SiteFacts] = {}
    with engine.connect() as connection:
        for chunk in chunks(sites):
            last = connection.execute(_last_runs(chunk, whole=False)).mappings().all()
            scored = {row["site"]: row for row in connection.execute(_last_runs(chunk, whole=True)).mappings()}
            codes = _site_codes(connection, {row["site"]: row["url"] for row in last})
            found |= {
                row["site"]: SiteFacts(
                    row["name"] or row["site"], codes.get(row["site"], ""), _shares(scored.get(row["site"]))
                )
                for row in last
            }
    return {site: found.get(site) or SiteFacts(site) for site in sites}


def _last_runs(sites: list[str], *, whole: bool) -> Select[tuple[str, str, str, object]]:
    """Select the last run of each site: of any kind, or the last finished one that looked at the whole site."""
    last = select(func.max(runs.c.id)).where(runs.c.site.in_(sites)).group_by(runs.c.site)
    if whole:
        last = last.where(runs.c.scope == Scope.SITE, runs.c.status.in_(("complete", "partial")))
    return select(runs.c.site, runs.c.name, runs.c.url, runs.c.facts).where(runs.c.id.in_(last))


def _shares(run: RowMapping | None) -> Mapping[str, ScoreShare]:
    score = facts_from_json(run["facts"]).score if run else None
    return score_shares(score) if score else {}


def _site_codes(connection: Connection, homepages: Mapping[str, str]) -> dict[str, str]:
    """Return the 网站标识码 that homepages name, by site."""
    places = [(site, scope, url) for site, home in homepages.items() for url in _spellings(home) for scope in Scope]
    codes: dict[str, str] = {}
    for at in range(0, len(places), PLACES_AT_ONCE):
        key = tuple_(pages.c.site, pages.c.scope, pages.c.url)
        statement = select(pages.c.site, pages.c.facts).where(key.in_(places[at : at + PLACES_AT_ONCE]))
        for site, facts in connection.execute(statement):
            code = facts.get("site_code") if isinstance(facts, dict) else None
            codes[site] = codes.get(site) or str(code or "")
    return codes


def _spellings(home: str) -> set[str]:
    """Return the addresses under which a homepage may be stored: the one asked for, and where http led to https."""
    bare = home.rstrip("/")
    return {home, f"{bare}/", f"{urlsplit(bare)._replace(scheme='https').geturl()}/"}


def page_titles(engine: Engine, site: str, urls: Iterable[str]) -> dict[str, str]:
    """Return the titles of pages of a site by URL, whichever scope read them."""
    of_site = pages.c.site == site, pages.c.scope.in_([str(scope) for scope in Scope])
    statement = select(pages.c.url, pages.c.title).where(*of_site)
    return {row.url: row.title for row in select_where_in(engine, statement, pages.c.url, urls) if row.title}


def last_looks(engine: Engine, numbers: Iterable[int]) -> dict[int, Look]:
    """Return the last look at each entry that verified something: that the fault was gone, or is still there."""
    column = entry_history.c
    verified = or_(column.after == State.CLOSED, column.before == State.TO_VERIFY)
    statement = (
        select(column.number, column.at, column.cause, column.by, column.run, column.after)
        .where(column.field == "state", column.cause.in_([str(cause) for cause in LOOKS]), verified)
        .order_by(column.number, column.id)
    )
    return {
        row.number: Look(row.after == State.CLOSED, beijing_time(row.at), ChangeCause(row.cause), row.by, row.run)
        for row in select_where_in(engine, statement, column.number, numbers)
    }
