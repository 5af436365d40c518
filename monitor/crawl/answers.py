"""Turn what a request brought into the record of a target: what is kept, and whether it needs a second look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks.links import CERTIFICATE
from checks.model import Response
from checks.reading.firewalls import CLOSED
from checks.security.hijacked import telling
from monitor.store.codec import response_to_json

PASSING = frozenset({"timeout", "reset", "connect", "protocol"})
"""Errors that may pass by themselves; a host without an address will not get one within the run."""


@dataclass(slots=True)
class Answer:
    """One target's answers so far, and what its body gave away."""

    response: Response
    looks: tuple[dict[str, Any], ...] = ()
    sniffed: str | None = None
    wall: str | None = None
    soft_404: tuple[str, ...] = ()
    title: str = ""

    @property
    def clean(self) -> bool:
        """Whether there is nothing to say about the target."""
        response = self.response
        return (
            response.error is None
            and 200 <= (response.status or 0) < 300
            and not response.redirects
            and not (self.wall or self.soft_404 or telling(response.url, self.title))
            and self.sniffed not in {"html", "empty"}
        )

    @property
    def dead(self) -> bool:
        """Whether a reader would not get to see the target."""
        return self.response.error is not None or (self.response.status or 0) >= 400 or len(self.soft_404) > 1

    @property
    def doubtful(self) -> bool:
        """Whether another look at another time may tell something else."""
        response = self.response
        if self.wall or response.status in CLOSED:
            return False
        if response.error == "tls":
            return not any(word in response.detail.lower() for word in CERTIFICATE)
        return response.error in PASSING or (response.error is None and (response.status or 0) >= 500)

    def to_json(self) -> dict[str, Any] | None:
        """Return what the store keeps: nothing of a clean target that was clean at first sight."""
        if self.clean and not self.looks:
            return None
        return {
            "looks": [*self.looks, response_to_json(self.response)],
            "sniffed": self.sniffed,
            "wall": self.wall,
            "soft_404": list(self.soft_404),
            "title": self.title,
            "doubtful": self.doubtful,
        }


GONE = frozenset({404, 410})


def is_silent(answer: Mapping[str, Any]) -> bool:
    """Tell of a stored answer whether it shows nothing of what is there: only a page that is gone is known to be."""
    last = answer["looks"][-1]
    status = last["status"] or 0
    return bool(answer["wall"] or last.get("error")) or (status >= 400 and status not in GONE)
