"""Know in whose name a program asks: by a token in the header ``Authorization``, and by nothing that browsers send.

Cookies count for nothing here, so no page of a stranger can have a browser ask in somebody's name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Literal, NoReturn

from fastapi import Depends, HTTPException, Query, Security, UploadFile
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request
from starlette.responses import Response

from checks.model import Text
from monitor.accounts.administration import UserAdministration
from monitor.accounts.auditing import Actor, Via
from monitor.accounts.permissions import PERMISSIONS, Action, TokenScope, User
from monitor.console.actions.proofreading_steps import file_name
from monitor.console.api.problems import ProblemError
from monitor.console.caller import Caller
from monitor.console.console_parts import ConsoleParts
from monitor.console.security.wire import as_json

NO_TOKEN = Text("需要有效的令牌（Authorization: Bearer sh_…）", "a valid token is needed (Authorization: Bearer sh_…)")
WIDER = Text("超出本次所用令牌的范围", "beyond the scopes of the token that asks")
CHANGED = Text("内容已被修改，请重新读取", "it was changed since; read it again")

WEAK_OR_STRONG = re.compile(r'(?:W/)?"[^"]*"')
"""One entity tag of If-None-Match or If-Match (RFC 9110, 8.8.3)."""


class ApiCall(Caller):
    """One request of a program. ``language`` is that of sentences in the answer."""

    def __init__(self, request: Request, parts: ConsoleParts, program: User, language: str) -> None:
        self.request, self.parts, self.language = request, parts, language
        self._program = program

    @property
    def known(self) -> User:
        """In whose place the program acts, narrowed to the scopes of its token."""
        return self._program

    @property
    def user(self) -> User:
        """The same."""
        return self._program

    @property
    def actor(self) -> Actor:
        """Who does it, for the audit log."""
        return Actor(self._program.name, address_of(self.request), Via.API)

    def refuse(self, reason: Text, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY, **members: object) -> NoReturn:
        """Answer that this cannot be done, and why."""
        raise ProblemError(status, reason, members)

    def answer(
        self, document: object, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Return a document as JSON, or "not modified" where the program has the same already."""
        content = as_json(document)
        tag = entity_tag(content)
        kept = {"ETag": tag, "Cache-Control": "private, no-cache", **(headers or {})}
        if self.request.method == "GET" and _names(self.request.headers.get("if-none-match", ""), tag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)
        return Response(content, status, kept, "application/json")

    def demand_match(self, document: object) -> None:
        """Answer "precondition failed" where the program has changed something else than what is there now."""
        wanted = self.request.headers.get("if-match")
        if wanted is not None and not _names(wanted, entity_tag(as_json(document)), is_strong=True):
            raise ProblemError(HTTPStatus.PRECONDITION_FAILED, CHANGED)


def entity_tag(content: bytes) -> str:
    """Return what names this content and no other."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _names(header: str, tag: str, *, is_strong: bool = False) -> bool:
    if header.strip() == "*":
        return True
    named = WEAK_OR_STRONG.findall(header)
    return tag in (named if is_strong else [each.removeprefix("W/") for each in named])


def address_of(request: Request) -> str:
    """Return the address that a request comes from, as far as trusted proxies tell."""
    return request.client.host if request.client else ""


BEARER = HTTPBearer(auto_error=False, description="A token of `sitehealth user token add`.")

Language = Annotated[
    Literal["zh-CN", "en"] | None, Query(description="The language of sentences; default: that of reports.")
]


def call_of(
    request: Request,
    given: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
    language: Language = None,
) -> ApiCall:
    """Return the call of a program whose token is valid; else answer "unauthorized"."""
    parts: ConsoleParts = request.app.state.parts
    settings = parts.settings()
    users = UserAdministration(parts.store, settings, parts.now)
    program = users.user_of_token(given.credentials, address_of(request)) if given else None
    if program is None:
        error = ' error="invalid_token"' if given else ""
        raise ProblemError(HTTPStatus.UNAUTHORIZED, NO_TOKEN, headers={"WWW-Authenticate": f"Bearer{error}"})
    return ApiCall(request, parts, program, language or settings.report.language)


Call = Annotated[ApiCall, Depends(call_of)]
"""The parameter of every endpoint."""


LATER = 30
"""Seconds after which what is refused for now is worth another try."""


def refuse_wider(call: ApiCall, scopes: Iterable[TokenScope]) -> None:
    """Answer "forbidden" to who wants a token of a scope that the asking one lacks."""
    if not set(scopes) <= (call.user.scopes or frozenset()):
        call.refuse(WIDER, HTTPStatus.FORBIDDEN)


def later(reason: Text) -> NoReturn:
    """Answer that too much is under way just now."""
    raise ProblemError(HTTPStatus.TOO_MANY_REQUESTS, reason, headers={"Retry-After": str(LATER)})


def uploaded(call: ApiCall, file: UploadFile) -> tuple[str, bytes]:
    """Return name and bytes of a file that was sent; answers "too large" for more than an upload may have."""
    limit = call.settings.console.upload
    body = file.file.read(limit + 1)
    if len(body) > limit:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return file_name(file.filename), body


def once(call: ApiCall, document: Mapping[str, object], status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Answer what holds a secret: nobody keeps it on the way."""
    return call.answer(document, status, {"Cache-Control": "no-store"})


def operation_name(route: APIRoute) -> str:
    """Return what the description calls an endpoint: the name of its function."""
    return route.name


def doing(action: Action, scope: TokenScope | None = None) -> dict[str, Any]:
    """Return what a route that does something is declared with: its scope is asked for before anything else.

    Who may do it nowhere is answered "forbidden"; of which site and row it is about the endpoint asks by itself.
    """
    scope = scope or PERMISSIONS[action].scope

    def check(call: Call) -> None:
        if call.user.scopes is None or scope not in call.user.scopes:
            reason = Text(f"令牌没有 {scope} 范围", f"the token lacks the scope {scope}")
            challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
            raise ProblemError(HTTPStatus.FORBIDDEN, reason, headers={"WWW-Authenticate": challenge})
        call.demand_somewhere(action)

    return {"dependencies": [Depends(check)], "openapi_extra": {"x-action": action.value, "x-scope": scope.value}}
