"""Say the frame of a report (titles, labels, sentences between findings) in the reader's language.

The wording is data: one TOML file a language in ``reports/locale``, with the same keys in each. What a check is called
and what its rules say stands beside them, as a ``Text``, so that a new check touches no wording here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache

from msgspec import Struct

from checks import CLASSES, check_of
from checks.packaged import packaged_text

LANGUAGES = ("zh-CN", "en")
"""What reports are written in; the first is what a reader gets who asks for nothing."""

HEADING = re.compile(r"^\[(\w+)\]$", re.MULTILINE)
"""The line that begins a section of the wording; a section has keys and texts alone."""


class Sections(Mapping[str, Mapping[str, str]]):
    """The sections of a wording, each read when it is first asked for: a short command needs two of forty.

    Together they are what ``tomllib`` makes of the whole file. Raises KeyError where there is no such section.
    """

    def __init__(self, source: str) -> None:
        _, *parts = HEADING.split(source)
        self._sources = dict(zip(parts[::2], parts[1::2], strict=True))
        self._read: dict[str, Mapping[str, str]] = {}

    def __getitem__(self, name: str) -> Mapping[str, str]:
        if name not in self._read:
            self._read[name] = tomllib.loads(self._sources[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


class Words(Struct, frozen=True):
    """The wording of one language. Call it with a dotted key and the values of its placeholders."""

    language: str
    table: Mapping[str, Mapping[str, str]]

    def __call__(self, key: str, **values: object) -> str:
        """Return the wording of a key; KeyError where there is none."""
        section, name = key.split(".", 1)
        return self.table[section][name].format(**values)

    def count(self, key: str, n: int, **values: object) -> str:
        """Return the wording for a number ``n`` of things: languages with two forms write ``one | many``."""
        one, _, many = self(key, n=f"{n:,}", **values).partition(" | ")
        return many if many and n != 1 else one

    def label(self, section: str, name: str) -> str:
        """Return the label of an id, or the id itself: ids may be newer than the wording."""
        return self.table[section].get(name, name)

    def check(self, check_id: str) -> str:
        """Return what a check is called, or its id where a stored run names a check that is no more."""
        return check_of(check_id).label(self.language) if check_id in CLASSES else check_id

    def moment(self, value: datetime | None) -> str:
        """Write a time as official pages do, ``YYYY-MM-DD HH:MM``, in its own zone."""
        return f"{value:%Y-%m-%d %H:%M}" if value else self("frame.unknown")

    def day(self, value: date | None) -> str:
        """Write a date as official pages do, ``YYYY-MM-DD``."""
        return f"{value:%Y-%m-%d}" if value else self("frame.unknown")


@cache
def words(language: str) -> Words:
    """Return the wording for a BCP 47 tag: English for ``en`` and its variants, Chinese for everything else."""
    chosen = "en" if language.startswith("en") else LANGUAGES[0]
    return Words(chosen, Sections(packaged_text("reports", f"locale/{chosen}.toml")))
