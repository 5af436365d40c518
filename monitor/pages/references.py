"""Collect what a document points at: links, pictures, styles, scripts, frames, and moves written in scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from checks.model import Kind, Reference
from checks.reading.template_code import CODE
from monitor.pages.bounds import bounded
from monitor.pages.css import css_urls
from monitor.pages.moves import MOVES, scripted_targets
from monitor.pages.urls import CACHE, Base, HrefResolver, MalformedError

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

KINDS_BY_SUFFIX = {
    **dict.fromkeys("jpg jpeg png gif bmp webp svg ico tif tiff avif".split(), Kind.IMAGE),
    **dict.fromkeys("mp4 mp3 flv avi wmv mov m4v webm wav m3u8 rmvb".split(), Kind.MEDIA),
    **dict.fromkeys("pdf doc docx xls xlsx ppt pptx wps et dps ofd rtf txt csv ceb xps epub".split(), Kind.ATTACHMENT),
    **dict.fromkeys("zip rar 7z gz tar exe apk xml json".split(), Kind.ATTACHMENT),
    "css": Kind.STYLE,
    "js": Kind.SCRIPT,
}

LINK_KINDS = {
    "stylesheet": Kind.STYLE,
    **dict.fromkeys("icon apple-touch-icon apple-touch-icon-precomposed mask-icon image_src".split(), Kind.IMAGE),
    **dict.fromkeys("manifest search".split(), Kind.ATTACHMENT),
    "modulepreload": Kind.SCRIPT,
    **dict.fromkeys(
        # Where the document says that others of its kind stand (HTML 4.01, 6.12; HTML, 4.6.7).
        "canonical alternate amphtml shortlink next prev previous first last start begin end home top up contents toc "
        "index chapter section subsection appendix glossary bookmark help author license copyright made "
        "privacy-policy terms-of-service".split(),
        Kind.PAGE,
    ),
}
"""``link`` relations that load or lead somewhere, whether in ``rel`` or ``rev``; the others (preconnect, dns-prefetch,
pingback, EditURI …) fetch no document, or only guess which one the reader asks for next (prefetch)."""

PRELOADED = {"style": Kind.STYLE, "script": Kind.SCRIPT, "image": Kind.IMAGE, "font": Kind.MEDIA, "video": Kind.MEDIA}
"""What ``link rel=preload`` loads, by ``as``; data (``fetch``) are asked for by scripts, who knows how."""

LAZY = ("data-original", "data-src", "data-lazy-src", "data-lazyload", "data-url")
"""Attributes in which lazy-loading scripts keep the picture that the reader gets to see."""

ATTRIBUTES: dict[str, tuple[tuple[str, Kind], ...]] = {
    "img": (("src", Kind.IMAGE), *((name, Kind.IMAGE) for name in LAZY), ("longdesc", Kind.PAGE)),
    "frame": (("src", Kind.FRAME),),
    "video": (("src", Kind.MEDIA), ("poster", Kind.IMAGE)),
    "audio": (("src", Kind.MEDIA),),
    "track": (("src", Kind.MEDIA),),
    "object": (("data", Kind.MEDIA),),
    "embed": (("src", Kind.MEDIA),),
    "bgsound": (("src", Kind.MEDIA),),
    "form": (("action", Kind.PAGE),),
    "button": (("formaction", Kind.PAGE),),
    "body": (("background", Kind.IMAGE),),
    "table": (("background", Kind.IMAGE),),
    "td": (("background", Kind.IMAGE),),
    "th": (("background", Kind.IMAGE),),
    "tr": (("background", Kind.IMAGE),),
}
"""Element → the attributes that point somewhere, and what they ask for."""

REFERRING = (
    "a,area,link[href],link[imagesrcset],img,image,feImage,use,script[src],svg script,iframe,frame,source,video,audio,"
    "track,object[data],embed[src],bgsound[src],object param[name],form[action],input[type=image],[formaction],meta,"
    "base[href],title,style,body[background],table[background],td[background],th[background],tr[background],"
    "[style*='url' i],[style*='image-set' i],html[lang],option[value],"
    "[onclick*=location],[onclick*='open('],[onchange*=location],[onchange*='open(']"
)
"""Every element that the hot path looks at, in one query of the tree."""

Attributes = dict[str, str | None]

SCRIPT_DRIVEN = frozenset({"onclick", "data-toggle", "data-bs-toggle", "data-target", "data-slide"})
"""Attributes of a link whose script does the work: its ``#…`` is a handle, not a place in the page."""

