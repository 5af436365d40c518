"""Keep what the addresses of a run answered; of those that were fine at first sight, nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec import Struct

from checks.model import Response
from monitor.store.codec import Json, response_from_json, response_to_json


class NewTarget(NamedTuple):
    """An address that the run has met: the fields are columns of the table ``targets``."""

    id: int
    url: str
    kind: str
    element: str
    depth: int
    parent: int


class TargetAnswer(Struct, frozen=True):
    """Every answer that one target gave, in the order they came, and what its body gave away.

    The fields are those of ``checks.model.Link``. Answers that come from the store have no headers. ``unjudged`` is
    what failed in this program on the way to an answer, and empty otherwise: nothing is known of such a target.
    """

    looks: tuple[Response, ...]
    sniffed: str | None = None
    challenge: str | None = None
    soft_404: tuple[str, ...] = ()
    title: str = ""
    unjudged: str = ""

    @property
    def last(self) -> Response:
        """The answer that counts."""
        return self.looks[-1]


class AnsweredTarget(NamedTuple):
    """A target whose answer is worth a look."""

    url: str
    kind: str
    element: str
    answer: TargetAnswer


def answer_to_json(answer: TargetAnswer) -> Json:
    """Return an answer as plain JSON."""
    return {
        "looks": [response_to_json(look) for look in answer.looks],
        "sniffed": answer.sniffed,
        "wall": answer.challenge,
        "soft_404": list(answer.soft_404),
        "title": answer.title,
        "unjudged": answer.unjudged,
    }


def answer_from_json(body: Mapping[str, Any]) -> TargetAnswer:
    """Return the answer again."""
    return TargetAnswer(
        looks=tuple(response_from_json(look) for look in body["looks"]),
        sniffed=body["sniffed"],
        challenge=body["wall"],
        soft_404=tuple(body["soft_404"]),
        title=body["title"],
        unjudged=body.get("unjudged", ""),
    )
