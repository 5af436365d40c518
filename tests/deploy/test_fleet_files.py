"""What an operator of a fleet deploys: containers run commands that there are, Prometheus scrapes what they show."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest
import yaml
from click.testing import CliRunner

from monitor.cli import main
from tests.deploy.conftest import DEPLOY

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


def test_each_container_is_asked_for_its_health_at_its_own_port(compose):
    image = (DEPLOY / "Containerfile").read_text("utf-8")
    for name, health in (("scheduler", image), ("worker", str(compose["services"]["worker"]["healthcheck"]["test"]))):
        (port,) = re.findall(r"0\.0\.0\.0:(\d+)", " ".join(compose["services"][name]["command"]))
        assert f"127.0.0.1:{port}/healthz" in health


def test_compose_understands_the_file(tmp_path):
    """The oldest that is in use: Debian 12's, which needs no daemon for it."""
    if shutil.which("docker-compose") is None:
        pytest.skip("NOT TESTED: the compose file: there is no docker-compose; apt-get install docker-compose")
    done = subprocess.run(
        ["docker-compose", "-p", "sitehealth", "-f", FLEET / "compose.yaml", "config"],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert set(yaml.safe_load(done.stdout)["services"]) == {"database", "scheduler", "worker"}


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
