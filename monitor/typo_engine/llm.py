"""Weigh suspects with a local language model: what reads better, the sentence as it stands or corrected.

All corrections of a place are asked about, not only the one that the engine likes best. What the model makes of each
is combined with the engine's own estimate by a logistic regression; of rivals, the likeliest then wins. The regression
knows the engine by its probabilities alone, so it outlives changes of the other layers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from checks.packaged import packaged_text
from checks.typos.candidate import Suspect
from checks.typos.change import Change
from checks.typos.weighing import Edit, Weights, edit
from monitor.typo_engine.gguf import RIGHT, Comparison, GgufModel

LEFT = 80
"""Characters that the model reads before the first change of a passage."""

SPAN = 120
"""Characters from the first change of a passage to its last: their left context is read once."""

HOPELESS = -5.0
"""Where log odds of the engine + nats of the first token are less, a correction is not read on: of those that are
right this loses one in twenty, of the wrong ones it spares six in ten."""

GUESSES = frozenset({"language-model", "look-alike", "site", "neural"})
"""Layers whose suspicions are weighed; what a person vouched for is not."""

LEAST_ODDS, MOST_ODDS = -7.0, 5.0
MOST_NATS = 25.0
"""Where inputs are cut: beyond, more of the same says nothing more."""


@cache
def packaged_weights() -> Weights:
    """Return what tools/typos/train_opinion.py fitted for gemma-3-270m; another model's nats are much like its own."""
    return Weights.of(json.loads(packaged_text("checks.typos", "data/opinion.json")))


class LlmOpinion:
    """Second opinions of a GGUF model."""

    def __init__(self, path: Path, weights: Weights | None = None) -> None:
        """Load the model; raises ImportError without llama-cpp-python, ValueError for a file that is no model."""
        self._model = GgufModel(path)
        self._weights = weights or packaged_weights()

    def weigh(self, text: str, suspects: Sequence[Suspect]) -> list[Suspect]:
        """Return the suspects with revised probabilities: 0 for the hopeless; those of other layers as they are."""
        described = self.describe(text, suspects)
        chances = {change: self._weights.probability(inputs) if inputs else 0.0 for change, inputs in described.items()}
        return [replace(each, probability=chances.get(edit(each), each.probability)) for each in suspects]

    def describe(self, text: str, suspects: Sequence[Suspect]) -> dict[Edit, dict[str, float]]:
        """Return the inputs of the regression for each change that is asked about; none for the hopeless."""
        asked = _guessed(suspects)
        priors = {change: _prior(group) for change, group in asked.items()}
        described: dict[Edit, dict[str, float]] = {}
        for first, last, group in _passages(asked):
            begin = max(0, first - LEFT)
            changes = [Change(at - begin, at - begin + len(wrong), right) for at, wrong, right in group]
            least = [HOPELESS - priors[change] for change in group]
            read = self._model.compare(text[begin : last + RIGHT], changes, least)
            for change, found in zip(group, read, strict=True):
                described[change] = _inputs(priors[change], asked[change], found) if found else {}
        return described


def _guessed(suspects: Iterable[Suspect]) -> dict[Edit, list[Suspect]]:
    """Return the changes that are only guessed, with the suspects that make them."""
    groups: dict[Edit, list[Suspect]] = {}
    for suspect in suspects:
        groups.setdefault(edit(suspect), []).append(suspect)
    return {change: group for change, group in groups.items() if all(one.layer in GUESSES for one in group)}


def _passages(edits: Collection[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
    """Yield changes that are close together, with the first and the last place of the text that they touch."""
    group: list[Edit] = []
    for change in sorted(edits):
        if group and change[0] - group[0][0] > SPAN:
            yield group[0][0], _end(group), group
            group = []
        group.append(change)
    if group:
        yield group[0][0], _end(group), group


def _end(group: Iterable[Edit]) -> int:
    return max(at + len(wrong) for at, wrong, _ in group)


def _prior(group: Iterable[Suspect]) -> float:
    """Return the log odds that the engine gives to a change."""
    chance = max(one.probability for one in group)
    odds = math.log(chance / (1 - chance)) if 0 < chance < 1 else math.copysign(math.inf, chance - 0.5)
    return min(max(odds, LEAST_ODDS), MOST_ODDS)


def _inputs(prior: float, group: Iterable[Suspect], found: Comparison) -> dict[str, float]:
    """Return the inputs of the regression: what the engine says of a change, and what the model says."""
    nats = {"place": found.place, "after": found.after, "surprise": found.likeliest - found.original}
    return {
        "prior": prior,
        **{name: min(max(value, -MOST_NATS), MOST_NATS) for name, value in nats.items()},
        **{name: 1.0 for one in group for name in (one.layer, one.kind)},
    }
