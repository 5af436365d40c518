"""Only what nearly every foreign host does alike is a reason to suspect our own network; then a canary is asked."""

from __future__ import annotations

import pytest

from checks.model import Redirect, Response
from checks.reading.own_network import (
    HostOutcome,
    NetworkFault,
    counts,
    is_usual,
    led_away,
    opens,
    outcome_of,
    sign,
    suspicion,
)

N, C, T, A = NetworkFault.NAMES, NetworkFault.CONNECTIONS, NetworkFault.CERTIFICATES, NetworkFault.ANSWERS

OUTCOMES = {
    "nobody was asked": ([], None),
    "all opened": ([None] * 5, None),
    "one of many is dead": ([N, *[None] * 9], None),
    "one of two is dead": ([N, None], None),
    "a minority is dead": ([N, C, None, None, None], None),
    "the only one is dead": ([N], N),
    "the only one is slow": ([C], C),
    "all are dead": ([N] * 9, N),
    "nearly all are dead": ([*[C] * 9, None], C),
    "half are dead": ([N, N, None, None], N),
    "all fail, in several ways": ([C, C, T], C),
}


@pytest.mark.parametrize(("signs", "suspected"), OUTCOMES.values(), ids=OUTCOMES)
def test_what_nearly_everybody_does_is_suspected(signs, suspected):
    assert suspicion(HostOutcome(f"http://{number}.cn", each) for number, each in enumerate(signs)) is suspected


def test_a_wrong_clock_leaves_http_alone():
    plain = [HostOutcome(f"http://{number}.cn", None) for number in range(9)]
    secure = [HostOutcome(f"https://{number}.cn", T) for number in range(3)]
    assert suspicion([*plain, *secure]) is T
    assert suspicion([*plain, *secure, *(HostOutcome(f"https://{n}.com", None) for n in range(5))]) is None


def test_a_portal_sends_everybody_to_one_place():
    led = [HostOutcome(f"http://{number}.cn", None, "login.cn") for number in range(3)]
    assert suspicion(led) is A
    assert suspicion([*led, *(HostOutcome(f"http://{n}.com", None) for n in range(9))]) is None
    assert suspicion(HostOutcome(f"http://{n}.cn", None, f"{n}.com") for n in range(9)) is None


def test_what_any_host_may_say_is_not_said_by_all_of_them():
    refused = [HostOutcome(f"http://{number}.cn", None, refused=True) for number in range(3)]
    assert suspicion(refused) is A
    assert suspicion([*refused, HostOutcome("http://a.com", C)]) is A
    assert suspicion([*refused, HostOutcome("http://a.com", None)]) is None
    assert suspicion(refused[:1]) is None


SIGNS = [
    ({"error": "dns"}, N), ({"error": "resolver"}, N), ({"error": "forbidden-address"}, N),
    ({"error": "connect"}, C), ({"error": "timeout"}, C), ({"error": "no-route"}, C), ({"error": "reset"}, C),
    ({"error": "tls"}, T), ({"status": 407}, A), ({"status": 502}, A), ({"status": 511}, A),
    ({"status": 200}, None), ({"status": 404}, None), ({"status": 500}, None), ({"error": "redirect-loop"}, None),
    ({"error": "malformed"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "expected"), SIGNS)
def test_what_only_a_host_itself_says_is_no_sign(answer, expected):
    assert sign(Response("http://a.cn/", **answer)) is expected


def test_a_host_that_leads_to_its_own_domain_is_not_led_away():
    def answer(end: str) -> Response:
        return Response(end, 200, redirects=(Redirect("http://a.cn/", 302, end),))

    assert led_away("http://a.cn/", answer("https://www.a.cn/")) == ""
    assert led_away("http://a.cn/", answer("http://login.cn/")) == "login.cn"
    assert is_usual("http://a.cn/", answer("https://www.a.cn/"))
    assert not is_usual("http://a.cn/", answer("http://login.cn/"))


def test_an_address_opens_where_its_own_host_gives_it():
    assert opens("http://a.cn/", Response("http://a.cn/", 200))
    assert not opens("http://a.cn/", Response("http://a.cn/", 404))
    assert not opens("http://a.cn/", Response("http://a.cn/", 511))
    assert outcome_of("http://a.cn", "http://a.cn/", Response("http://a.cn/", 404)).refused
    assert outcome_of("http://a.cn", "http://a.cn/", Response("http://a.cn/", error="redirect-loop")).refused
    assert not outcome_of("http://a.cn", "http://a.cn/", Response("http://a.cn/", error="dns")).refused


@pytest.mark.parametrize(
    "url", ["http://localhost/", "http://127.0.0.1:8/", "http://[::1]/", "http://gone.invalid/", "x"]
)
def test_ourselves_and_names_that_are_nowhere_say_nothing_of_the_network(url):
    assert not counts(url)


@pytest.mark.parametrize("url", ["http://a.cn/", "http://10.0.0.1/", "http://invalid.cn/", "http://127.cn.com/"])
def test_everybody_else_does(url):
    assert counts(url)
