"""Carry a JSON document that is encoded already into several tables: what is written twice is encoded once."""

from __future__ import annotations

import json


class JsonText(str):
    """A JSON document as text; a column of JSON takes it as it is."""

    __slots__ = ()


def encode_json(value: object) -> JsonText:
    """Return a value as the text of its JSON; what is encoded already stays as it is."""
    return value if isinstance(value, JsonText) else JsonText(json.dumps(value))
