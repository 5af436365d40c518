"""Settings that others hold are validated by themselves, and what a schema says of them stands once."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from pydantic import ValidationError

from monitor.commands.work.config import print_schema
from monitor.settings.site import Settings, SiteSettings

GIVEN_ONE = """
from monitor.settings.site import Settings
from monitor.settings.strict import Strict

def kinds(of):
    return [each for kind in of.__subclasses__() for each in (kind, *kinds(kind))]

Settings.model_validate({"crawl": {"delay": 1}})
print(*sorted(kind.__name__ for kind in kinds(Strict) if kind.__pydantic_complete__))
"""


def test_only_what_is_given_has_a_validator_built():
    done = subprocess.run([sys.executable, "-c", GIVEN_ONE], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["CrawlSettings", "Settings"]


def test_faults_of_settings_within_settings_say_where_they_are():
    given = {
        "crawl": {"delay": -1, "speed": 2},
        "sites": [{"url": "http://a.example/", "columns": [{"url": "/list", "limit_days": 0}]}],
        "console": {"oidc": {"roles": [{}]}},
        "report": [],
    }
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate(given)
    places = {".".join(map(str, error["loc"])): error["type"] for error in caught.value.errors()}
    assert places["crawl.delay"] == "greater_than_equal"
    assert places["crawl.speed"] == "extra_forbidden"
    assert places["sites.0.columns.0.limit_days"] == "greater_than_equal"
    assert places["console.oidc.roles.0.value"] == "missing"
    assert places["report"] == "model_type"


def test_defaults_equal_what_a_validator_makes_of_nothing():
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type):
            assert getattr(Settings(), name) == field.annotation()
    assert SiteSettings(url="http://a.example/").report == SiteSettings.model_fields["report"].annotation()


def test_settings_that_others_hold_are_written_as_json_has_them():
    written = Settings.model_validate({"sites": [{"url": "http://a.example/", "render": "never"}]}).to_json()
    assert written["sites"][0]["render"] == "never"
    assert written["sites"][0]["columns"] == []
    assert written == json.loads(json.dumps(written))


def test_the_schema_describes_settings_that_others_hold_once(capsys):
    print_schema()
    schema = json.loads(capsys.readouterr().out)
    assert schema["properties"]["sites"]["items"] == {"$ref": "#/$defs/SiteSettings"}
    weekly = schema["$defs"]["ScheduleSettings"]["properties"]["weekly"]
    assert weekly["$ref"] == "#/$defs/WeeklySettings"
    assert "title" not in weekly
