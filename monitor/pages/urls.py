"""Resolve what authors write into the addresses that browsers ask for.

The rules are WHATWG's URL standard, by ada-url, the parser of Node and of Cloudflare: backslashes, stray white space,
Chinese paths, ``http:/one-slash`` and punycode come out as in a browser. On top of it come the spellings that a
content management system adds and that mean nothing: session ids and print switches.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import ada_url
from msgspec import Struct, field

from checks.late_pattern import late

SESSION = late(
    r"(?i);(?:jsessionid|phpsessid|sessionid)=[^/?#;]*"
    r"|(?<=[?&])(?:jsessionid|phpsessid|sessionid|session_id|sid=[0-9a-f]{16,}|aspsessionid\w*|cfid|cftoken)=[^&#]*&?"
)
"""Session ids, in the path as Java writes them or in the query as PHP and ASP do."""

KNOWN_SCHEMES = frozenset(
    # What the browser does itself.
    "about blob cid data javascript mid view-source vbscript "
    # Other protocols, by IANA's registry of URI schemes and by use.
    "ftp ftps sftp ssh telnet gopher ldap ldaps ws wss rtsp rtmp rtmps rtp mms mmsh irc ircs nntp news git svn "
    "smb dav webcal xmpp urn tag magnet ed2k thunder flashget qqdl bitcoin "
    # What starts a programme: mail, telephone, maps, chat, payment, shops, video, offices.
    "mailto tel telprompt sms smsto mmsto sip sips callto facetime skype geo maps market intent itms itms-apps "
    "itms-appss itms-services weixin wechat wxwork tencent mqq mqqapi mqqwpa mqqopensdkapi qq dingtalk feishu "
    "lark alipay alipays alipayqr taobao tmall openapp.jdmobile sinaweibo weibo baiduboxapp baidumap bdapp "
    "amapuri androidamap iosamap qqmap snssdk1128 snssdk143 douyin kwai xhsdiscover bilibili zhihu youku iqiyi "
    "mttbrowser ucbrowser line tg viber whatsapp fb twitter instagram slack zoommtg zoomus teams msteams "
    "onenote googlechrome chrome edge microsoft-edge wps kwps android-app ios-app steam vscode apt".split()
)
"""Schemes of links that start something on the reader's device and cannot be fetched."""

KNOWN_PREFIXES = ("ms-", "web+", "ext+", "x-", "com.", "cn.", "chrome-", "moz-")
"""How the schemes of programmes begin whose makers keep to a custom."""

STRIPPED = "".join(map(chr, range(0x21)))
"""What WHATWG's URL standard takes off both ends of an address: C0 controls and the blank, no other white space."""

SCHEME_AS_HOST = re.compile(r"https?://https?\.?(?::\d*)?/")
"""What ``http://http://www.…`` and ``http://https//www.…`` come out as: the scheme stands where the host should."""

SHARED_FOLDER = re.compile(r"\\{2}[^\\/.:\[\]]+(?:[\\/]|$)")
"""A folder of the author's own network, ``\\\\server\\share``: browsers ask for a host without a dot."""

CACHE = 10_000
"""Resolved hrefs that are remembered, about 3 MB: templates repeat the same hundred on every page."""


class ResolvedHref(NamedTuple):
    """A resolved href: absolute URL without fragment, and the fragment (None: there was no ``#``)."""

    url: str
    fragment: str | None


NOWHERE = ResolvedHref("", None)
"""What a link that cannot be fetched resolves to (``mailto:`` and the like, an empty href)."""


class MalformedError(ValueError):
    """The href leads nowhere in any browser: no host, an impossible port, a scheme that nobody has or is the host."""


class Base(Struct, frozen=True):
    """What hrefs of one page are resolved against, taken apart once.

    ``folders`` are the page's folder and those around it, from the innermost to the root.
    """

    url: str
    folders: tuple[str, ...]
    origin: str

    @classmethod
    def of(cls, url: str) -> Base:
        """Take an absolute URL apart."""
        origin = origin_of(url)
        return cls(url, tuple(_folders(folder_of(url), len(origin) + 1)), origin)

    def above(self, steps: int) -> str:
        """Return the folder so many steps up; none leads out of the root."""
        return self.folders[steps] if steps < len(self.folders) else self.folders[-1]


