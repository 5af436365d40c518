"""Give a check what it needs beside its settings, in the process that runs it: tables are too large to travel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checks.model import Check


def equipped(check: Check[Any]) -> Check[Any]:
    """Return the check, ready to inspect; most need nothing."""
    equip = EQUIPMENT.get(check.id)
    return equip(check) if equip else check


def _with_engine(check: Any) -> Check[Any]:  # noqa: ANN401 - a check of the type that EQUIPMENT names it for
    from monitor.typo_engine.load import with_engine

    return with_engine(check)


EQUIPMENT: dict[str, Callable[[Any], Check[Any]]] = {"typos": _with_engine}
"""Checks that judge by more than their settings, and what loads it."""
