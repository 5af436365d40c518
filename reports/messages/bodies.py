"""Write the bodies of a message: HTML and text for mail, Markdown and text for chats.

Whatever comes from a page is inert in all of them. HTML is escaped by Jinja, as in reports. Chats disagree on how
markup is escaped, and some have no way at all, so what one of them reads as markup or as a call to somebody (``@``,
``<``) is written in its full width: it reads the same and does nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from reports.messages.message import Message
from reports.safe import one_line, visible, web_address
from reports.wording import words

LONGEST = 200
"""Characters of one text of a message that are shown."""

MARKUP = re.compile(r"[\\`*_{}\[\]()#|<>&~@!$^]")
"""What some chat reads as markup wherever it stands."""

LINE_START = re.compile(r"^(?:[-+=:]|\d+[.)](?=\s))")
"""What makes a list, a heading or a rule at the start of a line, or a formula in a cell."""

AUTOLINK = re.compile(r":(?=//)|\.(?<=www\.)", re.IGNORECASE)
"""What makes bare text a link."""

FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
"""ASCII characters and their full-width forms (U+FF01 to U+FF5E)."""

Body = Callable[[Message], str]


def html_body(message: Message) -> str:
    """Return the message as an HTML document for mail."""
    return _environment().get_template("message.html.jinja").render(_view(message, _encodable))


def text_body(message: Message) -> str:
    """Return the message as plain text that nobody reads as markup, exact but for what would hide or act."""
    return _render("message.text.jinja", message, _encodable)


def chat_text(message: Message) -> str:
    """Return the message as text for any chat: no address of a page becomes a link, and nobody is called."""
    return _render("message.text.jinja", message, inert)


def chat_markdown(message: Message) -> str:
    """Return the message in the Markdown that DingTalk and WeCom have in common: headings, bold, lists, links."""
    return _render("message.markdown.jinja", message, inert)


def fitted(message: Message, write: Body, size: int) -> str:
    """Return a body of at most ``size`` bytes of UTF-8: what does not fit is counted, and no row is cut in two.

    Rows go first, the last ones before the others, then figures. Links and the key stay.
    """
    for shorter in (message, *_shorter(message)):
        body = write(shorter)
        if len(body.encode()) <= size:
            return _with_more_rows(message, shorter, body, write, size)
    return body.encode()[: size - len("…".encode())].decode("utf-8", "ignore") + "…"


def _shorter(message: Message) -> list[Message]:
    """Return shorter and shorter forms of a message: half the rows, a quarter …, then half the figures, a quarter …."""
    fewer_rows = [message.with_rows(shown) for shown in _halves(message.rows)]
    return fewer_rows + [message.with_rows(0).with_figures(shown) for shown in _halves(len(message.figures))]


def _halves(number: int) -> list[int]:
    return [number >> step for step in range(1, number.bit_length() + 1)]


def _with_more_rows(message: Message, shorter: Message, body: str, write: Body, size: int) -> str:
    """Return the longest body that fits, from one that does."""
    if shorter.figures != message.figures:
        return body
    for shown in range(shorter.rows + 1, message.rows):
        longer = write(message.with_rows(shown))
        if len(longer.encode()) > size:
            break
        body = longer
    return body


def shortened(text: str, characters: int = LONGEST) -> str:
    """Cut a text at the end of a word, or between two Chinese characters, with … where something is missing."""
    if len(text) <= characters:
        return text
    cut = text[: characters - 1]
    if text[characters - 1].isascii() and not text[characters - 1].isspace():
        whole_words = re.sub(r"[\x21-\x7e]+$", "", cut)
        cut = whole_words if len(whole_words) > characters // 2 else cut
    return cut.rstrip() + "…"


def inert(text: str) -> str:
    """Return a text that no chat reads as markup, as a link, or as a call to somebody."""
    for pattern in (MARKUP, AUTOLINK, LINE_START):
        text = pattern.sub(_full_width, text)
    return _encodable(text)


def _full_width(match: re.Match[str]) -> str:
    return match[0].translate(FULL_WIDTH)


def _encodable(text: str) -> str:
    """Return a text without lone surrogates, which no encoding has."""
    return text.encode("utf-8", "replace").decode()


def _render(template: str, message: Message, escape: Callable[[str], str]) -> str:
    body = _environment().get_template(template).render(_view(message, escape))
    return re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"


def _view(message: Message, escape: Callable[[str], str]) -> dict[str, object]:
    """Return what the templates show a message with; whatever may come from a page passes ``shown`` or ``place``."""
    return {
        "message": message,
        "say": words(message.language),
        "shown": lambda text: escape(shortened(_encodable(one_line(text)))),
        "place": lambda url: escape(web_address(url) or ""),
        "address": _linkable,
        "more": lambda section: section.total - len(section.rows),
    }


def _linkable(url: str) -> str:
    """Return a web address that may stand in the parentheses of a Markdown link, "" where it is none."""
    return (web_address(url) or "").replace("(", "%28").replace(")", "%29")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reports"),
        # Text and Markdown are no HTML; their values pass ``escape``.
        autoescape=select_autoescape(enabled_extensions=("html.jinja",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
