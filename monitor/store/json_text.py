"""Write and read documents of JSON; one that is encoded already goes into several tables: it is encoded once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from msgspec import DecodeError
from msgspec.json import Decoder, Encoder

DECODER, ENCODER = Decoder(), Encoder()


class JsonText(str):
    """A JSON document as text; a column of JSON takes it as it is."""

    __slots__ = ()


def encode_json(value: object) -> JsonText:
    """Return a value as the text of its JSON; what is encoded already stays as it is."""
    return value if isinstance(value, JsonText) else JsonText(json.dumps(value))


def decode_json(text: str | bytes) -> Any:  # noqa: ANN401 - any document
    """Return a document as a value. Raises ValueError.

    Msgspec takes less than half of the time of ``json``, which reads what that one refuses: half of a pair of
    surrogates, and numbers that are infinite.
    """
    try:
        return DECODER.decode(str(text) if isinstance(text, JsonText) else text)  # it refuses what is a kind of str
    except (DecodeError, UnicodeError, RecursionError):
        return json.loads(text)


def encode_text_lists(lists: Sequence[tuple[str | None, ...]]) -> bytes:
    """Return lists of texts as the UTF-8 of their JSON; of half of a pair of surrogates a question mark is left."""
    try:
        return ENCODER.encode(lists)
    except UnicodeError:  # half of a pair of surrogates
        return json.dumps(lists, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
