"""The nouns keep their promises: kinds of errors, and what of an answer is a failure."""

from __future__ import annotations

from dataclasses import is_dataclass

import pytest

from checks import CHECKS, model
from checks.link_rules import UNAVAILABLE
from checks.model import PASSING, ErrorKind, Response
from checks.security.injection.check import InjectedLinks

ELSEWHERE = {ErrorKind.MALFORMED, ErrorKind.NOT_TLS}
"""Kinds that a link is not broken by: the first is a rule of its own, the second a fault of a port."""


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (None, None),
        (200, None),
        (304, None),
        (399, None),
        (400, ErrorKind.HTTP_4XX),
        (499, ErrorKind.HTTP_4XX),
        (500, ErrorKind.HTTP_5XX),
        (599, ErrorKind.HTTP_5XX),
        (999, ErrorKind.HTTP_5XX),
    ],
)
def test_a_status_that_refuses_is_a_failure(status, kind):
    assert ErrorKind.of_status(status) == Response("http://a.cn/", status).failure == kind


def test_an_error_counts_before_a_status():
    assert Response("http://a.cn/", 500, error=ErrorKind.TIMEOUT).failure is ErrorKind.TIMEOUT


def test_every_kind_by_which_a_link_is_broken_has_its_words():
    assert set(ErrorKind) - ELSEWHERE <= set(UNAVAILABLE)


def test_what_may_pass_is_what_another_time_of_asking_explains():
    assert {"resolver", "timeout", "reset", "connect", "protocol", "http-5xx"} == PASSING


def test_no_noun_is_a_dataclass():
    """Every command imports them all, and a dataclass takes half a millisecond of it."""
    assert [name for name in model.__all__ if is_dataclass(getattr(model, name))] == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_is_a_struct_that_nobody_changes(check):
    made = check()
    assert not is_dataclass(check)
    with pytest.raises(AttributeError):
        made.version = "2"
    with pytest.raises(AttributeError):
        setattr(made, next(iter(check.__struct_fields__), "anything"), None)


def test_a_check_is_called_by_its_settings():
    """Results are remembered under them: what a run hands in is none of them."""
    knowing = InjectedLinks(known_hosts=("a.example",)).knowing(frozenset({"b.example"}))
    assert repr(knowing) == "InjectedLinks(known_hosts=('a.example',))"
    assert knowing.seen_hosts == {"b.example"}
