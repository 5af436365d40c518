"""What one host does on the wire, asked of real servers."""

import ssl
from contextlib import ExitStack

import pytest
import trustme

from checks.model import Trust
from checks.security.headers import Headers
from checks.security.observatory import grade
from monitor.fetch import Fetcher
from monitor.probes.host import MISSING, ORIGIN, SECURITY_TXT, probe
from tests.server.site import Site

HEADERS = [
    ("Content-Security-Policy", "default-src 'self'"),
    ("Strict-Transport-Security", "max-age=31536000"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
]


async def page(exchange):
    if exchange.method == "OPTIONS":
        origin = exchange.headers["origin"]
        allow = [("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true")]
        await exchange.answer(status=204, headers=allow)
    else:
        await exchange.answer("<title>清河县</title>".encode("gb18030"), type="text/html; charset=gbk", headers=HEADERS)


async def to_home(exchange):
    await exchange.redirect("/home#top", headers=[("Set-Cookie", "sess=1; HttpOnly")])


async def robots(exchange):
    await exchange.answer("User-agent: *\n", type="text/plain", headers=[("Set-Cookie", "login=1; HttpOnly")])


SECURE = {"/": to_home, "/home": page, "/robots.txt": robots}


@pytest.fixture
def servers(authority):
    """Return a function that starts a server for http that redirects to one for https."""
    with ExitStack() as stack:

        def start(context=None):
            secure = Site(SECURE, tls=context or authority.context("localhost"), host="127.0.0.1")
            stack.enter_context(secure.running())

            async def leave(exchange):
                await exchange.redirect(f"https://localhost:{secure.port}{exchange.target}", 301)

            plain = Site({"/": leave})
            stack.enter_context(plain.running())
            return plain, secure

        yield start


@pytest.fixture
def closed():
    """A server that is gone: nothing listens on its port."""
    with Site({}).running() as gone:
        pass
    return gone


async def look(plain, secure, authority, *, lenient=True, url="https://localhost/"):
    options = {"user_agent": "test", "allow_private": True}
    ports = {"http_port": plain.port, "https_port": secure.port, "trusted_ca": authority.pem}
    async with Fetcher(**options, trusted_ca=authority.pem) as strict, Fetcher(**options, verify=False) as unverified:
        return await probe(strict, url, unverified=unverified if lenient else None, **ports)


async def test_a_host_that_does_it_right(servers, authority):
    plain, secure = servers()
    host = await look(plain, secure, authority)
    start = f"https://localhost:{secure.port}"
    route = [answer.response.url for answer in host.http.answers]
    assert route == [f"http://localhost:{plain.port}/", f"{start}/", f"{start}/home"]
    assert [answer.response.status for answer in host.https.answers] == [302, 200]
    assert (host.name, host.url, host.secure, host.https.trusted) == ("localhost", f"{start}/", True, True)
    assert "清河县" in host.judged.final.body
    assert host.robots.response.header("set-cookie") == "login=1; HttpOnly"
    assert (host.missing.response.url, host.missing.response.status) == (f"{start}{MISSING}", 404)
    assert (host.security_txt.response.url, host.security_txt.response.status) == (f"{start}{SECURITY_TXT}", 404)
    assert host.preflight.response.header("access-control-allow-origin") == ORIGIN


async def test_every_answer_is_judged(servers, authority):
    host = await look(*servers(), authority)
    found = {(finding.rule.id, finding.variant): finding for finding in Headers().inspect(host)}
    assert set(found) == {
        ("cookies", "session-insecure"),
        ("cross-origin-resource-sharing", "reflected"),
        ("headers-on-error-pages", ""),
    }
    assert found["cookies", "session-insecure"].params["names"] == "sess, login"
    assert (grade(host).score, grade(host).grade) == (95, "A")


async def test_it_asks_little_and_says_who_it_is(servers, authority):
    plain, secure = servers()
    await look(plain, secure, authority)
    assert len(plain.requests) == 1
    assert sorted(f"{method} {target}" for method, target, _ in secure.requests) == sorted(
        [
            *("GET /", "GET /home", "GET /", "GET /home", "GET /robots.txt", f"GET {SECURITY_TXT}", f"GET {MISSING}"),
            "OPTIONS /home",
        ]
    )
    assert {headers["user-agent"] for _, _, headers in secure.requests} == {"test"}
    assert {headers.get("origin") for _, _, headers in secure.requests} == {None, ORIGIN}


async def test_a_certificate_that_does_not_verify_is_noted_and_passed(servers, authority):
    stranger = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    stranger.issue_cert("localhost").configure_cert(context)
    plain, secure = servers(context)
    host = await look(plain, secure, authority)
    assert (host.secure, host.https.trusted, host.http.trusted) == (True, False, False)
    assert host.robots.response.status == 200
    assert grade(host).tests["redirection"].result == "redirection-invalid-cert"
    strict = await look(plain, secure, authority, lenient=False)
    assert (strict.secure, strict.https.answers[-1].response.error) == (False, "tls")


async def test_what_the_https_port_offers_is_surveyed(servers, authority):
    plain, secure = servers()
    tls = (await look(plain, secure, authority)).tls
    assert (tls.name, tls.port, tls.trust) == ("localhost", secure.port, Trust.TRUSTED)
    assert tls.versions[-1] == "TLSv1.3"
    assert tls.certificate_not_after == tls.chain[0].not_after


async def test_a_host_without_https(closed, authority):
    with Site({"/": page}).running() as plain:
        host = await look(plain, closed, authority, url="http://localhost/")
    assert (host.secure, host.tls) == (False, None)
    assert host.https.answers[0].response.error == "connect"
    assert host.judged.final.response.url == f"http://localhost:{plain.port}/"


async def test_nobody_home(closed, authority):
    host = await look(closed, closed, authority)
    assert host.judged.final is None
    assert (host.robots, host.missing, host.preflight) == (None, None, None)


@pytest.mark.parametrize("target", ["http://[", "mailto:a@b.example"])
async def test_a_redirect_to_nowhere(closed, authority, target):
    async def astray(exchange):
        await exchange.redirect(target)

    with Site({"/": astray}).running() as site:
        host = await look(site, closed, authority)
    assert [answer.response.error for answer in host.http.answers] == [None, "redirect-broken"]
    assert host.http.final is None


async def test_a_circle_is_left_after_ten_redirects(closed, authority):
    async def around(exchange):
        await exchange.redirect("/")

    with Site({"/": around}).running() as site:
        host = await look(site, closed, authority)
    assert [answer.response.status for answer in host.http.answers] == [302] * 11
