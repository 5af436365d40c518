"""Import single correctors of pycorrector: its package ``__init__`` imports torch and transformers.

Making the package module from its spec without executing it keeps 1.5 GB of neural libraries out of every worker
(0.1 s instead of 8 s). When the whole package is already there, it is used as it is.
"""

from __future__ import annotations

import importlib.util
import sys
from importlib import import_module
from typing import Any, Protocol


class ConfusionCorrector(Protocol):
    """The part of pycorrector's class that we use."""

    def correct(self, sentence: str) -> dict[str, list[tuple[str, str, int]]]:
        """Return ``errors`` as (wrong, right, start), every occurrence, overlapping ones too."""


def confusion_corrector(pairs: dict[str, str]) -> ConfusionCorrector:
    """Return pycorrector's ConfusionCorrector over ``pairs`` (wrong → right)."""
    corrector: ConfusionCorrector = _submodule("confusion_corrector").ConfusionCorrector(pairs)
    return corrector


def macbert_corrector(folder: str) -> object:
    """Return pycorrector's MacBertCorrector with the weights of a folder; raises ImportError without its libraries."""
    corrector: object = _submodule("macbert.macbert_corrector").MacBertCorrector(folder)
    return corrector


def _submodule(name: str) -> Any:  # noqa: ANN401 - the package has no types
    """Import a module of pycorrector without its package, and keep its debug lines off the standard error."""
    from loguru import logger

    if "pycorrector" not in sys.modules:
        spec = importlib.util.find_spec("pycorrector")
        if spec is None:
            raise ModuleNotFoundError("pycorrector is not installed", name="pycorrector")
        sys.modules["pycorrector"] = importlib.util.module_from_spec(spec)
    logger.disable("pycorrector")
    return import_module(f"pycorrector.{name}")
