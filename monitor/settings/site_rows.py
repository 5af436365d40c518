"""Make sites, as config.yaml would have them, of the rows of a table: headings, cells, and what is wrong with them.

A column is called as the setting is, with dots where one lies in another, or by its Chinese name. None holds a secret:
probes and accounts stand in config.yaml alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from msgspec import Struct

from checks.model import Text
from monitor.settings.site_groups import SEPARATOR

Key = tuple[str, ...]
"""A setting of a site, and of what holds it."""

Item = dict[str, Any]
"""A site as YAML would have it."""

WORDS, LINES = re.compile(r"[\s,;，；、]+"), re.compile(r"\s+")
"""What stands between the parts of a list, and between regular expressions, which hold commas themselves."""


class SiteColumn(Struct, frozen=True):
    """A column: its Chinese name, and what stands between its parts where it holds a list."""

    chinese: str
    between: re.Pattern[str] | None = None


COLUMNS = {
    "url": SiteColumn("网址"),
    "id": SiteColumn("标识"),
    "name": SiteColumn("名称"),
    "group": SiteColumn("分组"),
    "province": SiteColumn("省"),
    "city": SiteColumn("市"),
    "county": SiteColumn("县区"),
    "department": SiteColumn("部门"),
    "hosts": SiteColumn("其他域名", WORDS),
    "include": SiteColumn("检查范围", LINES),
    "exclude": SiteColumn("排除", LINES),
    "render": SiteColumn("脚本页面"),
    "render_pages": SiteColumn("脚本页面网址", LINES),
    "schedule.timezone": SiteColumn("时区"),
    "schedule.weekly.weekday": SiteColumn("每周星期"),
    "schedule.weekly.time": SiteColumn("每周时间"),
    "schedule.weekly.run": SiteColumn("每周检查"),
    "schedule.quarterly.weekday": SiteColumn("季度星期"),
    "schedule.quarterly.week": SiteColumn("季度第几周"),
    "schedule.quarterly.months": SiteColumn("季度月份", WORDS),
    "schedule.quarterly.time": SiteColumn("季度时间"),
    "schedule.quarterly.run": SiteColumn("季度检查"),
    "report.language": SiteColumn("报告语言"),
    "report.formats": SiteColumn("报告格式", WORDS),
    "report.office": SiteColumn("报告单位"),
    "report.contact": SiteColumn("联系方式"),
}

LEVELS = ("province", "city", "county", "department")
"""Columns that make a group together, the widest first; an empty cell is left out."""

_BY_HEADING = {heading: name for name, column in COLUMNS.items() for heading in (name, column.chinese)}


class RowFaultError(ValueError):
    """A table cannot be read; ``faults`` has a line for each fault."""

    def __init__(self, faults: Iterable[Text]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.en for fault in self.faults))


class SiteTable(Struct, frozen=True):
    """What a table is called, what stands before the number of a row, and the headings of its columns, by setting."""

    name: str
    before_number: str
    headings: Mapping[str, str]

    @classmethod
    def of(cls, name: str, headings: Sequence[str], before_number: str = ":") -> SiteTable:
        """Return the table whose columns have these headings. Raises RowFaultError for one that nobody knows."""
        faults: list[Text] = []
        found: dict[str, str] = {}
        for heading in (each.strip() for each in headings):
            column = _BY_HEADING.get(heading.lower())
            if column is None:
                meant = _meant(heading)
                faults.append(Text(f"没有列 {heading!r}{meant.zh}", f"no such column: {heading!r}{meant.en}"))
            elif column in found:
                faults.append(Text(f"列 {column} 出现了两次", f"the column {column} is given twice"))
            else:
                found[column] = heading
        if not faults and "url" not in found:
            faults.append(Text("缺少 url（网址）列", "the column url (网址) is missing"))
        if "group" in found and any(level in found for level in LEVELS):
            names = ", ".join(LEVELS)
            faults.append(
                Text(f"group 列和 {names} 各列只能给一种", f"give either the column group, or columns of {names}")
            )
        if faults:
            raise RowFaultError(Text(f"{name}：{fault.zh}", f"{name}: {fault.en}") for fault in faults)
        return cls(name, before_number, found)

    def item(self, cells: Sequence[object]) -> Item:
        """Return the site of a row, whose cells stand under the headings; what is empty is left out."""
        item: Item = {}
        levels: dict[str, str] = {}
        for name, cell in zip(self.headings, cells, strict=False):
            value = _value(name, cell)
            if value is None:
                continue
            if name in LEVELS:
                levels[name] = str(value)
            else:
                _put(item, tuple(name.split(".")), value)
        if levels:
            item["group"] = SEPARATOR.join(levels[level] for level in LEVELS if level in levels)
        return item

    def heading_of(self, key: Sequence[str | int]) -> str:
        """Return the heading of the column that a setting was read from; the setting's own name where there is none."""
        names = [str(part) for part in key if not isinstance(part, int)]
        name = ".".join(names)
        if name == "group" and name not in self.headings:
            return SEPARATOR.join(heading for column, heading in self.headings.items() if column in LEVELS) or name
        return self.headings.get(name, name)


def _meant(heading: str) -> Text:
    meant = get_close_matches(heading.lower(), _BY_HEADING, n=1)
    if meant:
        return Text(f"，是不是 {meant[0]}？", f"; did you mean {meant[0]}?")
    return Text(f"，可以是：{', '.join(COLUMNS)}", f"; there are: {', '.join(COLUMNS)}")


def _value(name: str, cell: object) -> object:
    """Return what a cell says: None where it is empty. A database may answer a list, or a number."""
    if isinstance(cell, list | tuple):
        return [str(each) for each in cell]
    if cell is None or isinstance(cell, bool):
        return cell
    text = str(cell).strip()
    between = COLUMNS[name].between
    if not text:
        return None
    return [part for part in between.split(text) if part] if between else text


def _put(item: Item, key: Key, value: object) -> None:
    place = item
    for part in key[:-1]:
        place = place.setdefault(part, {})
    place[key[-1]] = value


def items(table: SiteTable, rows: Iterable[tuple[int, Sequence[object]]]) -> Iterator[tuple[int, Item]]:
    """Yield the sites of numbered rows with their numbers; rows without anything are left out."""
    for number, cells in rows:
        if item := table.item(cells):
            yield number, item
