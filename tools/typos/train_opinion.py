"""Fit the weights of the second opinion: how far to believe the engine, and how far the larger model.

    python tools/typos/train_opinion.py --models FOLDER --gguf FILE --errors FILE … --statutes statutes.txt.xz

Every guess that is worth a second look is one example: is what it corrects an error, and
does it correct it rightly? Clean text counts as it comes. Prints the weights for checks/typos/opinion_llm.py.
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
from checks.typos.check import Typos, loaded
from checks.typos.engine import edit
from checks.typos.opinion_llm import GUESSES, WEAKEST, LlmOpinion

CLEAN_EVERY = 40
"""One clean paragraph in so many is read."""


def examples(options: argparse.Namespace) -> Iterator[tuple[float, float, bool]]:
    """Yield (log odds of the engine, gain in nats, right) of every suspect."""
    engine, opinion = loaded(Typos(models=options.models)), LlmOpinion(options.gguf)
    clean = [*statute_lines(options.statutes)[:: CLEAN_EVERY * 10], *press_lines()[::CLEAN_EVERY]]
    rows = [row for path in options.errors for row in pairs(path, held_out=True)] + [(line, line) for line in clean]
    for text, right in rows:
        asked = [s for s in engine.suspects(text, WEAKEST) if s.layer in GUESSES and len(s.wrong) == len(s.right)]
        for suspect, gain in zip(asked, opinion.gains(text, asked), strict=True):
            at, wrong, new = edit(suspect)
            chance = min(max(suspect.probability, 1e-4), 1 - 1e-4)
            yield math.log(chance / (1 - chance)), max(-20.0, min(20.0, gain)), right[at : at + len(wrong)] == new


def fit(rows: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return bias, weight of the prior and weight of the gain, by Newton's method."""
    columns = np.c_[np.ones(len(rows)), rows]
    weights = np.zeros(3)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (truth - chance) - 1e-2 * weights
        curve = (columns * (chance * (1 - chance))[:, None]).T @ columns + 1e-2 * np.eye(3)
        weights += np.linalg.solve(curve, slope)
    return weights


def main() -> None:
    """Print the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", required=True)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--errors", type=Path, nargs="+", required=True)
    parser.add_argument("--statutes", type=Path, required=True)
    found = list(examples(parser.parse_args()))
    rows, truth = np.array([row[:2] for row in found]), np.array([row[2] for row in found], float)
    bias, prior, gain = fit(rows, truth)
    print(f"{len(found)} suspects, {int(truth.sum())} right")
    print(f"Weights(bias={bias:.3f}, prior={prior:.3f}, gain={gain:.3f})")


if __name__ == "__main__":
    main()
