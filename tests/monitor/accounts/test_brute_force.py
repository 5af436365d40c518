"""Guessing: a table of attackers, how far each gets in a day, and that the owner gets in all the while."""

from __future__ import annotations

import threading

import pyotp
import pytest

from monitor.accounts.accounts import CodeWanted, NewSession, Origin
from monitor.accounts.own_account import LoginRefusedError
from monitor.accounts.throttle import MANY
from monitor.store.accounts.login_attempts import AttemptStore
from monitor.store.schema import login_attempts
from tests.monitor.accounts.conftest import HERE, NOW, PASSWORD, Office
from tests.monitor.accounts.test_accounts import SELF, log_in

DAY = 86_400.0
OWNER = Origin("10.7.7.7")


def attack(office, names, addresses, tries):
    """Try wrong passwords as fast as is looked at, over a day at most; return how many were looked at."""
    start, tried = office.now, office.passwords.verifications
    waits = {}
    for number in range(tries):
        name, address = names[number % len(names)], addresses[number % len(addresses)]
        office.now = max(office.now, waits.get((name, address), 0.0))
        if office.now > start + DAY:
            break
        try:
            office.accounts.log_in(name, f"guess number {number}", Origin(address))
        except LoginRefusedError as refused:
            waits[name, address] = office.now + refused.retry_after
    return office.passwords.verifications - tried


@pytest.fixture
def sqlite_office(tmp_path):
    from monitor.store import Store

    with Store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        yield Office(store, NOW)


@pytest.mark.parametrize(
    ("names", "addresses", "most"),
    [
        # One account from one address: a hundred guesses a day.
        (["zhang"], ["10.0.0.9"], 110),
        # Names one after the other from one address: the address waits, five minutes at most.
        ([f"user{number}" for number in range(400)], ["10.0.0.9"], 330),
        # IPv6 addresses of one customer are one.
        (["zhang"], [f"2001:db8::{number:x}" for number in range(400)], 110),
        # One account from many addresses: three guesses each until it is an attack, then one each.
        (["zhang"], [f"10.0.{number // 250}.{number % 250}" for number in range(200)], 400),
    ],
)
def test_how_far_an_attacker_gets_in_a_day(sqlite_office, names, addresses, most):
    sqlite_office.add()
    looked_at = attack(sqlite_office, names, addresses, 600)
    assert 3 <= looked_at <= most
    # Whatever has been tried, the owner gets in at once: from a place where nobody tried, and from a known browser.
    begun = log_in(sqlite_office, origin=OWNER)
    assert isinstance(begun, NewSession)


def test_a_known_browser_gets_in_from_the_very_address_of_the_attacker(office):
    office.add()
    device = log_in(office).device
    attack(office, ["zhang"], [HERE.address], 40)
    with pytest.raises(LoginRefusedError):
        office.accounts.log_in("zhang", PASSWORD, HERE)
    assert log_in(office, origin=Origin(HERE.address, device)).device == device


def test_a_known_browser_has_a_budget_of_its_own_and_no_more(office):
    office.add()
    origin = Origin(HERE.address, log_in(office).device)
    for _ in range(4):
        with pytest.raises(LoginRefusedError):
            office.accounts.log_in("zhang", "wrong", origin)
    with pytest.raises(LoginRefusedError) as caught:
        office.accounts.log_in("zhang", PASSWORD, origin)
    assert caught.value.retry_after > 0
    # It knows one account: for any other it is a browser like every one.
    office.add("li")
    before = office.passwords.verifications
    for _ in range(6):
        with pytest.raises(LoginRefusedError):
            office.accounts.log_in("li", "wrong", origin)
    assert office.passwords.verifications - before == 4


def test_a_made_up_device_is_none(office):
    office.add()
    before = office.passwords.verifications
    for number in range(8):
        with pytest.raises(LoginRefusedError):
            office.accounts.log_in("zhang", "wrong", Origin(HERE.address, f"device-{number}"))
    assert office.passwords.verifications - before == 4
    begun = log_in(office, origin=Origin(OWNER.address, "planted"))
    assert begun.device != "planted"  # one that somebody else put there is not made a known one


