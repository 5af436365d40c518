"""Import single correctors of pycorrector: its package ``__init__`` imports torch and transformers.

Making the package module from its spec without executing it keeps 1.5 GB of neural libraries out of every worker
(0.1 s instead of 8 s). When the whole package is already there, it is used as it is.
"""

from __future__ import annotations

import importlib.util
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol


class ConfusionCorrector(Protocol):
    """The part of pycorrector's class that we use."""

    def correct(self, sentence: str) -> dict[str, list[tuple[str, str, int]]]:
        """Return ``errors`` as (wrong, right, start), every occurrence, overlapping ones too."""


def confusion_corrector(pairs: dict[str, str]) -> ConfusionCorrector:
    """Return pycorrector's ConfusionCorrector over ``pairs`` (wrong → right)."""
    with _without_loguru():
        corrector: ConfusionCorrector = _submodule("confusion_corrector").ConfusionCorrector(pairs)
    return corrector


def macbert_corrector(folder: str) -> object:
    """Return pycorrector's MacBertCorrector with the weights of a folder; raises ImportError without its libraries."""
    from loguru import logger

    logger.disable("pycorrector")  # its debug lines go to the standard error
    corrector: object = _submodule("macbert.macbert_corrector").MacBertCorrector(folder)
    return corrector


@contextmanager
def _without_loguru() -> Iterator[None]:
    """Have what is imported within this log through Python's own logging, which is silent about trifles.

    Loguru imports asyncio and TLS: 30 ms of each start of what reads texts.
    """
    stand_in = ModuleType("loguru")
    vars(stand_in)["logger"] = logging.getLogger("pycorrector")
    loaded, sys.modules["loguru"] = sys.modules.get("loguru"), stand_in
    try:
        yield
    finally:
        del sys.modules["loguru"]
        if loaded is not None:
            sys.modules["loguru"] = loaded


def _submodule(name: str) -> Any:  # noqa: ANN401 - the package has no types
    """Import a module of pycorrector without its package."""
    if "pycorrector" not in sys.modules:
        spec = importlib.util.find_spec("pycorrector")
        if spec is None:
            raise ModuleNotFoundError("pycorrector is not installed", name="pycorrector")
        sys.modules["pycorrector"] = importlib.util.module_from_spec(spec)
    return import_module(f"pycorrector.{name}")
