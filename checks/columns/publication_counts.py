"""Count what was published, by column and month (信息发布统计): an office states it in its annual openness report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from checks.model import Column, ColumnType, Inventory, Text
from checks.reading.dates import CHINA

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Row:
    """The items of one column in one year: twelve monthly counts, January first."""

    name: str
    url: str
    type: ColumnType
    months: tuple[int, ...]

    @property
    def quarters(self) -> tuple[int, ...]:
        """Four quarterly counts."""
        return tuple(sum(self.months[start : start + 3]) for start in range(0, 12, 3))

    @property
    def total(self) -> int:
        """The count of the year."""
        return sum(self.months)


@dataclass(frozen=True, slots=True)
class Publications:
    """What a site published in a year.

    ``total`` counts an item once however many columns list it, so it may be less than the sum of the rows.
    ``undated`` items could not be counted. ``caveats`` say what the counts may lack.
    """

    year: int
    rows: tuple[Row, ...]
    total: Row
    undated: int
    caveats: tuple[Text, ...]


def publications(site: Inventory, year: int) -> Publications:
    """Return the counts of a calendar year, in the time of China."""
    items = [item for column in site.columns for item in column.items]
    dated = {item.url for item in items if item.published is not None}
    rows = tuple(_row(column.name, column.url, column.type, [column], year) for column in site.columns)
    return Publications(
        year=year,
        rows=rows,
        total=_row("合计", site.url, ColumnType.OTHER, site.columns, year),
        undated=len({item.url for item in items} - dated),
        caveats=tuple(_caveats(site.columns)),
    )


def by_type(counted: Publications) -> dict[ColumnType, int]:
    """Return the year's count of each type of column that published anything, the largest first."""
    counts: Counter[ColumnType] = Counter()
    for row in counted.rows:
        counts[row.type] += row.total
    return {kind: count for kind, count in counts.most_common() if count}


def _row(name: str, url: str, kind: ColumnType, columns: Iterable[Column], year: int) -> Row:
    seen = {item.url: item.published for column in columns for item in column.items if item.published}
    days = [published.astimezone(CHINA) for published in seen.values()]
    counts = Counter(day.month for day in days if day.year == year)
    return Row(name, url, kind, tuple(counts[month] for month in MONTHS))


def _caveats(columns: Iterable[Column]) -> Iterable[Text]:
    for column in columns:
        if column.needs_rendering:
            yield Text(
                f"栏目“{column.name}”由脚本生成，没有计入", f"“{column.name}” is drawn by a script and not counted"
            )
        elif not column.complete:
            yield Text(f"栏目“{column.name}”没有读到最后一页", f"“{column.name}” was not read to its last page")
