"""Find punctuation that is doubled, half-width, out of place or without its counterpart (GB/T 15834).

Figures, times, ratios, addresses and English have their own punctuation: every rule wants Han characters around.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.typos.candidate import Suspect
from checks.typos.form.rule import DOUBTFUL, HAN, LAYER, LIKELY, FormRule, first, gone, last
from checks.typos.lexicon.boundaries import packaged_words
from checks.typos.segmentation import vocabulary

FULL_WIDTH = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。", "(": "（", ")": "）"}
MARKS = "，。、；："
ENDS = "。！？；"


QUESTION = re.compile("[吗呢么什哪谁多几怎何否]")
"""What a question has before its mark; a ? elsewhere stands for a character that was lost: 阿卜杜拉希?尤素福."""


SENTENCE = re.compile("[，。；]")
"""What prose has: labels of forms and templates (当前位置:, 字体:) are none."""


def _full_width(match: re.Match[str]) -> str | None:
    clause = match.string[max(0, match.start() - 30) : match.start()]
    if match[0] == "?" and not QUESTION.search(clause):
        return None
    return FULL_WIDTH[match[0]] if match[0] != ":" or SENTENCE.search(match.string) else None


def _comma_in_list(match: re.Match[str]) -> str | None:
    """Return the list with enumeration commas alone; None where an item is a phrase, which a comma parts rightly."""
    items = re.split("[、，]", match[0])
    return match[0].replace("，", "、") if None not in vocabulary().costs(items) else None


def _corrected_mark(match: re.Match[str]) -> str:
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
        _corrected_mark,
        LIKELY,
        ",.;:",
    ),
    FormRule("doubled", re.compile("[？！][。，；]"), first, LIKELY, "？！"),
    FormRule("doubled", re.compile(rf"(?<=[{HAN}]。)”。"), first, DOUBTFUL, "”"),
    FormRule("doubled", re.compile(r"《《|》》|““|””(?!”)"), first, DOUBTFUL, "《》“”"),
    FormRule("stray", re.compile(r"[（《〔【“][，。、；：](?![”’])"), first, LIKELY, "（《〔【“"),
    FormRule("stray", re.compile(r"[，、；：][》〕】）)]"), last, LIKELY, "》〕】）)"),
    FormRule("stray", re.compile(r"、等(?=[，。；）\d]|[一二三四五六七八九十]+[个项类种])"), last, DOUBTFUL, "等"),
    FormRule("empty", re.compile("《》|“”"), gone, DOUBTFUL, "《“"),
    FormRule("half-width", re.compile(rf"(?<=[{HAN}）》”])[,;?!:](?=[{HAN}（《“])"), _full_width, DOUBTFUL, ",;?!:"),
    FormRule(
        "enumeration",
        re.compile(
            rf"(?<=、)(?:[{HAN}]{{2,5}}、)+[{HAN}]{{2,5}}，(?:[{HAN}]{{2,5}}、)+[{HAN}]{{2,5}}(?=等|和|以及|及)"
        ),
        _comma_in_list,
        DOUBTFUL,
        "、",
    ),
    FormRule("half-width", re.compile(rf"(?<=[{HAN}）》”])[.．](?=\s*$)"), _stop, LIKELY, ".．"),
)
"""The rules that one expression can state."""

ONCE = {"half-width": 1}
"""Kinds of which one in a text says it all: who types one half-width comma types them throughout."""


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
