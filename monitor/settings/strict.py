"""Refuse settings that nobody knows, and lay settings over others."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Refuse keys that nobody knows: a misspelt setting must not pass for a set one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Laid = TypeVar("Laid", bound=Strict)


def laid_over(below: Laid, above: Strict) -> Laid:
    """Return settings with those of another laid over that were given there; what holds settings is joined."""
    given: dict[str, Any] = {}
    for name in above.model_fields_set:
        if getattr(above, name) is None:  # as if it had not been given
            continue
        value, under = getattr(above, name), getattr(below, name)
        is_joined = isinstance(value, Strict) and isinstance(under, Strict)
        given[name] = laid_over(under, value) if is_joined else value
    return below.model_copy(update=given)
