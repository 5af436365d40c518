"""Make documents nobody would write, each from its number: the same number makes the same bytes on every machine."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

LARGEST = 48 * 1024
"""Bytes of an input; most stay far below."""

TOKENS = tuple(
    token.encode()
    for token in (
        *r"""
        <div> </div> <p> </p> <b> <a> </a> <table> <tr> <td> <li> <select> <svg> <math> <area> <link> <use>
        <image> <base> <meta> <iframe> <script> </script> <style> </style> <template> <textarea> <title> <!--
        --> <![CDATA[ ]]> <?xml <frameset> <pre> <code> <o:p> <st1:date> <noscript> <datastore> <record> </ < >
        /> ' " = & &#x0; &#xD800; &#1114112; &nbsp &lt; &amp; http:// https:// // http://[ http://[::1]
        http://a:99999/ javascript: mailto: data: ttps:// file:///C:/ # ### ? % %E4%B8 %00 ../ http://例子/
        http://xn--/ http://1.1.1/ http://%31/ http://user:pw@a.cn/ ;jsessionid=1 ?PHPSESSID= @ : url( URL(' )
        @import @import" image-set( { } /* */ ; display:none content: location.href=' window.open(' function(
        eval( document.write( innerHTML+= String.fromCharCode( unescape('% `${ // ( [ ] / /g if( + {{ }} ${ <%=
        %> <?= ?> [!-- --] {dede: utf-16 undefined idna gb2312 gbk utf-7 x-user-defined iso-2022-jp charset=
        big5 2026-09-04 2026年9月4日 9999-99-99 0000-00-00 二〇二六年 ２０２６ 02-30 发布时间： 来源： 当前位置:
        张三 13812345678 11010519491231002X 网站防火墙 安全狗 PubDate ColumnName ColumnType SiteIDCode
        createPageHTML( Traceback ² ٠ ① 〇 😀 （ ） “ 《 。 ， 、
        """.split(),
        *(
            line.strip()
            for line in r"""
        <a href=
        <option value=
        <svg><a xlink:href=
        <link rel=stylesheet>
        <base href=
        <meta charset=
        <meta http-equiv=refresh content=
        <iframe srcdoc=
        <!doctype html>
        <form action=
        <button formaction=
        <object data=
        <video src=
        <source srcset=
        <img src=
        <img srcset=
        <font size=
        <span style='display:none'>
        <html lang=
        <body background=
        new RegExp("
        var a=
        <meta name=PubDate content=
        """.strip().splitlines()
        ),
        *(
            " ",
            "\n",
            "\0",
            "F:\\",
            "\u3000",
            "\u00a0",
            "\\",
            "\\u",
            "\\x",
            "\ufeff",
            "\u202e",
            "\u200b",
            "\ud7ff",
            "\x1e",
            "\x0b",
            "\x1f",
            "\u2028",
        ),
    )
)
"""What the readers of pages look for, and what they would rather not meet."""

LABELS = (
    "utf-8",
    "gb2312",
    "gb18030",
    "utf-16",
    "utf-16le",
    "big5",
    "undefined",
    "idna",
    "iso-8859-1",
    "\u00b2",
    "x-user-defined",
    "",
)
"""Charsets of a Content-Type header."""

Mutation = Callable[[random.Random, bytes], bytes]


def _span(chance: random.Random, data: bytes, longest: int = 400) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.randrange(1, longest))


def _delete(chance: random.Random, data: bytes) -> bytes:
    start, end = _span(chance, data)
    return data[:start] + data[end:]


def _repeat(chance: random.Random, data: bytes) -> bytes:
    start, end = _span(chance, data, chance.choice((8, 40, 400)))
    times = chance.choice((2, 5, 50, 600, 3000))
    return data[:end] + data[start:end] * min(times, LARGEST // (end - start + 1)) + data[end:]


def _insert(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + b"".join(chance.choices(TOKENS, k=chance.choice((1, 1, 2, 4, 9)))) + data[at:]


def _flood(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    unit = b"".join(chance.choices(TOKENS, k=chance.choice((1, 2, 3))))
    return data[:at] + unit * chance.choice((10, 100, 1000, 3000)) + data[at:]


def _flip(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 20)) if changed else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _move(chance: random.Random, data: bytes) -> bytes:
    start, end = _span(chance, data)
    rest = data[:start] + data[end:]
    at = chance.randrange(len(rest) + 1)
    return rest[:at] + data[start:end] + rest[at:]


def _cut(chance: random.Random, data: bytes) -> bytes:
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[start:end]


def _recode(chance: random.Random, data: bytes) -> bytes:
    to = chance.choice(("gb18030", "utf-16", "utf-16-be", "big5", "utf-8-sig", "latin-1"))
    return data.decode("utf-8", "replace").encode(to, "replace")


MUTATIONS: tuple[Mutation, ...] = (_delete, _repeat, _insert, _insert, _insert, _flood, _flip, _move, _cut, _recode)


def document(number: int, seeds: Sequence[bytes]) -> tuple[bytes, str]:
    """Return the body and the Content-Type of one input."""
    chance = random.Random(number)
    data = chance.choice(seeds)
    if chance.random() < 0.2:
        data = _cut(chance, data) + _cut(chance, chance.choice(seeds))
    for _ in range(chance.choice((1, 2, 3, 5, 8))):
        data = chance.choice(MUTATIONS)(chance, data[:LARGEST])
    kind = "text/html" if chance.random() < 0.7 else f"text/html; charset={chance.choice(LABELS)}"
    return data[:LARGEST], kind
