"""Real handshakes with real servers, each with a fault of its own, and the verdict on it."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec.structs import replace

from checks.links import Links
from checks.model import Answer, Chain, Confidence, Host, Kind, Link, Response, Trust
from checks.security.tls import TlsCheck, matches
from monitor.fetch import Fetcher
from monitor.probes import tls as tls_probe
from monitor.probes.host import probe
from monitor.probes.tls import survey, tlcp_hello
from tests.factories import at
from tests.monitor import authority

DAY = authority.DAY
V10, V11, V12, V13 = (ssl.TLSVersion[name] for name in ("TLSv1", "TLSv1_1", "TLSv1_2", "TLSv1_3"))


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch):
    monkeypatch.setattr(tls_probe, "PAUSE_SECONDS", 0)


@pytest.fixture(scope="session")
def trusted_ca(tmp_path_factory):
    file = tmp_path_factory.mktemp("ca") / "root.pem"
    file.write_bytes(authority.root().pem())
    return str(file)


def judge(tls, **settings):
    host = Host(tls.name, Chain(), Chain(), datetime.now(UTC), tls=tls)
    return list(TlsCheck(**settings).inspect(host))


def verdicts(tls):
    return {finding.rule.id for finding in judge(tls)}


async def surveyed(tmp_path, trusted_ca, made, between=(V12, V13), **options):
    name = options.pop("name", "localhost")
    with authority.serving(tmp_path, made, between) as port:
        return await survey(name, ["127.0.0.1"], port=port, trusted_ca=trusted_ca, timeout=60, **options)


CASES = {
    "a good certificate": (authority.leaf, set()),
    "a full chain": (lambda: authority.leaf(authority.intermediate()), set()),
    "a wildcard": (lambda: authority.leaf(names=("*.localhost", "localhost")), set()),
    "expired": (lambda: authority.leaf(start=-90 * DAY, end=-2 * DAY), {"tls-expired"}),
    "not yet valid": (lambda: authority.leaf(start=2 * DAY), {"tls-not-yet-valid"}),
    "expiring": (lambda: authority.leaf(end=20 * DAY), {"tls-expiring"}),
    "wrong host": (lambda: authority.leaf(names=("www.example.com",)), {"tls-wrong-host"}),
    "self-signed": (authority.self_signed, {"tls-self-signed"}),
    "missing intermediate": (
        lambda: authority.leaf(authority.intermediate(), chain=False),
        {"tls-missing-intermediate"},
    ),
    "an authority of their own, root sent": (
        lambda: authority.Leaf(
            (made := authority.leaf(authority.root("Own Root"))).certificate,
            made.secret,
            [authority.root("Own Root").certificate],
        ),
        {"tls-untrusted-issuer"},
    ),
    "SHA-1": (lambda: authority.with_sha1(authority.leaf()), {"tls-weak-signature"}),
    "a short key": (lambda: authority.leaf(bits=1024), {"tls-weak-key"}),
    "expired certificates that nobody needs": (
        lambda: authority.leaf(
            authority.Issuer(
                (issuer := authority.intermediate()).certificate,
                issuer.secret,
                [issuer.certificate, *authority.of_no_use(-100 * DAY, -DAY)],
            )
        ),
        set(),
    ),
    "a certificate that nobody needs and that ends soon": (
        lambda: authority.leaf(
            authority.Issuer(
                (issuer := authority.intermediate()).certificate,
                issuer.secret,
                [issuer.certificate, authority.of_no_use(-100 * DAY, 3 * DAY)[1]],
            )
        ),
        set(),
    ),
    "an expired intermediate": (
        lambda: authority.leaf(
            authority.Issuer(
                authority.intermediate().certificate, authority.intermediate().secret, authority.of_no_use()[:1]
            )
        ),
        {"tls-expired"},
    ),
    "a name that stands where nobody looks for it": (lambda: authority.leaf(san=False), {"tls-wrong-host"}),
    "a key that says that it does not sign": (lambda: authority.leaf(signs=False), {"tls-invalid-chain"}),
    "a key that says that it signs": (lambda: authority.leaf(signs=True), set()),
    "two faults": (
        lambda: authority.leaf(names=("www.example.com",), start=-90 * DAY, end=-DAY),
        {"tls-expired", "tls-wrong-host"},
    ),
}


WILDCARDS = [
    ("*.qinghe.gov.cn", "www.qinghe.gov.cn", True),
    ("*.qinghe.gov.cn", "qinghe.gov.cn", False),
    ("*.qinghe.gov.cn", "a.www.qinghe.gov.cn", False),
    ("*.gov.cn", "qinghe.gov.cn", False),
    ("*.sd.cn", "qinghe.sd.cn", False),
    ("w*.qinghe.gov.cn", "www.qinghe.gov.cn", False),
    ("www.*.gov.cn", "www.qinghe.gov.cn", False),
]


@pytest.mark.parametrize(("make", "expected"), CASES.values(), ids=CASES)
async def test_each_fault_of_a_certificate_is_its_own_verdict(tmp_path, trusted_ca, make, expected):
    tls = await surveyed(tmp_path, trusted_ca, make())
    assert tls.error is None
    assert verdicts(tls) == expected


VERSIONS = {
    "1.0 only": (V10, V10, ("TLSv1",), {"tls-only-old"}),
    "1.0 and 1.1": (V10, V11, ("TLSv1", "TLSv1.1"), {"tls-only-old"}),
    "1.2 only": (V12, V12, ("TLSv1.2",), {"tls13-missing"}),
    "1.1 and 1.2": (V11, V12, ("TLSv1.1", "TLSv1.2"), {"tls-old-version", "tls13-missing"}),
    "everything": (V10, V13, ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"), {"tls-old-version"}),
    "1.3 only": (V13, V13, ("TLSv1.3",), set()),
}


@pytest.mark.parametrize("case", VERSIONS.values(), ids=VERSIONS)
async def test_the_versions_that_a_server_accepts_are_told(tmp_path, trusted_ca, case):
    oldest, newest, versions, expected = case
    tls = await surveyed(tmp_path, trusted_ca, authority.leaf(), between=(oldest, newest))
    assert tls.versions == versions
    assert verdicts(tls) == expected


SUITES = {
    "CBC with SHA-256, without browsers": ("AES128-SHA256", {"tls-only-old", "tls13-missing"}),
    "CBC with SHA-384, without browsers": ("ECDHE-RSA-AES256-SHA384", {"tls-only-old", "tls13-missing"}),
    "the keys of RSA": ("AES128-SHA", {"tls13-missing"}),
    "some of each": ("ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA", {"tls13-missing"}),
}


@pytest.mark.parametrize(("suites", "expected"), SUITES.values(), ids=SUITES)
async def test_a_server_without_a_suite_of_browsers_opens_in_none(tmp_path, trusted_ca, suites, expected):
    with authority.serving(tmp_path, authority.leaf(), (V12, V12), suites) as port:
        tls = await survey("localhost", ["127.0.0.1"], port=port, trusted_ca=trusted_ca, timeout=60)
        async with Fetcher(user_agent="test", allow_private=True, trusted_ca=trusted_ca) as fetcher:
            opened = (await fetcher.fetch(f"https://localhost:{port}/")).response
    assert verdicts(tls) == expected
    assert (opened.error == "tls") is ("tls-only-old" in expected), "links to it are judged alike"


async def test_who_hangs_up_on_a_handshake_like_a_browser_s_is_not_accused(tmp_path, trusted_ca):
    """The last handshake of a survey gets no answer, or the homepage opened over https all the same."""
    shakes = 0

    def relay(port):
        def answer(plain):
            nonlocal shakes
            shakes += 1
            if shakes > 4:
                return
            with authority.socket.create_connection(("127.0.0.1", port)) as behind:
                behind.settimeout(60)
                pump(plain, behind)

        return answer

    with authority.serving(tmp_path, authority.leaf(), (V12, V12)) as port, authority.listening(relay(port)) as front:
        tls = await survey("localhost", ["127.0.0.1"], port=front, trusted_ca=trusted_ca, timeout=60)
    assert shakes == 5
    assert verdicts(tls) == {"tls13-missing"}
    refusing_tls = replace(tls, offered_to_browsers=False)
    assert "tls-only-old" in verdicts(refusing_tls)
    opened = Chain((Answer(Response("https://localhost/", 200)),))
    host = Host(tls.name, Chain(), opened, datetime.now(UTC), tls=refusing_tls)
    assert {finding.rule.id for finding in TlsCheck().inspect(host)} == {"tls13-missing"}


async def test_a_certificate_that_does_not_sign_where_it_need_not_is_as_good(tmp_path, trusted_ca):
    with authority.serving(tmp_path, authority.leaf(signs=False), (V12, V12), "AES128-SHA") as port:
        tls = await survey("localhost", ["127.0.0.1"], port=port, trusted_ca=trusted_ca, timeout=60)
    assert verdicts(tls) == {"tls13-missing"}


@pytest.mark.parametrize(("newest", "variant"), [(V13, "certificate"), (V12, "tls")])
async def test_a_server_that_opens_to_holders_of_certificates_is_named_as_such(tmp_path, trusted_ca, newest, variant):
    with authority.serving(tmp_path, authority.leaf(), (V12, newest), visitors=trusted_ca) as port:
        async with Fetcher(user_agent="test", allow_private=True, trusted_ca=trusted_ca) as fetcher:
            host = await probe(fetcher, f"https://localhost:{port}/", http_port=9, trusted_ca=trusted_ca)
            link = Link(at("/"), Kind.PAGE, looks=(host.https.answers[0].response,), internal=False)
    (finding,) = [each for each in TlsCheck().inspect(host) if each.rule.id != "tls13-missing"]
    assert (finding.rule.id, finding.variant) == ("tls-handshake-failed", variant)
    assert "数字证书" in finding.rule.say(finding, "zh-CN")
    (judged,) = Links().inspect(link)
    kind = {"certificate": ("blocked-link", "certificate"), "tls": ("broken-link", "tls")}[variant]
    assert (judged.rule.id, judged.variant, judged.confidence) == (*kind, Confidence.SUSPECTED)


async def test_an_address_is_matched_by_the_addresses_of_the_certificate(tmp_path, trusted_ca):
    tls = await surveyed(tmp_path, trusted_ca, authority.leaf(), name="127.0.0.1")
    assert verdicts(tls) == set()


async def test_an_address_that_is_written_as_a_name_counts_nowhere(tmp_path, trusted_ca):
    made = authority.leaf(names=("localhost", "dns:127.0.0.1"))
    assert verdicts(await surveyed(tmp_path, trusted_ca, made, name="127.0.0.1")) == {"tls-wrong-host"}


@pytest.mark.parametrize(("pattern", "host", "covered"), WILDCARDS)
def test_a_wildcard_stands_for_one_label_below_somebodys_name(pattern, host, covered):
    assert matches(pattern, host) is covered


async def test_a_gap_that_can_be_filled_is_confirmed(tmp_path, trusted_ca):
    issuer = authority.intermediate()
    made = authority.leaf(issuer, chain=False, aia="http://ca.example.com/i.cer")
    asked = []

    async def download(url):
        asked.append(url)
        return issuer.certificate.public_bytes(Encoding.DER)

    tls = await surveyed(tmp_path, trusted_ca, made, download=download)
    (finding,) = judge(tls)
    assert (finding.rule.id, finding.confidence) == ("tls-missing-intermediate", Confidence.CONFIRMED)
    assert asked == ["http://ca.example.com/i.cer"]


async def test_a_gap_behind_which_nobody_is_known_is_an_untrusted_issuer(tmp_path, trusted_ca):
    own = authority.root("Own Root")
    made = authority.leaf(own, chain=False, aia="http://ca.example.com/i.cer")

    async def download(_):
        return own.certificate.public_bytes(Encoding.PEM)

    assert verdicts(await surveyed(tmp_path, trusted_ca, made, download=download)) == {"tls-untrusted-issuer"}


@pytest.mark.parametrize("body", [b"", b"<html>404</html>", b"\x30\x03\x02\x01\x01"])
async def test_what_is_no_certificate_fills_no_gap(tmp_path, trusted_ca, body):
    made = authority.leaf(authority.intermediate(), chain=False, aia="http://ca.example.com/i.cer")

    async def download(_):
        return body

    tls = await surveyed(tmp_path, trusted_ca, made, download=download)
    assert (tls.trust, tls.completed) == (Trust.NO_ISSUER, None)
    (finding,) = judge(tls)
    assert (finding.rule.id, finding.confidence) == ("tls-missing-intermediate", Confidence.SUSPECTED)


def refusing(plain):
    """Answer a TLS hello with handshake_failure, a TLCP one with a server's hello."""
    head = plain.recv(5)
    if head[1:3] == b"\x01\x01":
        plain.sendall(b"\x16\x01\x01\x00\x04\x02\x00\x00\x00")
    else:
        plain.sendall(b"\x15\x03\x03\x00\x02\x02\x28")
    plain.recv(4096)


