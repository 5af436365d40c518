"""Say in the reader's language why something changed, where this program wrote the reason down and no person did.

The history keeps such a reason in few words that are the same for ever, and what a look saw in both languages: nobody
knows who will read it. What a person wrote stays as it is.
"""

from __future__ import annotations

import json
import re

from checks.late_pattern import late
from checks.model import Severity, Text
from reports.remediation.entry import UNDO
from reports.remediation.states import STATES, State
from reports.wording import words

TERM = late(rf"({'|'.join(State)}) until (\d{{4}}-\d\d-\d\d)")
"""That the last day of a judgement is past."""

SUPPRESSION = re.compile(r"suppression (\d+)")
"""That a remembered judgement was taken back."""

RISE = late(rf"({'|'.join(Severity)}) to ({'|'.join(Severity)})")
"""That the fault became graver, from which severity to which."""

IN_BOTH = '{"zh-CN": '
"""How what a look saw begins, an object of JSON by language."""

CONFIGURATION = "config.yaml"
"""That the configuration no longer has a remembered judgement."""

WORDS = {
    UNDO: Text("撤销上一次修改", "the last change was taken back"),
    CONFIGURATION: Text("配置中不再有这条放行记录", "the configuration no longer remembers the judgement"),
}
ENDED = Text("“{state}”的期限已过（{day}）", "{state} ended on {day}")
TAKEN_BACK = Text("放行记录 {number} 已撤销", "remembered judgement {number} was taken back")
RISEN = Text("等级由“{before}”升为“{after}”", "its severity rose from {before} to {after}")


def term_over(state: State, until: object) -> str:
    """Return the reason that the last day of a judgement is past, as the history keeps it."""
    return f"{state} until {until}"


def suppression_lifted(number: int) -> str:
    """Return the reason that a remembered judgement was taken back, as the history keeps it."""
    return f"suppression {number}"


def severity_risen(before: Severity, after: Severity) -> str:
    """Return the reason that a fault became graver, as the history keeps it."""
    return f"{before} to {after}"


def seen_as(evidence: Text) -> str:
    """Return what a look saw, as the history keeps it; half of a pair of surrogates, which no store holds, is ``?``."""
    both = {"zh-CN": evidence.zh, "en": evidence.en}
    return json.dumps(both, ensure_ascii=False).encode("utf-8", "replace").decode()


def in_words(why: str, language: str) -> str:
    """Return the reason of a change for people."""
    if why.startswith(IN_BOTH):
        return _in_language(why, language)
    if why in WORDS:
        return WORDS[why](language)
    if match := TERM.fullmatch(why):
        return ENDED(language).format(state=STATES[State(match[1])].title(language), day=match[2])
    if match := SUPPRESSION.fullmatch(why):
        return TAKEN_BACK(language).format(number=match[1])
    if match := RISE.fullmatch(why):
        before, after = (words(language).label("severity", severity) for severity in match.groups())
        return RISEN(language).format(before=before, after=after)
    return why


def _in_language(why: str, language: str) -> str:
    """Return what a look saw; what only looks like it, since a person wrote it, as it is."""
    try:
        match json.loads(why):
            case {"zh-CN": str(zh), "en": str(en)}:
                return Text(zh, en)(language)
    except ValueError:
        pass
    return why
