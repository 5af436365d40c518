"""Hold the configuration in force, and read its file again: on SIGHUP, and when it has changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from monitor.models import is_without_models
from monitor.service.metrics.live import Live
from monitor.settings.config_file import ConfigError, load
from monitor.settings.site import Settings, SiteSettings
from monitor.store.site_query import ask_sites

log = structlog.get_logger()

MINUTE = 60.0

ASK_AGAIN = 15.0
"""Seconds between two questions to the databases that sites come from, even where one is wanted at once."""


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
        self._is_in_force = False
        self._files = _list_files(settings, path)
        self._read_at = self._states()
        self._asked_at = time.monotonic()
        self._is_asked_again = False
        self._reloading: asyncio.Task[None] | None = None

    def site(self, key: str) -> SiteSettings | None:
        """Return a site that is configured, None where it no longer is."""
        return self._sites.get(key)

    def ask_again(self) -> None:
        """Ask the databases that sites come from at the next look, and do not wait until they are due."""
        self._is_asked_again = time.monotonic() - self._asked_at >= ASK_AGAIN

    def reload_if_changed(self) -> None:
        """Read the configuration again where a file is not as it was last read, or a database is to be asked."""
        if self._states() != self._read_at or self._must_ask():
            self._reload(even_the_same=False)

    def reload(self) -> None:
        """Read the configuration again and put it in force; one that cannot be used is refused and logged."""
        self._reload(even_the_same=True)

    def _reload(self, *, even_the_same: bool) -> None:
        """Do so beside the event loop, if there is one: a database may be slow, and 13,000 sites take a second."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._take(self._read_again(), even_the_same=even_the_same)
            return
        if self._reloading is None or self._reloading.done():
            self._reloading = loop.create_task(self._reload_beside(even_the_same=even_the_same))

    async def _reload_beside(self, *, even_the_same: bool) -> None:
        self._take(await asyncio.to_thread(self._read_again), even_the_same=even_the_same)

    def _read_again(self) -> Settings | None:
        """Return the settings as they are now; None where they cannot be used, which is logged."""
        self._read_at, self._asked_at, self._is_asked_again = self._states(), time.monotonic(), False
        try:
            found = load(self._path, self._overrides, ask_sites)
        except ConfigError as error:
            self._follow(error.files)
            self._live.reloaded.set(0)
            log.error("configuration refused; the old one stays in force", faults=str(error).splitlines())  # noqa: TRY400
            return None
        except Exception:
            self._live.reloaded.set(0)
            log.exception("the configuration could not be read")
            return None
        self._follow(_list_files(found, self._path))
        return found

    def _take(self, found: Settings | None, *, even_the_same: bool) -> None:
        """Put what was read in force: a SIGHUP has the daemon look at its rounds even where it is the same."""
        before = self.settings
        if found is None:
            return
        if found == before and self._is_in_force and not even_the_same:
            self._live.reloaded.set(1)
            return
        try:
            self.put_in_force(found)
        except Exception:
            self._live.reloaded.set(0)
            log.exception("the configuration could not be put in force")
            return
        for name in _waiting(before, self.settings):
            log.warning("takes effect at the next start", setting=name)
        log.info("configuration in force", sites=len(self.settings.sites))

    def _must_ask(self) -> bool:
        """Return whether a database that sites come from is due to be asked."""
        every = [each.every for each in self.settings.sites_from if each.query]
        is_due = bool(every) and time.monotonic() - self._asked_at >= min(every) * MINUTE
        return is_due or (self._is_asked_again and bool(every))

    def _follow(self, files: Sequence[Path]) -> None:
        """Look at these files from now on, beside the configuration's own."""
        if self._files != tuple(files):
            self._files = tuple(files)
            self._read_at = self._states()

    def _states(self) -> tuple[tuple[int, int] | None, ...]:
        return tuple(_state(path) for path in (self._path, *self._files))

    def put_in_force(self, settings: Settings) -> None:
        """Live by these settings from now on. Raises what the store does: it holds the rounds in force."""
        self.settings, self._is_in_force = settings, False
        self._sites = {site.key: site for site in settings.sites}
        formats = {name for site in self._sites for name in settings.report_of(site).formats}
        self._live.expect_reports((*sorted({*settings.report.formats, *formats}), "index"))
        self._look_for_models()
        self._adopt(settings)
        self._live.reloaded.set(1)
        self._live.reloaded_at.set(time.time())
        self._is_in_force = True

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


def _list_files(settings: Settings, path: Path | None) -> tuple[Path, ...]:
    """Return the files beside the configuration's own that sites are listed in."""
    folder = path.parent if path else Path()
    return tuple(folder / each.csv for each in settings.sites_from if each.csv)


def _state(path: Path | None) -> tuple[int, int] | None:
    """Return what tells one state of a file from the next; None where there is none."""
    try:
        return (path.stat().st_mtime_ns, path.stat().st_ino) if path else None
    except OSError:
        return None
