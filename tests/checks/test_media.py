"""Accounts on new media: two weeks without a post, by the feed or by the day that a person entered."""

from datetime import datetime, timedelta

import pytest

from checks.media import KINDS, MESSAGES, STALE_ACCOUNT, MediaAccounts, PostPrivacy
from checks.model import MediaAccount, MediaKind, Post, Severity, Text
from checks.reading.dates import CHINA

NOW = datetime(2026, 9, 10, 10, 0, tzinfo=CHINA)
FEED = "https://www.example.gov.cn/wx.xml"


def on(day):
    return datetime.fromisoformat(day).replace(tzinfo=CHINA)


def account(*days, **more):
    posts = tuple(Post(f"{FEED}#{day}", f"{day} 的信息", NOW, on(day)) for day in days)
    return MediaAccount(
        **{"name": "清河发布", "kind": MediaKind.WECHAT, "url": FEED, "seen": NOW, "posts": posts, **more}
    )


def found(subject):
    return [(each.variant, each.weight, each.params["newest"]) for each in MediaAccounts().inspect(subject)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-09-10", None),
        ("2026-08-31", None),
        ("2026-08-30", ("warning-wechat", Severity.MINOR)),
        ("2026-08-27", ("warning-wechat", Severity.MINOR)),
        ("2026-08-26", ("stale-wechat", Severity.CRITICAL)),
        ("2025-08-26", ("stale-wechat", Severity.CRITICAL)),
    ],
)
def test_two_weeks_are_the_limit_by_days_in_china(day, expected):
    assert found(account(day, "2024-01-01")) == ([(*expected, day)] if expected else [])


def test_a_post_of_tomorrow_is_no_update_of_today():
    assert found(account("2026-09-11", "2026-08-01")) == [("stale-wechat", Severity.CRITICAL, "2026-08-01")]


def test_the_later_of_feed_and_entered_day_counts():
    assert found(account("2026-08-01", noted=on("2026-09-01"))) == []
    assert found(account("2026-08-20", noted=on("2026-08-01")))[0][0] == "stale-wechat"
    assert found(account(noted=on("2026-08-01"))) == [("noted-stale-wechat", Severity.CRITICAL, "2026-08-01")]
    assert found(account(noted=on("2026-08-28")))[0][:2] == ("noted-warning-wechat", Severity.MINOR)


def test_what_was_not_seen_is_not_judged():
    assert found(account(noted=on("2026-01-01"), trouble=Text("打不开", "down"))) == []
    assert found(account()) == []


def test_the_fault_is_the_same_from_run_to_run_while_its_days_grow():
    first, second = account("2026-08-01"), account("2026-08-01", seen=NOW + timedelta(days=7))
    (one,), (other,) = MediaAccounts().inspect(first), MediaAccounts().inspect(second)
    assert one.fingerprint == other.fingerprint
    assert (one.params["days"], other.params["days"]) == (40, 47)


@pytest.mark.parametrize("kind", MediaKind)
def test_every_kind_of_account_is_named_in_every_message(kind):
    for variant in MESSAGES:
        message = STALE_ACCOUNT.message[f"{variant}-{kind}"]
        assert KINDS[kind].zh in message.zh
        assert KINDS[kind].en in message.en


def test_a_post_that_gives_a_number_away_is_found_without_the_number():
    post = Post(f"{FEED}#1", "公示", NOW, NOW, "公示\n张伟，身份证号440106199003076235")
    (leak,) = PostPrivacy().inspect(post)
    assert (leak.rule.id, leak.url) == ("leaked-id-number", post.url)
    assert "440106199003076235" not in leak.evidence
