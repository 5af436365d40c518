"""Drop what accounts leave behind. The daemon does it daily, and needs neither passwords nor their library for it."""

from __future__ import annotations

from monitor.settings.console import ConsoleSettings
from monitor.store import Store
from monitor.store.accounts.login_attempts import AttemptStore
from monitor.store.accounts.sessions import SessionStore

DEVICE_KEPT = 365 * 86_400.0
"""Seconds for which a browser is remembered after its last login."""


def prune_accounts(store: Store, settings: ConsoleSettings, now: float) -> None:
    """Drop sessions, devices and failed logins that are past their time; ``now`` is in seconds since the epoch."""
    sessions = SessionStore(store.engine)
    sessions.forget(used_before=now - settings.idle * 60, made_before=now - settings.lifetime * 3600)
    sessions.forget_devices(now - DEVICE_KEPT)
    AttemptStore(store.engine).forget(now)
