"""Every address of the console and the API × role × own and other site: what one table says, and nothing else.

An address that the table lacks fails the test: who adds a page says here who may see it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import pytest

from monitor.accounts.auditing import Actor, Via
from monitor.console.application import create_app
from monitor.console.console_parts import ConsoleParts
from monitor.output.publish import publish
from monitor.settings.config_file import load
from monitor.store.accounts.users import RightRecord
from monitor.store.pictures import FindingPicture, PictureStore
from reports.picture import PictureKind, picture_of
from reports.remediation.suppressions import Suppression, SuppressionKind
from tests.monitor.console.bureau import PASSWORD, Bureau, ServedConsole, form_token
from tests.monitor.console.programs import API, FakeInspections, program, users_of
from tests.webp import WEBP

PEOPLE = ("viewer", "department", "editor", "admin")
"""Each has the role on the site ``a`` alone, but for the administrator, who is always one of all sites."""

PICTURE = picture_of(PictureKind.CROP, WEBP)
"""Of the entry that nobody is responsible for."""

ANYBODY = "public"
"""Answered without a login, and to everybody the same."""

TABLE = """
    own site: viewer department editor admin | other site: viewer department editor

    GET    /                                     ok  ok  ok  ok   | -   -   -
    GET    /robots.txt                           public
    GET    /favicon.ico                          public
    GET    /static/{name}                        public
    GET    /login                                public
    POST   /login                                public
    POST   /login/code                           public
    GET    /login/provider                       public
    GET    /login/provider/return                public
    POST   /preferences                          public
    POST   /logout                               -   -   -   -    | -   -   -
    GET    /sites/{site}                         ok  ok  ok  ok   | 404 404 404
    GET    /sites/{site}/progress                ok  ok  ok  ok   | 404 404 404
    POST   /sites/{site}/inspect                 403 403 ok  ok   | 404 404 404
    POST   /sites/{site}/cancel                  403 403 ok  ok   | 404 404 404
    GET    /findings                             ok  ok  ok  ok   | -   -   -
    GET    /findings/{entry}                     ok  404 ok  ok   | 404 404 404
    GET    /findings/{mended}                    ok  ok  ok  ok   | -   -   -
    GET    /findings/{entry}/snapshot            404 404 404 404  | 404 404 404
    GET    /findings/{entry}/pictures/{digest}   ok  404 ok  ok   | 404 404 404
    POST   /findings/{entry}                     403 404 ok  ok   | 404 404 404
    POST   /findings/{mended}                    403 ok  ok  ok   | -   -   -
    POST   /findings/change                      403 404 ok  ok   | 404 404 404
    POST   /findings/undo                        ok  ok  ok  ok   | -   -   -
    GET    /triage                               403 403 ok  ok   | -   -   -
    POST   /triage/undo                          ok  ok  ok  ok   | -   -   -
    POST   /triage/{entry}                       403 404 ok  ok   | 404 404 404
    GET    /suppressions                         ok  403 ok  ok   | -   -   -
    POST   /suppressions/{suppression}/remove    403 404 ok  ok   | 404 404 404
    GET    /outbox                               403 403 403 ok   | -   -   -
    POST   /outbox/retry                         403 403 403 ok   | -   -   -
    GET    /audit                                403 403 403 ok   | -   -   -
    GET    /settings                             403 403 403 ok   | -   -   -
    GET    /runs/{run}                           ok  404 ok  ok   | 404 404 404
    GET    /runs/{run}/reports/{name}            ok  404 ok  ok   | 404 404 404
    POST   /rechecks                             403 404 ok  ok   | 403 404 404
    GET    /rechecks/{job_id}                    404 404 404 404  | 404 404 404
    GET    /rechecks/{job_id}/events             404 404 404 404  | 404 404 404
    GET    /users                                403 403 403 ok   | -   -   -
    GET    /users/new                            403 403 403 ok   | -   -   -
    POST   /users/new                            403 403 403 ok   | -   -   -
    GET    /users/{person}                       403 403 403 ok   | -   -   -
    POST   /users/{person}/rights                403 403 403 ok   | -   -   -
    POST   /users/{person}/password              403 403 403 ok   | -   -   -
    POST   /users/{person}/state                 403 403 403 ok   | -   -   -
    POST   /users/{person}/tokens/{token}/revoke  403 403 403 404 | -   -   -
    GET    /account                              ok  ok  ok  ok   | -   -   -
    POST   /account/password                     ok  ok  ok  ok   | -   -   -
    POST   /account/totp                         ok  ok  ok  ok   | -   -   -
    POST   /account/totp/confirm                 ok  ok  ok  ok   | -   -   -
    POST   /account/sessions/{session}/end       ok  ok  ok  ok   | -   -   -
    GET    /account/tokens                       ok  ok  ok  ok   | -   -   -
    POST   /account/tokens                       ok  ok  ok  ok   | -   -   -
    POST   /account/tokens/{token}/revoke        404 404 404 404  | -   -   -
    GET    /departments                          ok  ok  ok  ok   | -   -   -
    GET    /department                           ok  ok  ok  ok   | -   -   -
    GET    /departments/ledger.xlsx              ok  ok  ok  ok   | -   -   -
    POST   /departments/workbook                 403 ok  ok  ok   | -   -   -
    POST   /departments/workbook/apply           403 ok  ok  ok   | -   -   -
    GET    /reports                              ok  403 ok  ok   | -   -   -
    POST   /reports                              ok  403 ok  ok   | -   -   -
    GET    /reports/events                       ok  403 ok  ok   | -   -   -
    GET    /reports/{job_id}/{name}              404 404 404 404  | 404 404 404
    POST   /views                                ok  ok  ok  ok   | -   -   -
    POST   /views/{view}/remove                  404 404 404 404  | -   -   -
    GET    /vocabulary                           ok  403 ok  ok   | -   -   -
    POST   /vocabulary                           403 403 ok  ok   | -   -   -
    GET    /proofread                            ok  ok  ok  ok   | -   -   -
    POST   /proofread                            ok  ok  ok  ok   | -   -   -
    GET    /proofread/{job_id}                   404 404 404 404  | -   -   -
    GET    /proofread/{job_id}/events            404 404 404 404  | -   -   -
    POST   /proofread/{job_id}/decide            404 404 404 404  | -   -   -
    GET    /proofread/{job_id}/text              404 404 404 404  | -   -   -
    GET    /proofread/{job_id}/docx              404 404 404 404  | -   -   -
    POST   /proofread/{job_id}/forget            404 404 404 404  | -   -   -

    GET    /api/v1/openapi.json                  public
    GET    /api/v1/me                            ok  ok  ok  ok   | -   -   -
    GET    /api/v1/sites                         ok  ok  ok  ok   | -   -   -
    GET    /api/v1/sites/{site}                  ok  ok  ok  ok   | 404 404 404
    GET    /api/v1/sites/{site}/inspections      ok  ok  ok  ok   | 404 404 404
    POST   /api/v1/sites/{site}/inspections      403 403 ok  ok   | 403 403 404
    DELETE /api/v1/sites/{site}/inspections/{scope}  403 403 ok ok | 403 403 404
    GET    /api/v1/runs                          ok  403 ok  ok   | -   -   -
    GET    /api/v1/runs/{run}                    ok  403 ok  ok   | 404 403 404
    GET    /api/v1/runs/{run}/reports            ok  403 ok  ok   | 404 403 404
    GET    /api/v1/runs/{run}/reports/{name}     ok  403 ok  ok   | 404 403 404
    GET    /api/v1/entries                       ok  ok  ok  ok   | -   -   -
    GET    /api/v1/entries/{entry}               ok  404 ok  ok   | 404 404 404
    GET    /api/v1/entries/{mended}              ok  ok  ok  ok   | -   -   -
    GET    /api/v1/entries/{entry}/snapshot      404 404 404 404  | 404 404 404
    GET    /api/v1/entries/{entry}/pictures/{digest}  ok 404 ok ok | 404 404 404
    PATCH  /api/v1/entries/{entry}               403 404 ok  ok   | 403 404 404
    PATCH  /api/v1/entries/{mended}              403 ok  ok  ok   | -   -   -
    POST   /api/v1/entries/changes               403 404 ok  ok   | 403 404 404
    GET    /api/v1/statistics                    ok  403 ok  ok   | 404 404 404
    POST   /api/v1/rechecks                      403 404 ok  ok   | 403 404 404
    GET    /api/v1/rechecks/{job_id}             403 404 404 404  | 403 404 404
    GET    /api/v1/suppressions                  ok  403 ok  ok   | -   -   -
    GET    /api/v1/suppressions/{suppression}    ok  403 ok  ok   | 404 403 404
    POST   /api/v1/suppressions                  403 403 ok  ok   | 403 403 404
    DELETE /api/v1/suppressions/{suppression}    403 403 ok  ok   | 403 403 404
    GET    /api/v1/outbox                        403 403 403 ok   | -   -   -
    POST   /api/v1/outbox/retries                403 403 403 ok   | -   -   -
    GET    /api/v1/audit                         403 403 403 ok   | -   -   -
    GET    /api/v1/settings                      403 403 403 ok   | -   -   -
    GET    /api/v1/me/tokens                     ok  ok  ok  ok   | -   -   -
    POST   /api/v1/me/tokens                     ok  ok  ok  ok   | -   -   -
    DELETE /api/v1/me/tokens/{token}             404 404 404 404  | -   -   -
    POST   /api/v1/me/password                   ok  ok  ok  ok   | -   -   -
    POST   /api/v1/me/totp                       ok  ok  ok  ok   | -   -   -
    POST   /api/v1/me/totp/confirm               ok  ok  ok  ok   | -   -   -
    POST   /api/v1/me/totp/end                   ok  ok  ok  ok   | -   -   -
    GET    /api/v1/me/sessions                   ok  ok  ok  ok   | -   -   -
    DELETE /api/v1/me/sessions/{session}         404 404 404 404  | -   -   -
    GET    /api/v1/departments                   ok  ok  ok  ok   | -   -   -
    GET    /api/v1/workbook                      ok  ok  ok  ok   | -   -   -
    POST   /api/v1/workbook                      403 ok  ok  ok   | -   -   -
    GET    /api/v1/views                         ok  ok  ok  ok   | -   -   -
    POST   /api/v1/views                         403 ok  ok  ok   | -   -   -
    DELETE /api/v1/views/{view}                  403 404 404 404  | -   -   -
    GET    /api/v1/proofreadings                 ok  ok  ok  ok   | -   -   -
    POST   /api/v1/proofreadings                 ok  ok  ok  ok   | -   -   -
    POST   /api/v1/proofreadings/files           ok  ok  ok  ok   | -   -   -
    GET    /api/v1/proofreadings/{job_id}        404 404 404 404  | -   -   -
    POST   /api/v1/proofreadings/{job_id}/decisions  404 404 404 404 | - - -
    GET    /api/v1/proofreadings/{job_id}/text   404 404 404 404  | -   -   -
    GET    /api/v1/proofreadings/{job_id}/docx   404 404 404 404  | -   -   -
    DELETE /api/v1/proofreadings/{job_id}        404 404 404 404  | -   -   -
    GET    /api/v1/reports                       ok  403 ok  ok   | -   -   -
    POST   /api/v1/reports                       ok  403 ok  ok   | 404 403 404
    GET    /api/v1/reports/{job_id}              404 403 404 404  | -   -   -
    GET    /api/v1/reports/{job_id}/{name}       404 403 404 404  | -   -   -
    GET    /api/v1/users                         403 403 403 ok   | -   -   -
    POST   /api/v1/users                         403 403 403 ok   | -   -   -
    GET    /api/v1/users/{person}                403 403 403 ok   | -   -   -
    PATCH  /api/v1/users/{person}                403 403 403 ok   | -   -   -
    PUT    /api/v1/users/{person}/rights         403 403 403 ok   | -   -   -
    POST   /api/v1/users/{person}/password       403 403 403 ok   | -   -   -
    DELETE /api/v1/users/{person}/totp           403 403 403 ok   | -   -   -
    GET    /api/v1/users/{person}/tokens         403 403 403 ok   | -   -   -
    POST   /api/v1/users/{person}/tokens         403 403 403 ok   | -   -   -
    DELETE /api/v1/users/{person}/tokens/{token} 403 403 403 404  | -   -   -
