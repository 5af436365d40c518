"""Write the Grafana dashboards: `python tools/dashboard.py deploy` makes one file a language of each.

``deploy/grafana`` has the one of sites, ``deploy/fleet/grafana`` that of workers and queue. A dashboard is code, so
that a panel's query is reviewed like any other line and tests can ask them all.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from grafana_foundation_sdk.builders import bargauge, common, prometheus, stat, table, timeseries
from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import BigValueColorMode
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DataSourceRef,
    DataTransformerConfig,
    DynamicConfigValue,
    GridPos,
    Threshold,
    ThresholdsMode,
    VariableRefresh,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

SOURCE = DataSourceRef(type_val="prometheus", uid="${source}")
SITE = 'site=~"$site"'
WIDE, HALF, THIRD = 24, 12, 8
GREEN, ORANGE, RED = "green", "orange", "red"


class Said(NamedTuple):
    """A title in both languages."""

    zh: str
    en: str


class Query(NamedTuple):
    """A query and what its lines are called."""

    expr: str
    legend: str | Said = ""


class Panel(NamedTuple):
    """A panel: how it looks, what it is called, what it asks for."""

    kind: str
    title: Said
    queries: tuple[Query, ...]
    width: int = HALF
    height: int = 8
    unit: str = "short"
    steps: tuple[tuple[float | None, str], ...] = ((None, GREEN),)


BAD_FROM_ONE = ((None, GREEN), (1.0, RED))

PANELS = (
    Panel("stat", Said("网站", "Sites"), (Query(f"count(sitehealth_site_info{{{SITE}}}) or sitehealth_sites"),), 4, 4),
    Panel("stat", Said("正在检查", "Inspections under way"), (Query("sum(sitehealth_inspections_in_progress)"),), 4, 4),
    Panel(
        "stat",
        Said("最近一次检查失败", "Last inspection failed"),
        (Query(f"sum(1 - sitehealth_inspection_last_success{{{SITE}}})"),),
        4,
        4,
        steps=BAD_FROM_ONE,
    ),
    Panel(
        "stat",
        Said("首页打不开的链接", "Broken links on homepages"),
        (Query(f'sum(sitehealth_broken_links{{{SITE}, scope="homepage"}})'),),
        4,
        4,
        steps=BAD_FROM_ONE,
    ),
    Panel(
        "stat",
        Said("超期栏目", "Stale columns"),
        (Query(f"sum(sitehealth_stale_columns{{{SITE}}})"),),
        4,
        4,
        steps=BAD_FROM_ONE,
    ),
    Panel(
        "stat",
        Said("待整改问题", "Open findings"),
        (Query(f'sum(sitehealth_findings_open{{{SITE}, scope="site"}})'),),
        4,
        4,
    ),
    Panel(
        "table",
        Said("网站一览", "Sites at a glance"),
        (
            Query(
                f"max by (site) (sitehealth_inspection_last_success_timestamp_seconds{{{SITE}}}) * 1000",
                Said("最近一次检查", "Last inspection"),
            ),
            Query(
                f'sum by (site) (sitehealth_broken_links{{{SITE}, scope="homepage"}})',
                Said("首页打不开的链接", "Broken, homepage"),
            ),
            Query(
                f'sum by (site) (sitehealth_broken_links{{{SITE}, scope="site"}})', Said("打不开的链接", "Broken links")
            ),
            Query(
                f'max by (site) (sitehealth_findings_open{{{SITE}, scope="site"}})', Said("待整改问题", "Open findings")
            ),
            Query(f"max by (site) (sitehealth_stale_columns{{{SITE}}})", Said("超期栏目", "Stale columns")),
            Query(f"max by (site) (sitehealth_security_score{{{SITE}}})", Said("安全评分", "Security score")),
            Query(
                f"max by (site) (sitehealth_availability_ratio{{{SITE}}}) * 100",
                Said("可用率（%）", "Availability (%)"),
            ),
            Query(
                f"sum by (site) (1 - sitehealth_probe_success{{{SITE}}})", Said("不能用的功能", "Functions that fail")
            ),
        ),
        WIDE,
        9,
    ),
    Panel(
        "calendar",
        Said("检查日程", "Round calendar"),
        (
            Query(
                f"sort(sitehealth_inspection_next_run_timestamp_seconds{{{SITE}}} * 1000)",
                Said("下一次检查", "Next round"),
            ),
        ),
    ),
    Panel(
        "lines",
        Said("距上次成功检查的时间", "Time since the last good inspection"),
        (
            Query(
                f"time() - (sitehealth_inspection_last_success_timestamp_seconds{{{SITE}}} > 0)",
                "{{site}} {{scope}}",
            ),
        ),
        unit="s",
    ),
    Panel(
        "lines",
        Said("打不开的链接（按类型）", "Broken links by kind"),
        (Query(f'sum by (kind) (sitehealth_broken_links{{{SITE}, scope="site"}})', "{{kind}}"),),
    ),
    Panel(
        "lines",
        Said("打不开的链接所占比例", "Share of links that are broken"),
        (Query(f"site_scope:sitehealth_broken_links:ratio{{{SITE}}}", "{{site}} {{scope}}"),),
        unit="percentunit",
    ),
    Panel(
        "lines",
        Said("问题（按类别）", "Findings by family"),
        (Query(f'sum by (family) (sitehealth_findings{{{SITE}, scope="site"}})', "{{family}}"),),
    ),
    Panel(
        "lines",
        Said("待整改与已整改", "Open and fixed findings"),
        (
            Query(f"sum by (scope) (sitehealth_findings_open{{{SITE}}})", Said("待整改 {{scope}}", "open {{scope}}")),
            Query(f"sum by (scope) (sitehealth_findings_new{{{SITE}}})", Said("新发现 {{scope}}", "new {{scope}}")),
            Query(f"sum by (scope) (sitehealth_findings_fixed{{{SITE}}})", Said("已整改 {{scope}}", "fixed {{scope}}")),
        ),
    ),
    Panel(
        "lines",
        Said("整改台账（按状态）", "Remediation ledger, by state"),
        (Query(f"sum by (state) (sitehealth_ledger_entries{{{SITE}}})", "{{state}}"),),
    ),
    Panel(
        "lines",
        Said("逾期未整改", "Overdue faults"),
        (Query(f"sum by (severity) (sitehealth_ledger_overdue{{{SITE}}})", "{{severity}}"),),
    ),
    Panel(
        "bars",
        Said("逾期最多的 20 个网站", "Sites with most overdue faults (20)"),
        (Query(f"topk(20, sum by (site) (sitehealth_ledger_overdue{{{SITE}}}))", "{{site}}"),),
        steps=BAD_FROM_ONE,
    ),
    Panel(
        "bars",
        Said("最早的待整改问题已有多久（最久的 20 个网站）", "Age of the oldest open fault (oldest 20 sites)"),
        (Query(f"topk(20, sitehealth_ledger_oldest_open_age_seconds{{{SITE}}})", "{{site}}"),),
        unit="s",
    ),
    Panel(
        "lines",
        Said("从发现到销号的时间（四周）", "Time from first sight to closing, over four weeks"),
        tuple(
            Query(
                f"histogram_quantile({share}, sum by (le)"
                f" (increase(sitehealth_ledger_time_to_close_seconds_bucket{{{SITE}}}[4w])))",
                legend,
            )
            for share, legend in ((0.5, Said("中位数", "median")), (0.9, Said("90%", "90 %")))
        ),
        unit="s",
    ),
    Panel(
        "lines",
        Said("复核结果（四周）", "Results of rechecks, over four weeks"),
        (Query("sum by (result) (increase(sitehealth_ledger_rechecks_total[4w]))", "{{result}}"),),
    ),
    Panel(
        "bars",
        Said("栏目更新（占规定期限的比例，最久的 20 个）", "Age of columns, as a share of the limit (oldest 20)"),
        (
            Query(
                f"topk(20, (time() - sitehealth_column_last_update_timestamp_seconds{{{SITE}}})"
                f" / sitehealth_column_max_age_seconds{{{SITE}}})",
                "{{site}} {{column}}",
            ),
        ),
        unit="percentunit",
        steps=((None, GREEN), (0.8, ORANGE), (1.0, RED)),
    ),
    Panel(
        "lines",
        Said("安全评分", "Security score"),
        (Query(f"sitehealth_security_score{{{SITE}}}", "{{site}}"),),
    ),
    Panel(
        "table",
        Said("安全等级", "Security grade"),
        (Query(f"sitehealth_security_grade_info{{{SITE}}}", Said("等级", "Grade")),),
    ),
    Panel(
        "bars",
        Said("证书剩余时间", "Certificates: time left"),
        (Query(f"sort(sitehealth_tls_certificate_not_after_timestamp_seconds{{{SITE}}} - time())", "{{host}}"),),
        unit="s",
        steps=((None, RED), (21 * 86_400.0, GREEN)),
    ),
    Panel(
        "lines",
        Said("可用率（7 天）", "Availability over 7 days"),
        (Query(f"sitehealth_availability_ratio{{{SITE}}}", "{{site}}"),),
        unit="percentunit",
    ),
    Panel(
        "lines",
        Said("功能是否可用（1 可用，0 不可用）", "Functions (1 works, 0 fails)"),
        (Query(f"sitehealth_probe_success{{{SITE}}}", "{{site}} {{probe}}"),),
    ),
    Panel(
        "lines",
        Said("政务新媒体：最近一次更新距今天数", "New media accounts: days since the last update"),
        (Query(f"(time() - sitehealth_media_last_post_timestamp_seconds{{{SITE}}}) / 86400", "{{site}} {{account}}"),),
        steps=((None, GREEN), (10.0, ORANGE), (14.0, RED)),
    ),
    Panel(
        "lines",
        Said("功能试用耗时", "Seconds that trying a function took"),
        (Query(f"sitehealth_probe_duration_seconds{{{SITE}}}", "{{site}} {{probe}}"),),
        unit="s",
    ),
    Panel(
        "lines",
        Said("等待送达的通知", "Messages that wait"),
        (Query("sum by (target) (sitehealth_messages_waiting) or vector(0)", "{{target}}"),),
        steps=BAD_FROM_ONE,
    ),
    Panel(
        "lines",
        Said("通知（一天）", "Messages, over a day"),
        (Query("sum by (result) (increase(sitehealth_messages_total[1d])) or vector(0)", "{{result}}"),),
    ),
    Panel(
        "lines",
        Said("请求", "Requests"),
        (Query("sum by (result) (rate(sitehealth_http_requests_total[$__rate_interval]))", "{{result}}"),),
        THIRD,
        unit="reqps",
    ),
    Panel(
        "lines",
        Said("请求耗时（95%）", "Request duration, 95th percentile"),
        (Query("sitehealth_http_request_duration_seconds:p95_5m", "p95"),),
        THIRD,
        unit="s",
    ),
    Panel(
        "lines",
        Said("错别字检查速度", "Speed of the text checks"),
        (
            Query(
                f"sum by (check) (sitehealth_text_check_characters{{{SITE}}})"
                f" / sum by (check) (sitehealth_text_check_seconds{{{SITE}}} > 0)",
                "{{check}}",
            ),
        ),
        THIRD,
    ),
    Panel(
        "lines",
        Said("图片文字识别：已识别和未识别", "Pictures: read and not read"),
        (
            Query(f"sum(sitehealth_pictures_read{{{SITE}}})", "read"),
            Query(f"sum(sitehealth_pictures_unread{{{SITE}}})", "unread"),
            Query(f"sum(sitehealth_pictures_seconds{{{SITE}}})", "CPU s"),
        ),
        THIRD,
    ),
    Panel(
        "lines", Said("数据库大小", "Size of the store"), (Query("sitehealth_store_size_bytes"),), THIRD, unit="bytes"
    ),
    Panel(
        "lines",
        Said("跳过和漏掉的检查", "Rounds skipped and missed"),
        (Query(f"sum by (reason) (sitehealth_scheduler_misfires_total{{{SITE}}})", "{{reason}}"),),
        THIRD,
    ),
)


FLEET = (
    Panel(
        "stat",
        Said("调度进程：在工作", "Schedulers that lead"),
        (Query("sum(sitehealth_scheduler_leads)"),),
        4,
        4,
        steps=((None, RED), (1.0, GREEN), (2.0, RED)),
    ),
    Panel("stat", Said("检查进程", "Workers"), (Query("sum(max by (version) (sitehealth_workers))"),), 4, 4),
    Panel(
        "stat",
        Said("正在检查", "Inspections under way"),
        (Query('sum(max by (queue) (sitehealth_queue_jobs{queue!="texts",state="running"}))'),),
        4,
        4,
    ),
    Panel(
        "stat",
        Said("排队", "Waiting"),
        (Query('sum(max by (queue) (sitehealth_queue_jobs{queue!="texts",state="waiting"}))'),),
        4,
        4,
    ),
    Panel(
        "stat",
        Said("首页检查最久等待", "Longest wait of a homepage"),
        (Query('max(sitehealth_queue_oldest_waiting_age_seconds{queue="homepage"})'),),
        4,
        4,
        unit="s",
        steps=((None, GREEN), (3600.0, ORANGE), (6 * 3600.0, RED)),
    ),
    Panel(
        "stat",
        Said("出错搁置的任务", "Jobs that broke down"),
        (Query('sum(max by (queue) (sitehealth_queue_jobs{state="failed"}))'),),
        4,
        4,
        steps=BAD_FROM_ONE,
    ),
    Panel(
        "lines",
        Said("队列长度", "Depth of the queue"),
        (Query('max by (queue) (sitehealth_queue_jobs{state="waiting"})', "{{queue}}"),),
    ),
    Panel(
        "lines",
        Said("最久等待", "Age of the oldest that waits"),
        (Query("max by (queue) (sitehealth_queue_oldest_waiting_age_seconds)", "{{queue}}"),),
        unit="s",
    ),
    Panel(
        "lines",
        Said("正在执行", "Under way"),
        (Query('max by (queue) (sitehealth_queue_jobs{state="running"})', "{{queue}}"),),
    ),
    Panel(
        "lines",
        Said("重新执行的任务", "Jobs begun again"),
        (Query("max by (queue) (sitehealth_queue_retried_jobs)", "{{queue}}"),),
    ),
    Panel(
        "lines",
        Said("检查进程（按版本）", "Workers by version"),
        (Query("max by (version) (sitehealth_workers)", "{{version}}"),),
    ),
    Panel(
        "lines",
        Said("数据库可用（按进程）", "Store available, by process"),
        (Query("sitehealth_store_available", "{{instance}}"),),
    ),
    Panel(
        "lines",
        Said("请求（每秒，按进程）", "Requests a second, by process"),
        (
            Query(
                "sum by (instance) (rate(sitehealth_http_request_duration_seconds_count[$__rate_interval]))",
                "{{instance}}",
            ),
        ),
    ),
    Panel(
        "lines",
        Said("处理器（按进程）", "Processor, by process"),
        (
            Query(
                'rate(process_cpu_seconds_total{job=~"sitehealth.*"}[$__rate_interval])',
                "{{instance}}",
            ),
        ),
    ),
)
"""What workers and queue are asked for. Every scheduler shows the queue, hence the greatest of what they say."""


class Board(NamedTuple):
    """A dashboard: its folder and its files' name, its title, its panels, and since when it shows what there was."""

    folder: str
    name: str
    title: Said
    panels: tuple[Panel, ...]
    since: str
    has_sites: bool


