"""Make fetchers as the configuration of the crawl wants them: who we say we are, and where we may go."""

from __future__ import annotations

from typing import Any

from monitor import __version__
from monitor.fetch import Fetcher, Limits
from monitor.settings.site import CrawlSettings


def fetcher_for(
    crawl: CrawlSettings,
    kind: type[Fetcher] = Fetcher,
    *,
    timeout: float | None = None,
    **options: Any,  # noqa: ANN401 - Fetcher's options
) -> Fetcher:
    """Return a fetcher; ``timeout`` is the seconds for one request, where they are not those of the crawl."""
    return kind(
        user_agent=crawl.user_agent.format(version=__version__, contact=crawl.contact),
        limits=Limits(timeout=timeout or crawl.timeout, body=crawl.body),
        allow_private=crawl.allow_private,
        allowed_networks=crawl.allowed_networks,
        **options,
    )
