"""Judge passwords, hash them, and compare them, at the same cost whether there is such a user or not.

argon2id with 7 MiB, five passes and one thread: of the costs that OWASP's Password Storage Cheat Sheet calls equal the
one that takes the least memory, which a server of 120 MiB can spare at any moment. One is reckoned at a time, some
30 ms, so that a flood of logins takes 7 MiB and one core, and no more. A hash that was made at another cost (19 MiB and
two passes before) is made anew when its owner logs in.

What is asked of a password follows NIST SP 800-63B: long enough, not a known one, and no rules of composition.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from checks.model import Text


class Cost(NamedTuple):
    """What a hash costs: passes, memory in KiB, threads."""

    passes: int
    memory: int
    threads: int


COST = Cost(passes=5, memory=7 * 1024, threads=1)
"""What every hash costs outside the tests; no setting changes it."""

AT_A_TIME = 1
_turn = threading.BoundedSemaphore(AT_A_TIME)

SHORTEST, LONGEST = 12, 128
"""Characters at least, and bytes in UTF-8 at most."""

LONGEST_TYPED = 1024
"""Characters of which more is looked at in no case: normalising and hashing a megabyte is what an attacker wants."""

FEWEST_DIFFERENT = 5
"""Different characters at least: what is aaaabbbbcccc is on every list."""

LEAST_OF_ITS_OWN = 6
"""Characters that have to be left when the user's name is taken out."""

COMMON = frozenset(
    """
    123456789012 1234567890123 12345678901234 012345678901 123123123123 112233445566 0123456789ab 1q2w3e4r5t6y
    1qaz2wsx3edc 1qazxsw23edc qwertyuiop12 qwertyuiop123 qwertyuiop[] qwer1234asdf asdfghjkl123 asdfghjkl;'\\
    zxcvbnm12345 qazwsxedcrfv passwordpassword password1234 password12345 password123456 p@ssw0rd1234 passw0rd1234
    administrator administrator1 administrator123 admin1234567 admin12345678 adminadmin12 adminadminadmin rootrootroot
    changemenow1 changemechangeme letmeinletmein welcome12345 iloveyou1314 woaini1314520 woaini520131 woaizhongguo
    zhonghuarenmin zhongguo1234 beijing20081 shanghai1234 sitehealth12 sitehealth123 sitehealth1234
    correcthorsebatterystaple
    """.split()
)
"""Passwords of twelve characters and more that every list begins with."""


class PasswordRefusedError(ValueError):
    """Nobody may have this password; ``reason`` says why, and does not quote it."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


TOO_SHORT = Text(f"密码至少{SHORTEST}个字符", f"a password has {SHORTEST} characters at least")
TOO_LONG = Text(f"密码最长{LONGEST}字节（UTF-8）", f"a password has {LONGEST} bytes (UTF-8) at most")
UNTYPABLE = Text("密码含有无法输入的字符", "a password holds no control characters")
COMMON_ONE = Text("这个密码太常见，容易被猜中", "this password is too common: it is guessed first")
NAMED = Text("密码不能只是用户名加几个字符", "a password is more than the user's name and a few characters")


def normalised(password: str) -> str:
    """Return a password as it is hashed: NFKC, so that an input method's full-width letters are the plain ones."""
    return unicodedata.normalize("NFKC", password[:LONGEST_TYPED])


def accepted(password: str, name: str) -> str:
    """Return a new password of the user ``name`` as it is hashed. Raises PasswordRefusedError."""
    plain = normalised(password)
    if len(plain) < SHORTEST:
        raise PasswordRefusedError(TOO_SHORT)
    if any(unicodedata.category(each).startswith("C") for each in plain):
        raise PasswordRefusedError(UNTYPABLE)
    if len(password) > LONGEST_TYPED or len(plain.encode()) > LONGEST:
        raise PasswordRefusedError(TOO_LONG)
    folded = plain.casefold()
    if folded in COMMON or len(set(folded)) < FEWEST_DIFFERENT or _is_a_walk(folded):
        raise PasswordRefusedError(COMMON_ONE)
    if len(folded.replace(name.casefold(), "")) < min(LEAST_OF_ITS_OWN, len(folded)):
        raise PasswordRefusedError(NAMED)
    return plain


def _is_a_walk(folded: str) -> bool:
    """Return whether characters follow each other in order, forwards or backwards: 2345678901, hgfedcba."""
    steps = {(ord(after) - ord(before)) for before, after in pairwise(folded)}
    return steps <= {1, -9} or steps <= {-1, 9}


def generated() -> str:
    """Return a new password: 20 characters of 32 that are not taken for each other, 100 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


class Passwords:
    """Hashes and compares at a cost. ``verifications`` counts how often a hash was reckoned to compare one."""

    def __init__(self, cost: Cost = COST) -> None:
        self._hasher = _hasher(cost)
        self._dummy = _dummy(cost)
        self.verifications = 0

    def hashed(self, plain: str) -> str:
        """Return the hash of a password that was ``accepted``."""
        with _turn:
            return self._hasher.hash(plain)

    def matches(self, password: str, kept: str | None) -> bool:
        """Return whether a password is the one of a hash. None, for want of a user, costs the same and is False."""
        self.verifications += 1
        try:
            plain = normalised(password).encode()[: LONGEST + 1]
        except UnicodeEncodeError:  # half a surrogate pair
            plain = b""
        try:
            with _turn:
                self._hasher.verify(kept or self._dummy, plain)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Return whether a hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(kept)


@cache
def _hasher(cost: Cost) -> PasswordHasher:
    passes, memory, threads = cost
    return PasswordHasher(time_cost=passes, memory_cost=memory, parallelism=threads, type=Type.ID)


@cache
def _dummy(cost: Cost) -> str:
    """Return the hash of a password that nobody knows."""
    return _hasher(cost).hash(secrets.token_urlsafe(32))
