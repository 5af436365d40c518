"""Hold the configuration in force, and read its file again: on SIGHUP, and when it has changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from monitor.models import is_without_models
from monitor.service.metrics.live import Live
from monitor.settings.config_file import ConfigError, load
from monitor.settings.site import Settings, SiteSettings

log = structlog.get_logger()


class Configuration:
    """The settings that the daemon lives by. ``path`` and ``overrides`` are read again; ``path`` may be None.

    ``adopt`` gives new settings to whatever has to know of them. Where it raises they are in force all the same: what
    was not reached lives by the old ones until they are put in force once more.
    """

    def __init__(
        self,
        settings: Settings,
        path: Path | None,
        overrides: Sequence[str],
        adopt: Callable[[Settings], None],
        live: Live,
    ) -> None:
        self.settings = settings
        self._path, self._overrides, self._adopt, self._live = path, overrides, adopt, live
        self._sites: dict[str, SiteSettings] = {}
        self._read_at = _state(path)

    def site(self, key: str) -> SiteSettings | None:
        """Return a site that is configured, None where it no longer is."""
        return self._sites.get(key)

    def reload_if_changed(self) -> None:
        """Read the file again where it is not as it was last read."""
        if _state(self._path) != self._read_at:
            self.reload()

    def reload(self) -> None:
        """Read the configuration again: a valid one is put in force, one that is not is refused and logged."""
        self._read_at = _state(self._path)
        before = self.settings
        try:
            self.put_in_force(load(self._path, self._overrides))
        except ConfigError as error:
            self._live.reloaded.set(0)
            log.error("configuration refused; the old one stays in force", faults=str(error).splitlines())  # noqa: TRY400
        except Exception:
            self._live.reloaded.set(0)
            log.exception("the configuration could not be put in force")
        else:
            for name in _waiting(before, self.settings):
                log.warning("takes effect at the next start", setting=name)
            log.info("configuration in force", sites=len(self.settings.sites))

    def put_in_force(self, settings: Settings) -> None:
        """Live by these settings from now on. Raises what the store does: it holds the rounds in force."""
        self.settings = settings
        self._sites = {site.key: site for site in settings.sites}
        formats = {name for site in self._sites for name in settings.report_of(site).formats}
        self._live.expect_reports((*sorted({*settings.report.formats, *formats}), "index"))
        self._look_for_models()
        self._adopt(settings)
        self._live.reloaded.set(1)
        self._live.reloaded_at.set(time.time())

    def _look_for_models(self) -> None:
        """Say that typos are looked for without the language models: inspections do, and find far fewer."""
        is_without = is_without_models(self.settings)
        self._live.models_missing.set(is_without)
        if is_without:
            log.warning("no language models; typos are found by lexicon and form only: sitehealth models install")


def _waiting(before: Settings, after: Settings) -> list[str]:
    """Return the settings that differ and can only be had by a restart."""
    pairs = {
        "store.url": (before.store.url, after.store.url),
        "daemon.listen": (before.daemon.listen, after.daemon.listen),
        "daemon.log": (before.daemon.log, after.daemon.log),
        "console.listen": (before.console.listen, after.console.listen),
        "console.root": (before.console.root, after.console.root),
    }
    return [name for name, (old, new) in pairs.items() if old != new]


def _state(path: Path | None) -> tuple[int, int] | None:
    """Return what tells one state of a file from the next; None where there is none."""
    try:
        return (path.stat().st_mtime_ns, path.stat().st_ino) if path else None
    except OSError:
        return None
