"""Say in one table what each role may do: pages, API, command line, documents and tests all read ``PERMISSIONS``.

A right is a role on one site, on a group of sites, or on all. Rights only ever add to each other: who is an editor of
one site and a viewer of all may look everywhere and change that site. A right of the department role holds for the rows
of the user's departments alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from checks.model import Text
from reports.remediation.changes import WantedChange
from reports.remediation.states import State


class Role(StrEnum):
    """What somebody is, of a site or of all."""

    VIEWER = "viewer"
    DEPARTMENT = "department"
    EDITOR = "editor"
    ADMIN = "admin"


ROLES = MappingProxyType(
    {
        Role.VIEWER: Text("查看者", "Viewer"),
        Role.DEPARTMENT: Text("部门人员", "Department"),
        Role.EDITOR: Text("编辑", "Editor"),
        Role.ADMIN: Text("管理员", "Administrator"),
    }
)
"""What readers call the roles."""


class Action(StrEnum):
    """What people and programs do."""

    SITE_SEE = "site.see"
    RUN_SEE = "run.see"
    REPORT_SEE = "report.see"
    RUN_START = "run.start"
    RUN_CANCEL = "run.cancel"
    ENTRY_SEE = "entry.see"
    ENTRY_MEND = "entry.mend"
    ENTRY_RECHECK = "entry.recheck"
    ENTRY_JUDGE = "entry.judge"
    ENTRY_ASSIGN = "entry.assign"
    SUPPRESSION_SEE = "suppression.see"
    SUPPRESSION_CHANGE = "suppression.change"
    PROOFREAD = "proofread"
    OUTBOX_SEE = "outbox.see"
    OUTBOX_RETRY = "outbox.retry"
    USER_MANAGE = "user.manage"
    AUDIT_SEE = "audit.see"
    SETTINGS_SEE = "settings.see"
    ACCOUNT_CHANGE = "account.change"


class About(StrEnum):
    """What an action is about, and so what a right to it has to cover."""

    ENTRY = "entry"
    """A row of the ledger: its site, and for the department role its department."""
    SITE = "site"
    """A site, or all sites at once."""
    NOTHING = "nothing"
    """Neither: any right of the role will do. The administrator's is always one on all sites."""


class TokenScope(StrEnum):
    """What a token of the API may be used for; it never exceeds what its user may do."""

    READ = "read"
    LEDGER = "ledger"
    RUNS = "runs"
    ACCOUNT = "account"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Permission:
    """One row of the table: who may do it, with a token of which scope, and what it is called."""

    about: About
    roles: frozenset[Role]
    scope: TokenScope
    title: Text


_EVERYBODY = frozenset(Role)
_ALL_ROWS = frozenset({Role.VIEWER, Role.EDITOR, Role.ADMIN})
_WORKERS = frozenset({Role.DEPARTMENT, Role.EDITOR, Role.ADMIN})
_EDITORS = frozenset({Role.EDITOR, Role.ADMIN})
_ADMINS = frozenset({Role.ADMIN})

PERMISSIONS: Mapping[Action, Permission] = MappingProxyType(
    {
        Action.SITE_SEE: Permission(
            About.SITE, _EVERYBODY, TokenScope.READ, Text("查看网站概况", "See a site: health, score, next round")
        ),
        Action.RUN_SEE: Permission(
            About.SITE, _ALL_ROWS, TokenScope.READ, Text("查看检查记录", "See runs with all they found")
        ),
        Action.REPORT_SEE: Permission(
            About.SITE, _ALL_ROWS, TokenScope.READ, Text("查看和下载报告", "See and download reports")
        ),
        Action.RUN_START: Permission(About.SITE, _EDITORS, TokenScope.RUNS, Text("开始检查", "Start a run")),
        Action.RUN_CANCEL: Permission(About.SITE, _EDITORS, TokenScope.RUNS, Text("取消检查", "Cancel a run")),
        Action.ENTRY_SEE: Permission(About.ENTRY, _EVERYBODY, TokenScope.READ, Text("查看台账条目", "See entries")),
        Action.ENTRY_MEND: Permission(
            About.ENTRY, _WORKERS, TokenScope.LEDGER, Text("登记整改情况", "Say that it is being mended, or is; note")
        ),
        Action.ENTRY_RECHECK: Permission(
            About.ENTRY, _WORKERS, TokenScope.LEDGER, Text("申请复核", "Have the place looked at again")
        ),
        Action.ENTRY_JUDGE: Permission(
            About.ENTRY,
            _EDITORS,
            TokenScope.LEDGER,
            Text("认定：确认、误报、接受、延期", "Judge: confirm, false positive, accept, postpone"),
        ),
        Action.ENTRY_ASSIGN: Permission(
            About.ENTRY, _EDITORS, TokenScope.LEDGER, Text("分派部门、人员、期限", "Assign department, owner, deadline")
        ),
        Action.SUPPRESSION_SEE: Permission(
            About.SITE, _ALL_ROWS, TokenScope.READ, Text("查看放行记录", "See remembered judgements")
        ),
        Action.SUPPRESSION_CHANGE: Permission(
            About.SITE, _EDITORS, TokenScope.LEDGER, Text("添加、撤销放行记录", "Remember judgements, take them back")
        ),
        Action.PROOFREAD: Permission(About.NOTHING, _EVERYBODY, TokenScope.READ, Text("审校文稿", "Proofread")),
        Action.OUTBOX_SEE: Permission(About.NOTHING, _ADMINS, TokenScope.ADMIN, Text("查看待发消息", "See the outbox")),
        Action.OUTBOX_RETRY: Permission(
            About.NOTHING, _ADMINS, TokenScope.ADMIN, Text("重发消息", "Send messages again")
        ),
        Action.USER_MANAGE: Permission(
            About.NOTHING, _ADMINS, TokenScope.ADMIN, Text("管理用户和令牌", "Manage users, rights and tokens")
        ),
        Action.AUDIT_SEE: Permission(
            About.NOTHING, _ADMINS, TokenScope.ADMIN, Text("查看操作日志", "See the audit log")
        ),
        Action.SETTINGS_SEE: Permission(
            About.NOTHING, _ADMINS, TokenScope.ADMIN, Text("查看当前配置", "See the settings in force")
        ),
        Action.ACCOUNT_CHANGE: Permission(
            About.NOTHING,
            _EVERYBODY,
            TokenScope.ACCOUNT,
            Text("管理自己的账号", "Change one's own account: password, codes, sessions, tokens"),
        ),
    }
)
"""Every action. What is not in it, nobody may do."""


