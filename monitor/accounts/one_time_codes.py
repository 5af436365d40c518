"""Know the codes of an authenticator app (TOTP, RFC 6238) and the codes that stand in for it."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime

import pyotp

STEP = 30
"""Seconds for which a code holds."""

SLACK = 1
"""Steps by which the clock of a telephone may be off."""

RECOVERY_CODES = 10
ISSUER = "Sitehealth"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """Return a secret of 160 bits (RFC 4226, 4)."""
    return pyotp.random_base32()


def address_of(secret: str, name: str) -> str:
    """Return what an authenticator app reads from a QR code."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER))


def step_of(secret: str, code: str, now: float) -> int | None:
    """Return the time step whose code this is, None where it is that of no step around now."""
    shown = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", shown):
        return None
    totp, present = pyotp.TOTP(secret), int(now // STEP)
    steps = [step for step in range(present - SLACK, present + SLACK + 1) if step >= 0]
    found = [step for step in steps if secrets.compare_digest(totp.at(_moment(step)), shown)]
    return found[-1] if found else None


def _moment(step: int) -> datetime:
    return datetime.fromtimestamp(step * STEP, UTC)


def recovery_codes() -> list[str]:
    """Return codes that each let somebody in once: 16 characters of 31, 79 bits, so that a plain hash keeps them."""
    return [_grouped("".join(secrets.choice(LETTERS) for _ in range(16))) for _ in range(RECOVERY_CODES)]


def _grouped(plain: str) -> str:
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def as_recovery_code(typed: str) -> str | None:
    """Return a recovery code in the form in which it was given out, None for what cannot be one."""
    plain = re.sub(r"[\s-]", "", typed[:64]).lower()
    return _grouped(plain) if re.fullmatch(r"[a-z0-9]{16}", plain) else None
