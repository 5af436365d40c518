"""Work for a fleet: make inspections that a scheduler on another machine asks for."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import DEFAULT_CONFIG, config_options, settings_from, worded
from monitor.logs import without_rich

QUEUES = ("recheck", "asked", "homepage", "site", "texts")


@click.command(short_help="Make inspections for a scheduler on another machine.")
@click.option("--concurrency", type=click.IntRange(1, 64), default=2, show_default=True, help="Inspections at a time.")
@click.option(
    "--queues",
    default=",".join(QUEUES),
    show_default=True,
    metavar="LIST",
    help="What to do, by commas.",
)
@click.option("--listen", metavar="ADDRESS:PORT", help="Serve /metrics, /healthz and /readyz; default: nowhere.")
@config_options
def worker(concurrency: int, queues: str, listen: str | None, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Take inspections, rechecks and texts of large sites out of the queue of a fleet (engine.kind: procrastinate).

    The configuration is the one that the scheduler has, and a worker that would judge differently takes nothing. What
    is under way when it ends (SIGTERM, Ctrl-C) goes back into the queue, and another worker goes on with it. Exit
    codes: 0 stopped, 2 configuration, 3 the store or the port cannot be had.
    """
    with without_rich():
        from monitor.commands.work.worker import run_worker

    if config is None and Path(DEFAULT_CONFIG).is_file():
        config = Path(DEFAULT_CONFIG)
    wanted = [queue.strip() for queue in queues.split(",")]
    unknown = [queue for queue in wanted if queue not in QUEUES]
    if unknown:
        raise click.BadParameter(
            worded(
                f"没有队列 {unknown[0]!r}，有：{'、'.join(QUEUES)}", f"{unknown[0]!r}; there are {', '.join(QUEUES)}"
            ),
            param_hint="--queues",
        )
    run_worker(
        settings_from(config, overrides), config, overrides, concurrency=concurrency, queues=wanted, listen=listen
    )
