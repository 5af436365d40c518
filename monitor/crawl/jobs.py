"""Name what waits in the host queues: an address to ask for, or a request to the interface of a list. Data alone."""

from __future__ import annotations

from typing import NamedTuple

from checks.model import Facts, Request, Response


class Job(NamedTuple):
    """One address to ask for. ``attempt`` counts repeats after 429 and 503; ``look`` is 2 on the second look."""

    id: int
    url: str
    kind: str
    element: str
    depth: int
    attempt: int = 0
    look: int = 1
    looks: tuple[Response, ...] = ()


class ListJob(NamedTuple):
    """One request to the interface of a list. ``head`` is the list page, ``source`` the job that it was read for."""

    request: Request
    head: Facts
    source: Job
    attempt: int = 0

    @property
    def url(self) -> str:
        """Where the request goes."""
        return self.request.url


AnyJob = Job | ListJob
