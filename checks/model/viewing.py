"""What a browser saw as it drew a page, beside the page itself: requests of scripts, and what they threw."""

from __future__ import annotations

from msgspec import Struct

from checks.model.response import ErrorKind


class Subrequest(Struct, frozen=True):
    """One request of a page: ``kind`` as Chromium calls it (script, xhr, fetch, stylesheet, websocket …).

    ``status`` is None where nothing answered, ``error`` then says why. ``blocked`` are those that the browser itself
    refused, since an https page must not make them.
    """

    url: str
    kind: str
    status: int | None = None
    error: ErrorKind | None = None
    blocked: bool = False


class ScriptFault(Struct, frozen=True):
    """An exception that nobody caught: ``name`` its class, ``scripts`` the addresses that ran, innermost first."""

    name: str
    message: str
    scripts: tuple[str, ...] = ()


class Viewing(Struct, frozen=True):
    """What a browser saw of the page at ``url``.

    ``hindered``: something was kept from the page by us (a request, a window, a dialog), so that an exception of its
    scripts may be our doing. ``references`` are the addresses that the page itself names: whether they answer, and
    over what, is judged of the page.
    """

    url: str
    requests: tuple[Subrequest, ...] = ()
    faults: tuple[ScriptFault, ...] = ()
    hindered: bool = False
    references: frozenset[str] = frozenset()
