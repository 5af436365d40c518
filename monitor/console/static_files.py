"""Serve our own few files from memory under names that hold their digest: a browser asks for each once, ever."""

from __future__ import annotations

import gzip
import hashlib
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from monitor.console.console_words import PACKAGE

KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}

FOR_EVER = "public, max-age=31536000, immutable"


class StaticFiles:
    """The files of ``static/``, by the names under which they are served."""

    def __init__(self) -> None:
        self._served: dict[str, tuple[str, bytes, bytes]] = {}
        self.names: dict[str, str] = {}
        for each in sorted(files(PACKAGE).joinpath("static").iterdir(), key=lambda each: each.name):
            stem, _, ending = each.name.rpartition(".")
            if ending not in KINDS:
                continue
            content = each.read_bytes()
            served = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
            self._served[served] = KINDS[ending], content, gzip.compress(content, 9, mtime=0)
            self.names[each.name] = served

    def answer(self, name: str, request: Request) -> Response | None:
        """Return a file, None where there is none of that name."""
        if name not in self._served:
            return None
        kind, content, packed = self._served[name]
        headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(packed, media_type=kind, headers=headers | {"Content-Encoding": "gzip"})
        return Response(content, media_type=kind, headers=headers)
