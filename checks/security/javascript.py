"""Work out, without running anything, what an inline script writes into its page and where it sends the reader.

Injected scripts hide addresses in escapes, character codes, base64 and packers. Their expressions are constant, so a
small evaluator of string expressions (literals, ``+``, ``unescape``, ``String.fromCharCode``, ``atob``, ``replace``,
``reverse``, ``join``, variables that were given a string) reads them. What depends on anything else becomes UNKNOWN,
which makes an address unusable and so never accuses anybody.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

UNKNOWN = "\ufffc"
"""Stands for the part of a string that only running the script would tell."""

LONGEST = 200_000
DEEPEST = 4
"""Characters of one script that are read, and how often code made by code is read again."""

NESTED = 40
"""Brackets inside brackets that are followed."""

MOST = 400
"""Assignments and calls of one script that are worked out."""

STEPS = 200_000
"""Tokens that are looked at in one script, those that are looked at again included."""

TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?(?:\*/|$)|<!--[^\n]*)"""
    r"""|(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)"""
    r"""|(?P<number>0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?)"""
    r"""|(?P<name>[A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*)"""
    r"""|(?P<sign>.)""",
    re.DOTALL,
)
REGEX = re.compile(r"/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,200}\]){1,500}/[a-z]*")
JS_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|([0-7]{1,3})|(.))", re.DOTALL)
PERCENT_U = re.compile(r"%u([0-9a-fA-F]{4})")
NAMED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "\n": ""}

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
MOVES = frozenset({"location.replace", "location.assign", "window.open", "location.href", "location"})


class Token(NamedTuple):
    """A piece of a script that means something."""

    kind: str
    text: str


@dataclass(slots=True)
class Effects:
    """What a script would do to its page: markup it writes, addresses it moves to or loads code from, code it makes."""

    written: list[str] = field(default_factory=list)
    inserted: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)


def tokens(source: str) -> list[Token]:
    """Cut a script into tokens; comments and white space fall away."""
    found: list[Token] = []
    source, place = source[:LONGEST], 0
    while place < len(source):
        regex = REGEX.match(source, place) if source[place] == "/" and _operand_next(found) else None
        match = regex or TOKEN.match(source, place)
        if match is None:
            break
        place = match.end()
        kind = "regex" if regex else match.lastgroup or "sign"
        if kind != "blank":
            found.append(Token(kind, re.sub(r"\s", "", match[0]) if kind == "name" else match[0]))
    return found


def _operand_next(before: list[Token]) -> bool:
    """Whether a slash here starts a regular expression: what stands before it is no value that could be divided."""
    return (
        not before or before[-1].text == "return" or (before[-1].kind == "sign" and before[-1].text not in {")", "]"})
    )


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
            value = _string(value) + _string(right)
        if self._peek() not in {None, ",", ")", ";", "]", "}"} and self._kind() == "sign":
            self._skip()
            return _string(value) + UNKNOWN
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
            arguments = [
                part
                for argument in self._arguments()
                for part in (argument if isinstance(argument, list) else [argument])
            ]
            return FUNCTIONS[name.removeprefix("window.")](arguments)
        if self._peek() == "(" and name.endswith("fromCharCode.apply"):
            self.at += 1
            return FUNCTIONS["String.fromCharCode"]([part for value in self._arguments()[1:] for part in _list(value)])
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
        return _apply(value, name, raw, [_string(argument) for argument in arguments])

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


def _apply(value: str | list[str], name: str, raw: Token, arguments: list[str]) -> str | list[str]:
    """Apply one method of a string or an array to constant arguments."""
    if name == "split" and isinstance(value, str):
        return list(value) if not arguments or not arguments[0] else value.split(arguments[0])
    if name == "join" and isinstance(value, list):
        return (arguments[0] if arguments else ",").join(value)
    if name == "reverse" and isinstance(value, list):
        return value[::-1]
    if name == "concat":
        return _string(value) + "".join(arguments)
    if name == "replace" and isinstance(value, str) and len(arguments) > 1:
        return _replace(value, raw, arguments[1])
    return value if name in {"toString", "trim", "toLowerCase"} else UNKNOWN


def _replace(value: str, raw: Token, replacement: str) -> str:
    """Replace as JavaScript would, for a string or a regular expression without anything that could run away."""
    if raw.kind == "string":
        return value.replace(literal(raw.text), replacement, 1)
    pattern = raw.text[1 : raw.text.rindex("/")]
    simple = re.fullmatch(r"(?:\\.|[^\\()*+?{}|^$]|\[[^\]]*\]){1,60}", pattern)
    if raw.kind != "regex" or simple is None:
        return UNKNOWN
    try:
        return re.sub(pattern, lambda _: replacement, value, count=0 if "g" in raw.text[raw.text.rindex("/") :] else 1)
    except re.error:
        return UNKNOWN


