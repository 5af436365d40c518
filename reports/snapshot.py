"""Show a page as it was fetched, its faults marked, in a document that runs nothing, loads nothing and leads nowhere.

``nh3`` (ammonia, on the parser of Servo) takes the markup apart and lets through what shows text: no scripts, styles,
frames, forms, pictures, handlers or addresses. A policy (CSP) forbids all the rest once more. What hides text on the
page does not hide it here: injected links are to be seen.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape
from msgspec import Struct

from checks import check_with
from checks.model import Block, Excerpt, Link, Page
from checks.model.html_tree import TextNode, body_of, parent_of, parse_html, stripped_text
from reports.html_page import asset, policy, shown
from reports.safe import clip, one_line, readable, visible
from reports.wording import words

if TYPE_CHECKING:
    from jinja2 import Environment

    from checks.model import Finding, Rule
    from checks.model.html_tree import Tree
    from checks.model.turbohtml_core import Node

TAGS = frozenset(
    "a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn "
    "div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i ins kbd label li mark nav ol p "
    "pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr u "
    "ul var".split()
)
"""Elements that show text; of any other that is not in ``REMOVED`` the text stays. ``main`` is ours: a page has one."""

REMOVED = frozenset(
    "script style template noscript iframe frame frameset object embed applet svg math textarea select option datalist "
    "title head noembed noframes plaintext xmp audio video canvas".split()
)
"""Elements that go with all that is in them."""

ATTRIBUTES = {"*": {"title", "lang"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
"""Attributes that stay: none holds an address, a style or a script."""

POINTING = "a, area, img, form, input, button, iframe, source, video, audio, embed, object"
"""Elements that may be what a link finding is about."""

UNREAD = "script, style, noscript, template, textarea, title, head, svg, math, iframe"
"""Elements whose text no reader sees."""

NEAR = 60
"""Characters of source around a fault that are quoted."""

ELEMENT = 400
"""Characters within which the element around a fault must begin and end."""

NEIGHBOURS = 8
"""Characters beside a wording by which the right place of several is told."""


class PageFault(Struct, frozen=True):
    """A fault on a page: ``number`` as people quote it, ``message`` in words, and the finding itself."""

    number: str
    message: str
    finding: Finding

    @property
    def anchor(self) -> str:
        """The id of its mark."""
        return f"fault-{self.number}"


class FetchedPage(Struct, frozen=True):
    """A page as a run fetched it: its address, title and source, decoded, and when that was."""

    url: str
    title: str
    source: str
    fetched: datetime
    run: str
    site: str


class ShownFault(Struct, frozen=True):
    """A fault as the head of the snapshot lists it; ``source`` is quoted where no mark could be set."""

    fault: PageFault
    marked: bool
    source: Excerpt | None


class Rendered(Struct, frozen=True):
    """A snapshot as a document that stands alone, and the faults that it shows."""

    document: bytes
    shown: tuple[PageFault, ...]


SHORTEST = 4
"""Characters of a quotation by which a place is told; ``on`` stands everywhere."""


def is_on_pages(rule: Rule) -> bool:
    """Return whether a rule is about what stands on a page: a fault of a server or a column can be seen on none."""
    check = check_with(rule.id)
    return check is not None and check.subject in {Page, Block, Link}


def render(page: FetchedPage, faults: Iterable[PageFault], language: str) -> Rendered:
    """Return the snapshot; what cannot be found on the page, neither in its text nor in its source, is left out."""
    source = page.source.encode("utf-8", "replace").decode()
    tree = parse_html(source, scripting=True)
    # No page holds the hash of itself: what stands between two marks was put there by us.
    secret = hashlib.blake2b(source.encode(), digest_size=16).hexdigest()
    _tell_addresses(tree)
    listed, marks = [], dict[str, PageFault]()
    for at, fault in enumerate(faults):
        token = f"m{secret}x{at}y"
        marked = _mark(tree, fault.finding, token)
        if marked:
            marks[token] = fault
        quoted = None if marked else source_of(page.source, fault.finding)
        if marked or quoted is not None:
            listed.append(ShownFault(fault, marked, quoted))
    _tell_pictures(tree, f"m{secret}picture")
    body = body_of(tree)
    cleaned = _cleaned(body.html if body is not None else "")
    say = words(language)
    template = _environment(say.language).get_template("snapshot.html.jinja")
    document = template.render(
        page=page,
        faults=listed,
        body=_with_marks(cleaned, marks, f"m{secret}picture"),
    )
    return Rendered(document.encode(), tuple(each.fault for each in listed))


def _tell_addresses(tree: Tree) -> None:
    """Put the address of each link where a reader sees it who points there: the link itself leads nowhere."""
    for node in tree.select("a[href]"):
        node.attrs["title"] = readable(node.attr("href") or "")


def _tell_pictures(tree: Tree, token: str) -> None:
    """Put a picture's words in its place: it is not loaded, and HTML knows none without a source."""
    for node in tree.select("img"):
        words_of_it = (node.attr("alt") or "").strip()
        node.replace_with(TextNode(f"{token}b{words_of_it}{token}e" if words_of_it else ""))


