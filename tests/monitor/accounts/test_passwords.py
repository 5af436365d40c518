"""Passwords: long enough, not a known one, one however it was typed, and compared at the same cost in any case."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.accounts import passwords
from monitor.accounts.passwords import (
    AT_A_TIME,
    COMMON,
    COST,
    Cost,
    PasswordRefusedError,
    Passwords,
    accepted,
    generated,
    normalised,
)

CHEAP = Cost(passes=1, memory=8, threads=1)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "12 characters at least"),
        ("short-one-1", "12 characters at least"),
        ("ｓｈｏｒｔ", "12 characters at least"),
        ("x" * 129, "128 bytes"),
        ("长" * 43, "128 bytes"),
        ("长" * 100_000, "128 bytes"),
        ("with a \x00 inside it", "no control characters"),
        ("with a \n inside it", "no control characters"),
        ("with a \u200b inside it", "no control characters"),
        ("with half a pair \ud800", "no control characters"),
        ("aaaaaaaaaaaa", "too common"),
        ("abababababababab", "too common"),
        ("Password1234", "too common"),
        ("ＰＡＳＳＷＯＲＤ１２３４", "too common"),
        ("7890123456789", "too common"),
        ("9876543210987", "too common"),
        ("abcdefghijklm", "too common"),
        ("zhangsanfeng1", "more than the user's name"),
        ("1ZhangSanFeng2", "more than the user's name"),
    ],
)
def test_what_will_not_do(password, reason):
    with pytest.raises(PasswordRefusedError, match=reason) as caught:
        accepted(password, "zhangsanfeng")
    assert caught.value.reason.zh
    assert not password or password not in str(caught.value)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "我的办公室在三楼东侧第二间",
        "lower case only ok",
        "X" + "长" * 20 + "yz中国",
        "zhangsanfeng-likes-tea",
    ],
)
def test_what_will_do(password):
    assert accepted(password, "zhangsanfeng") == password


def test_every_common_one_is_refused_and_would_do_otherwise():
    for common in COMMON:
        assert len(common) >= 12, common
        with pytest.raises(PasswordRefusedError):
            accepted(common.upper(), "someone")


def test_an_input_method_makes_no_other_password():
    cheap = Passwords(CHEAP)
    kept = cheap.hashed(accepted("Ｃａｆé ｎｕｍｂｅｒ １２", "u"))
    assert cheap.matches("Cafe\u0301 number 12", kept)
    assert not cheap.matches("cafe number 12", kept)


def test_what_is_long_is_cut_nowhere_below_the_bound():
    cheap = Passwords(CHEAP)
    longest = "x" * 120 + "abcdefgh"
    kept = cheap.hashed(accepted(longest, "u"))
    assert cheap.matches(longest, kept)
    assert not cheap.matches(longest + "i", kept)
    assert not cheap.matches(longest[:-1], kept)


@given(st.text(max_size=60) | st.text(min_size=2000, max_size=3000))
@settings(max_examples=50)
def test_whatever_is_typed_is_compared_once(typed):
    cheap = Passwords(CHEAP)
    assert cheap.matches(typed, None) is False
    assert cheap.matches(typed, "no hash at all") is False
    assert cheap.verifications == 2


def test_a_hash_of_another_cost_is_outdated():
    cheap, dear = Passwords(CHEAP), Passwords(Cost(passes=2, memory=8, threads=1))
    kept = cheap.hashed("a-rather-long-one")
    assert not cheap.is_outdated(kept)
    assert dear.is_outdated(kept)
    assert dear.matches("a-rather-long-one", kept)


def test_hashes_cost_outside_the_tests_what_the_manual_of_owasp_asks_for():
    kept = Passwords().hashed("a-rather-long-one")
    assert kept.startswith("$argon2id$v=19$m=7168,t=5,p=1$")
    assert COST == (5, 7 * 1024, 1)


def test_a_flood_of_logins_takes_the_memory_of_one(monkeypatch):
    at_once, most, gate = [0], [0], threading.Barrier(AT_A_TIME, timeout=60)

    class Slow:
        def verify(self, *_):
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
            gate.wait()  # as many as may have to be here for any to go on
            at_once[0] -= 1

    cheap = Passwords(CHEAP)
    cheap._hasher = Slow()
    threads = [threading.Thread(target=cheap.matches, args=("x", None)) for _ in range(4 * AT_A_TIME)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most == [AT_A_TIME]


def test_a_generated_one_is_accepted_and_another_one_each_time():
    made = {generated() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", each) for each in made)
    assert all(accepted(each, "u") == normalised(each) for each in made)


def test_nothing_but_a_test_makes_hashes_cheap():
    """A cost is chosen in one place; no setting, variable or argument of a command reaches it."""
    monitor = Path(passwords.__file__).parents[1]
    chosen = [path for path in monitor.rglob("*.py") if re.search(r"\bCost\(", path.read_text("utf-8"))]
    assert [path.name for path in chosen] == ["passwords.py"]
    assert Path(passwords.__file__).read_text("utf-8").count("Cost(passes") == 1
    given = [path for path in monitor.rglob("*.py") if re.search(r"\bPasswords\([^)]", path.read_text("utf-8"))]
    assert given == []
