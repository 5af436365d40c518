"""Read pictures in a process of their own: a hostile file costs its seconds and that process, and nothing else."""

from __future__ import annotations

import asyncio
import io
import math
import os
import resource
import time
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, NamedTuple

from checks.model import Box, ReadCharacter
from monitor.inspection.child import stand_back
from monitor.inspection.restarted_child import RestartedChild
from monitor.ocr.line_reader import LineReader
from monitor.ocr.pdf_pages import drawn_page, page_count
from monitor.ocr.picture_decoding import UnreadablePictureError, decoded, tiles
from reports.picture import LARGEST, LONGEST_SIDE

if TYPE_CHECKING:
    from PIL.Image import Image

MEMORY = 4 * 1024**3
"""Bytes of address space that the process may take; the models and a large poster take some 2 GB of it."""

NICENESS = 10

MARGIN = 0.6
"""Heights of a line that are shown around it."""

QUALITIES = (70, 45, 20)
"""Of a crop, the first with which it is small enough."""

Lines = tuple[tuple[ReadCharacter, ...], ...]


class PictureReading(NamedTuple):
    """What came of a picture: its lines, or why there are none, and the CPU seconds that it took.

    ``trouble`` is ``too-small``, ``too-large``, ``unreadable``, ``timeout`` or ``died``; "" where it was read. Where
    the time was over between two parts of a tall picture, the lines of the first are there beside ``timeout``.
    """

    lines: Lines = ()
    trouble: str = ""
    seconds: float = 0.0


PATIENCE = 6.0
"""How many times its CPU seconds a picture may take by the clock: others want the cores as well."""

LOADING = 60.0
"""CPU seconds in which the models have to be loaded."""

OVERTIME = 2.0
"""How many times its CPU seconds a picture may take before the kernel ends the process: a part is read to its end."""


class _Asking(NamedTuple):
    """``page`` is 0 for a picture, else that of a PDF; ``shown`` is what to cut out in the place of reading."""

    body: bytes
    seconds: float
    page: int = 0
    smallest: tuple[int, int] = (1, 1)
    shown: Box | None = None


class PictureProcess:
    """One process, started with the first picture and again after each that it did not survive.

    ``seconds`` of CPU are what one picture may take; ``spent`` are those that all of them took.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.spent = 0.0
        self._child = RestartedChild(_serve)
        self._turn = asyncio.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether who asks now has to wait."""
        return self._turn.locked()

    async def read(self, body: bytes, page: int = 0, smallest: tuple[int, int] = (1, 1)) -> PictureReading:
        """Return the lines of a picture that is not smaller than ``smallest``, or of a page of a PDF."""
        answer = await self._ask(_Asking(body, self.seconds, page, smallest))
        return answer if isinstance(answer, PictureReading) else PictureReading(trouble="died")

    async def count_pages(self, body: bytes) -> int:
        """Return how many pages a PDF has, 0 where it cannot be read."""
        answer = await self._ask(_Asking(body, self.seconds, -1))
        return answer if isinstance(answer, int) else 0

    async def crop(self, body: bytes, shown: Box) -> bytes:
        """Return a part of a picture and what is around it as WebP, b"" where there is none to be had."""
        answer = await self._ask(_Asking(body, self.seconds, shown.page, shown=shown))
        return answer if isinstance(answer, bytes) else b""

    async def _ask(self, question: _Asking) -> PictureReading | int | bytes:
        async with self._turn:
            began = time.monotonic()
            try:
                answer: PictureReading | int | bytes = await self._child.ask(question, self.seconds * PATIENCE)
            except TimeoutError:
                trouble = "timeout"
            except (EOFError, OSError):
                trouble = "died"
            else:
                self.spent += answer.seconds if isinstance(answer, PictureReading) else 0.0
                return answer
            # Nobody tells what it took: by the clock, and at most what the kernel gives it.
            seconds = min(time.monotonic() - began, self.seconds * OVERTIME)
            self.spent += seconds
            return PictureReading(trouble=trouble, seconds=seconds)

    def close(self) -> None:
        """End the process."""
        self._child.kill()


def _serve(pipe: Connection) -> None:
    """Be the process: answer question after question, within its memory, until the pipe ends."""
    stand_back()
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answering = _Answering()
    while True:
        try:
            question: _Asking = pipe.recv()
        except EOFError:
            return
        began = time.process_time()
        try:
            pipe.send(answering.answer(question))
        except UnreadablePictureError as error:
            pipe.send(PictureReading(trouble=str(error), seconds=time.process_time() - began))
        except Exception:  # noqa: BLE001 - hostile bytes may make a library fail in any way
            pipe.send(PictureReading(trouble="unreadable", seconds=time.process_time() - began))


class _Answering:
    """What the process does; the models are loaded with the first picture."""

    def __init__(self) -> None:
        self._reader: LineReader | None = None

    def answer(self, question: _Asking) -> PictureReading | int | bytes:
        """Return the answer to a question. Raises UnreadablePictureError, and whatever libraries do."""
        began = time.process_time()
        _bound_cpu(question.seconds * OVERTIME)
        if question.shown is not None:
            return _cut_out(question, question.shown)
        if question.page < 0:
            return page_count(question.body)
        if self._reader is None:
            _bound_cpu(LOADING)
            self._reader = LineReader()
            _bound_cpu(question.seconds * OVERTIME)
        return _read(question, self._reader, began)


def _bound_cpu(seconds: float) -> None:
    """Have the kernel end this process after so many more CPU seconds: some decoders never come back."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + seconds), hard))


def _read(question: _Asking, reader: LineReader, began: float) -> PictureReading:
    lines: list[tuple[ReadCharacter, ...]] = []
    for tile in tiles(_picture(question)):
        if time.process_time() - began > question.seconds:
            return PictureReading(tuple(lines), "timeout", time.process_time() - began)
        lines += reader.read(tile, question.page)
    return PictureReading(tuple(lines), seconds=time.process_time() - began)


def _picture(question: _Asking) -> Image:
    if question.page:
        return drawn_page(question.body, question.page)
    return decoded(question.body, question.smallest)


def _cut_out(question: _Asking, shown: Box) -> bytes:
    """Return the lines in question with a margin, marked by nothing: the text beside it says what is wrong."""
    picture = _picture(question)
    margin = round(shown.height * MARGIN)
    area = (
        max(0, shown.left - margin),
        max(0, shown.top - margin),
        min(picture.width, shown.right + margin),
        min(picture.height, shown.bottom + margin),
    )
    part = picture.crop(area)
    part.thumbnail((min(1600, LONGEST_SIDE), 1200))
    for quality in QUALITIES:
        out = io.BytesIO()
        part.save(out, "WEBP", quality=quality)
        if out.tell() <= LARGEST:
            return out.getvalue()
    return b""
