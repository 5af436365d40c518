"""Read attachments in a process of their own: a hostile file costs its seconds and that process, and nothing else.

The child takes a body after the eight bytes of its length, and answers with JSON in the same way, until its input ends.
"""

from __future__ import annotations

import asyncio
import json
import resource
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from typing import BinaryIO

from checks.reading.attachments import Extract, Format, read_attachment
from monitor.inspection.child import die_with_parent

SECONDS = 60.0
"""For one file; a report of 300 pages takes a tenth of it."""

MEMORY = 2 * 1024**3
"""Bytes of address space that the child may take."""

LENGTH = 8


class AttachmentReader:
    """One child, started with the first file and again after every file that it did not survive."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._child: Process | None = None
        self._turn = asyncio.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether who asks now has to wait."""
        return self._turn.locked()

    async def read(self, body: bytes) -> Extract:
        """Return the text of a file; reason ``timeout`` where it took too long, ``unreadable`` where the child died."""
        async with self._turn:
            try:
                async with asyncio.timeout(self.seconds):
                    return await self._ask(body)
            except TimeoutError:
                reason = "timeout"
            except (asyncio.IncompleteReadError, ConnectionError):
                reason = "unreadable"
            except asyncio.CancelledError:
                await self.close()  # its answer would be taken for that to the next file
                raise
            await self.close()
            return Extract("", None, reason)

    async def _ask(self, body: bytes) -> Extract:
        if self._child is None:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", __name__, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
            )
        stdin, stdout = self._child.stdin, self._child.stdout
        if stdin is None or stdout is None:
            raise ConnectionError
        stdin.write(len(body).to_bytes(LENGTH, "big") + body)
        await stdin.drain()
        length = int.from_bytes(await stdout.readexactly(LENGTH), "big")
        text, form, reason = json.loads(await stdout.readexactly(length))
        return Extract(text, Format(form) if form else None, reason)

    async def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        if child.returncode is None:
            child.kill()
        await child.communicate()


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer file after file until the input ends."""
    while head := source.read(LENGTH):
        extract = read_attachment(source.read(int.from_bytes(head, "big")))
        answer = json.dumps(list(extract)).encode()
        sink.write(len(answer).to_bytes(LENGTH, "big") + answer)
        sink.flush()


def main() -> None:
    """Be the child: within its memory, deaf to Ctrl-C, gone with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    die_with_parent()
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
