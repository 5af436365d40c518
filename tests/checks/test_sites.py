"""The fixture sites: every column and every planted fault is found, and nothing else."""

import pytest

from checks.charset import Charset
from checks.columns.interfaces import read_answer
from checks.columns.inventory import assemble
from checks.columns.limits import ColumnLimits
from checks.columns.page_facts import continued, observe
from checks.dates import Dates
from checks.freshness import Freshness, Homepage
from checks.identity import Identity
from checks.meta import Meta
from checks.privacy import Privacy
from checks.publication import Interpretations, Punctuality, RequiredColumns
from checks.services import Guides, Letters
from checks.sources import Sources
from checks.speed import Speed
from checks.templates import Templates
from tests.sites.fixture import SITES, Site
from tests.sites.pages import NOW, page_of

PAGE_CHECKS = (Privacy(), Identity(), Sources(), Charset(), Templates(), Punctuality(), Guides(), Speed())
COLUMN_CHECKS = (Freshness(), Dates(), Letters())
SITE_CHECKS = (Homepage(), Meta(), RequiredColumns(), Interpretations())


@pytest.fixture(params=SITES)
def site(request):
    return Site.load(request.param)


def pages_of(site):
    for path, (kind, body) in site.answers.items():
        url = site.home.rstrip("/") + path
        yield page_of(body, url=url, headers=(("content-type", kind),), homepage=path == "/")


def crawl(site, *, ask=True):
    """Observe every page, and ask the interfaces of the lists as the crawler would."""
    facts = [observe(page) for page in pages_of(site)]
    waiting = [(each, request) for each in facts if each.listing for request in each.listing.following] if ask else []
    while waiting:
        head, request = waiting.pop()
        path = request.url.removeprefix(site.home.rstrip("/"))
        answer = site.answer(path, request.form)
        if answer is None or "html" in answer[0]:
            continue
        listing = read_answer(answer[1].decode(), request.url, head.url, NOW)
        facts.append(continued(head, request, listing))
        waiting += [(head, each) for each in listing.following]
    return facts


def test_a_site_has_enough_pages(site):
    assert 8 <= len(site.answers) <= 40


def test_every_column_is_found_with_its_type_and_newest_date(site):
    columns = assemble(crawl(site), site.home, NOW).columns
    found = {column.url.removeprefix(site.home.rstrip("/")): column for column in columns}
    assert {path: described(column) for path, column in found.items()} == {
        path: (truth["type"], truth["newest"] and f"{truth['newest']}", truth["status"], truth["items"])
        for path, truth in site.truth["columns"].items()
    }


def described(column):
    newest = f"{column.newest:%Y-%m-%d}" if column.newest else None
    return (column.type, newest, ColumnLimits().stand(column).status, len(column.items))


def test_a_list_that_nobody_asked_for_needs_rendering(site):
    columns = assemble(crawl(site, ask=False), site.home, NOW).columns
    standing = {
        column.url.removeprefix(site.home.rstrip("/")): ColumnLimits().stand(column).status for column in columns
    }
    unasked = site.truth.get("unasked", {})
    assert {path: status for path, status in standing.items() if status == "needs-rendering"} == unasked


def test_every_planted_fault_is_found_and_nothing_else(site):
    inventory = assemble(crawl(site), site.home, NOW)
    found = [finding for check in PAGE_CHECKS for page in pages_of(site) for finding in check.inspect(page)]
    found += [finding for check in COLUMN_CHECKS for column in inventory.columns for finding in check.inspect(column)]
    found += [finding for check in SITE_CHECKS for finding in check.inspect(inventory)]
    seen = sorted((each.rule.id, each.variant, each.url.removeprefix(site.home.rstrip("/"))) for each in found)
    planted = sorted((each["rule"], each.get("variant"), each["page"]) for each in site.truth["faults"])
    assert len(seen) == len(planted), seen
    for (rule, variant, url), (wanted, kind, page) in zip(seen, planted, strict=True):
        assert rule == wanted, seen
        assert kind in {None, variant}, (rule, variant)
        assert url.startswith(page), (rule, url, page)


def test_every_message_reads_in_both_languages(site):
    inventory = assemble(crawl(site), site.home, NOW)
    found = [finding for check in PAGE_CHECKS for page in pages_of(site) for finding in check.inspect(page)]
    found += [finding for check in COLUMN_CHECKS for column in inventory.columns for finding in check.inspect(column)]
    found += [finding for check in SITE_CHECKS for finding in check.inspect(inventory)]
    for finding in found:
        for language in ("zh-CN", "en"):
            assert "{" not in finding.rule.say(finding, language).replace("${item.summary}", "")
