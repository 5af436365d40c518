"""Say what a layer of the typo engine suspects, before anyone decides whether to report it.

Every layer answers in this one value, so that the engine can compare and combine them; thresholds are applied by the
engine alone.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from checks.model import Text


LOOK_ALIKE = "look-alike"
"""The layer of all that is one slip away from a usual wording: other layers may overrule it."""


class Basis(StrEnum):
    """What a list knows of a wording: who vouches for it, and how far."""

    NONE = ""
    PAIR = "pair"
    """A pair of wrong and right that a person reviewed."""
    DOUBTFUL_PAIR = "doubtful-pair"
    """The same, of a wrong form that is right elsewhere, or is a matter of style."""
    PHRASE = "phrase"
    """One slip away from a set phrase of official writing."""
    REVIEWED = "reviewed"
    IDIOM = "idiom"
    PLACE = "place"
    FREQUENT = "frequent"
    """One slip away from a wording that a person, a dictionary, the register of places or a count vouches for."""
    MINED = "mined"
    MINED_DOUBTFUL = "mined-doubtful"
    MINED_HINT = "mined-hint"
    """A wrong form that a program derived from a frequent word, and how far it trusts it."""


class Usage(IntEnum):
    """How well known the text is that a change makes, with a few characters around it."""

    UNKNOWN = 0
    MET = 1
    """Official or everyday writing has it."""
    USUAL = 2
    """Official writing has it again and again."""


class Suspect(Struct, frozen=True):
    """One wording that may be a typo, and what a proofreader would write instead.

    ``start`` is in characters from the start of the text. ``right`` is empty where ``wrong`` should go. ``layer`` is
    ``lexicon`` (reviewed pairs), ``look-alike`` (one slip away from a usual wording), ``language-model``, ``form``,
    ``site``, ``llm`` or ``neural``; ``kind`` names the sort of error (``homophone``, ``shape``, ``extra``,
    ``transposed`` …). ``probability`` is the chance, 0 to 1, that a proofreader would sign it: as far as the layer can
    tell, until ``weighing`` has heard the others. ``basis`` says what a list knows, ``doubtful`` that the slip made
    other words, which may be meant, ``usage`` how well the language model knows what the change makes. ``severe`` marks
    the wordings that an office cannot afford even once.
    """

    start: int
    wrong: str
    right: str
    layer: str
    kind: str
    probability: float
    reason: Text | None = None
    severe: bool = False
    basis: Basis = Basis.NONE
    doubtful: bool = False
    usage: Usage = Usage.UNKNOWN

    @property
    def end(self) -> int:
        """Where the wording stops, in characters from the start of the text."""
        return self.start + len(self.wrong)