BOARDS = (
    Board("grafana", "sitehealth", Said("网站检查", "Sitehealth"), PANELS, "now-90d", has_sites=True),
    Board(
        "fleet/grafana",
        "sitehealth-fleet",
        Said("网站检查：多机", "Sitehealth: fleet"),
        FLEET,
        "now-24h",
        has_sites=False,
    ),
)


def said(text: str | Said, language: str) -> str:
    """Return a text in a language."""
    return text if isinstance(text, str) else getattr(text, language)


def dashboard(board: Board, language: str) -> str:
    """Return a dashboard as JSON."""
    built = (
        builders.Dashboard(said(board.title, language))
        .uid(f"{board.name}-{language}")
        .tags(["sitehealth"])
        .editable()
        .refresh("1m")
        .time(board.since, "now")
        .timezone("Asia/Shanghai")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .with_variable(
            builders.DatasourceVariable("source").label(said(Said("数据源", "Source"), language)).type("prometheus")
        )
    )
    if board.has_sites:
        built.with_variable(
            builders.QueryVariable("site")
            .label(said(Said("网站", "Site"), language))
            .datasource(SOURCE)
            .query('label_values({__name__=~"sitehealth_(site_info|security_score)"}, site)')
            .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
            .multi(True)  # noqa: FBT003 - the builder's signature
            .include_all(True)  # noqa: FBT003 - the builder's signature
            .all_value(".*")
        )
    x = y = tallest = 0
    for panel in board.panels:
        if x + panel.width > WIDE:
            x, y, tallest = 0, y + tallest, 0
        built.with_panel(draw(panel, language).grid_pos(GridPos(h=panel.height, w=panel.width, x=x, y=y)))
        x, tallest = x + panel.width, max(tallest, panel.height)
    return JSONEncoder(sort_keys=True, indent=2, ensure_ascii=False).encode(built.build()) + "\n"


