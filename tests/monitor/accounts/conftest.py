"""An office's accounts over a store of each kind, with a clock that stands still and hashes that cost nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from monitor.accounts.accounts import Accounts, Origin
from monitor.accounts.administration import UserAdministration
from monitor.accounts.auditing import Actor, AuditLog, Via
from monitor.accounts.passwords import Cost, Passwords
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.accounts.users import RightRecord
from monitor.store.schema import api_tokens, audit_log, devices, login_attempts, recovery_codes, sessions, users

TABLES = (users, sessions, devices, recovery_codes, login_attempts, api_tokens, audit_log)
NOW = 1_800_000_000.0
PASSWORD = "a-rather-long-one"
ADMIN = Actor("root", "10.0.0.1", Via.CLI)
HERE, THERE = Origin("10.1.1.1"), Origin("10.2.2.2")

SETTINGS = Settings.model_validate(
    {
        "sites": [{"url": f"http://{name}.example.cn/", "id": name} for name in ("a", "b", "c")],
        "console": {"groups": {"市直": ["a", "b"]}},
    }
)


@dataclass
class Office:
    """Accounts, their administration, and a clock to be set."""

    store: Store
    now: float = NOW
    passwords: Passwords = field(default_factory=lambda: Passwords(Cost(passes=1, memory=8, threads=1)))

    def __post_init__(self):
        self.accounts = Accounts(self.store, SETTINGS, self.clock, self.passwords)
        self.users = UserAdministration(self.store, SETTINGS, self.clock, self.passwords)
        self.audit = AuditLog(self.store, self.clock)

    def clock(self):
        return self.now

    def restart(self):
        """Be another process over the same store."""
        return Office(self.store, self.now, self.passwords)

    def add(self, name="zhang", role="editor", scope="all", place="", departments=()):
        return self.users.add_user(name, PASSWORD, [RightRecord(scope, place, role)], departments, ADMIN)


@pytest.fixture
def office(store):
    return Office(store)
