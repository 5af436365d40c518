"""While our own network fails, what no network leads to is judged, and nothing else that failed."""

from __future__ import annotations

import pytest

from checks.model import ErrorKind, Kind, Link, Response
from checks.reading.own_network import NetworkFault
from monitor.crawl.scope import SiteScope
from monitor.inspection.own_network import Network

JUDGED = [
    ("http://nobody.invalid/", ErrorKind.DNS, True),
    ("http://127.0.0.1:9/", ErrorKind.CONNECT, True),
    ("http://nobody.invalid/", ErrorKind.RESOLVER, False),
    ("http://nobody.example/", ErrorKind.DNS, False),
    ("http://10.9.0.2/", ErrorKind.CONNECT, False),
    ("http://www.a.cn/", ErrorKind.CONNECT, False),
]


@pytest.mark.parametrize(("url", "error", "judged"), JUDGED)
def test_what_no_network_leads_to_is_judged_whatever_becomes_of_ours(url, error, judged):
    scope = SiteScope.of("http://www.a.cn/", (), (), ())
    link = Link(url, Kind.PAGE, scope.internal(url), (Response(url, error=error),))
    assert Network(scope, NetworkFault.NAMES).judges(link) is judged
    assert Network(scope).judges(link)