def draw(panel: Panel, language: str):  # noqa: ANN201 - builders of panels have no common type
    """Return the builder of a panel."""
    looks = {"stat": stat, "lines": timeseries, "bars": bargauge, "table": table, "calendar": table}
    built = looks[panel.kind].Panel().title(said(panel.title, language)).datasource(SOURCE)
    if panel.kind != "calendar":
        built.unit(panel.unit)
    steps = [Threshold(value=value, color=color) for value, color in panel.steps]
    built.thresholds(builders.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps))
    for number, query in enumerate(panel.queries):
        built.with_target(ask(panel, query, number, language))
    if panel.kind in {"stat", "bars"}:
        built.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    if panel.kind == "stat":
        built.color_mode(BigValueColorMode.VALUE)
    elif panel.kind == "lines":
        built.min(0).fill_opacity(5).legend(common.VizLegendOptions().show_legend(True))  # noqa: FBT003 - as above
    elif panel.kind in {"table", "calendar"}:
        lay_out(built, panel, language)
    return built


def ask(panel: Panel, query: Query, number: int, language: str):  # noqa: ANN201 - the SDK's builder
    """Return one query; tables and figures want the moment, lines its history."""
    built = prometheus.Dataquery().expr(query.expr).ref_id(chr(ord("A") + number))
    if query.legend:
        built.legend_format(said(query.legend, language))
    if panel.kind in {"table", "calendar"}:
        built.format(PromQueryFormat.TABLE)
    return built.range() if panel.kind == "lines" else built.instant()


