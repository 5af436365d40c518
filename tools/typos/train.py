"""Train the trees that weigh what is known of a correction (checks/typos/lm/forest.py).

    python tools/typos/train.py --statutes statutes.txt.xz --ecspell ecspell/ --models MODELS

The trees must tell a slip from a wording that is merely rare, and a check may raise one false alarm in a thousand
paragraphs: that takes hundreds of thousands of clean sentences. So the blocks that the counts come from (see
``corpora.py``) are trained on as well, a fold at a time, each with counts that leave it out; then the training blocks
and seven tenths of ECSpell's training sentences, with all counts. Sentences are taken as they are and with one or two
slips (see ``slips.py``); every correction that the language model would consider is described, and the trees learn
which of them undo a slip. A correction that touches a slip without undoing it teaches nothing and is left out. Of
those that a first, small forest finds hopeless, one in ten is kept, and weighs as much as ten.

Writes ``checks/typos/data/forest.npz``. No sentence of dev.jsonl is used. Needs ``requirements.txt`` and the models of
``sitehealth models install``; about 40 minutes on two cores, 6 GB of memory.
"""

from __future__ import annotations

import argparse
import math
import random
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import accumulate, islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import lightgbm
import numpy as np
from corpora import FOLDS, LAW_TURNS, NEWS_TURNS, law_turns, news_turns, sentences, vocabulary, without_fold
from official import affinity, counted, pair_counts, running_words, word_counts
from slips import Hand, Slipped

from checks.typos.lm import table
from checks.typos.lm.forest import Forest
from checks.typos.lm.lattice import WordModel
from checks.typos.lm.reader import RAREST_OFFICIAL, Change, Reader
from checks.typos.lm.scorer import Model, Scorer
from checks.typos.lm.words import Affinity

DATA = Path(__file__).parents[2] / "checks" / "typos" / "data"
LAW_SHARE = 0.5
"""Of the statutes' sentences, how many are read at all: they are ten times as many as the newspaper's."""

SPOILT_LAW, SPOILT_NEWS, SPOILT_ECSPELL = 0.5, 2, 5
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
    "num_threads": 2,
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
    """A fold, or with None what is for training only: clean text to spoil and a reader that has not counted it."""

    options: argparse.Namespace
    fold: int | None

    def texts(self) -> Iterator[tuple[str, float]]:
        """Yield sentences and how often to spoil each; none stands in the counts word for word."""
        pick = random.Random(self.options.seed)
        for turns, parts, share, spoilt in (
            (law_turns(self.options.statutes), LAW_TURNS, LAW_SHARE, SPOILT_LAW),
            (news_turns(), NEWS_TURNS, 1.0, SPOILT_NEWS),
        ):
            counted_in, lines = without_fold(turns, parts, self.fold)
            known = set(sentences(counted_in))
            for sentence in dict.fromkeys(sentences(lines)):
                if SHORTEST <= len(sentence) <= LONGEST and sentence not in known and pick.random() < share:
                    yield sentence, spoilt

    def examples(self) -> list[Example]:
        """Return clean and spoilt sentences in random order."""
        seed = self.options.seed + (FOLDS if self.fold is None else self.fold)
        pick = random.Random(seed)
        hand = Hand(vocabulary(self.options.models), DATA / "confusions.npz", seed)
        sources, made = list(self.texts()), []
        if self.fold is None:
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
        """Return a reader whose counts of official writing leave the fold out."""
        reader = Reader.load(self.options.models)
        if self.fold is None:
            return reader
        law, _ = without_fold(law_turns(self.options.statutes), LAW_TURNS, self.fold)
        news, _ = without_fold(news_turns(), NEWS_TURNS, self.fold)
        texts, words = [*law, *news, *news], vocabulary(self.options.models)
        keys, counts = counted(law, news)
        running = running_words(texts, words)
        describer = reader.describer
        share = 1 - 1 / FOLDS
        model = Model(_table(keys, np.log(counts)), describer.scorer.official.total + float(np.log(share)))
        scorer = Scorer(describer.scorer.general, model)
        official = WordModel(
            _table(*word_counts(*running)),
            _table(*pair_counts(*running)),
            describer.word_models[1].certain + float(np.log(share)),
            RAREST_OFFICIAL,
        )
        described = replace(
            describer,
            scorer=scorer,
            affinity=Affinity.of(affinity(texts, words)),
            word_models=(describer.word_models[0], official),
        )
        return Reader(replace(reader.proposer, scorer=scorer), described)


