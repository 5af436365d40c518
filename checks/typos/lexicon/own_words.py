"""Read the operator's own dictionary: further pairs, protected names, wordings that are let pass.

# a comment
[pairs]            or [纠错]: wrong, right, and 严重 or severe where it is
市民中新  市民中心  严重
[names]            or [专名]: people, firms, products, written as they want to be
陈珺
[allowed]          or [放行]: wordings that were reported and are right
截止今年底
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from checks.model import WordedError
from checks.typos.lexicon.pair import Pair

SECTIONS = {
    "pairs": "pairs",
    "纠错": "pairs",
    "names": "names",
    "专名": "names",
    "allowed": "allowed",
    "放行": "allowed",
}
SEVERE = frozenset({"严重", "severe"})


class OwnWordsError(WordedError, ValueError):
    """A line of the operator's dictionary that cannot be meant; the reason begins with file and line number."""


class OwnWords(Struct, frozen=True):
    """What the operator added to the packaged dictionary."""

    pairs: tuple[Pair, ...] = ()
    names: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()

    @property
    def protected(self) -> tuple[str, ...]:
        """Wordings that are right as they stand."""
        return self.names + self.allowed


def parse(text: str, source: str = "dictionary") -> OwnWords:
    """Read a dictionary; raises OwnWordsError with ``source``, the line and what is wrong with it."""
    pairs: dict[str, Pair] = {}
    words: dict[str, list[str]] = {"names": [], "allowed": []}
    section = ""
    for number, line in _lines(text):
        where = f"{source}:{number}"
        if line.startswith("["):
            section = _section(line, where)
        elif section == "pairs":
            pair = _pair(line.split(), where)
            if pair.wrong in pairs:
                raise OwnWordsError(f"{where}：{pair.wrong!r} 列了两次", f"{where}: {pair.wrong!r} is listed twice")
            pairs[pair.wrong] = pair
        elif section:
            words[section].append(line)
        else:
            raise OwnWordsError(
                f"{where}：{line!r} 不在任何一节里，请先写 [pairs]、[names] 或 [allowed]",
                f"{where}: {line!r} stands before the first section; start with [pairs], [names] or [allowed]",
            )
    return OwnWords(tuple(pairs.values()), tuple(words["names"]), tuple(words["allowed"]))


def _lines(text: str) -> Iterable[tuple[int, str]]:
    """Yield the lines that say something, numbered from 1, comments cut off."""
    for number, raw in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        line = raw.split("#", 1)[0].strip()
        if line:
            yield number, line


def _section(line: str, where: str) -> str:
    name = line.strip("[] ").lower()
    if name not in SECTIONS or not line.endswith("]"):
        raise OwnWordsError(
            f"{where}：没有 {line!r} 这一节，可以是 [pairs]、[names]、[allowed]",
            f"{where}: unknown section {line!r}; there are [pairs], [names], [allowed]",
        )
    return SECTIONS[name]


def _pair(fields: list[str], where: str) -> Pair:
    if len(fields) not in {2, 3}:
        raise OwnWordsError(
            f"{where}：一行应为错误写法、正确写法，严重的再加“严重”",
            f"{where}: a pair is the wrong wording, the right one, and 严重 if it is severe",
        )
    wrong, right, *flag = fields
    if flag and flag[0] not in SEVERE:
        raise OwnWordsError(f"{where}：{flag[0]!r} 应为“严重”或 severe", f"{where}: {flag[0]!r} is not 严重 or severe")
    if wrong == right:
        raise OwnWordsError(f"{where}：{wrong!r} 的正确写法就是它自己", f"{where}: {wrong!r} is corrected to itself")
    if len(wrong) == 1:
        raise OwnWordsError(
            f"{where}：{wrong!r} 只有一个字，会到处误报",
            f"{where}: {wrong!r} is one character and would be found everywhere",
        )
    return Pair(wrong, right, severe=bool(flag))
