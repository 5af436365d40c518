"""Find traditional characters in simplified text: 加強 for 加强 (国家通用语言文字法, article 3).

An input method or a copied passage leaves one behind. Names, quotations and titles may be written with them on purpose,
and so may what is no sentence: a menu, the name on a signboard.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from checks.typos import names
from checks.typos.candidate import Suspect
from checks.typos.form.rule import DOUBTFUL, LAYER, LIKELY
from checks.typos.masks import QUOTATION
from checks.typos.simplified import is_simplified, simplified_forms

KIND = "traditional"

SENTENCE = "，。；"
"""Marks of which a sentence has one."""

EDITIONS = ("繁體", "正體")
"""What every site calls its edition in traditional characters."""


def suspects(text: str) -> Iterator[Suspect]:
    """Yield each run of traditional characters of a text that is written in simplified ones otherwise."""
    forms = simplified_forms()
    if forms.keys().isdisjoint(text) or not is_simplified(text):
        return
    apart = [
        *(match.span() for match in QUOTATION.finditer(text)),
        *((each.start, each.end) for each in names.spans(text)),
    ]
    is_prose = any(mark in text for mark in SENTENCE)
    places = [at for at, char in enumerate(text) if char in forms and text[at - 1 : at + 1] not in EDITIONS]
    for _, run in groupby(enumerate(places), lambda numbered: numbered[1] - numbered[0]):
        first, *others = (at for _, at in run)
        last = others[-1] + 1 if others else first + 1
        is_apart = any(first < end and start < last for start, end in apart)
        chance = LIKELY if is_prose and not is_apart else DOUBTFUL
        wrong = text[first:last]
        yield Suspect(first, wrong, "".join(map(forms.__getitem__, wrong)), LAYER, KIND, chance)
