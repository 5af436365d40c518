"""Report what a template left unfilled: ``<?=el.link?>``, ``${title}``, ``{{title}}`` in text and addresses; a title.

Pages that a framework fills in the browser (Vue, Angular) show ``{{ }}`` only to programs, so they are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from checks.late_pattern import late
from checks.model import Check, Finding, Need, Page, Rule, Severity, Text
from checks.model.html_tree import body_of
from checks.model.turbohtml_core import Comment, ProcessingInstruction
from checks.reading.application_root import empty_root
from checks.reading.citations import GUIDELINES
from checks.reading.samples import without_samples
from checks.reading.template_code import BEGINNINGS, CODE

LEFTOVER = Rule(
    id="template-leftover",
    family="pages",
    severity=Severity.MAJOR,
    title=Text("模板代码外露", "Template code shows"),
    message={
        "text": Text("页面上显示出模板代码“{code}”", "the page shows template code: “{code}”"),
        "address": Text("链接地址中留有模板代码“{code}”", "an address holds template code: “{code}”"),
        "title": Text("页面标题或标签中留有模板代码“{code}”", "the title or a meta tag holds template code: “{code}”"),
    },
    remedy=Text("修正模板，让这里显示实际内容。", "Mend the template so that the content stands here."),
    basis=GUIDELINES,
    why=Text("公众看到的是代码，链接也打不开。", "Readers see code, and the link leads nowhere."),
    unverified=True,
)

TITLE = Rule(
    id="unfilled-title",
    family="pages",
    severity=Severity.MINOR,
    title=Text("页面标题没有填写", "Page title not filled in"),
    message={
        "empty": Text("页面没有标题", "the page has no title"),
        "default": Text(
            "页面标题是编辑软件或模板自带的“{title}”",
            "the page's title is “{title}”, as an editor or a template has it",
        ),
        "half": Text("页面标题“{title}”缺少页面本身的名称", "the title “{title}” lacks the name of the page itself"),
    },
    remedy=Text(
        "在模板中让标题（title）显示页面自己的名称，如“通知公告-某县人民政府”。",
        "Have the template write the page's own name into its title.",
    ),
    basis=GUIDELINES,
    why=Text(
        "浏览器标签、收藏夹和搜索结果都以标题为准，读者无法辨认页面。",
        "Tabs, bookmarks and search results show the title; readers cannot tell the page by it.",
    ),
    unverified=True,
)

_DEFAULT_TITLE = late(
    r"(?:(?:无标题|未命名)(?:文档|页面?|网页)?|新建?(?:网页|页面|文档)|untitled(?: (?:document|page))?|new page)"
    r"(?:[-_ ]?\d+)?|(?:网站|页面|网页|文章|栏目)?标题|题目"
    r"|document|web ?page|(?:insert )?title(?: here)?|null|undefined"
    r"|my jsp .{0,60}starting page|vite(?: app|\s?\+\s?(?:vue|react)(?:\s?\+\s?ts)?)|(?:react|vue) app"
    r"|[$%#]\w{2,20}[$%#]|welcome to (?:nginx|your vue\.js app)!?",
    re.IGNORECASE,
)
"""Titles that editors and frameworks give a page before anybody does."""

_HALF_TITLE = late(r"[-_|—–－＿·:：]+\s*[^\W_]")
"""A title that begins with what should stand between the page's name and the site's."""

SHORTEST = 60
"""Characters of text from which on a page is one that people read, and needs a title: frames and stubs have fewer."""

_FILLED_LATER = late(
    # Directives: Vue, Avalon, Angular, Alpine, petite-vue, Knockout, San, mini programmes' web views.
    r"[\s\"'](?:v|ms|ng|data-ng|x-ng|s|wx|a)-(?:for|if|else|show|text|html|bind|on|model|cloak|app|controller|repeat|each"
    r"|visible|important|duplex|click|class|attr|src|href|init|view|include|scope|pre|slot)\b"
    r"|\s(?:\*ng[A-Z]\w+|\[\(?ng\w+\)?\]|data-bind|x-(?:data|text|html|for|if|show|bind|init)|[:@][a-z][\w.-]*)\s*="
    r"|<[a-z][^<>]{0,300}\sx-data[\s>]"
    # Calls that fill a template in.
    r"|\bnew Vue\(|\bcreateApp\(|\bangular\.(?:module|bootstrap)\(|\bavalon\.(?:define|scan|vmodels)\b"
    r"|\bHandlebars\.compile\b"
    r"|\bMustache\.(?:render|to_html)\b|\.tmpl\(|\bjuicer\(|\blaytpl\(|\bdoT\.template\b|\b_\.template\(|\bko\.applyBindings\b"
    r"|\bbaidu\.template\b|\bejs\.(?:render|compile)\b|\bnunjucks\.render|\btemplate\(['\"]|\btemplate\.(?:render|compile)\("
    # Libraries, by the names of their files.
    r"|src\s*=\s*[\"']?[^\"'<>\s]{0,200}\b(?:vue|angular|avalon|alpine|petite-vue|knockout|handlebars|mustache|juicer|laytpl"
    r"|art-?template|template-(?:web|native|simple)|jsrender|jsviews|(?:jquery[.-])?tmpl|doT|baiduTemplate|nunjucks|ejs"
    r"|template7|hogan|ractive|rivets|san|amis|polymer|aurelia|ember|layui)"
    r"\b[\w.@-]{0,40}\.js"
)
"""Signs that a script fills the page in at the reader's: then only programs see the code."""

