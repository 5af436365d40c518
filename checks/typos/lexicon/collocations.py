"""Find words that are right elsewhere and wrong beside what stands here: 台风登录, 侥幸心里, 保全公正.

Both words are common, so neither a list of wrong forms nor the language model tells them apart; their company does.
``data/collocations.tsv`` says of each wrong word what must stand before it or behind it, within a line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from msgspec import Struct

from checks.late_pattern import late
from checks.packaged import packaged_text

REACH = 24
"""Characters on either side that are looked at: a clause."""


class Collocation(Struct, frozen=True):
    """One word put for another, and the company that shows it.

    ``before`` must match up to the word's beginning, ``after`` from its end on.
    """

    wrong: str
    right: str
    before: re.Pattern[str]
    after: re.Pattern[str]

    @classmethod
    def of(cls, line: str) -> Collocation:
        """Read a line: wrong, right, before, after, separated by tabs; raises ValueError for another."""
        wrong, right, before, after = line.split("\t")
        return cls(wrong, right, late(f"(?:{before})$"), late(after))

    def fits(self, before: str, after: str) -> bool:
        """Return whether the words around call for the right word."""
        return bool(self.before.search(before) and self.after.match(after))


def hits(text: str, collocations: Mapping[str, Sequence[Collocation]]) -> Iterator[tuple[int, Collocation]]:
    """Yield where a word stands in company that calls for another, and which."""
    for wrong, listed in collocations.items():
        at = text.find(wrong)
        while at >= 0:
            before = text[max(0, at - REACH) : at].rpartition("\n")[2]
            after = text[at + len(wrong) : at + len(wrong) + REACH].partition("\n")[0]
            yield from ((at, each) for each in listed if each.fits(before, after))
            at = text.find(wrong, at + 1)


@cache
def packaged_collocations() -> Mapping[str, Sequence[Collocation]]:
    """Read ``data/collocations.tsv`` by the wrong word."""
    by_wrong: dict[str, list[Collocation]] = defaultdict(list)
    for line in packaged_text("checks.typos", "data/collocations.tsv").splitlines()[1:]:
        collocation = Collocation.of(line)
        by_wrong[collocation.wrong].append(collocation)
    return by_wrong
