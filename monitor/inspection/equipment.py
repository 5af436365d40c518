"""Give a check what it needs beside its settings, in the process that runs it: tables are too large to travel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checks.model import Check
from monitor.typo_engine.load import with_engine

EQUIPMENT: dict[str, Callable[[Any], Check[Any]]] = {"typos": with_engine}
"""Checks that judge by more than their settings, and what loads it."""


def equipped(check: Check[Any]) -> Check[Any]:
    """Return the check, ready to inspect; most need nothing."""
    equip = EQUIPMENT.get(check.id)
    return equip(check) if equip else check
