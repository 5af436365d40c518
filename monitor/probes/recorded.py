"""Read recorded cases: what hosts answered, written down, to be judged again without a network.

A file is a JSON object with ``cases``, a JSON list, or one JSON object a line. Each case names the host that was asked
for (``entry_host``), the page at the end of its redirects (``url``, ``status``, ``headers``, ``body``), the redirects
on the way from http (``redirects``) and from https (``https_redirects``), whether port 80 was open (``http_open``), how
the certificate did (``tls``: ``valid``, ``closed`` or what was wrong with it), the answer to OPTIONS (``preflight``,
where ``$ORIGIN`` stands for the origin that was sent), other pages (``extra_pages``), and names that are on the preload
list (``preload``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from ada_url import URL
from pydantic import AfterValidator, BaseModel, BeforeValidator, ValidationError

from checks.model import Answer, Chain, ErrorKind, Host, Response, WordedError
from checks.security.observatory.https import FOLLOWED, MOST_REDIRECTS
from monitor.os_errors import os_reason
from monitor.settings.complaints import complaint

ORIGIN = "https://origin-that-is-not-yours.example"
"""The foreign origin that a recorded OPTIONS request is taken to have been sent with."""

BODILESS = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})

Value = Annotated[str, AfterValidator(lambda value: value.strip(" \t"))]
"""A header's value without the blanks around it, which no client gets to see."""

Headers = list[tuple[str, Value]]
Body = Annotated[str, BeforeValidator(lambda body: body or "")]
Address = Annotated[str, AfterValidator(lambda address: _checked(address, address))]
HostName = Annotated[str, AfterValidator(lambda name: _checked(name, f"http://{name}/"))]


class CaseError(WordedError):
    """A file that holds no cases, or a case that is not one."""


class Hop(BaseModel):
    """One redirect as recorded; ``from`` is a keyword, hence the alias below."""

    model_config = {"populate_by_name": True, "alias_generator": lambda name: {"source": "from"}.get(name, name)}

    source: Address
    status: int
    to: str
    headers: Headers = []


class Extra(BaseModel):
    """Another address that was seen to answer."""

    url: Address
    status: int
    headers: Headers = []
    body: Body = ""


class Preflight(BaseModel):
    """The answer to OPTIONS."""

    status: int
    headers: Headers = []


class Case(BaseModel):
    """One recorded host; fields that are not named here, such as the expected verdict, are passed over."""

    name: str
    entry_host: HostName
    url: Address
    status: int
    headers: Headers = []
    body: Body = ""
    redirects: list[Hop] = []
    https_redirects: list[Hop] = []
    http_open: bool = True
    tls: str = "valid"
    preflight: Preflight | None = None
    extra_pages: list[Extra] = []
    preload: list[str] = []

    def host(self) -> Host:
        """Return what the case says of its host, in the form that checks read."""
        web = _Web(self)
        name = URL(f"http://{self.entry_host}/").hostname
        return Host(
            name,
            http=web.walk(f"http://{self.entry_host}/"),
            https=web.walk(f"https://{self.entry_host}/"),
            fetched=datetime.now(UTC),
            origin=ORIGIN,
            preflight=self._preflight(),
            robots=web.page(_is_robots),
            missing=web.page(_is_error_page),
            preload=frozenset(name.lower() for name in self.preload),
        )

    def _preflight(self) -> Answer | None:
        if self.preflight is None:
            return None
        headers = tuple((name, value.replace("$ORIGIN", ORIGIN)) for name, value in self.preflight.headers)
        return Answer(Response(self.url, self.preflight.status, headers))


