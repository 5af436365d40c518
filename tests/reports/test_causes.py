"""What a line of the score counts, as people know it."""

from __future__ import annotations

from datetime import date

from checks.model import ColumnStatus, ColumnType
from reports.causes import Cause, Causes
from reports.model import ColumnSummary
from reports.wording import words
from tests.factories import at, entry, finding, link, report

NOTICES = ColumnSummary("通知公告", at("/tzgg/"), ColumnType.NOTICE, 9, date(2026, 4, 2), 183, ColumnStatus.STALE)
BLANK = ColumnSummary("意见征集", at("/yjzj/"), ColumnType.INTERACTION, 0, None, 365, ColumnStatus.BLANK)


def test_findings_and_columns_are_found_again():
    dead = finding(target=link(at("/gone.html"), referrers=((at("/"), "旧文件"),)), key="a")
    mute = finding(target=link(at("/gone.js"), referrers=((at("/"), ""),)), key="b")
    leak = finding(url=at("/mingdan.html"), key="c")
    made = report(entry(dead), entry(mute), entry(leak, page_title="拟聘人员公示"), columns=(NOTICES, BLANK))
    behind = (*(each.fingerprint for each in (dead, mute, leak)), NOTICES.url, BLANK.url)
    assert Causes(made, words("zh-CN")).of(behind) == [
        Cause("旧文件", "这里有问题", at("/gone.html"), dead.fingerprint[:10]),
        Cause("", "这里有问题", at("/gone.js"), mute.fingerprint[:10]),
        Cause("拟聘人员公示", "这里有问题", at("/mingdan.html"), leak.fingerprint[:10]),
        Cause("通知公告", "超期未更新，最近更新 2026-04-02", at("/tzgg/")),
        Cause("意见征集", "空白栏目", at("/yjzj/")),
    ]


def test_what_the_report_does_not_know_is_left_to_the_sentence():
    assert Causes(report(), words("en")).of((at("/"), "0" * 32)) == []
