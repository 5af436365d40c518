"""List what is left of usual wordings when a character is lost (高重视) or two change places (主部管门).

    python tools/typos/lost.py --statutes statutes.txt.xz --official FOLDER --names FOLDER --models MODELS
                               --out checks/typos/data

Wordings of four characters that are two words or one, and that clean text has often. What a slip leaves of them is
listed where clean text never has it: three characters with an inner one lost, four with two swapped, and the first
three before a punctuation mark. Of a character that is often a word of its own more is asked, for it may belong to the
words around. Writes ``lost.tsv.xz`` in the form of ``mined.tsv.xz``. MODELS is the folder of ``sitehealth models
install``: words that an input method offers are no slips.

Of longer wordings and of the names of organisations (NAMES) too, an inner character lost or two swapped is listed
(国家统局), where no clean text has it, that of OFFICIAL included, and its words are much harder to cut than the right
ones.
"""

from __future__ import annotations

import argparse
import csv
import lzma
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from clean_text import press_lines, statute_lines
from corpora import Part, modern_parts, modern_uncapped
from corpora import vocabulary as typed_words

sys.path.insert(0, str(Path(__file__).parents[2]))
from checks.typos.lexicon.boundaries import packaged_words
from checks.typos.lexicon.character_runs import PLACES, Index, codes_of
from checks.typos.lexicon.near_misses import Source, packaged_wordings
from checks.typos.lexicon.pair import Tier
from checks.typos.segmentation import vocabulary

LEAST, OFTEN, ALWAYS = 20, 60, 100
"""How often clean text must have a wording: at all, where what is left begins or ends with a character that may be a
word, and where the lost character may be one."""

PRESS = 3
"""How many times a line of the newspaper and of modern official writing counts: there is a tenth as much of either, and
pages are written more like them."""

MARKS = "，。；、"
AFTER = MARKS + "的"
"""What ends a wording, so that a lost last character shows."""

RUN = re.compile(f"[\u4e00-\u9fff{MARKS}]+")

JOINING = frozenset(
    "或应可不有其从以按为了自将被所在对与和及到再各只仅需并是的使做代提涉由向于至但且未已曾也都则如若因经过让把请须要能会想新旧老大小多少高低"
    "一二三四五六七八九十两几每本该此这那某全总副第前后上下中内外左右东西南北时处间里关者员机面化国性型度率法视护品物力量额期费书证家民人队组"
    "市省县区乡镇村街路江河湖海山站台点线车船电网场厂店馆院校所局部科室办委会党团军进出名"
)
"""Characters that go with many words, before or behind: beside a word they prove nothing."""


LONG, WORD = range(5, 8), range(4, 8)
"""Characters of the longer wordings, and of words that are looked at in the same way."""

KNOWN = 14.0
"""Cost in nats up to which such a word is one that everybody knows."""

OFFICE = re.compile("总理|主席|部长|外长|总统|首相|委员长|大使|国务卿|秘书长|先生|女士|同志|国王")
"""What names of persons stand beside: 李强总理 is no slip for 李克强总理, and the next holder has another name."""

BROKEN = 8.0
"""Nats by which what is left of a longer wording must be harder to cut into words than the wording."""


class Slip(NamedTuple):
    """What is left of a wording, what it was, and how sure that is."""

    wrong: str
    right: str
    kind: str
    tier: Tier


@dataclass(frozen=True)
class CleanText:
    """What clean text has: runs of two to four characters, and the wordings with their counts."""

    triples: Counter[str]
    pairs: frozenset[str]
    runs: frozenset[str]
    wordings: Counter[str]

    @classmethod
    def of(cls, sources: Iterable[tuple[int, Iterable[str]]]) -> CleanText:
        """Count the lines of each source with its weight."""
        known = packaged_words().known
        triples: Counter[str] = Counter()
        wordings: Counter[str] = Counter()
        runs: set[str] = set()
        for weight, lines in sources:
            for run in (run for line in lines for run in RUN.findall(line)):
                triples.update(map("".join, zip(run, run[1:], run[2:], strict=False)))
                for four in map("".join, zip(run, run[1:], run[2:], run[3:], strict=False)):
                    runs.add(four)
                    if (four[:2] in known and four[2:] in known) or four in known:
                        wordings[four] += weight
        return cls(triples, frozenset(triple[:2] for triple in triples), frozenset(runs), wordings)


def slips(text: CleanText, words: frozenset[str]) -> Iterator[Slip]:
    """Yield the slips of every usual wording; ``words`` are no slips."""
    for right, count in text.wordings.items():
        if count >= LEAST:
            found = [*_lost(right, count, text), *_cut(right, count, text, words), *_swapped(right, text, words)]
            yield from (slip for slip in found if slip.wrong not in words)


