"""A whole inspection of a site with odd answers says the same of it over TLS as over plain HTTP."""

from __future__ import annotations

import pytest

from tests.monitor.web import Command, html, links, path_of, serve
from tests.server.hostile import ROUTES
from tests.server.site import Exchange, Site

ODD = {
    "/no-colon", "/chunked-twice", "/two-lengths", "/short-length", "/bare-lf", "/encoded/none", "/garbage", "/reset",
    "/head-405", "/head-404", "/head-lies", "/multiple-choices", "/html.pdf", "/html-typed.pdf", "/range.pdf",
    "/redirect-or-empty", "/redirect-without-end", "/redirect-malformed", "/redirect-loop", "/redirect-nowhere-shown",
    "/meta-refresh", "/cookie-first", "/soft-404-page.html", "/wall/ruishu", "/not-modified-with-location",
}  # fmt: skip
"""Answers of the misbehaving site that a whole inspection makes something of, and some for the fetcher alone."""


async def refreshed(exchange: Exchange) -> None:
    """Send the reader on as old systems do."""
    await exchange.answer(html("请稍候"), headers={"Refresh": "0; url=/gone-after-refresh"})


async def without_ranges(exchange: Exchange) -> None:
    """Refuse who asks for a part."""
    refused = "range" in exchange.headers
    await exchange.answer(b"PK\x03\x04" + bytes(64), status=416 if refused else 200, type="application/zip")


OWN = {"/refresh": refreshed, "/refresh.pdf": refreshed, "/no-ranges.zip": without_ranges}
ROOMS = {
    "/": serve(links(*sorted(ODD | OWN.keys()))),
    "/ok": serve(html("好")),
    "/encoded/": ROUTES["/encoded/"],
    **{path: ROUTES[path] for path in ODD if path in ROUTES},
    **OWN,
}


EXPECTED = {
    "/garbage": ["broken-link"],
    "/gone-after-refresh": ["broken-link"],
    "/head-lies": ["broken-link"],
    "/html-typed.pdf": ["broken-link"],
    "/html.pdf": ["broken-link"],
    "/not-modified-with-location": ["broken-link"],
    "/redirect-loop": ["broken-link"],
    "/redirect-malformed": ["broken-link"],
    "/redirect-or-empty": ["broken-link"],
    "/refresh.pdf": ["broken-link"],
    "/reset": ["broken-link"],
    "/two-lengths": ["broken-link"],
    "/wall/ruishu": ["blocked-link"],
}


def judged(site: Site, command: Command) -> dict[str, list[tuple]]:
    """What is said of each target, by its path."""
    report = command(site.url, checks="links").report
    said: dict[str, list[tuple]] = {}
    for each in report["findings"]:
        target = each["target"] or {}
        said.setdefault(path_of(target.get("url", each["url"])), []).append(
            (each["rule"], target.get("error"), target.get("status"), each["confidence"], each["baseline"])
        )
    return said | {"notices": report["notices"], "run": [(report["run"]["status"], report["run"]["pages"])]}


@pytest.mark.usefixtures("known_authority")
def test_odd_answers_are_judged_alike_over_tls(tmp_path, authority):
    said = []
    for name, tls in (("plain", None), ("secure", authority.context("127.0.0.1"))):
        (tmp_path / name).mkdir()
        with Site(ROOMS, tls=tls).running() as site:
            said.append(judged(site, Command(tmp_path / name)))
    plain, secure = said
    assert secure == plain
    assert {path: [rule for rule, *_ in each] for path, each in plain.items() if path.startswith("/")} == EXPECTED


@pytest.fixture
def known_authority(authority, monkeypatch):
    """Have the commands trust the authority of the tests."""
    monkeypatch.setenv("SSL_CERT_FILE", authority.pem)
