"""Weigh what all layers say of a change into one chance: the only place where a guess becomes a finding.

No layer is believed alone. A list knows that a wording is one slip away from a usual one, and not what was meant; the
language model knows what is usual, and not what is new; the words of a sentence know whether it can be read as it
stands. Inputs from all three go into a logistic regression, fitted on modern writing by tools/typos/train_weighing.py,
and without a second, independent kind of evidence the chance stays under :data:`ALONE`, short of an alarm.

A pair that a person reviewed speaks for itself, unless it is cut out of other words; so do the rules of form.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from checks.packaged import packaged_text
from checks.typos import names
from checks.typos.candidate import Basis, Suspect
from checks.typos.names import NameKind, Span
from checks.typos.segmentation import vocabulary

LANGUAGE_MODEL = "language-model"
NAMED = "named"
"""The input that says that a change is in a name."""

HOPELESS = 0.04
"""Chance under which nobody asks whether it is a name: nothing is reported so low."""

FORM = "form"

ALONE = 0.5
"""The most that one kind of evidence is worth: suspected at the default thresholds, never confirmed."""

CONTRADICTED = 0.05
"""Chance of a reviewed pair that other words explain: 取消|售台, 派出所|已."""

AGREES = 0.3
"""Least probability with which the language model vouches for what a list says."""

CERTAIN, AGREED = 0.8, 0.7
"""Probability of the language model from which on what it says together with a list is worth an alarm, and how much.

