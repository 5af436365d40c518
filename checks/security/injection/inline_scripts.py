"""Read inline scripts for what an injection does: write links, send readers away, treat spiders differently."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from checks.late_pattern import late
from checks.security.hosts import bare
from checks.security.javascript import UNKNOWN, Conditional, decoded, effects, tokens
from checks.security.javascript.branches import AGENT, APPS, ENGINE, ENGINES, REFERRER, SPIDER, SPIDERS

if TYPE_CHECKING:
    from checks.model.html_tree import Tree

TELLING = late(
    r"write|innerHTML|outerHTML|append|insertAdjacent|fromCharCode|unescape|atob|eval|location|referrer|userAgent|"
    r"\\x|\\u|%3[cC]|\.hide\(|\.style\b|\.src\s*=|document\.title|\[[\"']"
)
"""What an injected script cannot do without; scripts without any of it are not read further."""

DATA_TYPES = ("json", "template", "text/html", "text/xml", "x-tmpl", "x-handlebars")

HIDES = late(
    r"""getElementById\(\s*["']([\w-]+)["']\s*\)\s*\.\s*style\s*\.\s*(?:display|visibility|cssText|left|top|position|height|textIndent|opacity)"""
    r"""\s*=\s*["'][^"']*(?:none|hidden|-\d{3,}|\b0(?:px)?\b)"""
    r"""|\$\(\s*["']([#.][\w-]+)["']\s*\)\s*\.\s*(?:hide\(|css\(\s*["']display["']\s*,\s*["']none)"""
)
ADDRESS = late(r"(?:https?:)?(?:\\?/){2}((?:[\w-]+\.)+[a-z]{2,}|\d{1,3}(?:\.\d{1,3}){3})", re.IGNORECASE)
MARKUP = late(r"<(?:a|area|iframe|frame|script|div|span|marquee|style|p|ul|table|font|center|h\d)\b", re.IGNORECASE)
OPENING = late(r"<(a|area|iframe|frame|script)\b", re.IGNORECASE)
START = late(r"<script\b([^>]{0,2000})>", re.IGNORECASE)
END = late(r"</script\s{0,20}>", re.IGNORECASE)
SOURCE = late(r"\bsrc\s*=", re.IGNORECASE)
CHINESE = late(r"[\u4e00-\u9fff]")

MOST_WRITTEN = 200_000
"""Characters of markup that one script writes, and of what it inserts, that are looked at."""

MOST_EXPANDED = 1_000_000
"""Characters of markup that the scripts of one page write together that are looked at."""

MARK = "data-written-by-script"
"""Attribute that the links of written markup get in the copy of the page that is looked at."""


class InlineScript(Struct, frozen=True):
    """What one inline script does, as far as it shows.

    ``written`` is the markup of ``document.write``, which may open what later markup closes; ``fragments`` is markup
    put in any other way. ``conditional`` are the effects that depend on where a reader comes from or what browser asks.
    ``asks`` tells which readers it singles out, ``referrer`` or ``spider``: a sign, since statistics code asks too.
    """

    written: str = ""
    fragments: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    conditional: tuple[Conditional, ...] = ()
    asks: frozenset[str] = frozenset()
    hides: frozenset[str] = frozenset()
    source: str = ""

    def spells(self, host: str) -> bool:
        """Whether the host stands in the source as it is."""
        return host.lower() in self.source.lower()


@lru_cache(maxsize=1024)
def study(source: str) -> InlineScript:
    """Return what a script does; the scripts of a template are read once."""
    if not TELLING.search(source):
        return InlineScript()
    found = effects(source)
    made = "\n".join(found.code)
    raw = decoded(source)
    whole = f"{source}\n{made}\n" + "\n".join(raw)
    pieces = (
        [token.text[1:-1] for token in tokens(source) if token.kind == "string"]
        if "<a" in source or "<A" in source
        else []
    )
    fragments = dict.fromkeys(
        text
        for text in (part.strip(UNKNOWN) for part in (*found.inserted, *raw, *pieces))
        if (MARKUP.search(text) and "href" in text) or ("src" in text and "<" in text)
    )
    return InlineScript(
        written="".join(within(found.written, MOST_WRITTEN)) if any("<" in text for text in found.written) else "",
        fragments=tuple(within(fragments, MOST_WRITTEN)),
        moves=tuple(found.moves),
        loads=tuple(found.loads),
        titles=tuple(title for title in found.titles if title != UNKNOWN and CHINESE.search(title)),
        conditional=tuple(found.conditional),
        asks=frozenset(_asks(whole)),
        hides=frozenset(_hides(whole)),
        source=source,
    )


def within(texts: Iterable[str], most: int) -> Iterator[str]:
    """Yield texts as long as they have no more characters than ``most`` together."""
    for text in texts:
        most -= len(text)
        if most < 0:
            return
        yield text


def _asks(source: str) -> Iterator[str]:
    plain = APPS.sub("", source)
    if "referrer" in plain and ENGINES.search(plain):
        yield "referrer"
    if "userAgent" in plain and SPIDERS.search(plain):
        yield "spider"


def singles_out(effect: Conditional, asks: frozenset[str]) -> str:
    """Return which readers an effect is meant for, ``referrer`` or ``spider``, "" for everybody.

    A branch that names search engines says so itself. Where they are named elsewhere in the script (a list that a loop
    walks over), only leading readers away counts: counting those who come from somewhere is statistics.
    """
    if effect.kinds >= {REFERRER, ENGINE} or (
        REFERRER in effect.kinds and "referrer" in asks and effect.sort == "moves"
    ):
        return "referrer"
    return "spider" if effect.kinds >= {AGENT, SPIDER} else ""


def _hides(source: str) -> Iterator[str]:
    """Yield a selector of each element that a script hides: by its id, or as the script has it."""
    for match in HIDES.finditer(source):
        selector = match[2]
        if match[1]:
            selector = f"#{match[1]}"
        yield selector


def inline(tree: Tree) -> list[InlineScript]:
    """Return the inline scripts of a page that do anything worth looking at."""
    found = []
    for node in tree.select("script"):
        kind = (node.attr("type") or "").lower()
        if node.attr("src") is None and not any(part in kind for part in DATA_TYPES):
            script = study(node.text)
            if script.source:
                found.append(script)
    return found


def expand(html: str) -> str:
    """Return the page with what its scripts write in their place; the links among it carry MARK.

    A script may open a hidden box that another one closes; only put in place does it show what it hides.
    """
    return "".join(_expanded(html))


def _expanded(html: str) -> Iterator[str]:
    place = written = 0
    while (start := START.search(html, place)) and (end := END.search(html, start.end())):
        script = InlineScript() if SOURCE.search(start[1]) else study(html[start.end() : end.start()])
        yield html[place : start.start()]
        written += len(script.written)
        markup = script.written if written <= MOST_EXPANDED else ""
        yield OPENING.sub(rf"<\1 {MARK}", markup) or html[start.start() : end.end()]
        place = end.end()
    yield html[place:]


def hosts(text: str) -> list[str]:
    """Return the hosts of the absolute addresses in a text; what only running the script would tell is left out."""
    return [bare(match[1]) for match in ADDRESS.finditer(text) if text[match.end() : match.end() + 1] != UNKNOWN]
