"""Findings of one wording are one row, with their places and pages, in every format that lists them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from checks import RULES
from checks.model import Confidence, Excerpt
from checks.typos.lexicon import own_words
from reports import FORMATS, facts, html, markdown, summary, xlsx
from reports import csv as report_csv
from reports import json as report_json
from reports.gathering import gathered
from reports.model import Baseline
from reports.outline import worst_first
from tests.factories import at, entry, finding, report
from tests.reports.sample import TYPO

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text("utf-8"))


def slip(page: int, wrong: str = "布署", right: str = "部署", **fields):
    text = Excerpt(f"第{page}次会议", wrong, "工作", 5)
    key = f"{page}[{wrong}→{right}]"
    return finding(
        TYPO,
        at(f"/{page}.html"),
        key=key,
        params={"wrong": wrong, "right": right},
        text=text,
        suggestion=right,
        placeless=True,
        **fields,
    )


PAIR = [entry(slip(page), Baseline.NEW if page == 7 else Baseline.UNCHANGED) for page in range(30)]
FOOTER = entry(slip(99, "帐号", "账号", count=1_284, pages=tuple(at(f"/p/{page}.html") for page in range(20))))
UNSURE = entry(slip(50, confidence=Confidence.SUSPECTED))
ALL = report(findings=(*PAIR, FOOTER, UNSURE))


def test_one_row_a_wording_and_those_on_most_pages_first():
    rows = gathered(worst_first(ALL.findings))
    shown = [(row.first.finding.suggestion, row.count, row.page_count, row.first.finding.confidence) for row in rows]
    assert shown == [
        ("账号", 1, 1_284, Confidence.CONFIRMED),
        ("部署", 30, 30, Confidence.CONFIRMED),
        ("部署", 1, 1, Confidence.SUSPECTED),
    ]


def test_a_row_is_new_where_any_place_is():
    assert [row.baseline for row in gathered(PAIR)] == [Baseline.NEW]
    known = [replace(each, baseline=Baseline.UNCHANGED) for each in PAIR]
    assert [row.baseline for row in gathered(known)] == [Baseline.UNCHANGED]


def written(format_, language: str = "zh-CN") -> bytes:
    out = io.BytesIO()
    format_.write(ALL, language, out)
    return out.getvalue()


def test_html_shows_a_row_once_and_the_rest_on_demand():
    page = written(html).decode()
    assert page.count("<tr id=") == 3
    assert "同样的共 30 处" in page
    assert "共 1,284 个页面" in page
    assert "另外 29 处的原文" in page
    assert "列出前 20 个" in page


def test_html_has_the_lines_that_let_a_wording_pass():
    page = written(html).decode()
    assert "<pre><code>[放行]\n布署</code></pre>" in page
    lines = facts.dictionary_entry(PAIR[0].finding)
    assert own_words.parse(lines).allowed == ("布署",)


def test_every_place_that_is_shown_can_be_linked_to():
    page = written(html).decode()
    assert [each.number for each in PAIR if f'id="f-{each.number}"' in page][:21] != []
    assert page.count('id="f-') == 3 + 20


def test_json_names_the_findings_of_a_wording():
    made = json.loads(written(report_json))
    Draft202012Validator(SCHEMA).validate(made)
    rows = {(row["wrong"], row["confidence"]): row for row in made["wordings"]}
    assert sorted(rows["布署", "confirmed"]["findings"]) == sorted(each.finding.fingerprint for each in PAIR)
    assert (rows["帐号", "confirmed"]["count"], rows["帐号", "confirmed"]["page_count"]) == (1, 1_284)
    (footer,) = (each for each in made["findings"] if each["text"]["wrong"] == "帐号")
    assert (len(footer["pages"]), footer["page_count"]) == (20, 1_284)


@pytest.mark.parametrize(
    ("language", "remark"), [("zh-CN", "（同样的共 30 处，共 30 个页面）"), ("en", "(30 places alike, on 30 pages)")]
)
def test_markdown_and_terminal_say_how_many(language: str, remark: str):
    assert remark in written(markdown, language).decode()
    assert remark in summary.summary(ALL, language)


def test_the_sheet_of_wordings_has_a_row_each():
    book = openpyxl.load_workbook(io.BytesIO(written(xlsx)))
    rows = list(book["按字词汇总"].iter_rows(min_row=2, values_only=True))
    assert [row[:4] for row in rows] == [("帐号", "账号", 1, 1_284), ("布署", "部署", 30, 30), ("布署", "部署", 1, 1)]


def test_the_pages_of_a_wording_that_are_not_listed_are_counted():
    book = openpyxl.load_workbook(io.BytesIO(written(xlsx)))
    (footer, slips, single) = (row[8] for row in book["按字词汇总"].iter_rows(min_row=2, values_only=True))
    assert footer.splitlines()[-1] == "另有 1,264 个页面"
    assert (len(slips.splitlines()), slips.splitlines()[-1]) == (21, "另有 10 个页面")
    assert "另有" not in single


def test_csv_and_the_sheet_of_findings_have_a_row_a_wording():
    heading, *lines = csv.reader(io.StringIO(written(report_csv).decode("utf-8-sig"), newline=""))
    shown = [["帐号", "1", "1284"], ["布署", "30", "30"], ["布署", "1", "1"]]
    assert columns_of(heading, lines) == shown
    heading, *rows = openpyxl.load_workbook(io.BytesIO(written(xlsx)))["问题清单"].iter_rows(values_only=True)
    assert columns_of(heading, rows) == shown


def columns_of(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> list[list[str]]:
    """Return what each row says of a wording, of the findings and of the pages it stands for."""
    places = [heading.index(name) for name in ("错误内容", "处数", "页面数")]
    return [[str(row[at]) for at in places] for row in rows]


def without_source(page: int):
    return finding(RULES["missing-source"], at(f"/{page}.html"), variant="source", key="", params={})


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_a_template_leaves_out_on_every_page_is_one_row(language):
    (row,) = gathered(entry(without_source(page)) for page in range(30))
    assert (row.count, row.page_count, len(row.pages)) == (30, 30, 30)
    made = report(*(entry(without_source(page)) for page in range(30)))
    for name in FORMATS.keys() - {"pdf"}:
        assert FORMATS[name].render(made, language), name
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].render(made, language).decode("utf-8-sig"))))
    assert len(rows) == 1
    Draft202012Validator(SCHEMA).validate(json.loads(FORMATS["json"].render(made, language)))
