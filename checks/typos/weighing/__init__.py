"""Weigh what all layers say of a change into one chance: the only place where a guess becomes a finding.

``rereading`` says what a suspicion changes and how the words read with it, ``setting`` where a wording may be meant all
the same, ``groups`` what the layers know of it, ``lacking`` where a list misses a character, ``beside`` what a slip
near it means, ``weights`` how far that is believed, and ``chance`` decides.
"""

from checks.typos.weighing.chance import ALONE, NAMED, chance_of, is_name, weigh
from checks.typos.weighing.groups import Group, groups, inputs
from checks.typos.weighing.rereading import LANGUAGE_MODEL, Edit, Reading, edit, in_words, reading
from checks.typos.weighing.setting import Setting
from checks.typos.weighing.weights import Weights

__all__ = [
    "ALONE",
    "LANGUAGE_MODEL",
    "NAMED",
    "Edit",
    "Group",
    "Reading",
    "Setting",
    "Weights",
    "chance_of",
    "edit",
    "groups",
    "in_words",
    "inputs",
    "is_name",
    "reading",
    "weigh",
]
