"""What HTTP requests brought: answers, redirects, and chains of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Redirect(NamedTuple):
    """One hop of a chain: what was asked for, how it answered, and where it pointed (absolute)."""

    url: str
    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Response:
    """The outcome of one request: an answer, or the reason there was none.

    ``error`` is None or one of the kinds of report.json (``dns``, ``connect``, ``tls``, ``timeout``, ``reset``,
    ``redirect-loop`` …); ``detail`` is the words of the library for the engineer. ``elapsed`` is in seconds, to the
    end of the body. ``headers`` keep their order and repetition; names as sent.
    """

    url: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    error: str | None = None
    detail: str = ""
    redirects: tuple[Redirect, ...] = ()
    elapsed: float = 0.0

    def header(self, name: str) -> str | None:
        """Return the first header of that name (any case), or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def header_list(self, name: str) -> tuple[str, ...]:
        """Return every header of that name (any case), in order of arrival."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response together with the text of its body, which is empty where none was read."""

    response: Response
    body: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
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
