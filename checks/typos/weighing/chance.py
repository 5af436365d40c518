"""Weigh what all layers say of a change into one chance: the only place where a guess becomes a finding.

No layer is believed alone. A list knows that a wording is one slip away from a usual one, and not what was meant; the
language model knows what is usual, and not what is new; the words of a sentence know whether it can be read as it
stands. Inputs from all three go into a logistic regression, fitted on modern writing by tools/typos/train_weighing.py,
and without a second, independent kind of evidence the chance stays under :data:`ALONE`, short of an alarm. The one
exception is where the language model leaves no doubt (:data:`PROOFS`).

A pair that a person reviewed speaks for itself, unless it is cut out of other words; so do the rules of form.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from checks.typos.candidate import Basis, Suspect
from checks.typos.form.stutter import ASPECTS
from checks.typos.names import persons
from checks.typos.segmentation import vocabulary
from checks.typos.weighing.groups import FORM, Group, groups, inputs
from checks.typos.weighing.rereading import AROUND, LANGUAGE_MODEL, Edit, Reading, reading
from checks.typos.weighing.setting import SHORT_NAMES, Setting
from checks.typos.weighing.weights import weights

NAMED = "named"
"""The input that says that a change is in a name."""

HOPELESS = 0.04
"""Chance under which nobody asks whether it is a name: nothing is reported so low."""

ALONE = 0.5
"""The most that one kind of evidence is worth: suspected at the default thresholds, never confirmed."""

CONTRADICTED = 0.05
"""Chance of a reviewed pair that other words explain: 取消|售台, 派出所|已."""

AGREES = 0.3
"""Least probability with which the language model vouches for what a list says."""

WHOLE, LIKELY = 4, 0.6
"""Characters of the wording that a change makes from which on less of the language model will do, and how much."""

CERTAIN, AGREED = 0.8, 0.7
"""Probability of the language model from which on what it says together with a list is worth an alarm, and how much.

