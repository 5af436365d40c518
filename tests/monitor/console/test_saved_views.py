"""Saved views of findings: one's own or shared, nothing but a filter, removed by who may."""

from __future__ import annotations

import re

import pytest

from monitor.accounts.auditing import AuditLog
from monitor.store.accounts.audit_log import AuditFilter
from monitor.store.accounts.saved_views import MOST, SavedViewStore, TooManyViewsError
from tests.monitor.console.bureau import MARKUP, send

OVERDUE = "severity=major&overdue=1"


def views(page: str) -> list[tuple[str, str]]:
    """Query and name of the views that a page offers."""
    listed = re.findall(r'<li class="view"><a href="/findings\?([^"]*)"[^>]*><span>([^<]*)', page)
    return [(query.replace("&amp;", "&"), name.strip()) for query, name in listed]


def test_a_filter_is_saved_offered_marked_and_removed(own_console):
    with own_console.person("editor") as client:
        answer = send(client, "/views", {"name": "超期的一般问题", "filter": f"{OVERDUE}&after=x&nonsense=1"})
        assert answer.headers["location"] == f"/findings?{OVERDUE}"
        page = client.get(f"/findings?{OVERDUE}").text
        assert views(page) == [(OVERDUE, "超期的一般问题")]
        assert re.search(r'<li class="view"><a href="[^"]+" aria-current="true">', page)
        send(client, "/views", {"name": "超期的一般问题", "filter": "rule=typo"})
        assert views(client.get("/findings").text) == [("rule=typo", "超期的一般问题")]
        number = re.search(r"/views/(\d+)/remove", client.get("/findings").text)[1]
        send(client, f"/views/{number}/remove", {})
        assert views(client.get("/findings").text) == []
    kept = AuditLog(own_console.bureau.store).select(AuditFilter(who="editor", limit=5))
    assert [record.entry.action for record in kept][:3] == ["view.remove", "view.save", "view.save"]


def test_others_see_what_is_shared_and_only_administrators_remove_it(own_console):
    with own_console.person("editor") as client:
        send(client, "/views", {"name": "我的", "filter": OVERDUE})
        send(client, "/views", {"name": MARKUP[:30], "filter": "rule=typo", "shared": "1"})
    with own_console.person("viewer") as other:
        page = other.get("/findings").text
        assert [query for query, _ in views(page)] == ["rule=typo"]
        assert "<script>alert" not in page
        assert "/views/2/remove" not in page
        assert send(other, "/views/2/remove", {}).status_code == 404
    with own_console.person("admin") as admin:
        assert send(admin, "/views/2/remove", {}).status_code == 303
        assert send(admin, "/views/2/remove", {}).status_code == 404


@pytest.mark.parametrize("name", ["", "x" * 41, "a\nb"])
def test_a_view_needs_a_name(own_console, name):
    with own_console.person("viewer") as client:
        assert send(client, "/views", {"name": name, "filter": ""}).status_code == 422


def test_a_user_keeps_so_many_at_most(own_console):
    kept = SavedViewStore(own_console.bureau.store.engine)
    for number in range(MOST):
        kept.save(1, f"{number}", "", 0.0, shared=False)
    kept.save(1, "0", "rule=typo", 0.0, shared=False)
    with pytest.raises(TooManyViewsError):
        kept.save(1, "one more", "", 0.0, shared=False)
    assert len(kept.load(1)) == MOST
