"""Make of pygal's SVG an image inside a page, in the report's colours.

What pygal adds for a page of its own (styles, a script, tooltips, ids that two charts would share) is taken out: the
report's policy allows none of it. Looks are attributes, in the colours of the light page, so that a PDF maker needs no
style sheet; the report's own knows the classes (``tone-…``) and repaints them in the dark, because a style sheet
outranks an attribute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from reports.safe import one_line

TEXT = 14
"""Height of all text, in units of the drawing."""

TONES = {
    "critical": "#b3261e",
    "major": "#c77700",
    "minor": "#5b7fae",
    "good": "#2f8f5b",
    "quiet": "#8a97a8",
    "line": "#1a55a0",
}
"""Colours of the light page by the names that the style sheet knows them by."""

INK, SOFT, RULE = "#1b2430", "#566171", "#dfe4ea"
FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif'


@dataclass(frozen=True, slots=True)
class Caption:
    """What a screen reader says of a chart; ``id`` is unique in the page."""

    id: str
    title: str
    description: str


PARTS = frozenset({"defs", "title", "desc"})
CLASSES = frozenset({"tooltip-overlay", "titles", "background", "plot overlay"})
"""What pygal draws for a page of its own: elements, and groups by their class."""


def inlined(root: etree._Element, tones: Sequence[str], caption: Caption, *, is_line: bool = False) -> Markup:
    """Return what a page holds of a chart: one image with a title and a description.

    ``tones`` are those of its series. Changes ``root``.
    """
    _strip(root, keep_dots=is_line)
    for node in root.iter(etree.Element):
        _paint(node, tones)
    frame = root.get("viewBox", "")
    root.attrib.clear()
    root.attrib.update(
        {
            "viewBox": frame,
            "class": "chart",
            "role": "img",
            "aria-labelledby": f"{caption.id}-title {caption.id}-description",
            "font-family": FONT,
            "font-size": str(TEXT),
        }
    )
    for at, name in enumerate(("title", "description")):
        node = etree.Element("title" if name == "title" else "desc", id=f"{caption.id}-{name}")
        node.text = one_line(getattr(caption, name))
        root.insert(at, node)
    # lxml escapes every text and attribute, so what a label brought in stays text.
    written = etree.tostring(root, encoding="unicode")
    return Markup(written.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', ""))  # noqa: S704


def _strip(root: etree._Element, *, keep_dots: bool) -> None:
    """Take out styles, scripts, tooltips, and the notes that a script would read."""
    unwanted = CLASSES - {"plot overlay"} if keep_dots else CLASSES
    for node in [each for each in root.iter() if _is_unwanted(each, unwanted)]:
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)


def _is_unwanted(node: etree._Element, unwanted: frozenset[str]) -> bool:
    if not isinstance(node.tag, str):  # a comment
        return True
    named = node.get("class", "")
    return _tag(node) in PARTS or any(name in named for name in unwanted)


def _tag(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _paint(node: etree._Element, tones: Sequence[str]) -> None:
    """Give an element its looks, and the class by which the style sheet finds it."""
    tag, named = _tag(node), node.get("class", "").split()
    if "id" in node.attrib:
        del node.attrib["id"]  # pygal counts from 0 in each chart
    if tag == "text":
        _paint_text(node, named)
    elif tag == "path":
        is_value = "nofill" in named
        _look(node, "curve" if is_value else "rule", fill="none")
        tone = _tone(node, tones)
        node.set("stroke", TONES[tone] if is_value and tone else RULE)
        node.set("stroke-width", "2.5" if is_value else "1")
    elif tone := _tone(node, tones):
        _look(node, f"tone-{tone}", fill=TONES[tone])


def _paint_text(node: etree._Element, named: Sequence[str]) -> None:
    parents = {name for parent in node.iterancestors() for name in parent.get("class", "").split()}
    if "value" in named:
        on_colour = "line-graph" not in parents
        _look(node, "value" if on_colour else "label", fill="#fff" if on_colour else INK)
        if not on_colour:
            _put_above_its_point(node)
    else:
        _look(node, "label", fill=SOFT)
    if "axis" in parents:
        node.set("text-anchor", "end" if "y" in parents else "middle")


def _put_above_its_point(node: etree._Element) -> None:
    """Move the number of a point: pygal writes it one text height to the right and 5/3 below."""
    node.set("x", f"{float(node.get('x', 0)) - TEXT:g}")
    node.set("y", f"{float(node.get('y', 0)) - TEXT * 5 / 3 - 10:g}")
    node.set("text-anchor", "middle")


def _tone(node: etree._Element, tones: Sequence[str]) -> str:
    """Return the tone of a shape: that of its own number, or of the series that it is part of; "" for none.

    A parent is painted before its children, so its number is a tone already.
    """
    for each in (node, *node.iterancestors()):
        for name in each.get("class", "").split():
            kind, _, which = name.partition("-")
            if kind in {"color", "tone"}:
                return which if kind == "tone" else tones[int(which)]
    return ""


def _look(node: etree._Element, name: str, **attributes: str) -> None:
    for key, value in {"class": name, **attributes}.items():
        node.set(key, value)
