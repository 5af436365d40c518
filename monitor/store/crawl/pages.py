"""Keep pages as a run read them: enough to answer for one when the server says that it has not changed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Container, Iterable, Sequence
from functools import cached_property
from typing import Any

from backports import zstd
from msgspec import Raw, Struct
from msgspec.json import Decoder
from msgspec.structs import replace
from sqlalchemy import RowMapping

from checks.columns.page_facts_json import facts_from_json, facts_to_json
from checks.model import Facts, Reference
from monitor.store.database import Row
from monitor.store.findings import CheckFinding, check_findings_from_json, check_findings_to_json
from monitor.store.json_text import decode_json, encode_text_lists

HOST = re.compile(rb'"https?://([^/"?#]+)')

ZSTD = b"\x28\xb5\x2f\xfd"
"""How references begin that zstd packed. Those of an older version were packed by zlib, a list for each of them."""

PACKER = zstd.ZstdCompressor(-1)
"""The level at which zstd takes 14 µs for a page, where level 1 takes 29 and a tenth less room, zlib's fastest 65."""

URL, FRAGMENT = Reference._fields.index("url"), Reference._fields.index("fragment")
LISTS, TEXTS = Decoder(list[Raw]), Decoder(list)
"""Read the lists of fields without what is in them, and one of them."""


class PageRecord(Struct, frozen=True):
    """One page, style sheet, or answer of a list's interface.

    ``etag`` and ``modified`` are its validators, None where it has none; ``digest`` names its bytes. ``scripted`` is
    True where a script may make more places than ``anchors`` has, which is None where the end of the page was not
    received: any place may be there, so that none is missing. ``fragments`` are the addresses with a ``#`` that it
    refers to. ``findings`` are all that the checks made of it, also those that are known from another page. ``facts``
    are what the columns of the site need to know of it, None where nobody asked. ``repeats`` says that it told nothing
    that other pages had not said.
    """

    url: str
    title: str = ""
    etag: str | None = None
    modified: str | None = None
    digest: bytes = b""
    scripted: bool = False
    anchors: frozenset[str] | None = frozenset()
    fragments: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    findings: tuple[CheckFinding, ...] = ()
    facts: Facts | None = None
    repeats: bool = False

    def to_read_again(self) -> PageRecord:
        """Return the page without what lets the next run take it for unchanged."""
        return replace(self, etag=None, modified=None, digest=b"")


def page_row(page: PageRecord) -> Row:
    """Return a page as the columns of its row that do not name the run."""
    return {
        "url": page.url,
        "title": page.title,
        "etag": page.etag,
        "modified": page.modified,
        "digest": page.digest,
        "scripted": int(page.scripted),
        "anchors": pack_anchors(page.anchors),
        "fragments": "\n".join(page.fragments),
        "references": pack_references(page.references),
        "findings": check_findings_to_json(page.findings),
        "facts": facts_to_json(page.facts) if page.facts else None,
        "repeats": int(page.repeats),
        "continues": (page.facts and page.facts.continues) or None,
    }


def page_from_row(row: RowMapping) -> PageRecord:
    """Return the page again."""
    return PageRecord(
        url=row["url"],
        title=row["title"],
        etag=row["etag"],
        modified=row["modified"],
        digest=row["digest"],
        scripted=bool(row["scripted"]),
        anchors=unpack_anchors(row["anchors"]),
        fragments=tuple(row["fragments"].split("\n")) if row["fragments"] else (),
        references=tuple(PackedReferences(row["references"]).all()),
        findings=check_findings_from_json(row["findings"]),
        facts=facts_from_json(row["facts"]) if row["facts"] else None,
        repeats=bool(row["repeats"]),
    )


UNKNOWN_ANCHORS = "\n"
"""What stands in the column for anchors that are not known; no name of a place is empty, so that no set packs to it."""


def pack_anchors(anchors: frozenset[str] | None) -> str:
    """Return the places in a page as its column has them."""
    return UNKNOWN_ANCHORS if anchors is None else "\n".join(anchors)


def unpack_anchors(packed: str) -> frozenset[str] | None:
    """Return the places in a page, None where they are not known."""
    return None if packed == UNKNOWN_ANCHORS else frozenset(packed.split("\n"))


def pack_references(references: Iterable[Reference]) -> bytes:
    """Pack the references of a page, a list for each of their fields: some 1,750 bytes for 60 of them (25 µs)."""
    return PACKER.compress(encode_text_lists(list(zip(*references, strict=True))), PACKER.FLUSH_FRAME)


class PackedReferences:
    """The references of a page as they are packed. Of most of them nobody asks for more than where they lead."""

    def __init__(self, packed: bytes) -> None:
        self._text = _unpacked(packed)
        self._by_field = packed.startswith(ZSTD)

    def all(self) -> list[Reference]:
        """Return the references; those of an older version have no region.

        ``kind`` and ``region`` are the plain strings that a Kind and a Region are equal to: a whole site has millions.
        """
        return [Reference(*fields) for fields in zip(*self.fields, strict=True)]

    def leading_to(self, wanted: Container[str]) -> list[PackedReference]:
        """Return those whose ``url`` is ``wanted``, in a third of the time that it takes to read all fields of all."""
        urls = self.field(URL)
        return [PackedReference(url, number, self) for number, url in enumerate(urls) if url in wanted]

    @cached_property
    def fields(self) -> Sequence[Sequence[Any]]:
        """A list for each of their fields, or none for no references."""
        written: list[list[Any]] = decode_json(self._text)
        return written if self._by_field else [*zip(*written, strict=True)]

    def field(self, index: int) -> Sequence[Any]:
        """Return one of their fields, of which the others are not read."""
        if not self._by_field:
            return self.fields[index] if self.fields else ()
        lists = LISTS.decode(self._text)
        return TEXTS.decode(lists[index]) if lists else ()


class PackedReference(Struct, frozen=True):
    """One reference of a page, of which only the address was read yet."""

    url: str
    number: int
    page: PackedReferences

    def fragment(self) -> str | None:
        """Return which place in the page at the address it names."""
        fragment: str | None = self.page.field(FRAGMENT)[self.number]
        return fragment

    def read(self) -> Reference:
        """Return the whole of it."""
        return Reference(*[each[self.number] for each in self.page.fields])


def hosts_in(packed: bytes) -> set[str]:
    """Return the hosts (user and port included) of packed references, without reading them one by one (20 µs)."""
    return {host.decode() for host in HOST.findall(_unpacked(packed))}


def _unpacked(packed: bytes) -> bytes:
    return zstd.decompress(packed) if packed.startswith(ZSTD) else zlib.decompress(packed)
