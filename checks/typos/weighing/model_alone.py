"""Say what the language model is worth alone: where it leaves no doubt, and where it says nothing.

It is believed by the sort of change, by how sure it is, by how much easier the words are to cut with the change, and by
whether official or everyday writing has what the change makes, with a few characters around it (``Usage``).
"""

from __future__ import annotations

from typing import NamedTuple

from checks.typos.candidate import Usage
from checks.typos.form.stutter import ASPECTS
from checks.typos.segmentation import vocabulary
from checks.typos.weighing.groups import Group
from checks.typos.weighing.rereading import LANGUAGE_MODEL, Reading


class Proof(NamedTuple):
    """What the language model must give to a change at least, and by how many nats its words must be easier to cut."""

    model: float
    gain: float


REWORDED = "reworded"
"""The sort of change that puts a word of two characters for another of the same sound: 乡村智利 → 治理."""

NEAR_SOUND = "near-homophone"
"""The kind of change that the language model proposes wrongly as often as not."""

PROOFS = {
    REWORDED: Proof(0.975, 0.0),
    NEAR_SOUND: Proof(0.985, 4.0),
    "homophone": Proof(0.98, 5.0),
    "shape": Proof(0.98, 5.0),
    "transposed": Proof(0.98, 8.0),
    "extra": Proof(0.97, 10.0),
    "repeated": Proof(0.99, 8.0),
    "missing": Proof(0.985, 6.0),
}
"""From where on the language model leaves no doubt, by the sort of change. First read off 1.3 million characters of
official writing, statutes and news that it had not counted, and 540 slips planted into such text."""

USUALLY = {"homophone": 0.985, "shape": 0.985, "missing": 0.97}
"""What the model must give to a change whatever the words, where what it makes is usual; what is swapped, or taken out,
is often right both ways. In 3.6 million characters of clean text it said so of three missing characters, all of which
were missing; of 130 planted ones 16 are confirmed."""

CERTAINLY = 0.98
"""What the model must give to a word or character put for another, for it to prove anything, where neither official nor
everyday writing has what the change makes: what it said below was wrong 14 times in 15."""

BEYOND_DOUBT = 0.997
"""The same for sounds that are only near, and for what lists say that count alone vouches for (走家串巷 → 走街串巷)."""

SURELY = {
    NEAR_SOUND: 0.97,
    "homophone": 0.945,
    "shape": 0.945,
    "transposed": 0.98,
    "extra": 0.97,
    "repeated": 0.97,
    "missing": 0.95,
}
"""What the model must give to a change for anybody to look at it, by the sort: below, in 3.6 million characters of
clean text, one guess in forty was a slip."""

MISSING = 0.9
"""The same for a character that is missing, where what it makes is usual: one in two was missing indeed."""

UNDOUBTED = 0.985
"""The same where the model does not know what the change makes and what stands is a word, or what comes holds sentences
together (替 → 是, 访客 → 方可): some other word is always likelier than a rare one."""

LACKED = 0.925
"""What the model must give to such a character for it to be worth a look whatever the other inputs say."""

FROM_WORD_TO_WORD, USUAL_WORD = 0.99, 0.97
"""The same where what stands is a word and becomes no longer one (盗印, 盗用); the second where that is usual."""

PLAIN = 10.0
"""Cost in nats up to which a character is a word of its own that everybody uses: 去, 无, 边."""

COMMONEST = frozenset("是在的有了不和与各此")
"""Characters that stand in every sentence, so that the language model finds them likely anywhere."""


def is_only_unusual(group: Group, words: Reading) -> bool:
    """Return whether only the language model finds a change better, of a sort that it often proposes without need.

    So many characters sound nearly the same that it finds another word wherever one is rare (固定商位, 固定单位).
    """
    if group.listed:
        return False
    kind = next((one.kind for one in group.suspects if one.layer == LANGUAGE_MODEL), "")
    least = MISSING if kind == "missing" and group.usage is Usage.USUAL else SURELY.get(kind, 0.0)
    if not _is_rewording(group) and group.model < least:
        return True
    if _puts_for_another(group) and not _sort(group, words):
        return group.model < (USUAL_WORD if group.usage is Usage.USUAL else FROM_WORD_TO_WORD)
    undoubted = PROOFS[REWORDED].model if _is_rewording(group) else UNDOUBTED
    return group.usage is Usage.UNKNOWN and group.model < undoubted and _is_a_word_already(group, words)


def may_be_missing(group: Group) -> bool:
    """Return whether a character is missing that usual writing has in this place."""
    is_usual = group.usage is Usage.USUAL and not group.listed
    return is_usual and group.suspects[0].kind == "missing" and group.model >= LACKED


def is_certain(group: Group, words: Reading) -> bool:
    """Return whether the language model leaves no doubt about a change, and the words of the text agree by far.

    Of 投了票 nothing is certain: many verbs are taken apart by what says when something is done.
    """
    proof = PROOFS.get(_sort(group, words))
    if proof is None or group.listed or group.change[1] in ASPECTS or is_unheard_of(group):
        return False
    usually = USUALLY.get(group.suspects[0].kind)
    if usually is not None and group.usage is Usage.USUAL and group.model >= usually:
        return True
    return group.model >= proof.model and words.gain >= proof.gain


def is_unheard_of(group: Group) -> bool:
    """Return whether nobody writes what a change makes, and the language model has a doubt left.

    It never is in doubt about the commonest characters, and wrong about them as often: 还替 → 还是.
    """
    if not _puts_for_another(group):
        return False
    if group.suspects[0].kind == NEAR_SOUND:
        return group.usage < Usage.USUAL and group.model < BEYOND_DOUBT
    if group.change[2] in COMMONEST:
        return group.usage < Usage.USUAL
    return group.usage is Usage.UNKNOWN and group.model < CERTAINLY


def _sort(group: Group, words: Reading) -> str:
    """Return the sort of a change, as ``PROOFS`` has it; "" where what stands is a word and becomes no longer one."""
    kind, right = group.suspects[0].kind, group.change[2]
    if _is_rewording(group):
        return REWORDED
    return kind if words.before <= 1 or words.after > words.before or not right else ""


def _is_rewording(group: Group) -> bool:
    """Return whether a change puts a word of two characters for another that sounds alike."""
    _, wrong, right = group.change
    return len(wrong) == len(right) == len("治理") and group.suspects[0].kind != "transposed"


def _puts_for_another(group: Group) -> bool:
    """Return whether a change puts one thing for another, and not only something in, out or elsewhere."""
    return bool(group.change[1] and group.change[2]) and group.suspects[0].kind != "transposed"


def _is_a_word_already(group: Group, words: Reading) -> bool:
    """Return whether what stands is a word that may be meant, or becomes one that stands everywhere."""
    _, wrong, right = group.change
    if not wrong or not right:
        return False
    if words.before > 1 or right in COMMONEST:
        return True
    (cost,) = vocabulary().costs([wrong])
    return cost is not None and cost <= PLAIN
