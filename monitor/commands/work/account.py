"""List accounts on new media, and keep the days that people enter."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

import click

from checks.media import KINDS
from checks.model import Text
from monitor.accounts.auditing import AuditLog, actor_at_keyboard
from monitor.beijing import beijing_time
from monitor.commands.common import Fault, language_of, opened, opened_to_read
from monitor.settings.media import MediaAccountSettings
from monitor.settings.site import Settings
from monitor.store.media import MediaNote, MediaRecord, MediaStore
from reports.safe import one_line

NONE = Text(
    "没有配置政务新媒体账号（config.yaml 中网站的 accounts）", "no accounts are configured (`accounts` of a site)"
)
NEVER = Text("没有看到过更新", "no update was ever seen")
POSTED = Text("{day} 发布，{days} 天前：{title}", "posted on {day}, {days} days ago: {title}")
NOTED = Text("{day} 更新，{days} 天前（{by} 登记）", "updated on {day}, {days} days ago (entered by {by})")
UNSEEN = Text("订阅源自 {day} 起读不出来", "its feed has not been readable since {day}")
KEPT = Text("已登记：“{name}”（{site}）{day} 有更新", "entered: “{name}” ({site}) was updated on {day}")
UNKNOWN = Text("没有配置名为“{name}”的账号", "no account is called “{name}”")
MEANT = Text("；是不是“{meant}”？", "; did you mean “{meant}”?")
SEVERAL = Text(
    "多个网站有名为“{name}”的账号，请用 --site 指明：{sites}",
    "several sites have an account called “{name}”: --site {sites}",
)
FUTURE = Text("{day} 还没有到：登记的是已经发生的更新", "{day} has not come yet: what is entered has happened")


class _Standing(NamedTuple):
    """An account of the configuration with what the store knows of it."""

    site: str
    account: MediaAccountSettings
    seen: MediaRecord | None
    noted: MediaNote | None

    @property
    def posted(self) -> date | None:
        """The day of the newest post that was seen (Beijing time)."""
        newest = self.seen.newest if self.seen else None
        return beijing_time(newest).date() if newest is not None else None

    @property
    def noted_day(self) -> date | None:
        """The day that somebody entered."""
        return date.fromisoformat(self.noted.day) if self.noted else None


def list_accounts(settings: Settings, site: str, form: str) -> None:
    """Print how accounts stand, the configuration's order kept."""
    language, today = language_of(settings), beijing_time(time.time()).date()
    with opened_to_read(settings) as store:
        media = MediaStore(store.engine)
        records, notes = media.load(), media.notes()
    known = [
        _Standing(key, account, records.get((key, account.name)), notes.get((key, account.name)))
        for key, account in _configured(settings, site)
    ]
    for each in known:
        click.echo(_as_json(each) if form == "json" else _as_line(each, today, language))
    if not known and form == "text":
        click.echo(NONE(language))


def _configured(settings: Settings, site: str = "") -> Iterator[tuple[str, MediaAccountSettings]]:
    for each in settings.sites:
        if site in {"", each.key}:
            yield from ((each.key, account) for account in each.accounts)


def _as_json(each: _Standing) -> str:
    unseen = each.seen.unseen_since if each.seen else None
    return json.dumps(
        {
            "site": each.site,
            "name": each.account.name,
            "kind": each.account.kind,
            "newest": each.posted.isoformat() if each.posted else None,
            "title": each.seen.title if each.seen else "",
            "noted": each.noted.day if each.noted else None,
            "noted_by": each.noted.by if each.noted else None,
            "unseen_since": beijing_time(unseen).isoformat() if unseen is not None else None,
        },
        ensure_ascii=False,
    )


def _as_line(each: _Standing, today: date, language: str) -> str:
    parts = [each.site, KINDS[each.account.kind](language), each.account.name]
    posted, noted = each.posted, each.noted_day
    if noted is not None and each.noted is not None and (posted is None or noted > posted):
        parts.append(NOTED(language).format(day=noted, days=(today - noted).days, by=one_line(each.noted.by)))
    elif posted is not None and each.seen is not None:
        title = one_line(each.seen.title)
        parts.append(POSTED(language).format(day=posted, days=(today - posted).days, title=title))
    else:
        parts.append(NEVER(language))
    if each.seen is not None and each.seen.unseen_since is not None:
        parts.append(UNSEEN(language).format(day=beijing_time(each.seen.unseen_since).date()))
    return "  ".join(parts)


def note_update(settings: Settings, name: str, day: date, *, site: str, by: str) -> None:
    """Keep the day on which an account was updated. Raises Fault."""
    language = language_of(settings)
    if day > beijing_time(time.time()).date():
        raise Fault(FUTURE(language).format(day=day))
    key = _site_of(settings, name, site, language)
    actor = actor_at_keyboard(by.strip())
    with opened(settings) as store:
        media = MediaStore(store.engine)
        before = media.notes().get((key, name))
        media.note(MediaNote(key, name, day.isoformat(), actor.name, time.time()))
        AuditLog(store).add(actor, "account.seen", f"{key}: {name}", before.day if before else "", day.isoformat())
    click.echo(KEPT(language).format(name=name, site=key, day=day))


def _site_of(settings: Settings, name: str, site: str, language: str) -> str:
    """Return the site whose account is called so. Raises Fault for none, and for several."""
    names = [(key, account.name) for key, account in _configured(settings, site)]
    sites = [key for key, known in names if known == name]
    if len(sites) > 1:
        raise Fault(SEVERAL(language).format(name=name, sites=", ".join(sites)))
    if not sites:
        meant = get_close_matches(name, [known for _, known in names], n=1)
        hint = MEANT(language).format(meant=meant[0]) if meant else ""
        raise Fault(UNKNOWN(language).format(name=name) + hint)
    return sites[0]
