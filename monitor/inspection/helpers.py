"""Say what an inspection asks of other machines, where there are any: to read texts for which its own have no time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from checks.model import Check
from monitor.inspection.fence import Verdict


class VerdictsOfHelper(NamedTuple):
    """What another machine says of texts, in their order; ``seconds`` it was at work, and ``hangs`` of the check."""

    verdicts: list[Verdict]
    seconds: float
    hangs: int


class Helpers(Protocol):
    """Other machines. They make no request: what they are sent was fetched here."""

    @property
    def after(self) -> float:
        """Pages whose texts an inspection has read here before it asks for help; small sites never do."""

    @property
    def at_once(self) -> int:
        """Pages that may wait for helpers at the same time."""

    async def judge(self, check: Check[Any], texts: Sequence[str]) -> VerdictsOfHelper | None:
        """Return the verdict on each text, None where nobody took them or came to the end: they are read here then."""
