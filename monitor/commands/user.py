"""Make users of the console and the API, change what they may do, and give programs tokens."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import F, config_options, settings_from

BY = click.option("--by", default="", help="Who does it, for the audit log; default: who is logged in to the machine.")
ROLES = click.Choice(["viewer", "department", "editor", "admin"])
FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


def place_options(function: F) -> F:
    """Add ``--site`` and ``--group``: where a right is to hold."""
    site = click.option("--site", "sites", multiple=True, metavar="ID", help="On this site; may be given again.")
    return site(
        click.option("--group", "groups", multiple=True, metavar="NAME", help="On a group's sites, and all below it.")(
            function
        )
    )


def password_options(function: F) -> F:
    """Add ``--generate`` and ``--stdin``: where a password comes from, if it is not asked for."""
    generate = click.option("--generate", is_flag=True, help="Make a password and print it, once.")
    return generate(
        click.option("--stdin", "from_stdin", is_flag=True, help="Read the password from standard input, one line.")(
            function
        )
    )


@click.group(short_help="Make users of the console and say what they may do.")
def user() -> None:
    """Make users of the console, say what they may do (docs/console.md), and give programs tokens for the API."""


@user.command("add", short_help="Make a user.")
@click.argument("name")
@click.option("--role", type=ROLES, required=True, help="What the user is: on all sites, or on those that are named.")
@place_options
@click.option("--department", "departments", multiple=True, metavar="NAME", help="Whose rows the role department sees.")
@click.option("--full-name", default="", help="How people call them.")
@password_options
@BY
@config_options
def add_user(
    name: str,
    role: str,
    sites: tuple[str, ...],
    groups: tuple[str, ...],
    departments: tuple[str, ...],
    full_name: str,
    generate: bool,  # noqa: FBT001 - a flag of the command line
    from_stdin: bool,  # noqa: FBT001
    by: str,
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Make the user NAME. The password is asked for, read from standard input or made; it is no argument."""
    from monitor.commands.work.user import Grant, PasswordSource
    from monitor.commands.work.user import add_user as add

    grant = Grant(role, sites, groups, departments)
    add(settings_from(config, overrides), name, full_name, grant, PasswordSource(generate, from_stdin), by)


@user.command("passwd", short_help="Give a user another password.")
@click.argument("name")
@password_options
@BY
@config_options
def change_password(
    name: str,
    generate: bool,  # noqa: FBT001 - a flag of the command line
    from_stdin: bool,  # noqa: FBT001
    by: str,
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Give the user NAME another password; their sessions end, tokens stay."""
    from monitor.commands.work.user import PasswordSource
    from monitor.commands.work.user import change_password as change

    change(settings_from(config, overrides), name, PasswordSource(generate, from_stdin), by)


@user.command("list", short_help="List users and what they may do.")
@FORMAT
@config_options
def list_users(form: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """List users: rights, departments, last login, whether a code is asked for."""
    from monitor.commands.work.user import list_users as show

    show(settings_from(config, overrides), form)


@user.command("disable", short_help="Let a user in no more.")
@click.argument("name")
@BY
@config_options
def disable_user(name: str, by: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Let the user NAME in no more: sessions and tokens end at once. Nobody is deleted: the history names them."""
    from monitor.commands.work.user import disable_user as disable

    disable(settings_from(config, overrides), name, by)


@user.command("enable", short_help="Let a user in again.")
@click.argument("name")
@BY
@config_options
def enable_user(name: str, by: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Let the user NAME in again; tokens that were revoked stay so."""
    from monitor.commands.work.user import enable_user as enable

    enable(settings_from(config, overrides), name, by)


@user.command("role", short_help="Give a user another role.")
@click.argument("name")
@click.argument("role", type=ROLES)
@click.option("--department", "departments", multiple=True, metavar="NAME", help="In the place of the departments.")
@BY
@config_options
def change_role(
    name: str, role: str, departments: tuple[str, ...], by: str, config: Path | None, overrides: tuple[str, ...]
) -> None:
    """Make ROLE what the user NAME is wherever they have a right; admin: on all sites."""
    from monitor.commands.work.user import change_role as change

    change(settings_from(config, overrides), name, role, departments, by)


@user.command("rights", short_help="Show, add and take rights of a user.")
@click.argument("name")
@click.option("--role", type=ROLES, help="Give this role …")
@click.option("--remove", is_flag=True, help="Take the rights …")
@click.option("--all", "everywhere", is_flag=True, help="… on all sites.")
@place_options
@click.option(
    "--department", "departments", multiple=True, metavar="NAME", help="Add a department; with --remove: take."
)
@BY
@config_options
def change_rights(
    name: str,
    role: str | None,
    remove: bool,  # noqa: FBT001 - a flag of the command line
    everywhere: bool,  # noqa: FBT001
    sites: tuple[str, ...],
    groups: tuple[str, ...],
    departments: tuple[str, ...],
    by: str,
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Show the rights of the user NAME, or change them: --role editor --site ID, --remove --group NAME."""
    from monitor.commands.work.user import Grant
    from monitor.commands.work.user import change_rights as change

    grant = Grant(role or "", sites, groups, departments, everywhere=everywhere)
    change(settings_from(config, overrides), name, grant, by, remove=remove)


@user.command("forget-totp", short_help="Ask a user for codes no more.")
@click.argument("name")
@BY
@config_options
def forget_totp(name: str, by: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Ask the user NAME for codes no more, who has lost both the authenticator app and the recovery codes."""
    from monitor.commands.work.user import forget_totp as forget

    forget(settings_from(config, overrides), name, by)


@user.group(short_help="Give programs tokens for the API.")
def token() -> None:
    """Give programs tokens for the API, list them, and revoke them."""


@token.command("add", short_help="Make a token and print it, once.")
@click.argument("name")
@click.option("--label", required=True, help="What it is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(["read", "ledger", "runs", "account", "admin"]),
    help="What it may be used for; may be given more than once.",
)
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True, help="Days for which it holds.")
@BY
@config_options
def add_token(
    name: str, label: str, scopes: tuple[str, ...], days: int, by: str, config: Path | None, overrides: tuple[str, ...]
) -> None:
    """Make a token with which a program acts in the place of the user NAME, within what NAME may do."""
    from monitor.commands.work.user import add_token as add

    add(settings_from(config, overrides), name, label, scopes, days, by)


@token.command("list", short_help="List the tokens of a user, or of all.")
@click.argument("name", required=False)
@FORMAT
@config_options
def list_tokens(name: str | None, form: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """List tokens: number, scopes, expiry, last use. What they are is shown nowhere."""
    from monitor.commands.work.user import list_tokens as show

    show(settings_from(config, overrides), name, form)


@token.command("revoke", short_help="Revoke a token.")
@click.argument("number", type=click.IntRange(min=1))
@BY
@config_options
def revoke_token(number: int, by: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Revoke token NUMBER: it opens nothing from now on."""
    from monitor.commands.work.user import revoke_token as revoke

    revoke(settings_from(config, overrides), number, by)