def source_of(source: str, finding: Finding) -> Excerpt | None:
    """Return the element of a page's source that a finding is about, with what stands around it; None without it."""
    for needle in _needles(finding):
        at = source.find(needle)
        if at >= 0:
            start = source.rfind("<", max(0, at - ELEMENT), at + 1)
            end = source.find(">", at + len(needle) - 1, at + len(needle) + ELEMENT)
            start, end = (at if start < 0 else start), (at + len(needle) if end < 0 else end + 1)
            end = min(end, start + ELEMENT)
            before, wrong, after = source[max(0, start - NEAR) : start], source[start:end], source[end : end + NEAR]
            return Excerpt(one_line(before), one_line(wrong), one_line(after), 0)
    return None


def _needles(finding: Finding) -> Sequence[str]:
    """Return what to look for in a source, the likeliest first."""
    if finding.target is not None:
        href = finding.target.href.strip()
        quoted = (f'"{href}"', f"'{href}'", html.escape(href, quote=False), href)
        return quoted if href else ()
    if finding.text is not None or not is_on_pages(finding.rule):
        return ()
    evidence = finding.evidence.partition("\n")[0].partition(" … ")[0].strip()
    return (evidence, html.escape(evidence, quote=False)) if len(evidence) >= SHORTEST else ()


def _mark(tree: Tree, finding: Finding, token: str) -> bool:
    """Set marks around what a finding is about; False where it is not among what is shown."""
    if finding.target is not None:
        return _mark_link(tree, finding.target.href.strip(), token)
    if finding.text is not None:
        text = finding.text
        return _mark_text(tree, text.before[-NEIGHBOURS:], text.wrong, text.after[:NEIGHBOURS], token)
    evidence = one_line(finding.evidence)
    quotes_text = is_on_pages(finding.rule) and len(evidence) >= SHORTEST and "<" not in evidence
    return quotes_text and _mark_text(tree, "", evidence, "", token)


def _mark_link(tree: Tree, href: str, token: str) -> bool:
    body = body_of(tree)
    if not href or body is None:
        return False
    for node in body.select(POINTING):
        if href in {(node.attr(name) or "").strip() for name in node.attrs} and not _is_unread(node):
            # A link shows its words; of anything else the address is what there is to see.
            shows = node.tag == "a" and stripped_text(node)
            node.insert_before(TextNode(f"{token}b"))
            node.insert_after(TextNode(f"{token}e" if shows else f"〔{href}〕{token}e"))
            return True
    return False


def _is_unread(node: Node) -> bool:
    around = parent_of(node)
    return around is not None and around.closest(UNREAD) is not None


def _mark_text(tree: Tree, before: str, wrong: str, after: str, token: str) -> bool:
    """Mark a wording where its neighbours stand beside it, else where it stands first."""
    body = body_of(tree)
    if body is None or not wrong.strip():
        return False
    first: TextNode | None = None
    for node in body.descendants:
        if not isinstance(node, TextNode) or wrong not in node.data or _is_unread(node):
            continue
        text = node.data
        first = node if first is None else first
        at = text.find(before + wrong)
        if at >= 0 and before:
            return _split(node, text, at + len(before), wrong, token)
        at = text.find(wrong + after)
        if at >= 0 and after:
            return _split(node, text, at, wrong, token)
    if first is None:
        return False
    return _split(first, first.data, first.data.find(wrong), wrong, token)


def _split(node: TextNode, text: str, at: int, wrong: str, token: str) -> bool:
    end = at + len(wrong)
    node.data = f"{text[:at]}{token}b{text[at:end]}{token}e{text[end:]}"
    return True


def _cleaned(markup: str) -> str:
    """Return markup without all that could act, load or lead away. The bounds on depth are those of ``nh3``."""
    import nh3  # 1.5 MiB, for who is shown a page as it was fetched

    return nh3.clean(
        markup,
        tags=set(TAGS),
        clean_content_tags=set(REMOVED),
        attributes={name: set(kept) for name, kept in ATTRIBUTES.items()},
        url_schemes=set(),
        link_rel=None,
        strip_comments=True,
    )


def _with_marks(cleaned: str, marks: dict[str, PageFault], picture: str) -> Markup:
    """Put marks and words of pictures in: what carries the secret is text of ours, and stands where text stands."""
    made = visible(cleaned).replace(f"{picture}b", '<span class="picture">').replace(f"{picture}e", "</span>")
    for token, fault in marks.items():
        opening = f'<mark id="{escape(fault.anchor)}" title="{escape(visible(one_line(fault.message)))}">'
        made = made.replace(f"{token}b", opening).replace(f"{token}e", "</mark>")
    return Markup(made)  # noqa: S704 - cleaned by nh3


def content_policy() -> str:
    """Return the Content-Security-Policy of snapshots: their own style, nothing else."""
    return policy(asset("snapshot.css"))


@cache
def _environment(language: str) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = asset("snapshot.css")
    made.globals |= {"say": words(language), "style": Markup(style), "policy": content_policy()}  # noqa: S704 - our own
    made.filters |= {"clip": clip, "readable": readable}
    return made
