"""Find punctuation that is doubled, half-width, out of place or without its counterpart (GB/T 15834).

Figures, times, ratios, addresses and English have their own punctuation: every rule wants Han characters around.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.typos.candidate import Suspect
from checks.typos.form.rule import DOUBTFUL, HAN, LAYER, LIKELY, FormRule, first, gone
from checks.typos.lexicon.boundaries import packaged_words

FULL_WIDTH = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。", "(": "（", ")": "）"}
MARKS = "，。、；："
ENDS = "。！？；"


def _full_width(match: re.Match[str]) -> str:
    return FULL_WIDTH[match[0]]


def _one(match: re.Match[str]) -> str:
    """Keep the full-width mark of two that differ in width, and the first of two that do not."""
    return match[0][0] if match[0][0] in MARKS else match[0][1]


def _stop(match: re.Match[str]) -> str | None:
    """Return the full stop that ends a sentence; a heading or a single phrase may end with anything."""
    return "。" if re.search("[，、；：]", match.string) else None


RULES = (
    FormRule("doubled", re.compile(rf"(?<!。)([{MARKS}])[{MARKS}](?!。)"), first, LIKELY),
    FormRule(
        "doubled",
        re.compile(rf"(?<=[{HAN}）》”])(?:[{MARKS}][,.;:]|[,.;:][{MARKS}])(?=[{HAN}（《“]|$)"),
        _one,
        LIKELY,
        ",.;:",
    ),
    FormRule("doubled", re.compile("[？！][。，；]"), first, LIKELY, "？！"),
    FormRule("doubled", re.compile(rf"(?<=[{HAN}][。！？]”)。"), gone, DOUBTFUL, "”"),
    FormRule("doubled", re.compile(r"《《|》》|““|””(?!”)"), first, DOUBTFUL, "《》“”"),
    FormRule("stray", re.compile(r"(?<=[（《〔【“])[，。、；：](?![”’])"), gone, LIKELY, "（《〔【“"),
    FormRule("stray", re.compile(r"[，、；：](?=[》〕】）])"), gone, LIKELY, "》〕】）)"),
    FormRule("stray", re.compile(r"、(?=等(?:[，。；）\d]|[一二三四五六七八九十]+[个项类种]))"), gone, DOUBTFUL, "等"),
    FormRule("empty", re.compile("《》|“”"), gone, DOUBTFUL, "《“"),
    FormRule("half-width", re.compile(rf"(?<=[{HAN}）》”])[,;?!:](?=[{HAN}（《“])"), _full_width, DOUBTFUL, ",;?!:"),
    FormRule("half-width", re.compile(rf"(?<=[{HAN}）》”])[.．](?=\s*$)"), _stop, LIKELY, ".．"),
)
"""The rules that one expression can state."""

ONCE = {"half-width": 1}
"""Kinds of which one in a text says it all: who types one half-width comma types them throughout."""

PAIRS = {"《": "》", "“": "”", "（": "）", "(": ")", "【": "】", "〔": "〕", "〈": "〉"}
CLOSERS = {closer: opener for opener, closer in PAIRS.items()}
QUOTES = "“”‘’"
TWINS = {"(": "（", ")": "）"}
"""Half-width parentheses pair with full-width ones: mixing them is untidy, not unpaired."""

ENUMERATION = re.compile(r"(?:^|[\s。；;：:，,、（(“])[\w一二三四五六七八九十]{1,3}$")
"""What stands before the parenthesis of 1） and a)."""

MIXED = re.compile(rf"（([^（）()]*[{HAN}][^（）()]*)\)|\(([^（）()]*[{HAN}][^（）()]*)）")
"""A pair of parentheses of which one is half-width, around Chinese."""

NUMBERED = re.compile(r"[一二三四五六七八九十百\d]+")

COMPLETE = re.compile(r"(?:[。！？；]|的(?:通知|公告|通告|公示|批复|决定|意见|函|报告|说明))[”’》）)】 ]*$")
"""How a sentence or the title of a document ends; what ends otherwise may have been cut short."""

REOPENED = re.compile(
    "“[^“”\n]{1,40}(“)(?=[^“”\n]*$)|^[^“”]*(?<=[^“”，。：；、！？])(”)[^“”，。：；、！？]{1,12}“(?![^“”]*”)"
)
"""The second of two opening marks with none between, and the first of a pair that is turned round."""


def unpaired(text: str) -> Iterator[Suspect]:
    """Yield brackets and quotation marks without a counterpart.

    Only text that ends like a sentence or a title is judged, and nothing that was cut short with dots. A quotation may
    run on into the next paragraph, which opens it again, so an open “ alone is no fault, nor is a ” that ends the
    paragraph, and another closing one is only suspected.
    """
    if not _BRACKET.search(text) or "..." in text or "…" in text or not COMPLETE.search(text):
        return
    open_: list[tuple[str, int]] = []
    for match in _BRACKET.finditer(text):
        mark = TWINS.get(match[0], match[0])
        if mark in PAIRS:
            open_.append((mark, match.start()))
        else:
            yield from _close(text, match.start(), mark, open_)
    yield from (_bracket(text, at) for opener, at in open_ if opener not in QUOTES)


_BRACKET = re.compile("[" + re.escape("".join({*PAIRS, *CLOSERS, *TWINS})) + "]")


def _close(text: str, at: int, mark: str, open_: list[tuple[str, int]]) -> Iterator[Suspect]:
    """Pair a closing mark with what is open; yield what it leaves unpaired."""
    if CLOSERS[mark] not in (opener for opener, _ in open_):
        ends = mark == "”" and (not at or (text[at - 1] in ENDS and at + 1 == len(text)))
        if not ends and not (mark == "）" and ENUMERATION.search(text[max(0, at - 4) : at])):
            yield _bracket(text, at)
        return
    while (top := open_.pop())[0] != CLOSERS[mark]:
        yield _bracket(text, top[1])


def _bracket(text: str, at: int) -> Suspect:
    chance = DOUBTFUL if text[at] in QUOTES else LIKELY
    return Suspect(at, text[at], "", LAYER, "unpaired", chance)


def turned(text: str) -> Iterator[Suspect]:
    """Yield a quotation mark that looks the wrong way: “创新“."""
    for match in REOPENED.finditer(text) if "“" in text else ():
        group = 1 if match[1] else 2
        yield Suspect(match.start(group), match[group], "”" if group == 1 else "“", LAYER, "turned", DOUBTFUL)


def mixed_widths(text: str) -> Iterator[Suspect]:
    """Yield the half-width parenthesis of a pair whose other one is full-width; (一） is how lists are numbered."""
    for match in MIXED.finditer(text) if "(" in text or ")" in text else ():
        if not NUMBERED.fullmatch(match[1] or match[2]):
            at = match.start() if match[2] else match.end() - 1
            yield Suspect(at, text[at], FULL_WIDTH[text[at]], LAYER, "mixed", DOUBTFUL)


def spaced(text: str) -> Iterator[Suspect]:
    """Yield the only space of a long sentence where it cuts a known word in two: 贯彻落 实.

    Headings are spaced on purpose (通  知), lists and tables for want of columns; neither looks like this.
    """
    if (
        " " not in text
        or len(text) < PROSE
        or not re.search("，.*。", text)
        or len(spaces := _SPACE.findall(text)) != 1
    ):
        return
    known, ((left, right),) = packaged_words().known, spaces
    if left[-1] + right[0] in known and left not in known and right not in known:
        wrong = f"{left[-1]} {right[0]}"
        yield Suspect(text.index(wrong), wrong, wrong.replace(" ", ""), LAYER, "space", DOUBTFUL)


PROSE = 30
"""Characters from which on a text with commas and full stops is prose."""

_SPACE = re.compile(f"([{HAN}]{{2}}) ([{HAN}]{{2}})")
