"""Read the files that are packaged with the program: lists, profiles, templates, words.

Checks and reports are pure, and this is their only way to a disk: what it returns is the same for ever, like code. A
convention test keeps every other way shut.
"""

from __future__ import annotations

from importlib.resources import files


def packaged_bytes(package: str, name: str) -> bytes:
    """Return a file by its path below a package. Raises FileNotFoundError."""
    return files(package).joinpath(name).read_bytes()


def packaged_text(package: str, name: str) -> str:
    """Return a UTF-8 text by its path below a package. Raises FileNotFoundError."""
    return packaged_bytes(package, name).decode("utf-8")


def packaged_names(package: str, folder: str, suffix: str) -> tuple[str, ...]:
    """Return the names of the files in a folder of a package that end in a suffix, in order."""
    return tuple(
        sorted(entry.name for entry in files(package).joinpath(folder).iterdir() if entry.name.endswith(suffix))
    )
