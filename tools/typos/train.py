"""Train the trees that weigh what is known of a correction (checks/typos/lm/forest.py).

    python tools/typos/train.py --statutes statutes.txt.xz --official FOLDER --ecspell ecspell/ --models MODELS
                                --new-times COUNTS --same-times COUNTS

The trees must tell a slip from a wording that is merely rare, or merely new. Two lessons: modern official writing read
with counts that have none of it (``official.py --modern none``), as what is written next year will be read; and modern
writing, news, statutes and seven tenths of ECSpell's training sentences, all kept for training, with the counts of the
rest (``official.py --modern counted``). Sentences are taken as they are and with one or two slips (see ``slips.py``);
every correction that the language model would consider is described, and the trees learn which of them undo a slip. A
correction that touches a slip without undoing it teaches nothing and is left out. Of those that a first, small forest
finds hopeless, one in ten is kept, and weighs as much as ten.

Writes ``checks/typos/data/forest.npz``. No sentence of dev.jsonl is used. Needs ``requirements.txt`` and the models of
``sitehealth models install``; a quarter of an hour on one core, 4 GB of memory.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import lightgbm
import numpy as np
from corpora import Part, for_trees, modern_parts, newspaper, sentences, statutes, vocabulary
from msgspec.structs import replace
from slips import Hand, Slipped

from checks.typos.lm import table
from checks.typos.lm.forest import Forest
from checks.typos.lm.lattice import WordModel
from checks.typos.lm.reader import RAREST_OFFICIAL, Change, Reader
from checks.typos.lm.scorer import Model, Scorer
from checks.typos.lm.words import Affinity
from monitor.typo_engine.load import map_tables

DATA = Path(__file__).parents[2] / "checks" / "typos" / "data"
NEW_TIMES, SAME_TIMES = "new-times", "same-times"
"""The lessons: text of times that the counts know nothing of, and text like what was counted."""

MODERN_CAP, LAW_CAP = 160_000, 400_000
"""Characters of each file of modern writing in the first lesson, and of statutes in the second, at most."""

SPOILT_LAW, SPOILT_MODERN, SPOILT_NEWS, SPOILT_ECSPELL = 0.4, 0.7, 0.7, 5
TWO_SLIPS = 0.15
SHORTEST, LONGEST = 8, 120
TOGETHER = 24
SAMPLE = 6000
HOPELESS, ONE_IN = 0.004, 10
STOPS = (40, 160)
WORTH_TELLING, LOST = 0.1, 0.002
"""A row is worth telling from this probability on; of those, how many may be given up at a stop."""

ROUNDS = 700
PARAMETERS = {
    "objective": "binary",
    "num_leaves": 63,
    "learning_rate": 0.05,
    "min_data_in_leaf": 60,
    "lambda_l2": 5.0,
    "feature_fraction": 0.4,
    "seed": 0,
    "num_threads": 1,
    "deterministic": True,
    "verbose": -1,
}
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


@dataclass(frozen=True)
class Lesson:
    """Clean text to spoil, and the counts of official writing that it is read with, which have not counted it."""

    options: argparse.Namespace
    name: str
    seed: int

    def texts(self) -> Iterator[tuple[str, float]]:
        """Yield sentences and how often to spoil each."""
        parts = modern_parts(self.options.official)
        if self.name == NEW_TIMES:
            for lines in parts[Part.COUNTED].values():
                yield from _chosen(lines, SPOILT_MODERN, MODERN_CAP)
            return
        for lines in parts[Part.TRAINED].values():
            yield from _chosen(for_trees(lines), SPOILT_MODERN)
        yield from _chosen(newspaper()[Part.TRAINED], SPOILT_NEWS)
        yield from _chosen(statutes(self.options.statutes)[Part.TRAINED], SPOILT_LAW, LAW_CAP)

    def examples(self) -> list[Example]:
        """Return clean and spoilt sentences in random order."""
        pick = random.Random(self.seed)
        hand = Hand(vocabulary(self.options.models), DATA / "confusions.npz", self.seed)
        sources, made = list(self.texts()), []
        if self.name == SAME_TIMES:
            for wrong, right in ecspell(self.options.ecspell):
                if is_training(right):
                    sources.append((right, SPOILT_ECSPELL))
                    slips = [Slipped(n, n + 1, right[n]) for n in range(len(right)) if right[n] != wrong[n]]
                    made += [Example(wrong, slips)] if slips else []
        for sentence, times in dict(sources).items():
            made.append(Example(sentence, []))
            for _ in range(int(times) + (pick.random() < times % 1)):
                spoilt = hand.spoil(sentence, 2 if pick.random() < TWO_SLIPS else 1)
                made += [Example(*spoilt)] if spoilt else []
        pick.shuffle(made)
        return made

    def reader(self) -> Reader:
        """Return a reader with the counts of this lesson."""
        folder: Path = self.options.counts[self.name]
        reader = Reader.of(map_tables(self.options.models))
        describer = reader.describer
        with np.load(folder / "official.npz") as data:
            symbols_read, words_read = np.log(data["totals"]).tolist()
        scorer = Scorer(describer.scorer.general, Model(_table(folder / "official.npz"), symbols_read))
        words, pairs = (_table(folder / f"official_{name}.npz") for name in ("words", "pairs"))
        described = replace(
            describer,
            scorer=scorer,
            affinity=Affinity.of(np.load(folder / "affinity.npz")),
            word_models=(describer.word_models[0], WordModel(words, pairs, words_read, RAREST_OFFICIAL)),
        )
        return Reader(replace(reader.proposer, scorer=scorer), described)


def _chosen(lines: Iterable[str], spoilt: float, cap: int = sys.maxsize) -> Iterator[tuple[str, float]]:
    """Yield distinct sentences of a fit length, up to so many characters, and how often to spoil each."""
    size = 0
    for sentence in dict.fromkeys(sentences(lines)):
        size += len(sentence)
        if size <= cap and SHORTEST <= len(sentence) <= LONGEST:
            yield sentence, spoilt


def _table(path: Path) -> table.CountTable:
    with np.load(path) as data:
        return table.CountTable(table.slots(*table.unpacked(data)))


def verdict(example: Example, change: Change) -> int:
    """Return 1 if the change undoes a slip, 0 if it spoils what is right, -1 if it touches a slip otherwise."""
    text, (start, end, right) = example.text, change
    mended = text[:start] + right + text[end:]
    if any(mended == text[: slip.start] + slip.right + text[slip.end :] for slip in example.slips):
        return 1
    return -any(start <= slip.end and end >= slip.start for slip in example.slips)


class Described(NamedTuple):
    """Corrections: their numbers, 1 right, 0 wrong, -1 neither, and for how many each stands."""

    rows: np.ndarray
    truth: np.ndarray
    weight: np.ndarray

    def clear(self) -> Described:
        """Return those that are right or wrong."""
        return Described(*(part[self.truth >= 0] for part in self))


def together(parts: list[Described]) -> Described:
    """Return all the corrections of several."""
    return Described(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def batched(examples: list[Example]) -> Iterator[list[Example]]:
    """Yield as many examples at a time as are read together."""
    rest = iter(examples)
    while some := list(islice(rest, TOGETHER)):
        yield some


def described(reader: Reader, examples: list[Example]) -> Described | None:
    """Return the corrections of some examples, read together."""
    starts = list(accumulate((len(example.text) + 1 for example in examples[:-1]), initial=0))
    found = reader.consider("\n".join(example.text for example in examples))
    if found is None:
        return None
    truth = []
    for row in range(len(found.rows)):
        start, end, right = found.change(row)
        number = bisect_right(starts, start) - 1
        truth.append(verdict(examples[number], Change(start - starts[number], end - starts[number], right)))
    return Described(found.rows, np.array(truth, dtype=np.int8), np.ones(len(truth), dtype=np.float32))


def learn(lesson: Lesson) -> Described:
    """Return the corrections of a lesson that are worth learning from."""
    reader, examples = lesson.reader(), lesson.examples()
    batches = [found for some in batched(examples) if (found := described(reader, some))]
    everything = together(batches).clear()
    some = Described(*(part[: SAMPLE * TOGETHER] for part in everything))
    small = lightgbm.train(PARAMETERS | {"learning_rate": 0.1}, lightgbm.Dataset(some.rows, some.truth), 60)
    hopeless = small.predict(everything.rows) < HOPELESS
    pick = np.random.default_rng(lesson.seed)
    kept = ~hopeless | (pick.random(len(hopeless)) < 1 / ONE_IN)
    weight = np.where(hopeless, np.float32(ONE_IN), np.float32(1))
    print(f"{lesson.name}: {len(examples)} examples, {len(kept)} corrections, {kept.sum()} kept", flush=True)
    return Described(everything.rows[kept], everything.truth[kept], weight[kept])


def arrays(trained: lightgbm.Booster) -> dict[str, np.ndarray]:
    """Return the trees as padded arrays (checks/typos/lm/forest.py); a leaf is its own child."""
    trees = [list(_nodes(tree["tree_structure"])) for tree in trained.dump_model()["tree_info"]]
    shape = (len(trees), max(map(len, trees)))
    out = {name: np.zeros(shape, np.float32 if name in {"threshold", "value"} else np.int16) for name in TREES}
    for number, nodes in enumerate(trees):
        for place, node in enumerate(nodes):
            for name in TREES:
                out[name][number, place] = getattr(node, name)
    return out


class Node(NamedTuple):
    """A node of a tree, with the places of its children among the nodes."""

    feature: int
    threshold: float
    left: int
    right: int
    value: float


def _nodes(tree: dict[str, Any]) -> Iterator[Node]:
    """Yield the nodes of a tree, level by level."""
    level, place = [tree], 0
    while level:
        below: list[dict[str, Any]] = []
        child = place + len(level)
        for here, node in enumerate(level, start=place):
            if "leaf_value" in node:
                yield Node(0, math.inf, here, here, node["leaf_value"])
            else:
                left = child + len(below)
                yield Node(node["split_feature"], _single(node["threshold"]), left, left + 1, 0.0)
                below += [node["left_child"], node["right_child"]]
        level, place = below, child


def _single(threshold: float) -> float:
    """Return the largest single-precision number that is not above a threshold: it parts such numbers as that does."""
    nearest = np.float32(threshold)
    return float(nearest if nearest <= threshold else np.nextafter(nearest, np.float32(-np.inf)))


def stops(arrays: dict[str, np.ndarray], rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return after how many trees to give up which rows, so that hardly one worth telling is given up."""
    forest = Forest(**{name: arrays[name] for name in TREES})
    parts = list(pairwise((0, *STOPS, len(forest.feature))))
    batches = np.array_split(rows, len(rows) // 500 + 1)
    sums = np.concatenate([[forest.sums(some, *part) for part in parts] for some in batches], axis=1)
    *early, whole = np.cumsum(sums, axis=0)
    worth = whole > math.log(WORTH_TELLING / (1 - WORTH_TELLING))
    floors = [float(np.quantile(each[worth], LOST)) for each in early]
    for stop, each, floor in zip(STOPS, early, floors, strict=True):
        print(f"{(each > floor).mean():.1%} of the corrections are worth more than {stop} trees")
    return {"stops": np.array(STOPS), "hopeless": np.array(floors)}


def main() -> None:
    """Train and write the trees."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--statutes", type=Path, required=True)
    parser.add_argument("--official", type=Path, required=True)
    parser.add_argument("--ecspell", type=Path, required=True)
    for name in (NEW_TIMES, SAME_TIMES):
        parser.add_argument(
            f"--{name}", type=Path, required=True, help="folder of the counts that this lesson reads with"
        )
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a file for the described corrections, to train again from")
    options = parser.parse_args()
    options.counts = {NEW_TIMES: options.new_times, SAME_TIMES: options.same_times}
    if options.keep and options.keep.exists():
        with np.load(options.keep) as kept:
            learnt = Described(kept["rows"], kept["truth"], kept["weight"])
    else:
        lessons = [Lesson(options, name, options.seed + place) for place, name in enumerate(options.counts)]
        learnt = together([learn(lesson) for lesson in lessons])
        if options.keep:
            np.savez(options.keep, **learnt._asdict())
    print(f"{len(learnt.truth)} corrections, {learnt.truth.sum()} of them right", flush=True)
    learning = lightgbm.Dataset(learnt.rows, learnt.truth, weight=learnt.weight)
    found = arrays(lightgbm.train(PARAMETERS, learning, ROUNDS))
    np.savez_compressed(DATA / "forest.npz", **found, **stops(found, learnt.rows[::8]))
    print(f"forest.npz: {(DATA / 'forest.npz').stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
