"""Measure the typo check: recall by kind of error, false alarms on clean text, speed, memory, load time.

    python bench/typos.py [--sets ../shared/typos] [--models FOLDER] [--llm FILE] [--clean N] [--only NAME …]
                          [--flags FILE]

Scored per error by overlap of spans, per clean item by any report. ``confirmed`` counts findings at the first
threshold alone, ``+ suspected`` those at the second as well; ``flags`` are reports per 10,000 characters, and
``findings`` the same where reports of one wording for another in one set count once, as people judge them. The
kept-back parts were neither counted nor trained on nor mined from (tools/typos/corpora.py); of these clean texts every
sentence is an item, and slips that are really there count as false alarms. ``modern …`` are the kept-back parts of
modern official writing, by file; ``modern titles`` are short titles; ``modern, all`` sums up the files but the
titles, ``modern, edited`` those of them that an editor read before they were published, which are all but the answers
to letters; ``--only modern`` reads these alone. ``--flags FILE`` writes every report on clean text, one a line, most
probable first: set, tier, layer, kind, probability, wrong, right, and the wording in its sentence, for people to
read.
With ``--llm`` the suspects get a second opinion, which is slow: ``--clean 2000`` reads so many of the clean items.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "tools/typos"))

import corpora
from clean_text import press_lines, statute_lines
from typo_sets import MODERN, Error, Item, sets

from checks.model import Page, Response
from checks.typos import Typos
from checks.typos.candidate import Suspect
from monitor.inspection.checking import Judging
from monitor.inspection.site_language import wording_for
from monitor.store import Store
from monitor.store.memory.languages import LanguageStore
from monitor.store.memory.verdicts import VerdictStore
from monitor.typo_engine.load import load_engine

TIERS = ("confirmed", "+ suspected")
WARM_UP = 200
"""Paragraphs read before the clock starts."""


class Flag(NamedTuple):
    """A report on clean text."""

    text: str
    suspect: Suspect

    def line(self, name: str, confirmed: float) -> str:
        """Return a line of tab-separated fields for people to read."""
        one, text = self.suspect, self.text
        before, after = text[max(0, one.start - AROUND) : one.start], text[one.end : one.end + AROUND]
        tier = "confirmed" if one.probability >= confirmed else "suspected"
        sentence = f"{before}【{one.wrong}】{after}"
        return "\t".join([name, tier, one.layer, one.kind, f"{one.probability:.3f}", one.wrong, one.right, sentence])


AROUND = 24
"""Characters shown on either side of a reported wording."""


@dataclass
class Score:
    """Counts over a set, for one tier."""

    errors: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    corrected: int = 0
    clean: int = 0
    flagged: int = 0
    reports: int = 0
    beside: int = 0
    characters: int = 0
    wordings: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, item: Item, suspects: Sequence[Suspect]) -> None:
        """Count one item."""
        self.reports += len(suspects)
        self.characters += len(item.text)
        self.wordings.update({(one.wrong, one.right) for one in suspects})
        if not item.errors:
            self.clean += len(item.parts)
            self.flagged += sum(any(first <= each.start < last for each in suspects) for first, last in item.parts)
        self.beside += sum(not any(_meets(suspect, error) for error in item.errors) for suspect in suspects)
        for error in item.errors:
            hits = [suspect for suspect in suspects if _meets(suspect, error)]
            self.errors[error.kind] += 1
            self.found[error.kind] += bool(hits)
            self.corrected += any(error.right in hit.right or hit.right in error.right for hit in hits if hit.right)

    def row(self) -> str:
        """Return recall, precision, share of clean items flagged, reports and findings per 10,000 characters."""
        total, found = self.errors.total(), self.found.total()
        recall = f"{100 * found / total:.1f} % ({found}/{total})" if total else "–"
        right = f"{100 * self.corrected / total:.1f} %" if total else "–"
        precision = f"{100 * (1 - self.beside / self.reports):.1f} %" if self.reports and total else "–"
        flagged = f"{100 * self.flagged / self.clean:.2f} % ({self.flagged}/{self.clean})" if self.clean else "–"
        counts = (self.reports, len(self.wordings)) if self.clean else ()
        each = " | ".join(f"{10_000 * count / self.characters:.2f} ({count})" for count in counts) or "– | –"
        return f"{recall} | {right} | {precision} | {flagged} | {each}"

    def __add__(self, other: Score) -> Score:
        """Return the counts of both."""
        return Score(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def _meets(suspect: Suspect, error: Error) -> bool:
    return suspect.start < max(error.end, error.start + 1) and error.start < max(suspect.end, suspect.start + 1)


def measure(check: Typos, items: Iterable[Item]) -> tuple[dict[str, Score], list[Flag], float]:
    """Return the score of each tier, what was reported on clean text, and characters a second of processor time."""
    engine, items = load_engine(check), list(items)
    scores = {tier: Score() for tier in TIERS}
    flags: list[Flag] = []
    engine.read(warm_up())
    began = time.process_time()
    read = engine.read([item.text for item in items], check.suspected)
    speed = sum(len(item.text) for item in items) / (time.process_time() - began)
    for item, suspects in zip(items, read, strict=True):
        flags += [Flag(item.text, suspect) for suspect in suspects if not item.errors]
        sure = [suspect for suspect in suspects if suspect.probability >= check.confirmed]
        scores["confirmed"].add(item, sure)
        scores["+ suspected"].add(item, suspects)
    return scores, flags, speed


def warm_up() -> list[str]:
    """Return other texts, for the tables to be in memory before the clock starts."""
    return press_lines()[:WARM_UP]


def load_cost(check: Typos) -> str:
    """Load the engine in a fresh process; return seconds and the memory it then holds."""
    code = (
        "import resource, time; began = time.process_time();"
        "from checks.typos import Typos; from monitor.typo_engine.load import load_engine;"
        f"load_engine(Typos(models={check.models!r}, llm={check.llm!r})).suspects('大力优化营商环镜，提高服务水评。');"
        "print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, mib = map(float, done.stdout.split())
    return f"load {seconds:.2f} s, memory of a worker {mib:.0f} MiB"


def remembered(check: Typos, texts: Sequence[str]) -> str:
    """Inspect pages twice the way a crawl does, with one store; return how fast the second time was."""
    lines = list(dict.fromkeys(text for text in texts if len(text) >= FEW))
    pages = ["\n".join(lines[first : first + RUNS]) for first in range(0, len(lines), RUNS)]
    with tempfile.TemporaryDirectory() as folder, Store(f"sqlite:///{folder}/bench.db") as store:
        speeds = [asyncio.run(_inspect(check, store, pages, clock)) for clock in (time.perf_counter, time.process_time)]
    size = sum(map(len, pages))
    return f"the same site again: {size / speeds[1]:,.0f} characters/s, first {size / speeds[0]:,.0f} ({size:,} in all)"


def again(check: Typos, folder: Path) -> str:
    """Return how fast 9,000 paragraphs of statutes and the newspaper, some 700,000 characters, are read again."""
    statutes = statute_lines(folder / "statutes.txt.xz", held_out=True)
    return remembered(check, [*statutes[:7000], *press_lines(held_out=True)[:2000]])


FEW, RUNS = 8, 60
"""Characters from which on a line is taken for the pages, and lines a page."""


async def _inspect(check: Typos, store: Store, pages: Sequence[str], clock: Callable[[], float]) -> float:
    """Return the seconds that judging the pages took, with the language of the site learnt and kept.

    The first time that is the clock's, for workers do it; the second time this process's own.
    """
    judging = Judging((check,), VerdictStore(store.engine), wording_for((check,), LanguageStore(store.engine, "bench")))
    answer = Response(SITE, 200)
    began = clock()
    for text in pages:
        await judging.judge(Page(SITE, answer, "", datetime.now(UTC), text=text))
    took = clock() - began
    judging.save_language()
    judging.close()
    return took


SITE = "https://www.example.gov.cn/"


class Tables:
    """What is printed once all sets are read: the sums over modern writing, recall by kind, the reports to be read."""

    def __init__(self, confirmed: float) -> None:
        self._confirmed = confirmed
        self._sums = {name: {tier: Score() for tier in TIERS} for name in ("modern, edited", "modern, all")}
        self._kinds: list[tuple[str, dict[str, Score]]] = []
        self.flags: list[str] = []

    def add(self, name: str, scores: dict[str, Score], flags: list[Flag]) -> None:
        """Keep what was measured on one set."""
        flags.sort(key=lambda flag: -flag.suspect.probability)
        self.flags += [flag.line(name, self._confirmed) for flag in flags]
        if name.startswith(MODERN) and name != f"{MODERN}{corpora.TITLES}":
            self._add("modern, all", scores)
            if name != f"{MODERN}{corpora.LETTERS}":
                self._add("modern, edited", scores)
        if len(scores["confirmed"].errors) > 1:
            self._kinds.append((name, scores))

    def _add(self, name: str, scores: dict[str, Score]) -> None:
        self._sums[name] = {tier: self._sums[name][tier] + score for tier, score in scores.items()}

    def print(self) -> None:
        """Print the last rows and the recall by kind of error."""
        for name, sums in self._sums.items():
            for tier, score in sums.items() if sums["confirmed"].characters else ():
                print(f"| {name} | {tier} | {score.row()} | – |")
        for name, scores in self._kinds:
            print(f"\n| {name}: kind of error | errors | {' | '.join(TIERS)} |\n|---|---|---|---|")
            for kind, total in scores["confirmed"].errors.most_common():
                found = " | ".join(
                    f"{scores[tier].found[kind]} ({100 * scores[tier].found[kind] / total:.0f} %)" for tier in TIERS
                )
                print(f"| {kind} | {total} | {found} |")


def main() -> None:
    """Print the tables."""
    options = _options()
    check = Typos(models=options.models, llm=options.llm, confirmed=options.confirmed, suspected=options.suspected)
    print(load_cost(check), end="\n\n")
    print("| set | tier | recall | corrected | precision | clean items flagged | flags | findings | characters/s |")
    print("|---|---|---|---|---|---|---|---|---|")
    tables = Tables(check.confirmed)
    for name, items in sets(options.sets, options.clean):
        if name.startswith(tuple(options.only)):
            scores, flags, speed = measure(check, items)
            tables.add(name, scores, flags)
            for tier, score in scores.items():
                print(f"| {name} | {tier} | {score.row()} | {speed:,.0f} |", flush=True)
    tables.print()
    if options.flags:
        options.flags.write_text("\n".join(tables.flags) + "\n", encoding="utf-8")
    if options.only == [""]:
        print(f"\n{again(check, options.sets)}")
    print(f"\npeak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=Path, default=Path("../shared/typos"))
    parser.add_argument("--models", default="", help="folder of the language models")
    parser.add_argument("--llm", default="", help="second opinion: a GGUF file, or `packaged`")
    parser.add_argument(
        "--only", nargs="+", default=[""], help="beginnings of the names of the sets to read; no second run then"
    )
    parser.add_argument("--clean", type=int, default=0, help="statutes and paragraphs of news to read; 0: all")
    parser.add_argument("--flags", type=Path, help="file for the reports on clean text")
    parser.add_argument("--confirmed", type=float, default=Typos().confirmed)
    parser.add_argument("--suspected", type=float, default=Typos().suspected)
    return parser.parse_args()


if __name__ == "__main__":
    main()