@dataclass(frozen=True, slots=True)
class Right:
    """A role on some sites; None is every site, those that are configured later included."""

    role: Role
    sites: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is logged in, or a program in their place.

    ``scopes`` are those of the program's token; None for a person, who may do whatever the rights allow.
    """

    name: str
    full_name: str = ""
    rights: tuple[Right, ...] = ()
    departments: frozenset[str] = frozenset()
    scopes: frozenset[TokenScope] | None = None


def allowed(user: User, action: Action, site: str | None = None, department: str | None = None) -> bool:
    """Return whether a user may do something to a site, or to an entry of a site and department.

    ``site`` None or "" is every site at once. ``department`` None is the rows of every department, "" the rows that
    belong to none: neither is within the department role.
    """
    permission = PERMISSIONS[action]
    if user.scopes is not None and permission.scope not in user.scopes:
        return False
    return any(
        right.role in permission.roles
        and _covers_site(right, permission, site)
        and _covers_department(user, right, permission, department)
        for right in user.rights
    )


def _covers_site(right: Right, permission: Permission, site: str | None) -> bool:
    if permission.about is About.NOTHING or right.sites is None:
        return True
    return bool(site) and site in right.sites


def _covers_department(user: User, right: Right, permission: Permission, department: str | None) -> bool:
    if permission.about is not About.ENTRY or right.role is not Role.DEPARTMENT:
        return True
    return bool(department) and department in user.departments


def reach(user: User, action: Action, sites: Iterable[str]) -> dict[str, frozenset[str] | None]:
    """Return on which of some sites a user may do something, and to the rows of which departments; None: to all.

    Lists are cut to this, so that what is not allowed is neither shown nor counted.
    """
    found: dict[str, frozenset[str] | None] = {}
    for site in sites:
        if allowed(user, action, site):
            found[site] = None
        else:
            departments = frozenset(each for each in user.departments if allowed(user, action, site, each))
            if departments:
                found[site] = departments
    return found


def may_somewhere(user: User, action: Action) -> bool:
    """Return whether there is anything to which a user may do it: whether to offer it at all."""
    permission = PERMISSIONS[action]
    if user.scopes is not None and permission.scope not in user.scopes:
        return False
    needs_department = permission.about is About.ENTRY
    return any(
        right.role in permission.roles
        and (permission.about is About.NOTHING or right.sites != frozenset())
        and (bool(user.departments) or not needs_department or right.role is not Role.DEPARTMENT)
        for right in user.rights
    )


MENDING = frozenset({State.FIXING, State.TO_VERIFY})
"""States that say how far the mending is, as a department does; every other one is a judgement."""


def actions_of(wanted: WantedChange) -> frozenset[Action]:
    """Return what a change of an entry amounts to: each has to be allowed for the entry as it is."""
    found = set()
    if wanted.state is not None:
        found.add(Action.ENTRY_MEND if wanted.state in MENDING else Action.ENTRY_JUDGE)
    if wanted.until is not None:
        found.add(Action.ENTRY_JUDGE)
    if wanted.department is not None or wanted.owner is not None or wanted.deadline is not None:
        found.add(Action.ENTRY_ASSIGN)
    mending = (wanted.note, wanted.remark, wanted.mended)
    if any(each is not None for each in mending) or not found:
        found.add(Action.ENTRY_MEND)
    return frozenset(found)


def permission_table(language: str) -> str:
    """Return the table as Markdown, as docs/console.md has it."""
    heads = [Text("操作", "What")(language), *(ROLES[role](language) for role in Role), Text("令牌", "Token")(language)]
    lines = [f"| {' | '.join(heads)} |", "| --- |" + " :-: |" * len(Role) + " --- |"]
    for action, permission in PERMISSIONS.items():
        marks = [_mark(role, permission, language) for role in Role]
        lines.append(f"| {permission.title(language)} (`{action}`) | {' | '.join(marks)} | `{permission.scope}` |")
    return "\n".join(lines) + "\n"


def _mark(role: Role, permission: Permission, language: str) -> str:
    if role not in permission.roles:
        return " "
    own = role is Role.DEPARTMENT and permission.about is About.ENTRY
    return Text("本部门", "own rows")(language) if own else "✓"
