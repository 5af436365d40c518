"""Set the cookies that nobody else may read: no script, no other site's page, over https no other host."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class CookieJar:
    """How cookies are set. ``path`` is the one that the console lies under, ``secure`` that people come by https.

    Over https their names begin with ``__Host-``: browsers then take them from this host and over https alone (RFC
    6265bis, 4.1.3), which asks for the path ``/``.
    """

    path: str
    secure: bool

    def name(self, name: str) -> str:
        """Return what a cookie is called on the wire."""
        return f"__Host-{name}" if self.secure else name

    def read(self, request: Request, name: str) -> str:
        """Return the value of a cookie, "" where there is none."""
        return request.cookies.get(self.name(name), "")

    def set(self, response: Response, name: str, value: str, age: int | None = None) -> None:
        """Have the browser keep a cookie: for ``age`` seconds, None until it is closed."""
        response.set_cookie(
            self.name(name),
            value,
            max_age=age,
            path="/" if self.secure else self.path,
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def drop(self, response: Response, name: str) -> None:
        """Have the browser forget a cookie."""
        self.set(response, name, "", 0)
