"""What was looked at: in the reader's words, and adding up to the report."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from checks import CHECKS, RULES
from reports.coverage import LOOKED_AT, coverage
from reports.model import Tally
from reports.wording import words
from tests.factories import entry, finding, report, rule, run

ZH, EN = words("zh-CN"), words("en")


def lines(*entries, tallies, **fields):
    return coverage(report(*entries, checks=tallies, run=run(**fields)), ZH)


def test_findings_add_up_to_the_report_whatever_the_checks_counted():
    found = [entry(finding(RULES[name], key=f"{n}")) for n, name in enumerate(("broken-link", "broken-link", "typo"))]
    found.append(entry(finding(rule("of-no-check"))))
    made = lines(*found, tallies=(Tally("links", 33, 162), Tally("typos", 9, 12)))
    assert [(line.check, line.findings) for line in made] == [("链接", 2), ("错别字", 1), ("其他", 1)]
    assert sum(line.findings for line in made) == len(found)


@pytest.mark.parametrize(
    ("tally", "looked_at"),
    [
        (Tally("links", 37, 0), "142 个链接"),
        (Tally("typos", 0, 0), "79 个网页的文字"),
        (Tally("privacy", 3, 0), "79 个网页"),
        (Tally("freshness", 10, 0), "10 个栏目"),
        (Tally("ipv6", 0, 0), "没有可查的对象"),
        (Tally("of-before", 7, 0), "7"),
    ],
)
def test_pages_answered_for_from_memory_were_looked_at(tally, looked_at):
    (line,) = lines(tallies=(tally,), pages=79, links=142)
    assert line.looked_at == looked_at


def test_every_check_says_what_it_looked_at():
    tallies = tuple(Tally(check.id, 2, 0) for check in CHECKS)
    assert {check.subject.__name__ for check in CHECKS} == set(LOOKED_AT)
    for say in (ZH, EN):
        made = coverage(replace(report(), checks=tallies), say)
        assert all(line.looked_at.strip() and "{" not in line.looked_at for line in made)


def test_what_failed_is_counted():
    (line,) = lines(tallies=(Tally("typos", 9, 0, errors=2),), pages=9)
    assert line.failed == 2
