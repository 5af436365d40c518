"""Hold the pages of a run as they were fetched until it is known which of them have faults.

A dead link is known to be dead long after its page was read, so every page is put aside: in a file without a name,
which goes with the process, and which costs a page no more than being written down. A page that a browser drew is there
as its readers see it and as it was sent: what a browser asks for later is answered from here.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from msgspec import Struct

from monitor.logs import tell
from monitor.store.json_text import decode_json, encode_text_lists

LARGEST_PAGE = 1024 * 1024
"""Bytes of a page that is put aside; hardly one is as large, and what is wrong with it is told without it."""

ROOM = 256 * 1024 * 1024
"""Bytes that are put aside of one run; pages that come later have no snapshot."""

MOST_PAGES = 20_000
"""Pages that are put aside: what is remembered of where each lies takes some 200 bytes."""

AT_ONCE = 256 * 1024
"""Bytes that are gathered before they are written: some ten pages, each of which costs half as much then."""

Headers = tuple[tuple[str, str], ...]


class SpooledPage(Struct, frozen=True):
    """A page as it was fetched, or drawn: its bytes, and the headers that it came with."""

    body: bytes
    headers: Headers

    @property
    def content_type(self) -> str:
        """Its content type, "" for none."""
        return next((value for name, value in self.headers if name.lower() == "content-type"), "")


class _SpoolPlace(Struct, frozen=True):
    """Where a page lies: the first of its bytes, and how many are headers (JSON) and body."""

    start: int
    head: int
    body: int


class PageSpool:
    """The pages of one run. ``folder`` is where its file lies, None for the system's; ``wanted`` False keeps nothing.

    That the disk is full costs the snapshots of the run and nothing else.
    """

    def __init__(self, folder: Path | None, *, wanted: bool) -> None:
        self._folder, self._wanted = folder, wanted
        self._file: IO[bytes] | None = None
        self._sent: dict[str, _SpoolPlace] = {}
        self._drawn: dict[str, _SpoolPlace] = {}
        self._size = 0

    def keep(self, url: str, body: bytes, headers: Headers, *, drawn: bool = False) -> None:
        """Put a page aside, where there is room: as it was sent, or as a browser ``drawn`` it."""
        head, pages = encode_text_lists(list(headers)), len(self._sent) + len(self._drawn)
        size = len(head) + len(body)
        if not self._wanted or size > LARGEST_PAGE or self._size + size > ROOM or pages >= MOST_PAGES:
            return
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder, buffering=AT_ONCE)  # noqa: SIM115 - open as long as the crawl
            self._file.write(head)
            self._file.write(body)
        except OSError as error:
            self._give_up(error)
            return
        (self._drawn if drawn else self._sent)[url] = _SpoolPlace(self._size, len(head), len(body))
        self._size += size

    def read(self, url: str) -> SpooledPage | None:
        """Return a page as its readers see it, None where it was not put aside. Raises OSError."""
        return self._read(self._drawn.get(url) or self._sent.get(url))

    def read_sent(self, url: str) -> SpooledPage | None:
        """Return a page as it was sent, None where it was not put aside. Raises OSError."""
        return self._read(self._sent.get(url))

    def _read(self, place: _SpoolPlace | None) -> SpooledPage | None:
        if place is None or self._file is None:
            return None
        try:
            self._file.flush()
        except OSError as error:
            self._give_up(error)
            return None
        # Read from below the buffer, which stays where the next page goes.
        kept = os.pread(self._file.fileno(), place.head + place.body, place.start)
        if len(kept) != place.head + place.body:
            return None
        headers = tuple((name, value) for name, value in decode_json(kept[: place.head]))
        return SpooledPage(kept[place.head :], headers)

    def _give_up(self, error: OSError) -> None:
        tell("warning", "pages are not kept as they were fetched", error=str(error))
        self.close()

    def close(self) -> None:
        """Let go of everything, and keep nothing from now on."""
        if self._file is not None:
            with suppress(OSError):  # of what was not written yet, and is not wanted any more
                self._file.close()
        self._file, self._wanted = None, False
        self._sent.clear()
        self._drawn.clear()
