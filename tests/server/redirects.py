"""Redirects that lead on, round in circles, astray or nowhere."""

from __future__ import annotations

from tests.server.framing import raw
from tests.server.site import Exchange, Handler


def to(location: str, status: int = 302) -> Handler:
    async def handler(exchange: Exchange) -> None:
        await exchange.redirect(location, status)

    return handler


async def hops(exchange: Exchange) -> None:
    """``/hops/3`` is three redirects away from ``/ok``."""
    left = int(exchange.last)
    await exchange.redirect("/ok" if left <= 1 else f"/hops/{left - 1}", 301)


async def endless(exchange: Exchange) -> None:
    """Every address redirects to one that has never been seen."""
    await exchange.redirect(f"/endless-redirect/{int(exchange.last) + 1}")


async def anywhere(exchange: Exchange) -> None:
    """``/to?url=…&status=307``"""
    await exchange.redirect(exchange.query("url"), int(exchange.query("status", "302")))


async def cookie_first(exchange: Exchange) -> None:
    """Redirects to itself until the visitor brings the cookie back, as walls and single sign-on do."""
    if "seen=1" in exchange.headers.get("cookie", ""):
        await exchange.answer("<title>let in</title>")
    else:
        await exchange.redirect("/cookie-first", headers=[("Set-Cookie", "seen=1; Path=/")])


async def cookie_in_chinese(exchange: Exchange) -> None:
    """``/cookie-in-chinese?charset=gb18030`` redirects to itself until its cookie comes back, byte for byte."""
    cookie = "dept=办公室".encode(exchange.query("charset"))
    if cookie in exchange.headers.get("cookie", "").encode("latin-1"):
        await exchange.answer("<title>let in</title>")
    else:
        lines = (b"Location: ", exchange.target.encode(), b"\r\nSet-Cookie: ", cookie, b"; Path=/")
        await exchange.raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n" + b"".join(lines) + b"\r\n\r\n")


async def new_cookie_each_time(exchange: Exchange) -> None:
    count = len(exchange.site.asked("/cookie-forever"))
    await exchange.redirect("/cookie-forever", headers=[("Set-Cookie", f"count={count}; Path=/")])


async def big(exchange: Exchange) -> None:
    """A redirect whose body never ends."""
    await exchange.head(302, [("Location", "/ok")])
    while True:
        await exchange.raw(b"x" * 65536)


ROUTES = {
    "/redirect-loop": to("/redirect-loop"),
    "/redirect-a": to("/redirect-b", 301),
    "/redirect-b": to("/redirect-a", 301),
    "/hops/": hops,
    "/endless-redirect/": endless,
    "/to": anywhere,
    "/redirect-file": to("file:///etc/passwd"),
    "/redirect-javascript": to("javascript:alert(1)"),
    "/redirect-data": to("data:text/html,hello"),
    "/redirect-ftp": to("ftp://127.0.0.1/"),
    "/redirect-private": to("http://10.0.0.1/"),
    "/redirect-metadata": to("http://169.254.169.254/latest/meta-data/"),
    "/redirect-decimal": to("http://2852039166/"),
    "/redirect-nowhere": raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
    "/redirect-empty": raw(b"HTTP/1.1 302 Found\r\nLocation: \r\nContent-Length: 0\r\n\r\n"),
    "/redirect-malformed": to("http://[::1/"),
    "/redirect-no-host": to("http://"),
    "/redirect-nowhere-shown": raw(b"HTTP/1.1 302 Found\r\nContent-Length: 14\r\n\r\n<title>moved?<"),
    "/redirect-or-empty": raw(b"HTTP/1.1 302 F\r\nLocation:\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n"),
    "/redirect-without-end": raw(b"HTTP/1.1 302 Found\r\nLocation: /ok\r\nServer: x"),
    "/redirect-cut": raw(b"HTTP/1.1 302 Found\r\nServer: x\r\nLocation: /o"),
    "/redirect-tab": raw(b"HTTP/1.1 302 Found\r\nLocation: /o\tk\r\nContent-Length: 0\r\n\r\n"),
    "/redirect-relative": to("ok?from=relative#part"),
    "/redirect-chinese": raw("HTTP/1.1 302 Found\r\nLocation: /中文?词=公开\r\nContent-Length: 0\r\n\r\n".encode()),
    "/redirect-gbk": raw("HTTP/1.1 302 Found\r\nLocation: /中文\r\nContent-Length: 0\r\n\r\n".encode("gbk")),
    "/redirect-backslash": to("\\ok"),
    "/cookie-first": cookie_first,
    "/cookie-in-chinese": cookie_in_chinese,
    "/cookie-forever": new_cookie_each_time,
    "/redirect-big": big,
    "/not-modified-with-location": to("/ok", 304),
    "/multiple-choices": to("/ok", 300),
}
