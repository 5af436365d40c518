"""Run the daemon until it is told to stop."""

from __future__ import annotations

from pathlib import Path

from monitor import logs, loop
from monitor.commands.common import UNINSPECTED, Fault, cannot_listen, error_text, worded
from monitor.service.daemon import Daemon
from monitor.service.memory import return_large_blocks, share_one_heap
from monitor.settings.site import Settings
from monitor.store import StoreError


def run_daemon(settings: Settings, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Run the daemon until a signal stops it. Raises Fault without sites, or where port or store cannot be had."""
    if not settings.sites:
        raise Fault(
            worded(
                f"{config or '配置'}：没有配置网站，无事可做；请列在 sites 之下",
                f"{config or 'configuration'}: no sites are configured, so there is nothing to do; list them under "
                "`sites:`",
            )
        )
    logs.configure(settings.daemon.log)
    share_one_heap()
    return_large_blocks()

    async def live() -> None:
        await Daemon(settings, config, overrides).run()

    try:
        loop.run(live())
    except StoreError as error:
        raise Fault(error_text(error), UNINSPECTED) from None
    except OSError as error:
        asked = worded("、", " and ").join(filter(None, (settings.daemon.listen, settings.console.listen)))
        raise Fault(cannot_listen(asked, error), UNINSPECTED) from None
