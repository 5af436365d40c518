"""Run a worker until it is told to stop."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from monitor import logs, loop
from monitor.commands.common import UNINSPECTED, Fault, cannot_listen, error_text, worded
from monitor.service.memory import share_one_heap
from monitor.settings.service import DaemonSettings
from monitor.settings.site import Settings
from monitor.store import StoreError


def run_worker(
    settings: Settings,
    config: Path | None,
    overrides: tuple[str, ...],
    *,
    concurrency: int,
    queues: Sequence[str],
    listen: str | None,
) -> None:
    """Take jobs until a signal stops it. Raises Fault where no fleet is configured, or store or port cannot be had."""
    if settings.engine.kind != "procrastinate":
        raise Fault(
            worded(
                f"{config or '配置'}：检查由守护进程（sitehealth run）进行；要用检查进程，请设 "
                "engine.kind: procrastinate",
                f"{config or 'configuration'}: inspections are made by the daemon (`sitehealth run`); for workers set "
                "engine.kind: procrastinate",
            )
        )
    from monitor.service.fleet.fleet_worker import FleetWorker

    logs.configure(settings.daemon.log)
    share_one_heap()
    try:
        address = DaemonSettings(listen=listen).address if listen else None
    except ValueError:
        raise Fault(
            worded(
                f"--listen：{listen!r} 不是 IP 地址和端口，例如 127.0.0.1:9465",
                f"--listen: {listen!r} is no IP address and port, such as 127.0.0.1:9465",
            )
        ) from None

    async def live() -> None:
        worker = FleetWorker(settings, config, overrides, concurrency=concurrency, queues=queues, listen=address)
        await worker.run()

    try:
        loop.run(live())
    except StoreError as error:
        raise Fault(error_text(error), UNINSPECTED) from None
    except OSError as error:
        raise Fault(cannot_listen(str(listen), error), UNINSPECTED) from None
