"""Find or make the reports that a digest brings along."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from monitor.output.file_names import when_of
from monitor.output.letterhead_files import LetterheadError, letterhead_of
from monitor.output.publish import file_of
from monitor.output.report import build_report
from monitor.settings.report import ReportSettings
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.runs import RunRecord
from reports import FORMATS
from reports.letterhead import NO_LETTERHEAD, Letterhead
from reports.wording import words

MOST = 10
"""Files of one mail; the list of all reports has the others."""


class Attachment(NamedTuple):
    """A file of a mail."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"


class ReportSource(Protocol):
    """What gives a mail its attachments."""

    def attachments(self, runs: Sequence[int]) -> tuple[list[Attachment], str]:
        """Return the files for some runs, and a sentence about those that are left out, "" for none."""


class NothingToAttach:
    """A source without files."""

    def attachments(self, runs: Sequence[int]) -> tuple[list[Attachment], str]:  # noqa: ARG002 - ReportSource's signature
        """Return nothing."""
        return [], ""


class ReportFiles:
    """The reports of one store, in some formats, for readers of one language."""

    def __init__(self, store: Store, settings: Settings, formats: Sequence[str], language: str) -> None:
        self._store, self._settings, self._formats, self._language = store, settings, formats, language
        self._folder = Path(settings.daemon.reports)

    def attachments(self, runs: Sequence[int]) -> tuple[list[Attachment], str]:
        """Return the reports of runs; the published file where there is one in that language."""
        wanted = [(number, name) for number in runs for name in self._formats]
        found: list[Attachment] = []
        left_out: list[str] = []
        for number, name in wanted:
            row = self._run(number)
            if row is None:
                continue
            if len(found) < MOST:
                found.append(Attachment(self._name(row, name), self._content(row, name), FORMATS[name].media_type))
            else:
                left_out.append(self._name(row, name))
        return found, self._note(left_out)

    def _run(self, number: int) -> RunRecord | None:
        try:
            return self._store.runs.load(number)
        except KeyError:
            return None

    def _name(self, row: RunRecord, name: str) -> str:
        """Return what people call the file: the site, the day, the scope, in their language."""
        say = words(self._language)
        site = "".join(character for character in row.name or row.site if character not in '/\\:*?"<>|\r\n')
        return f"{site}-{when_of(row):%Y-%m-%d}-{say.label('scope', row.scope)}.{FORMATS[name].extension}"

    def _content(self, row: RunRecord, name: str) -> bytes:
        published, wanted = self._folder / file_of(row, name), self._settings.report_of(row.site)
        # Snapshots lie beside the published page, and no mail brings them: its links would lead nowhere.
        stands_alone = name != "html" or not wanted.snapshots
        if stands_alone and self._language == wanted.language and published.is_file():
            return published.read_bytes()
        return FORMATS[name].render(build_report(self._store, row.id, _letterhead(wanted)), self._language)

    def _note(self, left_out: Sequence[str]) -> str:
        if not left_out:
            return ""
        say = words(self._language)
        why = say("message.too_many", n=MOST)
        return say("message.left_out", why=why, names=say("frame.separator").join(left_out))


def _letterhead(settings: ReportSettings) -> Letterhead:
    """Return the letterhead of an office, an empty one where its files cannot be used: the mail is worth more."""
    try:
        return letterhead_of(settings)
    except LetterheadError:
        return NO_LETTERHEAD
