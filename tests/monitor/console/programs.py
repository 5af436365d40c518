"""Programs in the place of the bureau's people, and inspections as a daemon would offer them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx

from checks.model import Text
from monitor.accounts.administration import UserAdministration, scopes_within_reach
from monitor.accounts.auditing import Actor, Via
from monitor.accounts.permissions import TokenScope
from monitor.accounts.rights import groups_of, user_of
from monitor.console.console_parts import Underway
from tests.monitor.console.bureau import NOW, ServedConsole

API = "/api/v1"

BY = Actor("test", "", Via.CLI)


def users_of(console: ServedConsole) -> UserAdministration:
    return UserAdministration(console.bureau.store, console.bureau.settings, lambda: NOW)


def token(console: ServedConsole, name: str, scopes: Sequence[str] = (), days: int = 30) -> str:
    """A token of somebody; without scopes of every one that would be of use to them."""
    users = users_of(console)
    person = user_of(users.user(name), groups_of(console.bureau.settings))
    chosen = [TokenScope(each) for each in scopes] or scopes_within_reach(person)
    return users.add_token(name, "test", chosen, days, BY)[1]


@contextmanager
def program(console: ServedConsole, name: str, scopes: Sequence[str] = ()) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {token(console, name, scopes)}"}
    with console.visitor(headers=headers) as client:
        client.base_url = f"{console.url}{API}"
        yield client


class FakeInspections:
    """What a daemon offers: one inspection at a time of each site and scope."""

    def __init__(self) -> None:
        self.going: dict[tuple[str, str], Underway] = {}

    def underway(self) -> Sequence[Underway]:
        return list(self.going.values())

    def start(self, site: str, scope: str) -> Text | None:
        if (site, scope) in self.going:
            return Text("正在检查", "it is under way")
        self.going[site, scope] = Underway(site, scope, None, NOW, can_be_cancelled=True)
        return None

    def cancel(self, site: str, scope: str) -> bool:
        return self.going.pop((site, scope), None) is not None
