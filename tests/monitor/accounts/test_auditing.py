"""The audit log: what was done stays there as it was written, in one line, without secrets."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from monitor.accounts.auditing import LONGEST, Actor, AuditLog, Via, actor_at_keyboard
from monitor.beijing import ZONE
from monitor.store.accounts import audit_log
from monitor.store.accounts.audit_log import AuditFilter
from reports.remediation.entry import ChangeCause, FieldChange
from tests.monitor.accounts.conftest import ADMIN, NOW

ZHANG = Actor("zhang", "10.1.1.1", Via.API)


def actions(office, **wanted):
    return [record.entry.action for record in office.audit.select(AuditFilter(**wanted))]


def test_the_log_answers_what_people_ask_of_it(office):
    for number, (actor, action) in enumerate([(ADMIN, "user.add"), (ZHANG, "run.start"), (ZHANG, "user.rights")]):
        office.now = NOW + number
        office.audit.add(actor, action, f"thing {number}", "before", "after")
    assert actions(office) == ["user.rights", "run.start", "user.add"]
    assert actions(office, who="zhang") == ["user.rights", "run.start"]
    assert actions(office, action="run.start") == ["run.start"]
    assert actions(office, action="user.") == ["user.rights", "user.add"]
    assert actions(office, action="us_r.") == []
    assert actions(office, action="user.\0") == actions(office, who="zhang\0") == []
    assert actions(office, since=NOW + 1) == ["user.rights", "run.start"]
    first = office.audit.select(AuditFilter(limit=2))
    assert actions(office, before=first[-1].number) == ["user.add"]
    assert first[0].entry == (NOW + 2, "zhang", "10.1.1.1", "api", "user.rights", "thing 2", "before", "after")


def test_what_is_written_is_one_line_without_secrets_and_bounded(office):
    token = "sh_" + "a" * 43
    office.audit.add(ZHANG, "x", f"a\nb\x1b[31m https://u:{'p' * 9}@h/ {token}", "y" * 10_000)
    (record,) = office.audit.select(AuditFilter())
    assert "\n" not in record.entry.object
    assert "\x1b" not in record.entry.object
    assert token not in record.entry.object
    assert "ppp" not in record.entry.object
    assert len(record.entry.before) == LONGEST


def changes(numbers):
    at = datetime.fromtimestamp(NOW, ZONE)
    return [
        FieldChange(number, at, ChangeCause.PERSON, "zhang", None, "state", "to-fix", "to-verify", "")
        for number in numbers
    ]


@pytest.mark.parametrize(
    ("numbers", "object_"),
    [
        ([7], "#7"),
        ([9, 7, 7], "#7, #9"),
        (range(1, 501), ", ".join(f"#{number}" for number in range(1, 21)) + " … (500)"),
    ],
)
def test_one_change_of_many_entries_is_one_line(office, numbers, object_):
    office.audit.add_ledger_change(ZHANG, changes(numbers))
    (record,) = office.audit.select(AuditFilter())
    assert record.entry.object == object_
    assert (record.entry.before, record.entry.after) == ("state=to-fix", "state=to-verify")


def test_what_changed_nothing_is_not_in_it(office):
    office.audit.add_ledger_change(ZHANG, [])
    assert actions(office) == []


def test_rows_are_dropped_by_age_alone(office):
    office.audit.add(ZHANG, "old", "x")
    office.now += 100
    office.audit.add(ZHANG, "new", "x")
    assert office.audit.forget(NOW + 50) == 1
    assert actions(office) == ["new"]


def test_nothing_in_the_program_changes_a_row():
    assert "update(" not in Path(audit_log.__file__).read_text("utf-8")
    assert not [name for name in dir(AuditLog) if name.startswith(("set", "update", "change", "remove"))]


def test_at_a_keyboard_both_the_person_and_the_account_of_the_machine_are_named(monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "sitehealth")
    assert actor_at_keyboard("张三") == ("张三", "sitehealth", "cli")
    assert actor_at_keyboard() == ("sitehealth", "sitehealth", "cli")

    def fail():
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", fail)
    assert actor_at_keyboard() == ("unknown", "unknown", "cli")
