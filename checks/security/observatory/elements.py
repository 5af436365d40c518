"""Read the judged page as the Observatory's jsdom does: what meta elements say, and which scripts it loads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ada_url import URL
from selectolax.lexbor import LexborHTMLParser, LexborNode

from checks.model import Answer
from checks.security.observatory.node import header, trim

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
"""Media types that count as HTML, to the letter: other capitals or a space before the semicolon do not."""


HTML_AGAIN = frozenset({"foreignObject", "desc", "title", "annotation-xml", "mi", "mo", "mn", "ms", "mtext", "body"})
"""Elements inside SVG and MathML whose content is HTML again, and the one above which there is neither."""


class ScriptElement(NamedTuple):
    """One script element: ``src`` as the browser would report it, empty for one written into the page."""

    src: str
    integrity: str


def is_html(answer: Answer) -> bool:
    """Whether the answer claims to be HTML in a spelling that the Observatory knows."""
    return (header(answer.response, "content-type") or "").split(";")[0] in HTML_TYPES


def meta_policies(answer: Answer) -> list[str]:
    """Return the policies in ``meta http-equiv=content-security-policy``, in order; empty ones are overlooked."""
    named = [
        meta for meta in _metas(answer) if trim((meta.get("http-equiv") or "").lower()) == "content-security-policy"
    ]
    contents = [meta.get("content") for meta in named]
    return [content for content in contents if content]


def meta_referrer(answer: Answer) -> str | None:
    """Return the content of the last ``meta name=referrer`` that has one."""
    found = None
    for meta in _metas(answer):
        if "http-equiv" in meta and "content" in meta:
            continue
        if trim((meta.get("name") or "").lower()) == "referrer":
            found = meta.get("content") or found
    return found


def _metas(answer: Answer) -> Iterator[dict[str, str | None]]:
    """Yield the attributes of every meta element, read as a fragment: a noscript then hides what it holds."""
    if answer.body and is_html(answer):
        yield from _fragment_metas(answer.body)


@lru_cache(maxsize=4)
def _fragment_metas(body: str) -> tuple[dict[str, str | None], ...]:
    tree = LexborHTMLParser(body, is_fragment=True, fragment_tag="template", scripting=True)
    in_select = {meta.mem_id for meta in tree.css("select meta")}
    return tuple(meta.attributes for meta in tree.css("meta") if meta.mem_id not in in_select)


def scripts(answer: Answer) -> list[ScriptElement]:
    """Return every script element of the document, with scripting off, as jsdom finds them."""
    tree = LexborHTMLParser(answer.body)
    base = _base(tree)
    has_foreign = tree.css_first("svg, math") is not None
    return [
        ScriptElement("", "") if has_foreign and _is_foreign(node) else _script(node, base)
        for node in tree.css("script")
    ]


def _base(tree: LexborHTMLParser) -> str | None:
    """Return the address that the first ``base href`` sets; jsdom is not told the page's own."""
    first = tree.css_first("base[href]")
    if first is None:
        return None
    base = _resolve(first.attributes.get("href") or "", None)
    return None if base is None or base.startswith(("data:", "javascript:")) else base


def _script(node: LexborNode, base: str | None) -> ScriptElement:
    raw = node.attributes.get("src") or ""
    if not raw and (base is None or "src" not in node.attributes):
        return ScriptElement("", "")
    return ScriptElement(_resolve(raw, base) or raw, node.attributes.get("integrity") or "")


def _resolve(address: str, base: str | None) -> str | None:
    """Return an address in full, or None where it has none: a relative one without a base."""
    try:
        return URL(address, base=base or "about:blank").href
    except ValueError:
        return None


def _is_foreign(node: LexborNode) -> bool:
    """Whether a script belongs to SVG or MathML, whose elements have no ``src`` of their own."""
    parent = node.parent
    while parent is not None and parent.tag not in HTML_AGAIN:
        if parent.tag in {"svg", "math"}:
            return True
        parent = parent.parent
    return False
