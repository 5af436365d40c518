"""Users on the command line: what an administrator types, what it answers, and that it betrays no secret."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from click.testing import CliRunner

from monitor.accounts.accounts import Accounts, NewSession, Origin
from monitor.accounts.administration import UserAdministration
from monitor.accounts.own_account import LoginRefusedError
from monitor.cli import main
from monitor.commands.user import user as command
from monitor.settings.config_file import load
from monitor.store import Store

PASSWORD = "a-rather-long-one"
HERE = Origin("10.1.1.1")


@pytest.fixture(autouse=True)
def _reads_english(monkeypatch):
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", "en")


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "c.yaml"
    document = {
        "report": {"language": "en"},
        "store": {"url": f"sqlite:///{tmp_path / 'store.db'}"},
        "sites": [{"url": f"http://{name}.example.cn/", "id": name} for name in ("a", "b")],
        "console": {"groups": {"市直": ["a", "b"]}},
    }
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return path


@pytest.fixture
def sitehealth(config):
    def run(*arguments, code=0, typed=None):
        done = CliRunner().invoke(main, [*arguments, "--config", str(config)], input=typed)
        assert done.exit_code == code, done.output
        assert PASSWORD not in done.output
        return done.output

    return run


@pytest.fixture
def accounts(config):
    settings = load(config)
    with Store(settings.store.url.get_secret_value()) as store:
        yield Accounts(store, settings)


def known(sitehealth, name):
    users = map(json.loads, sitehealth("user", "list", "--format", "json").splitlines())
    return next(user for user in users if user["name"] == name)


def test_no_command_takes_a_password_or_token_as_an_argument():
    """Arguments stand in the shell's history, and everybody on the machine can read them."""
    commands = [command, *command.commands.values(), *command.commands["token"].commands.values()]
    names = {parameter.name for each in commands for parameter in each.params}
    assert not {name for name in names if re.search("password|secret|token$", name)}


def test_a_password_from_standard_input_lets_in(sitehealth, accounts):
    sitehealth(
        "user", "add", "Zhang", "--role", "editor", "--full-name", "张三", "--stdin", typed=f"{PASSWORD}\nmore\n"
    )
    assert isinstance(accounts.log_in("zhang", PASSWORD, HERE), NewSession)
    user = known(sitehealth, "zhang")
    assert (user["full_name"], user["password"], user["totp"], user["disabled"]) == ("张三", True, False, None)
    assert user["last_login"]


def test_a_generated_password_is_shown_once_and_lets_in(sitehealth, accounts):
    shown = re.search(
        r"shown this once\): (\S+)", sitehealth("user", "add", "zhang", "--role", "viewer", "--generate")
    )[1]
    assert accounts.log_in("zhang", shown, HERE)
    again = re.search(r"once\): (\S+)", sitehealth("user", "passwd", "zhang", "--generate"))[1]
    with pytest.raises(LoginRefusedError):
        accounts.log_in("zhang", shown, HERE)
    assert accounts.log_in("zhang", again, HERE)
    everything = (
        sitehealth("user", "list") + sitehealth("user", "list", "--format", "json") + sitehealth("audit", "list")
    )
    assert shown not in everything
    assert again not in everything


