"""Weigh suspects with pycorrector's MacBertCorrector, where a folder with its weights is on disk.

The network reads the whole text and corrects it; a suspicion that it shares is as good as confirmed by an independent
reader. It needs the ``neural`` extra (torch, transformers) and takes a second or so to load, so only texts with
suspects are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

from msgspec.structs import replace

from checks.typos.candidate import Suspect
from checks.typos.pycorrector_lite import macbert_corrector
from checks.typos.weighing import edit
from monitor.typo_engine.llm import GUESSES

SHARED = 0.7
"""Chance that a correction of the network is right by itself; its authors report a precision of 0.8 and less."""


WEAKEST = 0.08
"""A text with nothing but suspects below this is not worth the reading."""


class Corrector(Protocol):
    """The part of pycorrector's class that we use."""

    def correct(self, sentence: str) -> dict[str, list[tuple[str, str, int]]]:
        """Return ``errors`` as (wrong, right, start)."""


class NeuralOpinion:
    """Second opinions of a MacBERT that was trained to correct Chinese."""

    def __init__(self, folder: Path) -> None:
        """Load the weights; raises ImportError without the extra, ValueError where the folder holds none."""
        if not (folder / "config.json").is_file():
            raise ValueError(f"{folder} holds no weights: config.json is missing")
        self._corrector = cast("Corrector", macbert_corrector(str(folder)))

    def weigh(self, text: str, suspects: Sequence[Suspect]) -> list[Suspect]:
        """Return the suspects, more likely where the network makes the same correction."""
        if not any(_is_asked(suspect) for suspect in suspects):
            return list(suspects)
        errors = self._corrector.correct(text)["errors"]
        shared = {edit(Suspect(start, wrong, right, "neural", "", SHARED)) for wrong, right, start in errors}
        return [_surer(suspect) if _is_asked(suspect) and edit(suspect) in shared else suspect for suspect in suspects]


def _is_asked(suspect: Suspect) -> bool:
    return suspect.layer in GUESSES and suspect.probability >= WEAKEST


def _surer(suspect: Suspect) -> Suspect:
    return replace(suspect, probability=1 - (1 - suspect.probability) * (1 - SHARED))
