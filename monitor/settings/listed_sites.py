"""Read the lists of sites that ``sites_from`` names, and remember which row each site was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct
from pydantic import ValidationError

from checks.model import Text, WordedError
from monitor.settings.csv_table import read_table
from monitor.settings.site_lists import SiteListSettings
from monitor.settings.site_rows import Item, RowFaultError, SiteTable, items

Answer = tuple[Sequence[str], Sequence[Sequence[object]]]
"""The names of the columns, and the rows."""

Ask = Callable[[str, str], Answer]
"""Asks a database, by its URL, a query. Raises AskedInVainError."""


class AskedInVainError(WordedError):
    """A database did not answer with a table; the reason says why and holds no secret."""


class ListedRow(Struct, frozen=True):
    """The row of a list that a site was read from; ``number`` is a line of a file, or counts a database's rows."""

    table: SiteTable
    number: int

    @property
    def place(self) -> str:
        """Where it stands, as messages name it."""
        return f"{self.table.name}{self.table.before_number}{self.number}"


Listed = list[tuple[ListedRow, Item]]


def refuse_to_ask(_url: str, _query: str) -> Answer:
    """Raise AskedInVainError: who reads the configuration so has no database at hand."""
    raise AskedInVainError("这里不能查询数据库", "no database can be asked here")


class ListedSites:
    """The lists of a configuration, of which ``section`` is what it says, not yet checked.

    What is no list is left alone: the faults are told where the whole configuration is checked.
    """

    def __init__(self, folder: Path, section: object) -> None:
        self._lists: list[tuple[str, SiteListSettings]] = []
        for number, each in enumerate(section if isinstance(section, list) else []):
            try:
                self._lists.append((f"sites_from.{number}", SiteListSettings.model_validate(each)))
            except ValidationError:
                continue
        self._folder = folder
        self.files = tuple(folder / each.csv for _, each in self._lists if each.csv)

    def read(self, ask: Ask) -> Listed:
        """Return every site of every list, with its row. Raises RowFaultError with the faults of all lists."""
        found: Listed = []
        faults: list[Text] = []
        for name, each in self._lists:
            try:
                found += self._from_file(self._folder / each.csv) if each.csv else _from_database(name, each, ask)
            except RowFaultError as error:
                faults += error.faults
        if faults:
            raise RowFaultError(faults)
        return found

    @staticmethod
    def _from_file(path: Path) -> Listed:
        headings, rows = read_table(path)
        table = SiteTable.of(str(path), headings)
        return [(ListedRow(table, number), item) for number, item in items(table, rows)]


def _from_database(name: str, wanted: SiteListSettings, ask: Ask) -> Listed:
    url = wanted.database.get_secret_value() if wanted.database else ""
    try:
        headings, rows = ask(url, wanted.query or "")
    except AskedInVainError as error:
        zh, en = error.reason
        raise RowFaultError([Text(f"{name}：{zh}", f"{name}: {en}")]) from None
    table = SiteTable.of(name, headings, ", row ")
    return [(ListedRow(table, number), item) for number, item in items(table, enumerate(rows, 1))]
