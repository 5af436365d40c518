"""Say where a name stands and of what kind it is."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class NameKind(StrEnum):
    """What a name names."""

    PERSON = "person"
    FOREIGN = "foreign"
    """Written by sound: a person or a place abroad."""
    PLACE = "place"
    ORGANISATION = "organisation"
    ABBREVIATION = "abbreviation"
    TITLE = "title"


class Span(NamedTuple):
    """Characters ``start`` to ``end`` of a text are a name."""

    start: int
    end: int
    kind: NameKind
