"""Read what one element refers to: by the table of attributes, or a function of its own where that takes more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from checks.late_pattern import late
from checks.model import Kind
from checks.model.html_tree import parent_of, stripped_text
from checks.reading.link_text import link_text
from monitor.pages.moves import MOVES
from monitor.pages.reference_kinds import ATTRIBUTES, LINK_KINDS, PRELOADED
from monitor.pages.written_references import WrittenReferences

if TYPE_CHECKING:
    from checks.model.turbohtml_core import Element

SCRIPT_DRIVEN = frozenset({"onclick", "data-toggle", "data-bs-toggle", "data-target", "data-slide"})
"""Attributes of a link whose script does the work: its ``#…`` is a handle, not a place in the page."""

POSTING = "form[method=post]"
"""What a form is called that sends by POST."""

FILMS = frozenset({"movie", "src", "url", "filename"})
"""Parameters of an ``object`` that name what it plays."""

PATH = late(r"/|^[\w-]+\.(?:s?html?|php|aspx?|jspx?|do|action)(?:[?#]|$)", re.IGNORECASE)
"""An address among the choices of a menu whose script says that it leads away; the others are names and numbers."""

ABSOLUTE = late(
    r"\s*(?:(?:https?:)?//[\w\[]|/(?!/)[\w./-]{1,200}\.(?:s?html?|php|aspx?|jspx?)\s*(?:[?#]|\Z))", re.IGNORECASE
)
"""An address, or the path of a page, that cannot be anything else: what a choice of a menu must be where no script says
that it leads away."""