class _Web:
    """The little web of one case: addresses and what they answer."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.hops = {_key(hop.source): hop for hop in (*case.redirects, *case.https_redirects)}
        self.extras = {_key(page.url): page for page in case.extra_pages}

    def page(self, wanted: Callable[[Extra], bool]) -> Answer | None:
        """Return the first of the other pages that is wanted."""
        return next((_answer(page.url, page) for page in self.case.extra_pages if wanted(page)), None)

    def walk(self, start: str) -> Chain:
        """Follow the recorded redirects from an address to their end."""
        answers: list[Answer] = []
        trusted = True
        address = start
        while len(answers) <= MOST_REDIRECTS:
            secure = URL(address).protocol == "https:"
            answer = self.ask(address, first=not answers)
            answers.append(answer)
            trusted = trusted and not (secure and self.case.tls not in {"valid", "closed"})
            location = answer.response.header("location")
            if answer.response.status not in FOLLOWED or location is None:
                break
            target = _resolve(location, address)
            if target is None or not target.startswith(("http:", "https:")):
                answers.append(Answer(Response(target or location, error=ErrorKind.MALFORMED)))
                break
            address = target
        return Chain(tuple(answers), trusted)

    def ask(self, address: str, *, first: bool) -> Answer:
        """Return what an address answers; where nothing was recorded, the page at the start and 404 elsewhere."""
        if self.is_closed(URL(address)):
            return Answer(Response(address, error=ErrorKind.CONNECT))
        key = _key(address)
        if key in self.extras:
            return _answer(address, self.extras[key])
        if key in self.hops:
            hop = self.hops[key]
            return Answer(Response(address, hop.status, (("Location", hop.to), *hop.headers)))
        if first or key == _key(self.case.url):
            return _answer(address, self.case)
        return Answer(Response(address, HTTPStatus.NOT_FOUND))

    def is_closed(self, url: URL) -> bool:
        """Whether nothing listens there; that a port is closed is known of the entry host alone."""
        own = url.hostname == URL(f"http://{self.case.entry_host}/").hostname
        return own and (not self.case.http_open if url.protocol == "http:" else self.case.tls == "closed")


def read_cases(path: Path) -> Iterator[Case]:
    """Yield the cases of a file.

    Raises:
        CaseError: the file cannot be read, is no JSON, or holds something that is no case.

    """
    for number, record in enumerate(_records(_text(path), path), 1):
        try:
            yield Case.model_validate(record)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            zh, en = complaint(first)
            raise CaseError(
                f"{path}：第 {number} 个：{place or '整个'}：{zh}", f"{path}: case {number}: {place or 'case'}: {en}"
            ) from error


def _text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        zh, en = os_reason(error)
        raise CaseError(f"{path}：读不了：{zh}", f"{path}: cannot be read: {en}") from error
    except UnicodeDecodeError as error:
        at = error.start
        raise CaseError(f"{path}：第 {at} 字节不是 UTF-8", f"{path}: byte {at} is not UTF-8") from error
    if not text.strip():
        raise CaseError(f"{path}：里面什么都没有", f"{path}: holds no cases")
    return text


def _records(text: str, path: Path) -> list[object]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError:
        return _lines(text, path)
    except RecursionError as error:
        raise CaseError(f"{path}：不是 JSON：嵌套太深", f"{path}: not JSON: nested too deeply") from error
    if isinstance(data, dict) and isinstance(data.get("cases"), list):
        return list(data["cases"])
    if isinstance(data, list):
        return data
    if isinstance(data, dict):
        return [data]
    raise CaseError(
        f"{path}：既不是列表，也不是带有“cases”的对象", f'{path}: neither a list of cases nor an object with "cases"'
    )


def _lines(text: str, path: Path) -> list[object]:
    records: list[object] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise CaseError(
                f"{path}：第 {number} 行不是 JSON：{error.msg}", f"{path}: line {number}: not JSON: {error.msg}"
            ) from error
        except RecursionError as error:
            raise CaseError(
                f"{path}：第 {number} 行不是 JSON：嵌套太深", f"{path}: line {number}: not JSON: nested too deeply"
            ) from error
    return records


def _checked(value: str, address: str) -> str:
    """Return a value whose address is a full one; raises ValueError."""
    if _resolve(address, None) is None:
        raise ValueError("is not the address of anything")
    return value


def _is_robots(page: Extra) -> bool:
    return URL(page.url).pathname == "/robots.txt"


def _is_error_page(page: Extra) -> bool:
    return page.status >= HTTPStatus.BAD_REQUEST and not _is_robots(page)


def _answer(address: str, page: Case | Extra) -> Answer:
    body = "" if page.status in BODILESS else page.body
    return Answer(Response(address, page.status, tuple(page.headers)), body)


def _key(address: str) -> str:
    """Return an address in the form that it is compared in: as a browser asks for it, without fragment."""
    return (_resolve(address, None) or address).partition("#")[0]


def _resolve(address: str, base: str | None) -> str | None:
    try:
        return URL(address, base=base).href
    except ValueError:
        return None
