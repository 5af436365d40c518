"""Say in the reader's language why something changed, where this program wrote the reason down and no person did.

The history keeps such a reason in few words that are the same for ever; what a person wrote stays as it is.
"""

from __future__ import annotations

import re

from checks.model import Text
from reports.remediation.entry import UNDO
from reports.remediation.states import STATES, State

TERM = re.compile(rf"({'|'.join(State)}) until (\d{{4}}-\d\d-\d\d)")
"""That the last day of a judgement is past."""

SUPPRESSION = re.compile(r"suppression (\d+)")
"""That a remembered judgement was taken back."""

CONFIGURATION = "config.yaml"
"""That the configuration no longer has a remembered judgement."""

WORDS = {
    UNDO: Text("撤销上一次修改", "the last change was taken back"),
    CONFIGURATION: Text("配置中不再有这条放行记录", "the configuration no longer remembers the judgement"),
}
ENDED = Text("“{state}”的期限已过（{day}）", "{state} ended on {day}")
TAKEN_BACK = Text("放行记录 {number} 已撤销", "remembered judgement {number} was taken back")


def term_over(state: State, until: object) -> str:
    """Return the reason that the last day of a judgement is past, as the history keeps it."""
    return f"{state} until {until}"


def suppression_lifted(number: int) -> str:
    """Return the reason that a remembered judgement was taken back, as the history keeps it."""
    return f"suppression {number}"


def in_words(why: str, language: str) -> str:
    """Return the reason of a change for people."""
    if why in WORDS:
        return WORDS[why](language)
    if match := TERM.fullmatch(why):
        return ENDED(language).format(state=STATES[State(match[1])].title(language), day=match[2])
    if match := SUPPRESSION.fullmatch(why):
        return TAKEN_BACK(language).format(number=match[1])
    return why