REFRESH = re.compile(
    r"""\s*(?=[0-9.])[0-9.]*+(?=[;,\s])\s*+[;,]?+\s*+(?:url\s*+=\s*+)?+(?:'([^']*)|"([^"]*)|([^'"].*))""",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
"""A refresh that leads somewhere: a time, a mark or a blank, an address that a quote ends only where one began it
(HTML, shared declarative refresh steps)."""

SCRIPTED = ("onclick", "onchange")
"""Attributes whose script may lead somewhere when the reader clicks or chooses."""

MOST_WORDS = 100
"""Characters that are kept of what stands in an element that leads away by script; it may be any part of the page."""

SRCSET = late(r"\s*([^\s,][^\s]*[^\s,]|[^\s,])(?:\s+[^,]*)?(?:,|$)")


def refresh_goal(value: str) -> str:
    """Return where a refresh leads, as it is written in a header or a meta; "" where it leads nowhere."""
    match = REFRESH.match(value)
    return (match[1] or match[2] or match[3] or "").strip() if match else ""


def _anchor(found: WrittenReferences, node: Element) -> None:
    href = node.attr("href")
    if href is None:
        # Links of SVG write `href` or, as older tools do, `xlink:href`; one with neither is no link.
        href = node.attr("xlink:href")
        if href is None:
            return
    found.links += 1
    text = link_text(node) or node.attr("title") or node.attr("alt") or _image_alt(node)
    if href.startswith("#") and not SCRIPT_DRIVEN.isdisjoint(node.attrs):
        return
    if href[:11].lower() == "javascript:":
        found.add_moves(href[11:], f"{node.tag}[href]", text)
        return
    found.add(href, None, text, f"{node.tag}[href]")


def _title(found: WrittenReferences, node: Element) -> None:
    found.title = found.title or stripped_text(node)


def _language(found: WrittenReferences, node: Element) -> None:
    found.lang = node.attr("lang") or found.lang


def _style(found: WrittenReferences, node: Element) -> None:
    found.add_styles(node.text, "style")


def _script_file(found: WrittenReferences, node: Element) -> None:
    """Read the file of a script; in SVG it stands in ``href``."""
    source = node.attr("src")
    if source:
        found.add(source, Kind.SCRIPT, "", "script[src]")
    href = node.attr("href") or node.attr("xlink:href")
    around = parent_of(node)
    if href and around is not None and around.tag in {"svg", "g", "defs"} and node.closest("svg") is not None:
        found.add(href, Kind.SCRIPT, "", "script[href]")


def _input(found: WrittenReferences, node: Element) -> None:
    source = node.attr("src") or ""
    if source.strip() and (node.attr("type") or "").lower() == "image":  # an empty one is not the page itself
        found.add(source, Kind.IMAGE, node.attr("alt") or "", "input[src]")
    goal = node.attr("formaction")
    if goal:
        found.add(goal, Kind.PAGE, node.attr("value") or "", "input[formaction]")


def _drawn(found: WrittenReferences, node: Element) -> None:
    """Read a picture of SVG, or a drawing used from another file."""
    href = node.attr("href") or node.attr("xlink:href") or ""
    if href.strip() and not href.lstrip().startswith("#"):
        found.add(href.partition("#")[0], Kind.IMAGE, "", f"{node.tag}[href]")


def _choice(found: WrittenReferences, node: Element) -> None:
    """Read a choice of a menu that leads to another site (友情链接)."""
    value = node.attr("value") or ""
    if ABSOLUTE.match(value) or (PATH.search(value) and _leads_away(node)):
        found.add(value, None, stripped_text(node), "option[value]")


def _parameter(found: WrittenReferences, node: Element) -> None:
    """Read which film a player is to show, as pages for Flash and Windows Media name it."""
    value = node.attr("value")
    if value and (node.attr("name") or "").lower() in FILMS and node.closest("object") is not None:
        found.add(value, Kind.MEDIA, "", "param[value]")


def _form(found: WrittenReferences, node: Element) -> None:
    """Read where a form sends to; one that posts is named by that, since a GET says less of its goal."""
    posts = (node.attr("method") or "").lower() == "post"  # as browsers do, blanks around it are no method
    action = node.attr("action")
    if action:
        found.add(action, Kind.PAGE, "", POSTING if posts else "form[action]")


def _source(found: WrittenReferences, node: Element) -> None:
    around = parent_of(node)
    picture = around is not None and around.tag == "picture"
    source = node.attr("src")
    if source:
        found.add(source, Kind.IMAGE if picture else Kind.MEDIA, "", "source[src]")
    _srcset(found, node)


def _meta(found: WrittenReferences, node: Element) -> None:
    if (node.attr("http-equiv") or "").lower() == "refresh":
        goal = refresh_goal(node.attr("content") or "")
        if goal:
            found.add(goal, None, "", "meta[http-equiv=refresh]")
    name = node.attr("name") or node.attr("property")
    if name:
        found.meta.append((name, node.attr("content") or ""))


def _link(found: WrittenReferences, node: Element) -> None:
    relations = f"{node.attr('rel') or ''} {node.attr('rev') or ''}".lower().split()
    if "preload" in relations:
        _preloaded(found, node)
        return
    kind = next((LINK_KINDS[relation] for relation in relations if relation in LINK_KINDS), None)
    href = node.attr("href")
    if kind is not None and href is not None:
        found.add(href, kind, "", "link[href]")


def _srcset(found: WrittenReferences, node: Element) -> None:
    for name in ("srcset", "data-srcset"):
        for match in SRCSET.finditer(node.attr(name) or ""):
            found.add(match[1], Kind.IMAGE, "", f"{node.tag}[{name}]")


def _preloaded(found: WrittenReferences, node: Element) -> None:
    """Read what is loaded ahead; a style is often loaded so, and put to use by a script."""
    kind = PRELOADED.get((node.attr("as") or "").lower())
    href = node.attr("href")
    if kind is not None and href:
        found.add(href, kind, "", "link[href]")
    for match in SRCSET.finditer(node.attr("imagesrcset") or ""):
        found.add(match[1], Kind.IMAGE, "", "link[imagesrcset]")


def _by_table(found: WrittenReferences, node: Element) -> None:
    """Read an element that the table of attributes (``ATTRIBUTES``) describes."""
    text = node.attr("alt") or node.attr("title") or ""
    for name, kind in ATTRIBUTES[node.tag]:
        value = node.attr(name)
        if value and not value.isspace():
            found.add(value, kind, text, f"{node.tag}[{name}]")
    if node.tag == "img":
        _srcset(found, node)


def _image_alt(node: Element) -> str:
    image = node.select_one("img[alt]")
    return (image.attr("alt") or "").strip() if image is not None else ""


def _leads_away(option: Element) -> bool:
    """Return whether choosing from the menu of an option opens what was chosen."""
    menu = parent_of(option)
    while menu is not None and menu.tag in {"optgroup", "option"}:
        menu = parent_of(menu)
    script = (menu.attr("onchange") or "") if menu is not None and menu.tag == "select" else ""
    return any(move in script for move in MOVES)


READERS: dict[str, Callable[[WrittenReferences, Element], None]] = {
    "a": _anchor,
    "area": _anchor,
    "meta": _meta,
    "title": _title,
    "link": _link,
    "style": _style,
    "html": _language,
    "form": _form,
    "source": _source,
    "input": _input,
    "image": _drawn,
    "feImage": _drawn,
    "use": _drawn,
    "script": _script_file,
    "option": _choice,
    "param": _parameter,
}
"""Element → what reads it. An ``iframe`` may hold a document: ``references`` reads it."""


def read_element(found: WrittenReferences, node: Element) -> None:
    """Read what an element refers to because of what it is."""
    read = READERS.get(node.tag)
    if read is not None:
        read(found, node)
    elif node.tag in ATTRIBUTES:
        _by_table(found, node)


def read_any_element(found: WrittenReferences, node: Element) -> None:
    """Read what an element refers to whatever it is: in its style, and in what a click on it does."""
    style = node.attr("style")
    if style:
        found.add_styles(style, f"{node.tag}[style]")
    for name in SCRIPTED:
        script = node.attr(name)
        if script:
            # What a menu opens is named by its choices, which are too many to name it by.
            words = "" if node.tag == "select" else stripped_text(node)[:MOST_WORDS]
            found.add_moves(script, f"{node.tag}[{name}]", words)
