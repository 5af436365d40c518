"""Recognise the challenge of a guard that keeps robots out: such a target cannot be judged from here.

It is neither fine nor broken: the remedy is to ask the owner to let the monitor in, never to solve the challenge.
"""

from __future__ import annotations

import re

from checks.late_pattern import late
from checks.model import Response
from checks.reading.word_search import WordSearch

CLOSED = frozenset({401, 403, 429, 999})
"""Statuses that refuse us without saying anything about the target (999 is LinkedIn's)."""


SPARSE_TEXT = 400
"""Characters of visible text up to which a page can be nothing but a challenge."""

SPARSE_LINKS = 5
"""Links up to which it can: to the guard's maker, back, to a complaint."""

ASKED = 8192
"""Bytes of a page in which a challenge is looked for; pages that answer 200 with more than that are pages."""

REFUSING = frozenset({400, 405, 406, 412, 418, 493})
"""Statuses in which guards refuse, and servers as well: the words on the page tell."""

UNNAMED = "防火墙"
"""A guard that refuses in its own words and does not say what it is called."""

MISSING = frozenset({404, 410})
"""Statuses that say something of the target, so that the words on the page have to say more than a guard's name."""


def challenge_of(response: Response, head: bytes) -> str | None:
    """Return the name of the guard that answered, None where none is recognised. ``head`` is the start of the body.

    A guard's name is no sign by itself: pages write about firewalls. A challenge is a page with nothing else on it.
    """
    status = response.status
    if status == 521 and ("__jsluid" in _cookies(response) or b"__jsl" in head):
        return "加速乐"
    if status in {202, 412} and (b"$_ts" in head or b"location.reload" in head or b"document.cookie" in head):
        return "瑞数"
    looked_at = status is not None and (status >= 400 or len(head) < ASKED)
    markup = _markup(head) if looked_at else ""
    if status in {200, 202, 412} and len(head) < ASKED:
        refused = status == 412 and bool(_cookies(response))
        if _is_bare_script(markup, set_by_answer=refused):
            return "加速乐" if b"__jsl" in head else UNNAMED
    if _ALIYUN.any_in(head) and b"arg1=" in head:
        return "阿里云"
    if _is_cloudflare(response, head):
        return "Cloudflare"
    return _named(response, markup) if looked_at else None


def _cookies(response: Response) -> str:
    return " ".join(response.header_list("set-cookie"))


def _is_bare_script(markup: str, *, set_by_answer: bool) -> bool:
    """Return whether a page is nothing but a script that sets a cookie and has the browser ask again.

    ``set_by_answer`` says that the answer that refused set the cookie, so that the script need not.
    """
    if "<script" not in markup or LINK.search(markup) or _HOLDS.search(markup):
        return False
    if len(" ".join(MARKUP.sub(" ", markup).split())) > BARE_SCRIPT:
        return False
    return set_by_answer or ("document.cookie" in markup and _AGAIN.search(markup) is not None)


def _is_cloudflare(response: Response, head: bytes) -> bool:
    """Return whether Cloudflare itself refused; a 503 that it only passes on is the site's own."""
    if response.header("cf-mitigated") is not None:
        return True
    if response.status not in {403, 503}:
        return False
    if b"cf-challenge" in head or b"challenge-platform" in head:
        return True
    return response.status == 403 and "cloudflare" in (response.header("server") or "").lower()


NAMES = (
    ("安全狗", "安全狗"),
    ("safedog", "安全狗"),
    ("云锁", "云锁"),
    ("yunsuo", "云锁"),
    ("宝塔网站防火墙", "宝塔"),
    ("btwaf", "宝塔"),
    ("创宇盾", "创宇盾"),
    ("百度云加速", "百度云加速"),
    ("网站防火墙", "网站防火墙"),
    ("web应用防火墙", "网站防火墙"),
)
"""Words of block pages → the guard."""

_NAMED = WordSearch(*(word for word, _ in NAMES))
_ALIYUN = WordSearch("acw_sc__v2")
"""The cookie that a challenge of 阿里云 sets."""

REFUSAL = late(
    r"(?:您|你|当前|本次|该)的?(?:的|所)?(?:请求|访问|操作|ip|行为|浏览器)[^。]{0,40}"
    r"(?:拦截|阻断|阻止|拒绝|禁止|不合法|非法|异常|威胁|攻击|危险|风险|限制)"
    r"|(?:请求|访问|操作)(?:已)?被(?:[^。]{0,12})?(?:拦截|阻断|阻止|拒绝|禁止)|(?:安全|访问|人机|身份)验证|正在(?:检查|检测|验证)|事件\s*id"
    r"|(?:request|access|visit)[^.]{0,40}(?:blocked|denied|forbidden)|checking your browser|verify you are human",
    re.IGNORECASE,
)
"""What a guard says to the reader."""

_STOPPED = late(
    r"(?:请求|访问|操作|url)[^。<>]{0,40}(?:拦截|阻断|安全威胁)|blocked by|security (?:policy|reasons)", re.IGNORECASE
)
"""What a guard says that does not say what it is called."""

BARE_SCRIPT = 40
"""Characters of text up to which a page with a guard's name in its markup is nothing but that guard's script."""

MARKUP = late(r"<!--.*?-->|<(script|style)\b.*?(?:</\1|\Z)|<[^<>]*>", re.DOTALL | re.IGNORECASE)
LINK = late(r"<a\s[^<>]*href", re.IGNORECASE)
_HOLDS = late(r"<(?:img|iframe|frame|form|div\s[^<>]*id|video|object|embed|canvas)\b")
"""What a page has that shows something, or that a script is to fill."""
_AGAIN = late(
    r"location\.reload|location(?:\.href)?\s*=\s*(?:window\.|document\.)?location"
    r"|location\.replace\(\s*(?:window\.|document\.)?location"
)
"""How a script has the browser ask for the same address again."""
ONWARD = late(r"""<a\s[^<>]*href\s*=\s*["']?(?!https?:|//|javascript:|mailto:|[#?]|/?["'\s>])""", re.IGNORECASE)
"""A link to another page of the same site, which is not the homepage: a challenge leads nowhere else."""


def _named(response: Response, markup: str) -> str | None:
    """Return the guard that is named on a page that holds nothing but its challenge."""
    failed = (response.status or 0) >= 400
    is_named = _NAMED.any_in(markup.encode("utf-8", "replace"))
    name = next((guard for word, guard in NAMES if word in markup), None) if is_named else None
    if name is None and response.status in REFUSING and _STOPPED.search(markup):
        name = UNNAMED
    if name is None or len(LINK.findall(markup)) > SPARSE_LINKS:
        return None
    if not failed and ONWARD.search(markup):
        return None
    text = " ".join(MARKUP.sub(" ", markup).split())
    if len(text) > SPARSE_TEXT:
        return None
    refused = failed and response.status not in MISSING
    bare = len(text) <= BARE_SCRIPT and "<script" in markup and not LINK.search(markup)
    return name if refused or bare or REFUSAL.search(text) else None


def _markup(head: bytes) -> str:
    """Return bytes, whose last character may be cut, as text in small letters, in UTF-8 or else GB18030.

    Of bytes, letters are made small in a twentieth of the time; in GB18030 they may be halves of characters.
    """
    try:
        return head.lower().decode("utf-8")
    except UnicodeDecodeError as error:
        fits = len(head) - error.start < 4
        return head.decode("utf-8" if fits else "gb18030", "replace").lower()
