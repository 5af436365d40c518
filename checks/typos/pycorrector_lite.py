"""Import pycorrector's confusion corrector alone: its package ``__init__`` imports torch and transformers.

Making the package module from its spec without executing it keeps 1.5 GB of neural libraries out of every worker
(0.1 s instead of 8 s). When the whole package is already there, it is used as it is.
"""

from __future__ import annotations

import importlib.util
import sys
from importlib import import_module
from typing import Protocol, cast


class ConfusionCorrector(Protocol):
    """The part of pycorrector's class that we use."""

    def correct(self, sentence: str) -> dict[str, list[tuple[str, str, int]]]:
        """Return ``errors`` as (wrong, right, start), every occurrence, overlapping ones too."""


def confusion_corrector(pairs: dict[str, str]) -> ConfusionCorrector:
    """Return pycorrector's ConfusionCorrector over ``pairs`` (wrong → right)."""
    if "pycorrector" not in sys.modules:
        spec = importlib.util.find_spec("pycorrector")
        if spec is None:
            raise ModuleNotFoundError("pycorrector is not installed", name="pycorrector")
        sys.modules["pycorrector"] = importlib.util.module_from_spec(spec)
    _quieten()
    module = import_module("pycorrector.confusion_corrector")
    return cast("ConfusionCorrector", module.ConfusionCorrector(pairs))


def _quieten() -> None:
    """Keep pycorrector's debug lines off stderr: a daemon's log is for its operator."""
    from loguru import logger

    logger.disable("pycorrector")
