"""Fuzz one reader at a time: what a layer reads is small, so that thousands of inputs a second go through it.

A layer takes an input and what chance decides for it, and raises what its reader raises beside the errors that it
documents. ``pipeline.py`` takes whole documents through everything.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple

from checks import CHECKS
from checks.model import Answer, Certificate, Chain, ErrorKind, Finding, Host, Response, Tls, Trust
from checks.reading.dates import end_date, full_dates, list_date, read_date, url_date
from checks.security.javascript import decoded, effects
from checks.security.set_cookie import read_set_cookie
from monitor.crawl.host_queues import retry_after
from monitor.crawl.link_subjects import names_a_place
from monitor.crawl.sitemap import Robots, decode_robots, read_sitemap
from monitor.fetch.content_encoding import DecodingError, decoder_for
from monitor.fetch.http_faults import faults_of
from monitor.fetch.response_head import (
    begins_like_http,
    body_reader,
    find_end,
    keeps_alive,
    parse_head,
    slop_before,
)
from monitor.fetch.wire_errors import MalformedResponseError
from monitor.pages.css import css_urls
from monitor.pages.decoding import decode
from monitor.pages.moves import scripted_targets
from monitor.pages.urls import Base, HrefResolver, MalformedError, host_of, normalise, resolve
from reports import FORMATS
from tests.factories import MONDAY, entry, excerpt, finding, link, report
from tests.fuzz.mutate import MUTATIONS, TOKENS
from tests.hosts import NAME, NOON, answer, hop

LARGEST = 2_000
"""Bytes of an input of a layer."""

ROOM = 1 << 16

BASES = tuple(
    normalise(url)
    for url in (
        "http://a.gov.cn/b/c.html?d=1",
        "https://政务.cn:8443/",
        "http://[::1]:81/x/",
        "http://a.cn/a/../b;p=1/",
    )
)
"""Pages that hrefs stand on, written as the crawl writes them."""

CHARSETS = ("utf-8", "gb18030", "big5hkscs", "shift_jis", "windows-1252")


class Layer(NamedTuple):
    """One reader: what inputs are made from, and what takes one in."""

    seeds: tuple[bytes, ...]
    read: Callable[[bytes, random.Random], None]


def small_input(number: int, layer: Layer) -> tuple[bytes, random.Random]:
    """Return one input of a layer and what chance decides for it; both are made from its number alone."""
    chance = random.Random(number)
    data = chance.choice(layer.seeds)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 6))):
        data = chance.choice(MUTATIONS)(chance, data[:LARGEST])
    return data[:LARGEST], chance


def _urls(data: bytes, chance: random.Random) -> None:
    href, base, charset = data.decode("utf-8", "replace"), chance.choice(BASES), chance.choice(CHARSETS)
    resolver = HrefResolver()
    names_a_place(href)
    with suppress(MalformedError):
        normalise(href)
    try:
        target = resolve(base, href, charset)
    except MalformedError:
        target = None
    try:
        remembered = resolver.resolve(Base.of(base), href, charset)
    except MalformedError:
        remembered = None
    assert remembered == target, (base, href, charset)
    if target is not None and target.url:
        host_of(target.url)
        Base.of(target.url)


def _charsets(data: bytes, chance: random.Random) -> None:
    label = data[: chance.randrange(1, 40)].decode("latin-1")
    decode(data, chance.choice((None, f"text/html; charset={label}", label)))


def _http(data: bytes, chance: random.Random) -> None:
    """Read an answer off the wire in pieces, its body undone as its headers say."""
    data = data[slop_before(data) :]
    end = find_end(data, 0)
    if not begins_like_http(data) or end is None:
        return
    with suppress(MalformedResponseError, DecodingError):
        head = parse_head(data[:end])
        faults_of(data[:end])
        keeps_alive(head)
        reader = body_reader(head, chance.choice(("GET", "HEAD")))
        encodings = [value.decode("latin-1") for name, value in head.headers if name.lower() == b"content-encoding"]
        decoder = decoder_for(", ".join(encodings))
        at = end
        while at < len(data) and not reader.ended and not reader.broken:
            step = chance.choice((1, 3, 700))
            content = reader.feed(data[at : at + step])
            at += step
            if decoder and content:
                assert len(decoder.feed(content, ROOM)) <= ROOM
        if not reader.ended and not reader.broken:
            reader.close()


def _headers(data: bytes, _: random.Random) -> None:
    text = data.decode("latin-1")
    read_set_cookie(text).is_expired(NOON)
    retry_after(text, NOON, 1.0)


def _robots(data: bytes, chance: random.Random) -> None:
    robots = Robots(decode_robots(data), "Sitehealth")
    assert robots.delay >= 0
    robots.allows("http://a.gov.cn/" + data[: chance.randrange(60)].decode("latin-1"))
    tuple(robots.sitemaps)


def _sitemaps(data: bytes, _: random.Random) -> None:
    assert all(found.url for found in read_sitemap(data))


def _css(data: bytes, _: random.Random) -> None:
    tuple(css_urls(data.decode("utf-8", "replace")))


def _scripts(data: bytes, _: random.Random) -> None:
    source = data.decode("utf-8", "replace")
    tuple(scripted_targets(source))
    effects(source)
    decoded(source)


def _dates(data: bytes, _: random.Random) -> None:
    text = data.decode("utf-8", "replace")
    for reader in (read_date, list_date):
        reader(text, MONDAY)
    full_dates(text)
    end_date(text)
    url_date(text)


HOST_CHECKS = tuple(check() for check in CHECKS if check.subject is Host)


def _hosts(data: bytes, chance: random.Random) -> None:
    """Judge a host whose headers, certificates and other answers are odd."""
    texts = data.decode("latin-1").split("\n")
    pairs = [(name.strip(), value) for name, _, value in (line.partition(":") for line in texts)]
    final = answer(headers=pairs, body=data.decode("utf-8", "replace"), status=chance.choice((200, 204, 404, 503)))
    chain = Chain((hop(f"http://{NAME}/", texts[0][:200] or "/"), final), trusted=chance.random() < 0.8)
    errors = tuple(ErrorKind)
    dead = Chain((Answer(Response(f"https://{NAME}/", error=chance.choice(errors), detail=texts[-1][:80])),))
    side = answer(headers=pairs, body=texts[-1])
    subject = Host(
        NAME,
        http=chance.choice((chain, dead)),
        https=chance.choice((chain, dead)),
        fetched=NOON,
        origin="https://stranger.example",
        preflight=chance.choice((None, side)),
        robots=chance.choice((None, side)),
        missing=chance.choice((None, side)),
        security_txt=chance.choice((None, side)),
        tls=chance.choice((None, _tls(texts, chance))),
    )
    for check in HOST_CHECKS:
        for found in check.inspect(subject):
            assert found.rule.say(found, "zh-CN"), found
            assert found.rule.say(found, "en"), found


def _tls(texts: Sequence[str], chance: random.Random) -> Tls:
    chain = tuple(
        Certificate(
            subject=chance.choice(texts),
            issuer=chance.choice(texts),
            names=tuple(chance.choices((NAME, "*", "*.site-a.example", "", "10.0.0.1", *texts), k=chance.randrange(4))),
            not_before=NOON + timedelta(days=chance.choice((-4000, -1, 0, 1))),
            not_after=NOON + timedelta(days=chance.choice((-4000, -1, 0, 1, 30, 40_000))),
            signature=chance.choice(("", "sha1", "md5", "sha256", texts[0])),
            key=chance.choice(("", "RSA", "EC", "SM2", "DSA")),
            bits=chance.choice((0, 512, 1024, 2048, 256)),
            self_signed=chance.random() < 0.3,
            issuer_url=chance.choice(texts),
        )
        for _ in range(chance.randrange(4))
    )
    return Tls(
        NAME,
        443,
        NOON,
        address=chance.choice(("", "127.0.0.1", texts[0])),
        versions=tuple(chance.choices(("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"), k=chance.randrange(4))),
        chain=chain,
        trust=chance.choice((None, *Trust)),
        completed=chance.choice((None, True, False)),
        error=chance.choice((None, None, *ErrorKind)),
        detail=texts[-1][:100],
        tlcp=chance.random() < 0.1,
    )


def _reports(data: bytes, chance: random.Random) -> None:
    """Write a report whose every text is odd, in one format and language."""
    made = report(*(entry(found) for found in _odd_findings(data.decode("utf-8", "replace")[:600])))
    names = [name for name in FORMATS if name != "pdf"]  # the HTML on paper, which takes seconds
    FORMATS[chance.choice(names)].render(made, chance.choice(("zh-CN", "en")))


def _odd_findings(text: str) -> Iterator[Finding]:
    url = f"http://a.gov.cn/{text[:300]}"
    yield finding(url=url, key=text, evidence=text, column=text[:40])
    yield finding(key="a", text=excerpt(text[:40], text[40:60], text[60:90]))
    yield finding(key="b", target=link(url, referrers=((url, text[:80]),)), evidence=text)


def _tokens(*wanted: str) -> tuple[bytes, ...]:
    return tuple(each.encode() for each in wanted)


LAYERS: dict[str, Layer] = {
    "urls": Layer(
        _tokens(
            "http://a.gov.cn:80/b/../c?d=中文&e#f",
            "//b.cn",
            "/c/d.html;jsessionid=1?x",
            "../../e",
            "?q=1",
            "#第一章",
            "http:\\\\a.cn\\b",
            "http://例子.中国/",
            "http://[::ffff:1.2.3.4]/",
            "http://0x7f.1/",
            "ttps://a.cn",
            "C:\\a.doc",
            "mailto:a@b.cn",
            "javascript:void(0)",
            "http://user:pw@a.cn:99/",
            "http://a.cn/%zz%E4%B8",
            "data:text/html,x",
            "",
        ),
        _urls,
    ),
    "charsets": Layer(
        (
            b"gb2312",
            b"<meta charset=gbk>\xd6\xd0\xb9\xfa",
            "政务".encode("utf-16"),
            "政务公开".encode(),
            b"\xef\xbb\xbfx",
            b"<meta http-equiv=content-type content='text/html; charset=big5'>\xa4\xa4",
            b"utf-7",
            b"x-user-defined",
            b"idna",
        ),
        _charsets,
    ),
    "http": Layer(
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nTrailer: a\r\n\r\n",
            b"HTTP/1.0 200\nContent-Encoding: gzip, identity\n\n\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0",
            b"HTTP/1.1 302 F\r\nLocation: /x\r\nSet-Cookie: a=1\r\n folded\r\nBad line\r\n: none\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 9, 9\r\nConnection: close\r\n\r\n"
            b"\x8b\x02\x80abc\x03",
            b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nTransfer-Encoding: identity, chunked\r\n\r\n"
            b"3\r\nx\x9c\x03\r\n0\r\n\r\n",
        ),
        _http,
    ),
    "headers": Layer(
        (
            b"a=1; Path=/; Max-Age=5; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Secure",
            b"120",
            b"Fri, 31 Dec 1999 23:59:59 GMT",
            b"__Host-a=; SameSite=None; Domain=.a.cn",
            b"\xb2",
            b"Sunday, 06-Nov-94 08:49:37 GMT",
        ),
        _headers,
    ),
    "robots": Layer(
        (
            b"User-agent: *\nDisallow: /a/*.html$\nAllow: /a/b\nCrawl-delay: 3\nSitemap: /s.xml\n",
            "\ufeffUser-agent: Sitehealth\r\nDisallow: /内部/\r\n".encode(),
            b"User-agent: *\rRequest-rate: 1/5\rVisit-time: 0600-0845\r",
        ),
        _robots,
    ),
    "sitemaps": Layer(
        (
            b"<?xml version='1.0'?><urlset xmlns='x'><url><loc>http://a.cn/?a=1&amp;b</loc></url></urlset>",
            b"<sitemapindex><sitemap><loc><![CDATA[http://a.cn/s.xml]]></loc></sitemap></sitemapindex>",
            b"<rss><channel><item><link>http://a.cn/</link></item></channel></rss>",
            b"<feed><entry><link href='http://a.cn/'/></entry></feed>",
            b"http://a.cn/\r\nhttp://b.cn/",
            "<urlset><url><loc>http://a.cn/</loc></url></urlset>".encode("utf-16"),
            b"\x1f\x8b\x08\0\0\0\0\0\0\x03",
            b"<!DOCTYPE a [<!ENTITY b 'c'>]><urlset><url><loc>&b;</loc></url></urlset>",
        ),
        _sitemaps,
    ),
    "css": Layer(
        _tokens(
            "@import'x.css' screen;a{background:url( 'a\\'b.png' )}",
            '@media print{b{src:url(a.woff),url("b")}}',
            "a{b:image-set('1.png' 1x,url(2.png) 2x);c:\\75rl(x)}",
            '@namespace url(x);/* url(no) */a::before{content:"url()"}',
        ),
        _css,
    ),
    "scripts": Layer(
        _tokens(
            "var re=new RegExp('a','gi');u=u.replace(re,'');location.href='/x'+u;",
            "document.write(unescape('%3Ca href=x%3E'));if(/baidu/i.test(document.referrer))"
            "{top.location.replace('//a.cn')}",
            "eval(function(p,a,c,k,e,d){return p}('0 1',2,2,'a|b'.split('|'),0,{}))",
            "var a=['\\x68','t'],b=a.reverse().join('');"
            "window['loc'+'ation']=String.fromCharCode(104,116)+atob('YQ==');",
            "for(var i=0;i<9;i++){d.innerHTML+=`<a href=${i}>`}/* x */// y",
        ),
        _scripts,
    ),
    "dates": Layer(
        _tokens(
            "发布时间：2026-09-04 09:30:00",
            "二〇二六年九月四日",
            "[09-04]",
            "２０２６／０９／０４",
            "3天前",
            "Fri, 04 Sep 2026 09:30:00 +0800",
            "2026年9月4日 下午3时",
            "http://a.cn/art/2026/9/4/art_1_2.html",
            "/202609/t20260904_1.htm",
            "20260904",
            "昨天 23:59",
            "2026-02-30",
        ),
        _dates,
    ),
    "hosts": Layer(
        (
            b"Strict-Transport-Security: max-age=31536000; includeSubDomains\nContent-Security-Policy: "
            b"default-src 'self' https:; script-src 'nonce-a' 'strict-dynamic'\nSet-Cookie: sess=1; Secure; HttpOnly\n"
            b"X-Frame-Options: DENY",
            b"Contact: mailto:a@b.cn\nExpires: 2027-01-01T00:00:00Z\n"
            b"Access-Control-Allow-Origin: *\nReferrer-Policy: no-referrer, x",
            b"<script src=//a.cn/x.js integrity=sha384-a></script>\nServer: nginx/1.2 (Ubuntu)\nX-Powered-By: PHP/5.2",
            b"Location: //a.cn\nContent-Type: text/html; charset=undefined\nX-Content-Type-Options: nosniff, nosniff",
        ),
        _hosts,
    ),
    "reports": Layer(
        (*TOKENS[:80], '=HYPERLINK("a")\x0b\u202e<script>|`*_[x](y)\ud7ff😀'.encode(), b"x" * 600), _reports
    ),
}
"""Every layer by its name."""
