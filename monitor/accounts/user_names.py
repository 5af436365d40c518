"""Say which user names there can be: each is one for who reads it, however it was typed.

A name is of Latin letters or of Han characters, never of both, and of no other script: а in Cyrillic looks like a, so
it is left out, as Unicode's security mechanisms (UTS #39, "single script") advise. Full-width letters are the plain
ones (NFKC), capital letters the small ones.
"""

from __future__ import annotations

import re
import unicodedata

from checks.model import Text

LONGEST = 64
"""Characters of a name, and of what is looked at of one that is typed."""

LATIN = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])")
HAN = re.compile(r"[\u4e00-\u9fff]{2,20}[0-9]{0,6}")

STROKES = frozenset("丨丶丿乀乁乚乛亅亠丷丄丅")
"""Characters that are strokes: taken for 1, l, a dot or a slash, and in nobody's name."""

RULE = Text(
    "用户名为2至64个小写字母、数字或 . _ - @，或2至20个汉字（后面可带数字）",
    "a user name is 2 to 64 letters, digits or . _ - @, or 2 to 20 Chinese characters with digits after them",
)


class NameRefusedError(ValueError):
    """Nobody can be called so; ``reason`` says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def user_name(typed: str) -> str:
    """Return the name that was typed in the one form in which it is kept. Raises NameRefusedError."""
    name = as_looked_up(typed)
    if not (LATIN.fullmatch(name) or HAN.fullmatch(name)) or STROKES & set(name):
        raise NameRefusedError(RULE)
    return name


def as_looked_up(typed: str) -> str:
    """Return what was typed as names are kept, whether there can be such a name or not."""
    # Neither half of a surrogate pair nor a NUL reaches the store: PostgreSQL takes no text that holds one.
    whole = typed[: 4 * LONGEST].encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", whole.strip()).casefold())
