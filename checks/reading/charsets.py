"""Know charsets by their labels in WHATWG's Encoding standard.

Python knows more codecs (``undefined`` raises whatever the bytes are, ``idna`` is no charset), so a label that a page
gives never reaches Python's own look-up.
"""

from __future__ import annotations

from functools import lru_cache

import webencodings

SUPERSETS = {"gbk": "gb18030"}
"""Charsets read as a larger one that agrees with them: in the standard GBK's decoder is GB18030's."""

UNREAD = frozenset({"replacement", "x-user-defined"})
"""Encodings that show no text: ``replacement`` stands for HZ and ISO-2022-CN, which browsers no longer read."""


@lru_cache(maxsize=64)  # the pages of a site declare it in the same words
def codec_of(label: str) -> str | None:
    """Return the name of Python's codec for a label such as ``gb2312``, in any case; None for any other word."""
    encoding = webencodings.lookup(label)
    if encoding is None or encoding.name in UNREAD:
        return None
    return SUPERSETS.get(encoding.name, str(encoding.codec_info.name))
