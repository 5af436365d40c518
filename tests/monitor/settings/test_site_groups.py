"""Groups nest, the narrower one counts, and of every setting of a site it is known where it comes from."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.settings.config_file import ConfigError, load

TEXT = """\
report: {office: 总办, formats: [html, json], groups: [{sites: [b.cn], contact: 电话}]}
schedule: {weekly: {time: "04:00"}}
groups:
  广东省: {exclude: [/old/], schedule: {weekly: {weekday: tuesday}}, report: {language: en}}
  广东省/深圳市:
    schedule: {weekly: {time: "05:00"}}
    report: {office: 深圳市政府办公室}
  广东省/深训市: {}
sites:
- {url: http://a.cn, group: 广东省}
- {url: http://b.cn, group: 广东省/深圳市/民政局, schedule: {weekly: {run: false}}, exclude: []}
- {url: http://c.cn}
console: {groups: {市直: [c.cn]}}
"""


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "c.yaml"
    made.write_text(TEXT, "utf-8")
    return made


def test_a_setting_of_a_narrower_group_counts_more(path):
    settings = load(path)
    a, b, c = settings.sites
    assert (a.exclude, b.exclude, c.exclude) == (("/old/",), (), ())
    weekly = [settings.schedule.of(site.schedule).weekly for site in (a, b, c)]
    assert [(each.weekday, each.time, each.run) for each in weekly] == [
        ("tuesday", "04:00", True),
        ("tuesday", "05:00", False),
        ("monday", "04:00", True),
    ]
    assert ("b.cn", "homepage") not in settings.calendars()
    ways = [settings.report_of(site) for site in ("a.cn", "b.cn", "c.cn")]
    assert [(way.office, way.language, way.contact) for way in ways] == [
        ("总办", "en", ""),
        ("深圳市政府办公室", "en", "电话"),
        ("总办", "zh-CN", ""),
    ]


def test_a_group_has_the_sites_of_those_below_it(path):
    settings = load(path)
    assert settings.members == {
        "市直": ("c.cn",),
        "广东省": ("a.cn", "b.cn"),
        "广东省/深圳市": ("b.cn",),
        "广东省/深圳市/民政局": ("b.cn",),
    }
    assert settings.unmet_groups == ("广东省/深训市",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("groups: {广东省: {schedul: {}}}", "c.yaml:1: groups.广东省.schedul: no such setting; did you mean schedule?"),
        ("groups: {广东省/: {}}", "must be names of up to 64 characters with a / between them"),
        ("sites: [{url: http://a.cn, group: a/b/c/d/e/f/g/h/i}]", "groups nest 8 levels deep at most"),
        (
            "sites: [{url: http://a.cn, group: 省/市}]\nconsole: {groups: {省: [a.cn]}}",
            "console.groups: 省: there is a group of that name already",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(path, text, told):
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert told in str(caught.value)


def test_messages_and_logins_know_nested_groups(path):
    target = (
        "notify: {targets: [{name: 值班, url: 'http://x.cn/', kind: webhook, events: [recovered], groups: [广东省]}]}"
    )
    path.write_text(TEXT + target, "utf-8")
    assert load(path).notify.targets[0].sites == ("a.cn", "b.cn")


def command(*arguments: str) -> tuple[str, str]:
    done = CliRunner().invoke(main, ["config", *arguments])
    return done.stdout, done.stderr


def test_of_every_setting_of_a_site_it_is_shown_where_it_comes_from(path):
    (path.parent / "list.csv").write_text("url,name,city\nhttp://d.cn,丁局,佛山\n", "utf-8")
    path.write_text(TEXT + "sites_from: [{csv: list.csv}]\n", "utf-8")
    shown = {}
    for site in ("b.cn", "d.cn"):
        lines, _ = command("show", site, "--config", str(path), "--set", "report.columns=[owner]")
        shown[site] = dict(line.replace(f"{path.parent}/", "").split(":", 1) for line in lines.splitlines())
    found = {key: [part.strip() for part in value.split("#")] for key, value in shown["b.cn"].items()}
    assert found["url"] == ["'http://b.cn'", "c.yaml:11"]
    assert found["exclude"] == ["[]", "c.yaml:11"]
    assert found["schedule.weekly.weekday"] == ["tuesday", "广东省: c.yaml:4"]
    assert found["schedule.weekly.time"] == ["'05:00'", "广东省/深圳市: c.yaml:6"]
    assert found["schedule.weekly.run"] == ["false", "c.yaml:11"]
    assert found["schedule.quarterly.week"] == ["first", "默认值"]
    assert found["report.office"] == ["深圳市政府办公室", "广东省/深圳市: c.yaml:7"]
    assert found["report.contact"] == ["电话", "c.yaml:1"]
    assert found["report.formats"] == ["[html, json]", "c.yaml:1"]
    assert found["report.columns"] == ["[owner]", "--set report.columns=[owner]"]
    assert shown["d.cn"]["name"].split() == ["丁局", "#", "list.csv:2"]
    assert shown["d.cn"]["group"].split() == ["佛山", "#", "list.csv:2"]


def test_a_site_that_is_not_there_and_a_group_without_sites_are_said(path):
    assert "配置里没有网站“b.com”；是不是 b.cn？" in command("show", "b.com", "--config", str(path))[1]
    assert "注意：groups.广东省/深训市：其中没有网站" in command("check", "--config", str(path))[1]
