"""Read the answer of a target: is it clean, dead, doubtful, and so what is kept and what needs a second look."""

from __future__ import annotations

from checks.model import ASKED_AGAIN, ErrorKind
from checks.reading.firewalls import CLOSED
from checks.reading.handshakes import asks_for_certificate, refuses_certificate
from checks.security.hijacked import telling
from monitor.store.crawl.targets import TargetAnswer

GONE = frozenset({404, 410})


def is_clean(answer: TargetAnswer) -> bool:
    """Return whether there is nothing to say about a target."""
    response = answer.last
    return (
        response.error is None
        and is_success(response.status)
        and not response.redirects
        and not (answer.unjudged or answer.challenge or answer.soft_404 or telling(response.url, answer.title))
        and answer.sniffed not in {"html", "empty"}
    )


def is_success(status: int | None) -> bool:
    """Return whether browsers show what came with a status as what was asked for: 2xx, and the choice of 300."""
    return status is not None and 200 <= status <= 300


def is_dead(answer: TargetAnswer) -> bool:
    """Return whether a reader would not get to see the target."""
    response = answer.last
    return response.error is not None or (response.status or 0) >= 400 or len(answer.soft_404) > 1


def is_doubtful(answer: TargetAnswer) -> bool:
    """Return whether another look at another time may tell something else."""
    response = answer.last
    if answer.challenge or response.status in CLOSED:
        return False
    if response.error == ErrorKind.TLS:
        return not (refuses_certificate(response.detail) or asks_for_certificate(response.detail))
    return response.failure in ASKED_AGAIN


def is_silent(answer: TargetAnswer) -> bool:
    """Return whether an answer shows nothing of what is there: only a page that is gone is known to be."""
    status = answer.last.status or 0
    return bool(answer.challenge or answer.last.error or answer.unjudged) or (status >= 400 and status not in GONE)


def opens(answer: TargetAnswer) -> bool:
    """Return whether a file can be had, and is one: error pages come under the names of files, too."""
    is_file = not answer.challenge and answer.sniffed not in {"html", "empty"}
    return is_file and answer.last.error is None and answer.last.status in {200, 206}


def to_keep(answer: TargetAnswer) -> TargetAnswer | None:
    """Return what the store keeps of an answer: nothing of a target that was clean at first sight."""
    return None if is_clean(answer) and len(answer.looks) == 1 else answer
