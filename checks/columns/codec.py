"""Write the facts of a page as JSON values and read them back, for a store that keeps them from one run to the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from checks.model import Facts, Item, Listing, Request


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """Return the facts as JSON values; what is empty is left out, since most pages know little."""
    said = {name: _plain(getattr(facts, name)) for name in Facts.__dataclass_fields__ if name != "listing"}
    if facts.listing is not None:
        said["listing"] = _listing(facts.listing)
    return {name: value for name, value in said.items() if value not in ("", None, False, [])}


def facts_from_json(said: Mapping[str, Any]) -> Facts:
    """Return the facts that were written."""
    values: dict[str, Any] = {name: _pairs(value) for name, value in said.items() if name != "listing"}
    for name in ("published", "made"):
        if name in values:
            values[name] = datetime.fromisoformat(values[name])
    if "listing" in said:
        values["listing"] = _read_listing(said["listing"])
    return Facts(**values)


def _listing(listing: Listing) -> dict[str, Any]:
    return {
        "form": listing.form,
        "items": [_plain(tuple(item)) for item in listing.items],
        "following": [_plain(tuple(request)) for request in listing.following],
        "needs_rendering": listing.needs_rendering,
    }


def _read_listing(said: Mapping[str, Any]) -> Listing:
    return Listing(
        items=tuple(_item(values) for values in said["items"]),
        form=said["form"],
        following=tuple(Request(url, _pairs(form)) for url, form in said["following"]),
        needs_rendering=said["needs_rendering"],
    )


def _item(values: list[Any]) -> Item:
    url, title, published, absent_at, answered, replied = values
    return Item(url, title, _moment(published), _moment(absent_at), answered, _moment(replied))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, datetime):
        return value.isoformat()
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _pairs(value: Any) -> Any:  # noqa: ANN401 - JSON
    return tuple(_pairs(each) for each in value) if isinstance(value, list) else value
