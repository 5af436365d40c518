"""Work out, without running anything, what an inline script writes into its page and where it sends the reader.

Injected scripts hide addresses in escapes, character codes, base64 and packers. Their expressions are constant, so a
small evaluator of string expressions (literals, ``+``, ``unescape``, ``String.fromCharCode``, ``atob``, ``replace``,
``reverse``, ``join``, variables that were given a string) reads them. What depends on anything else becomes UNKNOWN,
which makes an address unusable and so never accuses anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from checks.security.javascript.decoding import FUNCTIONS, unpacked
from checks.security.javascript.methods import apply, as_list, as_string
from checks.security.javascript.tokens import UNKNOWN, Token, literal, tokens

DEEPEST = 4
"""How often code made by code is read again."""

NESTED = 40
"""Brackets inside brackets that are followed."""

MOST = 400
"""Assignments and calls of one script that are worked out."""

STEPS = 200_000
"""Tokens that are looked at in one script, those that are looked at again included."""

WRITES = frozenset(
    {
        "write",
        "writeln",
        "append",
        "prepend",
        "html",
        "after",
        "before",
        "insertAdjacentHTML",
        "createContextualFragment",
    }
)
RUNS = frozenset({"eval", "setTimeout", "setInterval", "Function", "execScript"})


@dataclass(slots=True)
class Effects:
    """What a script would do to its page: markup it writes, addresses it moves to or loads code from, code it makes."""

    written: list[str] = field(default_factory=list)
    inserted: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)


def effects(source: str) -> Effects:
    """Work out the effects of a script, and of the code that it makes."""
    result = Effects()
    pending, seen = [(source, 0)], set()
    while pending:
        code, depth = pending.pop()
        if code in seen:
            continue
        seen.add(code)
        made = len(result.code)
        _Reader(tokens(code), result).run()
        result.code += unpacked(code)
        if depth < DEEPEST:
            pending += [(text, depth + 1) for text in result.code[made:]]
    return result


class _Reader:
    """Walk over the tokens of a script, evaluating what is assigned and what is called."""

    def __init__(self, stream: list[Token], result: Effects) -> None:
        self.tokens, self.result = stream, result
        self.at = 0
        self.names: dict[str, str | list[str]] = {}
        self.left = MOST
        self.steps = STEPS
        self.depth = 0

    def run(self) -> None:
        """Visit every assignment and every call."""
        while self.at < len(self.tokens) and self.left > 0 and self.steps > 0:
            token = self.tokens[self.at]
            self.at += 1
            if token.kind == "name":
                self._name(token.text)
            elif token.text == "[" and self.at > 1 and self.tokens[self.at - 2].kind == "name":
                self._bracketed()

    def _bracketed(self) -> None:
        """Read ``document["wri" + "te"](…)`` as ``document.write(…)``."""
        start = self.at
        name = self.tokens[start - 2].text
        while True:
            member = self._text()
            if self._peek() != "]" or not member.isidentifier():
                self.at = start
                return
            name = f"{name}.{member}"
            self.at += 1
            if self._peek() != "[":
                break
            self.at += 1
        self._name(name)

    def _name(self, name: str) -> None:
        following, after = self._peek(), self._peek(1)
        if following == "(":
            self._call(name)
        elif following == "=" and after not in {"=", ">"}:
            self.at += 1
            start = self.at
            value = self._value()
            self._assign(name, value)
            if value == UNKNOWN:
                self.at = start  # what is called inside may do something all the same
        elif following == "+" and after == "=":
            self.at += 2
            known = self.names.get(name, UNKNOWN)
            self._assign(name, (known if isinstance(known, str) else UNKNOWN) + self._text())

    def _assign(self, name: str, value: str | list[str]) -> None:
        self.left -= 1
        self.names[name] = value
        if not isinstance(value, str):
            return
        last = name.rpartition(".")[2]
        if last in {"innerHTML", "outerHTML"}:
            self.result.inserted.append(value)
        elif last == "location" or name.endswith("location.href"):
            self.result.moves.append(value)
        elif last in {"src", "href"}:
            self.result.loads.append(value)
        elif name.endswith("document.title"):
            self.result.titles.append(value)

    def _call(self, name: str) -> None:
        last = name.rpartition(".")[2]
        if (
            last not in WRITES
            and last not in RUNS
            and not name.endswith(("location.replace", "location.assign", "window.open"))
        ):
            return
        if self._peek(1) in {"function", ")"} or (self._peek(1), self._peek(2)) == ("(", ")"):
            return  # a callback: the walk goes on inside it
        self.left -= 1
        self.at += 1
        arguments = self._arguments()
        texts = [text for text in arguments if isinstance(text, str)]
        if last in {"write", "writeln"}:
            self.result.written.append("".join(texts))
        elif last in WRITES:
            self.result.inserted += texts
        elif last in RUNS:
            self.result.code += [text for text in texts if len(text) > len(UNKNOWN) and text != UNKNOWN]
        else:
            self.result.moves += texts[:1]

    def _arguments(self) -> list[str | list[str]]:
        """Read the arguments of a call up to its closing bracket; the opening one has been passed."""
        found: list[str | list[str]] = []
        while self.at < len(self.tokens) and self._peek() != ")":
            before = self.at
            found.append(self._value())
            if self._peek() == ",":
                self.at += 1
            elif self._peek() != ")":
                self.at = max(self.at, before)
                self._skip()
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
            self.steps -= 1

    def _text(self) -> str:
        value = self._value()
        return value if isinstance(value, str) else UNKNOWN

    def _value(self) -> str | list[str]:
        """Evaluate terms joined by ``+``; the rest of an expression that is none of ours becomes UNKNOWN."""
        value = self._term()
        while self._peek() == "+" and self._peek(1) not in {"+", "="}:
            self.at += 1
            right = self._term()
            value = as_string(value) + as_string(right)
        if self._peek() not in {None, ",", ")", ";", "]", "}"} and self._kind() == "sign":
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
        found = []
        while self.at < len(self.tokens) and self._peek() != "]":
            before = self.at
            found.append(self._text())
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
            index = int(float(int(self.tokens[self.at + 1].text, 0))) if self.tokens[self.at + 1].text.isdigit() else -1
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
        return apply(value, name, raw, [as_string(argument) for argument in arguments])

    def _next(self) -> Token:
        token = self.tokens[self.at] if self.at < len(self.tokens) else Token("sign", "")
        self.at += 1
        self.steps -= 1
        return token

    def _peek(self, ahead: int = 0) -> str | None:
        place = self.at + ahead
        return self.tokens[place].text if place < len(self.tokens) else None

    def _kind(self, ahead: int = 0) -> str | None:
        place = self.at + ahead
        return self.tokens[place].kind if place < len(self.tokens) else None


def _flat(arguments: list[str | list[str]]) -> list[str]:
    return [part for argument in arguments for part in as_list(argument)]
