"""Give a check what it needs beside its settings, in the process that runs it: tables are too large to travel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from checks.model import Check, Text
from monitor.typo_engine.load import shortcoming_of, with_engine

EQUIPMENT: dict[str, Callable[[Any], Check[Any]]] = {"typos": with_engine}
"""Checks that judge by more than their settings, and what loads it."""

SHORTCOMINGS: dict[str, Callable[[Any], Text | None]] = {"typos": shortcoming_of}
"""What says of such a check that something is missing on this machine, and it judges by less."""


def equipped(check: Check[Any]) -> Check[Any]:
    """Return the check, ready to inspect; most need nothing."""
    equip = EQUIPMENT.get(check.id)
    return equip(check) if equip else check


def shortcomings(checks: Iterable[Check[Any]]) -> Iterator[Text]:
    """Yield, for the readers of a report, what checks went without."""
    for check in checks:
        shortcoming = SHORTCOMINGS[check.id](check) if check.id in SHORTCOMINGS else None
        if shortcoming is not None:
            yield shortcoming