def _string(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ",".join(value)


def _list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def literal(text: str) -> str:
    """Return the string that a literal with its quotes stands for."""
    inner = text[1:-1]
    if text.startswith("`"):
        inner = re.sub(r"\$\{[^}]*\}", UNKNOWN, inner)
    return JS_ESCAPE.sub(_unescape_js, inner) if "\\" in inner else inner


def _unescape_js(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits:
        return _character(int(digits, 16))
    if match[4]:
        return _character(int(match[4], 8))
    return NAMED.get(match[5], match[5])


def _character(code: int) -> str:
    return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def unescape(text: str) -> str:
    """Do what JavaScript's ``unescape`` and ``decodeURIComponent`` do."""
    return unquote(PERCENT_U.sub(lambda match: _character(int(match[1], 16)), text))


def _from_codes(arguments: list[str]) -> str:
    return "".join(
        _character(int(part, 0)) if re.fullmatch(r"0[xX][0-9a-fA-F]{1,6}|[1-9]\d{0,6}", part) else UNKNOWN
        for part in arguments
    )


def from_base64(text: str) -> str:
    """Return what base64 stands for, or UNKNOWN."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return UNKNOWN


def _first(transform: Callable[[str], str]) -> Callable[[list[str]], str]:
    return lambda arguments: transform(arguments[0]) if arguments else UNKNOWN


FUNCTIONS: dict[str, Callable[[list[str]], str]] = {
    "unescape": _first(unescape),
    "decodeURIComponent": _first(unescape),
    "decodeURI": _first(unescape),
    "String.fromCharCode": _from_codes,
    "atob": _first(from_base64),
    "String": _first(str),
    "encodeURI": _first(str),
    "escape": _first(str),
}
"""Functions of JavaScript that turn constants into constants."""

SHORTEST_CIPHER, LONGEST_CIPHER = 24, 4000
"""Lengths of strings that are tried as ciphers."""

PACKED = re.compile(
    r"""\}\s*\(\s*(?P<code>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*,\s*(?P<base>\d{1,2})\s*,\s*\d{1,5}\s*,"""
    r"""\s*(?P<words>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*\.\s*split\(\s*['"]\|['"]\s*\)""",
    re.DOTALL,
)
WORD = re.compile(r"\b\w+\b")
SIGNS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

CODES = re.compile(r"(?:(?:0x[0-9a-fA-F]{1,5}|\d{1,6})\s*[,|]\s*){11,}(?:0x[0-9a-fA-F]{1,5}|\d{1,6})")
BASE64 = re.compile(r"""["']([A-Za-z0-9+/]{24,}={0,2})["']""")


def unpacked(code: str) -> list[str]:
    """Return the code inside ``eval(function(p,a,c,k,e,d){…})`` packers."""
    return list(_unpack(code)) if "split" in code else []


def _unpack(code: str) -> Iterator[str]:
    for match in PACKED.finditer(code[:LONGEST]):
        base, words = int(match["base"]), literal(match["words"]).split("|")
        if 2 <= base <= len(SIGNS):
            yield WORD.sub(lambda word, words=words, base=base: _word(word[0], words, base), literal(match["code"]))  # type: ignore[misc]


def _word(sign: str, words: list[str], base: int) -> str:
    index = 0
    for character in sign:
        digit = SIGNS.find(character)
        if not 0 <= digit < base:
            return sign
        index = index * base + digit
    return words[index] if index < len(words) and words[index] else sign


def decoded(source: str) -> list[str]:
    """Return what the raw stuff of a script turns into, however it is put together: code lists, base64, escapes.

    A net under the evaluator: for scripts whose own decoder is too clever for it.
    """
    found = []
    if "fromCharCode" in source:
        found += [_from_codes(re.split(r"\s*[,|]\s*", match[0])) for match in CODES.finditer(source[:LONGEST])]
    if "atob" in source or "base64" in source.lower():
        found += [from_base64(match[1]) for match in BASE64.finditer(source[:LONGEST])]
    if "%3" in source or "%u" in source or "\\x" in source or "\\u" in source:
        found += [
            unescape(literal(token.text))
            for token in tokens(source)
            if token.kind == "string" and re.search(r"%[3u]|\\[xu]", token.text)
        ]
    if "fromCharCode" in source and "charCodeAt" in source:
        found += [text for token in tokens(source) if token.kind == "string" for text in _shifted(literal(token.text))]
    return [text for text in found if UNKNOWN not in text]


def _shifted(text: str) -> Iterator[str]:
    """Yield what a string says once every sign is moved or flipped by one small number, where that gives markup."""
    if len(text) < SHORTEST_CIPHER:
        return
    codes = [ord(sign) for sign in text[:LONGEST_CIPHER]]
    for amount in range(1, 33):
        for turned in (
            [code - amount for code in codes],
            [code + amount for code in codes],
            [code ^ amount for code in codes],
        ):
            plain = "".join(map(_character, turned))
            if "href=" in plain or "http" in plain or "<script" in plain:
                yield plain
