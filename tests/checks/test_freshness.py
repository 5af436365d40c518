"""What is stale, what soon will be, and what is not judged at all."""

from datetime import UTC, datetime, timedelta

import pytest

from checks.columns.limits import ColumnLimits, start_of
from checks.dates import Dates
from checks.freshness import Freshness, Homepage
from checks.model import Column, ColumnStatus, ColumnType, Confidence, Facts, Inventory, Item, Listing, Severity
from checks.reading.dates import CHINA
from checks.speed import Speed
from tests.sites.pages import document, page_of

NOW = datetime(2026, 9, 10, 10, 0, tzinfo=CHINA)
HOME = "https://www.example.gov.cn/"

pytestmark = pytest.mark.calendar


def on(day):
    return datetime.fromisoformat(day).replace(tzinfo=CHINA)


def column(*days, kind="news", name="动态要闻", **more):
    """Make a column with an item on each of those days; None is an item without a date."""
    items = tuple(Item(f"{HOME}{at}.html", f"第{at}条信息", day and on(day)) for at, day in enumerate(days))
    return Column(**{"url": HOME + "c/", "name": name, "type": ColumnType(kind), "items": items, "seen": NOW, **more})


def rules(check, subject):
    return [(finding.rule.id, finding.variant) for finding in check.inspect(subject)]


def test_dates_in_a_form_that_is_not_read_are_no_lack_of_dates():
    items = tuple(Item(f"{HOME}{at}.html", f"第{at}条信息", unread=True) for at in range(3))
    subject = Column(HOME + "c/", "动态要闻", ColumnType.NEWS, items, NOW)
    assert ColumnLimits().stand(subject).status is ColumnStatus.NEEDS_RENDERING
    assert rules(Freshness(), subject) == rules(Dates(), subject) == []
    listing = Listing(items, "titles")
    home = Inventory(HOME, NOW, (), Facts(HOME, homepage=True, listing=listing))
    assert rules(Homepage(), home) == []


@pytest.mark.parametrize(("kind", "status"), [("service", "exempt"), ("leaders", "exempt"), ("other", "stale")])
def test_guides_and_persons_need_no_dates(kind, status):
    assert ColumnLimits().stand(column(None, None, kind=kind, name="办事指南")).status == status
    assert ColumnLimits().stand(column(None, "2024-01-01", kind=kind, name="办事指南")).status == "stale"


CLOCK = [
    # type, newest, status, limit in days
    ("news", "2026-09-10", "fresh", 14),
    ("news", "2026-08-31", "fresh", 14),
    ("news", "2026-08-30", "warning", 14),
    ("news", "2026-08-27", "warning", 14),
    ("news", "2026-08-26", "stale", 14),
    ("notice", "2026-05-01", "fresh", 184),
    ("notice", "2026-03-10", "warning", 184),
    ("notice", "2026-03-09", "stale", 184),
    ("policy", "2026-03-09", "stale", 184),
    ("personnel", "2025-10-11", "fresh", 365),
    ("personnel", "2025-10-09", "warning", 365),
    ("personnel", "2025-09-10", "warning", 365),
    ("personnel", "2025-09-09", "stale", 365),
    ("interaction", "2026-08-01", "fresh", 62),
    ("interaction", "2026-07-10", "warning", 62),
    ("interaction", "2026-07-09", "stale", 62),
    ("other", "2025-11-01", "fresh", 365),
    ("other", "2025-09-09", "stale", 365),
]


@pytest.mark.parametrize(("kind", "newest", "status", "limit"), CLOCK)
def test_the_column_clock(kind, newest, status, limit):
    standing = ColumnLimits().stand(column("2020-01-01", newest, kind=kind, name="栏目"))
    assert (standing.status, standing.limit_days) == (status, limit)


def test_months_are_counted_on_the_calendar():
    assert start_of("6m", on("2026-08-31")) == on("2026-02-28")
    assert start_of("1y", on("2024-02-29")) == on("2023-02-28")
    assert start_of("2m", on("2026-01-31")) == on("2025-11-30")
    with pytest.raises(ValueError, match="not a span such as 14d, 6m or 1y: '2 weeks'"):
        start_of("2 weeks", NOW)


