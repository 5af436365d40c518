"""Read the files that are packaged with the program: lists, profiles, templates, words.

Checks and reports are pure, and this is their only way to a disk: what it returns is the same for ever, like code. A
convention test keeps every other way shut.
"""

from __future__ import annotations

import io
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


END_OF_ARCHIVE = 4096
"""Bytes at the end of an archive: a zip has its table of contents there, xz the checksum of its one block."""


def packaged_bytes(package: str, name: str) -> bytes:
    """Return a file by its path below a package. Raises FileNotFoundError."""
    return files(package).joinpath(name).read_bytes()


def packaged_edition(package: str, name: str) -> bytes:
    """Return what tells one edition of a file from any other: its bytes, of an archive (``.npz``, ``.xz``) its end.

    There it has checksums of all that is in it. To read 20 MB of archives took 40 ms. Raises FileNotFoundError.
    """
    if not name.endswith((".npz", ".xz")):
        return packaged_bytes(package, name)
    with files(package).joinpath(name).open("rb") as archive:
        size = archive.seek(0, io.SEEK_END)
        archive.seek(max(0, size - END_OF_ARCHIVE))
        return b"%d " % size + archive.read()


def packaged_text(package: str, name: str) -> str:
    """Return a UTF-8 text by its path below a package. Raises FileNotFoundError."""
    return packaged_bytes(package, name).decode("utf-8")


def packaged_names(package: str, folder: str, suffix: str = "") -> tuple[str, ...]:
    """Return the names of the files in a folder of a package that end in a suffix, in order."""
    return tuple(
        sorted(entry.name for entry in files(package).joinpath(folder).iterdir() if entry.name.endswith(suffix))
    )


def packaged_arrays(package: str, name: str) -> dict[str, NDArray[Any]]:
    """Return the arrays of a NumPy archive (``.npz``) by name. Raises FileNotFoundError."""
    if (package, name) in _taken:
        return dict(_taken[package, name])
    import numpy as np

    with np.load(io.BytesIO(packaged_bytes(package, name)), allow_pickle=False) as archive:
        return dict(archive)


def take_arrays(package: str, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Have this process use what ``packaged_arrays`` returned for the archive, which was kept unpacked."""
    _taken[package, name] = arrays


_taken: dict[tuple[str, str], Mapping[str, NDArray[Any]]] = {}
