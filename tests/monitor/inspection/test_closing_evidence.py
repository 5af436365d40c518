"""What closes an entry says what answered, and where."""

from __future__ import annotations

import pytest

from checks.model import Host, Link, Page, Redirect, Response
from monitor.inspection.closing_evidence import evidence_of
from monitor.store.crawl.targets import TargetAnswer
from reports.digest import OpenFault, verified_at

PLACE, PAGES = "http://a.cn/x.pdf", ("http://a.cn/1", "http://a.cn/2")
LINKED = OpenFault("f", "links", PLACE, referrers=PAGES)
MOVED = Response("http://a.cn/y.pdf", 200, redirects=(Redirect(PLACE, 301, "http://a.cn/y.pdf"),))


@pytest.mark.parametrize(
    ("subject", "answers", "looked", "said"),
    [
        (Link, {}, {PLACE}, f"opens now: {PLACE}"),
        (Page, {}, {PLACE}, f"looked at again, not found any more: {PLACE}"),
        (Host, {}, {PLACE}, f"looked at again, not found any more: {PLACE}"),
        (Link, {PLACE: TargetAnswer((Response(PLACE, 500), MOVED))}, {PLACE}, f"redirected to {MOVED.url}, not found"),
        (Link, {PLACE: TargetAnswer((Response(PLACE, 404),))}, {PLACE}, f"HTTP 404, not found any more: {PLACE}"),
        (Link, {}, {*PAGES}, f"none of 2 pages links to it any more: {PAGES[0]}"),
    ],
)
def test_what_answered_is_said_with_its_address(subject, answers, looked, said):
    places = verified_at(LINKED, lambda _, place: place in looked)
    assert said in evidence_of(LINKED, places, subject, answers).en
