"""Know who asks for a page and how they want to see it; what they may see and change is ``Caller``'s.

A page takes ``SignedIn`` (or ``Anybody``) as its parameter and asks nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Annotated, NoReturn

from fastapi import Depends, HTTPException, Path
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from checks.model import Text
from monitor.accounts.accounts import Accounts, Session, csrf_matches
from monitor.accounts.auditing import Actor
from monitor.accounts.passwords import LONGEST_TYPED
from monitor.accounts.permissions import User
from monitor.console.caller import Caller
from monitor.console.console_parts import ConsoleParts
from monitor.console.console_words import console_words
from monitor.console.notices import Notices, Toast
from monitor.console.preferences import Preferences, preferences_of
from monitor.console.rendering import Pages
from monitor.console.security.cookie_jar import CookieJar
from monitor.console.security.form_tokens import COOKIE as FORM_COOKIE
from monitor.console.security.form_tokens import (
    SAFE,
    comes_from_elsewhere,
    given_token,
    matches_cookie,
    token_of_visitor,
)
from monitor.store.typed_numbers import typed_number
from reports.wording import Words

SESSION_COOKIE = "sitehealth"

TEXT_LIMIT = 4_000
"""Characters of one field of a form."""


class SignInNeededError(Exception):
    """Nobody is logged in; ``back`` is where they wanted to go."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back


