"""Say what became of a crawl: why nothing was read, and what it could not look at."""

from __future__ import annotations

from collections.abc import Iterator

from checks.model import Response, Text
from checks.network_words import in_chinese
from monitor.crawl.crawler import Crawl
from reports.wording import LANGUAGES, words

NAMED = 5
"""Addresses that a notice names; their number is exact."""


def crawl_notices(crawl: Crawl) -> Iterator[Text]:
    """Yield what a reader has to know of a crawl that is no finding about the site."""
    if crawl.no_robots is not None:
        yield without_robots(crawl.no_robots)
    unjudged = unjudged_addresses(crawl)
    if unjudged:
        yield could_not_judge(unjudged)


def unjudged_addresses(crawl: Crawl) -> list[str]:
    """Return the addresses on which this program failed."""
    targets = [target.url for target in crawl.frontier.store.load_amiss() if target.answer.unjudged]
    return targets + crawl.unjudged_lists


def could_not_judge(urls: list[str]) -> Text:
    """Return the notice about targets on which this program failed."""
    named = urls[:NAMED]
    zh = f"{len(urls)} 个地址使本程序出错，没有得出结论：{'、'.join(named)}"
    en = f"this program failed on {len(urls)} addresses and says nothing of them: {', '.join(named)}"
    return Text(f"{zh} 等", f"{en}, …") if len(urls) > NAMED else Text(zh, en)


def without_robots(answer: Response) -> Text:
    """Return the notice that robots.txt could not be had, and what follows from it."""
    zh = en = f"HTTP {answer.status}"
    if answer.error is not None:
        zh, en = (words(language).label("error", answer.error) for language in LANGUAGES)
    return Text(
        f"robots.txt 没有正常回答（{zh}），按没有限制检查",
        f"robots.txt could not be had ({en}); the site was inspected as if it asked nothing of robots",
    )


def why_unread(crawl: Crawl) -> Text | None:
    """Return why nothing of a site was read, None where its homepage was: a site that nobody saw is not a sound one.

    A run that goes on with one that was killed has read pages, though it need not read the homepage again.
    """
    reader = crawl.reader
    if reader.homepage is not None:
        return None
    if crawl.stopped == "unjudged":
        return Text("首页使本程序出错，网站没有检查", "the homepage made this program fail, so nothing was inspected")
    if reader.challenge is not None:
        return Text(
            f"首页被防火墙（{reader.challenge}）拦截，网站没有检查：请把本程序的地址加入白名单",
            f"a firewall ({reader.challenge}) answered instead of the homepage, so nothing was inspected: let us in",
        )
    if reader.failure is not None:
        return why_unopened(reader.failure)
    if crawl.frontier.counters.pages == 0 and not crawl.stopped:
        return Text(
            "首页不是本站的网页，没有可检查的内容", "the homepage is no page of this site, so nothing was inspected"
        )
    return None


def why_unopened(response: Response) -> Text:
    """Return why a homepage does not open; in Chinese also what a library said of it, where that is known."""
    zh, en = f"HTTP {response.status}", f"HTTP {response.status}"
    if response.error is not None:
        zh, en = (words(language).label("error", response.error) for language in LANGUAGES)
    if response.detail:
        detail = response.detail[:200]
        zh, en = f"{zh}（{in_chinese(detail)}）", f"{en} ({detail})"
    return Text(f"首页打不开：{zh}", f"the homepage does not open: {en}")
