"""Weigh suspects with a local language model: what reads better, the sentence as it stands or corrected.

The difference of the two log probabilities, taken from the first changed token to some characters past the change, is
combined with the engine's own estimate by a logistic regression of two inputs. Without the right context the
comparison is worthless; with five characters of it most of the gain is there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checks.typos.candidate import Suspect
from checks.typos.gguf import Correction, GgufModel

LEFT, RIGHT = 60, 8
"""Characters of context that the model reads before the first suspect and after each."""

WEAKEST = 0.08
"""Suspects below this are not worth the reading: a quarter of a second each."""

GUESSES = frozenset({"language-model", "look-alike", "site", "neural"})
"""Layers whose suspicions are weighed; what a person vouched for is not."""


@dataclass(frozen=True)
class Weights:
    """The regression: log odds = bias + prior · log odds of the engine + gain · difference in nats."""

    bias: float
    prior: float
    gain: float

    def probability(self, prior: float, gain: float) -> float:
        """Return the revised probability."""
        prior = min(max(prior, 1e-4), 1 - 1e-4)
        odds = self.bias + self.prior * math.log(prior / (1 - prior)) + self.gain * max(-20.0, min(20.0, gain))
        return 1 / (1 + math.exp(-odds))


WEIGHTS = Weights(bias=-2.07, prior=0.72, gain=0.26)
"""Fitted by tools/typos/train_opinion.py for gemma-3-270m; another model shifts them little, since gains are nats."""


class LlmOpinion:
    """Second opinions of a GGUF model."""

    def __init__(self, path: Path, weights: Weights = WEIGHTS) -> None:
        """Load the model; raises ImportError without llama-cpp-python, ValueError for a file that is no model."""
        self._model = GgufModel(path)
        self._weights = weights

    def weigh(self, text: str, suspects: Sequence[Suspect]) -> list[Suspect]:
        """Return the suspects with revised probabilities; those of other layers, and the weakest, as they are."""
        asked = [suspect for suspect in suspects if suspect.layer in GUESSES and suspect.probability >= WEAKEST]
        gains = dict(zip(asked, self.gains(text, asked), strict=True))
        return [
            replace(each, probability=self._weights.probability(each.probability, gains[each]))
            if each in gains
            else each
            for each in suspects
        ]

    def gains(self, text: str, suspects: Sequence[Suspect]) -> list[float]:
        """Return for each suspect by how many nats its correction reads better."""
        return [gain for suspect in suspects for gain in self._model.gains(*_excerpt(text, suspect))]


def _excerpt(text: str, suspect: Suspect) -> tuple[bytes, list[Correction]]:
    """Return the suspect's surroundings and its correction there, as bytes."""
    before, after = text[max(0, suspect.start - LEFT) : suspect.start], text[suspect.end : suspect.end + RIGHT]
    original, changed = (before + wording + after for wording in (suspect.wrong, suspect.right))
    original_bytes, changed_bytes = original.encode(), changed.encode()
    return original_bytes, [Correction(changed_bytes, len(original_bytes), len(changed_bytes))]
