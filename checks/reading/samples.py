"""Tell what a page shows from the samples of code that it explains: manuals quote templates, errors and addresses."""

from __future__ import annotations

from collections.abc import Container

from selectolax.lexbor import LexborHTMLParser, LexborNode

MARKED = "code, samp, kbd, pre[class], textarea"
"""Elements for samples. A bare ``pre`` is not one: systems print errors in it, and old ones whole articles."""

EXPLAINED = 500
"""Characters of other text from which a bare ``pre`` is a sample that the text explains."""


def without_samples(html: str) -> LexborHTMLParser:
    """Return a new tree of a page without its samples of code. It costs a parse: for pages with something to report."""
    tree = LexborHTMLParser(html)
    samples = {node.mem_id: node for node in tree.css(MARKED)}
    for node in tree.css("pre"):
        if node.css_first("code, samp, kbd") is not None:
            samples[node.mem_id] = node
    # Inner ones come after those around them in the tree, and are gone with them.
    for node in [node for node in samples.values() if not _inside(node, samples)]:
        node.decompose()
    bare = tree.css("pre")
    text = len(tree.body.text(strip=True)) if tree.body else 0
    if text - sum(len(node.text(strip=True)) for node in bare) >= EXPLAINED:
        for node in bare:
            node.decompose()
    return tree


def _inside(node: LexborNode, samples: Container[int]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id in samples:
            return True
        parent = parent.parent
    return False
