"""Know the code that templates are written in, where it shows instead of what it stands for.

Pages are looked through by the check ``templates``, documents by ``sitehealth proofread``.
"""

from __future__ import annotations

from urllib.parse import unquote

from checks.late_pattern import late

CODE = late(
    r"<\?(?:=|php\b)[^<>]{0,80}\?>|<%=?[^<>%]{1,80}%>|#\{\s?[A-Za-z_][\w.\[\]]{0,60}\s?\}"
    r"|\$!?\{\s?[^\W\d][\w.\[\]()|?!:'\" -]{0,80}\}|\{\{[#/^&]?\s{0,3}(?:[^\W\d]|\$)[^{}\n]{0,80}\}\}"
    r"|\[!--[\w.]{1,40}--\]|\{\$[A-Za-z_][\w.\[\]'\"$|=>-]{0,60}\}"
    r"|\{(?:dede|pboot|cms|eyou|aspcms|pc|ecms|phpok|yzm|zzz|siteserver|stl):[^{}]{1,60}\}|\{%[-=]?\s{0,3}[a-z]\w*[^{}%\n]{0,80}%\}"
    r"|\{:[A-Za-z_]\w{0,40}\([^{}\n]{0,60}\)\}|\[field:\w{1,40}[^\[\]\n]{0,40}/\]|\[@[a-z]+[._]\w{1,40}[^\[\]\n]{0,60}\]"
    r"|\[object Object\]"
    r"|</?#(?:if|else|elseif|list|assign|include|macro)\b[^<>\n]{0,80}>|#(?:foreach|set)\s?\(\s?\$\w[^()\n]{0,60}\)"
    r"|(?<![A-Za-z0-9_.])@(?:Model|ViewBag|ViewData|Url|Html)\.\w{1,40}"
    r"|\{\$[A-Za-z_]\w{0,40}\([^{}\n]{0,60}\)\}|</?TRS_[A-Z]{2,30}\b[^<>\n]{0,120}>|\bNaN[-/年]NaN[-/月]NaN"
)
"""``<?=el.link?>``, ``<%= title %>``, ``#{title}``, ``${title}``, ``$!{title}``, ``{{title}}``, ``[!--title--]``,
``{$title}``, ``{$row['url']}``, ``{dede:field.title/}``, ``{% if x %}``, ``<#list a as b>``, ``#foreach($a in $b)``,
``@Model.Title``, ``{:url('a')}``,
``[field:title/]``, ``[@cms_list]``, and ``[object Object]``, which a script writes; a name has to stand in
it, whatever it is written in."""

BEGINNINGS = (
    "{",
    "<",
    "[!--",
    "[field:",
    "[@",
    "[object",
    "#foreach",
    "#set",
    "@Model.",
    "@View",
    "@Url.",
    "@Html.",
    "NaN",
)
"""One of them begins, or stands in, every such code."""


def is_unfilled(address: str) -> bool:
    """Return whether a template has yet to fill an address in, be its code encoded: ``/a?id=%24%7Bid%7D``."""
    if "{" in address or "<" in address or "[!--" in address or "%7" in address or "%3" in address or "@" in address:
        return CODE.search(unquote(address)) is not None
    return False
