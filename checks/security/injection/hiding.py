"""Tell how an element is kept from the reader's eye, by its own or an ancestor's style, as far as the page shows it.

Inline styles, ``<style>`` rules (media queries, comments, escapes, ``!important``), attributes and ``<marquee>`` count;
style sheets in other files do not. Much on an honest page is hidden: menus, tabs, slides, text for screen readers. So
the way of hiding is told apart: some ways belong to user interfaces (``Way.ordinary``), some hardly have another use.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from checks.late_pattern import late
from checks.model import Text
from checks.model.html_tree import parent_of
from checks.model.turbohtml_core import SelectorSyntaxError
from checks.security.injection.styles import Declarations, Style, declarations, parse

if TYPE_CHECKING:
    from checks.model.html_tree import Tree
    from checks.model.turbohtml_core import Element


class Way(Enum):
    """How something is hidden; the words are those of the explanation."""

    DISPLAY = (True, Text("display:none 不显示", "display:none"))
    VISIBILITY = (True, Text("visibility:hidden 不可见", "visibility:hidden"))
    OPACITY = (True, Text("完全透明", "fully transparent"))
    COLLAPSED = (True, Text("高度或宽度收为零", "collapsed to no height or width"))
    SCALED = (True, Text("缩放为零", "scaled to nothing"))
    ATTRIBUTE = (True, Text("hidden 属性", "the hidden attribute"))
    READER = (True, Text("只留给读屏软件", "left to screen readers"))
    SCRIPT = (True, Text("由脚本隐藏", "hidden by a script"))
    NOSCRIPT = (True, Text("放在 noscript 里", "inside noscript"))
    COLOUR = (True, Text("文字与背景同色", "text in the colour of its background"))
    FONT = (True, Text("字号为零或一像素", "a font size of nothing"))
    TINY = (False, Text("缩成零或一像素的方块", "a box of zero or one pixel"))
    OFF_SCREEN = (False, Text("移到屏幕之外", "moved off the screen"))
    INDENT = (False, Text("文字缩进到屏幕之外", "text indented off the screen"))
    CLIPPED = (False, Text("裁剪为零", "clipped to nothing"))
    BEHIND = (False, Text("压在页面背后", "laid behind the page"))
    MARQUEE = (False, Text("看不见的滚动字幕", "a marquee nobody can see"))

    def __init__(self, ordinary: bool, text: Text) -> None:  # noqa: FBT001 - a row of the table above
        self.ordinary = ordinary
        self.text = text


FAR = 500.0
"""Pixels off the edge from which nothing peeks in; menus and pop-ups park a few hundred pixels away at most."""

FAR_RIGHT = 3000.0
"""Pixels to the right or down beyond every screen."""

FAINT = 0.05
"""Opacity up to which nothing shows."""

BREAKNECK = 200.0
"""Pixels a step at which a marquee cannot be read."""

FRAMES = frozenset({"iframe", "embed", "object"})
SIZED = FRAMES | {"table", "td", "div"}
CLIPPING = frozenset({"hidden", "clip", "scroll", "auto"})

DOT = 5.0
"""Pixels up to which a box shows nothing that can be read."""

PAGE_RULES = 1_000
"""Different rules of one page that are looked at; each costs one look through the whole document."""

MOST_STEPS = 100_000_000
"""Elements that the rules of one page may pass in all: each element once for every part of a selector, and where it
says what is around or before the hidden, all that is around each element too. Without a bound, 100 such rules for
80,000 elements in one another took 21 CPU seconds (a page of 1,000 now takes 1.2 at worst)."""

MOST_PARTS = 12
"""Parts (classes, ids, attributes, combinators) that a selector may have to be looked at; honest ones have a handful.

