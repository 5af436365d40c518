"""Build the nouns for tests: every argument has a believable default, so that a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from checks.model import (
    Excerpt,
    Finding,
    Kind,
    Link,
    Page,
    Redirect,
    Reference,
    Referrer,
    Response,
    Rule,
    Severity,
    Text,
)
from reports.model import Baseline, Entry, Report, Run, Scope, Status

SITE = "https://www.qinghe.gov.cn"
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
MONDAY = datetime(2026, 9, 7, 2, 0, tzinfo=CHINA)
"""The fire time of the sample run: a Monday, 02:00 in China."""


def at(path: str) -> str:
    """Return the address of a path on the sample site."""
    return SITE + path


def response(url: str = at("/"), status: int | None = 200, **fields) -> Response:
    """Return an answer; pass ``status=None, error="dns"`` for none."""
    return Response(url, status, **fields)


def redirect(url: str, status: int, location: str) -> Redirect:
    """Return one hop."""
    return Redirect(url, status, location)


def reference(href: str = "/art/1.html", kind: Kind = Kind.PAGE, **fields) -> Reference:
    """Return a place in a page that points to ``href`` on the sample site."""
    url = href if ":" in href else at(href)
    return Reference(href, url, kind, **fields)


def page(url: str = at("/"), html: str = "<title>清河县人民政府</title>", **fields) -> Page:
    """Return a page that answered 200."""
    defaults = {"response": response(url), "fetched": MONDAY.astimezone(UTC), "title": "清河县人民政府"}
    return Page(url=url, html=html, **(defaults | fields))


def link(url: str = at("/gone.html"), status: int | None = 404, *, referrers=((SITE, "旧文件"),), **fields) -> Link:
    """Return a target that answered ``status`` (None with ``error=``) and that ``referrers`` point at."""
    answer = Response(url, status, error=fields.pop("error", None), redirects=fields.pop("redirects", ()))
    pages = tuple(Referrer(*referrer) for referrer in referrers)
    defaults = {"kind": Kind.PAGE, "internal": url.startswith(SITE), "looks": (answer,), "referrer_count": len(pages)}
    return Link(url=url, referrers=pages, **(defaults | fields))


def rule(id: str = "sample-rule", severity: Severity = Severity.MAJOR, **fields) -> Rule:  # noqa: A002 - the field's name
    """Return a rule that says little."""
    defaults = {
        "family": "links",
        "title": Text("示例问题", "Sample problem"),
        "message": Text("这里有问题", "Something is wrong here"),
        "remedy": Text("改正这个问题", "Put it right"),
        "basis": Text("示例条款", "Sample clause"),
        "why": Text("用来举例", "To serve as an example"),
    }
    return Rule(id=id, severity=severity, **(defaults | fields))


def excerpt(before: str = "请登录", wrong: str = "帐号", after: str = "办理", start: int = 3) -> Excerpt:
    """Return a place in a text."""
    return Excerpt(before, wrong, after, start)


def finding(of: Rule | None = None, url: str = at("/"), **fields) -> Finding:
    """Return a finding of a rule."""
    return Finding(of or rule(), url, **fields)


def entry(found: Finding | None = None, baseline: Baseline = Baseline.NEW, **fields) -> Entry:
    """Return a finding with its history: new ones were first seen in the sample run, the others four weeks before."""
    age = timedelta(0) if baseline is Baseline.NEW else timedelta(weeks=4)
    defaults = {"first_seen": MONDAY - age, "last_seen": MONDAY}
    return Entry(found or finding(), baseline, **(defaults | fields))


def run(**fields) -> Run:
    """Return the facts of a complete homepage run of Monday morning."""
    defaults = {
        "id": "20260907-homepage-01",
        "site": "清河县人民政府",
        "url": at("/"),
        "scope": Scope.HOMEPAGE,
        "scheduled_for": MONDAY,
        "started": MONDAY + timedelta(seconds=12),
        "finished": MONDAY + timedelta(minutes=6, seconds=41),
        "status": Status.COMPLETE,
        "pages": 1,
        "requests": 214,
        "links": 187,
        "bytes": 6_300_000,
    }
    return Run(**(defaults | fields))


def report(*entries: Entry, **fields) -> Report:
    """Return a report of the sample run with these findings."""
    return Report(**({"run": run(), "findings": entries} | fields))
