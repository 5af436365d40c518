"""Say where a wording lacks a character that lists know it with, and where it was left out on purpose."""

from __future__ import annotations

from checks.typos.around import Around
from checks.typos.candidate import Basis, Suspect
from checks.typos.form.stutter import JOINING, SUFFIXES
from checks.typos.lexicon.boundaries import is_han
from checks.typos.segmentation import vocabulary
from checks.typos.weighing.groups import Group
from checks.typos.weighing.rereading import Reading
from checks.typos.weighing.setting import SHORT_ENDS, Setting

WHOLE = 4
"""Characters of the wording that a change makes from which on less of the language model will do."""

SECONDED = 0.9
"""What the language model must give to what any list says, where official writing has what the change makes again and
again."""

UNVOUCHED = frozenset({Basis.FREQUENT, Basis.MINED_DOUBTFUL, Basis.MINED_HINT})
"""Lists that count alone vouches for."""

LACKED_BY = frozenset({Basis.PHRASE, Basis.MINED, Basis.MINED_DOUBTFUL})
"""Lists that know what is left of a wording without a character."""

FAVOURS, EASIER, PLAINLY_EASIER, WANTED = 0.4, 5.0, 9.5, 0.85
"""What the language model must give to a character that such a list misses in a wording of four and more, and by how
many nats words must be easier to cut with it, for it to be worth a look; how many where the model has no opinion; and
what the model must give for it to be certain. In 4.1 million characters of clean text the first was so of two places,
neither of which lacked one (优结构), the second of four, of which one did (随机抽), the last of one, which did
(嘉峪市)."""


def may_lack(setting: Setting, group: Group, words: Reading) -> bool:
    """Return whether a list and the words of a text agree that a wording lacks a character: 多边义, 实事求."""
    if group.listed not in LACKED_BY or group.suspects[0].kind != "missing" or words.after < WHOLE:
        return False
    if setting.is_in_new_word(group.change):
        return False
    if group.model >= FAVOURS:
        return words.gain >= EASIER
    return words.gain >= PLAINLY_EASIER and all(_stands_clear(setting.text, one) for one in group.suspects)


def _stands_clear(text: str, one: Suspect) -> bool:
    """Return whether no character beside a wording stands alone that may belong to it: not so in 社|零总额."""
    around = Around.of(text, one.start, one.end)
    left, right = around.word_at(one.start - 1), around.word_at(one.end)
    return all(len(word) != 1 or word in JOINING or not is_han(word) for word in (left, right))


def is_abbreviated(group: Group) -> bool:
    """Return whether the character that a list misses was left out on purpose: 护理险, 生态游, 身份码.

    What stands ends with a character that makes nouns of shorter words, and stood for the longer word's end.
    """
    missed = [one for one in group.suspects if one.kind == "missing" and one.basis in UNVOUCHED]
    ends = SHORT_ENDS if group.model >= SECONDED else SUFFIXES | SHORT_ENDS
    return any(
        one.wrong[:-1] == one.right[:-2]
        and one.wrong[-1:] == one.right[-1:]
        and one.wrong[-1:] in ends
        and vocabulary().costs([one.wrong[:-1]]) != [None]
        for one in missed
    )


def lacks_of_phrase(text: str, group: Group) -> bool:
    """Return whether a set phrase lacks a character or has two swapped: 以人民中心 is no other phrase.

    It begins where a word does: 渔政|服务平台 is no 政务服务平台.
    """
    lacking = [one for one in group.suspects if one.basis is Basis.PHRASE and one.kind in {"missing", "transposed"}]
    return any(Around.of(text, one.start, one.end).is_border(one.start) for one in lacking)
