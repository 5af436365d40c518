"""The dashboards are what their source says, and their queries are PromQL about metrics that there are."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import yaml

from tests.deploy.conftest import DEPLOY, ROOT

LANGUAGES = ("zh-CN", "en")
BOARDS = ("grafana/sitehealth", "fleet/grafana/sitehealth-fleet")

boards = pytest.mark.parametrize("board", BOARDS)


def document(language: str, board: str = BOARDS[0]) -> dict:
    return json.loads((DEPLOY / f"{board}.{language}.json").read_text("utf-8"))


def queries(language: str, board: str = BOARDS[0]) -> list[str]:
    return [target["expr"] for panel in document(language, board)["panels"] for target in panel["targets"]]


def test_the_files_are_current(tmp_path):
    subprocess.run([sys.executable, ROOT / "tools" / "dashboard.py", tmp_path], check=True)
    for name in (f"{board}.{language}.json" for board in BOARDS for language in LANGUAGES):
        assert (tmp_path / name).read_text("utf-8") == (DEPLOY / name).read_text("utf-8"), "run tools/dashboard.py"


@boards
def test_the_languages_differ_in_words_only(board):
    assert queries("zh-CN", board) == queries("en", board)
    titles = [[panel["title"] for panel in document(language, board)["panels"]] for language in LANGUAGES]
    assert all(re.search("[一-鿿]", title) for title in titles[0])
    assert all(title.isascii() for title in titles[1])


@boards
def test_panels_do_not_overlap(board):
    taken: set[tuple[int, int]] = set()
    for panel in document("en", board)["panels"]:
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
        for number, expr in enumerate(query for board in BOARDS for query in queries("en", board))
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


def test_workers_and_queue_are_shown_by_metrics_that_there_are():
    """Depth, age of the oldest and retries by queue, and the workers: what the scheduler and its workers export."""
    asked = {name for expr in queries("en", BOARDS[1]) for name in re.findall(r"\b(?:sitehealth|process)_\w+", expr)}
    known = set(re.findall(r'"(sitehealth_\w+)"', (ROOT / "monitor/service/fleet/queue_metrics.py").read_text("utf-8")))
    assert known - asked == set()
    assert asked - known == {
        "sitehealth_store_available",
        "sitehealth_http_request_duration_seconds_count",
        "process_cpu_seconds_total",
    }
