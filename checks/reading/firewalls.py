"""Recognise the challenge of a guard that keeps robots out: such a target cannot be judged from here.

It is neither fine nor broken: the remedy is to ask the owner to let the monitor in, never to solve the challenge.
"""

from __future__ import annotations

from checks.model import Response

CLOSED = frozenset({401, 403, 429, 999})
"""Statuses that refuse us without saying anything about the target (999 is LinkedIn's)."""


def wall(response: Response, head: bytes) -> str | None:
    """Return the name of the guard that answered, None where none is recognised. ``head`` is the start of the body."""
    status = response.status
    cookies = " ".join(response.header_list("set-cookie"))
    server = (response.header("server") or "").lower()
    if status == 521 and ("__jsluid" in cookies or b"__jsl" in head):
        return "加速乐"
    if status in {202, 412} and (b"$_ts" in head or b"location.reload" in head or b"document.cookie" in head):
        return "瑞数"
    if (b"arg1=" in head and b"acw_sc__v2" in head) or "acw_sc__v2" in cookies:
        return "阿里云"
    if status in {403, 503} and ("cloudflare" in server or b"cf-challenge" in head or b"challenge-platform" in head):
        return "Cloudflare"
    return _named(head) if status is not None and (status >= 400 or len(head) < 8192) else None


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
"""Words of block pages → the guard; searched for in the first bytes, in UTF-8 and GB18030."""

_BYTES = tuple((word.encode(charset), name) for word, name in NAMES for charset in ("utf-8", "gb18030"))


def _named(head: bytes) -> str | None:
    lowered = head.lower()
    return next((name for word, name in _BYTES if word in lowered), None)
