"""Remember the attachments of a site, so that one that has not changed is neither downloaded nor read again."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, Engine, delete, select

from monitor.store.database import upsert
from monitor.store.schema import attachments


class AttachmentRecord(NamedTuple):
    """One attachment as a run read it; the fields are columns of the table ``attachments``.

    ``etag``, ``modified`` and ``length`` are what its answer said of it (ETag, Last-Modified, Content-Length), None
    where it did not. ``digest`` names its bytes. ``readable`` is False where ``engine`` got no text out of it.
    """

    url: str
    etag: str | None
    modified: str | None
    length: str | None
    digest: bytes
    readable: bool
    engine: str


class AttachmentStore:
    """The attachments of one site and scope, on behalf of a run."""

    def __init__(self, engine: Engine, run: int, site: str, scope: str) -> None:
        self.engine, self.run, self.site, self.scope = engine, run, site, scope

    def load(self, url: str) -> AttachmentRecord | None:
        """Return an attachment as the last run to read it left it."""
        columns = [attachments.c[name] for name in AttachmentRecord._fields]
        statement = select(*columns).where(*self._of_site(), attachments.c.url == url)
        with self.engine.connect() as connection:
            row = connection.execute(statement).one_or_none()
        return AttachmentRecord(*row) if row else None

    def save(self, known: AttachmentRecord) -> None:
        """Keep what this run read, or met unchanged."""
        owner = {"site": self.site, "scope": self.scope, "run": self.run}
        with self.engine.begin() as connection:
            upsert(connection, attachments, [owner | known._asdict()])

    def forget_unseen(self) -> None:
        """Drop the attachments that this run did not meet."""
        with self.engine.begin() as connection:
            connection.execute(delete(attachments).where(*self._of_site(), attachments.c.run != self.run))

    def _of_site(self) -> tuple[ColumnElement[bool], ...]:
        return attachments.c.site == self.site, attachments.c.scope == self.scope
