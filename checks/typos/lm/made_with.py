"""Name what the language model's tables are made with, so that tables of other code or counts are not read.

Apart from ``prepare``: every command asks whether the models are there, and numpy was 14 MiB and 0.3 CPU s of it.
"""

from __future__ import annotations

import hashlib
from functools import cache

from checks.packaged import packaged_bytes, packaged_edition

CODE = tuple(f"lm/{name}.py" for name in ("likely_pairs", "prepare", "symbols", "table", "wordgrams"))
COUNTS = tuple(f"data/official{name}.npz" for name in ("", "_words", "_pairs"))
"""Files of the package; the Makefile names the same, to make the tables anew."""


@cache
def maker() -> str:
    """Return a digest of the code and the packaged counts that the tables are made with."""
    digest = hashlib.sha256()
    for part in (*CODE, *COUNTS):
        digest.update(packaged_bytes("checks.typos", part))
    return digest.hexdigest()


@cache
def edition() -> str:
    """Return a digest that changes with ``maker``, of the checksums that the packaged counts have: it takes 1 ms."""
    parts = (packaged_edition("checks.typos", part) for part in (*CODE, *COUNTS))
    return hashlib.sha256(b"".join(parts)).hexdigest()
