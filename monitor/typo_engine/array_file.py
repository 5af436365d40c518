"""Keep arrays in one file that processes map, so that they share its pages; a damaged file is never read.

The file is a preamble, a table of contents in JSON and the arrays, each at a multiple of 64 bytes. The preamble holds
the sum of all that follows, which tells damage of disks and of writing that broke off, and not of intent.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

MAGIC = b"SHARRAY2"
PREAMBLE = Struct("<8sQQ")
"""Magic, sum of what follows the preamble, length of the table of contents in bytes."""

ALIGNED = 64


class DamagedError(ValueError):
    """The file is not what ``write`` wrote."""


def write(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write the file at once: who reads sees the whole of it or none. Raises OSError."""
    rows, place = [], 0
    for name, array in arrays.items():
        rows.append([name, array.dtype.str, array.shape, place])
        place += _padded(array.nbytes)
    contents = json.dumps(rows).encode()
    contents += b" " * (-(PREAMBLE.size + len(contents)) % ALIGNED)
    bodies = (array.tobytes().ljust(_padded(array.nbytes), b"\0") for array in arrays.values())
    body = b"".join((contents, *bodies))
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")  # two processes may write at the same time
    try:
        with partial.open("wb") as stream:
            stream.write(PREAMBLE.pack(MAGIC, _sum(np.frombuffer(body, np.uint8)), len(contents)))
            stream.write(body)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def read(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays, mapped and read-only. Raises OSError, and DamagedError for what ``write`` did not write."""
    try:
        whole = np.memmap(path, np.uint8, mode="r").view(np.ndarray)
    except ValueError as error:  # an empty file cannot be mapped
        raise DamagedError(str(error)) from None
    if len(whole) < PREAMBLE.size or len(whole) % ALIGNED:
        raise DamagedError("shorter than it was")
    magic, checksum, length = PREAMBLE.unpack(whole[: PREAMBLE.size].tobytes())
    if magic != MAGIC or _sum(whole[PREAMBLE.size :]) != checksum:
        raise DamagedError("its checksum is another")
    begin = PREAMBLE.size + length
    rows = json.loads(whole[PREAMBLE.size : begin].tobytes())
    return {name: _array(whole[begin + place :], np.dtype(kind), shape) for name, kind, shape, place in rows}


def _array(body: NDArray[np.uint8], kind: np.dtype[Any], shape: list[int]) -> NDArray[Any]:
    size = int(np.prod(shape)) * kind.itemsize
    return body[:size].view(kind).reshape(shape)


def _sum(body: NDArray[np.uint8]) -> int:
    """Return the sum of the 64-bit words, modulo 2**64; Adler-32 takes three times as long."""
    return int(body.view(np.uint64).sum(dtype=np.uint64))


def _padded(size: int) -> int:
    return size + -size % ALIGNED
