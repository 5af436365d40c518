"""Hold pictures that are evidence of findings: the words of a picture cut out, a page as a browser showed it.

They are WebP within bounds, told from their first bytes. Nothing here decodes one: who shows it has a browser for it.
"""

from __future__ import annotations

import base64
import hashlib
from enum import StrEnum

from msgspec import Struct

LARGEST = 400 * 1024
"""Bytes of one picture."""

LONGEST_SIDE = 8_000
"""Pixels of its width, and of its height."""


HOMEPAGE = ""
"""Stands for a finding's fingerprint where a picture shows the homepage as it was, whatever is wrong with it."""


class PictureKind(StrEnum):
    """What a picture shows."""

    CROP = "crop"
    SCREENSHOT = "screenshot"


class Picture(Struct, frozen=True):
    """One picture. ``width`` and ``height`` are in pixels; ``body`` is WebP, b"" where there was no room for it.

    ``digest`` is 32 hex digits that name the bytes.
    """

    kind: PictureKind
    digest: str
    width: int
    height: int
    body: bytes = b""

    @property
    def address(self) -> str:
        """The picture as an address that holds it (RFC 2397), "" where it has no bytes."""
        return f"data:image/webp;base64,{base64.b64encode(self.body).decode()}" if self.body else ""


def picture_of(kind: PictureKind, body: bytes) -> Picture | None:
    """Return a picture of bytes that some encoder made; None where they are no still WebP, or too large a one."""
    size = _webp_size(body) if len(body) <= LARGEST else None
    if size is None or not all(0 < side <= LONGEST_SIDE for side in size):
        return None
    return Picture(kind, hashlib.blake2b(body, digest_size=16).hexdigest(), *size, body)


def _webp_size(body: bytes) -> tuple[int, int] | None:
    """Return width and height as the first chunk of a WebP file tells them (RFC 9649, 2.4 to 2.7)."""
    if len(body) < 30 or body[:4] != b"RIFF" or body[8:12] != b"WEBP":
        return None
    if body[12:16] == b"VP8 " and body[23:26] == b"\x9d\x01\x2a":
        return _number(body[26:28]) & 0x3FFF, _number(body[28:30]) & 0x3FFF
    if body[12:16] == b"VP8L" and body[20] == 0x2F:
        sides = _number(body[21:25])
        return (sides & 0x3FFF) + 1, (sides >> 14 & 0x3FFF) + 1
    if body[12:16] == b"VP8X" and not body[20] & _ANIMATED:
        return _number(body[24:27]) + 1, _number(body[27:30]) + 1
    return None


_ANIMATED = 0b10
"""The flag of an extended file that moves."""


def _number(octets: bytes) -> int:
    return int.from_bytes(octets, "little")