def test_an_account_that_is_tried_from_everywhere_gives_each_place_one_try(office):
    office.add()
    attack(office, ["zhang"], [f"10.0.{number}.1" for number in range(MANY)], MANY)
    before = office.passwords.verifications
    for _ in range(3):
        with pytest.raises(LoginRefusedError):
            office.accounts.log_in("zhang", "wrong", Origin("10.99.0.1"))
    assert office.passwords.verifications - before == 1
    assert log_in(office, origin=OWNER)


def test_failures_outlive_a_restart_and_are_forgotten_after_a_day(office):
    office.add()
    attack(office, ["zhang"], [HERE.address], 12)
    with pytest.raises(LoginRefusedError) as caught:
        office.restart().accounts.log_in("zhang", PASSWORD, HERE)
    assert caught.value.retry_after > 0
    office.now += DAY + 1
    for _ in range(3):
        with pytest.raises(LoginRefusedError) as caught:
            office.accounts.log_in("zhang", "wrong", HERE)
        assert caught.value.retry_after == 0
    log_in(office)


def test_a_login_forgives_the_failures_before_it_and_not_those_of_others(office):
    office.add()
    office.add("attacker")
    for round_ in range(20):
        office.now += 1
        for guess in range(2):
            with pytest.raises(LoginRefusedError):
                office.accounts.log_in(f"victim{round_}", f"guess {guess}", HERE)
        try:
            log_in(office, "attacker")
        except LoginRefusedError:
            break
    else:
        pytest.fail("an account of their own let somebody guess at others' for ever")
    assert round_ >= 13


def test_a_thousand_tries_at_a_time_are_no_way_around(office):
    office.add()
    before, gate = office.passwords.verifications, threading.Barrier(12, timeout=60)

    def one_try():
        gate.wait()
        with pytest.raises(LoginRefusedError):
            office.accounts.log_in("zhang", "wrong", HERE)

    threads = [threading.Thread(target=one_try) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert office.passwords.verifications - before == 4


def test_the_password_does_not_buy_tries_at_codes(office):
    """Who knows the password and comes from many addresses tries a few codes an hour."""
    office.add()
    begun = log_in(office)
    offer = office.accounts.begin_totp(begun.session, PASSWORD)
    office.accounts.confirm_totp(begun.session, pyotp.TOTP(offer.secret).at(int(office.now)), SELF)
    office.now += 30
    tried = 0
    for number in range(60):
        wanted = office.accounts.log_in("zhang", PASSWORD, Origin(f"10.0.{number}.1"))
        assert isinstance(wanted, CodeWanted)
        with pytest.raises(LoginRefusedError) as caught:
            office.accounts.log_in_with_code(wanted.pending, "000000", Origin(f"10.0.{number}.1"))
        tried += caught.value.retry_after == 0
    assert tried == 5
    # The owner's own browser is not held up by it.
    origin = Origin(OWNER.address, begun.device)
    wanted = office.accounts.log_in("zhang", PASSWORD, origin)
    assert office.accounts.log_in_with_code(wanted.pending, pyotp.TOTP(offer.secret).at(int(office.now)), origin)


def test_the_memory_of_failures_is_bounded(office):
    kept = AttemptStore(office.store.engine, most=50)
    for number in range(300):
        assert kept.begin({f"key-{number}": lambda _: 0.0}, NOW + number) == 0
    with office.store.engine.connect() as connection:
        rows = connection.execute(login_attempts.select()).all()
    assert 40 <= len(rows) <= 50
    assert "key-299" in {row.key for row in rows}


def test_what_still_waits_is_kept_before_what_does_not(office):
    kept = AttemptStore(office.store.engine, most=50)
    kept.begin({"held": lambda _: 10_000.0}, NOW)
    for number in range(300):
        kept.begin({f"key-{number}": lambda _: 0.0}, NOW + 1 + number)
    assert kept.begin({"held": lambda _: 0.0}, NOW + 301) > 0
