"""Work out, without running anything, what an inline script writes into its page and where it sends the reader.

Injected scripts hide addresses in escapes, character codes, base64 and packers. Their expressions are constant, so a
small evaluator of string expressions (literals, ``+``, ``unescape``, ``String.fromCharCode``, ``atob``, ``replace``,
``reverse``, ``join``, variables that were given a string) reads them. What depends on anything else becomes UNKNOWN,
which makes an address unusable and so never accuses anybody.

Whatever a script holds, reading it raises nothing and ends: brackets are followed to NESTED, values grow to
``methods.LONGEST_VALUE``, and every token looked at and every character made counts against STEPS.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from checks.security.javascript.branches import Branch, Kinds, branches, kinds_at
from checks.security.javascript.effects import Conditional, Effects
from checks.security.javascript.methods import LONGEST_VALUE, apply, as_list, as_string
from checks.security.javascript.obfuscation import FUNCTIONS, unpacked
from checks.security.javascript.tokens import UNKNOWN, Token, literal, tokens

DEEPEST = 4
"""How often code made by code is read again."""

NESTED = 40
"""Brackets inside brackets that are followed."""

MOST = 400
"""Assignments and calls of one script that are worked out."""

STEPS = 200_000
"""Tokens that are looked at in one script, those that are looked at again included, and characters made (by 100)."""

PICTURES = frozenset({"img", "image", "audio", "video"})
"""Elements whose address loads nothing that runs: a counter's picture takes nobody anywhere."""

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


def effects(source: str) -> Effects:
    """Work out the effects of a script, and of the code that it makes."""
    result, budget = Effects(), _Budget()
    pending: list[tuple[str, int, Kinds]] = [(source, 0, frozenset())]
    seen: set[str] = set()
    while pending:
        code, depth, kinds = pending.pop()
        if code in seen:
            continue
        seen.add(code)
        reader = _Reader(tokens(code), result, budget, kinds)
        made = [*reader.run(), *((text, kinds) for text in unpacked(code))]
        result.code += [text for text, _ in made]
        if depth < DEEPEST:
            pending += [(text, depth + 1, kinds) for text, kinds in made]
    return result


@dataclass(slots=True)
class _Budget:
    """What reading a script, and all code that it makes, may still cost."""

    assignments: int = MOST
    steps: int = STEPS


class _Reader:
    """Walk over the tokens of a script, evaluating what is assigned and what is called."""

    def __init__(self, stream: list[Token], result: Effects, budget: _Budget, kinds: Kinds) -> None:
        self.tokens, self.result, self.budget, self.kinds = stream, result, budget, kinds
        self.at = 0
        self.names: dict[str, str | list[str]] = {}
        self.elements: dict[str, str] = {}
        self.members: dict[int, str] = {}
        self.places: list[tuple[str, str, int]] = []
        self.depth = 0

    def run(self) -> list[tuple[str, Kinds]]:
        """Visit every assignment and every call; return the code that is made, and on what it depends."""
        while self.at < len(self.tokens) and self.budget.assignments > 0 and self.budget.steps > 0:
            token = self.tokens[self.at]
            self.at += 1
            self.budget.steps -= 1
            if token.kind == "name":
                self._name(token.text)
            elif token.text == "[" and self.at > 1 and self.tokens[self.at - 2].kind == "name":
                self._bracketed()
        return self._judge_places()

    def _judge_places(self) -> list[tuple[str, Kinds]]:
        """Sort out which effects stand in a branch."""
        made = []
        for sort, text, place in self.places:
            kinds = self.kinds | kinds_at(self._branches, place)
            if sort == "code":
                made.append((text, kinds))
            if kinds:
                self.result.conditional.append(Conditional(sort, text, kinds))
        return made

    @cached_property
    def _branches(self) -> list[Branch]:
        return branches(self.tokens, self.members)

    def _affect(self, sort: str, texts: list[str], place: int) -> None:
        """Record an effect; code is recorded by the caller, who reads it as well."""
        if sort not in {"code", "value"}:
            getattr(self.result, sort).extend(texts)
        self.places += [(sort, text, place) for text in texts]

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
            self.members[start - 2] = name
            self.at += 1
            if self._peek() != "[":
                break
            self.at += 1
        self._name(name)

    def _name(self, name: str) -> None:
        following, after, place = self._peek(), self._peek(1), self.at
        if following == "(":
            self._call(name, place)
        elif following == "=" and after not in {"=", ">"}:
            self.at += 1
            start = self.at
            self._remember_element(name)
            value = self._value()
            self._assign(name, value, place)
            if UNKNOWN in value:
                self.at = start  # what is called inside may do something all the same
        elif following == "+" and after == "=":
            self.at += 2
            known = self.names.get(name, UNKNOWN)
            self._assign(name, self._joined(known if isinstance(known, str) else UNKNOWN, self._text()), place)

    def _remember_element(self, name: str) -> None:
        """Remember of what kind an element is: ``s = document.createElement("script")``, ``i = new Image``."""
        made = self._peek() or ""
        if made.endswith("createElement") and self._kind(2) == "string":
            self.elements[name] = literal(self._peek(2) or "").lower()
        elif made == "new" and self._peek(1) == "Image":
            self.elements[name] = "image"

    def _assign(self, name: str, value: str | list[str], place: int) -> None:
        self.budget.assignments -= 1
        self.names[name] = value
        if not isinstance(value, str):
            return
        owner, _, last = name.rpartition(".")
        if last in {"innerHTML", "outerHTML"}:
            self._affect("inserted", [value], place)
        elif last == "location" or name.endswith("location.href"):
            self._affect("moves", [value], place)
        elif last in {"src", "href"}:
            if not self._is_picture(owner, place):
                self._affect("loads", [value], place)
        elif name.endswith("document.title"):
            self._affect("titles", [value], place)
        else:
            self._affect("value", [value], place)

    def _is_picture(self, owner: str, place: int) -> bool:
        """Return whether an address is given to a picture: by its variable, or in ``new Image().src = …``."""
        unnamed = [token.text for token in self.tokens[max(place - 6, 0) : place]] if not owner else []
        return self.elements.get(owner) in PICTURES or "Image" in unnamed

    def _joined(self, left: str, right: str) -> str:
        """Return two strings as one, UNKNOWN when that would be too long."""
        self.budget.steps -= (len(left) + len(right)) // 100
        return left + right if len(left) + len(right) <= LONGEST_VALUE else UNKNOWN

    def _call(self, name: str, place: int) -> None:
        last = name.rpartition(".")[2]
        if (
            last not in WRITES
            and last not in RUNS
            and not name.endswith(("location.replace", "location.assign", "window.open"))
        ):
            return
        if self._peek(1) in {"function", ")"} or (self._peek(1), self._peek(2)) == ("(", ")"):
            return  # a callback: the walk goes on inside it
        self.budget.assignments -= 1
        self.at += 1
        arguments = self._arguments()
        texts = [text for text in arguments if isinstance(text, str)]
        if last in {"write", "writeln"}:
            self._affect("written", ["".join(texts)], place)
        elif last in WRITES:
            self._affect("inserted", texts, place)
        elif last in RUNS:
            self._affect("code", [text for text in texts if len(text) > len(UNKNOWN) and text != UNKNOWN], place)
        else:
            self._affect("moves", texts[:1], place)

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
