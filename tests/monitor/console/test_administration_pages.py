"""Suppressions, messages, the audit log and the settings: who sees them, what they show, what can be done there."""

from __future__ import annotations

import pytest

from monitor.accounts.auditing import Actor, AuditLog, Via
from monitor.beijing import beijing_time
from monitor.store.accounts.audit_log import AuditFilter
from monitor.store.outbox import MessageState, NewMessage, Outbox
from reports.messages.message import message_to_json
from reports.messages.occasions import Envelope, trial
from reports.remediation.suppressions import Suppression, SuppressionKind
from tests.monitor.console.bureau import MARKUP, NOW, Bureau, send

ADMINS_ONLY = ("/outbox", "/audit", "/settings")


def remembered(console, site: str = "a", wrong: str = "帐号") -> int:
    """Remember a judgement; return its number."""
    made = beijing_time(NOW)
    judgement = Suppression(
        kind=SuppressionKind.PAIR, author=MARKUP, reason=MARKUP, made=made, site=site, wrong=wrong, right="账号"
    )
    return console.bureau.ledger().suppress(judgement)[0].id


def written(console, *errors: str) -> None:
    """Put messages into the outbox, each given up for a reason."""
    outbox = Outbox(console.bureau.store.engine)
    today = beijing_time(NOW).date()
    for at, error in enumerate(errors):
        message = trial(Envelope(key=f"k{at}", language="zh-CN", today=today), MARKUP, ["run-finished"])
        outbox.announce(0, [NewMessage(message.key, "office", "test", message_to_json(message))], NOW)
        record = outbox.claim("office", NOW)
        outbox.give_up(record.id, error, NOW, None)


@pytest.mark.parametrize("path", ADMINS_ONLY)
@pytest.mark.parametrize("who", ["viewer", "editor", "mender"])
def test_what_is_for_administrators_is_for_them_alone(console, path, who):
    with console.person(who) as client:
        assert client.get(path).status_code == 403
        assert f'href="{path}"' not in client.get("/").text


@pytest.mark.parametrize("path", ADMINS_ONLY)
def test_administrators_find_them_in_the_menu(admin, path):
    assert f'href="{path}"' in admin.get("/").text
    assert admin.get(path).status_code == 200


def test_a_judgement_is_listed_and_taken_back_by_who_may(own_console):
    here, foreign, everywhere = (
        remembered(own_console),
        remembered(own_console, "b"),
        remembered(own_console, "", "其它"),
    )
    with own_console.person("editor") as client:
        page = client.get("/suppressions").text
        assert page.count("帐号 → 账号") == 2  # its row, and the name of its button
        assert MARKUP not in page
        assert "其它 → 账号" in page
        assert send(client, f"/suppressions/{foreign}/remove", {}).status_code == 404
        assert send(client, f"/suppressions/{everywhere}/remove", {}).status_code == 403
        assert send(client, f"/suppressions/{here}/remove", {}).status_code == 303
        assert send(client, f"/suppressions/{here}/remove", {}).status_code == 404
    assert {each.id for each in own_console.bureau.ledger().suppressions()} == {foreign, everywhere}
    log = AuditLog(own_console.bureau.store).select(AuditFilter(action="suppression.remove"))
    assert [record.entry.object for record in log] == [f"suppression {here}"]


def test_a_message_that_was_given_up_is_sent_again(own_console):
    written(own_console, MARKUP, "连接超时")
    outbox = Outbox(own_console.bureau.store.engine)
    with own_console.person("admin") as client:
        page = client.get("/outbox?state=given-up").text
        assert "连接超时" in page
        assert MARKUP not in page
        assert "连接超时" not in client.get("/outbox?state=sent").text
        first = outbox.load([MessageState.GIVEN_UP], 10)[-1].id
        send(client, "/outbox/retry", {"number": [str(first), "nonsense", "999999"]})
        assert "1 条将重新发送" in client.get("/outbox").text
    assert [record.id for record in outbox.load([MessageState.WAITING], 10)] == [first]


def test_the_log_is_narrowed_and_turned_page_by_page(own_console):
    log = AuditLog(own_console.bureau.store)
    with own_console.person("admin") as client:
        send(client, "/findings/3", {"state": "fixing"})
        actor = log.select(AuditFilter(action="entry.change"))[0].entry
        assert (actor.who, actor.channel) == ("admin", "console")
        page = client.get("/audit?action=entry.change&who=admin").text
        assert "#3" in page
        assert "修改台账" in page
        assert "登录" not in page.partition("<tbody>")[2]
        for at in range(150):
            add_line(own_console, at)
        first = client.get("/audit?who=robot").text
        assert first.count("robot.act") > 100
        following = first.partition("before=")[2].partition('"')[0]
        assert client.get(f"/audit?who=robot&before={following}").text.count("<tr>") == 51
        assert client.get("/audit?before=nonsense&who=nobody").status_code == 200


def add_line(console, at):
    AuditLog(console.bureau.store).add(Actor("robot", "127.0.0.1", Via.API), "robot.act", f"{at} {MARKUP}")


def test_settings_hide_secrets(tmp_path, made):
    bureau = Bureau(tmp_path, made)
    target = '[{"name": "office", "url": "mailto://u:geheim-7731@127.0.0.1:25?to=a@b.cn", "events": ["run-finished"]}]'
    bureau.settings = bureau.configured(f"notify.targets={target}")
    with bureau.served() as console, console.person("admin") as client:
        page = client.get("/settings").text
    bureau.close()
    assert "notify" in page
    assert "geheim-7731" not in page