@dataclass
class Visit(Caller):
    """One request for a page."""

    request: Request
    parts: ConsoleParts
    pages: Pages
    notices: Notices
    session: Session | None

    # ---- who ---------------------------------------------------------------------------------------

    @property
    def known(self) -> User | None:
        """Who is logged in."""
        return self.session.user if self.session else None

    @property
    def user(self) -> User:
        """Who is logged in. Raises SignInNeededError where nobody is."""
        return self.login.user

    @property
    def actor(self) -> Actor:
        """Who does it, for the audit log. Raises SignInNeededError where nobody is logged in."""
        return self.login.actor(self.address)

    @property
    def login(self) -> Session:
        """The session of who is logged in. Raises SignInNeededError where nobody is."""
        if self.session is None:
            raise SignInNeededError(self.path)
        return self.session

    @property
    def goes_on(self) -> bool:
        """Whether the session of who asked has not ended since."""
        return self.accounts.goes_on(self.cookies.read(self.request, SESSION_COOKIE))

    @property
    def address(self) -> str:
        """The address that the request comes from, as far as trusted proxies tell."""
        return self.request.client.host if self.request.client else ""

    @cached_property
    def accounts(self) -> Accounts:
        """The users."""
        return Accounts(self.parts.store, self.settings, self.parts.now)

    # ---- what came with the request ---------------------------------------------------------------

    @property
    def path(self) -> str:
        """The path and query that were asked for, without the configured root: where to come back to."""
        root, path = self.pages.root, self.request.url.path
        bare = path.removeprefix(root) if root and path.startswith(f"{root}/") else path
        return f"{bare}?{self.request.url.query}" if self.request.url.query else bare

    @property
    def is_partial(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return self.request.headers.get("hx-request") == "true" and "hx-boosted" not in self.request.headers

    @property
    def form(self) -> FormData:
        """The form that was sent, read before the page was called."""
        return getattr(self.request, "_form", None) or FormData()

    def field(self, name: str, default: str = "") -> str:
        """Return a text of the form or, without a form, of the query; trimmed and bounded."""
        value = self.form.get(name, self.request.query_params.get(name, default))
        return value.strip()[:TEXT_LIMIT] if isinstance(value, str) else default

    def secret(self, name: str) -> str:
        """Return a password of the form as it was typed, blanks and all, and bounded."""
        value = self.form.get(name, "")
        return value[:LONGEST_TYPED] if isinstance(value, str) else ""

    def fields(self, name: str) -> list[str]:
        """Return every text of a name of the form or, without a form, of the query."""
        values = self.form.getlist(name) or self.request.query_params.getlist(name)
        return [value.strip()[:TEXT_LIMIT] for value in values if isinstance(value, str)]

    def number(self, name: str) -> int | None:
        """Return the number that a text of the form or the query is, None where it is none."""
        return typed_number(self.field(name))

    def numbers(self, name: str) -> list[int]:
        """Return the numbers among the texts of a name; what is none is left out."""
        return [number for number in map(typed_number, self.fields(name)) if number is not None]

    def file(self, name: str) -> UploadFile | None:
        """Return an uploaded file, None where none was chosen."""
        value = self.form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    # ---- how it is answered -----------------------------------------------------------------------

    @cached_property
    def preferences(self) -> Preferences:
        """Language and theme."""
        return preferences_of(self.request, self.cookies)

    @cached_property
    def say(self) -> Words:
        """The words of the reader's language."""
        return console_words(self.preferences.language)

    @cached_property
    def form_token(self) -> str:
        """What every form of a page carries."""
        return self.session.csrf if self.session else token_of_visitor(self.request, self.cookies)

    @cached_property
    def cookies(self) -> CookieJar:
        """How cookies are read and set."""
        return CookieJar(f"{self.pages.root}/", self.settings.console.https)

    def render(self, template: str, /, **view: object) -> str:
        """Return a part of a page."""
        return self.pages.render(template, self.preferences.language, {**view, "visit": self})

    def show(self, template: str, status: int = 200, /, **view: object) -> HTMLResponse:
        """Return a page. Templates know the request as ``visit``, and the settings of how it is shown."""
        response = HTMLResponse(self.render(template, **view), status, headers={"Vary": "Cookie, HX-Request"})
        if self.session is None:
            self.cookies.set(response, FORM_COOKIE, self.form_token)
        return response

    def go(self, path: str, query: Mapping[str, object] | None = None) -> RedirectResponse:
        """Have the browser ask for a page of ours."""
        return RedirectResponse(self.pages.address(path, dict(query or {})), HTTPStatus.SEE_OTHER)

    def go_back(self, default: str) -> RedirectResponse:
        """Have the browser ask for the page that the form names as ``back``, if that is one of ours."""
        return self.go(own_path(self.field("back"), default))

    def tell(self, text: str, *, undo: str = "", is_error: bool = False) -> None:
        """Say something on the next page of this person."""
        if self.session is not None:
            self.notices.add(self.session.number, Toast(text, undo, is_error))

    def take_notices(self) -> list[Toast]:
        """Return what is to be said now; templates call it once a page."""
        return self.notices.take(self.session.number) if self.session else []

    def refuse(self, reason: Text, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> NoReturn:
        """Answer with an error page that says why."""
        raise HTTPException(status, reason(self.preferences.language))


def own_path(path: str, default: str) -> str:
    """Return a path of ours to go to, else the default: no other host, whatever form an address of one may take."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if is_own else default


def visit_of(request: Request, given: Annotated[str, Depends(given_token)]) -> Visit:
    """Return the visit of who asks, logged in or not. Answers "forbidden" where a change is not asked for by us."""
    app = request.app.state
    visit = Visit(request, app.parts, app.pages, app.notices, None)
    token = visit.cookies.read(request, SESSION_COOKIE)
    visit.session = visit.accounts.session(token) if token else None
    if request.method not in SAFE and not _is_asked_for_by_us(visit, given):
        raise HTTPException(HTTPStatus.FORBIDDEN, visit.say("fault.form_token"))
    request.state.visit = visit
    return visit


def _is_asked_for_by_us(visit: Visit, given: str) -> bool:
    if comes_from_elsewhere(visit.request):
        return False
    if visit.session is None:
        return matches_cookie(visit.request, given, visit.cookies)
    return csrf_matches(visit.session, given)


def _signed_in(visit: Annotated[Visit, Depends(visit_of)]) -> Visit:
    if visit.session is None:
        raise SignInNeededError(visit.path if visit.request.method in SAFE else "/")
    return visit


Anybody = Annotated[Visit, Depends(visit_of)]
"""The parameter of a page that everybody may ask for."""

SignedIn = Annotated[Visit, Depends(_signed_in)]
"""The parameter of a page that asks for a login first."""

StoredNumber = Annotated[int, Path(ge=0, lt=2**63)]
"""A number in an address, of a run or an entry: what the store can hold; for any other there is no page."""
