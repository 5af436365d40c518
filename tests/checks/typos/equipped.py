"""The typo check as an inspection runs it: with its lists read and its engine loaded."""

from __future__ import annotations

from checks.typos import Typos
from monitor.settings.paths import data_folder
from monitor.typo_engine.load import with_engine, with_lists


def typos(**settings: object) -> Typos:
    """Return a check that is ready to inspect; raises what the settings deserve."""
    return with_engine(with_lists(Typos(**settings), str(data_folder() / "cache")))  # type: ignore[arg-type]
