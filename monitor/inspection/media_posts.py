"""Judge what the accounts of an office posted: its texts as those of pages, and what it gives away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from checks.model import MediaAccount, Page, Post, Response
from monitor.inspection.checking import Judging
from monitor.store.findings import CheckFinding


async def judge_posts(accounts: Iterable[MediaAccount], judging: Judging) -> list[CheckFinding]:
    """Return what is wrong with the posts of accounts, each finding under the account's name."""
    found = []
    for account in accounts:
        for post in account.posts:
            wrong = [*judging.inspect(post), *await judging.judge_text(_as_page(post))]
            found += [CheckFinding(check, replace(finding, column=account.name)) for check, finding in wrong]
    return found


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