def test_who_sits_at_a_terminal_is_asked_twice(sitehealth, accounts, monkeypatch):
    monkeypatch.setattr("monitor.commands.work.user.is_at_terminal", lambda: True)
    add = ("user", "add", "zhang", "--role", "viewer")
    assert "are not the same" in sitehealth(*add, code=2, typed=f"{PASSWORD}\nanother-long-one\n")
    refused = sitehealth(*add, code=2, typed="short\n")
    assert "12 characters at least" in refused
    assert "Again" not in refused
    sitehealth(*add, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert accounts.log_in("zhang", PASSWORD, HERE)


@pytest.mark.parametrize(
    ("arguments", "typed", "reason"),
    [
        (["add", "zhang", "--role", "viewer"], None, "there is no terminal to ask"),
        (["add", "zhang", "--role", "viewer", "--stdin", "--generate"], None, "give one of --generate and --stdin"),
        (["add", "zhang", "--role", "owner", "--generate"], None, "Invalid value for '--role'"),
        (["add", "zhang", "--generate"], None, "Missing option '--role'"),
        (["add", "zhang san", "--role", "viewer", "--generate"], None, "a user name is"),
        (["add", "zhang", "--role", "viewer", "--stdin"], "", "12 characters at least"),
        (["add", "zhang", "--role", "viewer", "--stdin"], "x" * 5000, "128 bytes"),
        (["add", "zhang", "--role", "viewer", "--site", "c", "--generate"], None, "no such site or group"),
        (["add", "zhang", "--role", "viewer", "--group", "省直", "--generate"], None, "no such site or group"),
        (["add", "zhang", "--role", "admin", "--site", "a", "--generate"], None, "an administrator is one of all"),
        (["add", "zhang", "--role", "department", "--generate"], None, "needs a department"),
        (["add", "root", "--role", "viewer", "--generate"], None, "there is a user of this name"),
        (["passwd", "nobody", "--generate"], None, "there is no user nobody"),
        (["disable", "nobody"], None, "there is no user nobody"),
        (["enable", "nobody\x1b[31m"], None, "there is no user nobody"),
        (["role", "nobody", "viewer"], None, "there is no user nobody"),
        (["rights", "nobody"], None, "there is no user nobody"),
        (["rights", "root", "--role", "viewer"], None, "say where"),
        (["rights", "root", "--site", "a"], None, "give one of --role and --remove"),
        (["rights", "root", "--site", "a", "--role", "viewer", "--remove"], None, "give one of --role and --remove"),
        (["rights", "root", "--all", "--remove"], None, "keeps one role"),
        (["disable", "root"], None, "one administrator has to be left"),
        (["role", "root", "editor"], None, "one administrator has to be left"),
        (["token", "add", "nobody", "--label", "x", "--scope", "read"], None, "there is no user nobody"),
        (["token", "add", "root", "--label", " ", "--scope", "read"], None, "what the token is for"),
        (["token", "add", "root", "--label", "x", "--scope", "write"], None, "Invalid value for '--scope'"),
        (
            ["token", "add", "root", "--label", "x", "--scope", "read", "--days", "999"],
            None,
            "Invalid value for '--days'",
        ),
        (["token", "revoke", "7"], None, "no token 7 is valid"),
        (["token", "list", "nobody"], None, "there is no user nobody"),
    ],
)
def test_what_is_refused_is_named_and_changes_nothing(sitehealth, arguments, typed, reason):
    sitehealth("user", "add", "root", "--role", "admin", "--generate")
    before = sitehealth("user", "list", "--format", "json"), sitehealth("audit", "list", "--format", "json")
    output = sitehealth("user", *arguments, code=2, typed=typed)
    assert reason in output
    assert "\x1b" not in output
    assert (sitehealth("user", "list", "--format", "json"), sitehealth("audit", "list", "--format", "json")) == before


def test_rights_are_shown_added_and_taken(sitehealth):
    sitehealth("user", "add", "li", "--role", "department", "--department", "信息中心", "--site", "a", "--generate")
    assert sitehealth("user", "rights", "li") == "department on site a; [信息中心]\n"
    sitehealth("user", "rights", "li", "--role", "viewer", "--group", "市直", "--department", "办公室")
    assert sitehealth("user", "rights", "li") == "department on site a; viewer on group 市直; [信息中心, 办公室]\n"
    sitehealth("user", "rights", "li", "--remove", "--department", "信息中心")
    sitehealth("user", "rights", "li", "--remove", "--site", "a")
    assert sitehealth("user", "rights", "li") == "viewer on group 市直; [办公室]\n"
    sitehealth("user", "role", "li", "editor")
    assert sitehealth("user", "rights", "li") == "editor on group 市直; [办公室]\n"
    sitehealth("user", "role", "li", "admin")
    assert sitehealth("user", "rights", "li") == "admin; [办公室]\n"


def test_disabling_says_what_it_ended_and_ends_it(sitehealth, accounts):
    sitehealth("user", "add", "zhang", "--role", "viewer", "--stdin", typed=PASSWORD)
    begun = accounts.log_in("zhang", PASSWORD, HERE)
    assert "1 sessions ended, tokens revoked" in sitehealth("user", "disable", "ZHANG")
    assert accounts.session(begun.token) is None
    assert known(sitehealth, "zhang")["disabled"]
    assert "disabled" in sitehealth("user", "list")
    sitehealth("user", "enable", "zhang")
    assert accounts.log_in("zhang", PASSWORD, HERE)


def test_a_token_is_printed_once_and_listed_without_itself(sitehealth, config):
    sitehealth("user", "add", "zhang", "--role", "editor", "--generate")
    done = CliRunner().invoke(
        main,
        [
            "user",
            "token",
            "add",
            "zhang",
            "--label",
            "导出",
            "--scope",
            "read",
            "--scope",
            "runs",
            "--config",
            str(config),
        ],
    )
    secret = done.stdout.strip()
    assert re.fullmatch(r"sh_[A-Za-z0-9_-]{43}", secret)  # standard output holds nothing else: it can be piped
    assert "shown this once" in done.stderr
    settings = load(config)
    with Store(settings.store.url.get_secret_value()) as store:
        assert UserAdministration(store, settings).user_of_token(secret, "10.9.9.9").name == "zhang"
    for arguments in (("token", "list"), ("token", "list", "zhang", "--format", "json")):
        listed = sitehealth("user", *arguments)
        assert "导出" in listed
        assert "10.9.9.9" in listed
        assert secret not in listed
    assert secret not in sitehealth("audit", "list")
    item = json.loads(sitehealth("user", "token", "list", "--format", "json"))
    assert (item["scopes"], item["valid"]) == (["read", "runs"], True)
    sitehealth("user", "token", "revoke", str(item["number"]))
    assert json.loads(sitehealth("user", "token", "list", "--format", "json"))["valid"] is False


def test_looking_makes_no_store(sitehealth, tmp_path):
    assert "there are no users" in sitehealth("user", "list")
    sitehealth("user", "rights", "nobody", code=2)
    assert not (tmp_path / "store.db").exists()
