"""Weigh what all layers say of a change into one chance: the only place where a guess becomes a finding.

No layer is believed alone. A list knows that a wording is one slip away from a usual one, and not what was meant; the
language model knows what is usual, and not what is new; the words of a sentence know whether it can be read as it
stands. Inputs from all three go into a logistic regression, fitted on modern writing by tools/typos/train_weighing.py,
and without a second, independent kind of evidence the chance stays under :data:`ALONE`, short of an alarm. The one
exception is where the language model leaves no doubt (``model_alone``).

A pair that a person reviewed speaks for itself, unless it is cut out of other words; so do the rules of form.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from checks.typos.candidate import Basis, Suspect, Usage
from checks.typos.form.stutter import says_more
from checks.typos.names import persons
from checks.typos.segmentation import vocabulary
from checks.typos.weighing.beside import ANOTHER, MAYBE, best_by_place, is_beside, is_mended_otherwise, is_slip
from checks.typos.weighing.groups import FORM, Group, groups, inputs
from checks.typos.weighing.lacking import SECONDED, WANTED, WHOLE, is_abbreviated, lacks_of_phrase, may_lack
from checks.typos.weighing.model_alone import (
    BEYOND_DOUBT,
    NEAR_SOUND,
    PROOFS,
    STRANDED,
    is_certain,
    is_only_unusual,
    is_style,
    is_unheard_of,
    is_worth_a_look,
)
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

LIKELY = 0.6
"""How much of the language model will do for a change that makes a wording of ``WHOLE`` characters and more."""

CERTAIN, AGREED = 0.8, 0.7
"""Probability of the language model from which on what it says together with a list is worth an alarm, and how much.