def _folders(folder: str, root: int) -> Iterator[str]:
    """Yield a folder and those around it; ``root`` is the length of the outermost."""
    while len(folder) > root:
        yield folder
        folder = folder[: folder.rindex("/", 0, -1) + 1]
    yield folder


class HrefResolver(Struct):
    """Resolve hrefs, remembering the answers: a template's links cost one look-up in a dict."""

    _known: dict[tuple[str, str], ResolvedHref] = field(default_factory=dict)

    def resolve(self, base: Base, href: str, charset: str = "utf-8") -> ResolvedHref:
        """Return the target of an href; raises MalformedError for what no browser could follow."""
        first = href[:1]
        if charset != "utf-8" and not href.isascii():
            # What is sent depends on the page's charset, and pages of one folder may be written in several.
            return resolve(base.url, href, charset)
        if first == "/":
            key = (base.origin, href)
        elif first == ".":
            key = _climbed(base, href)
        elif first == "#" and PLACE.fullmatch(href):
            return _place(base.url, href)
        elif first in {"", "#", "?"}:
            return resolve(base.url, href, charset)
        else:
            key = (base.folders[0], href)
        known = self._known.get(key)
        if known is None:
            known = plainly(base, href) or resolve(base.url, href, charset)
            if len(self._known) >= CACHE:
                self._known.clear()
            self._known[key] = known
        return known

    def __reduce__(self) -> tuple[type[HrefResolver], tuple[()]]:
        """Leave the answers behind on the way to another process."""
        return HrefResolver, ()

    def forget(self) -> None:
        """Let go of the answers."""
        self._known.clear()


PLAIN = re.compile(
    r"(?:((?:https?:)?//[^/?#\\@]++)/|(/)|((?:\.\.?/)*+))"  # an origin, the root, or steps up
    # Folders that begin with no dot, a name, a query.
    r"((?:[\w~-][\w.~-]*+/)*+(?:[\w~-][\w.~-]*+)?+(?:\?[\w.~=&-]*+)?+)"
    r"(?:#([\w.~-]*+))?+",
    re.ASCII,
)
"""Hrefs that need nothing encoded, repaired or guessed: nine in ten. Each part ends where the next begins, and gives
nothing back (``++``), which saves a quarter of the time."""

PLACE = re.compile(r"#[\w.~-]*", re.ASCII)
"""A place on the page itself, or its top, that needs nothing encoded: the commonest href there is."""


def _place(page: str, href: str) -> ResolvedHref:
    """Return what ``resolve`` returns for an href that PLACE matches."""
    own = _own_address(page)
    return ResolvedHref(own.url, href[1:]) if own.url else own


@lru_cache(maxsize=1)
def _own_address(page: str) -> ResolvedHref:
    return resolve(page, "")


def plainly(base: Base, href: str) -> ResolvedHref | None:
    """Return the target of an href that is written plainly, None for any other.

    It is what ``resolve`` returns, without taking the URL apart: 1 µs instead of 6.
    """
    match = PLAIN.fullmatch(href)
    if match is None:
        return None
    origin, root, steps, rest, fragment = match.groups()
    if origin is not None:
        if origin.startswith("//"):
            origin = f"{base.origin.partition(':')[0]}:{origin}"
        if not _is_canonical(origin):
            return None
        url = f"{origin}/{rest}"
    elif root:
        url = f"{base.origin}/{rest}"
    else:
        url = base.above(steps.count("../")) + rest
    return ResolvedHref(strip_session(url) if "?" in rest else url, fragment)


@lru_cache(maxsize=1024)
def _is_canonical(origin: str) -> bool:
    """Return whether a browser would ask for an origin as it is written, and it is somebody's."""
    if SCHEME_AS_HOST.match(f"{origin}/"):
        return False
    try:
        return ada_url.normalize_url(origin) == f"{origin}/"
    except ValueError:
        return False


