"""Who is written to: every fault of ``notify`` is told with what was meant, and no address or token is ever shown."""

from __future__ import annotations

import pytest
import yaml
from click.testing import CliRunner

from monitor.cli import main
from monitor.settings.config_file import ConfigError, load
from monitor.settings.delivery import Channel
from monitor.settings.message_schemes import APPRISE_SCHEMES, OWN_SCHEMES

TOKEN = "geheim-4711"
MAIL = f"mailtos://u:{TOKEN}@smtp.example.cn/?to=a@example.cn"
SITES = [{"url": "http://a.cn/", "id": "office"}]


GROUPS = {"市直": ["office", "bureau"], "区县": ["county"], "空": []}


def with_groups(**target):
    sites = [{"url": f"http://{name}.cn/", "id": name} for name in ("office", "bureau", "county", "school")]
    target = {"name": "x", "url": MAIL, "events": ["overdue"]} | target
    document = {"sites": sites, "console": {"groups": GROUPS}, "notify": {"targets": [target]}}
    return yaml.safe_dump(document, allow_unicode=True)


@pytest.mark.parametrize(
    ("target", "sites"),
    [
        ({"groups": ["市直"]}, ("office", "bureau")),
        ({"groups": ["区县", "市直"]}, ("county", "office", "bureau")),
        ({"groups": ["市直"], "sites": ["school", "office"]}, ("school", "office", "bureau")),
        ({"groups": ["空"], "sites": ["school"]}, ("school",)),
        ({}, ()),
    ],
)
def test_the_sites_of_groups_are_a_targets_own(tmp_path, target, sites):
    path = tmp_path / "c.yaml"
    path.write_text(with_groups(**target), "utf-8")
    read = load(path).notify.targets[0]
    assert read.sites == sites
    assert [name for name in ("office", "bureau", "county", "school") if read.covers(name)] == [
        name for name in ("office", "bureau", "county", "school") if name in sites or not sites
    ]
    shown = CliRunner().invoke(main, ["config", "show", "--config", str(path)]).stdout
    assert yaml.safe_load(shown)["notify"]["targets"][0]["sites"] == list(sites)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (["市值"], "target 'x': no such group: '市值'; did you mean 市直?"),
        (["空"], "target 'x': no site is in 空"),
    ],
)
def test_a_group_that_nobody_knows_or_is_in_is_a_fault(tmp_path, groups, message):
    assert message in fault(tmp_path, with_groups(groups=groups))


def test_without_groups_a_target_can_name_none(tmp_path):
    assert "no such group: '市直'; there are none" in fault(tmp_path, written(groups=["市直"]))


def settings_of(tmp_path, **target):
    path = tmp_path / "c.yaml"
    path.write_text(written(**target), "utf-8")
    return load(path).notify.targets[0]


def written(**target):
    target = {"name": "x", "url": MAIL, "events": ["overdue"]} | target
    return yaml.safe_dump({"sites": SITES, "notify": {"targets": [target]}}, allow_unicode=True)


def fault(tmp_path, text):
    path = tmp_path / "c.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"events": []}, "notify.targets.0.events: Tuple should have at least 1 item"),
        ({"events": ["overdu"]}, "no such event: 'overdu'; did you mean overdue?"),
        ({"sites": ["ofice"]}, "target 'x': no such site: 'ofice'; did you mean office?"),
        ({"url": f"dingtlk://{TOKEN}"}, "url: no such scheme: dingtlk://; did you mean dingtalk://?"),
        ({"url": f"qqqqqqq://{TOKEN}"}, "url: no such scheme: qqqqqqq://; docs/operations.md lists the usual ones"),
        ({"url": TOKEN}, "url: must be an address with a scheme"),
        ({"url": f"https://a.cn/{TOKEN}"}, "say what listens there by `kind`, or write jsons://"),
        ({"url": f"dingtalk://{TOKEN}", "kind": "dingtalk"}, "kind dingtalk goes with an http(s) address"),
        ({"url": [TOKEN]}, "notify.targets.0.url: "),
        ({"secret": {"a": TOKEN}}, "notify.targets.0.secret: "),
        ({"departement": ["办公室"]}, "no such setting; did you mean departments?"),
        ({"name": "a\nb"}, "must be printable, on one line"),
        ({"attach": ["xslx"]}, "unknown format 'xslx'; did you mean xlsx?"),
        ({"severity": "severe"}, "Input should be 'critical', 'major' or 'minor'"),
    ],
)
def test_a_fault_is_told_and_quotes_no_address(tmp_path, target, message):
    told = fault(tmp_path, written(**target))
    assert message in told
    assert TOKEN not in told


def test_two_targets_need_two_names(tmp_path):
    document = yaml.safe_load(written())
    document["notify"]["targets"] *= 2
    assert "two targets are called 'x'" in fault(tmp_path, yaml.safe_dump(document))


