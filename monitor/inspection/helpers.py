"""Say what an inspection asks of other machines, where there are any: to read what its own have no time for.

What is sent was fetched here, and what comes back is what this machine would have read in it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from msgspec import Struct

from checks.model import Check
from monitor.inspection.fence import Verdict

if TYPE_CHECKING:
    from checks.reading.attachments import Extract
    from monitor.inspection.picture_process import PictureReading

T = TypeVar("T")


class VerdictsOfHelper(Struct, frozen=True):
    """What another machine says of texts, in their order; ``seconds`` it was at work, and ``hangs`` of the check."""

    verdicts: list[Verdict]
    seconds: float
    hangs: int


class Helpers(Protocol):
    """Other machines. They make no request. Each answers None where nobody took it or came to the end.

    What they did not answer is read here.
    """

    @property
    def after(self) -> float:
        """Pages and files that an inspection has read here before it asks for help; small sites never do."""

    @property
    def at_once(self) -> int:
        """Pages and files that may wait for helpers at the same time."""

    @property
    def largest(self) -> int:
        """Bytes of the largest file that is sent to them."""

    async def judge(self, check: Check[Any], texts: Sequence[str]) -> VerdictsOfHelper | None:
        """Return the verdict on each text."""

    async def read_file(self, body: bytes) -> Extract | None:
        """Return the text of an attachment."""

    async def read_picture(
        self, body: bytes, seconds: float, page: int, smallest: tuple[int, int]
    ) -> PictureReading | None:
        """Return what came of a picture, or of a page of a PDF, as PictureProcess has it."""


class HelpOfOthers:
    """What one inspection has others read: nothing before it turned out to be a large one."""

    def __init__(self, helpers: Helpers | None) -> None:
        self._helpers = helpers
        self._read = 0

    def count(self) -> None:
        """Note a page or a file that is to be read, here or by others."""
        self._read += 1

    @property
    def at_most(self) -> int:
        """Pages and files that may wait for helpers once the inspection is a large one."""
        return self._helpers.at_once if self._helpers is not None else 0

    @property
    def at_once(self) -> int:
        """The same as of now."""
        return self.at_most if self._helpers is not None and self._read > self._helpers.after else 0

    def takes(self, body: bytes) -> bool:
        """Return whether a file may be sent to helpers, as of now."""
        return self._helpers is not None and self.at_once > 0 and len(body) <= self._helpers.largest

    async def ask(self, ask: Callable[[Helpers], Awaitable[T | None]]) -> T | None:
        """Return what helpers answer, None where they do not, or the inspection is a small one."""
        return await ask(self._helpers) if self._helpers is not None and self.at_once else None
