"""Train the trees that weigh what is known of a correction (checks/typos/lm/forest.py).

    python tools/typos/train.py --statutes statutes.txt.xz --ecspell ecspell/ --models MODELS

Sentences of the training blocks (see ``corpora.py``) and seven tenths of ECSpell's training sentences are taken as they
are and with one or two slips (see ``slips.py``); every correction that the language model would consider is described,
and the trees learn which of them undo a slip. A correction that touches a slip without undoing it teaches nothing and
is left out. Writes ``checks/typos/data/forest.npz``. No sentence of dev.jsonl is used. Needs ``requirements.txt`` and
the models of ``sitehealth models install``; about 20 minutes on one core.
"""

from __future__ import annotations

import argparse
import random
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import numpy as np
from corpora import Part, newspaper, sentences, statutes, vocabulary
from sklearn.ensemble import HistGradientBoostingClassifier
from slips import Hand, Slipped

from checks.typos.lm.forest import Forest
from checks.typos.lm.reader import Change, Reader

DATA = Path(__file__).parents[2] / "checks" / "typos" / "data"
LAW, NEWS = 12_000, 15_000
SPOILT, SPOILT_ECSPELL = 2, 5
TWO_SLIPS = 0.15
SHORTEST, LONGEST = 8, 120
TOGETHER = 24
HEAD = 80
WORTH_TELLING = 0.2
TREES = ("feature", "threshold", "left", "right", "value")


class Example(NamedTuple):
    """A sentence and the slips in it."""

    text: str
    slips: list[Slipped]


def is_training(sentence: str) -> bool:
    """Tell which of ECSpell's sentences are trained on; the others measure."""
    return zlib.crc32(sentence.encode()) % 10 < 7


