"""Open the console over the past of the demo site, with one login that is printed."""

from __future__ import annotations

from pathlib import Path

import click

from checks.model import Text
from monitor.accounts.administration import UserAdministration
from monitor.accounts.auditing import actor_at_keyboard
from monitor.accounts.passwords import generated
from monitor.accounts.permissions import Role
from monitor.accounts.rights import ALL
from monitor.beijing import beijing_time
from monitor.commands.common import Fault, error_text, opened, settings_from
from monitor.commands.work.console import serve_console
from monitor.commands.work.demo_history import FOLDER, make_past, wanted_language
from monitor.demo.history import ready_history
from monitor.settings.config_file import ConfigError, load
from monitor.settings.paths import data_folder
from monitor.settings.site import Settings
from monitor.store.accounts.users import NameTakenError, RightRecord

NAME = "demo"
"""Who logs in, an administrator."""

ANYWHERE = "127.0.0.1:0"
"""This machine alone, at whatever port is free."""

KEPT = Text(
    "沿用 {day} 生成的示例数据；加上 --history 则重新生成",
    "the demo history of {day} is used again; --history makes it anew",
)

OPEN = Text(
    """示例网站的管理台，在浏览器中打开：
  {address}
用户名：{name}
密码：　{password}
（密码每次启动都会更换。按 Ctrl-C 结束。）""",
    """The console of the demo site; open in a browser:
  {address}
user:      {name}
password:  {password}
(The password is another one each time. Ctrl-C ends it.)""",
)


def show_console(port: int | None, language: str | None, listen: str | None, *, anew: bool) -> None:
    """Make the past where there is none of this version, or ``anew``, and serve the console over it. Raises Fault."""
    _check_address(listen or ANYWHERE)  # before the minute that the past takes
    config = None if anew else ready_history(data_folder() / FOLDER)
    if config is None:
        config = make_past(port, wanted_language(language)).config
    else:
        day = beijing_time(config.stat().st_mtime).date()
        click.echo(KEPT(wanted_language(language)).format(day=day))
    serve_with_a_login(config, wanted_language(language), listen)


def _check_address(listen: str) -> None:
    try:
        load(None, (f"console.listen={listen}",))
    except ConfigError as error:
        raise Fault(error_text(error)) from None


def serve_with_a_login(config: Path, language: str, listen: str | None) -> None:
    """Serve the console over the store of a configuration until a signal, for an administrator. Raises Fault."""
    settings = settings_from(config, (f"console.listen={listen or ANYWHERE}",))
    password = _login(settings)
    text = OPEN(language)
    serve_console(settings, lambda address: click.echo(text.format(address=address, name=NAME, password=password)))


def _login(settings: Settings) -> str:
    """See that the administrator of the demo can log in; return with which password, which is a new one."""
    password, actor = generated(), actor_at_keyboard()
    rights = [RightRecord(ALL, "", Role.ADMIN)]
    with opened(settings) as store:
        users = UserAdministration(store, settings)
        try:
            users.add_user(NAME, password, rights, (), actor)
        except NameTakenError:
            _let_in_again(users, password, rights)
    return password


def _let_in_again(users: UserAdministration, password: str, rights: list[RightRecord]) -> None:
    """Give the user another password, and undo what somebody tried in the console that would keep them out."""
    user, actor = users.user(NAME), actor_at_keyboard()
    users.set_password(NAME, password, actor)
    if user.disabled is not None:
        users.enable(NAME, actor)
    if user.has_totp:
        users.forget_totp(NAME, actor)
    if list(user.rights) != rights:
        users.set_rights(NAME, rights, (), actor)
