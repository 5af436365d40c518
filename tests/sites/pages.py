"""Make Page objects for tests: from a piece of markup, or from the files of a fixture site."""

from datetime import datetime

from checks.model import Page, Response
from checks.reading.dates import CHINA
from monitor.pages.parse import Parser
from monitor.pages.urls import HrefResolver

NOW = datetime(2026, 9, 10, 10, 0, tzinfo=CHINA)
"""The moment at which every fixture is read."""

RESOLVER = HrefResolver()
HTML = "text/html; charset=utf-8"


def page_of(markup, url="https://www.example.gov.cn/zwgk/tzgg/index.html", fetched=NOW, *, homepage=False, **response):
    """Parse a document, or a piece of one, as the crawl would."""
    body = markup if isinstance(markup, bytes) else markup.encode()
    headers = response.pop("headers", (("content-type", HTML),))
    answer = Response(**{"url": url, "status": 200, "headers": headers, **response})
    return Parser(RESOLVER).parse(url, answer, body, fetched, homepage=homepage)


def document(body="", *, title="", meta=(), head=""):
    """Write a whole document around a body; ``meta`` is pairs of name and content."""
    metas = "".join(f'<meta name="{name}" content="{content}">' for name, content in meta)
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>{metas}{head}</head>'
        f"<body>{body}</body></html>"
    )


__all__ = ["NOW", "Page", "document", "page_of"]
