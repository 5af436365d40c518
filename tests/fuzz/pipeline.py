"""Take bytes all the way: page, every check that can be given one, the store's JSON, every report.

``Pipeline.read`` raises whatever any of them raises, which the inspection itself would fence off and report.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks import CHECKS
from checks.columns.inventory import assemble
from checks.columns.page_facts import observe
from checks.model import (
    Block,
    Check,
    Column,
    Document,
    ErrorKind,
    Exposure,
    Finding,
    Inventory,
    Link,
    Page,
    Referrer,
    Response,
    Versions,
)
from checks.reading.attachments import read_attachment
from checks.reading.firewalls import challenge_of
from checks.reading.sniff import sniff
from checks.reading.soft404 import signals
from monitor.crawl.frontier import record_of
from monitor.crawl.soft404 import sight
from monitor.inspection.equipment import equipped
from monitor.pages.parse import Parser
from monitor.pages.urls import HrefResolver
from monitor.store.codec import finding_from_json, finding_to_json
from monitor.store.crawl.pages import page_row
from reports import FORMATS
from tests.factories import entry, report
from tests.sites.fixture import SITES, Site
from tests.sites.pages import NOW

URL = "http://www.qinghe.gov.cn/zwgk/index.html"
LINKS = 20
"""References of a page that are judged as links."""

OWN_SEEDS = (
    b"",
    b"<svg><a xlink:href='/a'>x</a><image href=i.png /><area/><link/></svg><math><a></a></math>",
    b"<select onchange='window.open(this.value)'><option value=http://a.gov.cn/>a<option value=/b></select>",
    b"<iframe src=a srcdoc='&lt;a href=x>y&lt;/a>'></iframe><button formaction=/f>x</button>",
    b"<style>@import'x.css';a{background:image-set('a.png' 1x);content:'url(x)'}</style><p style='background:URL(b)'>",
    b"<script>var re=new RegExp(' ','gi');// location.href='/n'\nlocation.href='/y';</script>",
    b"<script>document.write('<a href=x>')</script>",
    "<p>关于印发<code>${a}</code>的通知（<img src=a>）{{title}}</p>".encode(),
    b"<meta charset=utf-16><meta http-equiv=refresh content='0;url=x'><base href=//a.cn/x/>",
)


def seeds(*folders: Path) -> tuple[bytes, ...]:
    """Return the documents that inputs are made from: fixture sites, our own, and every page below the folders."""
    found = [body for name in SITES for _, body in Site.load(name).answers.values()]
    kept = found[:: max(1, len(found) // 60)]
    files = (path for folder in folders for path in sorted(folder.rglob("*.htm*")) if path.is_file())
    return (*OWN_SEEDS, *kept, *(path.read_bytes() for path in files))


class Pipeline:
    """Every check as it runs by default; ``findings`` collects what came of the inputs since the last report."""

    def __init__(self) -> None:
        self.parser = Parser(HrefResolver())
        self.checks: list[Check] = [equipped(check()) for check in CHECKS]
        self.findings: list[Finding] = []
        self.facts = []

    def read(self, body: bytes, content_type: str) -> None:
        """Read one document and judge it."""
        response = Response(URL, 200, (("Content-Type", content_type), ("Set-Cookie", "a=1")))
        head = body[:8192]
        page = self.parser.parse(URL, response, body, NOW, homepage=len(body) % 2 == 0)
        kind, guard = sniff(head), challenge_of(response, head)
        shown = sight(page, redirected=False)
        soft = tuple(signals(shown, shown))
        page_row(record_of(page, b"0" * 16, page.references))
        self.facts.append(observe(page))
        extract = read_attachment(body)
        self._judge(page)
        self._judge(Versions(URL, page, page))
        self._judge(Document(URL, extract.text or page.text, NOW))
        self._judge(Exposure("/.git/config", response, head.decode("latin-1")))
        for block in page.blocks[:40]:
            self._judge(block)
        for link in _links(page, kind, guard, soft):
            self._judge(link)

    def report(self) -> None:
        """Judge the pages since the last report as a site, and write every report in both languages."""
        inventory: Inventory = assemble(self.facts, URL, NOW)
        self._judge(inventory)
        for column in inventory.columns:
            self._judge(column)
        kept = {finding.fingerprint: finding for finding in self.findings}
        made = report(*(entry(finding) for finding in kept.values()))
        self.facts, self.findings = [], []
        for name in FORMATS.keys() - {"pdf"}:  # the HTML on paper, which takes seconds
            for language in ("zh-CN", "en"):
                FORMATS[name].render(made, language)

    def _judge(self, subject: Page | Link | Block | Document | Exposure | Versions | Inventory | Column) -> None:
        for check in self.checks:
            if check.subject is type(subject):
                for finding in check.inspect(subject):
                    self.findings.append(finding_from_json(finding_to_json(finding)))


def _links(page: Page, kind: str | None, guard: str | None, soft: tuple[str, ...]) -> Iterator[Link]:
    """Yield links to what the page refers to, as if each had answered in another way."""
    errors = tuple(ErrorKind)
    for number, item in enumerate(page.references[:LINKS]):
        answer = Response(item.url or item.href, 200 if number % 2 else 404)
        if not item.url:
            answer = Response(item.href, error=ErrorKind.MALFORMED)
        elif number % 3 == 0:
            answer = Response(item.url, error=errors[number % len(errors)], detail=item.text)
        yield Link(
            url=item.url or item.href,
            kind=item.kind,
            internal=number % 2 == 0,
            looks=(answer,),
            referrers=(Referrer(page.url, item.text),),
            referrer_count=1,
            href=item.href,
            element=item.element,
            fragment=item.fragment,
            soft_404=soft if number % 5 == 0 else (),
            sniffed=kind,
            challenge=guard,
            title=page.title,
        )
