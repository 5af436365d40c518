"""Say what the language model is worth alone: where it leaves no doubt, and where it says nothing.

It is believed by the sort of change, by how sure it is, by how much easier the words are to cut with the change, and by
whether official or everyday writing has what the change makes, with a few characters around it (``Usage``).
"""

from __future__ import annotations

from typing import NamedTuple

from checks.typos.candidate import Usage
from checks.typos.form.stutter import ASPECTS
from checks.typos.lexicon.boundaries import is_han
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

USUALLY = {"homophone": 0.985, "shape": 0.985, "missing": 0.97, "repeated": 0.985}
"""What the model must give to a change whatever the words, where what it makes is usual; what is swapped, or taken out,
is often right both ways. In 3.6 million characters of clean text it said so of three missing characters, all of which
were missing; of 130 planted ones 16 are confirmed."""

WORD_FOR_WORD = 0.985
"""The same for a character that makes another word of a word that sounds alike: 开战 → 开展. In 4.1 million characters
of clean text it said so of nothing but 做 and 作; at 0.97, of 道路行使, which is a slip, and of 交纳."""

CERTAINLY = 0.98
"""What the model must give to a word or character put for another, for it to prove anything, where neither official nor
everyday writing has what the change makes: what it said below was wrong 14 times in 15."""

LESS = {"transposed": Proof(0.97, 4.0), NEAR_SOUND: Proof(0.985, 5.5)}
"""Where less will do, because what stands is no word by itself: of two that were swapped into what is usual, and of a
near sound that writing has met, beside a character that seldom is a word."""

STRANDED, OUT_OF_PLACE = 2.5, 1.5
"""Nats (``Reading.stranded``, ``Reading.own``) from which on what stands beside a change, or what stands in its place,
stands alone though it hardly ever does."""

MENDS = 5.0
"""Nats by which words must be easier to cut with a character that is missing behind a mark."""

PROVEN_STRANDED = {"missing": 0.9, "extra": 0.85}
"""What the model must give to a character that is missing or one too many, to be believed where one beside it is
stranded. In 2.2 million characters of clean text that nothing was learnt from it said so of two missing characters,
which were missing, and of nothing too many."""

WORTH_A_LOOK = {"missing": 0.7, "extra": 0.6}
"""The same for somebody to look at it."""

TORN, UNREADABLE = 3.0, 10.0
"""Nats (``Reading.stranded``, ``Reading.gain``) from which on a word is torn: what is left of it stands alone though it
hardly ever does, and the words are that much easier to cut with the change (棠判 for 谈判, 里事长 for 理事长)."""

TORN_LOOK = {"homophone": 0.95, "shape": 0.95, NEAR_SOUND: 0.95, "extra": 0.9, "repeated": 0.9}
"""What the model must give to a change that mends a torn word, for somebody to look at it, whether anybody writes what
it makes or not. In 4.2 million characters of clean text that the counts had not seen it said so of two places (蚕房,
食家庄); of 1,530 slips planted into such text, of 19 that were not reported before."""

STUTTER = 0.96
"""What the model must give to the second of two equal characters that is no word, to be believed."""

BEYOND_DOUBT = 0.997
"""The same for sounds that are only near, for what lists say that count alone vouches for (走家串巷 → 走街串巷),
and for words that nobody writes where another word stands (小蠹 → 消毒)."""

SURELY = {
    NEAR_SOUND: 0.97,
    "homophone": 0.97,
    "shape": 0.97,
    "transposed": 0.985,
    "extra": 0.97,
    "repeated": 0.97,
    "missing": 0.95,
}
"""What the model must give to a change for anybody to look at it, by the sort: below, in 3.6 million characters of
clean text, one guess in forty was a slip."""

BROKEN, BREAKS = {"homophone": 0.945, "shape": 0.945}, 8.0
"""The same where words are so many nats easier to cut with the change."""

SWAPPED, ORDERED = 0.9, 3.0
"""The same for what is swapped, where words are so many nats easier to cut in the other order."""

MISSING = 0.925
"""The same for a character that is missing, where what it makes is usual: one in two was missing indeed."""

UNDOUBTED = 0.985
"""The same where the model does not know what the change makes and what stands is a word, or what comes holds sentences
together (替 → 是, 访客 → 方可): some other word is always likelier than a rare one."""

LACKED = 0.925
"""What the model must give to such a character for it to be worth a look whatever the other inputs say."""

FROM_WORD_TO_WORD, USUAL_WORD = 0.99, 0.97
"""The same where what stands is a word and becomes no longer one (盗印, 盗用); the second where that is usual."""

PRONOUNS = frozenset("他她它其此这那你您我")
"""Characters that stand for what was said: any may be meant, and no two of them sound alike enough."""

IN_TURN = frozenset("做作")
"""Characters that are written for each other as a matter of style: 未做规定, 作出贡献."""

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
    if not _is_rewording(group) and group.model < _least(group, words):
        return True
    if PRONOUNS.issuperset(group.change[1] + group.change[2]):
        return True
    if _puts_for_another(group) and not _sort(group, words):
        return group.model < (USUAL_WORD if group.usage is Usage.USUAL else FROM_WORD_TO_WORD)
    if _is_torn(group, words):
        return False
    undoubted = PROOFS[REWORDED].model if _is_rewording(group) else UNDOUBTED
    return group.usage is Usage.UNKNOWN and group.model < undoubted and _is_a_word_already(group, words)


