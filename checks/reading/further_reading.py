"""Tell the heading of what else there is to read (相关阅读, 点击排行, 猜你喜欢) from the headings of columns.

Templates put such lists below an article or beside it. Their dates are those of other articles.
"""

from __future__ import annotations

import re

from checks.late_pattern import late

LONGEST_HEADING = 16
"""Characters of a heading at most, with the words of a link beside it (更多); what is longer is a text."""

_OTHER = "相关|推荐|精彩|其他|其它|同类"
_THINGS = "阅读|文章|新闻|资讯|信息|报道|链接|推荐|稿件|内容|视频|图片|专题|解读|文件|政策|资料"
_READERS = "猜你|您可能|你可能|大家|网友"
_FURTHER_READING = late(
    rf"[\W_]*(?:(?:{_OTHER})的?(?:{_THINGS})+"
    r"|(?:热门|热点|最新|更多)(?:阅读|文章|推荐|视频|内容)"  # 热点新闻 and 最新信息 are columns
    r"|(?:延伸|拓展|扩展|关联|继续)阅读"
    r"|(?:阅读|点击|浏览|热点|新闻|文章|一周|本周|今日)+排行榜?"
    r"|往期(?:回顾|精彩|推荐|访谈|内容|节目)?"
    rf"|(?:{_READERS})(?:还|都|也|正)?(?:喜欢|关注|感兴趣|在看|想看)的?(?:{_THINGS})?"
    r")[\W_]*(?:更多|more)?[\W_]*",
    re.IGNORECASE,
)


def heads_further_reading(text: str) -> bool:
    """Return whether a text is the heading of a list of other things to read, and nothing more."""
    return len(text) <= LONGEST_HEADING and _FURTHER_READING.fullmatch(text) is not None
