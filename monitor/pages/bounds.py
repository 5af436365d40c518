"""Bound what a document may cost its parser: nesting, attributes of one element, options of one menu, reopened tags.

lexbor takes quadratic time in each of them: 100,000 nested ``div`` 16 s, 40,000 attributes of one element 2 s, 20,000
options of one ``select`` 2 s; and formatting elements that are never closed are opened anew in every paragraph.
Ordinary documents pass after a cheap look (20 µs), those of more than 100 KB after one pass over their tags; they stay
as they are, byte for byte.
"""

from __future__ import annotations

import re
from collections import Counter

from msgspec import Struct

from checks.late_pattern import late

DEPTH = 512
"""Elements that are open at once; browsers stop at the same figure (Chromium's HTML parser)."""

MOST_ATTRIBUTES = 1_000
"""Attributes of one element that are kept."""

REOPENED = 200_000
"""Formatting elements that a document may open anew in its blocks before those that stand open are closed."""

MANY_TAGS = 10_000
"""Documents with more tags than this are scanned, and those below with a stretch of LONG_TAG."""

SHORTEST_TAG = 3
"""Characters of ``<p>``."""

LONG_TAG = 4_000
"""Characters without ``>``: a tag that could hold 1,000 attributes, or a script, or a long paragraph."""

LARGE = 100_000
"""Documents of more characters are scanned whatever they look like: values may hide ``>`` in quotes."""

SPACE = r"[ \t\n\f\r]"
ATTRIBUTE = (
    rf"""[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+(?:{SPACE}*+={SPACE}*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^ \t\n\f\r>]*+))?+"""
)
# Possessive throughout, and each alternative begins differently: linear. A quote that is never closed is looked for to
# the end of the document, but only the last one of a document can be such a quote.
TOKEN = late(
    r"<(?:!--(?:-?>|.*?(?:--!?>|\Z))|!\[CDATA\[|[!?]|/(?![a-zA-Z])"
    rf"|(?P<end>/?)(?P<name>[a-zA-Z][^ \t\n\f\r/>]*+)(?P<attributes>(?:{SPACE}++|/|{ATTRIBUTE})*+)>?)",
    re.DOTALL,
)
"""A comment, what begins like one, or a tag, as HTML's tokeniser reads it."""

ATTRIBUTES = late(ATTRIBUTE)

RAW_NAMES = "script style textarea title xmp iframe noembed noframes"
ORDINARY = late(
    r"<(?:!--(?:-?>|.*?(?:--!?>|\Z))|(?:[!?]|/(?![a-zA-Z]))[^>]*+>?"
    rf"|((?i:{RAW_NAMES.replace(' ', '|')}))(?=[ \t\n\f\r/>])((?:{SPACE}++|/|{ATTRIBUTE})*+)>?"
    r"(?:.*?</(?i:\1)(?=[ \t\n\f\r/>])|.*)"
    rf"|(/?)([a-zA-Z][^ \t\n\f\r/>]*+)((?:{SPACE}++|/|{ATTRIBUTE})*+)>?)",
    re.DOTALL,
)
"""TOKEN for documents without SVG and MathML: the name and attributes of an element in which no tag begins, or whether
a tag ends something, its name and attributes. An element that is never ended reaches to the end: linear, too."""

RAW = {name: re.compile(rf"</{name}(?=[ \t\n\f\r/>])", re.IGNORECASE) for name in RAW_NAMES.split()}
"""Elements in which no tag begins, with what ends them."""


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


VOID = _names(
    "area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr"
)
NEVER_DEEP = (
    VOID | _names("a body caption colgroup dd dt form head html li option p tbody td tfoot th thead tr") | RAW.keys()
)
"""Elements that cannot be open many times over: void, closed by their next one, or allowed once."""

NEVER_DEEP_AS_WRITTEN = NEVER_DEEP | {name.upper() for name in NEVER_DEEP}
OPTION = ("option", "OPTION")

FORMATTING = _names("b big code em font i nobr s small strike strong tt u")
SCOPE = _names("applet button marquee object select table template")
"""Elements out of which an end tag does not reach."""

