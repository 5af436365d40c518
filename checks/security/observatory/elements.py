"""Read the judged page as the Observatory's jsdom does: what meta elements say, and which scripts it loads."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ada_url import URL

from checks.model import Answer
from checks.model.html_tree import Tree, parse_html
from checks.model.turbohtml_core import Element, Namespace, parse_fragment
from checks.security.observatory.node import header, trim

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
"""Media types that count as HTML, to the letter: other capitals or a space before the semicolon do not."""


class ScriptElement(NamedTuple):
    """One script element: ``src`` as the browser would report it, empty for one written into the page."""

    src: str
    integrity: str


class _Meta(NamedTuple):
    """The attributes of one meta element that count here; None where it has none of the name."""

    name: str | None
    http_equiv: str | None
    content: str | None


def is_html(answer: Answer) -> bool:
    """Whether the answer claims to be HTML in a spelling that the Observatory knows."""
    return (header(answer.response, "content-type") or "").split(";")[0] in HTML_TYPES


def meta_policies(answer: Answer) -> list[str]:
    """Return the policies in ``meta http-equiv=content-security-policy``, in order; empty ones are overlooked."""
    named = [meta for meta in _metas(answer) if trim((meta.http_equiv or "").lower()) == "content-security-policy"]
    return [meta.content for meta in named if meta.content]


def meta_referrer(answer: Answer) -> str | None:
    """Return the content of the last ``meta name=referrer`` that has one."""
    found = None
    for meta in _metas(answer):
        if meta.http_equiv is not None and meta.content is not None:
            continue
        if trim((meta.name or "").lower()) == "referrer":
            found = meta.content or found
    return found


def _metas(answer: Answer) -> tuple[_Meta, ...]:
    """Return every meta element, read as a fragment: a noscript then hides what it holds."""
    return _fragment_metas(answer.body) if answer.body and is_html(answer) else ()


@lru_cache(maxsize=4)
def _fragment_metas(body: str) -> tuple[_Meta, ...]:
    """Return the meta elements of a fragment but for those in a ``template`` or, as jsdom still reads it, a menu."""
    fragment = parse_fragment(body, context="template", scripting=True, positions=False)
    left_out = set(fragment.select("select meta, template meta"))
    return tuple(
        _Meta(meta.attr("name"), meta.attr("http-equiv"), meta.attr("content"))
        for meta in fragment.select("meta")
        if meta not in left_out
    )


def scripts(answer: Answer) -> list[ScriptElement]:
    """Return every script element of the document, with scripting off, as jsdom finds them."""
    tree = parse_html(answer.body)
    base = _base(tree)
    return [_script(node, base) for node in tree.select("script")]


def _base(tree: Tree) -> str | None:
    """Return the address that the first ``base href`` sets; jsdom is not told the page's own."""
    first = tree.select_one("base[href]")
    if first is None:
        return None
    base = _resolve(first.attr("href") or "", None)
    return None if base is None or base.startswith(("data:", "javascript:")) else base


def _script(node: Element, base: str | None) -> ScriptElement:
    """Read a script; one that belongs to SVG or MathML has no ``src`` of its own."""
    raw = node.attr("src")
    if raw is None or node.namespace is not Namespace.HTML or not (raw or base):
        return ScriptElement("", "")
    return ScriptElement(_resolve(raw, base) or raw, node.attr("integrity") or "")


def _resolve(address: str, base: str | None) -> str | None:
    """Return an address in full, or None where it has none: a relative one without a base."""
    try:
        return URL(address, base=base or "about:blank").href
    except ValueError:
        return None
