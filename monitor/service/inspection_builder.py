"""Make the inspection that a round asks for, by the settings that are in force when it begins."""

from __future__ import annotations

from collections.abc import Callable

from monitor.fetch import Fetcher
from monitor.inspection.helpers import Helpers
from monitor.inspection.run import Inspection, is_owned
from monitor.inspection.workers import Crews
from monitor.remediation.configured_policy import policy_of
from monitor.service.configuration import Configuration
from monitor.settings.checks import build
from monitor.store import Store
from monitor.store.runs import RunRecord
from monitor.store.schedules import Key


class InspectionBuilder:
    """Makes inspections whose requests go through ``fetch_with``, and which share the processes of ``crews``.

    ``is_alive`` and ``helpers`` as Inspection has them.
    """

    def __init__(  # noqa: PLR0913 - what inspections share
        self,
        store: Store,
        configuration: Configuration,
        fetch_with: type[Fetcher],
        crews: Crews,
        is_alive: Callable[[RunRecord], bool] = is_owned,
        *,
        helpers: Helpers | None = None,
    ) -> None:
        self._store, self._configuration, self._fetch_with = store, configuration, fetch_with
        self._crews, self._is_alive, self._helpers = crews, is_alive, helpers

    def build(self, key: Key, fire: float | None) -> Inspection | None:
        """Return the inspection of a site and scope for a round, or for none; None where the site is not configured."""
        site_key, scope = key
        settings, site = self._configuration.settings, self._configuration.site(site_key)
        if site is None:
            return None
        return Inspection(
            self._store,
            settings.crawl,
            site,
            scope,
            build(settings.checks),
            scheduled_for=fire,
            profile=settings.score.profile,
            policy=policy_of(settings),
            fetch_with=self._fetch_with,
            crew_of=self._crews.of,
            helpers=self._helpers,
            is_alive=self._is_alive,
            browser=settings.browser,
            ocr=settings.ocr,
        )