def test_a_limit_of_the_operator_comes_first_and_that_of_a_name_second():
    assert ColumnLimits().stand(column("2026-09-01", limit_days=7)).status is ColumnStatus.STALE
    assert ColumnLimits().stand(column("2026-06-01", kind="service", name="办事统计")).status is ColumnStatus.STALE
    assert rules(Freshness(limits={"notice": "30d"}), column("2026-08-01", kind="notice")) == [
        ("stale-column", "stale")
    ]


def test_stale_soon_stale_and_fresh():
    assert rules(Freshness(), column("2026-08-26")) == [("stale-column", "stale")]
    (warning,) = Freshness().inspect(column("2026-08-30"))
    assert (warning.variant, warning.weight) == ("warning", Severity.MINOR)
    assert rules(Freshness(), column("2026-09-09")) == []


def test_a_message_says_what_is_wrong():
    (stale,) = Freshness().inspect(column("2026-08-26"))
    assert stale.rule.say(stale, "zh-CN") == (
        "栏目“动态要闻”最新一条信息发布于 2026-08-26，已 15 天没有更新，期限为 14 天"
    )
    (warning,) = Freshness().inspect(column("2026-08-30"))
    assert warning.rule.say(warning, "zh-CN") == (
        "栏目“动态要闻”最新一条信息发布于 2026-08-30，距 14 天的更新期限还有 3 天"
    )


def test_what_has_no_date_counts_as_not_updated():
    (undated,) = Freshness().inspect(column(None, None))
    assert (undated.variant, undated.confidence) == ("undated", Confidence.SUSPECTED)


def test_a_date_to_come_does_not_refresh():
    assert rules(Freshness(), column("2026-12-31", "2026-01-01")) == [("stale-column", "stale")]


def test_blank_is_only_what_was_read_to_its_end_without_a_script():
    assert rules(Freshness(), column()) == [("blank-column", "")]
    assert rules(Freshness(), column(needs_rendering="axios.get")) == []
    assert rules(Freshness(), column(complete=False)) == []
    assert ColumnLimits().stand(column(needs_rendering="axios.get")).status is ColumnStatus.NEEDS_RENDERING


def test_special_topics_are_not_judged():
    assert rules(Freshness(), column("2019-01-01", exempt=True)) == []
    assert rules(Freshness(), column(exempt=True)) == []


def inventory(*days, columns=(), **more):
    items = tuple(Item(f"{HOME}{at}.html", f"第{at}条信息", day and on(day)) for at, day in enumerate(days))
    home = Facts(url=HOME, homepage=True, listing=Listing(items, "markup"))
    return Inventory(**{"url": HOME, "seen": NOW, "columns": columns, "homepage": home, **more})


def test_the_homepage_has_two_weeks():
    assert rules(Homepage(), inventory("2026-09-01")) == []
    assert rules(Homepage(), inventory("2026-08-30")) == [("stale-homepage", "warning")]
    assert rules(Homepage(), inventory("2026-08-26", "2025-01-01")) == [("stale-homepage", "stale")]
    assert rules(Homepage(), inventory("2026-12-01", "2026-08-26")) == [("stale-homepage", "stale")]
    assert rules(Homepage(), inventory(homepage=None)) == []


def test_one_date_on_a_homepage_may_be_of_anything():
    (one,) = Homepage().inspect(inventory("2026-08-01", None))
    (two,) = Homepage().inspect(inventory("2026-08-01", "2026-07-01"))
    assert (one.confidence, two.confidence) == (Confidence.SUSPECTED, Confidence.CONFIRMED)


def test_a_homepage_that_only_points_on_is_judged_by_its_columns():
    assert rules(Homepage(), inventory(columns=(column("2026-09-01"),))) == []
    assert rules(Homepage(), inventory(columns=(column("2026-08-01"),))) == [("stale-homepage", "stale")]


def test_a_homepage_without_dates_is_judged_by_its_changes():
    assert rules(Homepage(), inventory(None)) == [("stale-homepage", "undated")]
    assert rules(Homepage(), inventory(None, changed=on("2026-09-01"))) == []
    assert rules(Homepage(), inventory(None, changed=on("2026-08-01"))) == [("stale-homepage", "unchanged")]


