"""Pages as the crawler parses them."""

from datetime import UTC, datetime

import pytest

from checks.model import Response
from monitor.pages.parse import Parser
from monitor.pages.urls import HrefResolver

NOON = datetime(2026, 9, 7, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def parsed():
    """Return a function from HTML to the page that a crawl makes of it; ``headers`` are the answer's."""
    parser = Parser(HrefResolver())

    def parse(html, url="https://www.qinghe.gov.cn/art/1.html", *, status=200, headers=()):
        response = Response(url, status, (("Content-Type", "text/html; charset=utf-8"), *headers))
        return parser.parse(url, response, html.encode("utf-8", "surrogatepass"), NOON)

    return parse
