"""Cut lists into pages: a cursor is where the next page begins, opaque, and good for the list that it came from alone.

It names a place in an order and not a count of rows: nothing is left out or told twice where others change meanwhile.
Nothing in it is secret, and nothing is trusted: rights are asked anew with every page.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator

from checks.model import Text
from monitor.console.api.api_call import ApiCall

LONGEST = 512
"""Characters of a cursor."""

UNFIT = Text("cursor 与此列表不符", "the cursor is none of this list")

MARK = 12
"""Hexadecimal digits that tie a cursor to its list."""

AtMost = Annotated[int, Query(ge=1, le=200, description="Items of a page at most.")]


def _no_nul(value: str) -> str:
    if "\0" in value:
        raise ValueError("must hold no NUL")
    return value


NoNul = AfterValidator(_no_nul)
"""A text that every store can look for."""

Cursor = Annotated[
    str, Query(max_length=LONGEST, description="`next` of the page before; empty: the first page."), NoNul
]


def _mark(call: ApiCall) -> str:
    """Return what is the same for all pages of a list: its path, and what it is narrowed by."""
    rest = sorted(pair for pair in call.request.query_params.multi_items() if pair[0] not in {"cursor", "limit"})
    return hashlib.sha256(repr((call.request.url.path, rest)).encode("utf-8", "replace")).hexdigest()[:MARK]


def place_of(call: ApiCall, cursor: str) -> str:
    """Return the place that a cursor names, "" for the beginning; answers where it is of another list, or no cursor."""
    if not cursor:
        return ""
    try:
        mark, _, place = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
    except (ValueError, binascii.Error):
        mark, place = "", ""
    if mark != _mark(call) or not place:
        call.refuse(UNFIT)
    return place


def cursor_at(call: ApiCall, place: str) -> str | None:
    """Return the cursor of a place, None for "", the end."""
    return base64.urlsafe_b64encode(f"{_mark(call)}:{place}".encode()).decode() if place else None


def page_of(call: ApiCall, items: Sequence[Any], place: str) -> dict[str, object]:
    """Return a page of a list; ``place`` is where the next one begins, "" where there is none."""
    return {"items": list(items), "next": cursor_at(call, place)}