def test_the_newest_date_is_shown_with_the_page_that_it_stands_on():
    (own,) = Homepage().inspect(inventory("2026-08-01"))
    assert (own.params["place"], own.evidence) == (HOME, "第0条信息")
    old = column("2026-07-01", "2026-08-02")
    (below,) = Homepage().inspect(inventory(columns=(old,)))
    assert (below.params["newest"], below.params["place"], below.evidence) == ("2026-08-02", old.url, "第1条信息")
    article = Facts(url=f"{HOME}1.html", article=True, published=on("2026-08-02"))
    (shown,) = Homepage().inspect(inventory(columns=(old,), articles=(article,)))
    assert shown.params["place"] == article.url
    assert article.url in shown.rule.say(shown, "zh-CN")


def test_what_the_site_does_not_call_a_column_is_suspected():
    for days in (("2026-01-01",), ()):
        (finding,) = Freshness().inspect(column(*days, certain=False))
        assert finding.confidence is Confidence.SUSPECTED
    (finding,) = Homepage().inspect(inventory(columns=(column("2026-08-01", certain=False),)))
    assert finding.confidence is Confidence.SUSPECTED


def test_undated_items_are_one_finding_a_column():
    (finding,) = Dates().inspect(column("2026-09-01", None, None))
    assert (finding.rule.id, finding.params["count"], finding.evidence) == ("undated-item", 2, "第1条信息；第2条信息")
    assert rules(Dates(), column(None, kind="service")) == []


@pytest.mark.parametrize("kind", ["service", "other", "leaders", "news"])
def test_an_undated_item_among_dated_ones_is_seen_in_any_column(kind):
    assert rules(Dates(), column("2026-09-01", "2026-09-02", None, kind=kind)) == [("undated-item", "")]


def test_a_day_is_one_of_china_and_an_address_counts_once():
    late = datetime(2026, 9, 10, 17, tzinfo=UTC)  # the next day in China
    assert rules(Dates(), column(items=(Item(HOME + "1.html", "信息", late),))) == [("future-date", "")]
    thrice = [Item(f"{HOME}{path}", "通知", on("2026-09-01")) for path in ("1.html", "1.html", "2.html")]
    (finding,) = Dates().inspect(column(items=tuple(thrice)))
    assert (finding.params["count"], finding.evidence) == (2, f"{HOME}1.html；{HOME}2.html")


def test_tomorrow_is_in_the_future_and_this_evening_is_not():
    tomorrow, evening = on("2026-09-11"), on("2026-09-10") + timedelta(hours=23)
    items = (Item(HOME + "1.html", "明天的信息", tomorrow), Item(HOME + "2.html", "今晚的信息", evening))
    (finding,) = Dates().inspect(column(items=items))
    assert (finding.rule.id, finding.url) == ("future-date", HOME + "1.html")


def test_an_item_that_was_not_there_long_after_its_date_is_suspected():
    def seen(absent):
        return column(items=(Item(HOME + "1.html", "信息", on("2026-06-01"), absent_at=absent and on(absent)),))

    assert rules(Dates(), seen("2026-09-01")) == [("forged-date", "")]
    assert rules(Dates(), seen("2026-06-20")) == []
    assert rules(Dates(), seen("2026-05-01")) == []
    assert rules(Dates(), seen(None)) == []


def test_one_title_twice_on_a_day_at_two_addresses_is_a_duplicate():
    twice = (Item(HOME + "1.html", "通 知", on("2026-09-01")), Item(HOME + "2.html", "通知", on("2026-09-01")))
    assert rules(Dates(), column(items=twice)) == [("duplicate-item", "")]
    monthly = (Item(HOME + "1.html", "收支", on("2026-08-01")), Item(HOME + "2.html", "收支", on("2026-09-01")))
    assert rules(Dates(), column(items=monthly)) == []
    pinned = (Item(HOME + "1.html", "通知", on("2026-09-01")), Item(HOME + "1.html", "通知", on("2026-09-01")))
    assert rules(Dates(), column(items=pinned)) == []


def test_three_seconds_are_allowed():
    assert rules(Speed(), page_of(document("正文"), elapsed=3.0)) == []
    (slow,) = Speed().inspect(page_of(document("正文"), elapsed=4.26))
    assert slow.rule.say(slow, "zh-CN") == "页面用了 4.3 秒才打开，要求在 3 秒以内"
