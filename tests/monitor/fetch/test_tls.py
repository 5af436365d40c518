"""TLS is checked as browsers check it, and what is wrong with it is said."""

from __future__ import annotations

import asyncio
import json
import shutil
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import certifi
import pytest
import trustme
from cryptography.hazmat.primitives.serialization import Encoding

from checks.links import Links
from checks.model import Confidence, Kind, Link
from monitor.fetch import Fetcher, Limits, browser_tls
from tests.monitor import authority as certificates
from tests.server.bodies import TEXT
from tests.server.hostile import ROUTES
from tests.server.http2 import ODD, Http2Site
from tests.server.site import Site, listening

NOW = datetime.now(UTC)
LAST_YEAR = {"not_before": NOW - timedelta(days=400), "not_after": NOW - timedelta(days=35)}
NEXT_YEAR = {"not_before": NOW + timedelta(days=35), "not_after": NOW + timedelta(days=400)}


def trusting(authority, **options) -> Fetcher:
    return Fetcher(user_agent="test", allow_private=True, trusted_ca=authority.pem, **options)


async def test_a_trusted_certificate_opens(authority, hostile_tls):
    async with trusting(authority) as fetcher:
        for _ in range(3):
            fetched = await fetcher.fetch(f"{hostile_tls.url}/ok")
            assert (fetched.response.status, fetched.response.error) == (200, None)
            assert (fetched.body, fetched.address) == (TEXT.encode(), "127.0.0.1")


async def test_an_authority_of_ones_own_is_trusted_only_where_it_is_named(hostile_tls):
    async with Fetcher(user_agent="test", allow_private=True) as fetcher:
        response = (await fetcher.fetch(f"{hostile_tls.url}/ok")).response
    assert (response.error, response.status) == ("tls", None)
    assert "issuer" in response.detail


async def test_checking_can_be_left_out(hostile_tls):
    async with Fetcher(user_agent="test", allow_private=True, verify=False) as fetcher:
        assert (await fetcher.fetch(f"{hostile_tls.url}/ok")).response.status == 200


