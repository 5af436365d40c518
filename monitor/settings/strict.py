"""Refuse settings that nobody knows."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Refuse keys that nobody knows: a misspelt setting must not pass for a set one."""

    model_config = ConfigDict(extra="forbid", frozen=True)
