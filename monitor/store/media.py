"""Keep how every account on new media stood when it was last looked at, and the days that people entered."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Engine, select

from monitor.beijing import start_of_day
from monitor.store.database import upsert
from monitor.store.schema import media_accounts, media_notes


class MediaRecord(NamedTuple):
    """The last look at an account. Times are seconds since the epoch.

    ``newest`` is of the newest post that any look saw, None before there was one; ``title`` is that post's. ``looked``
    is when the account was last looked at, ``unseen_since`` since when its feed does not open, None where it does.
    """

    site: str
    name: str
    newest: float | None
    title: str
    looked: float
    unseen_since: float | None


class MediaNote(NamedTuple):
    """What a person entered: that an account was updated on a ``day`` (ISO); ``at`` is when, in seconds."""

    site: str
    name: str
    day: str
    by: str
    at: float


class MediaStanding(NamedTuple):
    """How an account stands: ``updated`` is its newest post or the day that was entered, None where nothing is known.

    In seconds since the epoch. ``is_unseen``: its feed did not open when it was last looked at.
    """

    site: str
    name: str
    updated: float | None
    is_unseen: bool


class MediaStore:
    """The accounts of all sites."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def load(self) -> dict[tuple[str, str], MediaRecord]:
        """Return the last look at every account, by site and name."""
        with self.engine.connect() as connection:
            found = [MediaRecord(**row) for row in connection.execute(select(media_accounts)).mappings()]
        return {(record.site, record.name): record for record in found}

    def notes(self) -> dict[tuple[str, str], MediaNote]:
        """Return the day that was last entered for every account, by site and name."""
        with self.engine.connect() as connection:
            found = [MediaNote(**row) for row in connection.execute(select(media_notes)).mappings()]
        return {(note.site, note.name): note for note in found}

    def standings(self) -> dict[tuple[str, str], MediaStanding]:
        """Return how every account stands of which anything is known, by site and name."""
        records, notes = self.load(), self.notes()
        standings = {}
        for key in records.keys() | notes.keys():
            record, note = records.get(key), notes.get(key)
            known = [record.newest if record else None, start_of_day(note.day) if note else None]
            updated = max((moment for moment in known if moment is not None), default=None)
            standings[key] = MediaStanding(*key, updated, record is not None and record.unseen_since is not None)
        return standings

    def save(self, site: str, name: str, newest: tuple[float, str] | None, looked: float, *, is_seen: bool) -> None:
        """Keep a look. ``newest`` is moment and title of the newest post that it saw; an older one changes nothing."""
        of_account = media_accounts.c.site == site, media_accounts.c.name == name
        with self.engine.begin() as connection:
            row = connection.execute(select(media_accounts).where(*of_account)).mappings().one_or_none()
            before = MediaRecord(**row) if row else MediaRecord(site, name, None, "", looked, None)
            record = before._replace(looked=looked, unseen_since=None if is_seen else before.unseen_since or looked)
            if newest is not None and newest[0] >= (before.newest or 0.0):
                record = record._replace(newest=newest[0], title=newest[1])
            upsert(connection, media_accounts, [record._asdict()])

    def note(self, note: MediaNote) -> None:
        """Keep a day that a person entered, in the place of the one before."""
        with self.engine.begin() as connection:
            upsert(connection, media_notes, [note._asdict()])
