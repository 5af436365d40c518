"""Find the parts of a script that run only for some readers: those that a search engine sent, and its robots.

No program is run. Names carry what they were made from (``var r = document.referrer``), conditions carry what their
names carry, and a condition governs its branch and the functions that are called in it. Statistics code reads the
referrer and governs nothing by it; an injection opens its site in such a branch.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from checks.late_pattern import late
from checks.security.javascript.tokens import Token

REFERRER, ENGINE, AGENT, SPIDER = "referrer", "engine", "agent", "spider"
"""What a part of a script may speak of: the page its reader comes from, search engines, the browser, robots."""

LONGEST_LOOK = 20_000
"""Tokens of a script in which branches are looked for: injections are short, libraries are long."""

LONGEST_RUN = 400
"""Tokens of one expression that are looked at."""

STEPS = 500_000
"""Tokens that are looked at in one script, those that are looked at again included; what comes later is not known."""

PASSES = 3
"""How often what names carry is handed on: from an argument to a parameter to a variable to a condition."""

ENGINES = late(
    r"baidu|sogou|haosou|\bso\.com|360\.cn|google|bing|yahoo|\bsm\.cn|shenma|\bsoso\b|toutiao|youdao|chinaso|yisou|yandex",
    re.IGNORECASE,
)
SPIDERS = late(r"spider|googlebot|bingbot|\bbots?\b|crawler|slurp|" + ENGINES.pattern, re.IGNORECASE)
APPS = late(
    r"baiduboxapp|baidubrowser|bidubrowser|sogoumobilebrowser|sogousearch|googlechrome|360browser|toutiaomicroapp",
    re.IGNORECASE,
)
"""Browsers and apps of search companies; asking for them is no sign of cloaking."""

_OPENING, _CLOSING = {"(": ")", "[": "]", "{": "}"}, frozenset(")]}")
_STATEMENTS = frozenset("if var let const for while switch return else try throw do break continue".split())
_NOTHING: frozenset[str] = frozenset()

Kinds = frozenset[str]


class Branch(NamedTuple):
    """A run of tokens, from ``start`` up to before ``end``, and what the condition that governs it speaks of."""

    start: int
    end: int
    kinds: Kinds


class _Function(NamedTuple):
    """A function: its name ("" for none), its parameters, the place of its first word and of its body's brackets."""

    name: str
    parameters: tuple[str, ...]
    head: int
    start: int
    end: int


def branches(tokens: list[Token], members: Mapping[int, str] | None = None) -> list[Branch]:
    """Return the branches that depend on where a reader comes from or what browser asks.

    ``members`` gives, by the place of its first token, the full name of a member that brackets spell.
    """
    if len(tokens) > LONGEST_LOOK:
        return []
    return _Flow(tokens, members or {}).branches()


def kinds_at(found: Iterable[Branch], place: int) -> Kinds:
    """Return what the conditions that govern a place speak of."""
    return _NOTHING.union(*(branch.kinds for branch in found if branch.start <= place < branch.end))


