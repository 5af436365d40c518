"""Ask targets that are not read for links whether they open, with as little as tells."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from checks.model import ErrorKind, Kind, Page, Reference, Response
from checks.reading.firewalls import challenge_of
from checks.reading.sniff import sniff
from checks.reading.soft404 import ERROR_PATH
from checks.security.hijacked import title_of
from monitor.crawl.answers import is_success
from monitor.crawl.jobs import Job
from monitor.fetch import Fetched
from monitor.pages.css import css_urls
from monitor.pages.decoding import decode
from monitor.pages.reference_kinds import css_kind
from monitor.pages.urls import MalformedError, host_of, resolve
from monitor.store.crawl.targets import TargetAnswer

Fetch = Callable[..., Awaitable[Fetched]]

SAMPLE = 1024
"""Bytes of a file that are read to tell what it is."""

GLANCE = 64 * 1024
"""Bytes of a foreign page that are read where its status alone cannot be trusted."""

TELLING_HOSTS = frozenset({"mp.weixin.qq.com"})
"""Foreign hosts that answer 200 for what is gone, so that their pages have to be read."""

TITLE = 200
"""Characters of a title that are kept."""

TITLE_BYTES = 16 * 1024
"""Of another site's page, where its title is wanted: titles stand among the first lines."""


async def ask_target(fetch: Fetch, job: Job, *, internal: bool, titles: bool) -> Fetched:
    """Return what a target answers: to HEAD, to GET where HEAD lies or the first bytes are needed.

    Style sheets of the site are read whole, for what they load. ``titles`` reads the start of other sites' pages.
    """
    if job.kind == Kind.STYLE and internal:
        return await fetch(job.url)
    if job.kind == Kind.ATTACHMENT:
        return await _sample(fetch, job.url)
    if job.look > 1 or host_of(job.url) in TELLING_HOSTS:
        return await fetch(job.url, head_bytes=GLANCE)
    if titles and job.kind == Kind.PAGE and not internal:
        return await fetch(job.url, head_bytes=TITLE_BYTES)
    fetched = await fetch(job.url, method="HEAD")
    return await fetch(job.url, head_bytes=GLANCE) if distrusted(job, fetched.response) else fetched


async def _sample(fetch: Fetch, url: str) -> Fetched:
    """Get as much of a file as tells what it is: it may be an error page under a file's name."""
    fetched = await fetch(url, headers={"Range": f"bytes=0-{SAMPLE - 1}"}, head_bytes=SAMPLE)
    return await fetch(url, head_bytes=SAMPLE) if _needs_the_whole(fetched) else fetched


def _needs_the_whole(fetched: Fetched) -> bool:
    """Return whether a file is to be asked for without Range: browsers do, and servers fail at what few ask for.

    They may say so in a page that answers 200.
    """
    response = fetched.response
    if response.error is not None:
        return response.error not in BEYOND_HEAD
    return (response.status or 0) >= 400 or not fetched.body or sniff(fetched.body) == "html"


def style_references(fetched: Fetched) -> Iterator[Reference]:
    """Yield what a style sheet loads."""
    for href in css_urls(fetched.body.decode("utf-8", "replace")):
        try:
            target = resolve(fetched.response.url, href)
        except MalformedError:
            continue
        if target.url:
            yield Reference(href, target.url, css_kind(href), "", None, "css")


def plain_answer(job: Job, fetched: Fetched, page: Page | None = None) -> TargetAnswer:
    """Return the record of an answer as far as its status, headers and first bytes tell; ``page`` is what was read."""
    response, head = fetched.response, fetched.body[:GLANCE]
    kind = None
    if job.kind in {Kind.ATTACHMENT, Kind.IMAGE} and response.status == 200 and response.error is None:
        kind = sniff(head)
        if kind is None and response.header("content-length") == "0":
            kind = "empty"
    elif job.kind == Kind.ATTACHMENT and response.status == 206:
        kind = sniff(head)
    looks = (*job.looks, response)
    title = _title(job, response, head) if page is None else page.title[:TITLE]
    return TargetAnswer(looks, sniffed=kind, challenge=challenge_of(response, head), title=title)


def _title(job: Job, response: Response, head: bytes) -> str:
    """Read the title of a page of which only the start was asked for."""
    if job.kind != Kind.PAGE or not head or "html" not in (response.header("content-type") or "html"):
        return ""
    return title_of(decode(head, response.header("content-type")).text)[:TITLE]


BEYOND_HEAD = frozenset(
    {
        ErrorKind.DNS,
        ErrorKind.TIMEOUT,
        ErrorKind.CONNECT,
        ErrorKind.TLS,
        ErrorKind.FORBIDDEN_ADDRESS,
        ErrorKind.MALFORMED,
    }
)
"""Errors that have nothing to do with the method: GET would end in the same."""


def distrusted(job: Job, response: Response) -> bool:
    """Return whether the answer to HEAD has to be asked again with GET."""
    if response.error in BEYOND_HEAD:
        return False
    if response.error is not None or not is_success(response.status):
        return True
    html = "html" in (response.header("content-type") or "")
    return (job.kind == Kind.IMAGE and html) or any(ERROR_PATH.search(hop.location) for hop in response.redirects)
