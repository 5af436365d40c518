"""Pages that are sound, and pages that are sound only on the wire."""

from __future__ import annotations

import json

from tests.server.bodies import TEXT
from tests.server.framing import raw
from tests.server.site import Exchange, Handler

ETAG = '"5f3c-1"'
MODIFIED = "Mon, 02 Mar 2026 08:00:00 GMT"
SORRY = "<title>提示信息</title><p>抱歉，您访问的页面不存在或已删除。</p>"
WAIT = "<title>请稍候</title><script>{}</script>"


def page(body: bytes | str, **options) -> Handler:
    async def handler(exchange: Exchange) -> None:
        await exchange.answer(body, **options)

    return handler


async def ok(exchange: Exchange) -> None:
    """A page with validators: 304 to a client that has it."""
    known = exchange.headers.get("if-none-match") == ETAG or exchange.headers.get("if-modified-since") == MODIFIED
    headers = {"ETag": ETAG, "Last-Modified": MODIFIED}
    exchange.keep_alive = True
    await exchange.answer(TEXT, status=304 if known else 200, headers=headers)


async def status(exchange: Exchange) -> None:
    """``/status/503``"""
    code = int(exchange.last)
    await exchange.answer(f"<title>{code}</title>", status=code)


async def echo(exchange: Exchange) -> None:
    """What was asked, as JSON."""
    seen = {"method": exchange.method, "target": exchange.target, "headers": exchange.headers}
    await exchange.answer(json.dumps({**seen, "body": exchange.body.decode()}), type="application/json")


def head_is(code: int, otherwise: int = 200) -> Handler:
    """One status to HEAD, another to everything else."""

    async def handler(exchange: Exchange) -> None:
        await exchange.answer("<title>page</title>", status=code if exchange.method == "HEAD" else otherwise)

    return handler


async def busy(exchange: Exchange) -> None:
    """429 to every other request, and how long to wait."""
    again = len(exchange.site.asked("/busy")) % 2 == 0
    refusal = {"status": 429, "headers": {"Retry-After": "1"}}
    await exchange.answer("<title>业务办理</title>", **({} if again else refusal))


async def accelerator(exchange: Exchange) -> None:
    """加速乐: 521 until the cookie that a script would set comes back."""
    if "__jsl_clearance" in exchange.headers.get("cookie", ""):
        await exchange.answer(TEXT)
        return
    headers = {"Set-Cookie": "__jsluid_h=0a1b2c; HttpOnly"}
    await exchange.answer("<script>document.cookie='__jsl_clearance=1'</script>", status=521, headers=headers)


ROUTES = {
    "/": ok,
    "/ok": ok,
    "/echo": echo,
    "/status/": status,
    "/empty": page(""),
    "/nul": page(b"<title>a\0b</title><p>\0\0\0text\0</p>"),
    "/long-line": page(b"<title>long</title><p>" + b"x" * 10_000_000),
    "/nested": page("<title>deep</title>" + "<div>" * 100_000 + "bottom"),
    "/invalid-utf8": page("<title>坏</title>".encode() + b"\xff\xfe\xc3\x28 text"),
    "/gbk": page(
        '<meta charset="gb2312"><title>镕㑇公告</title>'.encode("gb18030"), type="text/html"
    ),  # 㑇 takes four bytes in GB18030 and has none in GB2312
    "/no-type": page("<title>untyped</title>", type=None),
    "/html.pdf": page(SORRY, type="application/pdf"),
    "/html-typed.pdf": page(SORRY),
    "/meta-refresh": page('<meta http-equiv="refresh" content="0; url=/ok">'),
    "/soft-404/": page(SORRY),
    "/soft-404-page.html": page(SORRY),
    "/head-405": head_is(405),
    "/head-501": head_is(501),
    "/head-404": head_is(404),
    "/head-lies": head_is(200, otherwise=404),
    "/busy": busy,
    "/down": page("", status=503, headers={"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"}),
    "/wall/accelerator": accelerator,
    "/wall/ruishu": page(WAIT.format("$_ts=window['$_ts']"), status=412),
    "/wall/aliyun": page(WAIT.format("var arg1='3A5F';/* acw_sc__v2 */")),
    "/wall/cloud": page("<title>网站防火墙</title><p>您的请求带有不合法参数，已被网站管理员设置拦截！</p>", status=403),
    "/head-with-body": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nnobody wants a body\n"),
}
