"""A site that writes half-width marks by habit: one finding whatever the pages, none for slips and technical text."""

from __future__ import annotations

import pytest

from checks.model import Confidence
from checks.punctuation_habit import HalfWidth
from tests.sites.pages import page_of

HABIT = "请于每周二,携带身份证,到窗口办理,不收取费用。"


def test_pages_of_a_site_share_one_finding() -> None:
    (first,) = HalfWidth().inspect(page_of(f"<p>{HABIT}</p>", url="https://a.gov.cn/1"))
    (second,) = HalfWidth().inspect(page_of(f"<p>工作动态</p><p>{HABIT}</p>", url="https://a.gov.cn/2"))
    assert first.fingerprint == second.fingerprint
    assert (first.suggestion, first.confidence) == ("，", Confidence.SUSPECTED)


@pytest.mark.parametrize(
    "text",
    [
        "各部门要结合实际,认真抓好落实，重大问题及时报告。",
        "请于每周二,到窗口办理",
        "安装 apt 软件包,然后运行它,再重启,就可以了。",
        "当前位置:首页",
    ],
)
def test_what_is_no_habit(text: str) -> None:
    assert not list(HalfWidth().inspect(page_of(f"<p>{text}</p>")))