def _least(group: Group, words: Reading) -> float:
    """Return what the model must give to a change for anybody to look at it."""
    kind = next((one.kind for one in group.suspects if one.layer == LANGUAGE_MODEL), "")
    if is_stranding(group, words):
        return WORTH_A_LOOK[kind]
    if _is_torn(group, words):
        return TORN_LOOK[kind]
    if kind == "missing" and group.usage is Usage.USUAL:
        return MISSING
    if _is_out_of_order(group, words):
        return SWAPPED
    if kind in BROKEN and words.gain >= BREAKS:
        return BROKEN[kind]
    return SURELY.get(kind, 0.0)


def is_style(group: Group) -> bool:
    """Return whether a change only puts one way to write a word for another, which is for a person to decide."""
    _, wrong, right = group.change
    return not group.listed and wrong != right and {wrong, right} <= IN_TURN


def is_stranding(group: Group, words: Reading) -> bool:
    """Return whether a character beside what is missing or too many stands alone that hardly ever does: 努和, 意及志.

    What the change makes must be known. Behind a mark a clause may begin with any verb (，计三千元), so that words must
    be easier to cut as well.
    """
    one = group.suspects[0]
    if one.kind not in PROVEN_STRANDED or group.usage is Usage.UNKNOWN or words.stranded < STRANDED:
        return False
    return bool(one.right and is_han(one.right[0])) or one.kind == "extra" or words.gain >= MENDS


def _is_torn(group: Group, words: Reading) -> bool:
    """Return whether a change mends a word that is torn, what stands being no word itself."""
    is_one = group.suspects[0].kind in TORN_LOOK and not _is_rewording(group)
    return is_one and words.before <= 1 and words.stranded >= TORN and words.gain >= UNREADABLE


def is_worth_a_look(group: Group, words: Reading) -> bool:
    """Return whether somebody should look at a change that only the language model makes, whatever the weights say."""
    kind = group.suspects[0].kind
    if group.listed:
        return False
    if is_stranding(group, words):
        return group.model >= WORTH_A_LOOK[kind]
    if _is_torn(group, words):
        return group.model >= TORN_LOOK[kind]
    if _is_out_of_order(group, words):
        return group.model >= SWAPPED
    return kind == "missing" and group.usage is Usage.USUAL and group.model >= LACKED


def _is_out_of_order(group: Group, words: Reading) -> bool:
    """Return whether two characters that are no word would be one in the other order; 移转 and 北南 are words."""
    is_swapped = group.suspects[0].kind == "transposed" and words.before <= 1
    return is_swapped and group.usage >= Usage.MET and words.gain >= ORDERED


def is_certain(group: Group, words: Reading) -> bool:
    """Return whether the language model leaves no doubt about a change, and the words of the text agree by far.

    Of 投了票 nothing is certain: many verbs are taken apart by what says when something is done.
    """
    if group.listed or group.change[1] in ASPECTS:
        return False
    if _is_stranded_for_certain(group, words) or _is_stutter(group, words):
        return True
    proof = PROOFS.get(_sort(group, words))
    if _is_out_of_place(group, words) or _is_word_for_word(group, words):
        return True
    if proof is None or is_unheard_of(group, words):
        return False
    usually = USUALLY.get(group.suspects[0].kind)
    is_word = group.repeats and len(group.change[1]) > 1  # 中医医院|医院信息系统
    if usually is not None and group.usage is Usage.USUAL and group.model >= usually and not is_word:
        return True
    return group.model >= proof.model and words.gain >= proof.gain


def _is_stranded_for_certain(group: Group, words: Reading) -> bool:
    is_usual = group.usage is Usage.USUAL and words.gain >= 0
    return is_usual and is_stranding(group, words) and group.model >= PROVEN_STRANDED[group.suspects[0].kind]


def _is_out_of_place(group: Group, words: Reading) -> bool:
    """Return whether less of the model will do, because what stands there is out of place (``LESS``)."""
    kind = group.suspects[0].kind
    proof = LESS.get(kind)
    if proof is None or group.usage is Usage.UNKNOWN or words.before > 1:
        return False
    stands_alone = min(words.own, words.stranded) >= OUT_OF_PLACE
    is_odd = stands_alone if kind == NEAR_SOUND else group.usage is Usage.USUAL
    return is_odd and group.model >= proof.model and words.gain >= proof.gain


def _is_word_for_word(group: Group, words: Reading) -> bool:
    """Return whether a word stands for one that sounds alike, and that official writing has there again and again."""
    is_usual = group.suspects[0].kind == "homophone" and group.usage is Usage.USUAL
    return is_usual and min(words.before, words.after) > 1 and group.model >= WORD_FOR_WORD and words.gain >= 0


def _is_stutter(group: Group, words: Reading) -> bool:
    """Return whether a character stands twice that is no word, so that the second belongs nowhere: 提出出, 国国."""
    is_alone = words.before == 1 and words.own >= OUT_OF_PLACE
    return group.suspects[0].kind == "repeated" and is_alone and group.model >= STUTTER


def is_unheard_of(group: Group, words: Reading) -> bool:
    """Return whether nobody writes what a change makes, and the language model has a doubt left.

    It never is in doubt about the commonest characters, and wrong about them as often: 还替 → 还是.
    """
    if not _puts_for_another(group):
        return False
    if group.suspects[0].kind == NEAR_SOUND:
        return group.usage < Usage.USUAL and group.model < BEYOND_DOUBT and not _is_out_of_place(group, words)
    if group.change[2] in COMMONEST:
        return group.usage < Usage.USUAL
    return group.usage is Usage.UNKNOWN and group.model < (BEYOND_DOUBT if _is_rewording(group) else CERTAINLY)


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