BLOCKS = _names(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer h1 h2 h3 h4 "
    "h5 h6 header hgroup listing main menu nav ol pre search section summary ul"
)
SPECIAL = SCOPE | BLOCKS
"""Elements that the end tag of an ordinary one, such as ``span``, does not close."""

FOREIGN = _names("svg math")
INTEGRATION = _names("foreignobject desc title annotation-xml mi mo mn ms mtext")
"""Elements of SVG and MathML in which HTML begins again."""

LEAVING = BLOCKS | _names(
    "b big body br code dd dt em embed head hr i img li meta nobr p ruby s small span strong strike "
    "sub sup table tt u var"
)
"""Elements of HTML that end SVG and MathML around them (HTML, "rules for parsing tokens in foreign content")."""

FEW = 4
"""Open formatting elements of an ordinary document: as many may be opened anew in each of its paragraphs."""

REACH = 100
"""Open elements that an end tag looks through; one that closes more is taken for one that closes nothing."""


def bounded(html: str) -> str:
    """Return a document that parses in linear time: as it is if nothing is odd about it, else with tags added.

    Nothing that has an id or text is left out: what nests too deep becomes a sibling, as in Chromium.
    """
    return _Scan(html).run() if _is_large(html) and not _is_ordinary(html) else html


def _is_large(html: str) -> bool:
    if len(html) > LARGE or (len(html) > SHORTEST_TAG * MANY_TAGS and html.count("<") > MANY_TAGS):
        return True
    return has_long_tag(html)


def has_long_tag(html: str) -> bool:
    """Return whether a stretch without ``>`` is longer than LONG_TAG."""
    start = 0
    while len(html) - start > LONG_TAG:
        # Whatever stands before the last ``>`` within reach is shorter than what is looked for.
        end = html.rfind(">", start, start + LONG_TAG + 1)
        if end < 0:
            return True
        start = end + 1
    return False


def _is_ordinary(html: str) -> bool:
    """Return whether nothing in a document could be costly; False is no more than a doubt.

    One pass at the speed of the pattern: 51 documents of 100 to 700 KB took 0.38 s instead of the 0.52 s of ``_Scan``,
    which weighs every end tag. What is open is never counted too low, as an end tag that does not end the innermost
    element is taken to end nothing: what ``_Scan`` would change, but for menus, is never called ordinary.
    """
    if "<svg" in html:  # there tags close themselves, and titles hold tags: sure to be doubted below
        return False
    stack: list[str] = []
    options = formatting = 0
    for raw, raw_attributes, end, name, attributes in ORDINARY.findall(html):
        if max(len(attributes), len(raw_attributes)) > 2 * MOST_ATTRIBUTES:
            return False
        if raw or not name or name in NEVER_DEEP_AS_WRITTEN:
            options += name in OPTION
        elif not end:
            known = name.lower()
            stack.append(name)
            formatting += known in FORMATTING
            if known in FOREIGN or len(stack) > DEPTH or formatting > FEW:
                return False
        elif stack and stack[-1] == name:
            stack.pop()
            formatting -= name.lower() in FORMATTING
    return options <= MOST_ATTRIBUTES


class _Open(Struct, frozen=True):
    """An open element, and whether it is one of SVG or MathML, where ``/>`` closes."""

    name: str
    foreign: bool


