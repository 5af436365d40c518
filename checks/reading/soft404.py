"""Recognise a page that says "not here" although its status says 200: the soft 404.

One signal is a coincidence (a news item may quote the words), two are a verdict. The signals are the title, the words
of a short page, the address that a redirect ended at, and sameness with a random path of the same directory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from checks.late_pattern import late

SHORT = 400
"""Characters of visible text up to which a page can be nothing but a notice."""

TITLE = late(
    r"^\W*(?:40[34]|410|error|错误|出错)\W*$|\b404\b|not found"
    r"|(?:页面|网页|文件|文章|信息|内容|栏目)(?:未找到|找不到|不存在|已?被?删除|丢失|走丢)"
    r"|(?:找不到|无法找到|没有找到)(?:该|此|您|你|相关)?.{0,8}(?:页面|网页|文件)|页面错误|出错了|访问出错|页面无法(?:访问|显示)",
    re.IGNORECASE,
)
WORDS = late(
    r"(?:您|你)?(?:所)?(?:访问|查找|请求|浏览|要找|查看|打开)的?.{0,10}(?:页面|网页|内容|信息|文章|文件|栏目|资源|地址|网址).{0,10}"
    r"(?:不存在|已被?删除|未找到|找不到|已下线|已失效|已过期|被移除|走丢|丢失|无法找到)"
    r"|(?:页面|网页|文章|该信息|该内容)(?:不存在|已被?删除|已下线|走丢了)|(?:找不到|无法找到|没有找到)(?:该|此|您|你)?.{0,12}(?:页面|网页|文件)"
    r"|此内容(?:已被?发布者删除|因违规无法查看)|该内容已被发布者删除"
    r"|(?:page|file|resource).{0,24}(?:not found|does(?:n't| not) exist|cannot be found)|http 404|404 not found",
    re.IGNORECASE,
)
ERROR_PATH = late(r"/(?:40[34]|410|error|not_?found|page404|errorpage|err)(?:[/_.-]|$)", re.IGNORECASE)


class Sight(Struct, frozen=True):
    """What one answer looked like, as far as it matters here.

    ``text`` is the visible text, ``final`` the address after redirects, ``digest`` names the body without
    its numbers, ``redirected`` says whether any redirect was followed.
    """

    status: int
    final: str
    title: str
    text: str
    digest: str
    redirected: bool


def signals(seen: Sight, random: Sight | None = None) -> Iterator[str]:
    """Yield what speaks for a soft 404: ``title``, ``words``, ``error-path``, ``same-as-random``."""
    if TITLE.search(seen.title[:200]):
        yield "title"
    if len(seen.text) <= SHORT and WORDS.search(seen.text):
        yield "words"
    if seen.redirected and ERROR_PATH.search(seen.final):
        yield "error-path"
    if random is not None and random.status == seen.status and _same(seen, random):
        yield "same-as-random"


def _same(seen: Sight, random: Sight) -> bool:
    if seen.redirected and random.redirected and seen.final == random.final:
        return True
    return not seen.redirected and seen.digest == random.digest
