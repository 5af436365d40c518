"""Functions of a site (功能服务) that were tried as an operator configured them."""

from __future__ import annotations

from msgspec import Struct

from checks.model.response import Response


class Unmet(Struct, frozen=True):
    """One expectation of a probe that was not met: its kind (``status``, ``text`` …), what was wanted and there."""

    kind: str
    wanted: str
    got: str = ""


class Probe(Struct, frozen=True):
    """One functional probe (功能服务) and what it saw: the requests up to the first that did not do what it should.

    ``name`` is what the operator calls it; ``step`` counts from 1; ``unmet`` is empty when everything worked.
    ``seconds`` is what all its requests took together.
    """

    name: str
    url: str
    step: int
    response: Response
    unmet: tuple[Unmet, ...] = ()
    seconds: float = 0.0
