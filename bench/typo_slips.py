"""Plant slips into held-out official text and measure what the typo check makes of them, by kind of slip.

    python bench/typo_slips.py [--sets ../shared/typos] [--models FOLDER] [--each N] [--seed N] [--flags FILE]

Every paragraph gets one slip of a kind, the same for the same seed: a word or a character that sounds the same or
nearly, one that looks alike, a character missing from a word, one too many in it, two that changed places, a
character or a word typed twice. What is written elsewhere in the official text is no slip and is not planted. The
candidates come from pypinyin's readings (MIT) and pycorrector's list of similar strokes (Apache-2.0), weighed by how
common they are, and not from the tables that the check itself proposes corrections from.

``recall`` counts slips that a report touches, ``corrected`` those whose report undoes them; ``precision`` is the share
of reports that touch a slip. It falls with the length of the text a slip, which is printed: reports on what was there
before count as false, slips of the original included. ``--flags`` writes the false ones for people to read.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import cycle, pairwise
from pathlib import Path
from typing import NamedTuple

from pypinyin import lazy_pinyin

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "tools/typos"))

import corpora

from checks.model import Block, Confidence, Finding
from checks.typos import Typos
from checks.typos.lexicon.boundaries import is_han
from checks.typos.segmentation import vocabulary
from monitor.typo_engine.load import with_engine

SHORTEST, LONGEST = 30, 400
"""Characters of the paragraphs that slips are planted into."""

COMMON = 13.0
"""Highest cost in nats of what is put in place of something: hands and input methods offer words that are known."""

STRAY = "的了是在和有就不对与上一于中等将及并"
"""What slips in between."""

NEARLY = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"), ("n", "l"), ("h", "f"))
"""Sounds that are taken for each other; the last two at the beginning of a syllable only."""

TRIES = 40


Change = tuple[int, int, str]
"""Where to cut a text, and what to put there."""


class Slip(NamedTuple):
    """A spoilt text, where the slip is in it, and what stood there."""

    text: str
    start: int
    end: int
    right: str
    kind: str


class Planter:
    """A hand that slips, the same way for the same seed."""

    def __init__(self, written: str, seed: int) -> None:
        """Learn what sounds and looks alike; what stands in ``written`` is no slip."""
        self._written = written
        self._random = random.Random(seed)
        self._cost: dict[str, float] = {}
        self._sounding: dict[tuple[str, ...], list[str]] = defaultdict(list)
        known = vocabulary()
        for word, steps in zip(known.words.tolist(), (known.steps / 10).tolist(), strict=True):
            if steps <= COMMON and len(word) <= len("营商环境"):
                self._cost[word] = steps
                self._sounding[_sound(word)].append(word)
        self._looking = _strokes()
        self.kinds: dict[str, Callable[[str, int, int], Change | None]] = {
            "homophone word": self._word,
            "homophone character": lambda text, start, end: self._character(text, start, end, _sound),
            "near sound": lambda text, start, end: self._character(text, start, end, _near_sound),
            "shape": self._shape,
            "missing": self._missing,
            "extra": self._extra,
            "transposed": self._transposed,
            "doubled character": self._doubled,
            "doubled word": lambda text, start, end: (start, end, text[start:end] * 2),
        }
        self._near: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for sound, words in self._sounding.items():
            self._near[_nearly(sound)] += [word for word in words if len(word) == 1]

    def plant(self, text: str, kind: str) -> Slip | None:
        """Return the text with one slip of a kind; None where none could be made."""
        borders = vocabulary().cut(text).borders
        words = [
            (start, end) for start, end in pairwise(borders) if end - start > 1 and all(map(is_han, text[start:end]))
        ]
        for _ in range(TRIES if words else 0):
            change = self.kinds[kind](text, *self._random.choice(words))
            if change and change[2] != text[change[0] : change[1]]:
                start, end, wrong = change
                spoilt = text[:start] + wrong + text[end:]
                if spoilt[max(0, start - 2) : start + len(wrong) + 2] not in self._written:
                    return Slip(spoilt, start, start + len(wrong), text[start:end], kind)
        return None

    def _place(self, start: int, end: int) -> int:
        return self._random.randrange(start, end)

    def _missing(self, text: str, start: int, end: int) -> Change:  # noqa: ARG002 - the signature of a kind
        at = self._place(start, end)
        return at, at + 1, ""

    def _extra(self, text: str, start: int, end: int) -> Change:
        at = self._place(start + 1, end)
        return at, at, self._random.choice([char for char in STRAY if char not in text[at - 1 : at + 1]])

    def _doubled(self, text: str, start: int, end: int) -> Change:
        at = self._place(start, end)
        return at, at + 1, text[at] * 2

    def _transposed(self, text: str, start: int, end: int) -> Change:
        at = self._random.randrange(start, end - 1)
        return at, at + 2, text[at + 1] + text[at]

    def _word(self, text: str, start: int, end: int) -> Change | None:
        word = text[start:end]
        return self._chosen(start, end, [one for one in self._sounding[_sound(word)] if len(one) == len(word)], word)

    def _character(self, text: str, start: int, end: int, sound: Callable[[str], tuple[str, ...]]) -> Change | None:
        at = self._place(start, end)
        same = self._sounding[_sound(text[at])]
        others = same if sound is _sound else [one for one in self._near[_near_sound(text[at])] if one not in same]
        return self._chosen(at, at + 1, others, text[at])

    def _shape(self, text: str, start: int, end: int) -> Change | None:
        at = self._place(start, end)
        return self._chosen(at, at + 1, [one for one in self._looking[text[at]] if one in self._cost], text[at])

    def _chosen(self, start: int, end: int, others: Sequence[str], right: str) -> Change | None:
        """Return the change to one of the others, the commoner the likelier."""
        options = [other for other in others if other != right]
        if not options:
            return None
        weights = [2.0 ** -self._cost[other] for other in options]
        return start, end, self._random.choices(options, weights)[0]


def _sound(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word))


def _near_sound(word: str) -> tuple[str, ...]:
    return _nearly(_sound(word))


def _nearly(sound: tuple[str, ...]) -> tuple[str, ...]:
    """Return a sound with those that are taken for each other made one."""
    return tuple(map(_syllable, sound))


def _syllable(syllable: str) -> str:
    for one, other in NEARLY:
        if len(one) == 1:
            syllable = other + syllable[1:] if syllable.startswith(one) else syllable
        else:
            syllable = syllable.replace(one, other)
    return syllable


def _strokes() -> dict[str, set[str]]:
    """Return which characters look like which: each line of the list is a character and those like it."""
    spec = find_spec("pycorrector")
    looking: dict[str, set[str]] = defaultdict(set)
    for line in (Path(str(spec and spec.origin)).parent / "data/same_stroke.txt").read_text("utf-8").splitlines():
        first, *others = line.split()
        for other in others:
            looking[first].add(other)
            looking[other].add(first)
    return looking


@dataclass
class Tally:
    """What became of the slips of one kind."""

    planted: int = 0
    confirmed: int = 0
    found: int = 0
    corrected: int = 0
    reports: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)

    def add(self, slip: Slip, findings: Iterable[Finding]) -> list[Finding]:
        """Count one slip; return the findings beside it."""
        met: list[Finding] = []
        beside: list[Finding] = []
        for finding in findings:
            (met if _meets(finding, slip) else beside).append(finding)
            self.reports[finding.confidence] += 1
        self.planted += 1
        self.found += bool(met)
        self.confirmed += any(one.confidence == Confidence.CONFIRMED for one in met)
        self.corrected += any(_undoes(one, slip) for one in met)
        self.false.update(one.confidence for one in beside)
        return beside

    def row(self) -> str:
        """Return the shares as columns of a table."""
        shares = (self.confirmed, self.found, self.corrected)
        return " | ".join([str(self.planted), *(f"{100 * share / max(1, self.planted):.0f} %" for share in shares)])

    def __add__(self, other: Tally) -> Tally:
        """Return the counts of both."""
        mine, theirs = vars(self), vars(other)
        return Tally(**{name: mine[name] + theirs[name] for name in mine})


def _span(finding: Finding) -> tuple[int, int]:
    start = finding.text.start if finding.text else 0
    return start, start + len(str(finding.params["wrong"]))


def _meets(finding: Finding, slip: Slip) -> bool:
    """Return whether a finding touches the slip; of what is missing, the characters beside the gap."""
    start, end = _span(finding)
    around = 1 if slip.start == slip.end else 0
    return start < slip.end + around and slip.start - around < end


def _undoes(finding: Finding, slip: Slip) -> bool:
    """Return whether the suggestion gives back what stood there."""
    start, end = _span(finding)
    original = slip.text[: slip.start] + slip.right + slip.text[slip.end :]
    return slip.text[:start] + finding.suggestion + slip.text[end:] == original


def planted(folder: Path, each: int, seed: int) -> Iterator[Slip]:
    """Yield ``each`` slips of every kind, in paragraphs of all held-out files in turn."""
    everything = corpora.modern_uncapped(folder)
    written = "\n".join(line for files in everything.values() for lines in files.values() for line in lines)
    planter, pick = Planter(written, seed), random.Random(seed)
    files = [
        [line for line in lines if SHORTEST <= len(line) <= LONGEST]
        for name, lines in corpora.modern_parts(folder)[corpora.Part.HELD].items()
        if name != corpora.TITLES
    ]
    for lines in files:
        pick.shuffle(lines)
    paragraphs = (lines.pop() for lines in cycle(files) if lines)
    wanted = [kind for kind in planter.kinds for _ in range(each)]
    pick.shuffle(wanted)
    for kind in wanted:
        slip = next((slip for slip in (planter.plant(text, kind) for text in paragraphs) if slip), None)
        if slip is None:
            return
        yield slip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=Path, default=Path("../shared/typos"))
    parser.add_argument("--models", default="", help="folder of the language models")
    parser.add_argument("--each", type=int, default=150, help="slips of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--flags", type=Path, help="file for the reports beside the slips")
    options = parser.parse_args()
    slips = list(planted(options.sets / "official", options.each, options.seed))
    findings = with_engine(Typos(models=options.models)).inspect_all([Block(slip.text) for slip in slips])
    tallies: dict[str, Tally] = defaultdict(Tally)
    beside = []
    for slip, found in zip(slips, findings, strict=True):
        beside += [(slip, one) for one in tallies[slip.kind].add(slip, found)]
    print("| kind | planted | confirmed | + suspected | corrected |\n|---|---|---|---|---|")
    for kind, tally in sorted(tallies.items()):
        print(f"| {kind} | {tally.row()} |")
    total = sum(tallies.values(), Tally())
    print(f"| all | {total.row()} |\n")
    length = sum(len(slip.text) for slip in slips) / len(slips)
    for tier in (Confidence.CONFIRMED, Confidence.SUSPECTED):
        share = 1 - total.false[tier] / max(1, total.reports[tier])
        print(
            f"{tier}: {total.reports[tier]} reports, precision {100 * share:.1f} % at a slip in {length:.0f} characters"
        )
    if options.flags:
        options.flags.write_text("".join(_line(*each) for each in beside), "utf-8")


def _line(slip: Slip, finding: Finding) -> str:
    start, end = _span(finding)
    before, after = slip.text[max(0, start - 20) : start], slip.text[end : end + 20]
    wrong = finding.params["wrong"]
    return (
        f"{finding.confidence}\t{finding.params['layer']}\t{wrong}\t{finding.suggestion}\t{before}【{wrong}】{after}\n"
    )


if __name__ == "__main__":
    main()
