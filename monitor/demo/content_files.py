"""Read what the bureau of the demo site wrote: packaged YAML, a file a column, and what is true of all."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Content = dict[str, Any]
"""An object of the packaged YAML: the bureau, a column, an article, an answer."""

ROOT = files("monitor.demo")


@cache
def read(name: str) -> Content:
    """Return one file of the packaged content. It is read once, and nobody changes it."""
    loaded: Content = yaml.safe_load((ROOT / "content" / f"{name}.yaml").read_text("utf-8"))
    return loaded
