"""Choose where inspections are made: in this process, or by workers on other machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry

from monitor.service.inspection_builder import InspectionBuilder
from monitor.service.runner import Finished, Runner
from monitor.service.timetable import Timetable
from monitor.settings.site import Settings
from monitor.store import Store

if TYPE_CHECKING:
    from monitor.service.fleet.dispatch import FleetRunner


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What has to do with whatever makes the inspections. ``won``: this process begins to lead, of several schedulers.

    ``is_outage`` takes an error and returns whether it is the store's; ``failed`` is given what a task raised. While
    ``is_paused`` nothing is begun. ``finished`` is awaited after each inspection that ended in this process.
    """

    store: Store
    timetable: Timetable
    builder: InspectionBuilder
    registry: CollectorRegistry
    finished: Finished
    now: Callable[[], float]
    is_outage: Callable[[BaseException], bool]
    is_paused: Callable[[], bool]
    won: Callable[[], None]
    failed: Callable[[str, BaseException], None]


def runner_of(settings: Settings, around: Surroundings) -> Runner | FleetRunner:
    """Return what makes inspections as settings say. Raises StoreError where the queue cannot be used."""
    if settings.engine.kind == "local":
        return Runner(
            around.store,
            around.timetable,
            around.builder.build,
            around.finished,
            settings.schedule.at_once,
            around.now,
            is_outage=around.is_outage,
            is_paused=around.is_paused,
        )
    from monitor.service.fleet.dispatch import FleetRunner
    from monitor.service.fleet.fleet_schema import prepare
    from monitor.service.fleet.queue_metrics import QueueMetrics
    from monitor.store.fleet_tables import FleetTables

    prepare(FleetTables(around.store.engine))
    runner = FleetRunner(
        around.store,
        around.timetable,
        settings,
        around.now,
        is_outage=around.is_outage,
        is_paused=around.is_paused,
        won=around.won,
        failed=around.failed,
    )
    around.registry.register(QueueMetrics(runner.jobs, lambda: runner.leads))
    return runner
