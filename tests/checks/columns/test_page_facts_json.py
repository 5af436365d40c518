"""Facts survive the store; publications are counted by column and month."""

import json
from datetime import datetime, timedelta

import pytest

from checks.columns.page_facts import observe
from checks.columns.page_facts_json import facts_from_json, facts_to_json
from checks.columns.publication_counts import by_type, publications
from checks.model import Column, ColumnType, Facts, Inventory, Item
from checks.reading.dates import CHINA
from tests.sites.fixture import SITES, Site
from tests.sites.pages import NOW, page_of

HOME = "https://www.example.gov.cn/"


@pytest.mark.parametrize("name", SITES)
def test_the_facts_of_a_site_survive_the_store(name):
    site = Site.load(name)
    for path, (kind, body) in site.answers.items():
        page = page_of(body, url=site.home.rstrip("/") + path, headers=(("content-type", kind),), homepage=path == "/")
        facts = observe(page)
        assert facts_from_json(json.loads(json.dumps(facts_to_json(facts)))) == facts


def test_what_is_empty_is_not_written():
    assert facts_to_json(Facts(HOME)) == {"url": HOME}


def column(name, kind, *days, **more):
    items = tuple(
        Item(f"{HOME}{day}", "信息", day and datetime.fromisoformat(day).replace(tzinfo=CHINA)) for day in days
    )
    return Column(f"{HOME}{name}/", name, ColumnType(kind), items, NOW, **more)


def test_items_are_counted_by_month_quarter_and_year():
    news = column("动态", "news", "2026-01-31", "2026-02-01", "2026-02-28", "2025-12-31", "2026-12-01")
    counted = publications(Inventory(HOME, NOW, (news,)), 2026)
    (row,) = counted.rows
    assert row.months == (1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
    assert (row.quarters, row.total) == ((3, 0, 0, 1), 4)


def test_an_item_in_two_columns_counts_once_in_the_total():
    columns = (column("动态", "news", "2026-01-31", None), column("要闻", "news", "2026-01-31", "2026-03-01"))
    counted = publications(Inventory(HOME, NOW, columns), 2026)
    assert [row.total for row in counted.rows] == [1, 2]
    assert (counted.total.total, counted.undated) == (2, 1)
    assert by_type(counted) == {"news": 3}


def test_the_year_turns_in_china():
    evening = Item(HOME, "信息", datetime(2026, 1, 1, 0, 30, tzinfo=CHINA).astimezone(tz=None) - timedelta(0))
    counted = publications(Inventory(HOME, NOW, (Column(HOME, "动态", ColumnType.NEWS, (evening,), NOW),)), 2026)
    assert counted.total.months[0] == 1


def test_what_was_not_read_is_said():
    columns = (column("甲", "news", needs_rendering="axios"), column("乙", "news", "2026-01-01", complete=False))
    said = [text.zh for text in publications(Inventory(HOME, NOW, columns), 2026).caveats]
    assert said == ["栏目“甲”由脚本生成，没有计入", "栏目“乙”没有读到最后一页"]
