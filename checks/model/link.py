"""What the crawl learned about the targets of links, and about parts of a site without an end."""

from __future__ import annotations

from msgspec import Struct

from checks.model.page import Kind, Referrer
from checks.model.response import Response


class Link(Struct, frozen=True):
    """One target with everything the crawl learned about it, and the pages that point there.

    A template repeats: the subject is the target, not the occurrence, so that one dead footer link is one finding.
    ``looks`` holds every answer in the order they came; the last one counts, the earlier ones say whether it was seen
    twice. ``fragment`` is set when the subject is a place inside a page that does not exist there.
    ``soft_404`` names the signals that an answer of 200 is really a missing page. ``sniffed`` is what the first bytes
    say (``html``, ``pdf``, ``zip`` …), None when nothing was read. ``challenge`` names the firewall that answered.
    ``referrers`` may be cut; ``referrer_count`` never is. ``title`` is that of the page that answered, where it was
    read. ``homepage`` is set when the site's homepage is among the referrers. Targets on a host that cannot be reached
    at all are one subject: ``others`` are further addresses there that fail alike, which may be cut; ``other_count``
    never is.
    """

    url: str
    kind: Kind
    internal: bool
    looks: tuple[Response, ...]
    referrers: tuple[Referrer, ...] = ()
    referrer_count: int = 0
    href: str = ""
    element: str = "a[href]"
    fragment: str | None = None
    scripted: bool = False
    soft_404: tuple[str, ...] = ()
    sniffed: str | None = None
    challenge: str | None = None
    title: str = ""
    homepage: bool = False
    others: tuple[str, ...] = ()
    other_count: int = 0

    @property
    def target(self) -> Response:
        """The answer that counts: the last one."""
        return self.looks[-1]


class Space(Struct, frozen=True):
    """A part of the site without an end, which the crawl recognised and left: what it is and where it was cut.

    ``reason`` is ``same-pages`` (calendars, session ids) or ``repeated-path``; ``shape`` is the URL with its numbers
    taken out, ``pages`` how many of its pages were read before the cut, ``example`` the last of them or the first that
    was not. ``referrer`` is the page where it begins, or that leads to ``example``.
    """

    shape: str
    reason: str
    pages: int
    example: str
    referrer: str = ""

    @property
    def url(self) -> str:
        """An address in it, as every subject has one."""
        return self.example