def silent_to_tls(plain):
    """Hang up on a TLS hello, answer a TLCP one with an alert of its version."""
    if plain.recv(5)[1:3] == b"\x01\x01":
        plain.sendall(b"\x15\x01\x01\x00\x02\x02\x28")
        plain.recv(4096)


@pytest.mark.parametrize("answer", [refusing, silent_to_tls])
async def test_a_server_of_the_national_protocol_is_unsupported_not_broken(answer):
    with authority.listening(answer) as port:
        tls = await survey("localhost", ["127.0.0.1"], port=port, timeout=60)
    assert tls.tlcp
    assert verdicts(tls) == {"tls-national-only"}


def test_the_hello_of_the_national_protocol_is_well_formed():
    hello = tlcp_hello()
    assert hello[:3] == b"\x16\x01\x01"
    assert int.from_bytes(hello[3:5], "big") == len(hello) - 5
    assert hello[5] == 1
    assert int.from_bytes(hello[6:9], "big") == len(hello) - 9
    assert hello[9:11] == b"\x01\x01"


def failing(plain):
    plain.recv(5)
    plain.sendall(b"\x15\x03\x03\x00\x02\x02\x28")
    plain.recv(4096)


def hanging_up(plain):
    plain.recv(5)


def talking_http(plain):
    plain.recv(5)
    plain.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    plain.recv(4096)


