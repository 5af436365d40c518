"""Secrets of a configuration: no way of printing settings shows one, and an error about them quotes none."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from monitor.cli import main
from monitor.settings.config_file import ConfigError, load
from monitor.settings.site import Settings

WORD = "geheim-4711"
STEPS = {
    "a field of a form": {"url": "/login", "form": {"user": "u", "password": WORD}},
    "a header": {"url": "/login", "headers": {"Authorization": f"Bearer {WORD}"}},
    "a value of JSON": {"url": "/login", "json": {"login": {"keys": [WORD]}}},
    "JSON that is one text": {"url": "/login", "json": WORD},
    "the password of an address": {"url": f"http://u:{WORD}@a.example.cn/"},
    "the token of an address": {"url": f"/login?access_token={WORD}"},
}
STORE = f"postgresql+psycopg://sitehealth:{WORD}@db.example.cn/sitehealth"


def document(step: dict[str, object]) -> dict[str, object]:
    probes = [{"name": "登录", "steps": [copy.deepcopy(step)]}]
    return {"store": {"url": STORE}, "sites": [{"url": "http://a.example.cn/", "probes": probes}]}


@pytest.mark.parametrize("name", STEPS)
def test_settings_print_without_their_secrets(name):
    settings = Settings.model_validate(document(STEPS[name]))
    printed = [repr(settings), str(settings), settings.model_dump_json(), json.dumps(settings.model_dump(mode="json"))]
    printed += [repr(settings.model_dump()), f"{settings.sites[0].probes[0].steps[0]}", f"{settings.store.url}"]
    assert [text for text in printed if WORD in text] == []
    assert str(settings.store.url) == STORE.replace(WORD, "***")
    assert settings.store.url.get_secret_value() == STORE


@pytest.mark.parametrize("name", STEPS)
def test_a_printed_configuration_holds_none(tmp_path, name):
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump(document(STEPS[name])), "utf-8")
    done = CliRunner().invoke(main, ["config", "show", "--config", str(config)])
    assert done.exit_code == 0, done.output
    assert WORD not in done.output
    assert "***" in done.output


@pytest.mark.parametrize(
    ("step", "key"),
    [
        ({"url": "/", "form": {"user": "u", "password": [WORD]}}, "form.password"),
        ({"url": "/", "form": {"password": WORD}, "json": {"key": WORD}}, "steps.0"),
        ({"url": "/", "form": WORD}, "form"),
        ({"url": "/", "headers": {"Authorization": {"Bearer": WORD}}}, "headers.Authorization"),
        ({"url": [f"http://u:{WORD}@a.example.cn/"]}, "url"),
        ({"url": "/", "expect": WORD, "headers": {"X": WORD}}, "expect"),
    ],
)
def test_a_refused_setting_is_named_and_not_quoted(tmp_path: Path, step, key):
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump(document(step)), "utf-8")
    with pytest.raises(ConfigError) as raised:
        load(config)
    assert key in str(raised.value)
    if key != "expect":  # it is no place for a secret, so what stands there is quoted
        assert WORD not in str(raised.value)


@pytest.mark.parametrize(
    "site",
    [
        {"url": f"http://u:{WORD}@a.example.cn/"},
        {"url": f"http://{WORD}@a.example.cn/"},
        {"url": f"http://a.example.cn/?token={WORD}"},
        {"url": "http://a.example.cn/", "columns": [{"url": f"http://u:{WORD}@a.example.cn/tzgg/"}]},
    ],
)
def test_an_address_that_everybody_sees_may_hold_none(tmp_path, site):
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump({"sites": [site]}), "utf-8")
    with pytest.raises(ConfigError, match="must hold no user, password or token") as raised:
        load(config)
    assert f":{WORD}@" not in str(raised.value)
    assert f"token={WORD}" not in str(raised.value)