def test_an_authority_that_cannot_be_read_is_refused_at_once(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        Fetcher(user_agent="test", trusted_ca=str(tmp_path / "none.pem"))


CERTIFICATES = [
    (("127.0.0.1",), LAST_YEAR, "expired"),
    (("127.0.0.1",), NEXT_YEAR, "not yet valid"),
    (("other.test",), {}, "IP address mismatch"),
]
REFUSED = {
    "signed with SHA-1": (lambda: certificates.with_sha1(certificates.leaf()), "too weak"),
    "a key that says that it does not sign": (lambda: certificates.leaf(signs=False), "key usage"),
}


@pytest.mark.parametrize(("make", "words"), REFUSED.values(), ids=REFUSED)
async def test_what_every_browser_refuses_in_a_certificate_is_certain(tmp_path, known_root, make, words):
    with certificates.serving(tmp_path, make()) as port:
        async with Fetcher(user_agent="test", allow_private=True, trusted_ca=known_root) as fetcher:
            response = (await fetcher.fetch(f"https://localhost:{port}/")).response
    assert (response.error, words in response.detail) == ("tls", True)
    (finding,) = Links().inspect(Link(response.url, Kind.PAGE, looks=(response,), internal=False))
    assert (finding.rule.id, finding.confidence) == ("broken-link", Confidence.CONFIRMED)
    assert "certificate" not in finding.rule.say(finding, "zh-CN"), "OpenSSL's words are said in Chinese"


@pytest.mark.parametrize(("names", "options", "words"), CERTIFICATES)
async def test_a_bad_certificate_is_named(authority, names, options, words):
    with Site(ROUTES, tls=authority.context(*names, **options)).running() as site:
        async with trusting(authority) as fetcher:
            response = (await fetcher.fetch(f"{site.url}/ok")).response
    assert response.error == "tls"
    assert words in response.detail


async def test_a_name_that_the_certificate_does_not_bear(authority, hostile_tls, names):
    async with trusting(authority, lookup=names({"other.test": ["127.0.0.1"]})) as fetcher:
        response = (await fetcher.fetch(f"https://other.test:{hostile_tls.port}/ok")).response
    assert response.error == "tls"
    assert "Hostname mismatch" in response.detail


async def test_a_name_with_a_dot_at_its_end_is_the_same_name(authority, names):
    seen: list[str | None] = []
    context = authority.context("good.test")
    context.sni_callback = lambda _, name, __: seen.append(name)
    lookup = names({"good.test.": ["127.0.0.1"]})
    with Site(ROUTES, tls=context).running() as site:
        async with trusting(authority, lookup=lookup) as fetcher:
            fetched = await fetcher.fetch(f"https://good.test.:{site.port}/echo")
    assert fetched.response.error is None
    assert seen == ["good.test"]
    assert json.loads(fetched.body)["headers"]["host"] == f"good.test:{site.port}"


async def test_a_name_that_only_the_common_name_has_is_none(tmp_path, known_root):
    file = tmp_path / "server.pem"
    file.write_bytes(certificates.leaf(san=False).pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with Site(ROUTES, tls=context).running() as site:
        async with Fetcher(user_agent="test", allow_private=True, trusted_ca=known_root) as fetcher:
            response = (await fetcher.fetch(f"https://localhost:{site.port}/ok")).response
    assert (response.error, response.status) == ("tls", None)


@pytest.fixture
def known_root(tmp_path):
    """The path of the root that tests.monitor.authority signs with."""
    path = tmp_path / "known-root.pem"
    path.write_bytes(certificates.root().pem())
    return str(path)


HASH = "2faabc7f"
"""Under which OpenSSL looks for that root in a directory (``openssl x509 -subject_hash``)."""


@pytest.fixture
def system(tmp_path, monkeypatch):
    """A system without authorities: a file of them, and a directory in which they are looked up by their hash."""
    directory, file = tmp_path / "authorities", tmp_path / "authorities.pem"
    directory.mkdir()
    file.touch()
    monkeypatch.setenv("SSL_CERT_DIR", str(directory))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return directory, file


@pytest.mark.parametrize("requests", [1, 2])
async def test_an_authority_of_the_system_is_trusted_wherever_it_stands(tmp_path, system, requests):
    directory, file = system
    server = tmp_path / "server.pem"
    server.write_bytes(certificates.leaf().pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server)
    handshakes: list[str | None] = []
    context.sni_callback = lambda _, name, __: handshakes.append(name)

    async def asked() -> tuple[str | None, int]:
        handshakes.clear()
        async with Fetcher(user_agent="test", allow_private=True) as fetcher:
            for _ in range(requests):  # of a method that gets a connection of its own each time
                fetched = await fetcher.fetch(f"https://localhost:{site.port}/ok", method="POST")
        return fetched.response.error, len(handshakes)

    with Site(ROUTES, tls=context).running() as site:
        error, refused = await asked()
        assert (error, refused > requests) == ("tls", True), "a refusal counts once the files were read"
        file.write_bytes(certificates.root().pem())
        assert await asked() == (None, requests + 1)
        (directory / f"{HASH}.0").write_bytes(certificates.root().pem())
        assert await asked() == (None, requests)
        file.unlink()
        assert await asked() == (None, requests)
        shutil.rmtree(directory)
        assert (await asked())[0] == "tls", "a system without authorities has none but Mozilla's"


def authorities(context: ssl.SSLContext) -> set[bytes]:
    return set(context.get_ca_certs(binary_form=True))


def test_every_authority_of_the_systems_file_and_of_mozillas_is_trusted_once(system):
    _, file = system
    *_, known, another = browser_tls.CERTIFICATE.findall(certifi.contents())
    own = certificates.root().pem().decode()
    file.write_text(f"Ours\n{own}\nMozilla's\n{known}\n{another.replace(chr(10), chr(13) + chr(10))}\n", "ascii")
    every = ssl.create_default_context(cafile=str(file))
    every.load_verify_locations(certifi.where())
    made = browser_tls.tls_context(verify=True, trusted_ca=None)
    assert authorities(made) == authorities(every)
    file.unlink()
    assert authorities(browser_tls.tls_context(verify=True, trusted_ca=None)) == authorities(
        ssl.create_default_context(cafile=certifi.where())
    )


@contextmanager
def forgetful(tmp_path, issuer, sent: bytes | None):
    """Serve a host that does not send its intermediate, and where that can be had; yields its URL, and the shop."""

    async def answer(exchange):
        await exchange.answer(sent if sent is not None else b"", status=200 if sent is not None else 404)

    with Site({"/i.cer": answer}).running() as shop:
        made = certificates.leaf(issuer, chain=False, aia=f"{shop.url}/i.cer")
        file = tmp_path / "server.pem"
        file.write_bytes(made.pem())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        with Site(ROUTES, tls=context).running() as site:
            yield site.url, shop


async def test_an_intermediate_that_the_server_forgot_is_fetched_as_browsers_do(tmp_path, known_root):
    issuer = certificates.intermediate()
    with forgetful(tmp_path, issuer, issuer.certificate.public_bytes(Encoding.DER)) as (url, shop):
        async with Fetcher(user_agent="test", allow_private=True, trusted_ca=known_root) as fetcher:
            for _ in range(2):
                response = (await fetcher.fetch(f"{url}/ok", headers={"Connection": "close"})).response
                assert (response.error, response.status) == (None, 200)
    assert len(shop.asked("/i.cer")) == 1, "once a run is enough"


async def test_what_is_fetched_is_no_reason_to_trust(tmp_path, known_root):
    """An intermediate of an authority that nobody knows does not do for a root, nor does a root that is served."""
    stranger = certificates.root("Nobody's Root")
    for sent in (stranger.certificate.public_bytes(Encoding.DER), b"no certificate", None):
        with forgetful(tmp_path, stranger, sent) as (url, _):
            async with Fetcher(user_agent="test", allow_private=True, trusted_ca=known_root) as fetcher:
                response = (await fetcher.fetch(f"{url}/ok")).response
        assert (response.error, response.status) == ("tls", None)
        assert "issuer" in response.detail


async def test_a_server_that_answers_tls_with_http_is_a_tls_fault():
    async def speak(reader, writer):
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()

    async with listening(speak) as port, Fetcher(user_agent="test", allow_private=True) as fetcher:
        response = (await fetcher.fetch(f"https://127.0.0.1:{port}/")).response
    assert (response.error, response.detail) == ("tls", "wrong version number")


async def test_a_handshake_that_never_ends_is_a_timeout_and_leaves_no_socket():
    left = asyncio.Event()

    async def speak(reader, writer):
        while await reader.read(1000):
            pass
        left.set()

    async with listening(speak) as port, Fetcher(user_agent="test", allow_private=True) as fetcher:
        response = (await fetcher.fetch(f"https://127.0.0.1:{port}/", limits=Limits(timeout=0.3))).response
        await asyncio.wait_for(left.wait(), 60)
    assert response.error == "timeout"


async def test_a_handshake_that_is_cut_is_told():
    async def speak(reader, writer):
        await reader.read(100)

    async with listening(speak) as port, Fetcher(user_agent="test", allow_private=True) as fetcher:
        response = (await fetcher.fetch(f"https://127.0.0.1:{port}/")).response
    assert response.error in {"tls", "reset"}
    assert response.detail


async def test_what_browsers_still_open_opens(authority):
    """Old load balancers speak TLS 1.2 with RSA key exchange, which Chrome takes and Python's own list leaves out."""
    context = authority.context("127.0.0.1", key_type=trustme.KeyType.RSA)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA")
    with Site(ROUTES, tls=context).running() as site:
        async with trusting(authority) as fetcher:
            assert (await fetcher.fetch(f"{site.url}/ok")).body == TEXT.encode()


async def test_http_2_is_spoken_with_servers_that_want_it(authority):
    site = Http2Site()
    async with site.running(authority.context("127.0.0.1")), trusting(authority) as fetcher:
        url = f"https://127.0.0.1:{site.port}/a?b"
        bodies = [await fetcher.fetch(url) for _ in range(5)]
        bodies += await asyncio.gather(*(fetcher.fetch(url) for _ in range(5)))
        cut = await fetcher.fetch(url, head_bytes=10)
        after = await fetcher.fetch(url)
    assert {fetched.body for fetched in (*bodies, after)} == {TEXT.encode()}
    assert {fetched.address for fetched in bodies} == {"127.0.0.1"}
    assert (len(cut.body), cut.truncated) == (10, True)
    assert len(site.seen) == 12
    assert site.connections <= 6
    assert site.seen[0][":authority"] == f"127.0.0.1:{site.port}"
    assert site.seen[0]["user-agent"] == "test"
    assert "host" not in site.seen[0]


@pytest.mark.parametrize("path", ODD)
async def test_what_makes_no_sense_over_http_2_is_asked_for_over_http_1(authority, path):
    site = Http2Site(odd=ODD)
    async with site.running(authority.context("127.0.0.1")), trusting(authority) as fetcher:
        url = f"https://127.0.0.1:{site.port}"
        before = await fetcher.fetch(f"{url}/")
        odd = [await fetcher.fetch(url + path) for _ in range(2)]
        posted = await fetcher.fetch(url + path, method="POST")
    assert before.body == TEXT.encode()
    assert [(each.response.error, each.response.status, each.body) for each in odd] == [(None, 200, b"hi")] * 2
    assert (posted.response.error, posted.body) == (None, b"hi"), "the origin is known by then"
    asked = [each[":path"] for each in site.seen]
    assert set(asked) == {"/", path}
    assert len(asked) <= 3, "on the kept connection, on a fresh one, and no more"


async def test_what_is_posted_is_not_asked_twice(authority):
    site = Http2Site(odd=ODD)
    async with site.running(authority.context("127.0.0.1")), trusting(authority) as fetcher:
        response = (await fetcher.fetch(f"https://127.0.0.1:{site.port}/refused", method="POST")).response
    assert (response.error, response.status) == ("protocol", None)
    assert len(site.seen) == 1
