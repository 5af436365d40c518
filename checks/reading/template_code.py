"""Know the code that templates are written in, where it shows instead of what it stands for.

Pages are looked through by the check ``templates``, documents by ``sitehealth proofread``.
"""

from __future__ import annotations

import re

CODE = re.compile(
    r"<\?(?:=|php\b)[^<>]{0,80}\?>|<%=?[^<>%]{1,80}%>|#\{\s?[A-Za-z_][\w.\[\]]{0,60}\s?\}"
    r"|\$\{\s?[^\W\d][\w.\[\]()|?:'\" -]{0,80}\}|\{\{\s{0,3}(?:[^\W\d]|\$)[^{}\n]{0,80}\}\}"
    r"|\[!--[\w.]{1,40}--\]|\{\$[A-Za-z_][\w.]{0,40}\}|\{(?:dede|pboot|cms):[^{}]{1,60}\}"
)
"""``<?=el.link?>``, ``<%= title %>``, ``#{title}``, ``${title}``, ``{{title}}``, ``[!--title--]``, ``{$title}``,
``{dede:field.title/}``; a name has to stand in it, whatever it is written in."""
