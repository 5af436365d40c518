"""Ask a process from an event loop, and start another where it was lost or its asker gave up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from monitor.inspection.child import Child


class RestartedChild:
    """One process at a time, asked one question at a time; ``serve`` and ``args`` are those of ``Child``."""

    def __init__(self, serve: Callable[..., None], *args: Any) -> None:  # noqa: ANN401 - whatever pickles
        self._serve, self._args = serve, args
        self._child = Child(serve, *args)

    async def ask(self, question: Any, seconds: float) -> Any:  # noqa: ANN401 - what the process answers
        """Return the answer. Raises TimeoutError, and EOFError or OSError where the process died.

        After whatever it raises the process is gone, and the next question starts another.
        """
        # Taken here and not in the thread, which may begin when its asker is long gone and another process serves.
        child = self._child
        try:
            return await asyncio.to_thread(child.ask, question, seconds)
        except BaseException:  # being cancelled is one: the answer would be taken for that to the next question
            if child is self._child:
                self.kill()
            raise

    def kill(self) -> None:
        """End the process; what it was doing is dropped, and who waits for it gets EOFError or OSError."""
        child, self._child = self._child, Child(self._serve, *self._args)
        child.kill()