def ecspell(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield ECSpell's pairs of a sentence as written and as corrected, of law and of official documents."""
    for name in ("odw", "law"):
        for line in (folder / f"ecspell_{name}.train.tsv").read_text(encoding="utf-8").splitlines():
            wrong, right = line.split("\t")[:2]
            if len(wrong) == len(right):
                yield wrong, right


def examples(options: argparse.Namespace) -> list[Example]:
    """Return clean and spoilt sentences in random order."""
    pick = random.Random(options.seed)
    hand = Hand(vocabulary(options.models), DATA / "confusions.npz", options.seed)
    sources = []
    for texts, most in ((statutes(options.statutes), LAW), (newspaper(), NEWS)):
        found = list(dict.fromkeys(s for s in sentences(texts[Part.TRAINED]) if SHORTEST <= len(s) <= LONGEST))
        pick.shuffle(found)
        sources += [(sentence, SPOILT) for sentence in found[:most]]
    made = []
    for wrong, right in ecspell(options.ecspell):
        if is_training(right):
            sources.append((right, SPOILT_ECSPELL))
            slips = [Slipped(n, n + 1, right[n]) for n in range(len(right)) if right[n] != wrong[n]]
            made += [Example(wrong, slips)] if slips else []
    for sentence, times in dict(sources).items():
        made.append(Example(sentence, []))
        spoilt = (hand.spoil(sentence, 2 if pick.random() < TWO_SLIPS else 1) for _ in range(times))
        made += [Example(*each) for each in spoilt if each]
    pick.shuffle(made)
    return made


def verdict(example: Example, change: Change) -> int:
    """Return 1 if the change undoes a slip, 0 if it spoils what is right, -1 if it touches a slip otherwise."""
    text, (start, end, right) = example.text, change
    mended = text[:start] + right + text[end:]
    if any(mended == text[: slip.start] + slip.right + text[slip.end :] for slip in example.slips):
        return 1
    return -any(start <= slip.end and end >= slip.start for slip in example.slips)


def described(reader: Reader, data: list[Example]) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of every correction of every example, and its verdict; examples are read by the dozen."""
    rows, truth = [], []
    for first in range(0, len(data), TOGETHER):
        some = data[first : first + TOGETHER]
        starts = list(accumulate((len(example.text) + 1 for example in some[:-1]), initial=0))
        found = reader.consider("\n".join(example.text for example in some))
        if found is None:
            continue
        rows.append(found.rows)
        for row in range(len(found.rows)):
            start, end, right = found.change(row)
            number = bisect_right(starts, start) - 1
            truth.append(verdict(some[number], Change(start - starts[number], end - starts[number], right)))
    return np.concatenate(rows), np.array(truth)


def arrays(trained: HistGradientBoostingClassifier) -> dict[str, np.ndarray]:
    """Return scikit-learn's trees as padded arrays, with the base line in the first tree's leaves."""
    trees = [stage[0].nodes for stage in trained._predictors]  # noqa: SLF001 - no public way to the trees
    widest = max(map(len, trees))
    shape = (len(trees), widest)
    out = {
        "feature": np.zeros(shape, np.int16),
        "threshold": np.full(shape, np.inf, np.float32),
        "left": np.zeros(shape, np.int16),
        "right": np.zeros(shape, np.int16),
        "value": np.zeros(shape, np.float32),
    }
    for number, nodes in enumerate(trees):
        own = np.arange(len(nodes))
        leaf = nodes["is_leaf"].astype(bool)
        size = len(nodes)
        out["feature"][number, :size] = np.where(leaf, 0, nodes["feature_idx"])
        out["threshold"][number, :size] = np.where(leaf, np.inf, nodes["num_threshold"])
        out["left"][number, :size] = np.where(leaf, own, nodes["left"])
        out["right"][number, :size] = np.where(leaf, own, nodes["right"])
        out["value"][number, :size] = np.where(leaf, nodes["value"], 0)
    depth = max(int(nodes["depth"].max()) for nodes in trees)
    base = float(np.ravel(trained._baseline_prediction)[0])  # noqa: SLF001
    return out | {"depth": np.array(depth), "offset": np.array(base)}


def head(arrays: dict[str, np.ndarray], rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return after how many trees to give up which rows, so that none worth telling is given up."""
    forest = Forest(
        **{name: arrays[name] for name in TREES},
        depth=int(arrays["depth"]),
        offset=float(arrays["offset"]),
        head=HEAD,
        hopeless=np.inf,
    )
    after_head, whole = (
        np.concatenate(parts)
        for parts in zip(
            *(
                (forest.probability(some), replace(forest, hopeless=-np.inf).probability(some))
                for some in np.array_split(rows, len(rows) // 1000 + 1)
            ),
            strict=True,
        )
    )
    lowest = after_head[whole >= WORTH_TELLING].min()
    print(f"{(after_head > lowest).mean():.1%} of the corrections are worth more than {HEAD} trees")
    return {"head": np.array(HEAD), "hopeless": np.array(np.log(lowest / (1 - lowest)) - 1e-6)}


def main() -> None:
    """Train and write the trees."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--statutes", type=Path, required=True)
    parser.add_argument("--ecspell", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a file for the described corrections, to train again from")
    options = parser.parse_args()
    if options.keep and options.keep.exists():
        with np.load(options.keep) as kept:
            rows, truth = kept["rows"], kept["truth"]
    else:
        rows, truth = described(Reader.load(options.models), examples(options))
        if options.keep:
            np.savez(options.keep, rows=rows, truth=truth)
    clear = truth >= 0
    print(f"{clear.sum()} corrections, {(truth > 0).sum()} of them right")
    trees = HistGradientBoostingClassifier(
        max_iter=500,
        learning_rate=0.06,
        max_leaf_nodes=24,
        min_samples_leaf=100,
        l2_regularization=5.0,
        max_features=0.25,
        random_state=0,
    )
    trees.fit(rows[clear], truth[clear])
    found = arrays(trees)
    np.savez_compressed(DATA / "forest.npz", **found, **head(found, rows[clear][::10]))
    print(f"forest.npz: {(DATA / 'forest.npz').stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
