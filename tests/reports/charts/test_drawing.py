"""Drawings: text stays text, nothing acts, nothing clashes with another chart of the page."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from reports.charts.drawing import Series, bars, columns, line
from reports.charts.painting import TONES, Caption
from reports.safe import clip, one_line
from tests.reports.hostile import HOSTILE

CAPTION = Caption("chart-a", "各类问题", "最多的是链接")
SERIES = (Series("严重", "critical", (3, None, 1)), Series("提示", "minor", (13, 2, 20)))
LABELS = ("链接", "文字", "安全")
SVG = "{http://www.w3.org/2000/svg}"


def drawings(labels=LABELS, caption=CAPTION, name="严重"):
    series = (Series(name, "critical", SERIES[0].values), SERIES[1])
    return {
        "bars": bars(caption, labels, series),
        "columns": columns(caption, labels, series),
        "line": line(caption, labels, series[1], 100),
    }


def texts(svg):
    return [node.text for node in etree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("kind", drawings())
def test_a_drawing_is_one_image_with_a_title_and_a_description(kind):
    root = etree.fromstring(drawings()[kind])
    assert root.get("role") == "img"
    assert [root.find(f"{SVG}{name}").text for name in ("title", "desc")] == ["各类问题", "最多的是链接"]
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert ids == root.get("aria-labelledby").split()


@pytest.mark.parametrize("kind", drawings())
def test_nothing_in_it_acts_or_brings_its_own_style(kind):
    root = etree.fromstring(drawings()[kind])
    assert {str(node.tag).removeprefix(SVG) for node in root.iter()} <= {
        *("svg", "title", "desc", "g", "rect", "path", "text", "circle"),
    }
    assert not [node for node in root.iter() if node.get("style") or any(name.startswith("on") for name in node.attrib)]


@pytest.mark.parametrize("kind", drawings())
def test_the_same_figures_give_the_same_bytes(kind):
    assert drawings()[kind] == drawings()[kind]


def test_bars_stand_in_the_order_of_the_rows_with_their_numbers():
    root = etree.fromstring(drawings()["bars"])
    labels = sorted((float(node.get("y")), node.text) for node in root.iter(f"{SVG}text") if node.text in LABELS)
    assert [text for _, text in labels] == list(LABELS)
    assert texts(drawings()["bars"]).count("13") == 1


def test_a_part_without_room_has_no_number():
    narrow = bars(CAPTION, ("甲", "乙"), (Series("多", "major", (500, 400)), Series("少", "minor", (3, None))))
    assert "500" in texts(narrow)
    assert "3" not in texts(narrow)


def test_a_line_is_broken_where_there_is_no_value():
    svg = line(CAPTION, ("1", "2", "3", "4"), Series("评分", "line", (71, None, 80, 81)), 100)
    curves = re.findall(r'<path d="([^"]+)" class="curve"', svg)
    assert [curve.count("L") for curve in curves] == [1]
    assert {"71", "80", "81"} <= set(texts(svg))


def test_what_is_no_part_of_one_sum_stands_side_by_side():
    series = [Series("发现", "major", (40, 20)), Series("销号", "good", (20, 10))]
    rows = [etree.fromstring(columns(CAPTION, ["甲", "乙"], series, beside=beside)) for beside in (False, True)]
    bars = [[bar for bar in drawn.iter(f"{SVG}rect") if float(bar.get("height")) > 15] for drawn in rows]
    ends = [{round(float(bar.get("y")) + float(bar.get("height"))) for bar in each} for each in bars]
    assert len(ends[0]) > 1
    assert len(ends[1]) == 1


def test_of_many_columns_some_are_labelled():
    svg = columns(CAPTION, [f"{day}日" for day in range(1, 31)], [Series("打开", "good", (96,) * 30)])
    labels = [text for text in texts(svg) if text and text.endswith("日")]
    assert 5 <= len(labels) <= 12
    assert labels[0] == "1日"


def test_colours_are_those_of_the_light_page_and_have_names_for_the_dark():
    assert f'class="tone-critical" fill="{TONES["critical"]}"' in drawings()["bars"]


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_text(hostile):
    for svg in drawings((hostile, "乙", "丙"), Caption("chart-a", hostile, hostile), hostile).values():
        root = etree.fromstring(svg)
        assert not list(root.iter(f"{SVG}script", f"{SVG}image", f"{SVG}a"))
        assert root.find(f"{SVG}title").text in {one_line(hostile), None}
        assert clip(one_line(hostile), 12) in {*texts(svg), ""}
