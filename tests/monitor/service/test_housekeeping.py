"""What time alone asks for: accounts lose what is over, and the audit log what ``retention.audit`` no longer keeps."""

from __future__ import annotations

import asyncio

from prometheus_client import CollectorRegistry

from monitor.accounts.accounts import Accounts, Origin
from monitor.accounts.administration import UserAdministration
from monitor.accounts.auditing import Actor, AuditLog, Via
from monitor.service.configuration import Configuration
from monitor.service.housekeeping import DAY, Housekeeping
from monitor.service.metrics.live import Live
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.accounts.audit_log import AuditFilter
from monitor.store.accounts.users import RightRecord

NOW = 1_800_000_000.0
ADMIN = Actor("root", "root", Via.CLI)


async def test_sessions_and_the_audit_log_are_dropped_when_they_are_over(tmp_path):
    document = {"daemon": {"reports": str(tmp_path)}, "retention": {"audit": 200}}
    settings, now = Settings.model_validate(document), [NOW]
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        configuration = Configuration(settings, None, (), lambda _: None, Live(CollectorRegistry()))
        keeping = Housekeeping(store, configuration, lambda: now[0], asyncio.Lock())
        users = UserAdministration(store, settings, lambda: now[0])
        users.add_user("zhang", "a-rather-long-one", [RightRecord("all", "", "viewer")], (), ADMIN)
        accounts, log = Accounts(store, settings, lambda: now[0]), AuditLog(store, lambda: now[0])
        accounts.log_in("zhang", "a-rather-long-one", Origin("10.1.1.1"))
        await keeping.clean_up()
        assert len(accounts.sessions("zhang")) == 1
        now[0] += 199 * DAY
        log.add(ADMIN, "user.disable", "user li")
        await keeping.clean_up()
        assert accounts._sessions.load(users.user("zhang").id) == []
        assert [each.entry.action for each in log.select(AuditFilter())] == ["user.disable", "login", "user.add"]
        now[0] += 2 * DAY
        await keeping.clean_up()
        assert [each.entry.action for each in log.select(AuditFilter())] == ["user.disable"]
