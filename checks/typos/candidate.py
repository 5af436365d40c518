"""Say what a layer of the typo engine suspects, before anyone decides whether to report it.

Every layer answers in this one value, so that the engine can compare and combine them; thresholds are applied by the
engine alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checks.model import Text


@dataclass(frozen=True, slots=True)
class Suspect:
    """One wording that may be a typo, and what a proofreader would write instead.

    ``start`` is in characters from the start of the text. ``right`` is empty where ``wrong`` should go. ``layer`` is
    ``lexicon``, ``look-alike`` (mined pairs), ``language-model``, ``form``, ``site``, ``llm`` or ``neural``; ``kind``
    names the sort of error (``homophone``, ``shape``, ``extra``, ``transposed`` …). ``probability`` is the calibrated
    chance, 0 to 1, that a proofreader would sign it. ``severe`` marks the wordings that an office cannot afford even
    once.
    """

    start: int
    wrong: str
    right: str
    layer: str
    kind: str
    probability: float
    reason: Text | None = None
    severe: bool = False

    @property
    def end(self) -> int:
        """Where the wording stops, in characters from the start of the text."""
        return self.start + len(self.wrong)
