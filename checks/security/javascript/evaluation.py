"""Work out, without running anything, what an inline script writes into its page and where it sends the reader.

Injected scripts hide addresses in escapes, character codes, base64 and packers. Their expressions are constant, so a
small evaluator of string expressions (literals, ``+``, ``unescape``, ``String.fromCharCode``, ``atob``, ``replace``,
``reverse``, ``join``, variables that were given a string) reads them. What depends on anything else becomes UNKNOWN,
which makes an address unusable and so never accuses anybody.

Whatever a script holds, reading it raises nothing and ends: brackets are followed to ``expressions.NESTED``, values
grow to ``methods.LONGEST_VALUE``, and every token looked at and every character made counts against
``expressions.STEPS``.
"""

from __future__ import annotations

from functools import cached_property
from html import escape

from checks.security.javascript.branches import Branch, Kinds, branches, kinds_at
from checks.security.javascript.effects import Conditional, Effects
from checks.security.javascript.expressions import Budget, ExpressionReader
from checks.security.javascript.obfuscation import unpacked
from checks.security.javascript.tokens import UNKNOWN, Token, literal, tokens

DEEPEST = 4
"""How often code made by code is read again."""


CHARACTERS_A_STEP = 10
"""Characters of code that cost one step: code that makes code may do so a thousand times over, and that code again."""

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
LINK_WORDS = frozenset({"innerHTML", "innerText", "textContent", "text"})
"""Properties in which a link that a script makes has its words."""

RUNS = frozenset({"eval", "setTimeout", "setInterval", "Function", "execScript"})


def effects(source: str) -> Effects:
    """Work out the effects of a script, and of the code that it makes."""
    result, budget = Effects(), Budget()
    pending: list[tuple[str, int, Kinds]] = [(source, 0, frozenset())]
    seen: set[str] = set()
    while pending and budget.steps > 0:
        code, depth, kinds = pending.pop()
        if code in seen:
            continue
        seen.add(code)
        budget.steps -= len(code) // CHARACTERS_A_STEP
        reader = _Reader(tokens(code), result, budget, kinds)
        made = [*reader.run(), *((text, kinds) for text in unpacked(code))]
        result.code += [text for text, _ in made]
        if depth < DEEPEST:
            pending += [(text, depth + 1, kinds) for text, kinds in made]
    return result


class _Reader(ExpressionReader):
    """Walk over the tokens of a script, evaluating what is assigned and what is called."""

    def __init__(self, stream: list[Token], result: Effects, budget: Budget, kinds: Kinds) -> None:
        super().__init__(stream, budget)
        self.result, self.kinds = result, kinds
        self.elements: dict[str, str] = {}
        self.links: dict[str, dict[str, str]] = {}
        self.members: dict[int, str] = {}
        self.places: list[tuple[str, str, int]] = []

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
        if self.elements.get(owner) == "a" and (last == "href" or last in LINK_WORDS):
            self._make_link(owner, last, value, place)
        elif last in {"innerHTML", "outerHTML"}:
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

    def _make_link(self, owner: str, name: str, value: str, place: int) -> None:
        """Take in a property of ``a = document.createElement("a")``; with an address and words it is a link."""
        made = self.links.setdefault(owner, {})
        made["href" if name == "href" else "words"] = value
        if len(made) > 1:
            self._affect("inserted", [f'<a href="{escape(made["href"])}">{made["words"]}</a>'], place)

    def _is_picture(self, owner: str, place: int) -> bool:
        """Return whether an address is given to a picture: by its variable, or in ``new Image().src = …``."""
        unnamed = [token.text for token in self.tokens[max(place - 6, 0) : place]] if not owner else []
        return self.elements.get(owner) in PICTURES or "Image" in unnamed

    def _call(self, name: str, place: int) -> None:
        owner, _, last = name.rpartition(".")
        if last == "setAttribute" and self.elements.get(owner) == "a":
            self._set_attribute(owner, place)
            return
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

    def _set_attribute(self, owner: str, place: int) -> None:
        """Read ``a.setAttribute("href", …)``."""
        self.budget.assignments -= 1
        self.at += 1
        match self._arguments():
            case ["href", str(value)]:
                self._make_link(owner, "href", value, place)
