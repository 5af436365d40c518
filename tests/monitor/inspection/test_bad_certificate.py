"""A site whose certificate lets nobody in: the certificate is the finding, not a failed run."""

import ssl

import pytest

from tests.monitor import authority
from tests.monitor.web import Command, links, web


@pytest.fixture
def inspect(tmp_path) -> Command:
    return Command(tmp_path)


@pytest.fixture
def context(tmp_path):
    """What a server with a certificate of its own making needs."""
    file = tmp_path / "server.pem"
    file.write_bytes(authority.self_signed().pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_the_certificate_is_the_finding(inspect, context):
    with web({"/": links("/a.html")}, tls=context).running() as site:
        outcome = inspect(site.url, "--fail-on=critical", checks="links,tls")
        again = inspect(site.url, checks="links,tls")
    assert outcome.rules == {"tls-self-signed"}
    assert (outcome.code, outcome.report["run"]["status"]) == (1, "partial")
    assert "证书" in outcome.report["run"]["reason"]
    assert [finding["baseline"] for finding in again.report["findings"]] == ["unchanged"]


def test_without_the_check_the_run_has_failed(inspect, context):
    with web({"/": links("/a.html")}, tls=context).running() as site:
        outcome = inspect(site.url, checks="links")
    assert (outcome.code, outcome.report["run"]["status"]) == (3, "failed")
