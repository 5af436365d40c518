"""Tell a column without anything on it from a page that shows something else than a list: a table, a form, a picture.

A blank column is a fault that costs an office its grade, so whatever a reader may have come for counts as content. What
every page of a site has does not: menus, breadcrumbs, footers, logos, the search of the site, and words of emptiness.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.columns.structure import LONG_TEXT, prose
from checks.late_pattern import late
from checks.model.html_tree import stripped_text

if TYPE_CHECKING:
    from checks.model import Page
    from checks.model.turbohtml_core import Element

WINDOWS = "textarea,iframe,frame,object,embed,video,canvas,select"
"""Elements that are content of their own: a form, a window, a film."""

LINE = 12
"""Characters of a line that may say something."""

OWN_WORDS = 8
"""Letters and characters of a line beside its links from which on it says something of its own."""

CELLS = 4
"""Cells of a table with words and without a link that make it a table of something: a footer has two or three."""

WIDE = 200
"""Pixels from which on a picture is none of the template's small ones."""

ALT = 4
"""Characters of a picture's description that say what it shows."""

_EMPTY_OR_FURNITURE = late(
    r"暂无|没有|找不到|未找到|建设中|敬请期待|无相关|[共第]\s*\d*\s*[条页]|[上下]一?页|位置|版权|备案|ICP|地址|邮编|主办|承办|协办|技术支持|"
    r"标识码|维护|copyright|©|欢迎|今天是|星期|访问|浏览|收藏|设为首页|分辨率|无障碍|loading|加载|javascript",
    re.IGNORECASE,
)
_SAYS_EMPTY = late(
    r"^[^\w\n]*(?:"  # within the line: a page of nothing but dashes is looked at once
    r"(?:(?:该|本|此|当前)?(?:栏目|页面|列表|分类|目录)[下中]?)?(?:暂时|目前)?(?:暂无|暂未发布|暂没有|没有|尚未发布)"
    r"(?:任何|相关|可显示的)?(?:内容|数据|信息|文章|记录|资料)"
    r"|(?:该|本|此|当前)?(?:栏目|内容|页面|板块)?(?:正在|还在|尚在)?建设(?:之)?中(?:[^\w\n]*敬请期待)?"
    r"|敬请期待|(?:看起来)?(?:我们)?(?:找不到|没有找到|未找到)(?:您|你)?(?:想要|需要|查找)?的?(?:任何|相关)?(?:内容|文章|信息|数据|记录)"
    r"(?:[^\w\n]*试试搜索)?"
    r"|[共第]\s*0\s*[条页篇](?:记录|信息|数据)?(?:[^\w\n]*(?:[共第每]?\s*\d+\s*[条页篇](?:记录|信息|数据|/页)?|[01]\s*/\s*[01]\s*页?))*"
    r")[^\w\n]*$",
    re.MULTILINE,
)
"""A line that says nothing but that there is nothing."""
EMPTY_WORDS = (
    "暂无",
    "暂未",
    "暂没有",
    "尚未发布",
    "没有",
    "找不到",
    "未找到",
    "建设",
    "敬请期待",
    "共0",
    "共 0",
    "第0",
    "<strong>0",
)
"""One of them stands in the markup of every such page; most pages have none."""

_SITE_SEARCH = late(r"search|sousuo|搜索|检索|搜一搜|全文", re.IGNORECASE)
_ANSWERS = late("搜索|检索|查询|登录|个人中心|用户中心|收藏")
"""Titles of pages that are empty until somebody asks them something."""
_DECORATION = late(
    r"logo|banner|icon|ico\b|bg|back|top|line|dot|arrow|space|blank|empty|no[-_]?(?:data|content|result)|zanwu|qr|code|ewm|erweima|weixin|wx|slogan|徽标|标志|二维码|横幅|返回",
    re.IGNORECASE,
)


def has_content(page: Page) -> bool:
    """Return whether a page without a list says something else: a text, a table, a form, a picture, a film."""
    if prose(page.text) >= LONG_TEXT // 2 or page.tree.select_one(WINDOWS) is not None:
        return True
    return any(_own_lines(page)) or _is_table(page) or _has_form(page) or any(map(_is_picture, page.tree.select("img")))


def says_empty(page: Page) -> bool:
    """Return whether a page says itself that it holds nothing yet."""
    return bool(_SAYS_EMPTY.search(page.text)) and not _ANSWERS.search(page.title)


def _own_lines(page: Page) -> Iterator[str]:
    """Yield the lines of a page that say something beside their links."""
    words = sorted({reference.text for reference in page.references if reference.text}, key=len, reverse=True)
    known = {page.title, *(value for _, value in page.meta)}
    for line in page.text.split("\n"):
        if len(line) < LINE or line in known or _EMPTY_OR_FURNITURE.search(line):
            continue
        own = line
        for text in words:
            own = own.replace(text, "")
        if len(re.sub(r"[\W_]+", "", own)) >= OWN_WORDS:
            yield line


def _is_table(page: Page) -> bool:
    """Return whether a table holds words in cells without links."""
    cells = (cell for cell in page.tree.select("td") if cell.select_one("a, table, img, input") is None)
    texts = (stripped_text(cell) for cell in cells)
    return sum(len(text) > 1 and not _EMPTY_OR_FURNITURE.search(text) for text in texts) >= CELLS


def _has_form(page: Page) -> bool:
    """Return whether a form asks for something else than words to search the site for."""
    return any(
        form.select_one("input[type=text], input:not([type])") is not None and not _SITE_SEARCH.search(form.html)
        for form in page.tree.select("form")
    )


def _is_picture(image: Element) -> bool:
    """Return whether an image shows something, rather than dress the page: it is large or described, and no link."""
    described = " ".join(image.attr(name) or "" for name in ("src", "class", "id", "alt"))
    if _DECORATION.search(described) or _EMPTY_OR_FURNITURE.search(described) or _is_linked(image):
        return False
    sizes = [image.attr(side) or "" for side in ("width", "height")]
    large = any(size.removesuffix("px").isdecimal() and int(size.removesuffix("px")) >= WIDE for size in sizes)
    return large or len(image.attr("alt") or "") >= ALT


def _is_linked(node: Element) -> bool:
    return node.closest("a") is not None
