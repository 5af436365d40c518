"""A real Prometheus and Alertmanager from Debian's packages, for tests of what an operator deploys."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.monitor.daemons import free_port

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PROGRAMS = {"prometheus": "prometheus", "promtool": "prometheus", "prometheus-alertmanager": "prometheus-alertmanager"}


@pytest.fixture(scope="session")
def programs() -> None:
    """Have the programs; a machine that cannot have them skips these tests, and says so."""
    missing = sorted({package for program, package in PROGRAMS.items() if shutil.which(program) is None})
    if missing:
        done = subprocess.run(
            [ROOT / "tools" / "install-debian.sh", *missing], check=False, capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"NOT TESTED: alerts, metrics and dashboard need {', '.join(missing)}: {done.stderr.strip()}")


@dataclass
class Watched:
    """A running Prometheus with its Alertmanager."""

    url: str
    alertmanager: str

    def query(self, expr: str) -> list[dict[str, Any]]:
        """Ask for the value of an expression now."""
        with urllib.request.urlopen(
            f"{self.url}/api/v1/query?{urllib.parse.urlencode({'query': expr})}", timeout=10
        ) as answer:
            return json.load(answer)["data"]["result"]

    def firing(self, name: str) -> list[dict[str, str]]:
        """The labels of an alert that fires."""
        return [found["metric"] for found in self.query(f'ALERTS{{alertname="{name}", alertstate="firing"}}')]


def wait_for(told, seconds: float = 200.0):
    """Wait until ``told()`` says something, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            said = told()
        except OSError:
            said = None
        if said:
            return said
        time.sleep(0.1)
    raise AssertionError(f"not in {seconds} s: {told}")


@pytest.fixture
def watch(programs, tmp_path):
    """Start Prometheus over the project's own files, hurried, with an Alertmanager that tells a webhook."""
    running: list[subprocess.Popen] = []

    def start(target: str, webhook: str = "http://127.0.0.1:9/") -> Watched:
        prometheus, alertmanager = free_port(), free_port()
        folder = tmp_path / "prometheus"
        shutil.copytree(DEPLOY / "prometheus", folder)
        config = yaml.safe_load((folder / "prometheus.yml").read_text("utf-8"))
        config["global"] = {"scrape_interval": "500ms", "scrape_timeout": "500ms", "evaluation_interval": "500ms"}
        config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [f"127.0.0.1:{alertmanager}"]
        config["scrape_configs"][0]["static_configs"][0]["targets"] = [target]
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config), "utf-8")
        routes = yaml.safe_load((DEPLOY / "alertmanager" / "alertmanager.yml").read_text("utf-8"))
        hurry(routes["route"])
        routes["receivers"][0]["webhook_configs"][0]["url"] = webhook
        (folder / "alertmanager.yml").write_text(yaml.safe_dump(routes), "utf-8")
        for command in (
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address=127.0.0.1:{prometheus}"],
            ["prometheus-alertmanager", f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}/am",
             f"--web.listen-address=127.0.0.1:{alertmanager}", "--cluster.listen-address="],
        ):  # fmt: skip
            log = (folder / f"{command[0]}.log").open("wb")
            running.append(subprocess.Popen(command, stdout=log, stderr=log, cwd=folder))
            log.close()
        watched = Watched(f"http://127.0.0.1:{prometheus}", f"http://127.0.0.1:{alertmanager}")
        for url in (watched.url, watched.alertmanager):
            wait_for(lambda url=url: urllib.request.urlopen(f"{url}/-/ready", timeout=5).status == 200)
        return watched

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(120)


def hurry(route: dict[str, Any]) -> None:
    """Make a route and those below it tell at once."""
    route |= {"group_wait": "0s", "group_interval": "1s", "repeat_interval": "1h"}
    for below in route.get("routes", ()):
        hurry(below)