class _Flow:
    """Follow what the names of one script carry, and which branches depend on it."""

    def __init__(self, tokens: list[Token], members: Mapping[int, str]) -> None:
        self.tokens = tokens
        self.words = [members.get(place, token.text) for place, token in enumerate(tokens)]
        self.ends = _matching(tokens)
        self.carried: dict[str, Kinds] = defaultdict(lambda: _NOTHING)
        self.own = [_spoken_of(token, word) for token, word in zip(tokens, self.words, strict=True)]
        self.functions = list(self._functions())
        self.steps = STEPS

    def branches(self) -> list[Branch]:
        for _ in range(PASSES):
            self._assignments()
            self._parameters()
            self._results()
        found = [branch for branch in self._conditions() if branch.kinds & {REFERRER, AGENT}]
        return found + list(self._called(found))

    def _kinds(self, start: int, end: int) -> Kinds:
        """Return what a run of tokens speaks of, by itself and by the names in it."""
        found: set[str] = set()
        end = min(end, start + LONGEST_RUN, len(self.tokens))
        self.steps -= max(end - start, 0)
        for place in range(start, end) if self.steps > 0 else ():
            found |= self.own[place]
            if self.tokens[place].kind == "name":
                found |= self._carried_by(self.words[place])
        return frozenset(found)

    def _carried_by(self, name: str) -> Kinds:
        """Return what a dotted name carries: ``from.indexOf`` what ``from`` does."""
        while name and name not in self.carried:
            name = name.rpartition(".")[0]
        return self.carried[name] if name else _NOTHING

    def _assignments(self) -> None:
        """Hand what stands to the right of ``=``, ``+=``, ``of`` and ``in`` on to the name on the left."""
        for place, (token, after) in enumerate(pairwise(self.tokens)):
            if token.kind != "name":
                continue
            start = self._value_of(place, after)
            if start and self._text(start) not in {"function", "{"}:  # what is made of functions carries nothing itself
                self.carried[self.words[place]] |= self._kinds(start, self._expression_end(start))

    def _value_of(self, place: int, after: Token) -> int:
        """Return where the value of an assignment starts, 0 where a name is not assigned to."""
        if after.text == "=" and self._text(place + 2) not in {"=", ">"}:
            return place + 2
        if after.text == "+" and self._text(place + 2) == "=":
            return place + 3
        return place + 2 if after.text in {"of", "in"} else 0

    def _parameters(self) -> None:
        """Hand arguments on to the parameters of the functions that are called with them."""
        calls: dict[str, list[int]] = defaultdict(list)
        for place, token in enumerate(self.tokens):
            if token.kind == "name" and self._text(place + 1) == "(":
                calls[self.words[place]].append(place + 1)
        for function in self.functions:
            for opening in (*calls.get(function.name, ()), *self._called_at_once(function)):
                for name, (start, end) in zip(function.parameters, self._arguments(opening), strict=False):
                    self.carried[name] |= self._kinds(start, end)
            for name in function.parameters:
                self.carried[name] |= self._walked_over(function)

    def _called_at_once(self, function: _Function) -> Iterator[int]:
        """Yield the bracket of the arguments in ``(function (r) {…})(document.referrer)``."""
        after = function.end + 1
        after += self._text(after) == ")"
        if not function.name and self._text(after) == "(":
            yield after

    def _walked_over(self, function: _Function) -> Kinds:
        """Return what a list carries whose elements a callback is given: ``engines.some(function (name) {…})``."""
        before = function.head
        called = before >= 2 and self.words[before - 1] == "(" and self.tokens[before - 2].kind == "name"
        return self._carried_by(self.words[before - 2]) if called else _NOTHING

    def _results(self) -> None:
        """Hand what the body of a function that returns something speaks of on to its name."""
        for function in self.functions:
            if function.name and "return" in self.words[function.start : function.end]:
                self.carried[function.name] |= self._kinds(function.start, function.end)

    def _functions(self) -> Iterator[_Function]:
        for place, word in enumerate(self.words):
            if word != "function" or self.tokens[place].kind != "name":
                continue
            named = place + 1 < len(self.tokens) and self.tokens[place + 1].kind == "name"
            opening = place + 1 + named
            body = self.ends.get(opening, -2) + 1
            if self._text(body) == "{" and body in self.ends:
                assigned = self.words[place - 2] if self._text(place - 1) == "=" and place > 1 else ""
                parameters = tuple(word for word in self.words[opening + 1 : body - 1] if word.isidentifier())
                yield _Function(self.words[place + 1] if named else assigned, parameters, place, body, self.ends[body])

    def _conditions(self) -> Iterator[Branch]:
        for place, word in enumerate(self.words):
            if word in {"if", "while", "switch"} and self.ends.get(place + 1):
                yield from self._governed(place + 1, self.ends[place + 1])
            elif word in {"&", "|", "?"}:
                kinds = self._kinds(self._expression_start(place), place)
                yield Branch(place + 1, self._expression_end(place + 1), kinds)

    def _governed(self, opening: int, closing: int) -> Iterator[Branch]:
        """Yield what a condition in brackets governs: its branch, ``else``, and what comes after ``return``."""
        kinds = self._kinds(opening + 1, closing)
        end = self._statement_end(closing + 1)
        yield Branch(closing + 1, end, kinds)
        if self._text(end) == "else":
            yield Branch(end + 1, self._statement_end(end + 1), kinds)
        elif "return" in self.words[closing + 1 : end]:
            yield Branch(end, self._block_end(end), kinds)

    def _called(self, found: list[Branch]) -> Iterator[Branch]:
        """Yield the bodies of the functions that a governed branch calls or sets a clock for."""
        bodies = {function.name: function for function in self.functions if function.name}
        for branch in found:
            for word in {word for word in self.words[branch.start : branch.end] if word in bodies}:
                yield Branch(bodies[word].start, bodies[word].end, branch.kinds)

    def _arguments(self, opening: int) -> Iterator[tuple[int, int]]:
        start, closing = opening + 1, self.ends.get(opening, opening)
        while start < closing:
            end = min(self._expression_end(start), closing)
            yield start, end
            start = end + 1

    def _statement_end(self, start: int) -> int:
        """Return where the statement or block that starts here ends."""
        while self._text(start) in {"if", "while", "for", "switch"} and start + 1 in self.ends:
            start = self.ends[start + 1] + 1
        if self._text(start) == "{":
            return self.ends.get(start, len(self.tokens)) + 1
        first = start + (self._text(start) in _STATEMENTS)
        end = self._expression_end(first)
        while self._text(end) == ",":
            end = self._expression_end(end + 1)
        return end + (self._text(end) == ";")

    def _expression_end(self, start: int) -> int:
        """Return the place of the comma, semicolon, closing bracket or next statement that ends an expression."""
        place = start
        limit = min(len(self.tokens), start + LONGEST_RUN * 10)
        while place < limit and self.steps > 0:
            self.steps -= 1
            word = self.words[place]
            if word in {",", ";"} or word in _CLOSING or (word in _STATEMENTS and self.tokens[place].kind == "name"):
                return place
            place = self.ends.get(place, place) + 1
        return place

    def _expression_start(self, end: int) -> int:
        """Return where the expression before an operator starts."""
        depth, first = 0, max(end - LONGEST_RUN, 0)
        for place in range(end - 1, first - 1, -1):
            self.steps -= 1
            word = self.words[place]
            depth += (word in _CLOSING) - (word in _OPENING)
            if depth < 0 or (depth == 0 and (word in {",", ";", "{", "}"} or word in _STATEMENTS)):
                return place + 1
        return first

    def _block_end(self, start: int) -> int:
        """Return the closing bracket of the block that a place stands in."""
        place = start
        while place < len(self.tokens) and self.words[place] not in _CLOSING and self.steps > 0:
            self.steps -= 1
            place = self.ends.get(place, place) + 1
        return place

    def _text(self, place: int) -> str:
        return self.words[place] if 0 <= place < len(self.words) else ""


def _matching(tokens: list[Token]) -> dict[int, int]:
    """Return, for the place of each opening bracket, that of its closing one; those never closed are left out."""
    ends: dict[int, int] = {}
    open_at: list[int] = []
    for place, token in enumerate(tokens):
        if token.kind != "sign":
            continue
        if token.text in _OPENING:
            open_at.append(place)
        elif token.text in _CLOSING and open_at:
            ends[open_at.pop()] = place
    return ends


def _spoken_of(token: Token, word: str) -> Kinds:
    if token.kind == "sign":
        return _NOTHING
    parts = word.split(".")
    plain = APPS.sub("", word)
    found = {
        REFERRER: token.kind == "name" and "referrer" in parts,
        AGENT: token.kind == "name" and "userAgent" in parts,
        ENGINE: bool(ENGINES.search(plain)),
        SPIDER: bool(SPIDERS.search(plain)),
    }
    return frozenset(kind for kind, spoken in found.items() if spoken)
