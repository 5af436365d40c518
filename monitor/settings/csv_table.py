"""Read a CSV file as office programs write it: UTF-8 or GBK, with or without a byte order mark, ``,`` ``;`` or tab."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from checks.model import Text
from monitor.os_errors import os_reason
from monitor.settings.site_rows import RowFaultError

MAX_BYTES = 16 * 1024 * 1024
"""13,000 sites take one or two megabytes; more is a mistake."""

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""What a file begins with, and its encoding: Excel saves "CSV UTF-8" and "Unicode text" so."""

NumberedRow = tuple[int, list[str]]
"""A row and the line that it begins in."""


def read_table(path: Path) -> tuple[Sequence[str], list[NumberedRow]]:
    """Return the headings of a file and its rows. Raises RowFaultError."""
    text = _text(path)
    rows = list(_rows(path, text))
    heading = next((row for row in rows if any(row[1])), None)
    if heading is None:
        raise _fault(
            f"{path}",
            "是空的；第一行写列名：url, name, group …",
            "is empty; its first line names the columns: url, name, group …",
        )
    line, headings = heading
    below = [row for row in rows if row[0] > line]
    faults = [
        Text(
            f"{path}:{number}：有 {len(cells)} 格，标题行有 {len(headings)} 格；含分隔符的内容请加引号",
            f"{path}:{number}: has {len(cells)} cells, the heading {len(headings)}; "
            "put what holds a separator in quotes",
        )
        for number, cells in below
        if any(cells[len(headings) :])
    ]
    if faults:
        raise RowFaultError(faults)
    return headings, below


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _fault(
                f"{path}",
                f"超过 {MAX_BYTES} 字节，不像是网站列表",
                f"larger than {MAX_BYTES} bytes; this is no list of sites",
            )
        content = path.read_bytes()
    except OSError as error:
        zh, en = os_reason(error)
        raise _fault(f"{path}", f"读不了：{zh}", f"cannot be read: {en}") from None
    marked = next((encoding for mark, encoding in MARKS.items() if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            place = error.start
    line = content[:place].count(b"\n") + 1
    raise _fault(
        f"{path}:{line}",
        "既不是 UTF-8 也不是 GBK，请另存为 CSV UTF-8",
        "neither UTF-8 nor GBK; save the file as CSV UTF-8",
    )


def _fault(place: str, chinese: str, english: str) -> RowFaultError:
    return RowFaultError([Text(f"{place}：{chinese}", f"{place}: {english}")])


def _rows(path: Path, text: str) -> Iterator[NumberedRow]:
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=_separator(lines), strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise _fault(f"{path}:{begins}", f"不是 CSV：{error}", f"not CSV: {error}") from None


def _separator(lines: Sequence[str]) -> str:
    """Return what the heading, in which no cell needs quotes, has most of."""
    heading = next((line for line in lines if line.strip()), "")
    return max(",;\t", key=heading.count)
