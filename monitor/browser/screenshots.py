"""Take pictures of a drawn page as evidence: the places of faults outlined, each picture a part of the page."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from reports.picture import Picture, PictureKind, picture_of

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

HEIGHT = 1_000
"""Pixels of a page that one picture shows from top to bottom."""

ABOVE = 300
"""Pixels of it above the first place that it shows."""

SCALE = 0.7
"""Pixels of a picture for one of the page: text is still read."""

QUALITIES = (60, 30)
"""In which a picture is tried, until one is small enough."""

MOST = 4
"""Pictures of one page."""

MARK = """
marks => {
  scrollTo(0, 0);
  const pieces = [];
  let whole = '';
  const walker = document.createTreeWalker(document.body || document, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()) && whole.length < 2e6;) {
    const within = node.parentElement ? node.parentElement.localName : '';
    const text = node.data.replace(/\\s+/g, '');
    if (!text || /^(script|style|noscript|template|textarea|title)$/.test(within)) continue;
    pieces.push({from: whole.length, node});
    whole += text;
  }
  const spot = at => {
    let low = 0, high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (pieces[middle].from <= at) low = middle; else high = middle - 1;
    }
    const {from, node} = pieces[low];
    let left = at - from, offset = 0;
    while (offset < node.data.length && (left > 0 || /\\s/.test(node.data[offset]))) {
      if (!/\\s/.test(node.data[offset])) left -= 1;
      offset += 1;
    }
    return [node, offset];
  };
  const textOf = ({before, text, after}) => {
    const [b, t, a] = [before, text, after].map(part => part.replace(/\\s+/g, ''));
    let at = t ? whole.indexOf(b + t + a) : -1;
    if (at >= 0) at += b.length; else at = t ? whole.indexOf(t) : -1;
    if (at < 0) return null;
    const range = document.createRange();
    range.setStart(...spot(at));
    const [node, offset] = spot(at + t.length - 1);
    range.setEnd(node, Math.min(offset + 1, node.data.length));
    return range;
  };
  const pointing = [...document.querySelectorAll('a[href],area[href],img,iframe[src],form[action],video,embed,object')];
  const elementOf = ({href, url}) => pointing.find(each => ['href', 'src', 'action', 'data'].some(name => {
    const written = each.getAttribute(name);
    return written !== null && (written === href || String(each[name]).split('#')[0] === url);
  }) && each.getClientRects().length) || null;
  return marks.map(mark => {
    const found = mark.url ? elementOf(mark) : textOf(mark);
    const box = found && found.getBoundingClientRect();
    if (!box || box.width < 1 || box.height < 1) return null;
    const frame = document.createElement('div');
    frame.style.cssText = `all: initial; position: absolute; left: ${box.left + scrollX}px; top: ${box.top + scrollY}px;
      width: ${box.width}px; height: ${box.height}px; outline: 4px solid #e02020; outline-offset: 3px;
      background: rgb(224 32 32 / .12); pointer-events: none; z-index: 2147483647`;
    document.documentElement.append(frame);
    return [box.top + scrollY, box.bottom + scrollY];
  });
}
"""
"""Outline the places of marks, and return from where to where each is on the page, null for what is not seen there."""

SIZE = "() => [document.documentElement.clientWidth, Math.max(document.documentElement.scrollHeight, innerHeight)]"


class Mark(NamedTuple):
    """What to outline, for the fault ``key``: the element that points at ``url`` (written ``href``), or a ``text``.

    ``before`` and ``after`` stand beside the right one of several such texts. Without any of it, nothing is outlined.
    """

    key: str
    url: str = ""
    href: str = ""
    text: str = ""
    before: str = ""
    after: str = ""


class Shot(Struct, frozen=True):
    """A picture, and the keys of the marks that it is of."""

    picture: Picture
    keys: tuple[str, ...]


async def take_shots(context: BrowserContext, page: Page, marks: Sequence[Mark]) -> tuple[Shot, ...]:
    """Return pictures of a page that show marks; one that is not found is shown by the top of the page.

    Raises playwright's Error where the page does not hold still for it.
    """
    placed = await page.evaluate(MARK, [mark._asdict() for mark in marks])
    width, height = await page.evaluate(SIZE)
    session = await context.new_cdp_session(page)
    shots = []
    for wanted_top, keys in _parts(marks, placed)[:MOST]:
        top = max(min(wanted_top, height - HEIGHT), 0)
        clip = {"x": 0, "y": top, "width": width, "height": min(HEIGHT, height - top), "scale": SCALE}
        for quality in QUALITIES:
            options = {"format": "webp", "quality": quality, "clip": clip, "captureBeyondViewport": True}
            taken = await session.send("Page.captureScreenshot", options)
            picture = picture_of(PictureKind.SCREENSHOT, base64.b64decode(taken["data"]))
            if picture is not None:
                shots.append(Shot(picture, keys))
                break
    return tuple(shots)


def _parts(marks: Sequence[Mark], placed: Sequence[Any]) -> list[tuple[int, tuple[str, ...]]]:
    """Return the parts of a page that show all marks, each by its top and the keys of the marks that it shows."""
    parts: list[tuple[int, tuple[str, ...]]] = []
    spots = [
        (place[0], place[1], mark.key) if place else (0, 0, mark.key) for mark, place in zip(marks, placed, strict=True)
    ]
    for begin, end, key in sorted(spots):
        if parts and end <= parts[-1][0] + HEIGHT:
            parts[-1] = parts[-1][0], (*parts[-1][1], key)
        else:
            parts.append((max(int(begin) - ABOVE, 0), (key,)))
    return parts
