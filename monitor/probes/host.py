"""Ask one host what it does on the wire, with the few requests that any browser or crawler might send.

Both addresses are followed to where their redirects end; a certificate that does not verify is noted and passed, since
what lies behind it is judged too. Then robots.txt, one address that does not exist, and one OPTIONS as a browser sends
it before a request from another site. All I/O is here; what the answers are worth is said in ``checks.security``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from ada_url import URL
from msgspec.structs import replace

from checks.model import Answer, Chain, ErrorKind, Host, Response, Tls
from checks.security.observatory.https import FOLLOWED, MOST_REDIRECTS
from monitor.fetch import Fetcher
from monitor.fetch.http_faults import faults_of
from monitor.pages.decoding import decode
from monitor.probes.tls import survey

ORIGIN = "https://origin-that-is-not-yours.example"
"""What OPTIONS is sent with: an origin under a name that nobody can own (RFC 2606), so no site can mean to allow it."""

MISSING = "/no-such-page-5c1d0f3e"
"""An address that does not exist; the same every time, so that it stands out in a server's log."""

SECURITY_TXT = "/.well-known/security.txt"
HTTPS_PORT = 443
PAGE_BYTES = 2 * 1024 * 1024
SIDE_BYTES = 64 * 1024


async def probe(  # noqa: PLR0913 - options, all by name
    fetcher: Fetcher,
    url: str,
    *,
    unverified: Fetcher | None = None,
    http_port: int | None = None,
    https_port: int | None = None,
    trusted_ca: str | None = None,
) -> Host:
    """Return what the host of a URL does.

    ``trusted_ca`` is a file of certificates that are trusted besides the usual ones.
    ``unverified`` fetches without looking at certificates; without it a host whose certificate does not verify counts
    as not reachable over https. A port in the URL is used for the URL's own scheme.
    """
    asked = URL(url)
    ports = {"http:": http_port, "https:": https_port}
    if asked.port:
        ports[asked.protocol] = int(asked.port)
    http, https = (_start(asked, scheme, port) for scheme, port in ports.items())
    fetched = datetime.now(UTC)
    http_chain, https_chain = await asyncio.gather(
        _follow(fetcher, unverified, http), _follow(fetcher, unverified, https)
    )
    tls = await _tls(fetcher, URL(https), https_chain, trusted_ca)
    host = Host(asked.hostname, http_chain, https_chain, fetched, origin=ORIGIN, tls=tls)
    if host.judged.final is None:
        return host
    usable = fetcher if host.judged.trusted or unverified is None else unverified
    robots, missing, preflight, security_txt = await _side_requests(usable, host.judged)
    return replace(host, robots=robots, missing=missing, preflight=preflight, security_txt=security_txt)


async def _tls(fetcher: Fetcher, start: URL, chain: Chain, trusted_ca: str | None) -> Tls | None:
    """Survey the https port where there is one, at an address that the fetcher may touch."""
    if chain.answers[0].response.error not in {None, ErrorKind.TLS, ErrorKind.RESET, ErrorKind.PROTOCOL}:
        return None

    async def download(url: str) -> bytes:
        return (await fetcher.fetch(url, head_bytes=SIDE_BYTES)).body

    name = start.hostname.strip("[]")
    addresses = await fetcher.pin(name)
    port = int(start.port) if start.port else HTTPS_PORT
    return await survey(name, addresses, port=port, trusted_ca=trusted_ca, download=download)


def _start(url: URL, scheme: str, port: int | None) -> str:
    return URL(f"{scheme}//{url.hostname}:{port}/" if port else f"{scheme}//{url.hostname}/").href


async def _follow(fetcher: Fetcher, unverified: Fetcher | None, start: str) -> Chain:
    """Follow redirects; where a certificate stops it, start again without looking at certificates, and say so."""
    chain = await _walk(fetcher, start)
    if unverified is None or chain.answers[-1].response.error != ErrorKind.TLS:
        return chain
    return replace(await _walk(unverified, start), trusted=False)


async def _walk(fetcher: Fetcher, start: str) -> Chain:
    answers: list[Answer] = []
    address: str | None = start
    while address is not None and len(answers) <= MOST_REDIRECTS:
        answer = await _ask(fetcher, address, PAGE_BYTES)
        answers.append(answer)
        location = answer.response.header("location")
        if answer.response.error or answer.response.status not in FOLLOWED or location is None:
            break
        address = _target(location, address)
        if address is None:
            answers.append(Answer(Response(location, error=ErrorKind.REDIRECT_BROKEN)))
    return Chain(tuple(answers))


def _target(location: str, address: str) -> str | None:
    """Return where a redirect leads, without its fragment, or None where a fetcher cannot go."""
    try:
        target = URL(location, base=address)
    except ValueError:
        return None
    return target.href.partition("#")[0] if target.protocol in {"http:", "https:"} else None


async def _side_requests(fetcher: Fetcher, chain: Chain) -> tuple[Answer, Answer, Answer, Answer]:
    """Ask for robots.txt, security.txt and for nothing at the start, and for a stranger's leave at the end."""
    start, end = chain.answers[0].response.url, chain.answers[-1].response.url
    preflight = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
    return await asyncio.gather(
        _ask(fetcher, URL("/robots.txt", base=start).href, SIDE_BYTES),
        _ask(fetcher, URL(MISSING, base=start).href, SIDE_BYTES),
        _ask(fetcher, end, 0, method="OPTIONS", headers=preflight),
        _ask(fetcher, URL(SECURITY_TXT, base=start).href, SIDE_BYTES),
    )


async def _ask(
    fetcher: Fetcher, address: str, most: int, *, method: str = "GET", headers: Mapping[str, str] | None = None
) -> Answer:
    fetched = await fetcher.fetch(address, method=method, headers=headers, head_bytes=most, follow=False)
    faults = faults_of(fetched.head) if fetched.head is not None else ()
    response = replace(fetched.response, url=address, http_faults=faults)
    return Answer(response, decode(fetched.body, response.header("content-type")).text if fetched.body else "")
