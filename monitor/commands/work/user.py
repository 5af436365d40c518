"""Make users, change what they may do, and give programs tokens."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import click

from checks.model import Text
from monitor.accounts.administration import TAKEN, UserAdministration
from monitor.accounts.auditing import actor_at_keyboard
from monitor.accounts.passwords import LONGEST_TYPED, PasswordRefusedError, accepted, generated
from monitor.accounts.permissions import Role, TokenScope
from monitor.accounts.rights import ALL, GROUP, SITE, RightsRefusedError, as_text
from monitor.accounts.user_names import NameRefusedError, user_name
from monitor.beijing import beijing_time
from monitor.commands.common import Fault, language_of, opened, opened_to_read, worded
from monitor.settings.site import Settings
from monitor.store.accounts.api_tokens import TokenRecord
from monitor.store.accounts.users import NameTakenError, RightRecord, UserRecord
from reports.safe import one_line

UNKNOWN = Text("没有用户 {name}", "there is no user {name}")
MADE = Text("已添加用户 {name}：{rights}", "made user {name}: {rights}")
PASSWORD = Text("密码（只显示这一次）：{password}", "password (shown this once): {password}")
CHANGED = Text("已修改，{ended} 个会话已结束", "changed; {ended} sessions ended")
DISABLED = Text("已停用，{ended} 个会话已结束，令牌已撤销", "disabled; {ended} sessions ended, tokens revoked")
DONE = Text("已修改", "changed")
TOKEN = Text("令牌 {number}，{until} 到期（只显示这一次）：", "token {number}, until {until} (shown this once):")
REVOKED = Text("已撤销", "revoked")
NO_TOKEN = Text("没有编号为 {number} 的有效令牌", "no token {number} is valid")
NOBODY = Text("还没有用户；用 sitehealth user add 添加", "there are no users; sitehealth user add makes one")
NEVER = Text("从未", "never")


class Grant(NamedTuple):
    """A role, where it is to hold, and departments, as they were typed."""

    role: str
    sites: tuple[str, ...]
    groups: tuple[str, ...]
    departments: tuple[str, ...]
    everywhere: bool = False

    def places(self) -> list[tuple[str, str]]:
        """Return scope and name of each place that was named."""
        everywhere = [(ALL, "")] if self.everywhere else []
        return [*everywhere, *((SITE, site) for site in self.sites), *((GROUP, group) for group in self.groups)]


class PasswordSource(NamedTuple):
    """Where a password comes from; neither: it is asked for."""

    generate: bool
    from_stdin: bool


@contextmanager
def _administration(settings: Settings, *, to_read: bool = False) -> Iterator[UserAdministration]:
    """Open the store, and say what is refused as a fault of the command line."""
    language = language_of(settings)
    with (opened_to_read if to_read else opened)(settings) as store:
        try:
            yield UserAdministration(store, settings)
        except (NameRefusedError, PasswordRefusedError, RightsRefusedError) as error:
            raise Fault(error.reason(language)) from None
        except NameTakenError:
            raise Fault(TAKEN(language)) from None
        except KeyError as error:
            raise Fault(UNKNOWN(language).format(name=one_line(str(error.args[0])))) from None


def add_user(settings: Settings, name: str, full_name: str, grant: Grant, source: PasswordSource, by: str) -> None:
    """Make a user. Raises Fault."""
    language = language_of(settings)
    rights = [RightRecord(*place, grant.role) for place in grant.places() or [(ALL, "")]]
    with _administration(settings) as users:
        password = _password(source, user_name(name))
        actor = actor_at_keyboard(by)
        made = users.add_user(name, password, rights, grant.departments, actor, full_name=full_name)
    text = as_text(made.rights, made.departments)
    click.echo(MADE(language).format(name=made.name, rights=one_line(text)))
    _show_if_made(source, password, language)


def _password(source: PasswordSource, name: str) -> str:
    """Return the password that was typed, read or made. Raises Fault, PasswordRefusedError before it is asked twice."""
    if source.generate and source.from_stdin:
        raise Fault(worded("--generate 和 --stdin 只能给一个", "give one of --generate and --stdin"))
    if source.generate:
        return generated()
    if source.from_stdin:
        return sys.stdin.readline(LONGEST_TYPED + 2).rstrip("\r\n")
    if not is_at_terminal():
        raise Fault(
            worded(
                "没有终端可以询问密码，请给出 --stdin 或 --generate",
                "there is no terminal to ask for the password; give --stdin or --generate",
            )
        )
    password = str(click.prompt(worded("密码", "Password"), hide_input=True))
    accepted(password, name)
    if str(click.prompt(worded("再输一次", "Again"), hide_input=True)) != password:
        raise Fault(worded("两次输入的不一样", "the two are not the same"))
    return password


def is_at_terminal() -> bool:
    """Return whether somebody can be asked."""
    return sys.stdin.isatty()


def _show_if_made(source: PasswordSource, password: str, language: str) -> None:
    if source.generate:
        click.echo(PASSWORD(language).format(password=password))


def change_password(settings: Settings, name: str, source: PasswordSource, by: str) -> None:
    """Give a user another password. Raises Fault."""
    language = language_of(settings)
    with _administration(settings) as users:
        password = _password(source, users.user(name).name)
        ended = users.set_password(name, password, actor_at_keyboard(by))
    click.echo(CHANGED(language).format(ended=ended))
    _show_if_made(source, password, language)


def disable_user(settings: Settings, name: str, by: str) -> None:
    """Let a user in no more. Raises Fault."""
    with _administration(settings) as users:
        ended = users.disable(name, actor_at_keyboard(by))
    click.echo(DISABLED(language_of(settings)).format(ended=ended))


def enable_user(settings: Settings, name: str, by: str) -> None:
    """Let a user in again. Raises Fault."""
    with _administration(settings) as users:
        users.enable(name, actor_at_keyboard(by))
    click.echo(DONE(language_of(settings)))


def forget_totp(settings: Settings, name: str, by: str) -> None:
    """Ask a user for codes no more. Raises Fault."""
    with _administration(settings) as users:
        users.forget_totp(name, actor_at_keyboard(by))
    click.echo(DONE(language_of(settings)))


def change_role(settings: Settings, name: str, role: str, departments: Sequence[str], by: str) -> None:
    """Give a user one role in the place of every one. Raises Fault."""
    with _administration(settings) as users:
        user = users.user(name)
        places = [(ALL, "")] if role == Role.ADMIN else [(each.scope, each.name) for each in user.rights]
        rights = [RightRecord(*place, role) for place in places]
        ended = users.set_rights(name, rights, departments or user.departments, actor_at_keyboard(by))
    click.echo(CHANGED(language_of(settings)).format(ended=ended))


def change_rights(settings: Settings, name: str, grant: Grant, by: str, *, remove: bool) -> None:
    """Show the rights of a user, add some, or take some. Raises Fault."""
    places, language = grant.places(), language_of(settings)
    if not places and not grant.departments:
        if grant.role or remove:
            raise Fault(
                worded(
                    "请说明在哪里：--all、--site 或 --group；或者 --department",
                    "say where: --all, --site or --group; or a --department",
                )
            )
        with _administration(settings, to_read=True) as users:
            user = users.user(name)
        click.echo(one_line(as_text(user.rights, user.departments)))
        return
    if places and bool(grant.role) == remove:
        raise Fault(worded("--role 和 --remove 只能给一个", "give one of --role and --remove"))
    with _administration(settings) as users:
        user = users.user(name)
        rights = [each for each in user.rights if (each.scope, each.name) not in places]
        departments = [each for each in user.departments if each not in grant.departments]
        if not remove:
            rights += [RightRecord(*place, grant.role) for place in places]
            departments += grant.departments
        ended = users.set_rights(name, rights, departments, actor_at_keyboard(by))
    click.echo(CHANGED(language).format(ended=ended))


def list_users(settings: Settings, form: str) -> None:
    """Print users by name."""
    language = language_of(settings)
    with _administration(settings, to_read=True) as users:
        found = users.users()
    for user in found:
        click.echo(json.dumps(_item(user), ensure_ascii=False) if form == "json" else _line(user, language))
    if not found and form == "text":
        click.echo(NOBODY(language), err=True)


def _item(user: UserRecord) -> dict[str, object]:
    return {
        "name": user.name,
        "full_name": user.full_name,
        "rights": [right._asdict() for right in user.rights],
        "departments": list(user.departments),
        "made": _moment(user.made),
        "disabled": _moment(user.disabled),
        "last_login": _moment(user.logged_in),
        "password": user.has_password,
        "totp": user.has_totp,
    }


def _line(user: UserRecord, language: str) -> str:
    state = Text("已停用", "disabled") if user.disabled else Text("最近登录 {at}", "last login {at}")
    at = _moment(user.logged_in) or NEVER(language)
    parts = [
        user.name,
        user.full_name,
        as_text(user.rights, user.departments),
        state(language).format(at=at),
        "TOTP" if user.has_totp else "",
    ]
    return "  ".join(one_line(part) for part in parts if part)


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else beijing_time(seconds).isoformat(timespec="minutes")


# ---- tokens of the API -------------------------------------------------------------------------------


def add_token(settings: Settings, name: str, label: str, scopes: Sequence[str], days: int, by: str) -> None:
    """Make a token and print it. Raises Fault."""
    with _administration(settings) as users:
        chosen = [TokenScope(scope) for scope in scopes]
        made, secret = users.add_token(name, label, chosen, days, actor_at_keyboard(by))
    until = beijing_time(made.expires).date().isoformat()
    click.echo(TOKEN(language_of(settings)).format(number=made.number, until=until), err=True)
    click.echo(secret)


def list_tokens(settings: Settings, name: str | None, form: str) -> None:
    """Print the tokens of a user, or of all. Raises Fault."""
    now, language = time.time(), language_of(settings)
    with _administration(settings, to_read=True) as users:
        chosen = users.users() if name is None else [users.user(name)]
        found = [(user.name, token) for user in chosen for token in users.tokens(user.name)]
    for owner, token in found:
        item = _token_item(owner, token, now)
        click.echo(json.dumps(item, ensure_ascii=False) if form == "json" else _token_line(owner, token, now, language))


def _token_item(owner: str, token: TokenRecord, now: float) -> dict[str, object]:
    return {
        "number": token.number,
        "user": owner,
        "label": token.label,
        "scopes": list(token.scopes),
        "made": _moment(token.made),
        "expires": _moment(token.expires),
        "last_used": _moment(token.used),
        "address": token.address,
        "revoked": _moment(token.revoked),
        "valid": token.is_valid(now),
    }


def _token_line(owner: str, token: TokenRecord, now: float, language: str) -> str:
    state = Text("有效", "valid")
    if token.revoked is not None:
        state = Text("已撤销", "revoked")
    elif not token.is_valid(now):
        state = Text("已过期", "expired")
    used = Text("最近使用 {at} {address}", "last used {at} {address}")(language)
    until = Text("{at} 到期", "until {at}")(language).format(at=_moment(token.expires))
    seen = used.format(at=_moment(token.used) or NEVER(language), address=token.address).rstrip()
    parts = [f"{token.number:>4}", owner, token.label, ",".join(token.scopes), until, seen, state(language)]
    return "  ".join(one_line(part) for part in parts)


def revoke_token(settings: Settings, number: int, by: str) -> None:
    """Revoke a token. Raises Fault where it is not valid."""
    language = language_of(settings)
    with _administration(settings) as users:
        if not users.revoke_token(number, actor_at_keyboard(by)):
            raise Fault(NO_TOKEN(language).format(number=number))
    click.echo(REVOKED(language))
