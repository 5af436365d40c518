"""Find punctuation that is doubled or out of place (GB/T 15834).

Figures, times, ratios, addresses and English have their own punctuation: every rule wants Han characters around.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.late_pattern import late
from checks.reading.half_width import FULL_WIDTH, STOPS, slip
from checks.typos.candidate import Suspect
from checks.typos.form.brackets import GAP
from checks.typos.form.rule import DOUBTFUL, HAN, LAYER, LIKELY, FormRule, first, gone, last
from checks.typos.lexicon.boundaries import SURNAMES, packaged_words
from checks.typos.segmentation import vocabulary

MARKS = "，。、；："

QUOTED = 40
"""Characters before a quotation mark within which another opens what it closes."""

PROVINCE = (
    "(?:北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州"
    "|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾)"
)
"""The provinces, whose short names never make one name together."""


def _parted_provinces(match: re.Match[str]) -> str:
    """Return the provinces with an enumeration comma between each two."""
    return "、".join(re.findall(PROVINCE, match[0]))


def _comma_in_list(match: re.Match[str]) -> str | None:
    """Return the list with enumeration commas alone; None where an item is a phrase, which a comma parts rightly."""
    items = re.split("[、，]", match[0])
    return match[0].replace("，", "、") if None not in vocabulary().costs(items) else None


def _comma_among_names(match: re.Match[str]) -> str | None:
    """Return the list with enumeration commas alone; None where an item may be no person's name, or most are words."""
    items = re.split("[、，]", match[0])
    if not all(item[0] in SURNAMES for item in items):
        return None
    words = sum(cost is not None for cost in vocabulary().costs(items))
    return match[0].replace("，", "、") if words * 2 <= len(items) else None


def _corrected_mark(match: re.Match[str]) -> str:
    """Keep the full-width mark of two that differ in width, and the first of two that do not."""
    return match[0][0] if match[0][0] in MARKS else match[0][1]


def _opening(match: re.Match[str]) -> str | None:
    """Return the opening mark before a stray one; None where it opens a sample of code that was left out.

    Nor is there anything to take out behind a closing mark that is turned: “创新“、“协调”.
    """
    before = match.string[max(0, match.start() - QUOTED) : match.start()]
    is_turned = match[0][0] == "“" and before.rfind("“") > before.rfind("”")
    return None if is_turned or GAP.search(match.string) else match[0][0]


RULES = (
    FormRule("doubled", late(rf"(?<!。)([{MARKS}])[{MARKS}](?!。)"), first, LIKELY),
    FormRule(
        "doubled",
        late(rf"(?<=[{HAN}）》”])(?:[{MARKS}][,.;:]|[,.;:][{MARKS}])(?=[{HAN}（《“]|$)"),
        _corrected_mark,
        LIKELY,
        ",.;:",
    ),
    FormRule("doubled", late("[？！][。，；]"), first, LIKELY, "？！"),
    FormRule("doubled", late(rf"(?<=[{HAN}]。)”。"), first, DOUBTFUL, "”"),
    FormRule("doubled", late(r"《《|》》|““|””(?!”)"), first, DOUBTFUL, "《》“”"),
    FormRule("stray", late(r"[（《〔【“][，。、；：](?![”’])"), _opening, LIKELY, "（《〔【“"),
    FormRule("stray", late(r"[，、；：][》〕】）)]"), last, LIKELY, "》〕】）)"),
    FormRule("stray", late(r"、等(?=[，。；）\d]|[一二三四五六七八九十]+[个项类种])"), last, DOUBTFUL, "等"),
    FormRule("empty", late("《》|“”"), gone, DOUBTFUL, "《“"),
    FormRule(
        "separator",
        late(
            rf"(?<=、){PROVINCE}{{2,}}(?=[、等和与及，。；])|(?<![{HAN}、]){PROVINCE}{{2,}}(?=、{PROVINCE}[、等和与及，。；])"
        ),
        _parted_provinces,
        LIKELY,
        "、",
    ),
    FormRule(
        "enumeration",
        late(
            rf"(?:(?<=、)|(?<=包括|例如|比如|譬如|诸如|涉及|涵盖|提供|出示|携带|提交|展出|设有|开设|种植|销售|经营|生产|配备|缴纳))"
            rf"(?:[{HAN}]{{2,6}}、)+[{HAN}]{{2,6}}，(?:[{HAN}]{{2,6}}、)*[{HAN}]{{2,6}}(?=等)"
        ),
        _comma_in_list,
        DOUBTFUL,
        "等",
        late("、.{2,6}，"),
    ),
    FormRule(
        "enumeration",
        late(
            rf"(?:(?<![{HAN}])|(?<=[有由为是]))(?:[{HAN}]{{2,3}}、)+[{HAN}]{{2,3}}，(?:[{HAN}]{{2,3}}、)+[{HAN}]{{2,3}}"
            rf"(?=等|[^{HAN}]|$)"
        ),
        _comma_among_names,
        DOUBTFUL,
        "、",
        late("、.{2,3}，.{2,3}、"),
    ),
)
"""The rules that one expression can state."""


def half_width(text: str) -> Iterator[Suspect]:
    """Yield the first half-width mark of a text that writes full-width ones otherwise."""
    mark = slip(text)
    if mark is not None:
        sure = mark[0] in STOPS and "。" in text
        right, chance = FULL_WIDTH[mark[0]], LIKELY if sure else DOUBTFUL
        yield Suspect(mark.start(), mark[0], right, LAYER, "half-width", chance)


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

_SPACE = late(f"([{HAN}]{{2}}) ([{HAN}]{{2}})")
