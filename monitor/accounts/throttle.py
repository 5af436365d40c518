"""Say how long who fails to log in has to wait, so that guessing is hopeless and no owner is locked out.

Failures count by account and address, and by address. A browser that its owner has logged in with before has a budget
of its own by account and device, which strangers cannot use up. An account that many addresses try at gives each of
them fewer tries, and still one at once: its owner gets in from a new place with the right password.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable, Mapping
from typing import NamedTuple

MANY = 50
"""Failures of one account within an hour, from whatever unknown place, that make an attack of it."""

WITHIN = 3600.0
"""Seconds."""


class TryBudget(NamedTuple):
    """Failures that cost nothing, then seconds to wait, doubled with each failure, up to the longest."""

    free: int
    first: float
    longest: float

    def delay(self, failures: int) -> float:
        """Return the seconds to wait after so many failures in a row."""
        beyond = failures - self.free
        return 0.0 if beyond < 0 else min(self.longest, self.first * 2.0 ** min(beyond, 30))


PAIR = TryBudget(free=4, first=2.0, longest=900.0)
"""One account from one address: three tries at once, then 2, 4, 8 … seconds, a quarter of an hour at most: 96 a day."""

PAIR_UNDER_ATTACK = TryBudget(free=1, first=30.0, longest=3600.0)
"""The same while the account is tried from everywhere: one try at once."""

ADDRESS = TryBudget(free=30, first=2.0, longest=300.0)
"""One address, whatever the account: an office goes out through one."""

UNCOUNTED = TryBudget(free=1 << 30, first=0.0, longest=0.0)
"""Failures that are counted and cost nothing."""

CODE = TryBudget(free=5, first=4.0, longest=3600.0)
"""Codes of one account from unknown devices, whatever the address: who gets there knows the password already."""


class LoginAttempt(NamedTuple):
    """Who tries to log in, from where; ``device`` is the digest of a device that the account knows, else ""."""

    account: str
    address: str
    device: str = ""


def place(address: str) -> str:
    """Return what counts as one address: of IPv6 the network of one customer (/64), "" for what is none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)


def key(*parts: str) -> str:
    """Return what attempts are counted under: a hash, because people type passwords where names belong."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def account_key(attempt: LoginAttempt) -> str:
    """Return under what the failures of an account from all unknown devices are counted."""
    return key("account", attempt.account)


def pair_key(attempt: LoginAttempt) -> str:
    """Return under what the failures of an account from one place or device are counted."""
    if attempt.device:
        return key("device", attempt.account, attempt.device)
    return key("pair", attempt.account, place(attempt.address))


def address_key(attempt: LoginAttempt) -> str:
    """Return under what the failures from an address are counted."""
    return key("address", place(attempt.address))


def code_key(attempt: LoginAttempt) -> str:
    """Return under what wrong codes are counted."""
    return key("code", attempt.account, attempt.device)


def password_budgets(attempt: LoginAttempt, *, under_attack: bool) -> Mapping[str, Callable[[int], float]]:
    """Return under which keys an attempt to log in counts, and what each makes it wait."""
    if attempt.device:
        return {pair_key(attempt): PAIR.delay}
    pair = PAIR_UNDER_ATTACK if under_attack else PAIR
    return {
        pair_key(attempt): pair.delay,
        address_key(attempt): ADDRESS.delay,
        account_key(attempt): UNCOUNTED.delay,
    }


def code_budgets(attempt: LoginAttempt) -> Mapping[str, Callable[[int], float]]:
    """Return the same for the code that follows."""
    return {code_key(attempt): CODE.delay}
