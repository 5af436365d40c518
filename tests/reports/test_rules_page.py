"""docs/rules.md says what the rules say: no rule goes undocumented, no text goes stale."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from checks import CHECKS, RULES
from checks.model import Check, Finding, Page, Severity, Text
from reports.rules import field_docstrings, page
from tests.factories import rule

DOCS = Path(__file__).parents[2] / "docs" / "rules.md"


@pytest.fixture(scope="module")
def of_all_checks() -> str:
    return page(CHECKS)


def test_the_page_is_current(of_all_checks):
    assert DOCS.read_text("utf-8") == of_all_checks, "docs/rules.md is old: make rules"


def test_the_page_is_printed(of_all_checks):
    printed = subprocess.run([sys.executable, "-m", "reports.rules"], capture_output=True, check=True)
    assert printed.stdout.decode("utf-8") == of_all_checks


@pytest.mark.parametrize("rule_id", RULES)
def test_every_rule_says_everything_in_both_languages(of_all_checks, rule_id):
    documented = RULES[rule_id]
    assert documented.id == rule_id
    messages = documented.message.values() if isinstance(documented.message, Mapping) else [documented.message]
    for text in (documented.title, documented.why, documented.remedy, documented.basis, *messages):
        assert text.zh.strip()
        assert text.en.strip()
    assert f"### {rule_id}\n" in of_all_checks


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_setting_is_explained(check):
    explained = field_docstrings(check)
    unexplained = [name for name in check.__struct_fields__ if name not in explained and name not in check.__doc__]
    assert unexplained == []


def test_rules_and_checks_have_names_of_their_own():
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert len(RULES) == sum(len(check.rules) for check in CHECKS)


class Sample(Check[Page], frozen=True):
    """Look at a page.

    Settings stand below.
    """

    id = "sample"
    default = False
    rules = (
        rule("first", Severity.CRITICAL, message={"one": Text("甲", "A"), "two": Text("乙", "B")}),
        rule("second", unverified=True),
    )

    limit: int = 14
    """Days that may pass,
    or ``weeks``."""
    names: tuple[str, ...] = ("a|b",)
    """Names that count."""

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Find nothing."""
        yield from ()


def test_a_check_is_written_down():
    written = page([Sample])
    assert "| [`first`](#first) | 示例问题 | Critical | [sample](#check-sample) |" in written
    assert "Look at a page.\n\nSettings stand below." in written
    assert "Runs only where it is asked for: `checks.sample.run: true`." in written
    assert "| `checks.sample.limit` | `14` | Days that may pass, or `weeks`. |" in written
    assert "| `checks.sample.names` | `('a\\|b',)` | Names that count. |" in written
    assert "- **What:**\n  - `one`: 甲 / A\n  - `two`: 乙 / B\n" in written
    assert "- **Basis:** 示例条款 / Sample clause (not verified at its source)" in written