def _table(hashes: np.ndarray, logs: np.ndarray) -> table.CountTable:
    return table.CountTable(table.slots(*table.shortened(hashes, logs)))


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
    pick = np.random.default_rng(lesson.options.seed)
    kept = ~hopeless | (pick.random(len(hopeless)) < 1 / ONE_IN)
    weight = np.where(hopeless, np.float32(ONE_IN), np.float32(1))
    print(f"fold {lesson.fold}: {len(examples)} examples, {len(kept)} corrections, {kept.sum()} kept", flush=True)
    return Described(everything.rows[kept], everything.truth[kept], weight[kept])


def arrays(trained: lightgbm.Booster) -> dict[str, np.ndarray]:
    """Return the trees as padded arrays (checks/typos/lm/forest.py); a leaf is its own child."""
    trees = [list(_nodes(tree["tree_structure"])) for tree in trained.dump_model()["tree_info"]]
    shape = (len(trees), max(map(len, trees)))
    out = {name: np.zeros(shape, np.float32 if name in {"threshold", "value"} else np.int16) for name in TREES}
    depth = 0
    for number, nodes in enumerate(trees):
        for place, node in enumerate(nodes):
            depth = max(depth, node.depth)
            for name in TREES:
                out[name][number, place] = getattr(node, name)
    return out | {"depth": np.array(depth)}


class Node(NamedTuple):
    """A node of a tree, with the places of its children among the nodes."""

    feature: int
    threshold: float
    left: int
    right: int
    value: float
    depth: int


def _nodes(tree: dict[str, Any]) -> Iterator[Node]:
    """Yield the nodes of a tree, level by level."""
    level, place, depth = [tree], 0, 0
    while level:
        below: list[dict[str, Any]] = []
        child = place + len(level)
        for here, node in enumerate(level, start=place):
            if "leaf_value" in node:
                yield Node(0, math.inf, here, here, node["leaf_value"], depth)
            else:
                left = child + len(below)
                yield Node(node["split_feature"], _single(node["threshold"]), left, left + 1, 0.0, depth)
                below += [node["left_child"], node["right_child"]]
        level, place, depth = below, child, depth + 1


def _single(threshold: float) -> float:
    """Return the largest single-precision number that is not above a threshold: it parts such numbers as that does."""
    nearest = np.float32(threshold)
    return float(nearest if nearest <= threshold else np.nextafter(nearest, np.float32(-np.inf)))


def stops(arrays: dict[str, np.ndarray], rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return after how many trees to give up which rows, so that hardly one worth telling is given up."""
    forest = Forest(**{name: arrays[name] for name in TREES}, depth=int(arrays["depth"]))
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
    parser.add_argument("--ecspell", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a file for the described corrections, to train again from")
    options = parser.parse_args()
    if options.keep and options.keep.exists():
        with np.load(options.keep) as kept:
            learnt = Described(kept["rows"], kept["truth"], kept["weight"])
    else:
        lessons = [Lesson(options, fold) for fold in (None, *range(FOLDS))]
        with ProcessPoolExecutor(2) as pool:
            learnt = together(list(pool.map(learn, lessons)))
        if options.keep:
            np.savez(options.keep, **learnt._asdict())
    print(f"{len(learnt.truth)} corrections, {learnt.truth.sum()} of them right", flush=True)
    learning = lightgbm.Dataset(learnt.rows, learnt.truth, weight=learnt.weight)
    found = arrays(lightgbm.train(PARAMETERS, learning, ROUNDS))
    np.savez_compressed(DATA / "forest.npz", **found, **stops(found, learnt.rows[::8]))
    print(f"forest.npz: {(DATA / 'forest.npz').stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
