"""Read what one element refers to: by the table of attributes, or a function of its own where that takes more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from checks.late_pattern import late
from checks.model import Kind
from checks.reading.link_text import link_text
from monitor.pages.moves import MOVES
from monitor.pages.reference_kinds import ATTRIBUTES, LINK_KINDS, PRELOADED
from monitor.pages.regions import number_of
from monitor.pages.written_references import WrittenReferences

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

Attributes = dict[str, str | None]

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

NAMED = frozenset({number_of("a"), number_of("map")})
"""Elements whose ``name`` is a place (HTML 4.01, 12.2.1)."""


def places_of(node: LexborNode, attributes: Attributes) -> tuple[str, ...]:
    """Return by what names a fragment may call an element; ``attributes`` are its own."""
    named, name = attributes.get("id"), attributes.get("name")
    if name and node.tag_id in NAMED:
        return (named, name) if named else (name,)
    return (named,) if named else ()


def refresh_goal(value: str) -> str:
    """Return where a refresh leads, as it is written in a header or a meta; "" where it leads nowhere."""
    match = REFRESH.match(value)
    return (match[1] or match[2] or match[3] or "").strip() if match else ""


def _anchor(found: WrittenReferences, node: LexborNode, attributes: Attributes) -> None:
    # Links of SVG write `href` or, as older tools do, `xlink:href`; one with neither is no link.
    href = attributes.get("href", attributes.get("xlink:href"))
    if href is None and "href" not in attributes:
        return
    href = href or ""
    found.links += 1
    text = link_text(node) or attributes.get("title") or attributes.get("alt") or _image_alt(node)
    if href.startswith("#") and not SCRIPT_DRIVEN.isdisjoint(attributes):
        return
    if href[:11].lower() == "javascript:":
        found.add_moves(href[11:], f"{node.tag}[href]", text)
        return
    found.add(href, None, text, f"{node.tag}[href]")


def _title(found: WrittenReferences, node: LexborNode, _: Attributes) -> None:
    found.title = found.title or node.text(strip=True)


def _language(found: WrittenReferences, _: LexborNode, attributes: Attributes) -> None:
    if "lang" in attributes:
        found.lang = attributes["lang"] or ""


def _style(found: WrittenReferences, node: LexborNode, _: Attributes) -> None:
    found.add_styles(node.text(), "style")


def _script_file(found: WrittenReferences, node: LexborNode, attributes: Attributes) -> None:
    """Read the file of a script; in SVG it stands in ``href``."""
    if attributes.get("src"):
        found.add(attributes["src"] or "", Kind.SCRIPT, "", "script[src]")
    href = attributes.get("href") or attributes.get("xlink:href")
    if href and node.parent is not None and node.parent.tag in {"svg", "g", "defs"} and _stands_in(node, "svg"):
        found.add(href, Kind.SCRIPT, "", "script[href]")


def _input(found: WrittenReferences, _: LexborNode, attributes: Attributes) -> None:
    source = attributes.get("src") or ""
    if source.strip() and (attributes.get("type") or "").lower() == "image":  # an empty one is not the page itself
        found.add(source, Kind.IMAGE, attributes.get("alt") or "", "input[src]")
    if attributes.get("formaction"):
        found.add(attributes["formaction"] or "", Kind.PAGE, attributes.get("value") or "", "input[formaction]")


def _drawn(found: WrittenReferences, node: LexborNode, attributes: Attributes) -> None:
    """Read a picture of SVG, or a drawing used from another file."""
    href = attributes.get("href") or attributes.get("xlink:href") or ""
    if href.strip() and not href.lstrip().startswith("#"):
        found.add(href.partition("#")[0], Kind.IMAGE, "", f"{node.tag}[href]")


def _choice(found: WrittenReferences, node: LexborNode, attributes: Attributes) -> None:
    """Read a choice of a menu that leads to another site (友情链接)."""
    value = attributes.get("value") or ""
    if ABSOLUTE.match(value) or (PATH.search(value) and _leads_away(node)):
        found.add(value, None, node.text(strip=True), "option[value]")


def _parameter(found: WrittenReferences, node: LexborNode, attributes: Attributes) -> None:
    """Read which film a player is to show, as pages for Flash and Windows Media name it."""
    if (attributes.get("name") or "").lower() in FILMS and attributes.get("value") and _stands_in(node, "object"):
        found.add(attributes["value"] or "", Kind.MEDIA, "", "param[value]")


def _form(found: WrittenReferences, _: LexborNode, attributes: Attributes) -> None:
    """Read where a form sends to; one that posts is named by that, since a GET says less of its goal."""
    posts = (attributes.get("method") or "").lower() == "post"  # as browsers do, blanks around it are no method
    if attributes.get("action"):
        found.add(attributes["action"] or "", Kind.PAGE, "", POSTING if posts else "form[action]")


def _source(found: WrittenReferences, node: LexborNode, attributes: Attributes) -> None:
    picture = node.parent is not None and node.parent.tag == "picture"
    if attributes.get("src"):
        found.add(attributes["src"] or "", Kind.IMAGE if picture else Kind.MEDIA, "", "source[src]")
    _srcset(found, attributes, "source")


def _meta(found: WrittenReferences, _: LexborNode, attributes: Attributes) -> None:
    if (attributes.get("http-equiv") or "").lower() == "refresh":
        goal = refresh_goal(attributes.get("content") or "")
        if goal:
            found.add(goal, None, "", "meta[http-equiv=refresh]")
    name = attributes.get("name") or attributes.get("property")
    if name:
        found.meta.append((name, attributes.get("content") or ""))


def _link(found: WrittenReferences, _: LexborNode, attributes: Attributes) -> None:
    relations = f"{attributes.get('rel') or ''} {attributes.get('rev') or ''}".lower().split()
    if "preload" in relations:
        _preloaded(found, attributes)
        return
    kind = next((LINK_KINDS[relation] for relation in relations if relation in LINK_KINDS), None)
    if kind is not None and "href" in attributes:
        found.add(attributes["href"] or "", kind, "", "link[href]")


def _srcset(found: WrittenReferences, attributes: Attributes, tag: str) -> None:
    for name in ("srcset", "data-srcset"):
        for match in SRCSET.finditer(attributes.get(name) or ""):
            found.add(match[1], Kind.IMAGE, "", f"{tag}[{name}]")


def _preloaded(found: WrittenReferences, attributes: Attributes) -> None:
    """Read what is loaded ahead; a style is often loaded so, and put to use by a script."""
    kind = PRELOADED.get((attributes.get("as") or "").lower())
    if kind is not None and attributes.get("href"):
        found.add(attributes["href"] or "", kind, "", "link[href]")
    for match in SRCSET.finditer(attributes.get("imagesrcset") or ""):
        found.add(match[1], Kind.IMAGE, "", "link[imagesrcset]")


def _by_table(found: WrittenReferences, tag: str, attributes: Attributes) -> None:
    """Read an element that the table of attributes (``ATTRIBUTES``) describes."""
    text = attributes.get("alt") or attributes.get("title") or ""
    for name, kind in ATTRIBUTES[tag]:
        value = attributes.get(name)
        if value and not value.isspace():
            found.add(value, kind, text, f"{tag}[{name}]")
    if tag == "img":
        _srcset(found, attributes, "img")


def _image_alt(node: LexborNode) -> str:
    image = node.css_first("img[alt]")
    return (image.attributes["alt"] or "").strip() if image else ""


def _stands_in(node: LexborNode, tag: str) -> bool:
    around = node.parent
    while around is not None and around.tag != tag:
        around = around.parent
    return around is not None


def _leads_away(option: LexborNode) -> bool:
    """Return whether choosing from the menu of an option opens what was chosen."""
    menu = option.parent
    while menu is not None and menu.tag in {"optgroup", "option"}:
        menu = menu.parent
    script = (menu.attributes.get("onchange") or "") if menu is not None and menu.tag == "select" else ""
    return any(move in script for move in MOVES)


READERS: dict[str, Callable[[WrittenReferences, LexborNode, Attributes], None]] = {
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


def read_element(found: WrittenReferences, node: LexborNode, attributes: Attributes) -> None:
    """Read what an element refers to, whatever it is; ``attributes`` are its own."""
    tag = node.tag or ""
    read = READERS.get(tag)
    if read is not None:
        read(found, node, attributes)
    elif tag in ATTRIBUTES:
        _by_table(found, tag, attributes)
    if attributes.get("style"):
        found.add_styles(attributes["style"] or "", f"{tag}[style]")
    for name in SCRIPTED:
        script = attributes.get(name)
        if script:
            # What a menu opens is named by its choices, which are too many to name it by.
            words = "" if tag == "select" else node.text(strip=True)[:MOST_WORDS]
            found.add_moves(script, f"{tag}[{name}]", words)
