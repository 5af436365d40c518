"""A bureau with two sites and four people, whose console is a real server on loopback."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path

import httpx
import openpyxl

from checks import RULES
from checks.model import ColumnStatus, ColumnType, Confidence, Excerpt, Finding, Kind, Link, Referrer, Response, Text
from checks.scoring.sheet import Score, Veto
from monitor.accounts.administration import UserAdministration
from monitor.accounts.auditing import Actor, Via
from monitor.console.application import create_app
from monitor.console.console_parts import ConsoleParts, Inspections
from monitor.console.thread import ConsoleThread
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import Ledger
from monitor.settings.config_file import load
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.accounts.users import RightRecord
from monitor.store.reading_store import ReadingStore
from monitor.store.run_facts import RunFacts
from monitor.store.statistics import Statistics
from reports.model import ColumnSummary, Security, SecurityTest
from reports.remediation.policy import Assignment, LedgerPolicy
from tests.monitor.feeding import DAY, HOME, Feed

NOW = 1_800_000_000.0
"""2027-01-15 16:00 in China: when the bureau is looked at."""

PASSWORD = "九月初七开会-Qinghe"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"
"""What a hostile page writes wherever it can."""

ONE_EACH = httpx.Limits(max_keepalive_connections=0)
"""A connection for each request: the console hangs up on idle ones, and on a busy machine just as they are used."""

PLAIN = "directory-listing"
"""A rule whose words hold nothing of a finding."""

PEOPLE = {
    "admin": ("all", "", "admin", ()),
    "viewer": ("all", "", "viewer", ()),
    "editor": ("site", "a", "editor", ()),
    "mender": ("site", "a", "department", ("办公室",)),
}
"""By name: where the right holds, the role, the departments."""


def findings() -> list[Finding]:
    """Findings of every shape, the hostile among them."""
    typo = Finding(
        RULES["typo"],
        f"{HOME}news/1.html",
        "帐号",
        params={"wrong": "帐号", "right": "账号"},
        text=Excerpt("请登录您的", "帐号", "办理业务", 5),
        confidence=Confidence.SUSPECTED,
        suggestion="账号",
    )
    hostile = Finding(
        RULES["typo"],
        f"{HOME}news/2.html?q={MARKUP}",
        "hostile",
        params={"wrong": MARKUP, "right": "账号"},
        text=Excerpt(MARKUP, MARKUP, MARKUP, 5),
        suggestion=MARKUP,
        evidence=MARKUP,
    )
    target = Link(
        url=f"{HOME}gone.html",
        kind=Kind.PAGE,
        internal=True,
        looks=(Response(f"{HOME}gone.html", 404),),
        referrers=(Referrer(HOME, "旧文件"), Referrer(f"{HOME}news/", MARKUP)),
        referrer_count=2,
    )
    broken = Finding(
        RULES["broken-link"],
        f"{HOME}gone.html",
        "gone",
        params={"status": 404},
        variant="http-4xx",
        target=target,
        placeless=True,
    )
    titles = [Finding(RULES[PLAIN], f"{HOME}page/{at}.html", f"{at}") for at in range(60)]
    return [typo, hostile, broken, *titles]


VETO = Veto("V4", Text("首页不更新", "stale"), Text("见首页", "see"))

FACTS = RunFacts(
    columns=(
        ColumnSummary("通知公告", f"{HOME}tzgg/", ColumnType.NOTICE, 6, date(2026, 4, 29), 184, ColumnStatus.STALE),
        ColumnSummary("工作动态", f"{HOME}gzdt/", ColumnType.NEWS, 9, date(2027, 1, 10), 14, ColumnStatus.FRESH),
        ColumnSummary("规划计划", f"{HOME}ghjh/", ColumnType.PLANNING, 0, None, 365, ColumnStatus.BLANK),
    ),
    score=Score("census-2015", 64.5, (VETO,), (), ()),
    security=Security(20, "F", {"csp": SecurityTest("csp-not-implemented", passed=False, modifier=-25)}),
    certificate_not_after=NOW + 20 * DAY,
    notices=(Text("没有语言模型", "no language model"),),
)


@dataclass
class Bureau:
    """The sites a and b, and who may do what. ``folder`` holds the store: a copy of ``made``, if given."""

    folder: Path
    made: Path | None = None
    console: dict[str, object] = field(default_factory=dict)
    """Settings of ``console``."""
    inspections: Inspections | None = None
    clock: float = NOW
    """What the time is, in seconds since the epoch."""
    url: str = ""
    """The store; empty: a file in the folder."""

    def __post_init__(self) -> None:
        self.url = self.url or f"sqlite:///{self.folder / 'bureau.db'}"
        self.config = self.folder / "config.yaml"
        if self.made is not None:
            shutil.copy(self.made, self.folder / "bureau.db")
        self.store = Store(self.url)
        self.settings = self.configured()
        if self.made is not None:
            return
        self.policy = LedgerPolicy(assignments=(Assignment(department="办公室", rules=frozenset({"typo"})),))
        self._inspect()
        self.add_people()

    def configured(self, *more: str) -> Settings:
        """The settings, and more of them, each as NAME=VALUE."""
        sites = '[{"id": "a", "url": "http://a.cn/", "name": "清河县政府"},'
        sites += ' {"id": "b", "url": "http://b.cn/", "name": "下河乡"}]'
        sets = [
            f"sites={sites}",
            f"store.url={self.url}",
            *(f"console.{k}={v}" for k, v in self.console.items()),
            *more,
        ]
        return load(None, sets)

    def _inspect(self) -> None:
        for week, found in enumerate((findings()[:20], findings())):
            feed = Feed(self.store, "a", "清河县政府", now=NOW - (2 - week) * 7 * DAY, policy=self.policy)
            run, _ = feed.run(found, scope="site")
            self.store.runs.finish(run.id, status="complete", finished=feed.now, facts=FACTS)
        feed = Feed(self.store, "b", "下河乡", now=NOW - DAY)
        feed.run([Finding(RULES[PLAIN], "http://b.cn/x.html", "x")])
        for day in ("2027-01-13", "2027-01-14"):
            Statistics(self.store.engine).probed("a", day, failed=day.endswith("4"))

    def ledger(self) -> Ledger:
        """The ledger, as a command would open it."""
        return Ledger(self.store, policy_of(self.settings), lambda: NOW)

    def add_people(self) -> None:
        users = UserAdministration(self.store, self.settings)
        for name, (kind, place, role, departments) in PEOPLE.items():
            right = RightRecord(kind, place, role)
            users.add_user(name, PASSWORD, [right], departments, Actor("test", "", Via.CLI), full_name=f"{name}同志")

    @contextmanager
    def served(self) -> Iterator[ServedConsole]:
        """Serve the console for the length of a test."""
        with ReadingStore(self.url) as reading:
            parts = ConsoleParts(self.store, reading, lambda: self.settings, self.inspections, now=lambda: self.clock)
            thread = ConsoleThread("127.0.0.1", 0, lambda: create_app(parts))
            thread.start()
            try:
                assert thread.wait_until_built(120), thread.fault
                yield ServedConsole(self, "http://{}:{}".format(*thread.address))
            finally:
                thread.stop()

    def close(self) -> None:
        self.store.close()


@dataclass
class ServedConsole:
    """A console that answers at ``url``."""

    bureau: Bureau
    url: str

    def visitor(self, **options) -> httpx.Client:
        """Somebody with a browser of their own, who has not logged in."""
        # There is no TLS here, and reading the roots that it asks for costs 30 ms a client.
        return httpx.Client(base_url=self.url, timeout=120, limits=ONE_EACH, verify=False, **options)

    @contextmanager
    def person(self, name: str) -> Iterator[httpx.Client]:
        """Somebody who is logged in."""
        with self.visitor() as client:
            answer = send(client, "/login", {"name": name, "password": PASSWORD})
            assert answer.status_code == 303, answer.text
            yield client


def form_token(page: str) -> str:
    """The token that forms of a page carry."""
    return re.search(r'name="form_token" value="([^"]+)"', page)[1]


def send(client: httpx.Client, path: str, fields: dict[str, object], page: str = "") -> httpx.Response:
    """Send a form as a browser does, from a page (default: the one of that path, else the first)."""
    shown = client.get(page or (path if path == "/login" else "/"))
    return client.post(path, data={"form_token": form_token(shown.text), **fields})


def filled_in(body: bytes, **values: str) -> bytes:
    """A workbook with values in the columns of these titles, in every row."""
    book = openpyxl.load_workbook(BytesIO(body))
    sheet = book.worksheets[0]
    for line in sheet.iter_rows():
        titles = {cell.value: cell.column for cell in line if isinstance(cell.value, str)}
        if set(values) <= set(titles):
            for at in range(line[0].row + 1, sheet.max_row + 1):
                if sheet.cell(at, 1).value is not None:
                    for title, value in values.items():
                        sheet.cell(at, titles[title]).value = value
            break
    out = BytesIO()
    book.save(out)
    return out.getvalue()
