"""Judge whether an article names its source, and a reprint where it was taken from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from checks.columns.lists import ARTICLE_METAS, is_list
from checks.late_pattern import late
from checks.model import Check, Confidence, Finding, Kind, Need, Page, Rule, Severity, Text
from checks.reading.citations import GUIDELINES
from checks.reading.official import host_of, is_official
from checks.reading.published import visible_date

SOURCE = Rule(
    id="missing-source",
    family="content",
    severity=Severity.MINOR,
    title=Text("没有注明来源", "Source not named"),
    message={
        "source": Text("文章没有注明来源", "the article does not name its source"),
        "address": Text(
            "转载自“{source}”，没有给出原文地址", "reprinted from “{source}” without the address of the original"
        ),
        "date": Text("转载自“{source}”，没有给出日期", "reprinted from “{source}” without a date"),
    },
    remedy=Text(
        "在标题下注明来源和日期；转载的信息再附上原文链接。",
        "Name the source and the date below the title; give a reprint the link to its original.",
    ),
    basis=GUIDELINES,
    why=Text("转载信息应当注明来源，方便公众核对。", "Readers must be able to look up where a reprint comes from."),
    unverified=True,
)

MEDIA = (
    "新华社|新华网|人民日报|人民网|中国政府网|央视|中央电视台|光明日报|光明网|经济日报|中国经济网|法治日报|法制日报|中国新闻网|中新网|"
    "工人日报|农民日报|科技日报|求是|学习强国|澎湃|国务院"
)
"""Sources from which offices reprint."""

_REPRINTED = late(r"(?<!谢绝)(?<!禁止)(?<!不得)(?:转载自|转自|摘自)\s*[:：]?\s*(\S{2,40})")
"""What says in so many words that an article was taken from elsewhere."""

_END = " \u3000。．.，,；;、）)】]》>”\"'"
_SHOWN_ADDRESS = late(r"https?://([\w.:-]+)/\w")
_AND_SO_ON = late(
    r"[，,。；;]|》(?=\S)|(?:作\s*者|责任编辑|编\s*辑|审\s*核|校\s*对|发布(?:时间|日期|人|者)|时\s*间|日\s*期|点\s*击|浏\s*览|阅\s*读|访\s*问|字\s*[体号])"
    r"(?:次?数|量|人)?\s*[:：]"
)
"""What ends a name: a mark, or the label of what follows it in the same line."""
_START = "（(【[《<“\"'：:"

_SOURCES = (
    late(r"[来稿出][ \u3000\xa0]{0,4}[源处][ \u3000\xa0]*[:：】\]][ \u3000\xa0]*([^\s|｜【\[]{1,40})"),
    late(r"\n\W{0,3}(?:信息|文章|稿件|内容)?来[ \u3000\xa0]{0,4}源\s*[:：]?\n(\S{2,30})(?:\n|$)"),
    late(r"(?:\n|^)(?:信息|文章|稿件)来源(?![是为于自的、，])[:：]?[ \u3000\xa0]*([^\s|｜【\[:：]{2,30})(?:\n|$)"),
    late(r"(?:\n|\s|^)[Ss]ource[ \xa0]*[:：][ \xa0]*([^\n|｜【\[]{2,40})"),
    late(r"转载?自[ \u3000]*[:：][ \u3000]*([^\s|｜【\[]{1,40})"),
    late(r"(?:\n|\s|^)供稿(?:单位|部门)?[ \u3000]*[:：][ \u3000]*([^\s|｜【\[]{2,40})"),
    late(r"[发公责][布文开任]\s?(?:机构|机关|单位|部门|主体)\s*[:：\n]\s*(\S{2,40})"),
)
"""来源, 稿源, 出处, 【来源】; as the label of a row or a line; Source; 转自; 供稿; 发布机构, 公开主体."""

_OWN = late(r"本[站网局委厅办部院中]")
_BADGE = late(r"conac|jiucuo")
_NOBODY = late(
    r"(?:(?:来自|来源于|源于)?(?:互联网|网络|网上|网页|网友)(?:公开)?(?:资料|图片|信息|文章|内容)?(?:整理|转载|综合|收集|搜集|汇总|投稿|提供){0,2}"
    r"|null|undefined|NaN|其[他它](?:网站|媒体)?|某(?:网站|网|媒体|公众号|微信公众号|平台)|转载|综合|未知|不详|佚名|无"
    r"|(?:微信)?(?:公众号|朋友圈|视频号)|微信|微博|百度(?:百科|贴吧|搜索|一下)?|搜索引擎|自媒体|热心网友)?"
)
"""What stands in the place of a source and names none: 网络, 互联网整理, 网友投稿; 网络安全局 is somebody."""


class Sources(Check[Page], frozen=True):
    """Look for the source of an article. Its copies at other addresses are one finding with it, which has a count."""

    id = "sources"
    label = Text("转载来源", "Sources of reprints")
    needs = frozenset({Need.TEXT})
    rules = (SOURCE,)

    official: bool | None = None
    """Whether articles must name their source: true, false, or null to tell by the domain and the marks of the page."""
    media: str = MEDIA
    """A pattern of the sources whose articles are reprints."""
    address: bool = True
    """Whether a reprint must link to its original."""

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Yield what an article fails to say about where it comes from."""
        text = subject.text
        if not _is_article(subject) or not (is_official(subject) if self.official is None else self.official):
            return
        taken = _taken_from(text)
        source = (
            next((name for name in taken if not _NOBODY.fullmatch(name)), "") if taken else source_of(subject, text)
        )
        if not source:
            yield Finding(SOURCE, subject.url, key=f"source {_name(subject)}", variant="source", placeless=True)
        elif taken or re.search(self.media, source):
            yield from self._inspect_reprint(subject, source)

    def _inspect_reprint(self, page: Page, source: str) -> Iterator[Finding]:
        lacking = []
        if self.address and not _leads_out(page):
            lacking.append("address")
        if visible_date(page) is None and not _meta(page, "pubdate"):
            lacking.append("date")
        for each in lacking:
            yield Finding(
                SOURCE,
                page.url,
                key=f"{each} {_name(page)}",
                variant=each,
                params={"source": source},
                confidence=Confidence.SUSPECTED,
                placeless=True,
            )


