"""Tell what a page shows from the samples of code that it explains: manuals quote templates, errors and addresses."""

from __future__ import annotations

from checks.model.html_tree import Tree, body_of, parse_html, stripped_text

MARKED = "code, samp, kbd, pre[class], textarea"
"""Elements for samples. A bare ``pre`` is not one: systems print errors in it, and old ones whole articles."""

EXPLAINED = 500
"""Characters of other text from which a bare ``pre`` is a sample that the text explains."""


def without_samples(html: str) -> Tree:
    """Return a new tree of a page without its samples of code. It costs a parse: for pages with something to report."""
    tree = parse_html(html)
    # Inner ones come after those around them, and are gone with them: to take them out once more changes nothing.
    of_code = (pre for pre in tree.select("pre") if pre.select_one("code, samp, kbd") is not None)
    for node in (*tree.select(MARKED), *of_code):
        node.decompose()
    bare = tree.select("pre")
    body = body_of(tree)
    text = len(stripped_text(body)) if body is not None else 0
    if text - sum(len(stripped_text(node)) for node in bare) >= EXPLAINED:
        for node in bare:
            node.decompose()
    return tree
