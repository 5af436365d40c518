"""Keep pictures that are evidence of findings: each content once, however many runs and findings have it.

They are in the store for the reasons that snapshots of pages are: written with their run, backed up and copied with
what they are evidence of, and there for every process that has the store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import Struct
from sqlalchemy import Connection, Engine, delete, func, select

from monitor.store.database import select_where_in, upsert
from monitor.store.schema import finding_pictures, pictures
from reports.picture import Picture, PictureKind, picture_of

ROOM = 16 * 1024 * 1024
"""Bytes of pictures that one run keeps; those that come later are left out."""


class FindingPicture(Struct, frozen=True):
    """A picture of what a finding says; one whose ``body`` is empty has a content that is kept already."""

    fingerprint: str
    picture: Picture


class PictureStore:
    """The pictures of all runs."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def known(self, digests: Iterable[str]) -> set[str]:
        """Return those of the contents, by their digests, that are kept already."""
        wanted = [bytes.fromhex(digest) for digest in digests]
        statement = select(pictures.c.digest)
        return {row.digest.hex() for row in select_where_in(self.engine, statement, pictures.c.digest, wanted)}

    def save(self, run: int, taken: Iterable[FindingPicture]) -> None:
        """Keep pictures of a run's findings, one of a kind each, in their order while there is room; all or none."""
        with self.engine.begin() as connection:
            room = ROOM - _bytes_of(connection, run)
            for each in taken:
                digest = bytes.fromhex(each.picture.digest)
                if each.picture.body:
                    room -= len(each.picture.body)
                    if room < 0:
                        return
                    upsert(connection, pictures, [{"digest": digest, "body": each.picture.body}])
                place = {"run": run, "fingerprint": each.fingerprint, "kind": each.picture.kind.value}
                upsert(connection, finding_pictures, [place | {"digest": digest}])

    def of_finding(self, run: int, fingerprint: str) -> tuple[Picture, ...]:
        """Return the pictures of a finding as a run kept them."""
        return self.of_findings(run, [fingerprint]).get(fingerprint, ())

    def of_findings(self, run: int, fingerprints: Iterable[str], room: int = ROOM) -> dict[str, tuple[Picture, ...]]:
        """Return the pictures of findings by their fingerprints.

        The findings that come first have their bytes, each content once; where ``room`` bytes are full, the rest have
        none.
        """
        found: dict[str, tuple[Picture, ...]] = {}
        read: dict[str, Picture] = {}
        digests = self._digests(run)
        for fingerprint in fingerprints:
            for kind, digest in digests.get(fingerprint, ()):
                if digest not in read:
                    picture = self._load(kind, digest)
                    if picture is None:
                        continue
                    room -= len(picture.body)
                    read[digest] = picture if room >= 0 else _without_bytes(picture)
                found[fingerprint] = (*found.get(fingerprint, ()), read[digest])
        return found

    def _digests(self, run: int) -> dict[str, list[tuple[PictureKind, str]]]:
        """Return kind and digest of every picture of a run, by the fingerprint of its finding."""
        statement = select(finding_pictures).where(finding_pictures.c.run == run).order_by(finding_pictures.c.kind)
        found: dict[str, list[tuple[PictureKind, str]]] = {}
        with self.engine.connect() as connection:
            for row in connection.execute(statement):
                found.setdefault(row.fingerprint, []).append((PictureKind(row.kind), row.digest.hex()))
        return found

    def _load(self, kind: PictureKind, digest: str) -> Picture | None:
        """Return a picture; None where it is gone, or is not what the digest names."""
        statement = select(pictures.c.body).where(pictures.c.digest == bytes.fromhex(digest))
        with self.engine.connect() as connection:
            body = connection.execute(statement).scalar()
        picture = picture_of(kind, bytes(body)) if body is not None else None
        return picture if picture is not None and picture.digest == digest else None


def forget_pictures(connection: Connection, runs: Collection[int]) -> None:
    """Drop the pictures of runs, and the contents that no other run has."""
    for run in runs:
        connection.execute(delete(finding_pictures).where(finding_pictures.c.run == run))
    if runs:
        connection.execute(delete(pictures).where(pictures.c.digest.not_in(select(finding_pictures.c.digest))))


def _bytes_of(connection: Connection, run: int) -> int:
    kept = select(finding_pictures.c.digest).where(finding_pictures.c.run == run)
    return (
        connection.execute(select(func.sum(func.length(pictures.c.body))).where(pictures.c.digest.in_(kept))).scalar()
        or 0
    )


def _without_bytes(picture: Picture) -> Picture:
    return Picture(picture.kind, picture.digest, picture.width, picture.height)
