"""Why something changed, in the reader's language, where no person wrote the reason."""

from __future__ import annotations

from datetime import date

import pytest

from checks.model import Severity, Text
from reports.remediation.entry import UNDO
from reports.remediation.reasons import (
    CONFIGURATION,
    in_words,
    seen_as,
    severity_risen,
    suppression_lifted,
    term_over,
)
from reports.remediation.states import STATES, EndDate, State


@pytest.mark.parametrize("state", [state for state, rule in STATES.items() if rule.end is not EndDate.NONE])
def test_the_end_of_a_judgement_is_said_with_its_state_and_day(state):
    why = term_over(state, date(2026, 12, 1))
    assert in_words(why, "zh-CN") == f"“{STATES[state].title.zh}”的期限已过（2026-12-01）"
    assert in_words(why, "en") == f"{STATES[state].title.en} ended on 2026-12-01"


@pytest.mark.parametrize(
    ("why", "chinese", "english"),
    [
        (UNDO, "撤销上一次修改", "the last change was taken back"),
        (suppression_lifted(12), "放行记录 12 已撤销", "remembered judgement 12 was taken back"),
        (CONFIGURATION, "配置中不再有这条放行记录", "the configuration no longer remembers the judgement"),
        (
            severity_risen(Severity.MINOR, Severity.CRITICAL),
            "等级由“提示”升为“严重”",
            "its severity rose from Minor to Critical",
        ),
        (seen_as(Text('HTTP 200：“a"\\”', "HTTP 200: a\0")), 'HTTP 200：“a"\\”', "HTTP 200: a\0"),
        (seen_as(Text("坏\ud800字", "bad")), "坏?字", "bad"),
    ],
)
def test_what_the_program_wrote_down_is_said_in_both_languages(why, chinese, english):
    assert (in_words(why, "zh-CN"), in_words(why, "en")) == (chinese, english)


AS_THEY_ARE = ["", "等改版", "no state until 2026-12-01", "suppression of typos", str(State.CLOSED)]
AS_THEY_ARE += ["minor to nobody", "等级由“提示”升为“严重”", "HTTP 200：/a.html"]
AS_THEY_ARE += ['{"zh-CN": ', '{"zh-CN": "好"}', '{"zh-CN": "好", "en": 1}', '{"zh-CN": ["好"]}']
"""What persons wrote, and what an older version wrote in Chinese alone."""


@pytest.mark.parametrize("why", AS_THEY_ARE)
def test_what_a_person_wrote_stays_as_it_is(why):
    assert in_words(why, "zh-CN") == in_words(why, "en") == why
