"""Recognise the challenge of a guard that keeps robots out: such a target cannot be judged from here.

It is neither fine nor broken: the remedy is to ask the owner to let the monitor in, never to solve the challenge.
"""

from __future__ import annotations

import re

from checks.model import Response

CLOSED = frozenset({401, 403, 429, 999})
"""Statuses that refuse us without saying anything about the target (999 is LinkedIn's)."""


SPARSE_TEXT = 400
"""Characters of visible text up to which a page can be nothing but a challenge."""

SPARSE_LINKS = 5
"""Links up to which it can: to the guard's maker, back, to a complaint."""

ASKED = 8192
"""Bytes of a page in which a challenge is looked for; pages that answer 200 with more than that are pages."""

MISSING = frozenset({404, 410})
"""Statuses that say something of the target, so that the words on the page have to say more than a guard's name."""


def challenge_of(response: Response, head: bytes) -> str | None:
    """Return the name of the guard that answered, None where none is recognised. ``head`` is the start of the body.

    A guard's name is no sign by itself: pages write about firewalls. A challenge is a page with nothing else on it.
    """
    status = response.status
    cookies = " ".join(response.header_list("set-cookie"))
    if status == 521 and ("__jsluid" in cookies or b"__jsl" in head):
        return "加速乐"
    if status in {202, 412} and (b"$_ts" in head or b"location.reload" in head or b"document.cookie" in head):
        return "瑞数"
    if b"arg1=" in head and b"acw_sc__v2" in head:
        return "阿里云"
    if _is_cloudflare(response, head):
        return "Cloudflare"
    return _named(response, head) if status is not None and (status >= 400 or len(head) < ASKED) else None


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

REFUSAL = re.compile(
    r"(?:您|你|当前|本次|该)的?(?:的|所)?(?:请求|访问|操作|ip|行为|浏览器)[^。]{0,40}"
    r"(?:拦截|阻断|阻止|拒绝|禁止|不合法|非法|异常|威胁|攻击|危险|风险|限制)"
    r"|(?:请求|访问|操作)(?:已)?被(?:[^。]{0,12})?(?:拦截|阻断|阻止|拒绝|禁止)|(?:安全|访问|人机|身份)验证|正在(?:检查|检测|验证)|事件\s*id"
    r"|(?:request|access|visit)[^.]{0,40}(?:blocked|denied|forbidden)|checking your browser|verify you are human",
    re.IGNORECASE,
)
"""What a guard says to the reader."""

BARE_SCRIPT = 40
"""Characters of text up to which a page with a guard's name in its markup is nothing but that guard's script."""

MARKUP = re.compile(r"<!--.*?-->|<(script|style)\b.*?(?:</\1|\Z)|<[^<>]*>", re.DOTALL | re.IGNORECASE)
LINK = re.compile(r"<a\s[^<>]*href", re.IGNORECASE)
ONWARD = re.compile(r"""<a\s[^<>]*href\s*=\s*["']?(?!https?:|//|javascript:|mailto:|[#?]|/?["'\s>])""", re.IGNORECASE)
"""A link to another page of the same site, which is not the homepage: a challenge leads nowhere else."""


def _named(response: Response, head: bytes) -> str | None:
    """Return the guard that is named on a page that holds nothing but its challenge."""
    markup = _decoded(head).lower()
    name = next((guard for word, guard in NAMES if word in markup), None)
    if name is None or len(LINK.findall(markup)) > SPARSE_LINKS:
        return None
    failed = (response.status or 0) >= 400
    if not failed and ONWARD.search(markup):
        return None
    text = " ".join(MARKUP.sub(" ", markup).split())
    if len(text) > SPARSE_TEXT:
        return None
    refused = failed and response.status not in MISSING
    bare = len(text) <= BARE_SCRIPT and "<script" in markup and not LINK.search(markup)
    return name if refused or bare or REFUSAL.search(text) else None


def _decoded(head: bytes) -> str:
    """Return bytes, whose last character may be cut, as text in UTF-8 or else GB18030."""
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        fits = len(head) - error.start < 4
        return head.decode("utf-8" if fits else "gb18030", "replace")
