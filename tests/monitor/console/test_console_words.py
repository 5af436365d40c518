"""Every word that pages ask for is there in both languages, and none that they do not."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

from monitor.accounts.auditing import Via
from monitor.console.console_words import PACKAGE, preferred_language
from monitor.console.menu import MENU
from monitor.store.ledger.entry_browsing import EntryOrder, Facet
from monitor.store.outbox import MessageState
from reports import FORMATS
from reports.period import PERIOD_FORMATS
from reports.remediation.entry import ChangeCause
from reports.remediation.recheck_verdict import RecheckResult
from reports.remediation.spreadsheet_merging import LineKind
from reports.remediation.suppressions import SuppressionKind
from reports.wording import LANGUAGES, words

ROOT = files(PACKAGE)

COMPUTED = {
    *(f"nav.{section.name}" for section in MENU),
    *(f"nav.{item.name}" for section in MENU for item in section.items),
    *(f"ledger_page.facet_{facet}" for facet in Facet),
    *(f"ledger_page.order_{order}" for order in EntryOrder),
    *(f"app.theme_{theme}" for theme in ("auto", "light", "dark")),
    *(f"site_page.weekday_{day}" for day in range(1, 8)),
    *(
        f"fault.{part}_{status}"
        for part in ("title", "text")
        for status in (400, 401, 403, 404, 405, 413, 422, 500, 503)
    ),
}
"""Keys that templates put together."""

BY_LABEL = {
    *("level", "cause", "field", "recheck_result", "to", "scope_short"),
    *(
        "triage_key",
        "suppression_kind",
        "message_state",
        "via",
        "audit_action",
        "report_format",
        "line_kind",
        "period_format",
        "token_scope",
        "token_scope_hint",
    ),
}
"""Sections whose keys are ids."""


def table(language):
    return tomllib.loads(ROOT.joinpath(f"locale/{language}.toml").read_text("utf-8"))


def sources():
    for folder in ("templates", "pages", "actions", "queries", "."):
        for each in ROOT.joinpath(folder).iterdir():
            if each.name.endswith((".jinja", ".py")):
                yield each.read_text("utf-8")


def test_both_languages_have_the_same_keys_and_placeholders():
    chinese, english = (table(language) for language in LANGUAGES)
    assert {name: set(part) for name, part in chinese.items()} == {name: set(part) for name, part in english.items()}
    for section, part in chinese.items():
        for key, text in part.items():
            other = english[section][key]
            fields = [set(re.findall(r"\{(\w+)\}", each)) for each in (text, other)]
            assert fields[0] == fields[1], f"{section}.{key}"


def test_no_section_stands_in_the_words_of_the_reports_as_well():
    assert set(table("en")) & set(words("en").table) == set()


def test_every_word_is_asked_for_and_every_word_asked_for_is_there():
    known = table("en")
    asked = set(COMPUTED)
    for source in sources():
        asked |= set(re.findall(r'(?:say(?:\.count)?|in_every_language)\(\s*"([a-z_]+\.[a-z_0-9]+)"(?! ~)', source))
    there = {f"{section}.{key}" for section, part in known.items() for key in part if section not in BY_LABEL}
    reports = {f"{section}.{key}" for section, part in words("en").table.items() for key in part}
    by_label = {f"{section}.{key}" for section in BY_LABEL for key in known[section]}
    assert sorted(asked - there - reports - by_label) == []
    assert sorted(there - asked) == []


def test_every_id_has_its_label():
    known = table("en")
    assert set(known["cause"]) == set(ChangeCause)
    assert set(known["recheck_result"]) == set(RecheckResult)
    assert set(known["suppression_kind"]) == set(SuppressionKind)
    assert set(known["message_state"]) == set(MessageState)
    assert set(known["period_format"]) == set(PERIOD_FORMATS)
    assert set(known["line_kind"]) == set(LineKind)
    assert set(known["via"]) == set(Via)
    assert set(known["report_format"]) == {each.extension.rpartition(".")[2] for each in FORMATS.values()}


def test_the_first_language_that_we_speak_is_taken():
    assert preferred_language("fr, en-GB;q=0.8, zh;q=0.5") == "en"
    assert preferred_language("zh-TW,en") == "zh-CN"
    assert preferred_language("de") == "zh-CN"
    assert preferred_language("") == "zh-CN"
