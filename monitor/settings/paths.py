"""Say where the program keeps what it writes, in one place."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path:
    """Return the folder of the store and the models: ``$SITEHEALTH_DATA``, else the XDG data folder of the user."""
    chosen = os.environ.get("SITEHEALTH_DATA")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "sitehealth"
