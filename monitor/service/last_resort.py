"""End the process in time when it is told to stop, whatever the event loop is doing.

The loop hears of a signal when it turns, and does not turn while a statement waits for a lock. The C handler of
Python writes the number of a signal to a file descriptor at once, though (``signal.set_wakeup_fd``): a thread reads it
there, passes it on to the loop and starts the clock. Nothing else starts it: a program that ends a daemon within itself
lives on.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading


class LastResort:
    """Ends the process ``seconds`` after SIGTERM or SIGINT. Started and stopped in the main thread, on a running loop.

    Powerless only against C code that keeps the interpreter's lock.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._heard, self._written = socket.socketpair()
        self._written.settimeout(0)
        self._loop = -1

    def start(self) -> None:
        """Take the place of the loop's file descriptor; the loop must have its signal handlers already."""
        self._loop = signal.set_wakeup_fd(self._written.fileno(), warn_on_full_buffer=False)
        threading.Thread(target=self._listen, name="last resort", daemon=True).start()

    def stop(self) -> None:
        """Give the loop its file descriptor back; a clock that runs goes on."""
        signal.set_wakeup_fd(self._loop)
        self._written.close()

    def _listen(self) -> None:
        while numbers := self._heard.recv(64):
            if {signal.SIGTERM, signal.SIGINT} & set(numbers):
                self._begin()
            with contextlib.suppress(OSError):  # the loop has ended
                os.write(self._loop, numbers)
        self._heard.close()

    def _begin(self) -> None:
        timer = threading.Timer(self._seconds, os._exit, (0,))
        timer.daemon = True
        timer.start()