_UNREAD = "script, style, template, noscript, [hidden], [style*='display:none' i], [style*='display: none' i]"
"""What no reader sees; scripts keep their patterns in elements that are hidden where they stand."""
_INSTRUCTION = late(r"\?(?<=<\?)")
"""``<?``, looked for from its rarer end: 45 µs on a page of 39,000 characters, where ``"<?" in html`` takes 170."""


class Templates(Check[Page], frozen=True):
    """Look for template code in the text, the addresses, the title and the metas of a page, and at its title."""

    id = "templates"
    label = Text("模板残留", "Template leftovers")
    needs = frozenset({Need.TEXT})
    rules = (LEFTOVER, TITLE)

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Yield one finding for each place that shows code, and one for a title that nobody filled in."""
        yield from _leftovers(subject)
        yield from _unfilled_title(subject)


def _leftovers(page: Page) -> Iterator[Finding]:
    """Yield one finding for each place that shows code."""
    codes = {place: _code_in(text) for place, text in _places(page)}
    found = {place: code for place, code in codes.items() if code}
    if not found or _FILLED_LATER.search(page.html):
        return
    if "text" in found:
        found |= {"text": _shown_code(page)}
    for place, code in found.items():
        if not code:
            continue
        # A template repeats what it left unfilled: the same code in the same place is one finding, with a count.
        yield Finding(
            LEFTOVER,
            page.url,
            key=f"{place} {code}",
            variant=place,
            params={"code": code},
            evidence=code,
            placeless=True,
        )


def _unfilled_title(page: Page) -> Iterator[Finding]:
    """Yield the finding of a title that nobody filled in, one for all pages that have the same."""
    title = page.title.strip()
    variant = _fault_of(title)
    if not variant or "document.title" in page.html or _FILLED_LATER.search(page.html):
        return
    # Few words are a frame's or a stub's; a page that a script fills is named by it as well.
    is_stub = len(page.text) < SHORTEST if variant == "empty" else empty_root(page)
    if is_stub:
        return
    params = {"title": title} if title else {}
    yield Finding(TITLE, page.url, key=f"{variant} {title}", variant=variant, params=params, placeless=True)


def _fault_of(title: str) -> str:
    """Return which variant of the rule a title breaks, "" for none."""
    if not title:
        return "empty"
    if _DEFAULT_TITLE.fullmatch(title):
        return "default"
    return "half" if _HALF_TITLE.match(title) else ""


def _shown_code(page: Page) -> str:
    """Return the first code outside of samples and of what is hidden; only pages with a finding pay for this look."""
    tree = without_samples(page.html)
    for node in tree.select(_UNREAD):
        node.decompose()
    body = body_of(tree)
    text = body.text if body is not None else ""
    return _code_in(" ".join((" ".join(text.split()), *_instructions(page))))


def _code_in(text: str) -> str:
    """Return the first template code in a text; nearly every text is done with after a look for how code begins."""
    if not any(map(text.__contains__, BEGINNINGS)):
        return ""
    match = CODE.search(text)
    return match[0] if match else ""


def _places(page: Page) -> Iterator[tuple[str, str]]:
    """Yield where code may show: addresses, title and metas, text."""
    hrefs = "\n".join(reference.href for reference in page.references)
    if "%3" in hrefs or "%7" in hrefs:  # `<` and `{` as an address writes them
        hrefs = f"{hrefs}\n{unquote(hrefs)}"
    yield "address", hrefs
    yield "title", "\n".join([page.title, *(value for _, value in page.meta)])
    text = page.text
    if _INSTRUCTION.search(page.html):
        text = "\n".join((text, *_instructions(page)))
    yield "text", text


def _instructions(page: Page) -> Iterator[str]:
    """Yield ``<?= … ?>`` in text: HTML's parser hides it, but a reader's browser may show what follows.

    ``<?=`` becomes a comment, ``<?php`` an instruction.
    """
    for node in page.tree.descendants:
        if isinstance(node, Comment) and node.data.startswith("?="):
            yield f"<{node.data.rstrip('?')}?>"
        elif isinstance(node, ProcessingInstruction) and node.target.startswith("php"):
            yield f"<?{node.target} {node.data.rstrip('?')}?>"
