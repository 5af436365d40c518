"""The dashboard is what its source says, and its queries are PromQL about metrics that there are."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import yaml

from tests.deploy.conftest import DEPLOY, ROOT

LANGUAGES = ("zh-CN", "en")


def document(language: str) -> dict:
    return json.loads((DEPLOY / "grafana" / f"sitehealth.{language}.json").read_text("utf-8"))


def queries(language: str) -> list[str]:
    return [target["expr"] for panel in document(language)["panels"] for target in panel["targets"]]


def test_the_files_are_current(tmp_path):
    subprocess.run([sys.executable, ROOT / "tools" / "dashboard.py", tmp_path], check=True)
    for language in LANGUAGES:
        name = f"sitehealth.{language}.json"
        assert (tmp_path / name).read_text("utf-8") == (DEPLOY / "grafana" / name).read_text("utf-8"), (
            "run tools/dashboard.py"
        )


def test_the_languages_differ_in_words_only():
    assert queries("zh-CN") == queries("en")
    titles = [[panel["title"] for panel in document(language)["panels"]] for language in LANGUAGES]
    assert all(re.search("[一-鿿]", title) for title in titles[0])
    assert all(title.isascii() for title in titles[1])


def test_panels_do_not_overlap():
    taken: set[tuple[int, int]] = set()
    for panel in document("en")["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_every_query_is_promql(programs, tmp_path):
    """promtool reads a query only within a rule."""
    rules = [
        {"record": f"panel:{number}", "expr": expr.replace("$site", ".*").replace("$__rate_interval", "5m")}
        for number, expr in enumerate(queries("en"))
    ]
    path = tmp_path / "rules.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}), "utf-8")
    done = subprocess.run(["promtool", "check", "rules", path], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_source_and_site_can_be_chosen(language):
    variables = {each["name"]: each for each in document(language)["templating"]["list"]}
    assert variables["source"]["type"] == "datasource"
    assert variables["site"]["includeAll"]
    assert all("$site" in expr or "sitehealth_" in expr for expr in queries(language))
