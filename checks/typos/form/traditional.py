"""Find traditional characters in simplified text: 加強 for 加强 (国家通用语言文字法, article 3).

An input method or a copied passage leaves one behind. Names, quotations and titles may be written with them on purpose.
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


def suspects(text: str) -> Iterator[Suspect]:
    """Yield each run of traditional characters of a text that is written in simplified ones otherwise."""
    forms = simplified_forms()
    if forms.keys().isdisjoint(text) or not is_simplified(text):
        return
    apart = [
        *(match.span() for match in QUOTATION.finditer(text)),
        *((each.start, each.end) for each in names.spans(text)),
    ]
    places = [at for at, char in enumerate(text) if char in forms]
    for _, run in groupby(enumerate(places), lambda numbered: numbered[1] - numbered[0]):
        first, *others = (at for _, at in run)
        last = others[-1] + 1 if others else first + 1
        chance = DOUBTFUL if any(first < end and start < last for start, end in apart) else LIKELY
        wrong = text[first:last]
        yield Suspect(first, wrong, "".join(map(forms.__getitem__, wrong)), LAYER, KIND, chance)
