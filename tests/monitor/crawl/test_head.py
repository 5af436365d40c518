"""A target is asked with as little as tells, and as browsers ask before it is called broken."""

from __future__ import annotations

import pytest

from checks.model import Kind
from monitor.crawl.frontier import Job
from monitor.crawl.head import ask_target, plain_answer
from monitor.fetch import Fetcher
from tests.server.site import Site

PDF = b"%PDF-1.7 a real file"


def served(partial: int | str, whole: int = 200):
    """Answer with one status to Range and with another to none; "reset" drops the connection, "page" is an error's."""

    async def handler(exchange) -> None:
        status = partial if "range" in exchange.headers else whole
        if status == "reset":
            exchange.reset()
        elif status == "page":
            await exchange.answer("<!DOCTYPE html><title>Range?</title>")
        else:
            await exchange.answer(PDF if status < 400 else b"no", status=status, type="application/pdf")

    return handler


CASES = [
    (served(206), 206, 1),
    (served(200), 200, 1),
    (served(416), 200, 2),
    (served(404), 200, 2),
    (served(500), 200, 2),
    (served(403), 200, 2),
    (served("reset"), 200, 2),
    (served("page"), 200, 2),
    (served(404, 404), 404, 2),
    (served(500, 500), 500, 2),
]


@pytest.mark.parametrize(("handler", "status", "requests"), CASES)
async def test_a_file_is_asked_for_without_range_before_it_is_called_broken(handler, status, requests):
    with Site({"/a.pdf": handler}).running() as site:
        async with Fetcher(user_agent="test", allow_private=True) as fetcher:
            job = Job(1, f"{site.url}/a.pdf", Kind.ATTACHMENT, "a[href]", 1)
            fetched = await ask_target(fetcher.fetch, job, internal=True, titles=False)
        assert fetched.response.status == status
        assert len(site.asked("/a.pdf")) == requests
    if status < 400:
        assert plain_answer(job, fetched).sniffed == "pdf"


async def test_a_page_that_answers_head_alone_is_seen_for_what_it_is_where_it_is_read():
    async def lies(exchange) -> None:
        await exchange.answer("<title>x</title>", status=200 if exchange.method == "HEAD" else 404)

    with Site({"/a": lies}).running() as site:
        async with Fetcher(user_agent="test", allow_private=True) as fetcher:
            job = Job(1, f"{site.url}/a", Kind.PAGE, "a[href]", 1)
            read = await ask_target(fetcher.fetch, job, internal=False, titles=True)
    assert read.response.status == 404
