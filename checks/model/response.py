"""What HTTP requests brought: answers, redirects, and chains of them."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct


class ErrorKind(StrEnum):
    """Why a target cannot be read: the one list, from the fetcher to report.json and the labels of both languages."""

    DNS = "dns"
    RESOLVER = "resolver"
    NO_ROUTE = "no-route"
    FORBIDDEN_ADDRESS = "forbidden-address"
    CONNECT = "connect"
    TLS = "tls"
    NOT_TLS = "not-tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    PROTOCOL = "protocol"
    TOO_LARGE = "too-large"
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_BROKEN = "redirect-broken"
    MALFORMED = "malformed"
    HTTP_4XX = "http-4xx"
    HTTP_5XX = "http-5xx"
    NOT_A_DOCUMENT = "not-a-document"
    EMPTY = "empty"

    @classmethod
    def of_status(cls, status: int | None) -> ErrorKind | None:
        """Return the kind of a status that refuses (400 and above), None for the others."""
        if not status or status < 400:
            return None
        return cls.HTTP_4XX if status < 500 else cls.HTTP_5XX


PASSING = frozenset(
    {
        ErrorKind.RESOLVER,
        ErrorKind.TIMEOUT,
        ErrorKind.RESET,
        ErrorKind.CONNECT,
        ErrorKind.PROTOCOL,
        ErrorKind.HTTP_5XX,
    }
)
"""Errors that may pass by themselves. They are asked for again at the end of a run, and are suspicions until the next
run sees the same. A name that does not exist is asked for again, too, but is no suspicion: its name server says so. A
failed handshake is not among them, which another time of asking does not explain: it may be our own TLS that the server
does not like."""

ASKED_AGAIN = PASSING | {ErrorKind.DNS, ErrorKind.NO_ROUTE}
"""Errors that get a second look."""


class Redirect(NamedTuple):
    """One hop of a chain: what was asked for, how it answered, and where it pointed (absolute)."""

    url: str
    status: int
    location: str


class HttpFaultKind(StrEnum):
    """What of HTTP's grammar an answer breaks that browsers open all the same."""

    NO_HEAD = "no-head"
    STATUS_LINE = "status-line"
    HEADER_LINE = "header-line"
    FOLDED = "folded"
    TRANSFER_ENCODING = "transfer-encoding"
    CONTENT_LENGTH = "content-length"
    TWO_LENGTHS = "two-lengths"
    CONTENT_ENCODING = "content-encoding"


class HttpFault(Struct, frozen=True):
    """One fault of the kind, and the line that shows it."""

    kind: HttpFaultKind
    line: str


class Response(Struct, frozen=True):
    """The outcome of one request: an answer, or the reason there was none.

    ``error`` is None where there was an answer, whatever its status; ``detail`` is the words of the library for the
    engineer. ``elapsed`` is in seconds, to the end of the body, without those in which our own loop was late to read
    it. ``headers`` keep their order and repetition; names as sent.
    ``http_faults`` are looked for where a host is probed.
    """

    url: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    error: ErrorKind | None = None
    detail: str = ""
    redirects: tuple[Redirect, ...] = ()
    elapsed: float = 0.0
    http_faults: tuple[HttpFault, ...] = ()

    @property
    def failure(self) -> ErrorKind | None:
        """Why nobody can read it: its error, or that its status refuses; None where it did answer."""
        return self.error or ErrorKind.of_status(self.status)

    def header(self, name: str) -> str | None:
        """Return the first header of that name (any case), or None."""
        wanted = name.lower()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value
        return None

    def header_list(self, name: str) -> tuple[str, ...]:
        """Return every header of that name (any case), in order of arrival."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)


class Answer(Struct, frozen=True):
    """A response together with the text of its body, which is empty where none was read."""

    response: Response
    body: str = ""


class Chain(Struct, frozen=True):
    """Every answer on the way from one address to where its redirects end; the last one is the final one.

    A chain that breaks keeps the answers before the break, and last a response with its ``error``. ``trusted`` is False
    when a certificate on the way did not verify and the way was followed all the same.
    """

    answers: tuple[Answer, ...] = ()
    trusted: bool = True

    @property
    def final(self) -> Answer | None:
        """Where the redirects end, or None when nothing answered there."""
        return self.answers[-1] if self.answers and self.answers[-1].response.error is None else None