Of lists that count words alone it is not: 保护边民 is no slip for 保护公民."""

VOUCHED = frozenset({Basis.REVIEWED, Basis.IDIOM, Basis.PLACE, Basis.PHRASE, Basis.MINED})
"""Lists whose right wordings a person, a dictionary or the register of places vouches for."""

WIDE = 0.8
"""Least chance for which the language model and the words of a text are enough, where no list knows the wording."""

BREAKS = 2.0
"""Nats by which the words of a text must be easier to cut after a change than before, for them to vouch for it."""

MOST_ODDS, LEAST_GAIN, MOST_GAIN = 9.0, -5.0, 15.0
"""Where inputs are cut: beyond, more of the same says nothing more."""

SURE = 0.999

WEIGHED = frozenset({LANGUAGE_MODEL, FORM})
"""Layers whose suspects have no basis in a list and yet their own way of being weighed."""

SHORT_NAMES = frozenset("津冀晋沪浙皖闽赣鲁豫鄂湘粤琼渝蜀黔滇陕陇邕甬瓯穗洮厄墨斐斯缅柬菲埃叙")
"""Characters that name a province, a city, a river or a country wherever they stand oddly: 津融, 引洮, 中斐."""

SHORTEST = 5
"""Characters from which on a text says enough of itself to be judged by."""

NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿0123456789")
"""What numbers are written with: they are facts, and only the rules of form know which cannot be."""

HAN = re.compile("[\u4e00-\u9fff]")
QUOTED = re.compile("“[^“”]{1,30}”|‘[^‘’]{1,30}’|《[^《》]{1,60}》|「[^「」]{1,30}」")
"""What is quoted: names of campaigns and works, words on words."""

TRUST = (
    Basis.REVIEWED,
    Basis.IDIOM,
    Basis.PHRASE,
    Basis.MINED,
    Basis.FREQUENT,
    Basis.MINED_DOUBTFUL,
    Basis.PLACE,
    Basis.MINED_HINT,
)
"""What lists know that nobody vouched for one by one, the most trustworthy first; of several the first speaks."""

Edit = tuple[int, str, str]
"""A change: position, what goes, what comes, without the characters that stay."""


@dataclass(frozen=True)
class Weights:
    """A logistic regression over named inputs: log odds = bias + Σ weight · input."""

    bias: float
    weights: Mapping[str, float]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Weights:
        """Read ``bias`` and ``weights`` of a JSON object."""
        return cls(data["bias"], data["weights"])

    def probability(self, inputs: Mapping[str, float]) -> float:
        """Return the probability; inputs that have no weight count for nothing."""
        odds = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in inputs.items())
        return 1 / (1 + math.exp(-odds))


def _last_place(text: str, change: Edit) -> Edit:
    """Return a change where it can last be made to the same effect: of 管管 it is all one which 管 goes."""
    at, wrong, right = change
    if bool(wrong) == bool(right):
        return change
    part, end = wrong or right, at + len(wrong)
    while end < len(text) and text[end] == part[0]:
        part, at, end = part[1:] + part[0], at + 1, end + 1
    return (at, part, "") if wrong else (at, "", part)


class Reading(NamedTuple):
    """How a text can be cut into words at a place, as it stands and changed.

    ``gain`` is how many nats easier the changed text is to cut; ``before`` and ``after`` are the characters of the
    longest word over the place, 1 where it is a word by itself and 0 where nothing is left of it.
    """

    gain: float
    before: int
    after: int


AROUND = 6
"""Characters on either side that are cut into words with a change: two words or three."""


def edit(suspect: Suspect) -> Edit:
    """Return the change itself, without the characters that stay."""
    wrong, right, start = suspect.wrong, suspect.right, suspect.start
    head = _common(wrong, right)
    wrong, right, start = wrong[head:], right[head:], start + head
    tail = _common(wrong[::-1], right[::-1])
    return start, wrong[: len(wrong) - tail], right[: len(right) - tail]


def _common(one: str, other: str) -> int:
    """Return the length of the common prefix."""
    return next((i for i, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other)))


def reading(text: str, change: Edit) -> Reading:
    """Return how the words of a text change with it."""
    at, wrong, right = change
    first, last = max(0, at - AROUND), min(len(text), at + len(wrong) + AROUND)
    place = at - first
    standing, changed = text[first:last], text[first:at] + right + text[at + len(wrong) : last]
    if not changed:
        return Reading(0.0, 0, 0)
    before, after = vocabulary().cut(standing), vocabulary().cut(changed)
    return Reading(
        before.cost - after.cost,
        _longest_over(before.borders, place, place + len(wrong)),
        _longest_over(after.borders, place, place + len(right)),
    )


def in_words(text: str, suspect: Suspect) -> Suspect:
    """Return a guess about less than a word with the words around it: 服好务 → 服务 and 咸有 → 现有, not 好 → nothing.

    People judge words, and every guess then has a right-hand side.
    """
    at, wrong, right = edit(suspect)
    if suspect.layer != LANGUAGE_MODEL or len(suspect.right) > 1:
        return suspect
    if not right:
        at, _, _ = _last_place(text, (at, wrong, ""))
        wrong = text[at : at + len(wrong)]
        if text.endswith(wrong, 0, at):
            return replace(suspect, start=at - len(wrong), wrong=wrong * 2, right=wrong)
    first, last = max(0, at - AROUND), min(len(text), at + len(wrong) + AROUND)
    changed = text[first:at] + right + text[at + len(wrong) : last]
    if not changed:
        return suspect
    place = at - first
    borders = vocabulary().cut(changed).borders
    begin = max(border for border in borders if border <= place and (border < place or right or not place))
    end = min(border for border in borders if border >= place + max(len(right), not place))
    grown = len(right) - len(wrong)
    return replace(
        suspect, start=first + begin, wrong=text[first + begin : first + end - grown], right=changed[begin:end]
    )


def _longest_over(borders: Sequence[int], start: int, end: int) -> int:
    """Return the length of the longest word that touches a span, or that a seam lies in."""
    words = pairwise(borders)
    over = (
        last - first
        for first, last in words
        if (first < end and last > start) or (start == end and first < start < last)
    )
    return max(over, default=0)


@dataclass(frozen=True)
class Setting:
    """A text, and the parts of it in which a wording may be meant whatever it looks like."""

    text: str

    @cached_property
    def _names(self) -> Sequence[Span]:
        return [span for span in names.spans(self.text) if span.kind is not NameKind.TITLE]

    @cached_property
    def _quoted(self) -> Sequence[tuple[int, int]]:
        return [match.span() for match in QUOTED.finditer(self.text)]

    @cached_property
    def _is_short(self) -> bool:
        return len(HAN.findall(self.text)) < SHORTEST

    def is_name(self, change: Edit) -> bool:
        """Return whether a change is in the name of a person, a place or a body."""
        start, end = change[0], change[0] + len(change[1])
        if change[1] in SHORT_NAMES:
            return True
        return any(start < span.end and end > span.start for span in self._names)

    def is_apart(self, change: Edit) -> bool:
        """Return whether a change is in a heading too short to judge, or in a quotation, which may be of anything."""
        return self._is_short or any(start < change[0] < end for start, end in self._quoted)


class Group(NamedTuple):
    """All that the layers say of one change."""

    change: Edit
    suspects: tuple[Suspect, ...]

    @property
    def model(self) -> float:
        """The probability that the language model gives to the change; 0 where it is silent."""
        return max((one.probability for one in self.suspects if one.layer == LANGUAGE_MODEL), default=0.0)

    @property
    def form(self) -> float:
        """The probability that the rules of form give to it."""
        return max((one.probability for one in self.suspects if one.layer == FORM), default=0.0)

    @property
    def listed(self) -> Basis:
        """What the lists know of it that nobody vouched for one by one."""
        known = {one.basis for one in self.suspects}
        return next((basis for basis in TRUST if basis in known), Basis.NONE)

    @property
    def pair(self) -> float:
        """The probability of a reviewed pair that makes the change."""
        pairs = (one.probability for one in self.suspects if one.basis in {Basis.PAIR, Basis.DOUBTFUL_PAIR})
        return max(pairs, default=0.0)

    @property
    def repeats(self) -> bool:
        """Whether the change takes out what stands twice."""
        return any(one.kind == "repeated" for one in self.suspects)

    @property
    def doubtful(self) -> bool:
        """Whether what stands there may be meant, by all lists that know it."""
        listed = [one.doubtful for one in self.suspects if one.basis in TRUST]
        return bool(listed) and all(listed)


def groups(text: str, suspects: Iterable[Suspect]) -> Iterator[Group]:
    """Yield the suspects by the change that they make to the text."""
    found: dict[Edit, list[Suspect]] = {}
    for suspect in suspects:
        found.setdefault(_last_place(text, edit(suspect)), []).append(suspect)
    yield from (Group(change, tuple(group)) for change, group in found.items())


def weigh(text: str, suspects: Iterable[Suspect], *, model_read: bool) -> Iterator[Suspect]:
    """Yield the suspects with the chance that a proofreader signs the change.

    ``model_read`` says that a language model has read the text: what it does not suspect is less likely for that.
    """
    setting = Setting(text)
    for group in groups(text, suspects):
        chance = chance_of(setting, group, model_read=model_read)
        yield from (replace(suspect, probability=chance) for suspect in group.suspects)


def chance_of(setting: Setting, group: Group, *, model_read: bool) -> float:
    """Return the chance that a proofreader signs a change."""
    chances = [group.form, *(one.probability for one in group.suspects if one.layer not in WEIGHED and not one.basis)]
    if group.pair:
        chances.append(_paired(setting.text, group))
    elif group.listed or group.model:
        chances.append(_guessed(setting, group, model_read=model_read))
    return min(SURE, 1 - math.prod(1 - chance for chance in chances))


def _paired(text: str, group: Group) -> float:
    """Return the chance of a pair that a person reviewed: its own, unless the words of the text explain it."""
    fits = not group.model and reading(text, group.change).gain < BREAKS
    if fits and any(_straddles(text, one) for one in group.suspects):
        return CONTRADICTED * group.pair
    return 1 - (1 - group.pair) * (1 - group.model)


def _straddles(text: str, suspect: Suspect) -> bool:
    """Return whether a word of the text begins before the wording and ends in it, or ends behind: 派出所|已."""
    first, last = max(0, suspect.start - AROUND), min(len(text), suspect.end + AROUND)
    borders = vocabulary().cut(text[first:last]).borders
    return not {suspect.start - first, suspect.end - first}.issubset(borders)


def is_number(change: Edit) -> bool:
    """Return whether a change only swaps, adds or leaves out figures: 十五五 is a plan, and no list knows the next."""
    return NUMERALS.issuperset(change[1] + change[2])


def _guessed(setting: Setting, group: Group, *, model_read: bool) -> float:
    """Return the chance of what nobody vouched for; names are looked for only where that may matter."""
    if is_number(group.change):
        return 0.0
    words = reading(setting.text, group.change)
    known = inputs(group, words)
    chance = weights(model_read=model_read).probability(known)
    if chance >= HOPELESS and setting.is_name(group.change):
        return min(ALONE, weights(model_read=model_read).probability(known | {NAMED: 1.0}))
    if group.listed in VOUCHED and not group.doubtful and group.model >= CERTAIN:
        chance = max(chance, AGREED)
    return chance if _is_proven(group, words, chance) and not setting.is_apart(group.change) else min(chance, ALONE)


def _is_proven(group: Group, words: Reading, chance: float) -> bool:
    """Return whether two independent kinds of evidence speak for a change.

    What stands twice is for the rules of form to prove, which know 中医医院|医院信息系统 by its words.
    """
    if group.repeats:
        return group.form > 0
    if group.listed:
        return group.model >= AGREES
    return chance >= WIDE and words.gain >= BREAKS


def inputs(group: Group, words: Reading) -> dict[str, float]:
    """Return the inputs of the regression."""
    model = group.model
    odds = math.log(model / (1 - model)) if 0 < model < 1 else 0.0
    kinds = {one.kind for one in group.suspects}
    return {
        "model": max(-MOST_ODDS, min(MOST_ODDS, odds)),
        "silent": float(not model),
        **({f"{group.listed}{'' if model else ' alone'}": 1.0} if group.listed else {}),
        "doubtful": float(group.doubtful),
        "gain": max(LEAST_GAIN, min(MOST_GAIN, words.gain)),
        "stands": float(words.before > 1),
        "mends": float(words.after > 1),
        "long": float(words.after > 2),
        **{kind: 1.0 for kind in ("missing", "extra", "transposed") if kind in kinds},
        "repeated alone": float(group.repeats and not group.form),
    }


def weights(*, model_read: bool) -> Weights:
    """Return the fitted weights: with a language model, or for the lists alone."""
    return _weights()["lists and model" if model_read else "lists"]


@cache
def _weights() -> dict[str, Weights]:
    fitted = json.loads(packaged_text("checks.typos", "data/weighing.json"))
    return {name: Weights.of(data) for name, data in fitted.items()}