def _climbed(base: Base, href: str) -> tuple[str, str]:
    """Return a folder and what an href means there: ``../../a`` of one folder is ``./a`` of another two above.

    So a menu is resolved once, however many folders have pages with it.
    """
    steps = steps_up(href)
    return base.above(steps), href[3 * steps - 2 :] if steps else href


def steps_up(href: str) -> int:
    """Return how many steps up an href begins with: what it leads to depends on the folder that they lead to alone."""
    steps = 0
    while href.startswith("../", 3 * steps):
        steps += 1
    return steps


def resolve(base: str, href: str, charset: str = "utf-8") -> ResolvedHref:
    """Return the target of an href on a page at ``base``.

    A query with Chinese in it is sent in the page's own charset, as browsers do. Raises MalformedError.
    """
    text = href.strip(STRIPPED)
    # What is written in UTF-16 is sent in UTF-8 (Encoding standard, "get an output encoding").
    if not charset.startswith("utf-") and not text.isascii() and "?" in text:
        text = _encode_query(text, charset)
    try:
        joined = ada_url.join_url(base, text)
    except ValueError:
        raise MalformedError(href) from None
    if not joined.startswith(("http://", "https://")):
        return _unfetchable(joined, href)
    if SCHEME_AS_HOST.match(joined) or SHARED_FOLDER.match(text):
        raise MalformedError(href)
    url, mark, fragment = joined.partition("#")
    if ";" in url or "?" in url:
        url = strip_session(url)
    return ResolvedHref(url, fragment if mark else None)


def _unfetchable(joined: str, href: str) -> ResolvedHref:
    """Return NOWHERE for what a known scheme starts; any other scheme is a slip, a drive, or a host without one."""
    scheme = joined.partition(":")[0]
    if scheme in KNOWN_SCHEMES or scheme.startswith(KNOWN_PREFIXES):
        return NOWHERE
    raise MalformedError(href)


def _encode_query(href: str, charset: str) -> str:
    path, _, rest = href.partition("?")
    query, mark, fragment = rest.partition("#")
    encoded = quote(query.encode(charset, SENT_AS_REFERENCE), safe="/?:@!$&'()*+,;=-._~%")
    return f"{path}?{encoded}{mark}{fragment}"


def _as_reference(error: UnicodeError) -> tuple[str | bytes, int]:
    """Send a character that the charset lacks as browsers do: ``&#128512;``, encoded; the euro of GBK is a byte."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    if error.encoding == "gbk" and signs == "€":
        return b"\x80", error.end
    return "".join(f"%26%23{ord(sign)}%3B" for sign in signs), error.end


SENT_AS_REFERENCE = "sent-as-reference"
codecs.register_error(SENT_AS_REFERENCE, _as_reference)


def strip_session(url: str) -> str:
    """Return the URL without session ids, so that one page is one address.

    The host stays as it is: ``;`` may stand in a name, and without it the name is another host's.
    """
    path = url.find("/", url.find("//") + 2)
    if path < 0 or SESSION.search(url, path) is None:
        return url
    return url[:path] + SESSION.sub("", url[path:]).rstrip("?&")


def normalise(url: str) -> str:
    """Return a URL that a person typed as the crawler spells it.

    A missing scheme means http. Raises MalformedError where there is no host.
    """
    text = url.strip()
    if "://" not in text:
        text = f"http://{text}"
    target = resolve("http://invalid.invalid/", text)
    if not target.url or not urlsplit(target.url).hostname:
        raise MalformedError(url)
    return target.url


def host_of(url: str) -> str:
    """Return ``host`` or ``host:port`` of an absolute URL, as it stands there (lower case, punycode)."""
    return url.split("/", 3)[2].rpartition("@")[2]


def origin_of(url: str) -> str:
    """Return ``scheme://host[:port]`` of an absolute URL."""
    scheme, _, host = url.split("/", 3)[:3]
    return f"{scheme}//{host.rpartition('@')[2]}"


def folder_of(url: str) -> str:
    """Return the URL up to and with the last slash of its path."""
    path = url.partition("?")[0]
    return path[: path.rindex("/") + 1]
