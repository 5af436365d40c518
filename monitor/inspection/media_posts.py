"""Judge what the accounts of an office posted: its texts and links as those of pages, and what it gives away."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from msgspec.structs import replace

from checks.model import Kind, Link, MediaAccount, Page, Post, Reference, Response
from monitor.failure import failure_of
from monitor.inspection.checking import Judging
from monitor.inspection.site_probes import CrawledSite, look_at_accounts
from monitor.logs import tell
from monitor.pages.offload import weight
from monitor.store.crawl.pages import PageRecord
from monitor.store.findings import CheckFinding

LINKS = 200
"""Links of one post that are asked for."""


async def judge_posts(accounts: Iterable[MediaAccount], judging: Judging) -> list[CheckFinding]:
    """Return what is wrong with the posts of accounts, each finding under the account's name."""
    found = []
    for account in accounts:
        for post in account.posts:
            wrong = [*judging.inspect(post), *await judging.judge_text(_as_page(post))]
            found += [CheckFinding(check, replace(finding, column=account.name)) for check, finding in wrong]
    return found


async def visit_links(site: CrawledSite) -> None:
    """Ask, as the crawl does, for what posts link to, so that a dead link is found with its post as referrer.

    A post at an address of the site is a page of it, whose links the crawl has seen. That accounts cannot be looked at
    costs their links alone: their probe tells of it.
    """
    crawl, judging = site.crawl, site.judging
    if crawl.stopped or crawl.reader.failure is not None:
        return
    if not (site.settings.accounts and judging.looks_at(Link) and judging.looks_at(MediaAccount)):
        return
    try:
        accounts = await look_at_accounts(site)
    except Exception as error:  # noqa: BLE001 - the fence round the probe
        tell("warning", "the links of posts were not checked", error=failure_of(error).reason)
        return
    linked = dict[str, Reference]()
    for post in (post for account in accounts for post in account.posts):
        if not post.html or crawl.scope.internal(post.url):
            continue
        references = await _links_of(post, site)
        crawl.frontier.keep(PageRecord(post.url, references=references))
        linked |= {reference.url: reference for reference in references}
    await crawl.visit(linked.values())


async def _links_of(post: Post, site: CrawledSite) -> tuple[Reference, ...]:
    """Return what a post links to; its pictures lie with the account's provider, who shows them there alone."""
    context, body = site.crawl.context, post.html.encode("utf-8", "replace")
    answer = Response(post.url, 200, (("content-type", "text/html; charset=utf-8"),))
    page = await context.offload(weight(body), site.crawl.parser.parse, post.url, answer, body, post.seen)
    links = {each.url: each for each in page.references if each.url and each.kind in {Kind.PAGE, Kind.ATTACHMENT}}
    return tuple(islice(links.values(), LINKS))


def _as_page(post: Post) -> Page:
    """Return a post as a page of which only the text is judged."""
    return Page(
        url=post.url,
        response=Response(post.url, status=200),
        html=post.html,
        fetched=post.seen,
        title=post.title,
        text=post.text,
    )
