"""Say what came of one attempt to send a message, and what every channel has to offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from reports.messages.message import Message

LIMIT = 120.0
"""Seconds that one attempt may take in all; each channel ends by itself before that."""


class Attempt(NamedTuple):
    """What came of an attempt: ``error`` is why the message has not arrived, "" where it has.

    ``remaining`` are the recipients who have not got it while others have, None where nobody has, or all have.
    ``retry_after`` is how many seconds the other side wants to be left alone.
    """

    error: str = ""
    remaining: tuple[str, ...] | None = None
    retry_after: float = 0.0

    @property
    def arrived(self) -> bool:
        """Whether everybody has got it."""
        return not self.error


class Sender(Protocol):
    """One target's channel."""

    async def send(self, message: Message, remaining: Sequence[str] | None) -> Attempt:
        """Send a message, to some recipients only where they are given. Raises whatever goes wrong unforeseen."""
