"""Fit how the layers are weighed together (checks/typos/weighing/): ``checks/typos/data/weighing.json``.

    python tools/typos/train_weighing.py --models MODELS --statutes statutes.txt.xz --official FOLDER

Read are the parts of modern official writing that are neither counted nor held nor trained the trees (``train.py``),
and some statutes and news, as they are and with slips put in (``slips.py``). Every change that a list or the language
model proposes is one example: does it undo a slip? Slips are given the weight that makes one in ``PER_SLIP`` characters
of them, so that chances are those of text with few errors in it. MODELS holds tables of counts that leave that text
out (``official.py --modern counted``, ``tables.py``), and the lists are those that ``prune.py`` has not seen yet.
With ``--keep FILE`` the examples are written down, to look at.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from corpora import Part, for_trees, modern_parts, newspaper, sentences, statutes, vocabulary
from slips import Hand, Slipped

sys.path.insert(0, str(Path(__file__).parents[2]))
from checks.typos import Typos
from checks.typos.weighing import LANGUAGE_MODEL, NAMED, Group, Setting, groups, inputs, is_name, reading
from monitor.typo_engine.load import load_engine

DATA = Path(__file__).parents[2] / "checks/typos/data"
PER_SLIP = 5000
"""Characters that hold one slip, on average."""

LAW, NEWS = 100_000, 100_000
"""Characters of statutes and of news that are read."""

SPOILT, LONGEST, AT_ONCE = 0.5, 120, 200
PENALTY = 0.02


class Text(NamedTuple):
    """A text and the slips in it."""

    text: str
    slips: tuple[Slipped, ...] = ()


class Example(NamedTuple):
    """What is known of a change, whether it undoes a slip, and how much that counts."""

    inputs: dict[str, float]
    right: bool
    weight: float


def clean(options: argparse.Namespace) -> list[str]:
    """Return the lines that nothing else was made from, but for the news."""
    modern = modern_parts(options.official)[Part.TRAINED].values()
    lines = [line for file in modern for line in file[len(for_trees(file)) :]]
    law = statutes(options.statutes)[Part.TRAINED]
    return [*lines, *_some(law[::-1], LAW), *_some(newspaper()[Part.TRAINED], NEWS)]


def _some(lines: Iterable[str], size: int) -> Iterator[str]:
    for line in lines:
        if size <= 0:
            return
        size -= len(line)
        yield line


def spoilt(lines: Sequence[str], models: Path, seed: int) -> Iterator[Text]:
    """Yield some of the sentences with a slip in each."""
    pick, hand = random.Random(seed), Hand(vocabulary(models), DATA / "confusions.npz", seed)
    for sentence in dict.fromkeys(sentences(lines, 8)):
        if len(sentence) <= LONGEST and pick.random() < SPOILT:
            slipped = hand.spoil(sentence)
            if slipped:
                yield Text(slipped[0], tuple(slipped[1]))


def examples(texts: Sequence[Text], models: str, weight: float) -> Iterator[tuple[str, Group, bool, float]]:
    """Yield text, group, truth and weight of every proposed change, but for what touches a slip without undoing it."""
    engine = load_engine(Typos(models=models))
    for first in range(0, len(texts), AT_ONCE):
        some = texts[first : first + AT_ONCE]
        for (text, slips), found in zip(some, engine.evidence([each.text for each in some]), strict=True):
            for group in groups(text, found):
                truth = _verdict(text, slips, group)
                if truth is not None and not group.pair and (group.model or group.listed):
                    yield text, group, truth, weight if truth else 1.0


def _verdict(text: str, slips: Sequence[Slipped], group: Group) -> bool | None:
    at, wrong, right = group.change
    mended = text[:at] + right + text[at + len(wrong) :]
    if any(mended == text[: slip.start] + slip.right + text[slip.end :] for slip in slips):
        return True
    return None if any(at <= slip.end and at + len(wrong) >= slip.start for slip in slips) else False


def known(text: str, group: Group) -> dict[str, float]:
    """Return the inputs of the regression, whether it is a name included."""
    return inputs(group, reading(text, group.change)) | {NAMED: float(is_name(Setting(text), group))}


def fitted(rows: Sequence[Example]) -> dict[str, object]:
    """Return bias and weights of the logistic regression."""
    names = sorted({name for row in rows for name in row.inputs})
    table = np.array([[1.0, *(row.inputs.get(name, 0.0) for name in names)] for row in rows])
    truth, weight = np.array([row.right for row in rows], float), np.array([row.weight for row in rows])
    found = np.zeros(table.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-table @ found))
        curve = (table * (weight * chance * (1 - chance))[:, None]).T @ table + PENALTY * np.eye(len(found))
        found += np.linalg.solve(curve, table.T @ (weight * (truth - chance)) - PENALTY * found)
    weights = {name: round(float(value), 3) for name, value in zip(names, found[1:], strict=True)}
    return {"bias": round(float(found[0]), 3), "weights": weights}


def main() -> None:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("models", "statutes", "official"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    lines = clean(options)
    slipped = list(spoilt(lines, options.models, options.seed))
    size, slips = sum(map(len, lines)), sum(len(text.slips) for text in slipped)
    weight = size / PER_SLIP / slips
    print(f"{size} characters, {slips} slips that weigh {weight:.3f} each")
    if options.keep and options.keep.exists():
        found = pickle.loads(options.keep.read_bytes())
    else:
        found = list(examples([*map(Text, lines), *slipped], str(options.models), weight))
    if options.keep:
        options.keep.write_bytes(pickle.dumps(found))
    both = [Example(known(text, group), right, share) for text, group, right, share in found]
    lists = []
    for text, group, right, share in found:
        listed = Group(group.change, tuple(one for one in group.suspects if one.layer != LANGUAGE_MODEL))
        if listed.listed:
            lists.append(Example(known(text, listed), right, share))
    fits = {"lists and model": fitted(both), "lists": fitted(lists)}
    (DATA / "weighing.json").write_text(json.dumps(fits, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(fits, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
