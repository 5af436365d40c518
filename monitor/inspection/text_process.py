"""Judge texts in a process of its own: what the process of ``Worker`` does, without what the inspection needs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from checks.model import Block, Check
from monitor.inspection.child import stand_back
from monitor.inspection.equipment import equipped
from monitor.inspection.fence import judge_each

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

NICENESS = 10
"""How far workers stand back for the crawl: it times answers, and a loop that waits for a core times itself."""


def serve(check: Check[Any], pipe: Connection) -> None:
    """Be the child: answer batch after batch of texts until the pipe is closed or the parent dies."""
    stand_back()
    os.nice(NICENESS)
    ready: Check[Any] | None = None
    while True:
        try:
            texts = pipe.recv()
        except EOFError:
            return
        ready = ready or equipped(check)
        pipe.send(judge_each(ready, [Block(text) for text in texts]))