@pytest.mark.parametrize(
    ("target", "channel"),
    [
        ({"url": MAIL}, Channel.MAIL),
        ({"url": f"dingtalk://{TOKEN}"}, Channel.DINGTALK),
        ({"url": f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}"}, Channel.DINGTALK),
        ({"url": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}"}, Channel.WECOM),
        ({"url": f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}"}, Channel.FEISHU),
        ({"url": f"http://gateway.example.cn/{TOKEN}", "kind": "feishu"}, Channel.FEISHU),
        ({"url": f"https://hooks.slack.com/services/T1/B1/{TOKEN}"}, Channel.APPRISE),
        ({"url": f"jsons://a.cn/{TOKEN}"}, Channel.APPRISE),
    ],
)
def test_an_address_says_which_channel_a_message_goes(tmp_path, target, channel):
    assert settings_of(tmp_path, **target).channel() is channel


def test_a_secret_comes_from_the_environment_or_a_file_each_time_that_it_is_used(tmp_path, monkeypatch):
    kept = tmp_path / "token"
    kept.write_text(f"{TOKEN}\n", "utf-8")
    path = tmp_path / "c.yaml"
    lines = ["sites:", "- {url: 'http://a.cn/'}", "notify:", "  targets:", "  - name: x", "    url: ${CHAT}"]
    path.write_text("\n".join([*lines, f"    secret: !file {kept}", "    events: [overdue]"]), "utf-8")
    target = load(path).notify.targets[0]
    with pytest.raises(ValueError, match="the environment has no variable CHAT"):
        target.channel()
    monkeypatch.setenv("CHAT", f"dingtalk://{TOKEN}")
    assert target.channel() is Channel.DINGTALK
    assert target.secret.get_secret_value() == TOKEN
    kept.write_text("another", "utf-8")
    assert target.secret.get_secret_value() == "another"
    kept.unlink()
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        target.secret.get_secret_value()
    monkeypatch.setenv("CHAT", f"dingtlk://{TOKEN}")
    assert TOKEN not in fault(tmp_path, path.read_text("utf-8"))


def test_other_secrets_come_from_there_too(tmp_path, monkeypatch):
    monkeypatch.setenv("WORD", TOKEN)
    step = {"url": "/login", "form": {"password": "${WORD}"}, "headers": {"X": "$${WORD}"}}
    step_of_json = {"url": "/login", "json": {"keys": ["${WORD}"]}}
    site = {"url": "http://a.cn/", "probes": [{"name": "登录", "steps": [step, step_of_json]}]}
    path = tmp_path / "c.yaml"
    path.write_text(yaml.safe_dump({"sites": [site], "store": {"url": "sqlite:///${WORD}.db"}}), "utf-8")
    settings = load(path)
    first, second = settings.sites[0].probes[0].steps
    assert first.form["password"].get_secret_value() == TOKEN
    assert first.headers["X"].get_secret_value() == "${WORD}"
    assert second.json_body.get_secret_value() == {"keys": [TOKEN]}
    assert settings.store.url.get_secret_value() == f"sqlite:///{TOKEN}.db"
    monkeypatch.delenv("WORD")
    assert "the environment has no variable WORD" in fault(tmp_path, path.read_text("utf-8"))


@pytest.mark.parametrize(("url", "shown"), [(MAIL, "***"), ("${CHAT}", "${CHAT}"), ("!file /run/x", "${file:/run/x}")])
def test_what_is_shown_of_an_address_is_where_it_comes_from(tmp_path, url, shown):
    path = tmp_path / "c.yaml"
    path.write_text(written(url="HERE").replace("HERE", url), "utf-8")
    done = CliRunner().invoke(main, ["config", "show", "--config", str(path)])
    assert done.exit_code == 0, done.output
    assert f"url: {shown}" in done.output.replace("'", "")
    assert TOKEN not in done.output


@pytest.mark.parametrize(
    ("url", "why"),
    [("${NOWHERE}", "环境变量 NOWHERE 没有设置"), ("!file /run/nowhere", "/run/nowhere：读不了：文件不存在")],
)
def test_a_check_of_the_configuration_warns_of_secrets_that_are_not_there(tmp_path, url, why):
    """It is no fault of the file: the service may have them."""
    path = tmp_path / "c.yaml"
    path.write_text(written(url="HERE").replace("HERE", url), "utf-8")
    done = CliRunner().invoke(main, ["config", "check", "--config", str(path)])
    assert (done.exit_code, done.stdout[:3]) == (0, "正确：")
    assert f"注意：notify.targets, x, url: {why}" in done.stderr


def test_the_schemes_are_those_that_apprise_knows():
    manager = pytest.importorskip("apprise.manager_plugins", reason="NO APPRISE: pip install 'sitehealth[notify]'")
    known = set(manager.NotificationManager().schemas())
    assert known - APPRISE_SCHEMES == OWN_SCHEMES.keys()
    assert known >= APPRISE_SCHEMES