Of lists that count words alone it is not: 保护边民 is no slip for 保护公民."""

VOUCHED = frozenset({Basis.REVIEWED, Basis.IDIOM, Basis.PLACE, Basis.PHRASE, Basis.MINED})
"""Lists whose right wordings a person, a dictionary or the register of places vouches for."""

WIDE = 0.8
"""Least chance for which the language model and the words of a text are enough, where no list knows the wording."""

LONG_ENOUGH = 0.65
"""The same where the change makes a word of three characters and more: few of those are made by chance."""


class Proof(NamedTuple):
    """What the language model must give to a change at least, and by how many nats its words must be easier to cut."""

    model: float
    gain: float


REWORDED = "reworded"
"""The sort of change that puts a word of two characters for another of the same sound: 乡村智利 → 治理."""

NEAR_SOUND = "near-homophone"
"""The kind of change that the language model proposes wrongly as often as not."""

PROOFS = {
    REWORDED: Proof(0.945, 0.0),
    NEAR_SOUND: Proof(0.985, 4.0),
    "homophone": Proof(0.98, 5.0),
    "shape": Proof(0.98, 5.0),
    "transposed": Proof(0.98, 8.0),
    "extra": Proof(0.97, 10.0),
    "repeated": Proof(0.99, 8.0),
    "missing": Proof(0.985, 6.0),
}
"""From where on the language model leaves no doubt, by the sort of change. In 1.3 million characters of official
writing, statutes and news that it had not counted it goes so far twice more than two kinds of evidence do, once at a
slip (咸有乘客) and once wrongly (油舱中的存油); of 540 slips planted into such text, 79 times more."""

UNUSUAL = 0.1
"""The most that such a guess is worth."""

SURELY = {NEAR_SOUND: 0.97, "homophone": 0.945, "shape": 0.945}
"""What the model must give to a character put for another for it to be worth more, by the sort: below, in 1.3 million
characters of clean text, 17 guesses were suspected and none was a slip; of 540 planted slips two were found there."""

LACKING = 0.3
"""The least that a set phrase which lacks a character is worth, whatever the language model says: never met in 1.3
million characters of clean text."""

UNLISTED_NAME = 0.1
"""The most that a guess in a name is worth where no list knows the wording: any character may be meant there. The same
goes for what the text writes again: 试养, 蚕业."""

BREAKS, BREAKS_WORD = 2.0, 3.0
"""Nats by which the words of a text must be easier to cut after a change than before, for them to vouch for it; more
where what stands is a word itself: 盗印."""

SURE = 0.999

WEIGHED = frozenset({LANGUAGE_MODEL, FORM})
"""Layers whose suspects have no basis in a list and yet their own way of being weighed."""

NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿0123456789")
"""What numbers are written with: they are facts, and only the rules of form know which cannot be."""


def weigh(text: str, suspects: Iterable[Suspect], *, model_read: bool) -> Iterator[Suspect]:
    """Yield the suspects with the chance that a proofreader signs the change.

    ``model_read`` says that a language model has read the text: what it does not suspect is less likely for that.
    """
    setting = Setting(text)
    found = list(groups(text, suspects))
    paired = [suspect for group in found if group.pair for suspect in group.suspects]
    for group in found:
        chance = chance_of(setting, group, model_read=model_read)
        if _is_explained(group, paired):
            chance = min(chance, ALONE)
        yield from (replace(suspect, probability=chance) for suspect in _once_a_layer(group.suspects))


def _is_explained(group: Group, paired: Sequence[Suspect]) -> bool:
    """Return whether a reviewed pair beside it explains what the language model alone finds odd: 兹|定与."""
    if group.pair or group.listed or group.form:
        return False
    return any(one.start <= pair.end and pair.start <= one.end for one in group.suspects for pair in paired)


def _once_a_layer(suspects: Iterable[Suspect]) -> Iterable[Suspect]:
    """Return the suspects of one change without those of the same layer and kind: of 桥桥 either may go."""
    return {(one.layer, one.kind, one.basis): one for one in suspects}.values()


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
    if is_number(group.change) or setting.is_taken_apart(group.change):
        return 0.0
    words = reading(setting.text, group.change)
    known = inputs(group, words)
    chance = weights(model_read=model_read).probability(known)
    if _is_only_unusual(group):
        return min(chance, UNUSUAL)
    if chance >= HOPELESS and is_name(setting, group):
        return min(
            ALONE if group.listed else UNLISTED_NAME, weights(model_read=model_read).probability(known | {NAMED: 1.0})
        )
    if not group.listed and chance > UNLISTED_NAME and setting.is_written_again(group.change):
        return UNLISTED_NAME
    if _lacks_of_phrase(group):
        chance = max(chance, LACKING)
    if not group.listed and persons.may_begin(setting.text, group.change[0]):
        return min(chance, ALONE)
    is_certain = _is_certain(group, words)
    if is_certain or _is_vouched_for(group, words):
        chance = max(chance, AGREED)
    is_proven = is_certain or _is_proven(group, words, chance)
    return chance if is_proven and not setting.is_apart(group.change) else min(chance, ALONE)


def _is_only_unusual(group: Group) -> bool:
    """Return whether only the language model finds a change better, of a sort that it often proposes without need.

    So many characters sound nearly the same that it finds another word wherever one is rare (固定商位, 固定单位).
    """
    sort = next((one.kind for one in group.suspects if one.layer == LANGUAGE_MODEL), "")
    is_character = len(group.change[1]) == len(group.change[2]) == 1
    return is_character and not group.listed and group.model < SURELY.get(sort, 0.0)


def _is_vouched_for(group: Group, words: Reading) -> bool:
    """Return whether a list that somebody vouches for and the language model agree well enough on a change.

    A whole wording of four characters and more is hardly met by chance, and an idiom has but one form, so that less of
    the model will do: 争分夺妙, 大工告成.
    """
    if group.listed is Basis.IDIOM and words.after >= WHOLE:
        return group.model >= AGREES
    if group.listed not in VOUCHED or group.doubtful:
        return False
    return group.model >= (LIKELY if words.after >= WHOLE else CERTAIN)


def _lacks_of_phrase(group: Group) -> bool:
    """Return whether a set phrase lacks a character or has two swapped: 以人民中心 is no other phrase."""
    return group.listed is Basis.PHRASE and not {"missing", "transposed"}.isdisjoint(one.kind for one in group.suspects)


def _is_certain(group: Group, words: Reading) -> bool:
    """Return whether the language model leaves no doubt about a change, and the words of the text agree by far.

    Of 投了票 nothing is certain: many verbs are taken apart by what says when something is done.
    """
    if group.change[1] in ASPECTS:
        return False
    proof = PROOFS.get(_sort(group, words))
    return not group.listed and proof is not None and group.model >= proof.model and words.gain >= proof.gain


def _sort(group: Group, words: Reading) -> str:
    """Return the sort of a change, as ``PROOFS`` has it; "" where what stands is a word and becomes no longer one."""
    _, wrong, right = group.change
    kind = group.suspects[0].kind
    if len(wrong) == len(right) == len("治理") and kind != "transposed":
        return REWORDED
    return kind if words.before <= 1 or words.after > words.before or not right else ""


def is_name(setting: Setting, group: Group) -> bool:
    """Return whether a change is in a name.

    A character that may be one by itself is none where a list knows the wording and it does not begin it: 法津, 津融.
    """
    at, wrong, _ = group.change
    if wrong in SHORT_NAMES and all(one.start == at for one in group.suspects):
        return True
    return setting.is_name(group.change)


def _is_proven(group: Group, words: Reading, chance: float) -> bool:
    """Return whether two independent kinds of evidence speak for a change.

    What stands twice is for the rules of form to prove, which know 中医医院|医院信息系统 by its words.
    """
    if group.repeats:
        return group.form > 0
    if group.listed:
        return group.model >= AGREES
    is_long = words.after > max(2, words.before)
    if not is_long and any(one.kind == NEAR_SOUND for one in group.suspects):
        return False
    breaks = BREAKS_WORD if words.before > 1 else BREAKS
    return chance >= (LONG_ENOUGH if is_long else WIDE) and words.gain >= breaks
