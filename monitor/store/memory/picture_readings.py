"""Remember what was read from pictures, so that the same bytes are read once, whatever run, page or site has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, select

from checks.model import Box, ReadCharacter
from monitor.store.codec import Json
from monitor.store.database import upsert
from monitor.store.schema import picture_readings

Line = Sequence[ReadCharacter]


class FileReading(NamedTuple):
    """The lines of a picture, or of the first ``read`` of the ``pages`` of a PDF; both are 0 for a picture.

    ``is_whole`` is False where a part of these could not be read.
    """

    lines: tuple[tuple[ReadCharacter, ...], ...]
    pages: int = 0
    read: int = 0
    is_whole: bool = True


class PictureReadings:
    """What was read from pictures, by the 16 bytes that name the file; what another ``version`` read is not known."""

    def __init__(self, engine: Engine, version: str) -> None:
        self.engine, self.version = engine, version

    def load(self, digest: bytes) -> FileReading | None:
        """Return what was read from a file, None where it was not read yet."""
        statement = select(picture_readings.c.lines).where(
            picture_readings.c.digest == digest, picture_readings.c.version == self.version
        )
        with self.engine.connect() as connection:
            row = connection.execute(statement).one_or_none()
        if row is None:
            return None
        kept = row.lines
        return FileReading(tuple(map(line_from_json, kept["lines"])), kept["pages"], kept["read"], kept["whole"])

    def save(self, digest: bytes, reading: FileReading, now: float) -> None:
        """Keep what was read from a file, also where that is nothing."""
        lines = list(map(line_to_json, reading.lines))
        kept = {"lines": lines, "pages": reading.pages, "read": reading.read, "whole": reading.is_whole}
        row = {"digest": digest, "version": self.version, "lines": kept, "used": now}
        with self.engine.begin() as connection:
            upsert(connection, picture_readings, [row])


def forget_readings(connection: Connection, before: float) -> None:
    """Drop what nobody met since a moment, in seconds since the epoch."""
    connection.execute(delete(picture_readings).where(picture_readings.c.used < before))


def line_to_json(line: Line) -> Json:
    """Return a line as JSON."""
    return {
        "text": [each.text for each in line],
        "certainty": [each.certainty for each in line],
        "box": [list(each.box[:4]) for each in line],
        "page": line[0].box.page if line else 0,
    }


def line_from_json(body: Json) -> tuple[ReadCharacter, ...]:
    """Return the line that JSON stands for."""
    return tuple(
        ReadCharacter(text, certainty, Box(left, top, right, bottom, body["page"]))
        for text, certainty, (left, top, right, bottom) in zip(
            body["text"], body["certainty"], body["box"], strict=True
        )
    )
