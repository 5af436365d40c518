"""Serve the console over a store until it is told to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

import click

from monitor import logs
from monitor.commands.common import UNINSPECTED, Fault, cannot_listen, error_text, no_store, worded
from monitor.console.application import create_app
from monitor.console.console_parts import ConsoleParts
from monitor.console.thread import ConsoleThread
from monitor.service.memory import return_large_blocks, share_one_heap
from monitor.service.where_rechecks_are_made import look_at_of
from monitor.settings.site import Settings
from monitor.store import Store, StoreError
from monitor.store.file import file_missing_at
from monitor.store.reading_store import ReadingStore

DEFAULT_ADDRESS = "127.0.0.1", 8460


def serve_console(settings: Settings, say: Callable[[str], None] = click.echo) -> None:
    """Serve until SIGTERM or Ctrl-C; ``say`` tells the address. Raises Fault where port or store cannot be had."""
    logs.configure(settings.daemon.log)
    share_one_heap()
    return_large_blocks()
    url = settings.store.url.get_secret_value()
    if (missing := file_missing_at(url)) is not None:
        raise Fault(no_store(missing), UNINSPECTED)
    try:
        store = Store(url)
    except StoreError as error:
        raise Fault(error_text(error), UNINSPECTED) from None
    host, port = settings.console.address or DEFAULT_ADDRESS
    with store, ReadingStore(url) as reading:
        parts = ConsoleParts(store, reading, lambda: settings, look_at_of=look_at_of)
        try:
            thread = ConsoleThread(host, port, lambda: create_app(parts))
        except OSError as error:
            raise Fault(cannot_listen(f"{host}:{port}", error), UNINSPECTED) from None
        _serve_until_told(thread, settings.console.root, say)


def _serve_until_told(thread: ConsoleThread, root: str, say: Callable[[str], None]) -> None:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    thread.start()
    host, port = thread.address
    shown = f"[{host}]" if ":" in host else host
    say(f"http://{shown}:{port}{root}/")
    try:
        stopped.wait()
    finally:
        thread.stop()
    if thread.fault is not None:
        raise Fault(worded(f"控制台已终止：{thread.fault}", f"the console ended: {thread.fault}"), UNINSPECTED)
