"""The frame is data: complete in every language, used by what is there."""

from __future__ import annotations

import re
import string
import tomllib
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest

import reports
from checks import CHECKS, RULES
from checks.model import ColumnStatus, ColumnType, Confidence, ErrorKind, Kind, Severity
from checks.packaged import packaged_text
from monitor.store.codec import retired
from reports.model import Baseline, Scope, Status
from reports.wording import LANGUAGES, words
from tests.factories import MONDAY

TABLES = {language: dict(words(language).table) for language in LANGUAGES}


def flat(language):
    return {f"{section}.{name}": text for section, names in TABLES[language].items() for name, text in names.items()}


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_language_says_the_same_things():
    keys = [list(flat(language)) for language in LANGUAGES]
    assert keys[0] == keys[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections_read_one_by_one_are_what_the_file_says(language):
    assert TABLES[language] == tomllib.loads(packaged_text("reports", f"locale/{language}.toml"))


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
def test_every_family_has_a_label_and_no_label_is_dead(language):
    families = {rule.family for rule in RULES.values()} | {retired("gone").family}
    assert set(TABLES[language]["family"]) == families


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_error_has_a_label_and_no_label_is_of_another(language):
    assert set(TABLES[language]["error"]) == set(ErrorKind)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_has_a_label_of_its_own(check):
    assert words("zh-CN").check(check.id) == check.label.zh
    assert words("en").check(check.id) == check.label.en
    assert re.search(r"[一-鿿]|^Cookie$|^IPv6$", check.label.zh), check.label
    assert not re.search(r"[一-鿿]", check.label.en), check.label


def code():
    """Return what asks for wordings: the code of the reports with their templates, the commands, and the delivery."""
    folder = Path(reports.__file__).parent
    paths = (path for pattern in ("*.py", "templates/*.jinja") for path in folder.rglob(pattern))
    monitor = folder.parent / "monitor"
    others = (path for name in ("commands", "delivery") for path in (monitor / name).rglob("*.py"))
    return "\n".join(path.read_text("utf-8") for path in (*paths, *others))


def test_every_key_that_code_asks_for_is_there():
    asked = set(re.findall(r"""say(?:\.count)?\(\s*["']([a-z_]+\.[a-z_0-9-]+)["']""", code()))
    assert len(asked) > 80
    assert asked - set(flat("en")) == set()
    sections = set(re.findall(r"""label\(\s*["']([a-z_]+)["']""", code()))
    assert sections - set(TABLES["en"]) == set()


def test_no_key_is_dead():
    """A key is asked for as a whole; or its section is, and its name stands somewhere in the code."""
    source = code()
    whole = set(re.findall(r"""["']([a-z_]+\.[a-z_0-9-]+)["']""", source))
    open_ended = set(re.findall(r"""["']([a-z_]+)\.(?:\{|["'])""", source))
    labels = set(re.findall(r"""label\(\s*["']([a-z_]+)["']""", source))
    endings = set(re.findall(r"""~ "\.([a-z_]+)\"""", source))
    names = set(re.findall(r"""["']([a-z_0-9-]+)["']""", source)) | set(re.findall(r"""\b([a-z_]+)=""", source))

    def is_used(key: str) -> bool:
        section, name = key.split(".", 1)
        return key in whole or section in labels or name in endings or (section in open_ended and name in names)

    assert [key for key in flat("en") if not is_used(key)] == []


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
    assert words("en").check("brand-new") == "brand-new"
    with pytest.raises(KeyError):
        words("en")("frame.no-such-key")


def test_dates_are_written_as_official_pages_write_them():
    say = words("zh-CN")
    assert say.moment(MONDAY) == "2026-09-07 02:00"
    assert say.day(date(2026, 9, 4)) == "2026-09-04"
    assert say.moment(None) == say.day(None) == "不详"
