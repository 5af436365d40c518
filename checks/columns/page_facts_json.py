"""Write the facts of a page as JSON values and read them back, for a store that keeps them from one run to the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from checks.model import Facts, Item, Listing, Request

Json = dict[str, Any]

_PLAIN = (
    "url",
    "continues",
    "title",
    "homepage",
    "article",
    "column",
    "column_type",
    "related",
    "site_code",
    "refresh",
)
_PAIRS = ("crumbs", "sections", "meta_faults")
"""Fields that hold tuples of tuples: JSON gives lists back."""
_MOMENTS = ("published", "made")


def facts_to_json(facts: Facts) -> Json:
    """Return the facts as JSON values; what is empty is left out, since most pages know little."""
    values: Json = {}
    for name in (*_PLAIN, *_PAIRS):
        value = getattr(facts, name)
        if value:
            values[name] = value
    for name in _MOMENTS:
        moment = getattr(facts, name)
        if moment is not None:
            values[name] = moment.isoformat()
    if facts.listing is not None:
        values["listing"] = _listing(facts.listing)
    return values


def facts_from_json(written: Mapping[str, Any]) -> Facts:
    """Return the facts that were written."""
    values = dict(written)
    for name in _PAIRS:
        if name in values:
            values[name] = tuple(map(tuple, values[name]))
    for name in _MOMENTS:
        if name in values:
            values[name] = datetime.fromisoformat(values[name])
    values["related"] = tuple(values.get("related", ()))
    if "listing" in values:
        values["listing"] = _read_listing(values["listing"])
    return Facts(**values)


def _listing(listing: Listing) -> Json:
    return {
        "form": listing.form,
        "items": [_item(item) for item in listing.items],
        "following": listing.following,
        "needs_rendering": listing.needs_rendering,
    }


def _read_listing(written: Mapping[str, Any]) -> Listing:
    return Listing(
        items=tuple(_read_item(values) for values in written["items"]),
        form=written["form"],
        following=tuple(Request(url, tuple(map(tuple, form))) for url, form in written["following"]),
        needs_rendering=written["needs_rendering"],
    )


def _item(item: Item) -> tuple[Any, ...]:
    written = (item.url, item.title, _text(item.published), _text(item.absent_at), item.answered, _text(item.replied))
    return (*written, True) if item.unread else written


def _read_item(values: list[Any]) -> Item:
    url, title, published, absent_at, answered, replied, *unread = values
    return Item(url, title, _moment(published), _moment(absent_at), answered, _moment(replied), any(unread))


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
