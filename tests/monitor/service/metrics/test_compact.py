"""With many sites metrics name those that an alert is about and sum the others up; every sum is that of full detail."""

from __future__ import annotations

from collections import Counter

import pytest
from msgspec.structs import replace

from checks import RULES
from checks.model import Finding
from monitor.store import Store
from monitor.store.probe_results import ProbeStore
from monitor.store.run_facts import RunFacts
from monitor.store.schedules import ScheduleRecord, ScheduleStore
from monitor.store.statistics import Statistics
from tests.monitor.service.metrics.test_store import FACTS, NOW, ROWS, Made

SITES = tuple(f"s{number}" for number in range(12))
FINE = RunFacts(links={"page": 2000})
SEVERE = next(rule for rule in RULES.values() if rule.family == "typos")


@pytest.fixture
def store(tmp_path):
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as made:
        yield made


@pytest.fixture
def both(store):
    """The same store in full detail and compact: most sites are fine, one of each kind is not."""
    full = Made(store, *SITES, probes=("登录",))
    for site in SITES[1:]:
        full.run(site, rows=ROWS[3:4], facts=FINE)
        full.run(site, scope="homepage", facts=FINE)
    full.run("s1", rows=ROWS, facts=FACTS)
    full.run("s2", scope="homepage", rows=ROWS[:1], facts=FINE)
    full.run("s3", status="failed", facts=RunFacts())
    full.run("s4", rows=ROWS[:2], facts=replace(FINE, links={"page": 2000}))
    full.run("s5", rows=((SEVERE.id, "critical", "confirmed", "new", {}),), facts=FINE)
    ProbeStore(store.engine).save("s6", "登录", NOW, 0.2, Finding(RULES["failed-probe"], "http://s6.cn/", "登录"))
    for failed in (True, False):
        Statistics(store.engine).probed("s7", "2026-11-24", failed=failed)
    Statistics(store.engine).probed("s8", "2026-11-24", failed=False)
    ScheduleStore(store.engine).save({("s9", "site"): ScheduleRecord("", 0.0, None, 3, 5)})
    return full, Made(store, *SITES, probes=("登录",), compact_above=11)


COUNTS = (
    "sites", "pages", "links", "broken_links", "findings", "suspected_findings", "findings_new", "findings_fixed",
    "findings_open", "check_failures", "stale_columns", "text_check_characters", "scheduler_misfires_total",
    "inspection_unjudged",
)  # fmt: skip


def sums(made: Made) -> Counter[tuple[str, str]]:
    """Return the sum of every count over all sites, by scope."""
    counted: Counter[tuple[str, str]] = Counter()
    for (name, labels), value in made.samples().items():
        if name in COUNTS:
            counted[name, dict(labels).get("scope", "")] += value
    return counted


def test_sums_over_all_sites_are_those_of_full_detail(both):
    full, compact = map(sums, both)
    assert {name for name, _ in full} == set(COUNTS)
    assert +compact == +full


@pytest.mark.parametrize(
    ("metric", "sites"),
    [
        ("broken_links", {"s1", "s2"}),  # s4 has two in two thousand, which are no reason to name it
        ("findings", {"s5"}),
        ("stale_columns", {"s1"}),
        ("check_failures", {"s1"}),
        ("inspection_unjudged", {"s1"}),
        ("security_score", {"s1"}),
        ("tls_certificate_not_after_timestamp_seconds", {"s1"}),
        ("inspection_last_success", {"s3"}),
        ("inspection_interval_seconds", {"s0"}),
        ("inspection_last_success_timestamp_seconds", {"s0"}),
        ("probe_success", {"s6"}),
        ("availability_ratio", {"s7"}),
        ("availability_probes", {"s7"}),
        ("site_info", set()),
        ("column_last_update_timestamp_seconds", set()),
        ("inspection_next_run_timestamp_seconds", set()),
    ],
)
def test_only_sites_that_an_alert_could_be_about_are_named(both, metric, sites):
    named = {dict(labels)["site"] for name, labels in both[1].samples() if name == metric}
    assert named - {"(others)"} == sites


def test_many_sites_make_few_series(both):
    full, compact = (len(made.samples()) for made in both)
    assert compact < full / 5