def lay_out(built: table.Panel, panel: Panel, language: str) -> None:
    """Put the answers of a table side by side, one site a line, and call the columns what they are."""
    names = {
        f"Value #{chr(ord('A') + number)}": said(query.legend, language) for number, query in enumerate(panel.queries)
    }
    if len(panel.queries) == 1:
        names = {"Value": said(panel.queries[0].legend, language)}
    hidden = ["Time", "__name__", "instance", "job", *(["Value"] if "info" in panel.queries[0].expr else [])]
    options = {"renameByName": names, "excludeByName": dict.fromkeys(hidden, True)}
    built.with_transformation(DataTransformerConfig(id_val="merge", options={}))
    built.with_transformation(DataTransformerConfig(id_val="organize", options=options))
    for query in panel.queries:
        if "timestamp_seconds" in query.expr:
            unit = DynamicConfigValue(id_val="unit", value="dateTimeAsIso")
            built.override_by_name(said(query.legend, language), [unit])


def main() -> None:
    """Write the files of both languages."""
    deploy = Path(sys.argv[1] if len(sys.argv) > 1 else "deploy")
    for board in BOARDS:
        folder = deploy / board.folder
        folder.mkdir(parents=True, exist_ok=True)
        for language, suffix in (("zh", "zh-CN"), ("en", "en")):
            (folder / f"{board.name}.{suffix}.json").write_text(dashboard(board, language), "utf-8")


if __name__ == "__main__":
    main()
