"""Fit the weights of the second opinion: how far to believe the engine, and how far the larger model.

    python tools/typos/train_opinion.py --models FOLDER --gguf FILE --statutes statutes.txt.xz --ecspell ecspell/

Every correction that the second opinion would be asked about is one example: does it undo a slip, or spoil what is
right? One that touches a slip without undoing it teaches nothing and is left out. The texts are of the training parts
alone (corpora.py, train.py): sentences of ECSpell as written, made-up slips, and clean text, which counts
``CLEAN_WEIGHT`` times, since there is so much more of it on a website. Writes ``checks/typos/data/opinion.json``.
Needs ``requirements.txt``, the ``llm`` extra and both groups of ``sitehealth models install``; about five minutes on
one core.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from corpora import Part, newspaper, sentences, statutes, vocabulary
from msgspec.structs import replace
from slips import Hand, Slipped

sys.path.insert(0, str(Path(__file__).parents[2]))
from train import DATA, LONGEST, SHORTEST, Example, ecspell, is_training, verdict

from checks.typos import Typos
from checks.typos.candidate import Suspect
from checks.typos.lm.reader import Change
from monitor.typo_engine.llm import Edit, LlmOpinion, Weights
from monitor.typo_engine.load import load_engine, load_guessers

WRITTEN, MADE_UP, LAW, NEWS = 600, 400, 1000, 250
"""Texts of each sort."""

CLEAN_WEIGHT = 10.0
"""25 halves what is flagged in clean text, and finds 4 to 6 errors in 100 fewer."""

LEAST_SEEN = 5
"""An input has to differ from 0 in so many examples to be given a weight."""


class Observation(NamedTuple):
    """What the opinion was given of one correction, whether it is right, and whether the text is clean."""

    inputs: dict[str, float]
    right: bool
    clean: bool


class Recorder:
    """Stands where the opinion stands in the engine, and keeps what that would be told."""

    def __init__(self, opinion: LlmOpinion) -> None:
        """Record what ``opinion`` describes."""
        self._opinion = opinion
        self.described: dict[Edit, dict[str, float]] = {}

    def weigh(self, text: str, suspects: Sequence[Suspect]) -> list[Suspect]:
        """Describe the suspects and leave them as they are."""
        self.described = self._opinion.describe(text, suspects)
        return list(suspects)


def examples(options: argparse.Namespace) -> Iterator[Example]:
    """Yield texts as written, with made-up slips, and clean."""
    pick = random.Random(options.seed)
    pairs = [(wrong, right) for wrong, right in ecspell(options.ecspell) if is_training(right)]
    for wrong, right in pick.sample(pairs, WRITTEN):
        yield Example(wrong, [Slipped(n, n + 1, right[n]) for n in range(len(right)) if right[n] != wrong[n]])
    hand = Hand(vocabulary(Path(options.models)), DATA / "confusions.npz", options.seed)
    for texts, most in ((statutes(options.statutes), LAW), (newspaper(), NEWS)):
        clean = sorted(set(texts[Part.TRAINED]))
        yield from (Example(text, []) for text in pick.sample(clean, most))
        short = [text for text in sentences(clean) if SHORTEST <= len(text) <= LONGEST]
        spoilt = (hand.spoil(text) for text in pick.sample(short, MADE_UP // 2))
        yield from (Example(*each) for each in spoilt if each)


def observations(options: argparse.Namespace) -> Iterator[Observation]:
    """Yield what is given of every correction that the opinion is asked about and that is clearly right or wrong."""
    recorder = Recorder(LlmOpinion(options.gguf, Weights(0.0, {})))
    check = Typos(models=options.models)
    engine = replace(load_engine(check), guessers=load_guessers(check, rivals=True), opinions=(recorder,))
    for example in examples(options):
        recorder.described = {}
        engine.suspects(example.text)
        for (at, wrong, right), inputs in recorder.described.items():
            told = verdict(example, Change(at, at + len(wrong), right))
            if told >= 0 and inputs:
                yield Observation(inputs, told > 0, not example.slips)


def fit(rows: np.ndarray, truth: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the weights of the columns of a logistic regression, by Newton's method."""
    found = np.zeros(rows.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (weight * (truth - chance)) - found
        curve = (rows * (weight * chance * (1 - chance))[:, None]).T @ rows + np.eye(len(found))
        found += np.linalg.solve(curve, slope)
    return found


def main() -> None:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", required=True)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--ecspell", type=Path, required=True)
    parser.add_argument("--statutes", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a file for what was observed, to fit again from")
    options = parser.parse_args()
    if options.keep and options.keep.exists():
        seen = [Observation(**one) for one in json.loads(options.keep.read_text("utf-8"))]
    else:
        seen = list(observations(options))
        if options.keep:
            options.keep.write_text(json.dumps([one._asdict() for one in seen]), "utf-8")
    count = Counter(name for one in seen for name in one.inputs)
    names = sorted(name for name, times in count.items() if times >= LEAST_SEEN)
    rows = np.array([[1.0, *(one.inputs.get(name, 0.0) for name in names)] for one in seen])
    truth = np.array([one.right for one in seen], float)
    bias, *weights = fit(rows, truth, np.array([CLEAN_WEIGHT if one.clean else 1.0 for one in seen]))
    print(f"{len(seen)} corrections, {sum(one.right for one in seen)} right")
    found = {
        "bias": round(bias, 3),
        "weights": {name: round(each, 3) for name, each in zip(names, weights, strict=True)},
    }
    print(json.dumps(found, indent=1))
    (DATA / "opinion.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
