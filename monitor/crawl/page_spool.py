"""Hold the pages of a run as they were fetched until it is known which of them have faults.

A dead link is known to be dead long after its page was read, so every page is put aside: in a file without a name,
which goes with the process, and which costs a page no more than being written down.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO, NamedTuple

from monitor.logs import tell

LARGEST_PAGE = 1024 * 1024
"""Bytes of a page that is put aside; hardly one is as large, and what is wrong with it is told without it."""

ROOM = 256 * 1024 * 1024
"""Bytes that are put aside of one run; pages that come later have no snapshot."""

MOST_PAGES = 20_000
"""Pages that are put aside: what is remembered of where each lies takes some 200 bytes."""


class SpooledPage(NamedTuple):
    """A page as it was fetched: its bytes, and the content type that it came with, "" for none."""

    body: bytes
    content_type: str


class PageSpool:
    """The pages of one run. ``folder`` is where its file lies, None for the system's; ``wanted`` False keeps nothing.

    That the disk is full costs the snapshots of the run and nothing else.
    """

    def __init__(self, folder: Path | None, *, wanted: bool) -> None:
        self._folder, self._wanted = folder, wanted
        self._file: IO[bytes] | None = None
        self._places: dict[str, tuple[int, int, str]] = {}
        self._size = 0

    def keep(self, url: str, body: bytes, content_type: str) -> None:
        """Put a page aside, where there is room."""
        large = len(body) > LARGEST_PAGE or self._size + len(body) > ROOM or len(self._places) >= MOST_PAGES
        if not self._wanted or large:
            return
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - open as long as the crawl
            self._file.seek(self._size)
            self._file.write(body)
        except OSError as error:
            tell("warning", "pages are not kept as they were fetched", error=str(error))
            self.close()
            return
        self._places[url] = (self._size, len(body), content_type)
        self._size += len(body)

    def read(self, url: str) -> SpooledPage | None:
        """Return a page, None where it was not put aside. Raises OSError."""
        place = self._places.get(url)
        if place is None or self._file is None:
            return None
        start, length, content_type = place
        self._file.seek(start)
        body = self._file.read(length)
        return SpooledPage(body, content_type) if len(body) == length else None

    def close(self) -> None:
        """Let go of everything, and keep nothing from now on."""
        if self._file is not None:
            self._file.close()
        self._file, self._wanted = None, False
        self._places.clear()
