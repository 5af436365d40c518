"""Make a user of what a provider of single sign-on says of somebody: name, rights, departments. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pydantic import JsonValue

from monitor.accounts.rights import ALL, GROUP, LONGEST, SITE
from monitor.accounts.user_names import NameRefusedError, user_name
from monitor.settings.oidc import OidcRoleSettings, OidcSettings
from monitor.store.accounts.users import RightRecord

Claims = Mapping[str, JsonValue]

MOST = 200
"""Values of a claim that are looked at."""


class VouchedUser(NamedTuple):
    """Somebody that a provider vouches for. ``subject`` is a hash of who they are there; it stays when names change."""

    subject: str
    name: str
    full_name: str
    rights: tuple[RightRecord, ...]
    departments: tuple[str, ...]


class ClaimsRefusedError(ValueError):
    """The provider says nothing of somebody that makes a user of them; the message says what is missing."""


def vouched_user(claims: Claims, settings: OidcSettings) -> VouchedUser:
    """Return who a provider vouches for, with the rights of every role of theirs that is configured.

    Raises ClaimsRefusedError.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise ClaimsRefusedError("no subject (sub)")
    name = claim(claims, settings.name_claim)
    if not isinstance(name, str):
        raise ClaimsRefusedError(f"no text in the claim {settings.name_claim}")
    values = set(_texts(claim(claims, settings.roles_claim)))
    granted = [each for each in settings.roles if each.value in values]
    if not granted:
        raise ClaimsRefusedError(f"no configured role in the claim {settings.roles_claim}")
    departments = [each for role in granted for each in role.departments]
    if settings.department_claim:
        departments += _texts(claim(claims, settings.department_claim))
    full_name = claims.get("name")
    try:
        kept = user_name(name)
    except NameRefusedError as error:
        raise ClaimsRefusedError(f"{settings.name_claim}: {error}") from None
    return VouchedUser(
        subject=hashlib.sha256(f"{settings.issuer}\0{subject}".encode("utf-8", "replace")).hexdigest(),
        name=kept,
        full_name=full_name if isinstance(full_name, str) and _is_line(full_name) else "",
        rights=_strongest(right for role in granted for right in _rights(role)),
        departments=tuple(dict.fromkeys(each.strip() for each in departments if _is_line(each))),
    )


def claim(claims: Claims, path: str) -> JsonValue:
    """Return a claim by its name, or by the way to it (``realm_access.roles``); None where there is none."""
    if path in claims:
        return claims[path]
    found: JsonValue = dict(claims)
    for part in path.split("."):
        if not isinstance(found, dict) or part not in found:
            return None
        found = found[part]
    return found


def _texts(value: JsonValue) -> Iterator[str]:
    values = value if isinstance(value, list) else [value]
    yield from (each for each in values[:MOST] if isinstance(each, str))


def _is_line(text: str) -> bool:
    return bool(text.strip()) and text.isprintable() and len(text) <= LONGEST


def _rights(role: OidcRoleSettings) -> Iterator[RightRecord]:
    if not role.sites and not role.groups:
        yield RightRecord(ALL, "", role.role)
    yield from (RightRecord(SITE, site, role.role) for site in role.sites)
    yield from (RightRecord(GROUP, group, role.role) for group in role.groups)


STRENGTH = ("department", "viewer", "editor", "admin")
"""Roles from what may least to what may most. One place has one role: of two the stronger."""


def _strongest(rights: Iterator[RightRecord]) -> tuple[RightRecord, ...]:
    kept: dict[tuple[str, str], RightRecord] = {}
    for right in rights:
        before = kept.get((right.scope, right.name))
        if before is None or STRENGTH.index(right.role) > STRENGTH.index(before.role):
            kept[right.scope, right.name] = right
    return tuple(kept.values())
