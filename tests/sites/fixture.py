"""Build the fixture sites: one a CMS form, from its content (site.yaml) and its templates, as answers by path.

``site.yaml`` is content and truth in one: what the office published, and what a program must find in it. Everything is
dated for ``pages.NOW``.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qs, urljoin

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

ROOT = Path(__file__).parent
SITES = tuple(sorted(path.parent.name for path in ROOT.glob("*/site.yaml")))
PER_PAGE = 3

PATHS = {
    "dahan": "/art/{d.year}/{d.month}/{d.day}/art_{column}_{id}.html",
    "dahan-unit": "/art/{d.year}/{d.month}/{d.day}/art_{column}_{id}.html",
    "trs": "{folder}{d:%Y%m}/t{d:%Y%m%d}_{id}.htm",
    "ucap": "/{d:%Y%m}/{hash}.shtml",
    "gkmlpt": "/gkmlpt/content/1/{column}/post_{id}.html",
    "plain": "/show.asp?id={id}",
}
"""Where each CMS keeps an article."""

PROXY = "/module/web/jpage/dataproxy.jsp"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
DIGITS = dict(zip("0123456789", "〇一二三四五六七八九", strict=True))


@dataclass(frozen=True)
class Site:
    """One fixture site. ``truth`` is what its manifest says; ``answers`` maps path and query to (type, body)."""

    name: str
    data: dict = field(repr=False)

    @classmethod
    def load(cls, name, host=None):
        """Read a site; ``host`` (with its port) is where it is served, when that is not its own."""
        data = yaml.safe_load((ROOT / name / "site.yaml").read_text("utf-8"))
        return cls(name, data | {"host": host or data["host"]})

    @property
    def home(self):
        """The address of the homepage; a host with a port is a server of the tests."""
        return f"{'http' if ':' in self.data['host'] else 'https'}://{self.data['host']}/"

    @property
    def truth(self):
        return self.data["truth"]

    @cached_property
    def env(self):
        env = Environment(
            loader=FileSystemLoader([ROOT / self.name, ROOT / "templates"]), undefined=StrictUndefined, autoescape=True
        )
        env.filters["han"] = han_date
        return env

    @cached_property
    def columns(self):
        columns = [{"items": [], "form": "list", **column} for column in self.data["columns"]]
        for column in columns:
            column["items"] = [self._item(column, item) for item in column["items"]]
        return columns

    @cached_property
    def pages(self):
        """Every HTML page by path and query, as text."""
        pages = {"/": self._render("home.html", title=self.data["name"], path="/", metas=self._metas())}
        for column in self.columns:
            pages |= self._column_pages(column)
            pages |= {item["path"]: self._article(column, item) for item in column["items"] if "href" not in item}
        for static in (*COMMON, *self.data.get("statics", [])):
            pages[static["path"]] = self._article({"name": "信息公开", "path": "/"}, self._item({"path": "/"}, static))
        return pages

    @cached_property
    def answers(self):
        charset = self.data.get("charset", "utf-8")
        declared = self.data.get("declared", charset)
        kind = f"text/html; charset={declared}"
        return {path: (kind, text.encode(charset)) for path, text in self.pages.items()}

    def answer(self, path, form=()):
        """Return (type, body) of one request, interfaces too; None for what does not exist."""
        if path in self.answers:
            return self.answers[path]
        route, _, query = path.partition("?")
        fields = {name: values[0] for name, values in parse_qs(query).items()} | dict(form)
        column = next(
            (each for each in self.columns if each["id"] == fields.get("columnid", route.rpartition("/")[2])), None
        )
        if column is None:
            return None
        if route == PROXY:
            first, last = int(fields["startrecord"]), int(fields["endrecord"])
            records = self._render("record.xml", items=column["items"][first - 1 : last], total=len(column["items"]))
            return "text/xml; charset=utf-8", records.encode()
        if route == UNIT:
            html = self._render("unit.html", items=column["items"])
            return "application/json", json.dumps({"success": True, "data": {"html": html}}).encode()
        start = (int(fields["page"]) - 1) * PER_PAGE
        rows = [
            {"title": item["title"], "url": item["path"], "display_publish_time": item["shown"]}
            for item in column["items"][start : start + PER_PAGE]
        ]
        return "application/json", json.dumps({"articles": rows, "total": len(column["items"])}).encode()

    def _item(self, column, item):
        item = {"source": "市政府办公室", "made": None, "body": "", "links": [], "meta": {}, "label": True, **item}
        day = item.get("date") or date(2026, 7, 1)
        number = item.setdefault("id", int(hashlib.md5(item["title"].encode()).hexdigest()[:6], 16))
        item["shown"] = f"{item['date']:%Y-%m-%d}" if item.get("date") else ""
        folder = urljoin(column["path"], ".")
        item.setdefault(
            "path",
            item.get("href")
            or PATHS[self.name].format(
                d=day,
                id=number,
                column=column.get("id"),
                folder=folder,
                hash=hashlib.md5(item["title"].encode()).hexdigest(),
            ),
        )
        return item

    def _column_pages(self, column):
        items, paged = column["items"], column.get("paged", False)
        chunks = [items[at : at + PER_PAGE] for at in range(0, len(items), PER_PAGE)] if paged and items else [items]
        if column["form"] in {"datastore", "script"}:
            chunks = chunks[:1]
        rendered = {}
        for number, chunk in enumerate(chunks):
            path = page_path(column["path"], number, self.name)
            rendered[path] = self._render(
                "list.html",
                path=path,
                title=f"{column['name']}_{self.data['name']}",
                column=column,
                items=chunk,
                total=len(items),
                pages=len(chunks),
                number=number,
                metas=self._metas() | column_metas(column["name"]) if column.get("named", True) else self._metas(),
            )
        return rendered

    def _article(self, column, item):
        metas = {
            "ArticleTitle": item["title"],
            "PubDate": f"{item['shown']} 09:30".strip(),
            "ContentSource": item["source"],
        }
        metas = {name: value for name, value in (self._metas() | metas | item["meta"]).items() if value is not None}
        return self._render(
            "article.html", path=item["path"], title=item["title"], column=column, item=item, metas=metas
        )

    def _metas(self):
        return {"SiteName": self.data["name"], "SiteDomain": self.data["host"], "SiteIDCode": self.data["code"]}

    def _render(self, template, **context):
        return self.env.get_template(template).render(site=self.data, columns=self.columns, common=COMMON, **context)


def page_path(path, number, name):
    """Name a further page of a list as the CMS does."""
    if number == 0:
        return path
    if name == "plain":
        return f"{path}{'&' if '?' in path else '?'}page={number + 1}"
    stem, _, suffix = (path if path.endswith("html") else f"{path}index.html").rpartition(".")
    return f"{stem}_{number + 1 if name == 'ucap' else number}.{suffix}"


def column_metas(name):
    return {f"Column{part}": name for part in ("Name", "Description", "Keywords", "Type")}


def han_date(text):
    """Write 2026-09-04 as 二〇二六年九月四日."""
    year, month, day = text.split("-")
    return f"{''.join(DIGITS[digit] for digit in year)}年{han_number(int(month))}月{han_number(int(day))}日"


def han_number(number):
    tens, units = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else DIGITS[str(tens)] + "十"
    return head + (DIGITS[str(units)] if units or not tens else "")


def _common():
    texts = {
        "gkzn": ("政府信息公开指南", "本指南说明公众获取政府信息的范围、方式和程序。"),
        "gkml": ("法定主动公开内容目录", "本目录列出本机关主动公开的政府信息。"),
        "nb": ("2025年政府信息公开工作年度报告", "本报告依照条例的规定编制，（三）不予公开的情形已分类统计。"),
        "qzqd": ("权责清单", "本机关的权力和责任事项已经审定。"),
        "yjs": ("2026年部门预算", "本年度收支预算已经批准。"),
        "ysq": ("依申请公开", "公民、法人或者其他组织可以申请获取政府信息。"),
        "about": ("关于我们", "主办单位：市人民政府办公室。联系电话：020-12345678。"),
        "map": ("站点地图", "本站栏目一览。"),
    }
    start = date(2026, 7, 1)
    return [
        {"path": f"/xxgk/{name}.html", "title": title, "body": f"<p>{body}</p>", "date": start + timedelta(days=at)}
        for at, (name, (title, body)) in enumerate(texts.items())
    ]


COMMON = _common()
"""Pages that every office has: guide, catalogue, annual report, powers, budget, requests, contact, map."""