def _name(page: Page) -> str:
    """Return what tells an article from others at whatever address it stands: its title, and the day if it has one."""
    heading = page.tree.select_one("h1") if "<h1" in page.html else None
    title = _meta(page, "articletitle") or (" ".join(heading.text.split()) if heading is not None else "") or page.title
    shown = visible_date(page)
    return f"{title} {shown.stamp.day if shown else _meta(page, 'pubdate')[:10]}"


def source_of(page: Page, text: str) -> str:
    """Return the source that an article names, by its text or its meta ContentSource; empty for none."""
    candidates = (_bare(found[1]) for form in _SOURCES for found in form.finditer(text))
    named = next((each for each in candidates if not _NOBODY.fullmatch(each)), "")
    meta = _bare(_meta(page, "contentsource"))
    return named or ("" if _NOBODY.fullmatch(meta) else meta)


def _bare(name: str) -> str:
    """Return a source's name without what stands around it and follows: 网络，侵删 is 网络, （新华社） 新华社."""
    return _AND_SO_ON.split(name.strip().lstrip(_START), maxsplit=1)[0].rstrip(_END)


def _taken_from(text: str) -> list[str]:
    """Return the source from which the text says that it was taken; what was taken from the site itself is none."""
    names = (_bare(found[1]) for found in _REPRINTED.finditer(text))
    return [name for name in names if not _OWN.search(name)]


def _is_article(page: Page) -> bool:
    if page.homepage or is_list(page):
        return False
    return any(_meta(page, name) for name in ARTICLE_METAS) or visible_date(page) is not None


def _meta(page: Page, wanted: str) -> str:
    return next((value.strip() for name, value in page.meta if name.lower() == wanted and value.strip()), "")


def _leads_out(page: Page) -> bool:
    """Return whether a page links to an article elsewhere, or shows its address.

    It has a path of its own: what has none is the home of a friend.
    """
    host = host_of(page.url)
    if any(shown[1] != host for shown in _SHOWN_ADDRESS.finditer(page.text)):
        return True
    return any(
        reference.kind is Kind.PAGE
        and host_of(reference.url) not in {"", host}
        and not _BADGE.search(reference.url)
        and len(urlsplit(reference.url).path) > 1
        for reference in page.references
    )
