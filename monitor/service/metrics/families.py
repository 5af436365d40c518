"""Name and explain every metric that is read from the store, once for both levels of detail."""

from __future__ import annotations

import platform
from collections.abc import Iterable

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)

from monitor import __version__
from monitor.service.metrics.reading import AVAILABILITY_DAYS, HOURS
from monitor.store.ledger.counts import DAY, DAYS, Closings

SCOPES = ("homepage", "site")
RESULTS = ("complete", "partial", "failed")

Rows = Iterable[tuple[tuple[str, ...], float]]
"""Values of the labels, and the figure."""

BY_SCOPE = ("site", "scope")

GAUGES: dict[str, tuple[tuple[str, ...], str]] = {
    "sites": ((), "Sites that are looked after."),
    "inspection_last_success_timestamp_seconds": (
        BY_SCOPE,
        "When the last inspection that saw the site ended, 0 where there was none.",
    ),
    "inspection_last_run_timestamp_seconds": (
        BY_SCOPE,
        "When the last inspection of any result ended, 0 where there was none.",
    ),
    "inspection_last_success": (BY_SCOPE, "Whether the last inspection saw the site."),
    "inspection_next_run_timestamp_seconds": (BY_SCOPE, "When the next round falls."),
    "inspection_interval_seconds": (BY_SCOPE, "Seconds between two rounds."),
    "inspection_retry_timestamp_seconds": (BY_SCOPE, "When a round that failed is tried again."),
    "inspection_network_fault": (
        BY_SCOPE,
        "Whether the last inspection could not judge external links, because our own network failed.",
    ),
    "inspection_unjudged": (
        BY_SCOPE,
        "Addresses on which the last inspection itself failed, so that there is no verdict on them.",
    ),
    "pages": (BY_SCOPE, "Pages that the last inspection read."),
    "links": ((*BY_SCOPE, "kind"), "Distinct addresses asked for, by kind."),
    "broken_links": (
        (*BY_SCOPE, "kind", "reason"),
        "Links that certainly do not open, by kind of target and reason.",
    ),
    "text_check_characters": ((*BY_SCOPE, "check"), "Characters of text that the last inspection gave to a check."),
    "text_check_seconds": ((*BY_SCOPE, "check"), "Seconds for the text that the last inspection gave to a check."),
    "pictures_read": (BY_SCOPE, "Pictures and scanned pages whose text the last inspection read."),
    "pictures_unread": (BY_SCOPE, "Pictures and scans whose text the last inspection did not read to its end."),
    "pictures_seconds": (BY_SCOPE, "CPU seconds for which the last inspection read pictures."),
    "findings": ((*BY_SCOPE, "family", "severity"), "Confirmed findings of the last inspection."),
    "suspected_findings": (BY_SCOPE, "Findings that a person has to look at."),
    "findings_new": (BY_SCOPE, "Findings that the last inspection saw for the first time, or again."),
    "findings_fixed": (BY_SCOPE, "Findings that the last inspection verified to be gone."),
    "findings_open": (
        BY_SCOPE,
        "Faults that the scope saw and that are not gone, false positives left out; what both saw counts in each.",
    ),
    "check_failures": (
        (*BY_SCOPE, "check"),
        "Subjects of the last inspection on which a check itself failed, so that there is no verdict on them.",
    ),
    "column_last_update_timestamp_seconds": (("site", "column"), "When a column was last updated."),
    "column_max_age_seconds": (("site", "column"), "Seconds in which a column has to be updated."),
    "stale_columns": (("site",), "Columns that are older than they may be."),
    "security_score": (("site",), "Points of the security headers, 0 to 135."),
    "score_points": (("site",), "Points by the official score sheet."),
    "tls_certificate_not_after_timestamp_seconds": (("site", "host"), "When the certificate of a host ends."),
    "availability_ratio": (
        ("site",),
        f"Share of the probes of the last {AVAILABILITY_DAYS} days at which the homepage opened in time, 0 to 1.",
    ),
    "availability_probes": (("site",), f"Probes of the last {AVAILABILITY_DAYS} days."),
    "probe_success": (("site", "probe"), "Whether a function worked at its last try."),
    "probe_duration_seconds": (("site", "probe"), "Seconds of the requests of the last try."),
    "probe_last_run_timestamp_seconds": (("site", "probe"), "When a function was last tried."),
    "media_last_post_timestamp_seconds": (
        ("site", "account"),
        "When an account on new media was last updated, by its newest post or the day that somebody entered.",
    ),
    "media_unseen": (("site", "account"), "Whether the last look at an account on new media could not read its feed."),
    "ledger_entries": (("site", "state", "severity"), "Entries of the remediation ledger."),
    "ledger_overdue": (
        ("site", "severity"),
        "Entries whose deadline is over while somebody still has to do something about them.",
    ),
    "ledger_oldest_open_age_seconds": (
        ("site",),
        "Seconds since the first sight of the oldest entry that somebody still has to do something about.",
    ),
    "store_size_bytes": ((), "Bytes that the store takes on disk."),
}
"""Labels and explanation of every gauge, without ``sitehealth_``."""

COUNTERS: dict[str, tuple[tuple[str, ...], str]] = {
    "inspections": ((*BY_SCOPE, "result"), "Inspections that ended."),
    "ledger_rechecks": (("result",), "Rechecks of single entries."),
    "scheduler_misfires": (
        (*BY_SCOPE, "reason"),
        "Rounds without an inspection: skipped because the last one still ran, missed while nobody was there.",
    ),
}


def gauge(name: str, rows: Rows) -> Metric:
    """Return a gauge of the table with its figures."""
    labels, text = GAUGES[name]
    return _filled(GaugeMetricFamily(f"sitehealth_{name}", text, labels=labels), rows)


def counter(name: str, rows: Rows) -> Metric:
    """Return a counter of the table with its figures."""
    labels, text = COUNTERS[name]
    return _filled(CounterMetricFamily(f"sitehealth_{name}", text, labels=labels), rows)


def _filled(family: GaugeMetricFamily | CounterMetricFamily, rows: Rows) -> Metric:
    for values, figure in rows:
        family.add_metric(values, figure)
    return family


def build() -> Metric:
    """Return what program this is."""
    family = InfoMetricFamily("sitehealth_build", "The program.")
    family.add_metric([], {"version": __version__, "python": platform.python_version()})
    return family


def durations(known: dict[str, tuple[list[int], float]]) -> Metric:
    """Return how long inspections took, from counts at most each edge, and the sum of seconds, by scope."""
    family = HistogramMetricFamily(
        "sitehealth_inspection_duration_seconds", "Seconds that inspections took.", labels=["scope"]
    )
    for scope in SCOPES:
        counts, total = known.get(scope, ([0] * (len(HOURS) + 1), 0.0))
        edges = [*(str(float(edge)) for edge in HOURS), "+Inf"]
        family.add_metric([scope], list(zip(edges, counts, strict=True)), total)
    return family


def time_to_close(known: Iterable[tuple[str, Closings]]) -> Metric:
    """Return how long it took from the first sight of faults to their closing, by site.

    In seconds, as Prometheus has all durations; the edges are whole days.
    """
    family = HistogramMetricFamily(
        "sitehealth_ledger_time_to_close_seconds",
        "Seconds from the first sight of a fault to its closing.",
        labels=["site"],
    )
    for site, closings in known:
        edges = [*zip((str(edge * DAY) for edge in DAYS), closings.within, strict=True), ("+Inf", closings.count)]
        family.add_metric([site], edges, closings.days * DAY)
    return family
