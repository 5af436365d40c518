"""Find two function words side by side that never meet in Chinese: 以及和, 对于对, 或的.

One of them is left over from an earlier wording. Each pair is absent from the clean text but inside longer words
(参与和, 供应可), so that a word that crosses the edge acquits it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.late_pattern import late
from checks.typos.around import Around
from checks.typos.candidate import Suspect
from checks.typos.form.rule import LAYER, LIKELY
from checks.typos.lexicon.boundaries import packaged_words

KIND = "extra"

CLASHES = {
    wrong: right
    for right, wrongs in {
        "以及": "以及或 以及或者 以及并且 和以及 或以及 以及的",
        "或者": "和或者 或或者 或者的",
        "并且": "并且及 并且以及",
        "并": "并的",
        "和": "和或 和并且",
        "或": "或的 或及 或并且",
        "不": "不的",
        "按": "按的",
        "该": "该的",
        "应": "应可",
        "关于": "关于对于 关于关 关于的",
        "按照": "按照的",
        "为了": "为了为",
        "根据": "根据按照 依据根据 根据依据",
        "已经": "已经已 已已经 已经的",
        "已": "已的",
        "正在": "正在在",
        "将": "将将 将的",
        "请将": "请将把 请把将",
        "向": "向的",
        "被": "被的",
        "把": "把的",
        "能够": "能够的",
        "可以": "能够可以 可以能够",
        "应当": "应当必须 必须应当 应当的",
        "由于": "因为由于 由于因为",
        "将于": "将于在",
        "定于": "定于在",
        "截至": "截至到",
        "由": "从由",
        "大约": "大约约 约大约",
        "共计": "共计共 共共计",
        "总共": "总共共",
        "近": "近约 约近",
        "均": "都均 均都",
        "非常": "很非常 非常很",
        "每": "每各 各每",
        "等等": "等等等",
        "们": "们们",
    }.items()
    for wrong in wrongs.split()
}
"""What is wrong, and which of the two to keep."""

_CLASH = late("|".join(sorted(map(re.escape, CLASHES), key=len, reverse=True)))


def clashes(text: str) -> Iterator[Suspect]:
    """Yield the pairs that stand clear of other words; the likeliest way to cut the text decides 关于|关塔那摩."""
    words = packaged_words()
    for match in _CLASH.finditer(text):
        clear = not words.touches(text, match.start(), match.end())
        if clear and Around.of(text, match.start(), match.end()).are_borders(match.start(), match.end()):
            yield Suspect(match.start(), match[0], CLASHES[match[0]], LAYER, KIND, LIKELY)
