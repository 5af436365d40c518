"""Read and check the rights of a user as they are kept: all, site, group, each with its role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from checks.model import Text
from monitor.accounts.permissions import ROLES, Right, Role, TokenScope, User
from monitor.settings.site import Settings
from monitor.store.accounts.users import Guard, RightRecord, UserRecord

ALL, SITE, GROUP = "all", "site", "group"
"""Scopes of a right."""

LONGEST = 128
"""Characters of the name of a department or person."""


class RightsRefusedError(ValueError):
    """These rights cannot be given; ``reason`` says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def groups_of(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """Return the groups of sites that rights may name."""
    return settings.members


def user_of(
    record: UserRecord, groups: Mapping[str, tuple[str, ...]], scopes: frozenset[TokenScope] | None = None
) -> User:
    """Return a user with the rights as they are now: what a group that is gone, or an unknown role, gave is gone."""
    rights = [_right(each, groups) for each in record.rights]
    return User(
        name=record.name,
        full_name=record.full_name,
        rights=tuple(right for right in rights if right is not None),
        departments=frozenset(record.departments),
        scopes=scopes,
    )


def _right(kept: RightRecord, groups: Mapping[str, tuple[str, ...]]) -> Right | None:
    if kept.role not in {role.value for role in Role}:
        return None
    role = Role(kept.role)
    if kept.scope == ALL:
        return Right(role, None)
    if role is Role.ADMIN:  # never given, see checked_rights; were it in the store, it must not open what has no site
        return None
    if kept.scope == SITE:
        return Right(role, frozenset({kept.name}))
    return Right(role, frozenset(groups.get(kept.name, ()))) if kept.scope == GROUP else None


def is_admin(record: UserRecord) -> bool:
    """Return whether somebody can look after the users, and log in to do so."""
    return record.disabled is None and any(each.scope == ALL and each.role == Role.ADMIN for each in record.rights)


def has_admin_still(changed: UserRecord) -> Guard:
    """Return what holds after a change of a user: who was an administrator may go only where another one stays."""
    return lambda users: not is_admin(changed) or any(map(is_admin, users))


def checked_rights(
    rights: Iterable[RightRecord], departments: Sequence[str], settings: Settings
) -> tuple[tuple[RightRecord, ...], tuple[str, ...]]:
    """Return rights and departments as they are kept: of two rights on the same sites the later counts.

    Raises RightsRefusedError.
    """
    kept: dict[tuple[str, str], RightRecord] = {}
    for right in rights:
        if not all(isinstance(each, str) for each in right):  # what a program sent as JSON
            raise RightsRefusedError(Text("权限须为文字", "a right is three texts: scope, name, role"))
        _check(right, settings)
        kept[right.scope, right.name] = right
    if not kept:
        raise RightsRefusedError(
            Text(
                "至少保留一个角色；不再使用的用户请停用", "a user keeps one role at least; disable who is to have none"
            )
        )
    names = tuple(dict.fromkeys(each.strip() for each in departments))
    if any(not each or not each.isprintable() or len(each) > LONGEST for each in names):
        raise RightsRefusedError(
            Text("部门名称无法使用", "a department needs a printable name of 128 characters at most")
        )
    if any(each.role == Role.DEPARTMENT for each in kept.values()) and not names:
        raise RightsRefusedError(Text("部门人员须指定部门", "the department role needs a department"))
    return tuple(kept.values()), names


def _check(right: RightRecord, settings: Settings) -> None:
    if right.role not in {role.value for role in Role}:
        known = ", ".join(ROLES)
        raise RightsRefusedError(Text(f"没有这个角色；有：{known}", f"no such role; there are: {known}"))
    if right.scope == ALL and not right.name:
        return
    if right.role == Role.ADMIN:
        raise RightsRefusedError(Text("管理员须管理所有网站", "an administrator is one of all sites"))
    known_names = {SITE: [site.key for site in settings.sites], GROUP: list(groups_of(settings))}.get(right.scope)
    if known_names is None or right.name not in known_names:
        raise RightsRefusedError(
            Text(f"没有这个网站或分组：{right.name}", f"no such site or group in the configuration: {right.name!r}")
        )


def as_text(rights: Iterable[RightRecord], departments: Iterable[str]) -> str:
    """Return rights in short, as the audit log and lists have them: ``editor; viewer on site a; [信息中心]``."""
    parts = [each.role if each.scope == ALL else f"{each.role} on {each.scope} {each.name}" for each in rights]
    named = ", ".join(departments)
    return "; ".join([*parts, f"[{named}]"] if named else parts)
