"""What is wrong with our own network is never held against a site, and after it everything is as it was before."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.monitor.network_namespace import FAULTS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
TOOLS = ("unshare", "--net", "--mount")


def needs_namespaces() -> str:
    """Return why no namespace can be made here, "" where one can."""
    try:
        probe = subprocess.run([*TOOLS, "ip", "link", "add", "try0", "type", "veth"], capture_output=True, check=False)
    except FileNotFoundError as missing:
        return f"network faults need {missing.filename} (util-linux, iproute2)"
    return probe.returncode and f"network faults need root and network namespaces: {probe.stderr.decode().strip()}"


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[str, dict]:
    """What the runs of tests.monitor.network_namespace said."""
    reason = needs_namespaces()
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("network")
    program = [*TOOLS, sys.executable, "-m", "tests.monitor.network_namespace", str(folder)]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False, timeout=500)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads((folder / "said.json").read_text("utf-8"))


FOREIGN_FAULTS = {"http://a.partner.example/gone": "http-404 confirmed", "http://nowhere.example/": "dns confirmed"}
OWN_FAULT = {
    "http://10.9.0.1/missing": "http-404 confirmed",
    "http://odd name.example/": " confirmed",  # no answer, as it was never asked for
}


def test_a_good_network_judges_everybody(said):
    assert said["good"]["found"] == FOREIGN_FAULTS | OWN_FAULT
    assert said["good"]["looks"]["http://nowhere.example/"] == 2, "a name that is gone gets its second look"
    assert (said["good"]["fault"], said["good"]["notices"]) == (None, [])


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_ours_is_nobodys(said, fault):
    run = said[fault]
    assert run["found"] == OWN_FAULT, "the site itself is judged, nobody else is"
    assert set(run["baselines"].values()) == {"unchanged"}
    assert run["fault"] is not None
    assert [notice for notice in run["notices"] if "本机网络" in notice[0] and "our network" in notice[1]]
    assert run["probes"] == {"counted": 0, "left": 2}


@pytest.mark.parametrize("fault", FAULTS)
def test_after_it_everything_is_as_it_was_before(said, fault):
    run = said[f"after: {fault}"]
    assert run["found"] == said["good"]["found"]
    assert set(run["baselines"].values()) == {"unchanged"}
    assert run["fault"] is None


def test_a_name_that_does_not_exist_is_not_mended_by_the_address_that_a_provider_gives_it(said):
    hijacked, after = said["names that do not exist have an address"], said["none has any more"]
    assert hijacked["found"] == OWN_FAULT | {"http://a.partner.example/gone": "http-404 confirmed"}
    assert [notice for notice in hijacked["notices"] if "又能打开" in notice[0]]
    assert after["found"] == said["good"]["found"]
    assert set(after["baselines"].values()) == {"unchanged"}


def test_a_host_that_only_ipv6_leads_to_is_not_dead_where_all_is_lost_over_ipv6(said):
    for run in ("all is lost over IPv6", "IPv6 is back"):
        assert said[run]["found"] == said["good"]["found"], run
        assert set(said[run]["baselines"].values()) == {"unchanged"}


def test_a_portal_mends_nothing_where_no_certificate_gives_it_away(said):
    assert said["without https"]["found"] == FOREIGN_FAULTS
    assert said["a portal, without https"]["found"] == {}
    after = said["after the portal, without https"]
    assert after["found"] == FOREIGN_FAULTS
    assert set(after["baselines"].values()) == {"unchanged"}


def test_canaries_that_do_not_open_are_not_asked_where_most_others_do(said):
    run = said["no canary"]
    assert (run["found"], run["fault"], run["notices"]) == (said["good"]["found"], None, [])


def test_a_homepage_that_our_network_does_not_reach_is_not_called_down_without_a_word(said):
    assert said["its name is gone"]["status"] == "failed"
    assert "本机网络" in said["its name is gone"]["reason"][0]
    assert "our own network" in said["its name is gone"]["reason"][1]
    assert said["its name is back"]["found"] == said["known by its name"]["found"]
    assert set(said["its name is back"]["baselines"].values()) == {"unchanged"}
