"""Choose where rechecks are made: in the process that is asked for one, or by a worker of a fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.settings.site import Settings
from monitor.store import Store

if TYPE_CHECKING:
    from monitor.inspection.recheck.rechecking import LookAt


def look_at_of(settings: Settings, store: Store) -> LookAt | None:
    """Return what has sites looked at elsewhere; None where this process looks.

    That is so in a fleet as well before a scheduler has begun: nobody else asks the sites then.
    """
    if settings.engine.kind == "local":
        return None
    from monitor.service.fleet.queued_look import QueuedLooks

    looks = QueuedLooks(store, settings)
    return looks.look_at if looks.is_led else None
