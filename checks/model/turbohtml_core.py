"""Import turbohtml's core without the package around it: 2 ms of every start that reads pages, where that takes 20.

What the package adds are records of Markdown, feeds, structured data and the like, which nothing here asks for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec


@contextmanager
def _package_that_is_not_run(name: str) -> Iterator[None]:
    """Have modules of a package imported within this, and leave the package to what imports it later."""
    spec = find_spec(name)
    if spec is None:
        raise ModuleNotFoundError(f"{name} is not installed", name=name)
    loaded = sys.modules.get(name)
    sys.modules[name] = loaded or module_from_spec(spec)  # which tells where its modules are
    try:
        yield
    finally:
        if loaded is None:
            del sys.modules[name]


with _package_that_is_not_run("turbohtml"):
    from turbohtml._html import (
        Comment,
        Document,
        Element,
        Namespace,
        Node,
        ProcessingInstruction,
        Text,
        parse,
        parse_fragment,
    )
    from turbohtml._internal._selectors import SelectorSyntaxError  # the core raises it once it was imported

__all__ = [
    "Comment",
    "Document",
    "Element",
    "Namespace",
    "Node",
    "ProcessingInstruction",
    "SelectorSyntaxError",
    "Text",
    "parse",
    "parse_fragment",
]
