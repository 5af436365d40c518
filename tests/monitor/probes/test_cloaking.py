"""A page got once more as somebody else, and the few addresses that must not answer."""

from checks.security.cloaking import Cloaking
from checks.security.exposure import SPOTS, ExposedFiles
from monitor.fetch import Fetcher
from monitor.pages.parse import Parser
from monitor.pages.urls import HrefResolver
from monitor.probes import exposure
from monitor.probes.cloaking import second_look
from tests.factories import MONDAY
from tests.server.site import Site

HONEST = "<html><head><title>清河县人民政府</title></head><body>政务公开</body></html>"
POISONED = HONEST.replace("政务公开", '<p style="display:none"><a href="http://www.example.com/">六合彩</a></p>')


async def cloaked(exchange):
    search = "baidu" in exchange.headers.get("referer", "") and "Mobile" in exchange.headers["user-agent"]
    await exchange.answer(POISONED if search else HONEST)


async def leading_away(exchange):
    if "baidu" in exchange.headers.get("referer", ""):
        await exchange.redirect("http://www.example.invalid/")
    else:
        await exchange.answer(HONEST)


async def honest(exchange):
    await exchange.answer(HONEST)


async def looked_at(handler):
    with Site({"/": handler}).running() as site:
        async with Fetcher(user_agent="test", allow_private=True) as fetcher:
            parser = Parser(HrefResolver())
            first = await fetcher.fetch(site.url + "/")
            page = parser.parse(site.url + "/", first.response, first.body, MONDAY)
            return await second_look(fetcher, parser, page)


async def test_a_visitor_from_a_search_engine_sees_what_others_do_not():
    versions = await looked_at(cloaked)
    (finding,) = Cloaking().inspect(versions)
    assert finding.variant == "content"
    assert "六合彩" in finding.evidence


async def test_an_honest_page_is_the_same_for_everybody():
    assert list(Cloaking().inspect(await looked_at(honest))) == []


async def test_a_second_version_that_does_not_open_is_none():
    assert await looked_at(leading_away) is None


async def repository(exchange):
    await exchange.answer("ref: refs/heads/master\n", type="text/plain")


async def elsewhere(exchange):
    await exchange.redirect("/.git/HEAD")


async def test_each_address_is_asked_once_and_redirects_are_left_alone():
    with Site({"/.git/HEAD": repository, "/.svn/entries": elsewhere}).running() as site:
        async with Fetcher(user_agent="test", allow_private=True) as fetcher:
            answers = [answer async for answer in exposure.look(fetcher, site.url, delay=0)]
    assert [target for _, target, _ in site.requests] == [spot.path for spot in SPOTS]
    found = [finding for answer in answers for finding in ExposedFiles().inspect(answer)]
    assert [finding.url for finding in found] == [f"{site.url}/.git/HEAD"]
