"""What a reference asks for (a page, a picture, an attachment …), by its element, its relation or its suffix."""

from __future__ import annotations

from functools import lru_cache

from checks.model import Kind
from monitor.pages.urls import CACHE

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
    "button": (("formaction", Kind.PAGE),),
    "body": (("background", Kind.IMAGE),),
    "table": (("background", Kind.IMAGE),),
    "td": (("background", Kind.IMAGE),),
    "th": (("background", Kind.IMAGE),),
    "tr": (("background", Kind.IMAGE),),
}
"""Element → the attributes that point somewhere, and what they ask for."""


@lru_cache(maxsize=CACHE)
def kind_of(url: str) -> Kind:
    """Return what a link asks for by the last part of its path: an attachment, a picture, else a page."""
    path = url.partition("?")[0]
    dot = path.rfind(".", path.rfind("/") + 1)
    return KINDS_BY_SUFFIX.get(path[dot + 1 :].lower(), Kind.PAGE) if dot > 0 else Kind.PAGE


def css_kind(href: str) -> Kind:
    """Return what a style sheet asks for: another sheet, or something to draw with."""
    return Kind.STYLE if kind_of(href) is Kind.STYLE else Kind.IMAGE