def _lost(right: str, count: int, text: CleanText) -> Iterator[Slip]:
    """Yield what is left without the second or the third character.

    It is a hint only where nothing but the meeting of two characters that never meet says so.
    """
    bound = frozenset(Path(__file__).with_name("bound.txt").read_text("utf-8").strip())
    one, two, three, four = tuple(right)
    left = ((one + three + four, one, two, one + three), (one + two + four, four, three, two + four))
    for wrong, kept, lost, meeting in left if two != three else ():
        alone = kept in bound or (kept not in JOINING and count >= OFTEN)
        if text.triples[wrong]:
            continue
        if alone and (lost in bound or count >= ALWAYS):
            yield Slip(wrong, right, "missing", Tier.SUSPECTED)
        elif meeting not in text.pairs:
            yield Slip(wrong, right, "missing", Tier.HINT)


def _cut(right: str, count: int, text: CleanText, words: frozenset[str]) -> Iterator[Slip]:
    """Yield the first three characters before what never follows the third, where these are no words."""
    if count >= OFTEN and right[2] not in JOINING and right[:3] not in words and right[1:3] not in words:
        for mark in AFTER:
            if not text.triples[right[1:3] + mark]:
                yield Slip(right[:3] + mark, right + mark, "missing", Tier.SUSPECTED)


def _swapped(right: str, text: CleanText, words: frozenset[str]) -> Iterator[Slip]:
    """Yield the wording with two neighbours swapped, unless that makes two words of it again."""
    for at in range(3):
        wrong = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
        new = not text.triples[wrong[:3]] and not text.triples[wrong[1:]] and wrong not in text.runs
        if wrong != right and new and not (wrong[:2] in words and wrong[2:] in words):
            yield Slip(wrong, right, "transposed", Tier.CONFIRMED)


def long_wordings(names: Path) -> set[str]:
    """Return the names of organisations, the usual wordings of five characters and more, and words of four and more."""
    with (names / "organisations.tsv").open(encoding="utf-8") as file:
        listed = {row["name"] for row in csv.DictReader(file, delimiter="\t")}
    usual = {
        word for word, each in packaged_wordings().known.items() if each.source in {Source.FREQUENT, Source.REVIEWED}
    }
    kept, known = {word for word in listed | usual if len(word) in LONG and RUN.fullmatch(word)}, vocabulary()
    costs = zip(known.words.tolist(), (known.steps / 10).tolist(), strict=True)
    return kept | {word for word, cost in costs if len(word) in WORD and cost <= KNOWN and RUN.fullmatch(word)}


def slips_of_long(wordings: set[str], lines: list[str], words: frozenset[str]) -> Iterator[Slip]:
    """Yield the slips of longer wordings that no line has, that are no words, and that only one wording explains."""
    meant: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for right in wordings:
        for at in range(1, len(right) - 1):
            meant[right[:at] + right[at + 1 :]].add((right, "missing"))
            meant[right[:at] + right[at + 1] + right[at] + right[at + 2 :]].add((right, "transposed"))
    index = Index.of(wrong := sorted(each for each in meant if len(each) <= len(PLACES)))
    written = {wrong[place] for line in lines for _, _, place in index.places(codes_of(line))}
    for each in wrong:
        if each not in words and each not in wordings and each not in written and len(meant[each]) == 1:
            ((right, kind),) = meant[each]
            if vocabulary().cut(each).cost - vocabulary().cut(right).cost >= BROKEN:
                yield Slip(each, right, kind, Tier.CONFIRMED if len(right) in LONG else Tier.SUSPECTED)


def table(found: Iterable[Slip]) -> str:
    """Return the rows of the list: tier, kind, right, the wrong wordings."""
    rows: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for slip in found:
        rows[slip.tier, slip.kind, slip.right].append(slip.wrong)
    lines = ("\t".join((*key, " ".join(sorted(wrongs)))) for key, wrongs in sorted(rows.items()))
    return "\n".join(["tier\tkind\tright\twrong", *lines, ""])


def _learnt(parts: dict[Part, dict[str, list[str]]]) -> Iterator[list[str]]:
    """Yield the lines of each file that are not held out."""
    yield from (lines for part in (Part.COUNTED, Part.TRAINED) for lines in parts[part].values())


def main() -> None:
    """Write the list."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("statutes", "official", "names", "models", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    modern = list(_learnt(modern_uncapped(options.official)))
    text = CleanText.of(
        [
            (1, statute_lines(options.statutes)),
            (PRESS, press_lines()),
            *((PRESS, lines) for lines in _learnt(modern_parts(options.official))),
            *((0, lines) for lines in modern),  # what a file has beyond its share is clean, and counts for nothing
        ]
    )
    known = packaged_words().known | typed_words(options.models).keys()
    lines = ["\n".join(block) for block in (statute_lines(options.statutes), press_lines(), *modern)]
    found = {slip.wrong: slip for slip in slips_of_long(long_wordings(options.names), lines, known)}
    found |= {slip.wrong: slip for slip in slips(text, known)}
    found = {wrong: slip for wrong, slip in found.items() if not OFFICE.search(slip.right)}
    print(Counter((slip.tier, slip.kind) for slip in found.values()))
    packed = lzma.compress(table(found.values()).encode(), preset=9 | lzma.PRESET_EXTREME)
    (options.out / "lost.tsv.xz").write_bytes(packed)


if __name__ == "__main__":
    main()
