"""A TCP line to a server that goes dead for a while, as behind a switch that hangs: nobody is told, nothing arrives."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class CutLine:
    """Passes bytes on to ``target``, a port of loopback, but while it is ``cut``; what is said meanwhile comes late."""

    target: int
    port: int = 0
    connections: int = 0
    _whole: asyncio.Event = field(default_factory=asyncio.Event)
    _loop: asyncio.AbstractEventLoop | None = None

    @contextlib.contextmanager
    def running(self) -> Iterator[CutLine]:
        """Serve until the block ends."""
        ready = threading.Event()
        stop = asyncio.Event()

        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            self._whole.set()
            server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await stop.wait()
            server.close()
            ends = asyncio.all_tasks() - {asyncio.current_task()}
            for task in ends:
                task.cancel()
            await asyncio.gather(*ends, return_exceptions=True)

        thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        thread.start()
        assert ready.wait(60)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(stop.set)
            thread.join(60)

    def cut(self) -> None:
        self._loop.call_soon_threadsafe(self._whole.clear)

    def mend(self) -> None:
        self._loop.call_soon_threadsafe(self._whole.set)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._whole.wait()
            there, onward = await asyncio.open_connection("127.0.0.1", self.target)
            try:
                await asyncio.gather(self._pass(reader, onward), self._pass(there, writer))
            finally:
                onward.close()
        except (OSError, asyncio.CancelledError):
            pass  # the other side is gone, or the test has ended; a handler that is cancelled would be complained of
        finally:
            writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what one side says, and that it has hung up."""
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._whole.wait()
                writer.write(data)
                await writer.drain()
        await self._whole.wait()
        writer.close()