@pytest.mark.parametrize(("answer", "error"), [(failing, "tls"), (hanging_up, "reset"), (talking_http, "not-tls")])
async def test_a_port_without_a_handshake_says_why(answer, error):
    with authority.listening(answer) as port:
        tls = await survey("localhost", ["127.0.0.1"], port=port, timeout=60)
    assert (tls.error, tls.tlcp) == (error, False)
    (finding,) = judge(tls)
    assert finding.rule.id == "tls-handshake-failed"
    assert str(port) in finding.rule.say(finding, "zh-CN")


async def test_a_server_that_never_answers_takes_no_longer_than_the_timeout():
    with authority.listening(lambda plain: plain.recv(1 << 16) and plain.recv(1)) as port:
        tls = await survey("localhost", ["127.0.0.1"], port=port, timeout=0.3)
    assert tls.error == "timeout"
    assert verdicts(tls) == set()


async def test_a_closed_port_is_no_fault_of_tls():
    with authority.listening(lambda _: None) as port:
        pass
    tls = await survey("localhost", ["127.0.0.1"], port=port, timeout=60)
    assert tls.error == "connect"
    assert verdicts(tls) == set()


async def test_a_host_without_an_address_is_not_asked():
    assert (await survey("localhost", [])).error == "dns"


async def test_the_end_of_the_certificate_is_a_figure(tmp_path, trusted_ca):
    tls = await surveyed(tmp_path, trusted_ca, authority.leaf(end=20 * DAY))
    assert tls.certificate_not_after == authority.NOW + 20 * DAY
    assert (tls.address, tls.addresses) == ("127.0.0.1", ("127.0.0.1",))


async def test_a_host_gets_a_handful_of_handshakes(tmp_path, trusted_ca):
    count = 0
    made = authority.leaf(start=-90 * DAY, end=-DAY)

    def relay(port):
        def answer(plain):
            nonlocal count
            count += 1
            with authority.socket.create_connection(("127.0.0.1", port)) as behind:
                behind.settimeout(5)
                pump(plain, behind)

        return answer

    with authority.serving(tmp_path, made) as port, authority.listening(relay(port)) as front:
        tls = await survey("localhost", ["127.0.0.1"], port=front, trusted_ca=trusted_ca, timeout=60)
    assert tls.chain
    assert count <= 6


def pump(one, other):
    thread = authority.threading.Thread(target=copy, args=(other, one), daemon=True)
    thread.start()
    copy(one, other)
    thread.join(5)


def copy(source, target):
    with authority.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(authority.socket.SHUT_WR)
