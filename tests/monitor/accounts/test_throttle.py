"""How long who fails has to wait: nothing at first, then doubled, and never for ever."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.accounts.throttle import (
    ADDRESS,
    CODE,
    PAIR,
    PAIR_UNDER_ATTACK,
    LoginAttempt,
    TryBudget,
    code_budgets,
    password_budgets,
    place,
)


def test_an_account_from_an_address_has_three_tries_at_once_and_a_hundred_a_day():
    waits = [PAIR.delay(failures) for failures in range(1, 16)]
    assert waits == [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert 86_400 / PAIR.longest == 96


@pytest.mark.parametrize("budget", [PAIR, PAIR_UNDER_ATTACK, ADDRESS, CODE])
@given(failures=st.integers(0, 10**9))
def test_waits_grow_and_end(budget: TryBudget, failures):
    assert 0 <= budget.delay(failures) <= budget.delay(failures + 1) <= budget.longest <= 3600


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("10.1.1.1", "10.1.1.1"),
        ("::ffff:10.1.1.1", "10.1.1.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_one_customer_is_one_address(address, counted):
    assert place(address) == counted


def test_what_an_attempt_counts_under_names_neither_account_nor_address():
    keys = [
        *password_budgets(LoginAttempt("zhang", "10.1.1.1"), under_attack=False),
        *code_budgets(LoginAttempt("zhang", "x")),
    ]
    assert len(set(keys)) == 4
    assert all(len(each) == 64 and "zhang" not in each for each in keys)


def test_a_known_device_shares_its_budget_with_nobody():
    known = LoginAttempt("zhang", "10.1.1.1", "device")
    for strange in (
        LoginAttempt("zhang", "10.1.1.1"),
        LoginAttempt("zhang", "10.1.1.1", "other"),
        LoginAttempt("li", "x", "device"),
    ):
        for under_attack in (False, True):
            known_keys = set(password_budgets(known, under_attack=under_attack)) | set(code_budgets(known))
            strange_keys = set(password_budgets(strange, under_attack=under_attack)) | set(code_budgets(strange))
            assert not known_keys & strange_keys