SCRIPTED = ("onclick", "onchange")
"""Attributes whose script may lead somewhere when the reader clicks or chooses."""

FILMS = frozenset({"movie", "src", "url", "filename"})
"""Parameters of an ``object`` that name what it plays."""

ABSOLUTE = re.compile(r"\s*(?:https?:)?//[\w\[]", re.IGNORECASE)
"""An address that cannot be anything else: what a choice of a menu must be where no script says that it leads away."""

REFRESH = re.compile(r"""^\s*(?=[\d.])[\d.]*\s*[;,]?\s*(?:url\s*=)?\s*["']?([^"']*)""", re.IGNORECASE)
"""A refresh and where it leads. Without a time in front it is none (HTML, shared declarative refresh steps, 5)."""

SRCSET = re.compile(r"\s*([^\s,][^\s]*[^\s,]|[^\s,])(?:\s+[^,]*)?(?:,|$)")

THIN = 3
"""A page with at most so many links of its own may be a mere signpost whose script moves the reader on."""

FRAMES = 3
"""Documents inside each other (``srcdoc``) that are read."""


class ReferenceReader:
    """Collect the references of one document in document order, with its title, language and metas."""

    def __init__(self, resolver: HrefResolver, base: Base, charset: str, depth: int = 0) -> None:
        self.resolver, self.base, self.charset, self.depth = resolver, base, charset, depth
        self.references: list[Reference] = []
        self.meta: list[tuple[str, str]] = []
        self.title = self.lang = ""
        self.links = 0
        self._special: dict[str, Callable[[LexborNode, Attributes], None]] = {
            "a": self._anchor,
            "area": self._anchor,
            "meta": self._meta,
            "title": self._title,
            "link": self._link,
            "style": self._style,
            "html": self._html,
            "source": self._source,
            "input": self._input,
            "iframe": self._frame,
            "image": self._drawn,
            "feImage": self._drawn,
            "use": self._drawn,
            "script": self._script_file,
            "option": self._choice,
            "param": self._parameter,
        }

    def read(self, tree: LexborHTMLParser, html: str) -> None:
        """Visit every element that can point somewhere."""
        nodes = tree.css(REFERRING)
        if "<base" in html or "<BASE" in html or "<Base" in html:
            self._rebase(nodes)
        seen = 0
        for node in nodes:
            # An element that fits several of the selectors comes as often, one time right after the other.
            if node.mem_id != seen:
                seen = node.mem_id
                self._visit(node.tag or "", node)
        if "<datastore" in html:
            self._datastore(tree)
        if self.links <= THIN and "location" in html:
            self._scripted_moves(tree)

    def _rebase(self, nodes: list[LexborNode]) -> None:
        for node in nodes:
            # Where scripts run, what stands in <noscript> is text, and SVG has no such element.
            if node.tag == "base" and (node.parent is None or node.parent.tag not in {"noscript", "svg"}):
                try:
                    target = self.resolver.resolve(self.base, node.attributes.get("href") or "", self.charset)
                except MalformedError:
                    return
                if target.url:
                    self.base = Base.of(target.url)
                return

    def _visit(self, tag: str, node: LexborNode) -> None:
        attributes = node.attributes
        special = self._special.get(tag)
        if special is not None:
            special(node, attributes)
        elif tag in ATTRIBUTES:
            self._attributes(tag, attributes)
        if attributes.get("style"):
            self._css(attributes["style"] or "", f"{tag}[style]")
        for name in SCRIPTED:
            script = attributes.get(name)
            if script:
                self._script(script, f"{tag}[{name}]")

    def _anchor(self, node: LexborNode, attributes: Attributes) -> None:
        # Links of SVG write `href` or, as older tools do, `xlink:href`; one with neither is no link.
        href = attributes.get("href", attributes.get("xlink:href"))
        if href is None and "href" not in attributes:
            return
        href = href or ""
        self.links += 1
        text = node.text(strip=True) or attributes.get("title") or attributes.get("alt") or _image_alt(node)
        if href.startswith("#") and not SCRIPT_DRIVEN.isdisjoint(attributes):
            return
        if href[:11].lower() == "javascript:":
            self._script(href[11:], f"{node.tag}[href]", text)
            return
        self._add(href, None, text, f"{node.tag}[href]")

    def _title(self, node: LexborNode, _: Attributes) -> None:
        self.title = self.title or node.text(strip=True)

    def _html(self, _: LexborNode, attributes: Attributes) -> None:
        self.lang = attributes.get("lang") or ""

    def _style(self, node: LexborNode, _: Attributes) -> None:
        self._css(node.text(), "style")

    def _script_file(self, node: LexborNode, attributes: Attributes) -> None:
        """Read the file of a script; in SVG it stands in ``href``."""
        if attributes.get("src"):
            self._add(attributes["src"] or "", Kind.SCRIPT, "", "script[src]")
        href = attributes.get("href") or attributes.get("xlink:href")
        if href and node.parent is not None and node.parent.tag in {"svg", "g", "defs"}:
            self._add(href, Kind.SCRIPT, "", "script[href]")

    def _input(self, _: LexborNode, attributes: Attributes) -> None:
        if (attributes.get("type") or "").lower() == "image":
            self._add(attributes.get("src") or "", Kind.IMAGE, attributes.get("alt") or "", "input[src]")
        if attributes.get("formaction"):
            self._add(attributes["formaction"] or "", Kind.PAGE, attributes.get("value") or "", "input[formaction]")

    def _frame(self, _: LexborNode, attributes: Attributes) -> None:
        """Read a frame: the document in ``srcdoc`` where there is one, as ``src`` is not loaded then."""
        document = attributes.get("srcdoc")
        if document is None and "srcdoc" not in attributes:
            for name in ("src", "data-src"):
                if attributes.get(name):
                    self._add(attributes[name] or "", Kind.FRAME, attributes.get("title") or "", f"iframe[{name}]")
        elif document and self.depth < FRAMES:
            document = bounded(document)
            inner = ReferenceReader(self.resolver, self.base, self.charset, self.depth + 1)
            inner.read(LexborHTMLParser(document), document)
            # A place (`#…`) of such a document is one of its own, not of the page around it.
            self.references += [item for item in inner.references if not item.href.lstrip().startswith("#")]

    def _drawn(self, node: LexborNode, attributes: Attributes) -> None:
        """Read a picture of SVG, or a drawing used from another file."""
        href = attributes.get("href") or attributes.get("xlink:href") or ""
        if href.strip() and not href.lstrip().startswith("#"):
            self._add(href.partition("#")[0], Kind.IMAGE, "", f"{node.tag}[href]")

    def _choice(self, node: LexborNode, attributes: Attributes) -> None:
        """Read a choice of a menu that leads to another site (友情链接)."""
        value = attributes.get("value") or ""
        if ABSOLUTE.match(value) or ("/" in value and _leads_away(node)):
            self._add(value, None, node.text(strip=True), "option[value]")

    def _parameter(self, _: LexborNode, attributes: Attributes) -> None:
        """Read which film a player is to show, as pages for Flash and Windows Media name it."""
        if (attributes.get("name") or "").lower() in FILMS and attributes.get("value"):
            self._add(attributes["value"] or "", Kind.MEDIA, "", "param[value]")

    def _attributes(self, tag: str, attributes: Attributes) -> None:
        text = attributes.get("alt") or attributes.get("title") or ""
        for name, kind in ATTRIBUTES[tag]:
            value = attributes.get(name)
            if value:
                self._add(value, kind, text, f"{tag}[{name}]")
        if tag == "img":
            self._srcset(attributes, "img")

    def _source(self, node: LexborNode, attributes: Attributes) -> None:
        picture = node.parent is not None and node.parent.tag == "picture"
        if attributes.get("src"):
            self._add(attributes["src"] or "", Kind.IMAGE if picture else Kind.MEDIA, "", "source[src]")
        self._srcset(attributes, "source")

    def _srcset(self, attributes: Attributes, tag: str) -> None:
        for name in ("srcset", "data-srcset"):
            for match in SRCSET.finditer(attributes.get(name) or ""):
                self._add(match[1], Kind.IMAGE, "", f"{tag}[{name}]")

    def _meta(self, _: LexborNode, attributes: Attributes) -> None:
        if (attributes.get("http-equiv") or "").lower() == "refresh":
            match = REFRESH.match(attributes.get("content") or "")
            if match and match[1].strip():
                self._add(match[1], None, "", "meta[http-equiv=refresh]")
        name = attributes.get("name") or attributes.get("property")
        if name:
            self.meta.append((name, attributes.get("content") or ""))

    def _link(self, _: LexborNode, attributes: Attributes) -> None:
        relations = f"{attributes.get('rel') or ''} {attributes.get('rev') or ''}".lower().split()
        if "preload" in relations:
            self._preloaded(attributes)
            return
        kind = next((LINK_KINDS[relation] for relation in relations if relation in LINK_KINDS), None)
        if kind is not None:
            self._add(attributes.get("href") or "", kind, "", "link[href]")

    def _preloaded(self, attributes: Attributes) -> None:
        """Read what is loaded ahead; a style is often loaded so, and put to use by a script."""
        kind = PRELOADED.get((attributes.get("as") or "").lower())
        if kind is not None and attributes.get("href"):
            self._add(attributes["href"] or "", kind, "", "link[href]")
        for match in SRCSET.finditer(attributes.get("imagesrcset") or ""):
            self._add(match[1], Kind.IMAGE, "", "link[imagesrcset]")

    def _css(self, text: str, element: str) -> None:
        for href in css_urls(text):
            self._add(href, css_kind(href), "", element)

    def _script(self, script: str, element: str, text: str = "") -> None:
        """Read where a click leads by script."""
        if any(move in script for move in MOVES):
            for href in scripted_targets(script):
                self._add(href, None, text, element)

    def _datastore(self, tree: LexborHTMLParser) -> None:
        for script in tree.css("script[type='text/xml']"):
            for record in records(script.text()):
                for node in LexborHTMLParser(bounded(record)).css("a[href]"):
                    href = node.attributes.get("href") or ""
                    self._add(href, None, node.text(strip=True), "datastore a[href]")

    def _scripted_moves(self, tree: LexborHTMLParser) -> None:
        for script in tree.css("script:not([src])"):
            for href in scripted_targets(script.text(), windows=False):
                self._add(href, None, "", "script location")

    def _add(self, href: str, kind: Kind | None, text: str, element: str) -> None:
        if ("{" in href or "<" in href or "[!--" in href) and CODE.search(href):
            # What a template has yet to fill in is no address; the check `templates` says where it shows.
            self.references.append(Reference(href, "", kind or Kind.PAGE, text, None, element))
            return
        try:
            url, fragment = self.resolver.resolve(self.base, href, self.charset)
        except MalformedError:
            self.references.append(Reference(href, "", kind or Kind.PAGE, text, None, element))
            return
        if url:
            self.references.append(Reference(href, url, kind or kind_of(url), text, fragment, element))


