"""What a remembered judgement covers: a word that was called right is in the vocabulary, whatever it was to become."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from checks.model import Excerpt, Severity
from reports.remediation.suppressions import Suppression, SuppressionKind
from tests.factories import finding, rule

TODAY = date(2026, 11, 30)
MADE = datetime(2026, 11, 1, tzinfo=UTC)


def judgement(wrong="市民中新", right="市民中心", **fields):
    known = {"kind": SuppressionKind.PAIR, "author": "张三", "reason": "名称", "made": MADE}
    return Suppression(wrong=wrong, right=right, **(known | fields))


def typo(text, right, family="typos"):
    """A finding about what stands between brackets."""
    before, rest = text.split("[")
    wrong, after = rest.split("]")
    return finding(
        rule("typo", Severity.MAJOR, family=family),
        params={"wrong": wrong, "right": right},
        text=Excerpt(before, wrong, after, len(before)),
    )


@pytest.mark.parametrize(
    ("found", "covered"),
    [
        (typo("请到[市民中新]办理", "市民中心"), True),
        (typo("请到[市民中新]办理", "市民中兴"), True),  # the same word, another suggestion
        (typo("请到市民[中新]办理", "中心"), True),  # a part of it
        (typo("请到[市民中新办里]", "市民中心办理"), False),  # beyond it
        (typo("请到[中新]办理", "中心"), False),  # not the word
        (typo("市民中新和[市名]中心", "市民"), False),  # elsewhere in the sentence
        (typo("请到[市民中新]办理", "市民中兴", family="pages"), False),
    ],
)
def test_a_word_that_was_called_right_is_right_as_it_stands(found, covered):
    assert judgement().covers("a", found, TODAY) is covered


@pytest.mark.parametrize(("wrong", "right"), [("的", "地"), ("，，", "，"), ("A4", "a4")])
def test_what_is_no_word_stands_for_its_pair_alone(wrong, right):
    called_right = judgement(wrong, right)
    assert called_right.covers("a", typo(f"一[{wrong}]二", right), TODAY)
    assert not called_right.covers("a", typo(f"一[{wrong}]二", "得"), TODAY)


def test_it_holds_on_its_site_and_until_its_last_day():
    found = typo("请到市民[中新]办理", "中心")
    here = judgement(site="a", until=TODAY)
    assert here.covers("a", found, TODAY)
    assert not here.covers("b", found, TODAY)
    assert not here.covers("a", found, date(2026, 12, 1))
