"""Make text that a website wrote harmless before a report quotes it.

A page may hold anything: control characters that steer a terminal, marks that turn the direction of reading so that
``exe.pdf`` shows as ``fdp.exe``, zero-width letters, lone surrogates that no file can hold. A report shows what is
there instead of obeying it (Unicode TR 36, "bidirectional text spoofing").
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote, urlsplit

from checks.late_pattern import late

KEPT = frozenset("\n\t")
"""Control characters that mean what they do; formats that want one line use ``one_line``."""

UNCOMMON = late(r"[^ -~\n\t\u3000-\u303e\u4e00-\u9fff\uff01-\uff5e]")
"""Characters that must be looked at one by one; all others show what they are, or are kept."""

CELL_CHARACTERS = 32_767
"""What one cell of a spreadsheet holds, in UTF-16 units (Excel specifications and limits)."""


def visible(text: str) -> str:
    """Return the text with every character that would act or hide, rather than show, spelled out.

    C0 controls become their pictures (``␛``), the rest of the unprintable ones ``[U+202E]``. Spaces of every width,
    line feeds and tabs stay.
    """
    if text.isprintable():
        return text
    return UNCOMMON.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    character = match[0]
    if character.isprintable() or character in KEPT or unicodedata.category(character) == "Zs":
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return f"[U+{code:04X}]"


def one_line(text: str) -> str:
    """Return the visible text on one line, runs of white space made one space."""
    return visible(" ".join(text.split()))


def clip(text: str, characters: int) -> str:
    """Cut a text to a number of characters, the last of them ``…`` where something is missing."""
    return text if len(text) <= characters else text[: characters - 1] + "…"


def unix_lines(text: str) -> str:
    """Return a text whose lines end as a spreadsheet cell has them."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def is_own_cell(text: str) -> bool:
    """Return whether a text is short and plain enough to be a spreadsheet cell as it is; of others ``cell`` tells."""
    return len(text) <= CELL_CHARACTERS // 2 and text.isprintable()


def cell(text: str) -> str:
    """Return what one spreadsheet cell may hold of a text.

    Excel counts UTF-16 units: a character beyond the first plane (emoji, rare ideographs) is two.
    """
    if len(text) <= CELL_CHARACTERS // 2 and text.isprintable():  # is_own_cell, without a call for each cell
        return text
    shown = visible(unix_lines(text))
    if len(shown.encode("utf-16-le")) // 2 <= CELL_CHARACTERS:
        return shown
    units = shown.encode("utf-16-le")[: 2 * (CELL_CHARACTERS - 1)]
    return units.decode("utf-16-le", "ignore") + "…"


def web_address(url: str) -> str | None:
    """Return the URL, fit for an ``href``, if following it is what a web address is for; else None.

    Only http and https: a ``javascript:`` or ``data:`` address is shown as text. Whatever a browser would strip or
    take for an end of the address is percent-encoded.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return quote(url.encode("utf-8", "replace"), safe=":/?#[]@!$&'()*+,;=%~")


def readable(url: str) -> str:
    """Return a URL as people write it: the host in Unicode, percent-encoded UTF-8 decoded, nothing invisible in it."""
    try:
        parts = urlsplit(url)
        shown = parts._replace(netloc=_unicode_host(parts.netloc), path=_decoded(parts.path)).geturl()
    except ValueError:
        shown = url
    return one_line(shown)


def _unicode_host(netloc: str) -> str:
    if "xn--" not in netloc:
        return netloc
    try:
        return netloc.encode("ascii").decode("idna")
    except UnicodeError:
        return netloc


def _decoded(path: str) -> str:
    if "%" not in path:
        return path
    decoded = unquote(path, errors="strict") if _is_utf8(path) else path
    return decoded if not set(decoded) & set(" ?#%<>\"'") else path


def _is_utf8(path: str) -> bool:
    try:
        unquote(path, errors="strict")
    except UnicodeDecodeError:
        return False
    return True
