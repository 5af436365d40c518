"""The charts of a report: drawn where there is something to compare, true to the tables behind them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from checks.model import Severity
from reports.charts.selection import spreads, trends
from reports.model import Status, TrendPoint
from reports.wording import words
from tests.factories import MONDAY, entry, finding, report
from tests.reports.sample import sample

ZH = words("zh-CN")


def point(day: int, **fields) -> TrendPoint:
    return TrendPoint(**{"when": MONDAY.replace(day=day), "status": Status.COMPLETE} | fields)


def charts(made, which=spreads):
    return {chart.caption.id: chart for chart in which(made, ZH)}


def test_the_sample_has_all_of_them():
    assert set(charts(sample(), trends)) == {"chart-score", "chart-runs"}
    assert set(charts(sample())) == {"chart-families", "chart-departments", "chart-freshness", "chart-availability"}


@pytest.mark.parametrize(
    ("trend", "drawn"),
    [
        ((), set()),
        ((point(1, score=80.0, confirmed={Severity.MAJOR: 2}),), set()),
        ((point(1), point(2)), {"chart-runs"}),
        ((point(1, score=80.0), point(2, status=Status.FAILED)), set()),
        ((point(1, score=80.0), point(2), point(3, score=90.0)), {"chart-runs", "chart-score"}),
    ],
)
def test_a_trend_needs_two_runs_that_saw_the_site(trend, drawn):
    assert set(charts(replace(report(), trend=trend), trends)) == drawn


def test_nothing_is_drawn_of_one_kind_one_department_one_day():
    made = replace(report(entry(finding())), columns=sample().columns[:1], availability=sample().availability[:1])
    assert charts(made) == {}


def test_a_failed_run_is_marked_and_has_no_numbers():
    chart = charts(sample(), trends)["chart-runs"]
    assert chart.rows[1][1:] == ("—", "—", "—", "—", "未能完成")
    assert "打叉" in chart.caption.description
    assert "✕" in chart.drawing


def test_the_table_has_what_the_findings_are():
    made = sample()
    chart = charts(made)["chart-families"]
    assert chart.head == ("大类", "严重", "一般", "提示", "合计")
    assert sum(int(row[-1]) for row in chart.rows) == len(made.findings)
    assert chart.rows[0] == ("链接可用性", "0", "10", "0", "10")
    assert chart.caption.description == "4 类共 16 处（含疑似），最多的是链接可用性，10 处。"


def test_departments_show_what_is_late():
    chart = charts(sample())["chart-departments"]
    assert chart.rows[0] == ("信息中心", "5", "5", "10")


def test_availability_counts_what_opened():
    chart = charts(sample())["chart-availability"]
    assert chart.caption.description == "14 天内访问首页 1,344 次，打不开 8 次。"
    assert chart.rows[5][1:] == ("89", "7")
