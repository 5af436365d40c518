"""What was published in a year: each address once, in the month that it was in China, and what could not be counted."""

from datetime import UTC, datetime

from checks.columns.publication_counts import by_type, publications
from checks.model import Column, ColumnType, Inventory, Item

SEEN = datetime(2026, 9, 10, tzinfo=UTC)
HOME = "http://www.example.gov.cn/"


def item(path, *when):
    return Item(HOME + path, "关于印发工作方案的通知", datetime(*when, tzinfo=UTC) if when else None)


def column(name, *items, kind=ColumnType.NOTICE, **fields):
    return Column(HOME + name, name, kind, items, SEEN, **fields)


def counted(*columns, year=2026):
    return publications(Inventory(HOME, SEEN, columns), year)


def test_items_are_counted_by_the_month_of_the_year_that_was_asked_for():
    found = counted(
        column("通知", item("a", 2026, 1, 5), item("b", 2026, 1, 20), item("c", 2026, 9, 4), item("d", 2025, 9, 4))
    )
    (row,) = found.rows
    assert (row.months[0], row.months[8], row.total, row.quarters) == (2, 1, 3, (2, 0, 1, 0))
    assert counted(column("通知", item("d", 2025, 9, 4)), year=2025).total.total == 1


def test_a_month_is_that_of_china():
    (row,) = counted(
        column("通知", item("a", 2025, 12, 31, 17), item("b", 2026, 8, 31, 16), item("c", 2026, 8, 31, 15))
    ).rows
    assert (row.months[0], row.months[7], row.months[8]) == (1, 1, 1)


def test_an_item_of_two_columns_counts_in_both_and_once_in_all():
    both = item("a", 2026, 2, 1)
    found = counted(column("通知", both, both), column("要闻", both, item("b", 2026, 2, 2), kind=ColumnType.NEWS))
    assert ([row.total for row in found.rows], found.total.total) == ([1, 2], 2)
    assert by_type(found) == {ColumnType.NEWS: 2, ColumnType.NOTICE: 1}


def test_what_has_a_date_in_any_column_is_not_undated():
    found = counted(column("通知", item("a"), item("b")), column("要闻", item("a", 2026, 2, 1)))
    assert (found.undated, found.total.total) == (1, 1)


def test_what_the_counts_may_lack_is_named():
    drawn, cut = column("通知", needs_rendering="json"), column("要闻", complete=False)
    assert [caveat.zh for caveat in counted(drawn, cut).caveats] == [
        "栏目“通知”由脚本生成，没有计入",
        "栏目“要闻”没有读到最后一页",
    ]


def test_a_year_without_publications_is_a_row_of_noughts():
    found = counted(column("通知"))
    assert (found.rows[0].months, found.total.total, by_type(found)) == ((0,) * 12, 0, {})
