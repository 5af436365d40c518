"""What is new, unchanged, reopened and fixed; "fixed" needs that somebody looked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model import Confidence
from reports.digest import OpenFault, compare, settle
from reports.model import Baseline
from tests.factories import at, finding, link, rule


def looked_at(*places):
    """Return the answer of a run in which the links check saw these places."""
    return lambda fault, place: fault.check == "links" and place in places


def known(fingerprint="f", place="/x", **fields):
    return OpenFault(fingerprint, "links", place, **fields)


@pytest.mark.parametrize(
    ("open_before", "fixed_before", "baseline"),
    [
        ([], [], Baseline.NEW),
        ([known("f")], [], Baseline.UNCHANGED),
        ([known("g")], [], Baseline.NEW),
        ([], ["f"], Baseline.REOPENED),
        ([known("f")], ["f"], Baseline.UNCHANGED),
    ],
)
def test_standing(open_before, fixed_before, baseline):
    assert compare(["f"], open_before, fixed_before, looked_at()).baselines == {"f": baseline}


@pytest.mark.parametrize(
    ("before", "places", "gone"),
    [
        (known(place="/x"), ["/x"], True),
        (known(place="/x"), ["/y"], False),
        (known(place="/x", referrers=("/a", "/b")), ["/a", "/b"], True),
        (known(place="/x", referrers=("/a", "/b")), ["/a"], False),
        (known(place="/x", referrers=("/a",), all_referrers=False), ["/a"], False),
        (known(place="/x", referrers=("/a",), all_referrers=False), ["/x"], True),
    ],
    ids=[
        "looked",
        "not looked",
        "link taken out everywhere",
        "one page unseen",
        "more referrers than kept",
        "asked again",
    ],
)
def test_gone_is_fixed_only_where_somebody_looked(before, places, gone):
    digest = compare([], [before], [], looked_at(*places))
    assert (digest.fixed, digest.unverified) == (((before,), ()) if gone else ((), (before,)))


def test_another_checks_look_proves_nothing():
    other = OpenFault("f", "typos", at("/x"))
    assert compare([], [other], [], looked_at(at("/x"))).unverified == (other,)


names = st.sets(st.sampled_from("abcdef"))


@given(current=names, open_before=names, fixed_before=names, places=names)
def test_every_finding_lands_in_exactly_one_place(current, open_before, fixed_before, places):
    digest = compare(current, [known(name, name) for name in open_before], fixed_before, looked_at(*places))
    fixed, unverified = ({item.fingerprint for item in items} for items in (digest.fixed, digest.unverified))
    assert set(digest.baselines) == current
    assert fixed | unverified == open_before - current
    assert not fixed & unverified
    assert fixed <= places


BROKEN = rule("broken-link")


FAILING = link(status=503)


@pytest.mark.parametrize(
    ("of", "target", "sure"),
    [
        (BROKEN, FAILING, True),
        (BROKEN, link(status=None, error="timeout"), True),
        (BROKEN, link(status=None, error="reset"), True),
        (BROKEN, link(status=None, error="connect"), True),
        (BROKEN, link(status=None, error="protocol"), True),
        (BROKEN, link(status=None, error="tls"), False),
        (BROKEN, link(status=None, error="dns"), False),
        (BROKEN, link(status=451), False),
        (rule("blocked-link"), link(status=521, challenge="加速乐"), False),
        (rule("broken-fragment"), link(status=200, fragment="a", scripted=True), False),
    ],
)
def test_a_second_run_settles_what_may_pass(of, target, sure):
    doubt = finding(of, key="x", target=target, confidence=Confidence.SUSPECTED)
    settled = settle(doubt, {doubt.fingerprint})
    assert settled.confidence == (Confidence.CONFIRMED if sure else Confidence.SUSPECTED)
    assert settled.fingerprint == doubt.fingerprint


def test_a_first_run_settles_nothing():
    doubt = finding(BROKEN, key="x", target=FAILING, confidence=Confidence.SUSPECTED)
    assert settle(doubt, {"another"}) is doubt


def test_a_suspected_typo_stays_a_suspicion():
    doubt = finding(rule("typo"), confidence=Confidence.SUSPECTED)
    assert settle(doubt, {doubt.fingerprint}) is doubt