Of lists that count words alone it is not: 保护边民 is no slip for 保护公民."""

UNDISPUTED = 0.98
"""The same as ``SECONDED`` where writing has met what the change makes, and a character beside it stands alone as it
never does."""

VOUCHED = frozenset({Basis.REVIEWED, Basis.IDIOM, Basis.PLACE, Basis.PHRASE, Basis.MINED})
"""Lists whose right wordings a person, a dictionary or the register of places vouches for."""

UNSURE = frozenset({Basis.NONE, Basis.FREQUENT, Basis.MINED_HINT})
"""What is not believed about a word that dictionaries lack."""

MINED = frozenset({Basis.MINED, Basis.MINED_DOUBTFUL, Basis.MINED_HINT})
"""Lists of what a program derived from frequent words."""

PLAIN_TO_SEE = {"shape": 11.5, "homophone": 12.0}
"""Nats by which words must be easier to cut with what such a list says, for it to be worth a look by itself. In 3.8
million characters of clean text that no list was read against, that was so of nothing; below, of four shapes (尤具)."""

UNREAD = 14.0
"""The same for an idiom, whatever words its slip made: 巧立名木. In 3.2 million characters of clean text the most
was 8."""

PLAINLY = 1.5
"""How many nats more make it certain."""

POOR_COMPANY = frozenset(
    (
        "以上 以下 以内 或者 以及 其他 其它 有关 相关 进行 应当 可以 不得 之间 之一 按照 依照 根据 对于 关于 通过 "
        "并且 没有 需要 必须 已经"
    ).split()
)
"""Words that any other may stand beside."""

WIDE = 0.8
"""Least chance for which the language model and the words of a text are enough, where no list knows the wording."""

LONG_ENOUGH = 0.65
"""The same where the change makes a word of three characters and more: few of those are made by chance."""

UNUSUAL = 0.1
"""The most that a guess is worth that only the language model makes, of a sort that it often makes without need."""

LACKING = 0.3
"""The least that a set phrase which lacks a character is worth, whatever the language model says (never met in 1.3
million characters of clean text), and a character that usual writing has there."""

UNLISTED_NAME = 0.1
"""The most that a guess in a name is worth where no list knows the wording: any character may be meant there. The same
goes for what the text writes again: 试养, 蚕业."""

PAIRED = 0.95
"""What the language model must give to taking out one of two equal characters that are one apart: 有起有伏."""

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
    chances = [chance_of(setting, group, model_read=model_read) for group in found]
    slips = [group for group, chance in zip(found, chances, strict=True) if is_slip(group, chance)]
    best = best_by_place(found, chances)
    for group, alone in zip(found, chances, strict=True):
        is_near = any(is_beside(group, slip) for slip in slips)
        chance = max(alone, _near_a_slip(setting, group)) if is_near else alone
        if _is_explained(group, paired):
            chance = min(chance, ALONE)
        if is_mended_otherwise(group, chance, best):
            chance = min(chance, UNUSUAL)
        yield from (replace(suspect, probability=chance) for suspect in _once_a_layer(group.suspects))


def _near_a_slip(setting: Setting, group: Group) -> float:
    """Return the chance of a change near a slip, for what the language model gives to it; 0 where it may be meant."""
    change = group.change
    if group.model < MAYBE or group.repeats or not change[2] or is_number(change) or is_abbreviated(group):
        return 0.0
    if setting.is_shortened(change) or setting.is_made_alike(change) or setting.is_written_again(change):
        return 0.0
    if _is_poetic(setting, group) or is_style(group) or setting.is_in_new_word(change):
        return 0.0
    if is_name(setting, group) or persons.may_begin(setting.text, change[0]):
        return 0.0
    gain = reading(setting.text, change).gain
    if group.model >= ANOTHER and gain >= BREAKS and not setting.is_apart(change):
        return AGREED
    return LACKING if gain > 0 else 0.0


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
        listed = _guessed(setting, group, model_read=model_read)
        chances.append(max(listed, _guessed_alone(setting, group, model_read=model_read) if group.listed else 0.0))
    return min(SURE, 1 - math.prod(1 - chance for chance in chances))


def _guessed_alone(setting: Setting, group: Group, *, model_read: bool) -> float:
    """Return the chance of what a list knows as if none did: a list is no reason to doubt the language model.

    One that count alone vouches for may be: who writes 走家串巷 knows what everybody writes.
    """
    if not group.model or is_abbreviated(group):
        return 0.0
    chance = _guessed(setting, group.of_model, model_read=model_read)
    return min(chance, ALONE) if group.listed is Basis.FREQUENT else chance


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
    words = reading(setting.text, group.change)
    if _says_nothing(setting, group, words):
        return 0.0
    known = inputs(group, words)
    chance = weights(model_read=model_read).probability(known)
    if (
        is_only_unusual(group, words)
        or is_abbreviated(group)
        or (group.listed not in VOUCHED and setting.is_shortened(group.change))
        or _is_poetic(setting, group)
        or (not group.listed and setting.is_made_alike(group.change))
        or (group.listed in UNSURE and setting.is_in_new_word(group.change))
        or (group.model < PAIRED and setting.is_half_of_pair(group.change))
    ):
        return min(chance, UNUSUAL)
    if chance >= HOPELESS and is_name(setting, group):
        return min(
            ALONE if group.listed else UNLISTED_NAME, weights(model_read=model_read).probability(known | {NAMED: 1.0})
        )
    if not group.listed and chance > UNLISTED_NAME and setting.is_written_again(group.change):
        return UNLISTED_NAME
    is_plain = model_read and _is_plain_to_see(setting, group, words, 0.0)
    lacks = model_read and may_lack(setting, group, words)
    if is_plain or lacks or is_worth_a_look(group, words) or lacks_of_phrase(setting.text, group):
        chance = max(chance, LACKING)
    if not group.listed and persons.may_begin(setting.text, group.change[0]):
        return min(chance, UNLISTED_NAME)
    is_sure = is_certain(group, words) or (is_plain and _is_plain_to_see(setting, group, words, PLAINLY))
    is_sure = is_sure or (lacks and group.model >= WANTED and group.usage >= Usage.MET)
    if is_sure or _is_vouched_for(group, words):
        chance = max(chance, AGREED)
    is_proven = is_sure or _is_proven(group, words, chance)
    is_meant = is_style(group) or setting.is_apart(group.change) or setting.is_in_new_word(group.change)
    return chance if is_proven and not is_meant else min(chance, ALONE)


def _says_nothing(setting: Setting, group: Group, words: Reading) -> bool:
    """Return whether a change would only touch figures, a verb that is taken apart, or what is said of a word."""
    if is_number(group.change) and not _is_stray(group, words):
        return True
    return setting.is_taken_apart(group.change) or _is_said_of_a_word(setting.text, group)


def _is_stray(group: Group, words: Reading) -> bool:
    """Return whether a 一 has slipped into a word, and counts nothing: 澳大利一亚."""
    is_within = words.before <= 1 < words.after and words.gain >= PROOFS["extra"].gain
    return group.change[1:] == ("一", "") and is_within and group.model >= PROOFS["extra"].model


def _is_plain_to_see(setting: Setting, group: Group, words: Reading, by: float) -> bool:
    """Return whether a list and the words of a text agree on a change that the language model has no opinion on.

    It knows few rare words (踔励奋发), and asks for hardly any character that only looks like what stands (表祭强烈
    不满). ``by`` is how many more nats than ``PLAIN_TO_SEE`` are asked for.
    """
    if group.listed is Basis.IDIOM and all(group.change[1:]) and words.after >= WHOLE and words.gain >= UNREAD + by:
        return not setting.is_written_again(group.change) and not is_name(setting, group)
    if group.model >= AGREES or group.doubtful or not group.listed or not all(group.change[1:]):
        return False
    if setting.is_written_again(group.change) or is_name(setting, group):
        return False
    if group.listed is Basis.REVIEWED and any(len(one.right) >= WHOLE for one in group.suspects if one.basis):
        is_meant = words.before > 1 and any(one.kind == "shape" for one in group.suspects)  # 成交日期, 成文日期
        return not group.model and not is_meant and not by
    least = min(
        (PLAIN_TO_SEE.get(one.kind, math.inf) for one in group.suspects if one.basis in MINED), default=math.inf
    )
    return len(group.change[1]) == 1 and words.before <= 1 < words.after and words.gain >= least + by


def _is_said_of_a_word(text: str, group: Group) -> bool:
    """Return whether a character stands twice as a word ends with it and what is said of it begins: 软件包|包名."""
    at, wrong, right = group.change
    return len(wrong) == 1 and not right and (says_more(text, at) or (at > 0 and says_more(text, at - 1)))


def _is_vouched_for(group: Group, words: Reading) -> bool:
    """Return whether a list that somebody vouches for and the language model agree well enough on a change.

    A whole wording of four characters and more is hardly met by chance, and an idiom has but one form, so that less of
    the model will do: 争分夺妙, 大工告成.
    """
    if group.listed is Basis.IDIOM and words.after >= WHOLE:
        return group.model >= AGREES
    if not group.listed or group.doubtful:
        return False
    if group.usage is Usage.USUAL and group.model >= SECONDED:
        return True
    if group.usage is Usage.MET and group.model >= UNDISPUTED and words.stranded >= STRANDED:
        return True
    if group.listed not in VOUCHED:
        return False
    return group.model >= (LIKELY if words.after >= WHOLE else CERTAIN)


def _is_merely_counted(group: Group) -> bool:
    """Return whether count alone vouches for what a list says, and the change makes nothing that is well known."""
    if group.listed not in {Basis.FREQUENT, Basis.MINED_DOUBTFUL}:
        return False
    is_near = any(one.kind == NEAR_SOUND for one in group.suspects)
    return group.usage < (Usage.USUAL if is_near else Usage.MET)


def _is_in_poor_company(group: Group) -> bool:
    """Return whether all that stands beside the changed word in a counted wording is a word of every sentence.

    以上商位 is one slip away from what stands everywhere, 以上单位, which says nothing of what is meant.
    """
    counted = [one for one in group.suspects if one.basis is Basis.FREQUENT]
    company = {word for one in counted for word in (one.wrong[:2], one.wrong[2:]) if word in one.right}
    return group.listed is Basis.FREQUENT and bool(company) and company <= POOR_COMPANY


def _is_poetic(setting: Setting, group: Group) -> bool:
    """Return whether only the language model finds fault with a verse."""
    return not group.listed and setting.is_verse(group.change)


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

    What stands twice is for the rules of form to prove, which know 中医医院|医院信息系统 by its words. That words are
    easier to cut without a character is no proof of its own, for shorter text always is: 国会有议员 → 国会议员.
    """
    if group.repeats:
        return group.form > 0
    if group.listed and not _is_in_poor_company(group):
        return group.model >= (BEYOND_DOUBT if _is_merely_counted(group) else AGREES)
    if is_unheard_of(group, words) or not group.change[2]:
        return False
    is_long = words.after > max(2, words.before)
    if not is_long and any(one.kind == NEAR_SOUND for one in group.suspects):
        return False
    if not is_long and words.before > 1 and group.usage < Usage.USUAL and group.model < BEYOND_DOUBT:
        return False
    breaks = BREAKS_WORD if words.before > 1 else BREAKS
    return chance >= (LONG_ENOUGH if is_long else WIDE) and words.gain >= breaks