Each part may cost a look through all that a class attribute lists: 64,000 names and 1,000 such rules take 3 CPU s."""

MOST_MATCHES = 200_000
"""Elements to which rules are applied, an element once for each rule: without a bound, 3,500 sheets for 3,300 elements
took 7 CPU seconds in a page of 256 KB (now 0.1)."""

MOST_WAYS = 16
"""Ways around a link that are told; without a bound, 2,000 links within 500 hidden elements took 10 CPU seconds."""

UNITS = {
    "px": 1.0,
    "": 1.0,
    "pt": 4 / 3,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "ch": 8.0,
    "cm": 37.8,
    "mm": 3.78,
    "in": 96.0,
}
"""CSS pixels in a unit, with the usual font size; a per cent or viewport unit is taken as 10 px."""

COMBINATOR = late(r"\s*[>+~](?!=)\s*|\s+")
PART = late(r"[.#\[]|\s*[>+~](?!=)\s*|\s+")
LENGTH = late(r"^([+-]?(?:\d+\.?\d*|\.\d+)(?:e\d+)?)([a-z%]*)$")
TRANSLATE = late(r"translate(?:x|y|3d)?\(([^)]*)\)")
SCALE = late(r"scale(?:x|y|3d)?\(\s*0(?:\.0+\d?)?\s*[,)]")
CLIP_RECT = late(r"rect\(\s*([\d.]+)(?:px)?[\s,]+([\d.]+)(?:px)?[\s,]+([\d.]+)(?:px)?[\s,]+([\d.]+)(?:px)?\s*\)")
CLIP_PATH = late(
    r"inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0|ellipse\(\s*0|polygon\(\s*0(?:px|%)?\s+0(?:px|%)?(?:\s*,\s*0(?:px|%)?\s+0(?:px|%)?)*\s*\)"
)
TRANSPARENT_FILTER = late(r"opacity\s*[=(:]\s*0*(?:\.0\d*)?\s*%?\s*\)")


def length(value: str) -> float | None:
    """Return a CSS length in pixels, or None for what is no single length (``auto``, ``calc()``)."""
    match = LENGTH.match(value.strip())
    if match is None:
        return None
    return float(match[1]) * UNITS.get(match[2], 10.0)


@lru_cache(maxsize=4096)
def ways(style: Style) -> frozenset[Way]:
    """Return the ways in which one set of declarations hides its element."""
    css = dict(style)
    return frozenset(way for look in (_switched_off, _shrunk, _moved, _cut) for way in look(css))


def _switched_off(css: Declarations) -> Iterator[Way]:
    if css.get("display") == "none" or css.get("content-visibility") == "hidden":
        yield Way.DISPLAY
    if css.get("visibility") in {"hidden", "collapse"}:
        yield Way.VISIBILITY
    written = css.get("opacity", "")
    opacity = length(written.rstrip("%"))
    opacity = opacity / 100 if opacity is not None and written.endswith("%") else opacity
    filters = css.get("filter", "") + css.get("-ms-filter", "")
    if (opacity is not None and opacity <= FAINT) or TRANSPARENT_FILTER.search(filters):
        yield Way.OPACITY
    if css.get("-webkit-text-fill-color") == "transparent":
        yield Way.COLOUR


def _shrunk(css: Declarations) -> Iterator[Way]:
    size = length(css.get("font-size", ""))
    if size is not None and size <= 1:
        yield Way.FONT
    width, height = (_least(css, side) for side in ("width", "height"))
    clipped = any(css.get(name) in CLIPPING for name in ("overflow", "overflow-x", "overflow-y"))
    narrow, flat = width is not None and width <= DOT, height is not None and height <= DOT
    if narrow and flat:
        yield Way.READER if clipped and _for_readers(css) else Way.TINY
    elif clipped and ((flat and height) or (narrow and width)):
        yield Way.TINY
    elif clipped and (flat or narrow):
        yield Way.COLLAPSED


def _least(css: Declarations, side: str) -> float | None:
    figures = (length(css.get(side, "")), length(css.get(f"max-{side}", "")))
    return min((figure for figure in figures if figure is not None and figure >= 0), default=None)


def _for_readers(css: Declarations) -> bool:
    """Whether it is the known recipe for text that only screen readers get: one pixel, absolute, clipped."""
    return css.get("position") == "absolute" and ("clip" in css or "clip-path" in css)


def _moved(css: Declarations) -> Iterator[Way]:
    offsets = {side: length(css.get(side, "")) for side in ("left", "top", "right", "bottom")}
    parked = any(figure is not None and figure <= -FAR for figure in offsets.values())
    beyond = any((offsets[side] or 0) >= FAR_RIGHT for side in ("left", "top"))
    if parked or beyond or _margin(css) or _translated(css):
        yield Way.OFF_SCREEN
    indent = length(css.get("text-indent", ""))
    if indent is not None and (indent <= -100 or indent >= FAR_RIGHT):
        pictured = "url(" in css.get("background", "") + css.get("background-image", "")
        yield Way.READER if pictured else Way.INDENT
    depth = css.get("z-index", "")
    if depth.startswith("-") and depth[1:].isdigit() and css.get("position") in {"absolute", "fixed", "relative"}:
        yield Way.BEHIND


def _margin(css: Declarations) -> bool:
    """Whether a margin pulls the element away; ``left:50%`` with a negative margin only centres it."""
    if css.get("left") == "50%":
        return False
    sides = [css.get("margin-left", ""), css.get("margin-top", ""), *css.get("margin", "").split()[:1]]
    return any((length(side) or 0) <= -2 * FAR for side in sides)


def _translated(css: Declarations) -> bool:
    match = TRANSLATE.search(css.get("transform", "") or css.get("-webkit-transform", ""))
    return match is not None and any(abs(length(part) or 0) >= FAR_RIGHT / 2 for part in match[1].split(","))


def _cut(css: Declarations) -> Iterator[Way]:
    if SCALE.search(css.get("transform", "")):
        yield Way.SCALED
    rectangle = CLIP_RECT.search(css.get("clip", ""))
    empty = rectangle is not None and float(rectangle[3]) - float(rectangle[1]) <= DOT
    if (empty and css.get("position") in {"absolute", "fixed"}) or CLIP_PATH.search(css.get("clip-path", "")):
        yield Way.READER if _least(css, "height") is not None else Way.CLIPPED


AROUND = frozenset({"body", "html"})
"""What is around everything of a page; it is not looked at for what hides."""

HIDDEN_BY_SCRIPT: Style = (("-script", "none"),)
"""What counts for an element that a script hides, as if a rule said so."""


class _Hiding(NamedTuple):
    """How what stands in an element is hidden, nearest first.

    ``unless_sized`` is what counts for text with a size of its own, which the size around it does not make small.
    """

    all: tuple[tuple[Way, Element], ...]
    unless_sized: tuple[tuple[Way, Element], ...]


SHOWN = _Hiding((), ())


class Concealment(Struct):
    """Everything in one document that hides elements.

    Asks the tree for the hiding rules once, and every element once, however many links stand in it.
    """

    tree: Tree
    scripted: frozenset[str] = frozenset()
    """Selectors (``#id``, ``.class``) that a script hides."""
    _ruled: dict[Element, dict[str, str]] | None = None
    _known: dict[Element, _Hiding] = field(default_factory=dict)
    _backgrounds: dict[Element, str] = field(default_factory=dict)

    def of(self, node: Element) -> tuple[tuple[Way, Element], ...]:
        """Return how the node and its ancestors are hidden, nearest first, each with the element that does it.

        Of many, those in the middle are left out: ``MOST_WAYS`` at most, the outermost among them.
        """
        return self._inside(self._around(node), node).all

    def _around(self, node: Element) -> _Hiding:
        """Return how an element is hidden by what is around it, and remember it for all that stands there."""
        hiding, unknown = SHOWN, []
        around = parent_of(node)
        while around is not None and around.tag not in AROUND:
            known = self._known.get(around)
            if known is not None:
                hiding = known
                break
            unknown.append(around)
            around = parent_of(around)
        while unknown:
            around = unknown.pop()
            hiding = self._known[around] = self._inside(hiding, around)
        return hiding

    def _inside(self, around: _Hiding, node: Element) -> _Hiding:
        """Return how what stands in an element is hidden, by the element itself and by all that is around it."""
        css = self.style(node)
        own = (*sorted(ways(tuple(css.items())), key=lambda way: way.ordinary), *self._by_markup(node, css))
        is_sized = "font-size" in css or "font" in css
        if not own and (not is_sized or around.all is around.unless_sized):
            return around  # most elements hide nothing, and are told apart by nothing
        marked = tuple((way, node) for way in own)
        unless_sized = _few(tuple(each for each in marked if each[0] is not Way.FONT) + around.unless_sized)
        whole = _few(marked + (around.unless_sized if is_sized else around.all))
        return _Hiding(whole, whole if len(whole) == len(unless_sized) else unless_sized)

    def style(self, node: Element) -> dict[str, str]:
        """Return the declarations that count for an element: rules of the page, then its own style attribute."""
        if self._ruled is None:
            self._ruled = self._apply_rules()
        ruled = self._ruled.get(node, {})
        inline = node.attr("style")
        return {**ruled, **dict(declarations(inline))} if inline else ruled

    def _apply_rules(self) -> dict[Element, dict[str, str]]:
        rules = [*((selector, HIDDEN_BY_SCRIPT) for selector in sorted(self.scripted)), *self._distinct_rules()]
        ruled: dict[Element, dict[str, str]] = {}
        if not rules:
            return ruled
        elements, around = _count(self.tree)
        matches, steps = MOST_MATCHES, MOST_STEPS
        for selector, style in rules:
            combinators, parts = COMBINATOR.findall(selector), len(PART.findall(selector)) + 1
            if parts > MOST_PARTS or _is_costly(combinators):
                continue
            steps -= (elements + around if combinators else elements) * parts
            if steps < 0 or not matches:
                break
            matched = _select(self.tree, selector)[:matches]
            matches -= len(matched)
            for node in matched:
                ruled.setdefault(node, {}).update(style)
        return ruled

    def _distinct_rules(self) -> list[tuple[str, Style]]:
        """Return the rules of all sheets in order, of equal ones the last: those before it change nothing."""
        rules: dict[tuple[str, Style], None] = {}
        for sheet in self.tree.select("style"):
            for rule in parse(sheet.text):
                rules.pop(rule, None)
                rules[rule] = None
            if len(rules) >= PAGE_RULES:
                break
        return list(rules)[:PAGE_RULES]

    def _by_markup(self, node: Element, css: dict[str, str]) -> Iterator[Way]:
        if "-script" in css:
            yield Way.SCRIPT
        if node.attr("hidden") is not None and css.get("display", "none") == "none":
            yield Way.ATTRIBUTE
        if node.tag == "noscript":
            yield Way.NOSCRIPT
        yield from _by_size(node)
        written = None
        if node.tag == "font":
            written = node.attr("color")
        elif node.tag == "a":
            written = css.get("color")
        shown = colour(written.lower()) if written else None
        if shown is not None and shown in {"transparent", self._background(node)}:
            yield Way.COLOUR

    def _background(self, node: Element) -> str:
        """Return the nearest background that an ancestor declares in its own markup; the bare page is white."""
        passed: list[Element] = []
        current: Element | None = node
        found = None
        while found is None and current is not None and current.tag != "html":
            found = self._backgrounds.get(current) or _own_background(current)
            passed.append(current)
            current = parent_of(current)
        background = found or "ffffff"
        self._backgrounds.update(dict.fromkeys(passed, background))
        return background


def _few(ways_of: tuple[tuple[Way, Element], ...]) -> tuple[tuple[Way, Element], ...]:
    return ways_of if len(ways_of) <= MOST_WAYS else (*ways_of[: MOST_WAYS - 1], ways_of[-1])


def _count(tree: Tree) -> tuple[int, int]:
    """Return how many elements a document has, and how many are around them, counted for each."""
    depths: dict[Element, int] = {}
    for element in tree.iter_elements():
        around = parent_of(element)
        depths[element] = 0 if around is None else depths[around] + 1
    return len(depths), sum(depths.values())


def _is_costly(combinators: list[str]) -> bool:
    """Return whether a selector looks at all that is before an element again for all that is around it.

    One such rule took 10 CPU seconds in a page of 30,000 elements.
    """
    return len(combinators) > 1 and any(combinator.strip() == "~" for combinator in combinators)


def _select(tree: Tree, selector: str) -> list[Element]:
    try:
        return tree.select(selector)
    except SelectorSyntaxError:
        return []


def _by_size(node: Element) -> Iterator[Way]:
    """Read the ``width``, ``height`` and ``scrollamount`` attributes of the elements that have them."""
    figures = [length(node.attr(side) or "") for side in ("width", "height")]
    small = [figure is not None and figure <= DOT for figure in figures]
    if node.tag == "marquee":
        speed = length(node.attr("scrollamount") or "") or 0
        if any(small) or speed >= BREAKNECK:
            yield Way.MARQUEE
    elif node.tag in SIZED and all(small):
        yield Way.TINY
    elif node.tag in FRAMES and any(small):
        yield Way.COLLAPSED


COLOURS = {
    "white": "ffffff",
    "black": "000000",
    "red": "ff0000",
    "silver": "c0c0c0",
    "gray": "808080",
    "blue": "0000ff",
}
RGB = late(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)(?:[\s,/]+([\d.]+))?\s*\)")


def colour(value: str) -> str | None:
    """Return six hex digits, "transparent", or None for what is no plain colour."""
    text = value.strip()
    if text in COLOURS:
        return COLOURS[text]
    digits = text.removeprefix("#")
    if text.startswith("#") and len(digits) in {3, 6}:
        return "".join(sign * 2 for sign in digits) if len(digits) == 3 else digits
    match = RGB.match(text)
    if match and match[4] is not None and float(match[4]) <= FAINT:
        return "transparent"
    if match:
        return "".join(f"{min(int(part), 255):02x}" for part in match.groups()[:3])
    return "transparent" if text == "transparent" else None


def _own_background(node: Element) -> str | None:
    """Return the background that an element declares in its own markup; None where what is behind it shows."""
    css = dict(declarations(node.attr("style") or ""))
    written = css.get("background-color") or css.get("background") or (node.attr("bgcolor") or "").lower()
    found = next((known for known in map(colour, written.split()) if known is not None), None)
    return None if found == "transparent" else found
