"""Set the log up: lines for people, or JSON for machines, with run and site in every line that belongs to one."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

from monitor.beijing import ZONE
from monitor.masking import masked

if TYPE_CHECKING:
    import structlog

FRAMES = 10
"""Frames of a traceback in the log. Values of variables are never there: texts of a site may be among them."""


@contextmanager
def without_rich() -> Iterator[None]:
    """Have structlog, where it is imported within this, do without rich: 78 modules and 4.5 MiB that a server keeps.

    It would draw tracebacks with them; ours are short (``FRAMES``). The same goes for the command line of httpx.
    """
    if "rich" in sys.modules:
        yield
        return
    sys.modules["rich"] = None  # type: ignore[assignment]  # as the language reference has it: no such module
    try:
        yield
    finally:
        del sys.modules["rich"]


def tell(level: str, event: str, **facts: object) -> None:
    """Log an event; structlog costs 40 ms to import and most commands have nothing to log."""
    import structlog

    getattr(structlog.get_logger(), level)(event, **facts)


def configure(form: str) -> None:
    """Write the log of this process to standard error, as ``text`` or ``json``; times as in `sitehealth status`."""
    import structlog

    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _stamped,
        structlog.processors.StackInfoRenderer(),
    ]
    if form == "json":
        tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=FRAMES)
        shared.append(structlog.processors.ExceptionRenderer(tracebacks))
        renderer: structlog.typing.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_short_traceback)
    structlog.configure(
        processors=[*shared, _masking(renderer)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # What a call raises is logged by the scheduler of ours; of what it cancels when the daemon ends nobody need read.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    root = logging.getLogger()
    if not any(isinstance(handler, _OfLibraries) for handler in root.handlers):
        root.addHandler(_OfLibraries())


class _OfLibraries(logging.Handler):
    """Send what libraries log the way of our own lines: one form, times in one zone, secrets masked."""

    def emit(self, record: logging.LogRecord) -> None:
        import structlog

        structlog.get_logger().log(
            record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info or None
        )


def _stamped(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Add the time to a line: RFC 3339, with the offset of China, as reports and `sitehealth status` have it."""
    event["timestamp"] = datetime.now(ZONE).isoformat(timespec="milliseconds")
    return event


def _masking(renderer: structlog.typing.Processor) -> structlog.typing.Processor:
    """Mask passwords in the finished line, so that no way into it is forgotten."""

    def render(logger: object, name: str, event: structlog.typing.EventDict) -> str:
        return masked(str(renderer(logger, name, event)))

    return render


def _short_traceback(out: TextIO, exc_info: structlog.typing.ExcInfo) -> None:
    """Write an exception as one line, and its innermost frames below."""
    kind, error, frames = exc_info
    out.write("\n" + "".join(traceback.format_exception_only(kind, error)))
    out.write("".join(traceback.format_tb(frames, limit=-FRAMES)))
