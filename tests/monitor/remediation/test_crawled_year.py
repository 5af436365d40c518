"""A smaller year through real crawls: a site changes by a script, people act in between, histories are the script's."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from monitor.models import missing
from tests.monitor.desk import Desk
from tests.monitor.official import NEAR
from tests.monitor.web import html, serve, web
from tests.server.framing import raw
from tests.sites.pages import NOW

WEEKS = range(1, 10)
WHOLE = {1, 9}
"""Weeks in which the whole site is inspected first; the homepage is inspected every week but the first."""
DOWN = 5

TEXTS = {
    "/news.html": "<p>县政府召开常务会议，研究部署防汛工作。</p>",
    "/guide.html": "<p>办理时间为工作日上午。</p>",
    "/deep.html": "<p>项目已经开工建设。</p>",
    "/old.html": "<p>旧版页面将在改版后下线。</p>",
    "/a.html": "<p>甲栏目的说明。</p>",
    "/b.html": "<p>乙栏目的说明。</p>",
}
FAR = ("/guide.html", "/old.html")
"""Pages two clicks from the homepage: only rounds of the whole site read them."""
WORDING = "<p>请各单位按装要求报送材料。</p>"


def page(path, *more):
    return html(TEXTS[path] + "".join(more))


def leftover(path):
    """What a template has left in a page, another in each: the same in several is one fault."""
    return f'<p><a href="{{{{{path[1:-5]}.url}}}}">题</a></p>'


def link(*paths):
    return "".join(f'<p><a href="{path}">到 {path}</a></p>' for path in paths)


FIRST = {
    "/": html(link("/notice.html", *(path for path in TEXTS if path not in FAR)) + WORDING),
    "/notice.html": html("<p>通知如下。</p>"),
    **{path: page(path) for path in TEXTS},
    "/news.html": page("/news.html", link(*FAR)),
    "/a.html": page("/a.html", link("/lost.html")),
    **{path: page(path, leftover(path)) for path in ("/guide.html", "/deep.html", "/old.html")},
}
"""The site in the first week."""

CHANGES = {
    2: {"/notice.html": (404, "没有")},
    4: {"/notice.html": html("<p>通知如下。</p>")},
    6: {
        "/notice.html": (404, "又没有"),
        "/a.html": page("/a.html"),
        "/b.html": page("/b.html", link("/lost.html")),
    },
    8: {"/guide.html": page("/guide.html"), "/old.html": page("/old.html")},
}
"""What changes before the rounds of a week."""

HISTORY = {
    "/notice.html": [
        (2, "run", "state", "to-fix"),  # it appears
        (4, "run", "state", "closed"),  # repaired, which the homepage round sees
        (6, "run", "state", "to-fix"),  # it comes back
        (7, "recheck", "recheck", "gone"),  # repaired again, which a recheck sees
        (7, "recheck", "state", "closed"),
    ],
    "/lost.html": [
        (1, "run", "state", "to-fix"),  # on one page, and from week 6 on another
        (9, "person", "state", "to-verify"),
        (9, "recheck", "recheck", "gone"),  # taken out of the page that has it now
        (9, "recheck", "state", "closed"),
    ],
    "/": [
        (1, "run", "state", "to-fix"),
        (3, "person", "state", "false-positive"),
    ],
    "/guide.html": [
        (1, "run", "state", "to-fix"),
        (3, "person", "state", "to-verify"),
        (3, "recheck", "recheck", "still-there"),  # it was not mended
        (3, "recheck", "state", "to-fix"),
        (9, "run", "state", "closed"),  # only a round of the whole site reads it
    ],
    "/deep.html": [
        (1, "run", "state", "to-fix"),
        (4, "person", "state", "to-verify"),
        (4, "recheck", "recheck", "gone"),
        (4, "recheck", "state", "closed"),
    ],
    "/old.html": [
        (1, "run", "state", "to-fix"),
        (2, "person", "state", "postponed"),
        (5, "recheck", "recheck", "unknown"),  # the server is down
        (7, "term", "state", "to-fix"),
        (9, "run", "state", "closed"),
    ],
}
"""What becomes of each entry, by its target or page: week, cause, field, and what it became."""

EVIDENCE = {
    "/notice.html": ["现在能正常打开：/notice.html", "HTTP 200：/notice.html"],
    "/lost.html": ["1 个引用页面都不再链接到它：/b.html"],
    "/guide.html": ["重新检查，没有再发现：/guide.html"],
    "/deep.html": ["HTTP 200，没有再发现：/deep.html"],
    "/old.html": ["重新检查，没有再发现：/old.html"],
}
"""What showed each time that an entry was closed."""


@pytest.fixture
def desk(tmp_path):
    with web(FIRST).running() as site:
        yield Desk(tmp_path, site, "links,templates,typos", NEAR)


def begin(desk, week):
    desk.now = NOW + timedelta(weeks=week)


def put(desk, pages):
    for path, content in pages.items():
        desk.site.routes[path] = serve(content)


def entries(desk):
    """The entries by the path of their target or page."""
    listed = desk.run("ledger", "list", "--format=json")
    return {(each["target"] or each["page"]).removeprefix(desk.site.url): each for each in listed}


def count_open(desk):
    return sum(each["state"] != "closed" for each in entries(desk).values())


def number(desk, path):
    return str(entries(desk)[path]["number"])


def say(desk, path, *options):
    desk.run("ledger", "set", number(desk, path), *options, "--by=张三")


def people(desk, week):
    """What people do after the rounds of a week."""
    if week == 2:
        until = (desk.now + timedelta(weeks=4)).date()
        say(desk, "/old.html", "--state=postponed", "--why=等待改版", f"--until={until}")
    if week == 3:
        say(desk, "/", "--state=false-positive", "--why=本地用语")
        say(desk, "/guide.html", "--state=to-verify")
        desk.recheck("--to-verify", code=1)
    if week == 4:
        put(desk, {"/deep.html": page("/deep.html")})
        say(desk, "/deep.html", "--state=to-verify")
        desk.recheck("--to-verify")
    if week == DOWN:
        desk.recheck(number(desk, "/old.html"), code=3)
    if week == 7:
        put(desk, {"/notice.html": html("<p>通知如下。</p>")})
        desk.recheck(number(desk, "/notice.html"))
    if week == 9:
        put(desk, {"/b.html": page("/b.html")})
        say(desk, "/lost.html", "--state=to-verify")
        desk.recheck("--to-verify", "--site=fixture")


def rounds(desk, week):
    """Inspect as the timetable has it; every report adds up with the ledger."""
    for scope in ("site", "homepage") if week in WHOLE else ("homepage",):
        if (week, scope) == (1, "homepage"):
            continue
        before = count_open(desk)
        report = desk.inspect(scope=scope)
        counts = Counter(each["baseline"] for each in report["findings"])
        assert count_open(desk) == before + counts["new"] + counts["reopened"] - len(report["fixed"])
        desk.now += timedelta(hours=1)


def inspect_while_down(desk):
    """A server that is down: the run fails, and nothing of the ledger changes."""
    up = dict(desk.site.routes)
    desk.site.routes.update(dict.fromkeys([*up, "/robots.txt"], raw(b"")))
    before = entries(desk)
    desk.run("inspect", f"{desk.site.url}/", "--scope=homepage", "--checks=links,templates,typos", code=3)
    assert entries(desk) == before
    return up


def rows_of(desk, entry):
    (shown,) = desk.run("ledger", "show", str(entry["number"]), "--format=json")
    return [row for row in shown["history"] if row["field"] in {"state", "recheck"}]


def history(rows):
    return [(week_of(row["at"]), row["cause"], row["field"], row["after"]) for row in rows]


def evidence(desk, rows):
    """What showed that a fault was gone, each time that it was closed."""
    return [row["why"].replace(desk.site.url, "") for row in rows if row["after"] == "closed"]


def week_of(moment):
    return (datetime.fromisoformat(moment) - NOW).days // 7


def test_a_smaller_year_of_real_crawls(desk):
    if missing():
        pytest.skip("NOT TESTED: a year with language models, because none are installed here (make models)")
    for week in WEEKS:
        begin(desk, week)
        put(desk, CHANGES.get(week, {}))
        if week == DOWN:
            up = inspect_while_down(desk)
            people(desk, week)
            desk.site.routes.clear()
            desk.site.routes.update(up)
        else:
            rounds(desk, week)
            people(desk, week)
    found = entries(desk)
    rows = {path: rows_of(desk, entry) for path, entry in found.items()}
    assert {path: history(each) for path, each in rows.items()} == HISTORY
    assert {path: evidence(desk, each) for path, each in rows.items() if evidence(desk, each)} == EVIDENCE
    assert {
        path: (entry["reopened"], entry["bounced"])
        for path, entry in found.items()
        if path in {"/notice.html", "/guide.html"}
    } == {
        "/notice.html": (1, 0),
        "/guide.html": (0, 1),
    }
