"""Say what pages say in the reader's language: the words of the reports, and those of the console beside them.

One TOML file a language in ``locale/``, with the same keys in each, as the reports have it. No section has the name of
one of theirs.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from checks.model import Text
from reports.wording import LANGUAGES, Words, words

PACKAGE = "monitor.console"


@cache
def console_words(language: str) -> Words:
    """Return the wording for a BCP 47 tag: English for ``en`` and its variants, Chinese for everything else."""
    known = words(language)
    source = files(PACKAGE).joinpath(f"locale/{known.language}.toml").read_text("utf-8")
    return Words(known.language, {**known.table, **tomllib.loads(source)})


def in_every_language(key: str, **values: object) -> Text:
    """Return a text of the console in both languages, for who says later in which."""
    chinese, english = (console_words(language)(key, **values) for language in LANGUAGES)
    return Text(chinese, english)


def preferred_language(accepted: str) -> str:
    """Return the first language of an Accept-Language header that we speak; the header's order counts, not its weights.

    Browsers list what they prefer first.
    """
    for part in accepted.split(","):
        tag = part.partition(";")[0].strip().lower()
        if tag.startswith("zh"):
            return LANGUAGES[0]
        if tag.startswith("en"):
            return LANGUAGES[1]
    return LANGUAGES[0]
