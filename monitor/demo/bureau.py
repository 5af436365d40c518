"""Render the demo site: content and templates in, answers out; dates count back from the day it is asked for.

Pure but for reading the packaged content once. What it answers is decided here, how it goes over the wire in
``server``.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import PurePosixPath
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from monitor.demo import office_files
from monitor.demo.content_files import ROOT, Content, read
from monitor.demo.edition import PRESENT, Edition

SERVER = (("Server", "nginx/1.14.0"), ("X-Powered-By", "Servlet/3.0; JBossAS-6"))
"""What an office's server tells about itself, and shall not: itself a planted problem."""

LEAKS = {"id_number": "110101199001011237", "phone": "13800138000", "bank_card": "6299990102030405060"}
"""Numbers that pass their checks and belong to nobody: well-known examples, and a card of an issuer that is none."""

SEARCH = re.compile(r"//[\w.]*(?:baidu|sogou|so|bing)\.com/")
"""Where the readers come from that an intruder sends elsewhere."""

MEDIA = {
    ".css": "text/css",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".js": "text/javascript",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""File name extension → media type, of what the site holds."""

ORDINARY = {"charset": "utf-8", "wait": 0.0, "made": None, "answered": None, "guide": None, "print": False}
"""What an article is unless its content says otherwise; ``made`` and ``answered`` are in days before today."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one address answers. ``wait`` is in seconds before the first byte; ``drop`` closes without an answer."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    wait: float = 0.0
    drop: bool = False

    @property
    def etag(self) -> str:
        """A strong validator made of the body."""
        return f'"{hashlib.blake2b(self.body, digest_size=8).hexdigest()}"'


@dataclass(frozen=True)
class DemoSite:
    """The bureau's site and those it links to, as of one day. All but ``today`` are origins.

    ``neighbour`` is everybody else's site, ``lapsed`` one whose name has a new owner, ``refused`` one where nobody
    listens, ``secure`` the neighbour under https, which it does not speak. ``edition`` is how the site was in the past.
    """

    today: date
    origin: str
    neighbour: str
    lapsed: str
    refused: str
    secure: str
    bureau: Content = field(default_factory=lambda: read("site"))
    edition: Edition = PRESENT

    def answer(self, target: str, referrer: str = "") -> Reply:
        """Answer a request to the bureau's site; ``target`` is the path and query of the request line."""
        path, query = urlsplit(target).path, urlsplit(target).query
        if SEARCH.search(referrer) and (answer := self._misbehaviour("site, to those who come from a search", path)):
            return answer
        if path in self._pages:
            return self._pages[path]
        if path == "/rc/":
            return html(self._calendar(_argument(query, "month")))
        if path == "/search/":
            return html(self._search(_argument(query, "q")))
        return self._misbehaviour("site", path) or _static(path) or html(self._page("missing.html"), status=404)

    def answer_neighbour(self, target: str, _referrer: str = "") -> Reply:
        """Answer a request to the neighbour."""
        path = urlsplit(target).path
        missing = html(self._page("missing.html"), status=404)
        return self._neighbour_pages.get(path) or self._misbehaviour("neighbour", path) or missing

    def answer_lapsed(self, _target: str, _referrer: str = "") -> Reply:
        """Answer any request to the site that lost its name: its new owner sends everybody to its own."""
        return html("", status=302, extra=(("Location", f"{self.neighbour}/parking/"),))

    def place(self, address: str) -> str:
        """Return the absolute URL of an address of the manifest: a path, or ``{neighbour}/path`` and the like."""
        filled = address.format_map(self._origins)
        return f"{self.origin}{filled}" if filled.startswith("/") else filled

    def paths(self) -> list[str]:
        """Return the path of every page of the bureau's own, the homepage first."""
        return [path for path in self._pages if path.endswith(("/", ".html"))]

    @cached_property
    def columns(self) -> list[Content]:
        """The columns of the navigation with their articles, dated and addressed."""
        return [self._column(name) for name in self.bureau["columns"]]

    @property
    def _origins(self) -> dict[str, str]:
        return {
            "neighbour": self.neighbour,
            "lapsed": self.lapsed,
            "refused": self.refused,
            "secure": self.secure,
            "month": f"{self.today:%Y-%m}",
        }

    @cached_property
    def _common(self) -> Content:
        """Return what every template may speak of."""
        common = {"bureau": self.bureau, "origin": self.origin, "domain": urlsplit(self.origin).netloc}
        return common | {"day": self._day, "leaks": LEAKS} | self._origins

    @cached_property
    def _pages(self) -> dict[str, Reply]:
        headers = self.bureau["headers"] | self.edition.headers
        pages = {"/": html(self._page("home.html"), extra=tuple(headers.items()))}
        for column in self.columns:
            pages[column["url"]] = html(self._page(f"{column['layout']}.html", column=column))
            pages |= {article["url"]: self._article(column, article) for article in column["articles"]}
        pages["/map.html"] = html(self._page("map.html"))
        pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /admin/\n", headers=_type("text/plain"))
        pages["/sitemap.xml"] = Reply(self._page("sitemap.xml").encode(), headers=_type("application/xml"))
        return pages | {path: self._edited(path, pages[path]) for path in self.edition.replaced.keys() & pages.keys()}

    @cached_property
    def _neighbour_pages(self) -> dict[str, Reply]:
        """The pages of the neighbour that nothing is wrong with: its homepage, and what that lists."""
        office = read("neighbour")
        listed = [each | {"published": self._day(each["age"])} for each in office["news"]]
        news = [each for each in listed if each["age"] >= self.edition.age]
        common = {"office": office, "news": news, "domain": urlsplit(self.neighbour).netloc, "home": self.origin}

        def page(item: Content | None = None) -> Reply:
            return html(_environment().get_template("neighbour.html").render(common, item=item))

        return {"/": page()} | {f"/yw/{each['id']}.html": page(each) for each in news}

    def _edited(self, path: str, page: Reply) -> Reply:
        """Return a page as it was at the time. Raises LookupError where a text of today is not on it."""
        text = page.body.decode()
        for today, then in self.edition.replaced[path]:
            if today not in text:
                raise LookupError(f"{path} does not say {today!r}")
            text = text.replace(today, then)
        return replace(page, body=text.encode())

    def _column(self, name: str) -> Content:
        column: Content = {"layout": "list", "url": f"/{name}/"} | read(name)
        column["articles"] = [self._dated(column, each) for each in self.edition.articles(name, column["articles"])]
        return column

    def _dated(self, column: Content, article: Content) -> Content:
        slug = article.get("slug", article["id"])
        return {
            "source": self.bureau["name"],
            **ORDINARY,
            "declares": article.get("charset", "utf-8"),
            **article,
            "url": f"{column['url']}{slug}.html",
            "published": None if article["age"] is None else self._day(article["age"]),
        }

    def _article(self, column: Content, article: Content) -> Reply:
        body = _compiled(article["body"]).render(self._common)
        text = self._page("article.html", column=column, article=article, body=body)
        return html(text, charset=article["charset"], wait=article["wait"], announce=False)

    def _page(self, template: str, **values: object) -> str:
        return _environment().get_template(template).render(self._common, columns=self.columns, **values)

    def _day(self, age: int) -> str:
        return f"{self.today - timedelta(days=age):%Y-%m-%d}"

    def _calendar(self, month: str) -> str:
        first = date.fromisoformat(f"{month or f'{self.today:%Y-%m}'}-01")
        neighbours = [f"{first - timedelta(days=1):%Y-%m}", f"{first + timedelta(days=31):%Y-%m}"]
        days = [first + timedelta(days=number) for number in range(31)]
        shown = [day for day in days if day.month == first.month]
        return self._page("calendar.html", first=first, days=shown, neighbours=neighbours)

    def _search(self, words: str) -> str:
        found = [article for column in self.columns for article in column["articles"] if words in article["title"]]
        return self._page("search.html", words=words, found=found if words else [])

    def _misbehaviour(self, host: str, path: str) -> Reply | None:
        table = read("answers")[host] | self.edition.answers.get(host, {})
        below = f"/{path.split('/')[1]}/*"
        entry = table.get(path) or table.get(below)
        if entry is None:
            return None
        body = self._page(entry["page"], answer=entry) if "page" in entry else entry.get("text", "")
        extra = [("Location", entry["location"].format_map(self._origins))] if "location" in entry else []
        extra += [("Set-Cookie", entry["set"])] if "set" in entry else []
        answer = html(body, status=entry.get("status", 200), extra=tuple(extra), wait=entry.get("wait", 0.0))
        return Reply(drop=True) if entry.get("drop") else answer


def html(  # noqa: PLR0913 - what an HTTP answer consists of
    text: str,
    *,
    status: int = 200,
    charset: str = "utf-8",
    extra: tuple[tuple[str, str], ...] = (),
    wait: float = 0.0,
    announce: bool = True,
) -> Reply:
    """Make an answer of a page; gb2312 is written as GB18030, which is what offices mean by it."""
    body = text.encode("gb18030" if charset.startswith("gb") else charset)
    kind = f"text/html; charset={charset}" if announce else "text/html"
    return Reply(body, status, (*_type(kind), *extra), wait)


@cache
def _environment() -> Environment:
    """Return what reads templates; every edition of the site has the same."""
    loader = PackageLoader("monitor.demo")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@cache
def _compiled(text: str) -> Template:
    return _environment().from_string(text)


def _static(path: str) -> Reply | None:
    name = path.strip("/")
    body = office_files.make(name.removeprefix("files/")) if name.startswith("files/") else _packaged(name)
    return None if body is None else Reply(body, headers=_type(MEDIA[PurePosixPath(name).suffix]))


def _packaged(name: str) -> bytes | None:
    resource = ROOT.joinpath("static", *(part for part in name.split("/") if part != ".."))
    return resource.read_bytes() if resource.is_file() else None


def _type(media: str) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", media), *SERVER)


def _argument(query: str, name: str) -> str:
    return parse_qs(query).get(name, [""])[0]
