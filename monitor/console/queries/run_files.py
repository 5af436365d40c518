"""Find the files of a run's report, as the daemon left them in its folder."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from monitor.output.file_names import folder_of, stem_of
from monitor.store.runs import RunRecord

FIRST = ("html", "docx", "xlsx", "pdf")
"""The endings that people ask for most; others follow in the order of the alphabet."""


class ReportFile(NamedTuple):
    """A file of a report: its name, its ending without the dot, and its size in bytes."""

    name: str
    ending: str
    size: int


def report_files(folder: Path, record: RunRecord) -> dict[ReportFile, Path]:
    """Return the files of a run below the folder of reports, what people ask for most first; {} where there are none.

    Only what is found here is ever sent: a name out of an address is compared with these, and never made a path.
    """
    stem = stem_of(record)
    try:
        found = [path for path in (folder / folder_of(record.site)).iterdir() if path.name.startswith(f"{stem}.")]
        files = {ReportFile(path.name, path.suffix[1:], path.stat().st_size): path for path in found if path.is_file()}
    except OSError:
        return {}
    return dict(sorted(files.items(), key=lambda item: (_rank(item[0].ending), item[0].name)))


def _rank(ending: str) -> int:
    return FIRST.index(ending) if ending in FIRST else len(FIRST)