class _Scan:
    """One pass over the tags of a document with the elements that are open, nearly as HTML's parser keeps them.

    Where it differs it takes an element for open that is not: then an end tag too many is added, which does nothing.
    """

    def __init__(self, html: str) -> None:
        self.html = html
        self.pieces: list[str] = []
        self.copied = 0
        self.open: list[_Open] = []
        self.count: Counter[str] = Counter()
        self.formatting: list[str] = []
        self.reopened = 0

    def run(self) -> str:
        """Return the document with what bounds it."""
        at = 0
        while (token := TOKEN.search(self.html, at)) is not None:
            at = self._after(token)
        return "".join((*self.pieces, self.html[self.copied :])) if self.pieces else self.html

    def _after(self, token: re.Match[str]) -> int:
        """Take a token in, and return where the next may begin."""
        if token["name"] is None:
            return self._after_comment(token)
        name = token["name"].lower()
        if token["end"]:
            self._close(name)
            return token.end()
        foreign = self._start(name, token)
        ending = RAW.get(name)
        if ending is None or foreign:
            return token.end()
        found = ending.search(self.html, token.end())
        return found.start() if found else len(self.html)

    def _after_comment(self, token: re.Match[str]) -> int:
        if token[0].startswith("<!--"):
            return token.end()
        is_data = token[0].startswith("<![") and self._in_foreign()
        end = self.html.find("]]>" if is_data else ">", token.end())
        return end + 1 if end >= 0 else len(self.html)

    def _in_foreign(self) -> bool:
        return bool(self.open) and self.open[-1].foreign and self.open[-1].name not in INTEGRATION

    def _start(self, name: str, token: re.Match[str]) -> bool:
        """Take a start tag in, and return whether its element is one of SVG or MathML."""
        if name in LEAVING:
            while self._in_foreign():
                self._pop()
        foreign = name in FOREIGN or self._in_foreign()
        if name in FORMATTING and not foreign:
            self.formatting.append(name)
        elif self.formatting:
            self._reopen(token.start())
        # What is inserted comes in the order of the document: before the tag, into it, after its last attribute.
        if foreign:
            if not token["attributes"].endswith("/"):
                self._push(_Open(name, foreign=True), token.start())
        elif name == "select":
            self._select(token)
        elif name not in NEVER_DEEP:
            self._push(_Open(name, foreign=False), token.start())
        self._trim(token)
        return foreign

    def _select(self, token: re.Match[str]) -> None:
        """Let a menu be one of several choices: otherwise lexbor looks through all its options for each new one."""
        if self.count["select"]:
            self._close("select")
            return
        self._push(_Open("select", foreign=False), token.start())
        self._insert(token.start("attributes"), " multiple")

    def _trim(self, token: re.Match[str]) -> None:
        """Leave out the attributes of an element after the first MOST_ATTRIBUTES."""
        if token.end() - token.start() < 2 * MOST_ATTRIBUTES:
            return
        for number, attribute in enumerate(ATTRIBUTES.finditer(self.html, *token.span("attributes"))):
            if number == MOST_ATTRIBUTES:
                self._insert(attribute.start(), ">")
                self.copied = token.end()
                return

    def _push(self, element: _Open, at: int) -> None:
        if len(self.open) == DEPTH:
            self._insert(at, f"</{self._pop()}>")
        self.open.append(element)
        self.count[element.name] += 1

    def _pop(self) -> str:
        name = self.open.pop().name
        self.count[name] -= 1
        return name

    def _reopen(self, at: int) -> None:
        """Count the formatting elements that the parser may open anew here, and close them when they are too many."""
        self.reopened += len(self.formatting)
        if self.reopened > REOPENED:
            self._insert(at, "".join(f"</{name}>" for name in reversed(self.formatting)))
            for name in self.formatting[::-1]:
                self._close(name)

    def _close(self, name: str) -> None:
        if name in FORMATTING and name in self.formatting:
            self.formatting.reverse()
            self.formatting.remove(name)
            self.formatting.reverse()
        if not self.count[name]:
            return
        barrier = SCOPE if name in SPECIAL or name in FORMATTING else SPECIAL
        for steps, element in enumerate(reversed(self.open), start=1):
            if element.name == name:
                self._close_at(-steps)
                return
            if steps == REACH or element.name in barrier:
                return

    def _close_at(self, place: int) -> None:
        """Close the element at a place counted from the top, with all above it unless it only formats."""
        above = self.open[place + 1 :] if place < -1 else []
        if self.open[place].name in FORMATTING and any(element.name in SPECIAL for element in above):
            self.count[self.open.pop(place).name] -= 1
            return
        for _ in range(-place):
            self._pop()

    def _insert(self, at: int, tags: str) -> None:
        self.pieces += (self.html[self.copied : at], tags)
        self.copied = at
