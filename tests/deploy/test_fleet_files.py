"""What an operator of a fleet deploys: containers run commands that there are, Prometheus scrapes what they show."""

from __future__ import annotations

import re
import subprocess

import pytest
import yaml
from click.testing import CliRunner

from monitor.cli import main
from tests.deploy.conftest import DEPLOY, ROOT

FLEET = DEPLOY / "fleet"


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((FLEET / "compose.yaml").read_text("utf-8"))


@pytest.mark.parametrize("name", ["scheduler", "worker"])
def test_containers_run_the_program_with_options_that_it_knows(compose, name):
    service = compose["services"][name]
    assert service["entrypoint"] == ["sitehealth"]
    command, *options = service["command"]
    done = CliRunner().invoke(main, [command, *options, "--help"])
    assert done.exit_code == 0, done.output
    assert set(re.findall(r"--[a-z]+", " ".join(options))) <= set(re.findall(r"--[a-z]+", done.output))


@pytest.mark.parametrize("name", ["scheduler", "worker"])
def test_containers_may_do_no_more_than_they_need(compose, name):
    service = compose["services"][name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert int(service["stop_grace_period"].removesuffix("s")) > 10
    assert set(service["secrets"]) <= set(compose["secrets"])
    build = service["build"]
    assert (FLEET / build["context"] / build["dockerfile"]).is_file()
    image = (DEPLOY / "Containerfile").read_text("utf-8")
    assert build["args"]["LOCK"] in image
    assert "ARG LOCK=" in image


def test_the_lock_of_a_fleet_holds_all_of_the_other():
    def pinned(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==\S+", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    assert pinned("requirements.lock") <= pinned("requirements-fleet.lock")


def test_prometheus_understands_what_it_is_to_scrape(programs):
    done = subprocess.run(
        ["promtool", "check", "config", FLEET / "prometheus.yml"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    document = yaml.safe_load((FLEET / "prometheus.yml").read_text("utf-8"))
    ports = {
        target.rpartition(":")[2]: job["job_name"]
        for job in document["scrape_configs"]
        for each in job["static_configs"]
        for target in each["targets"]
    }
    assert ports == {"9464": "sitehealth", "9465": "sitehealth-worker"}
