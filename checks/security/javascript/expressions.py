"""Evaluate the expressions of a script as far as they come to text: strings, arrays of them, what is done to them."""

from __future__ import annotations

from msgspec import Struct

from checks.security.javascript.methods import LONGEST_VALUE, apply, as_list, as_string, length_of
from checks.security.javascript.obfuscation import FUNCTIONS
from checks.security.javascript.tokens import UNKNOWN, Token, literal

NESTED = 40
"""Brackets inside brackets that are followed."""

MOST = 400
"""Assignments and calls of one script that are worked out."""

STEPS = 200_000
"""Tokens that are looked at in one script, those that are looked at again included, and characters made (by 100)."""


class Budget(Struct):
    """What reading a script, and all code that it makes, may still cost."""

    assignments: int = MOST
    steps: int = STEPS


class ExpressionReader:
    """Read values at a place ``at`` among tokens, and move it behind them; what cannot be known is UNKNOWN.

    ``names`` are the variables that were assigned so far. Every step costs the ``budget``.
    """

    def __init__(self, stream: list[Token], budget: Budget) -> None:
        self.tokens, self.budget = stream, budget
        self.at = 0
        self.names: dict[str, str | list[str]] = {}
        self.depth = 0

    def _joined(self, left: str, right: str) -> str:
        """Return two strings as one, UNKNOWN when that would be too long."""
        self.budget.steps -= (len(left) + len(right)) // 100
        return left + right if len(left) + len(right) <= LONGEST_VALUE else UNKNOWN

    def _arguments(self) -> list[str | list[str]]:
        """Read the arguments of a call up to its closing bracket; the opening one has been passed.

        Together they are no longer than a value may be: callers join them.
        """
        found: list[str | list[str]] = []
        length = 0
        while self.at < len(self.tokens) and self._peek() != ")":
            before = self.at
            value = self._value()
            length += length_of(value)
            found.append(value if length <= LONGEST_VALUE else UNKNOWN)
            if self._peek() == ",":
                self.at += 1
            elif self._peek() != ")":
                self._skip()
            # Too deep inside nothing is read, and nothing is passed over at a bracket of an outer level.
            self.at = max(self.at, before + 1)
        self.at += 1
        return found

    def _skip(self) -> None:
        """Pass over what is no string expression, to the next comma or bracket of this level."""
        depth = 0
        while self.at < len(self.tokens):
            text = self.tokens[self.at].text
            if depth == 0 and text in {",", ")", ";", "]", "}"}:
                return
            depth += (text in {"(", "[", "{"}) - (text in {")", "]", "}"})
            self.at += 1
            self.budget.steps -= 1

    def _text(self) -> str:
        value = self._value()
        return value if isinstance(value, str) else UNKNOWN

    def _value(self) -> str | list[str]:
        """Evaluate terms joined by ``+``; the rest of an expression that is none of ours becomes UNKNOWN."""
        value = self._term()
        while self._peek() == "+" and self._peek(1) not in {"+", "="}:
            self.at += 1
            right = self._term()
            value = self._joined(as_string(value), as_string(right))
        if self._peek() not in {None, ",", ")", ";", "]", "}", ":"} and self._kind() == "sign":
            self._skip()
            return as_string(value) + UNKNOWN
        return value

    def _term(self) -> str | list[str]:
        if self.depth >= NESTED:
            self._skip()
            return UNKNOWN
        self.depth += 1
        try:
            return self._methods(self._operand())
        finally:
            self.depth -= 1

    def _operand(self) -> str | list[str]:
        token = self._next()
        value: str | list[str] = UNKNOWN
        if token.kind == "string":
            value = literal(token.text)
        elif token.kind == "number":
            value = token.text
        elif token.kind == "name":
            value = self._reference(token.text)
        elif token.text == "(":
            inner = self._arguments()
            value = inner[-1] if inner else ""
        elif token.text == "[":
            value = self._array()
        return value

    def _array(self) -> list[str]:
        found, length = list[str](), 0
        while self.at < len(self.tokens) and self._peek() != "]":
            before = self.at
            text = self._text()
            length += len(text) + 1
            found.append(text if length <= LONGEST_VALUE else UNKNOWN)
            if self._peek() == "," or self.at == before:
                self.at += 1
        self.at += 1
        return found

    def _reference(self, name: str) -> str | list[str]:
        """Evaluate a name: one of the known functions, a variable with methods glued to it, or UNKNOWN."""
        if self._peek() == "(" and name.removeprefix("window.") in FUNCTIONS:
            self.at += 1
            return FUNCTIONS[name.removeprefix("window.")](_flat(self._arguments()))
        if self._peek() == "(" and name.endswith("fromCharCode.apply"):
            self.at += 1
            return FUNCTIONS["String.fromCharCode"](_flat(self._arguments()[1:]))
        head, _, member = name.partition(".")
        if member and head in self.names and self._peek() == "(":
            return self._method(self.names[head], member)
        if self._peek() == "(":
            self.at += 1
            self._arguments()
            return UNKNOWN
        if name == "function":
            self._skip_function()
            return UNKNOWN
        return self._element(self.names.get(name, UNKNOWN))

    def _skip_function(self) -> None:
        """Leave the body to the walk: only its head is passed over."""
        while self.at < len(self.tokens) and self._peek() != "{":
            self.at += 1

    def _element(self, value: str | list[str]) -> str | list[str]:
        if isinstance(value, list) and self._peek() == "[" and self._kind(1) == "number" and self._peek(2) == "]":
            index = _index(self._peek(1) or "")
            self.at += 3
            return value[index] if 0 <= index < len(value) else UNKNOWN
        return value

    def _methods(self, value: str | list[str]) -> str | list[str]:
        """Apply ``.replace(…)``, ``.split(…)`` … that follow a value."""
        while self._peek() == "." and self._kind(1) == "name" and self._peek(2) == "(":
            self.at += 1
            value = self._method(value, self._next().text)
        return value

    def _method(self, value: str | list[str], name: str) -> str | list[str]:
        self.at += 1
        raw = self.tokens[self.at] if self.at < len(self.tokens) else Token("sign", "")
        arguments = [UNKNOWN, *self._arguments()[1:]] if raw.kind == "regex" else self._arguments()
        self.budget.steps -= len(value) // 100
        return apply(value, name, raw, [as_string(argument) for argument in arguments])

    def _next(self) -> Token:
        token = self.tokens[self.at] if self.at < len(self.tokens) else Token("sign", "")
        self.at += 1
        self.budget.steps -= 1
        return token

    def _peek(self, ahead: int = 0) -> str | None:
        place = self.at + ahead
        return self.tokens[place].text if place < len(self.tokens) else None

    def _kind(self, ahead: int = 0) -> str | None:
        place = self.at + ahead
        return self.tokens[place].kind if place < len(self.tokens) else None


def _index(number: str) -> int:
    """Return the place that a number in brackets names, -1 for one that no list has."""
    try:
        return int(number, 16) if number[:2] in {"0x", "0X"} else int(number[:9])
    except ValueError:  # 1.5
        return -1


def _flat(arguments: list[str | list[str]]) -> list[str]:
    return [part for argument in arguments for part in as_list(argument)]
