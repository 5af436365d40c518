"""Letters and guides."""

from datetime import datetime

import pytest

from checks.ipv6 import Ipv6
from checks.model import Column, ColumnType, DualStack, Item, Response, Severity
from checks.reading.dates import CHINA
from checks.services import ELEMENTS, Guides, Letters
from tests.sites.pages import NOW, document, page_of

URL = "https://www.example.gov.cn/bszn/1.html"


def overdue(asked, answered):
    item = Item(URL, "关于公交线路的咨询", datetime.fromisoformat(asked).replace(tzinfo=CHINA), answered=answered)
    column = Column("https://www.example.gov.cn/xx/", "市长信箱", ColumnType.INTERACTION, (item,), NOW)
    return [finding.params["days"] for finding in Letters().inspect(column)]


LETTERS = [
    ("2026-06-09", False, [93]),
    ("2026-06-11", False, []),
    ("2026-06-01", True, []),
    ("2026-06-01", None, []),
    ("2025-09-01", False, []),
    ("2025-10-01", False, [344]),
]


@pytest.mark.parametrize(("asked", "answered", "expected"), LETTERS)
def test_three_months_to_answer_within_a_year(asked, answered, expected):
    assert overdue(asked, answered) == expected


LABELS = {
    "事项名称": "事项名称：居住证办理",
    "设定依据": "二、设定依据：某条例第三条",
    "申请条件": "（三）申请条件",
    "办理材料": "申请材料清单",
    "办理地点": "受理地点：政务服务中心",
    "办理时间": "工作时间：周一至周五",
    "联系电话": "咨询电话：020-12345678",
    "办理流程": "办理流程",
}


def guide(*without, title="居住证办事指南"):
    rows = "".join(f"<p>{row}</p>" for name, row in LABELS.items() if name not in without)
    found = list(Guides().inspect(page_of(document(rows, title=title), url=URL)))
    return [(finding.params["missing"], finding.weight) for finding in found]


def test_a_complete_guide_is_clean():
    assert set(LABELS) == set(ELEMENTS)
    assert guide() == []


@pytest.mark.parametrize("name", LABELS)
def test_each_missing_element_is_named(name):
    assert guide(name) == [(name, Severity.MINOR)]


def test_an_element_whose_cell_is_left_blank_is_missing_even_in_a_broken_table():
    rows = "".join(f"<tr><th><b>{name[:2]}</b>{name[2:]}<td>{'' if name == '办理地点' else '有'}" for name in ELEMENTS)
    page = page_of(document(f"<table>{rows}</table>", title="居住证办事指南"), url=URL)
    assert [finding.params["missing"] for finding in Guides().inspect(page)] == ["办理地点"]


def test_a_cell_with_a_picture_or_a_link_is_not_blank():
    rows = "".join(f"<tr><th>{name}</th><td><img src=/a.png></td></tr>" for name in ELEMENTS)
    page = page_of(document(f"<table>{rows}</table>", title="居住证办事指南"), url=URL)
    assert list(Guides().inspect(page)) == []


def test_four_missing_elements_are_a_major_fault():
    names = list(LABELS)[:4]
    assert guide(*names) == [("、".join(names), Severity.MAJOR)]


def test_news_about_guides_and_lists_of_guides_are_no_guides():
    assert guide(*list(LABELS)[1:]) == []
    assert guide(*list(LABELS)[4:], title="关于优化服务的通知") == []
    rows = "".join(f'<li><a href="{number}.html">某事项办事指南</a></li>' for number in range(5))
    assert list(Guides().inspect(page_of(document(f"<ul>{rows}</ul>", title="办事指南"), url=URL))) == []


HOST = {"host": "www.example.gov.cn", "url": "https://www.example.gov.cn/"}
STACKS = [
    (DualStack(**HOST, addresses=()), ["no-address"]),
    (DualStack(**HOST, addresses=("2001:db8::1",)), []),
    (DualStack(**HOST, addresses=("2001:db8::1",), response=Response(HOST["url"], error="timeout")), ["unreachable"]),
    (DualStack(**HOST, addresses=("2001:db8::1",), response=Response(HOST["url"], 200), same=True), []),
    (DualStack(**HOST, addresses=("2001:db8::1",), response=Response(HOST["url"], 200), same=False), ["different"]),
]


@pytest.mark.parametrize(("stack", "expected"), STACKS)
def test_what_a_host_offers_over_ipv6(stack, expected):
    assert [finding.variant for finding in Ipv6().inspect(stack)] == expected