def records(text: str) -> Iterator[str]:
    """Yield the HTML of each record of a 大汉 list, which keeps its items in CDATA sections of a script."""
    for record in text.split("<record>")[1:]:
        _, mark, rest = record.partition("<![CDATA[")
        if mark:
            yield rest.partition("]]>")[0]


def _image_alt(node: LexborNode) -> str:
    image = node.css_first("img[alt]")
    return (image.attributes["alt"] or "").strip() if image else ""


def _leads_away(option: LexborNode) -> bool:
    """Return whether choosing from the menu of an option opens what was chosen."""
    menu = option.parent
    while menu is not None and menu.tag in {"optgroup", "option"}:
        menu = menu.parent
    script = (menu.attributes.get("onchange") or "") if menu is not None and menu.tag == "select" else ""
    return any(move in script for move in MOVES)


@lru_cache(maxsize=CACHE)
def kind_of(url: str) -> Kind:
    """Tell what a link asks for by the last part of its path: an attachment, a picture, else a page."""
    path = url.partition("?")[0]
    dot = path.rfind(".", path.rfind("/") + 1)
    return KINDS_BY_SUFFIX.get(path[dot + 1 :].lower(), Kind.PAGE) if dot > 0 else Kind.PAGE


def css_kind(href: str) -> Kind:
    """Tell what a style sheet asks for: another sheet, or something to draw with."""
    return Kind.STYLE if kind_of(href) is Kind.STYLE else Kind.IMAGE
