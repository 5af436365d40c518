"""The frame is data: complete in every language, used by what is there."""

from __future__ import annotations

import string
from datetime import date
from enum import StrEnum

import pytest

from checks import RULES
from checks.model import ColumnStatus, ColumnType, Confidence, ErrorKind, Kind, Severity
from reports.model import Baseline, Scope, State, Status
from reports.wording import LANGUAGES, words
from tests.factories import MONDAY

TABLES = {language: words(language).table for language in LANGUAGES}


def flat(language):
    return {f"{section}.{name}": text for section, names in TABLES[language].items() for name, text in names.items()}


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_language_says_the_same_things():
    keys = [list(flat(language)) for language in LANGUAGES]
    assert keys[0] == keys[1]


@pytest.mark.parametrize("key", flat("zh-CN"))
def test_every_wording_fills_in_the_same(key):
    placeholders = {frozenset(fields(form)) for language in LANGUAGES for form in flat(language)[key].split(" | ")}
    assert len(placeholders - {frozenset()}) <= 1
    assert all(flat(language)[key].strip() for language in LANGUAGES)


@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("severity", Severity),
        ("confidence", Confidence),
        ("kind", Kind),
        ("baseline", Baseline),
        ("state", State),
        ("scope", Scope),
        ("status", Status),
        ("column_status", ColumnStatus),
        ("column_type", ColumnType),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_has_a_label(section, names: type[StrEnum], language):
    assert set(TABLES[language][section]) == set(names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_family_has_a_label(language):
    """A check may do without: its id stands in for it, so that a new check touches no wording."""
    assert {rule.family for rule in RULES.values()} <= set(TABLES[language]["family"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_error_has_a_label_and_no_label_is_of_another(language):
    assert set(TABLES[language]["error"]) == set(ErrorKind)


@pytest.mark.parametrize(
    ("tag", "language"), [("zh-CN", "zh-CN"), ("zh-Hans", "zh-CN"), ("en", "en"), ("en-GB", "en"), ("fr", "zh-CN")]
)
def test_tags(tag, language):
    assert words(tag).language == language


@pytest.mark.parametrize(("n", "text"), [(0, "0 places"), (1, "1 place"), (2, "2 places"), (1200, "1,200 places")])
def test_count(n, text):
    assert words("en").count("group.count", n) == text


def test_unknown_ids_label_themselves():
    assert words("en").label("error", "brand-new") == "brand-new"
    with pytest.raises(KeyError):
        words("en")("frame.no-such-key")


def test_dates_are_written_as_official_pages_write_them():
    say = words("zh-CN")
    assert say.moment(MONDAY) == "2026-09-07 02:00"
    assert say.day(date(2026, 9, 4)) == "2026-09-04"
    assert say.moment(None) == say.day(None) == "不详"
