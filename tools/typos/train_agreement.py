"""Fit how the language model and the mined pairs are weighed together (the constants of checks/typos/engine.py).

    python tools/typos/train_agreement.py --models FOLDER --statutes statutes.txt.xz --errors ecspell_odw.train.tsv …

Every change that either of them proposes in the kept-back texts is one example: does it touch an error? A logistic
regression of the model's log odds, whether it is silent, and the tier of the mined pair.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from clean_text import pairs, press_lines, statute_lines

sys.path.insert(0, str(Path(__file__).parents[2]))
from checks.typos.candidate import Suspect
from checks.typos.check import Typos, loaded
from checks.typos.engine import CLIP, LANGUAGE_MODEL, Engine, edit
from checks.typos.lexicon.pairs import LOOK_ALIKE, MINED, Tier
from checks.typos.masks import is_foreign, mask

STATUTES_EVERY = 3
TIERS = (Tier.HINT, Tier.SUSPECTED, Tier.CONFIRMED)


def proposals(engine: Engine, text: str) -> Iterator[Suspect]:
    """Yield what the language model and the mined pairs propose."""
    if not is_foreign(text):
        masked = mask(text)
        yield from (one for one in engine.lexicon.suspects(text, masked) if one.layer == LOOK_ALIKE)
        for guesser in engine.guessers:
            yield from guesser.suspects(text, masked)


def examples(options: argparse.Namespace) -> Iterator[tuple[list[float], bool]]:
    """Yield (features, right) of every proposed change."""
    engine = loaded(Typos(models=options.models))
    rows = [row for path in options.errors for row in pairs(path, held_out=True)]
    clean = [*statute_lines(options.statutes, held_out=True)[::STATUTES_EVERY], *press_lines(held_out=True)]
    for text, right in rows + [(line, line) for line in clean]:
        changes: dict[tuple[int, str, str], dict[str, float]] = {}
        spans: dict[tuple[int, str, str], Suspect] = {}
        for suspect in proposals(engine, text):
            changes.setdefault(edit(suspect), {})[suspect.layer] = suspect.probability
            spans[edit(suspect)] = suspect
        for change, layers in changes.items():
            span = spans[change]
            yield features(layers), text[span.start : span.end] != right[span.start : span.end]


def features(layers: dict[str, float]) -> list[float]:
    """Return constant, log odds of the model, its silence, and the tier of the mined pair."""
    model, mined = layers.get(LANGUAGE_MODEL, 0.0), layers.get(LOOK_ALIKE)
    odds = max(-CLIP, min(CLIP, math.log(model / (1 - model)))) if model else 0.0
    return [1.0, odds, float(not model), *(float(mined == MINED[tier]) for tier in TIERS)]


def main() -> None:
    """Print the constants."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", required=True)
    parser.add_argument("--errors", type=Path, nargs="+", required=True)
    parser.add_argument("--statutes", type=Path, required=True)
    found = list(examples(parser.parse_args()))
    rows, truth = np.array([row for row, _ in found]), np.array([right for _, right in found], float)
    weights = np.zeros(rows.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-rows @ weights))
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + 1e-2 * np.eye(len(weights))
        weights += np.linalg.solve(curve, rows.T @ (truth - chance) - 1e-2 * weights)
    bias, slope, silent, *tiers = weights
    print(f"{len(found)} changes, {int(truth.sum())} right")
    print(f"BIAS {bias:.2f} SLOPE {slope:.2f} SILENCE {silent / slope:.2f}")
    print({str(tier): round(float(boost), 2) for tier, boost in zip(TIERS, tiers, strict=True)})


if __name__ == "__main__":
    main()