"""
"""``ok`` is neither 401 nor 403 nor 404; ``-`` is not asked for: it is about no site, or the same as another line.

What is read of another site is "not found"; a program whose role may do such a thing nowhere is told so first.
"""


@dataclass(frozen=True)
class Line:
    """One line: the address, and what somebody of each role gets of the own and of the other site."""

    method: str
    path: str
    own: tuple[str, ...]
    other: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_public(self) -> bool:
        return self.own == (ANYBODY,)

    @property
    def name(self) -> tuple[str, str]:
        return self.method, self.path


def lines() -> list[Line]:
    found = []
    for text in TABLE.strip().splitlines()[1:]:
        if text.strip():
            own, _, other = text.partition("|")
            method, path, *expected = own.split()
            found.append(Line(method, path, tuple(expected), tuple(other.split())))
    return found


PLACES = {
    "account": "session",
    "views": "view",
    "findings": "entry",
    "entries": "entry",
    "triage": "entry",
    "runs": "run",
    "suppressions": "suppression",
    "users": "token",
}
"""What the number below a folder of addresses is of."""


def named(path: str) -> str:
    """A path as the table has it."""
    folder = path.removeprefix(API).split("/")[1]
    path = path.replace("{name}", "{person}") if folder == "users" else path
    return path.replace("{key}", "{site}").replace("{number}", f"{{{PLACES.get(folder, 'number')}}}")


BODIES = {
    "/sites/{site}/inspect": {"scope": "site"},
    "/sites/{site}/cancel": {"scope": "site"},
    "/findings/{entry}": {"note": "x"},
    "/findings/{mended}": {"note": "x"},
    "/findings/change": {"number": "{entry}", "note": "x", "filter": ""},
    "/triage/{entry}": {"verdict": "to-fix"},
    "/rechecks": {"number": "{entry}"},
    f"{API}/sites/{{site}}/inspections": {"scope": "homepage"},
    f"{API}/entries/{{entry}}": {"note": "x"},
    f"{API}/entries/{{mended}}": {"note": "x"},
    f"{API}/entries/changes": {"numbers": ["{entry}"], "change": {"note": "x"}},
    f"{API}/rechecks": {"numbers": ["{entry}"]},
    f"{API}/suppressions": {"kind": "target", "host": "x.cn", "site": "{site}", "reason": "x"},
    f"{API}/outbox/retries": {"numbers": [1]},
    f"{API}/reports": {"about": "site", "name": "{site}", "quarter": "2026Q4", "formats": ["none"]},
}
"""What is sent, by address; {} where nothing is."""

QUERIES = {f"{API}/statistics": {"site": "{site}"}, "/department": {"name": "办公室"}}


class Office:
    """A console with people of each role on one of its sites, each as a person and as a program."""

    def __init__(self, console: ServedConsole, stack: ExitStack) -> None:
        self.console, self.inspections = console, console.bureau.inspections
        ledger = console.bureau.ledger()
        entries = list(ledger.select())
        self.things: dict[str, dict[str, str]] = {}
        for site in ("a", "b"):
            of_site = [each for each in entries if each.site == site]
            run = max(each.last_run for each in of_site)
            (file,) = (console.bureau.folder / "out" / site).glob("*.json")
            unassigned = next(each for each in of_site if not each.department)
            self.things[site] = {
                "site": site,
                "entry": str(unassigned.number),
                "mended": str(next((each.number for each in of_site if each.department == "办公室"), 0)),
                "run": str(run),
                "name": file.name,
                "scope": "homepage",
                "job_id": "none",
                "person": "viewer",
                "session": "999999",
                "view": "999999",
                "token": "999999",
                "suppression": "0",
                "digest": PICTURE.digest,
            }
            shown = FindingPicture(unassigned.fingerprint, PICTURE)
            PictureStore(console.bureau.store.engine).save(unassigned.last_run, [shown])
        self.people = {name: stack.enter_context(console.person(f"{name}-a")) for name in PEOPLE}
        self.tokens = {name: form_token(client.get("/").text) for name, client in self.people.items()}
        self.programs = {name: stack.enter_context(program(console, f"{name}-a")) for name in PEOPLE}
        self.visitor = stack.enter_context(console.visitor())

    def ask(self, line: Line, who: str, site: str) -> httpx.Response:
        """Ask for an address in the place of somebody, "" for a visitor."""
        self.inspections.going.clear()  # a stream of what is under way ends when nothing is
        things = self._things(line, site)
        path = line.path.format(**things)
        body = filled(BODIES.get(line.path, {}), things)
        query = filled(QUERIES.get(line.path, {}), things)
        if line.path.startswith(API):
            client = self.programs[who] if who else self.visitor
            sent = body if line.method in {"POST", "PATCH", "PUT"} else None
            return client.request(line.method, f"{self.console.url}{path}", params=query, json=sent)
        client = self.people[who] if who else self.visitor
        form = body | {"form_token": self.tokens[who]} if who and line.method == "POST" else None
        return client.request(line.method, path, params=query, data=form)

    def _things(self, line: Line, site: str) -> dict[str, str]:
        things = self.things[site]
        if "{suppression}" not in line.path:
            return things
        ledger = self.console.bureau.ledger()
        judgement = Suppression(
            kind=SuppressionKind.TARGET,
            author="x",
            reason="x",
            made=ledger.entries.get([1])[1].first_seen,
            site=site,
            host="nowhere.cn",
        )
        return things | {"suppression": str(ledger.suppress(judgement)[0].id)}


def filled(value, things: dict[str, str]):
    """A body or query with the things of a site in it; numbers of a list are numbers."""
    if isinstance(value, dict):
        return {name: filled(each, things) for name, each in value.items()}
    if isinstance(value, list):
        texts = [filled(each, things) for each in value]
        return [int(text) if str(text).isdigit() else text for text in texts]
    return value.format(**things) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def office(tmp_path_factory, made) -> Iterator[Office]:
    bureau = Bureau(tmp_path_factory.mktemp("access"), made, inspections=FakeInspections())
    bureau.settings = bureau.configured(f"daemon.reports={bureau.folder / 'out'}")
    for run in (2, 3):
        publish(bureau.store, run, bureau.folder / "out", bureau.settings.report, ["json"])
    with ExitStack() as stack:
        console = stack.enter_context(bureau.served())
        by = Actor("test", "", Via.CLI)
        for role in PEOPLE:
            right = RightRecord("all", "", role) if role == "admin" else RightRecord("site", "a", role)
            departments = ["办公室"] if role == "department" else []
            users_of(console).add_user(f"{role}-a", PASSWORD, [right], departments, by)
        yield Office(console, stack)
    bureau.close()


def addresses(routes) -> Iterator[tuple[str, str]]:
    """Methods and paths of an application; FastAPI keeps routers as they were included."""
    for route in routes:
        if hasattr(route, "effective_route_contexts"):
            yield from addresses(route.effective_route_contexts())
        else:
            yield from ((method, named(route.path)) for method in route.methods - {"HEAD"})


def test_every_address_is_in_the_table():
    app = create_app(ConsoleParts(None, None, lambda: load(None, [])))
    known = {line.name for line in lines()}
    served = set(addresses(app.routes))
    assert len(served) > 50
    assert served - known == set(), "say in TABLE who may ask for it"
    assert {name for name in known - served if "{mended}" not in name[1]} == set()


@pytest.mark.parametrize("line", [each for each in lines() if not each.is_public], ids=str)
def test_each_role_gets_what_the_table_says(office, line):
    for site, expected in (("a", line.own), ("b", line.other)):
        asked = [(who, wanted) for who, wanted in zip(PEOPLE, expected, strict=False) if wanted != "-"]
        got = [answered(office.ask(line, who, site)) for who, _ in asked]
        assert got == [wanted for _, wanted in asked], site


@pytest.mark.parametrize("line", lines(), ids=str)
def test_who_is_not_known_gets_nowhere(office, line):
    answer = office.ask(line, "", "a")
    if line.is_public:
        assert answer.status_code != 401 or line.path.startswith("/login")
    elif line.path.startswith(API):
        assert answer.status_code == 401
    elif line.method == "GET":
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/login")
    else:
        assert answer.status_code == 403


def answered(answer: httpx.Response) -> str:
    """What an answer is in the words of the table."""
    assert answer.status_code < 500, answer.text
    is_refused = answer.status_code in {401, 403, 404} or "/login" in answer.headers.get("location", "")
    return str(answer.status_code) if is_refused else "ok"
