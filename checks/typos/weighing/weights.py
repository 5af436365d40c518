"""Read the fitted weights: how far each kind of evidence is believed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from checks.packaged import packaged_text


class Weights(Struct, frozen=True):
    """A logistic regression over named inputs: log odds = bias + Σ weight · input."""

    bias: float
    weights: Mapping[str, float]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Weights:
        """Read ``bias`` and ``weights`` of a JSON object."""
        return cls(data["bias"], data["weights"])

    def probability(self, inputs: Mapping[str, float]) -> float:
        """Return the probability; inputs that have no weight count for nothing."""
        odds = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in inputs.items())
        return 1 / (1 + math.exp(-odds))


def weights(*, model_read: bool) -> Weights:
    """Return the fitted weights: with a language model, or for the lists alone."""
    return _weights()["lists and model" if model_read else "lists"]


@cache
def _weights() -> dict[str, Weights]:
    fitted = json.loads(packaged_text("checks.typos", "data/weighing.json"))
    return {name: Weights.of(data) for name, data in fitted.items()}
