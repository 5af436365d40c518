"""What a check is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar, get_args

from msgspec import Struct

from checks.model.columns import Column, ColumnType, Inventory
from checks.model.finding import Finding, Rule
from checks.model.text import Block, Text

S = TypeVar("S")


class Subject(Protocol):
    """What a check may read: ``url`` is where a reader of the report finds it."""

    @property
    def url(self) -> str:
        """Its address."""
        ...


class Need(Enum):
    """What a check asks of an inspection beside its subjects; a run in which no check does is spared the cost."""

    TEXT = auto()
    """That pages are parsed with their text."""
    COLUMNS = auto()
    """That every page tells of columns, and lists are read to their last page; this takes the text of pages."""
    TITLES = auto()
    """That the start of other sites' pages is read, for their titles."""
    KNOWN_HOSTS = auto()
    """Hosts that earlier inspections saw the site link to: handed to ``knowing``."""
    SITE_LANGUAGE = auto()
    """How the site writes: ``review`` is asked about every text once more in that light."""


NEEDS_OF_SUBJECTS: dict[type, frozenset[Need]] = {
    Block: frozenset({Need.TEXT}),
    Column: frozenset({Need.TEXT, Need.COLUMNS}),
    Inventory: frozenset({Need.TEXT, Need.COLUMNS}),
}
"""What it takes to make a subject at all; the others come from any crawl."""


class Check(Struct, Generic[S], frozen=True):
    """What every check is: a frozen struct whose fields are its settings and whose type names its subject.

    Subclass as ``class Typos(Check[Block], frozen=True)``. ``id`` is the configuration key, ``label`` what reports call
    the check. ``version`` changes whenever a verdict could: remembered verdicts of other versions are not used.
    ``cpu_bound`` checks run in worker processes, so they must pickle. ``default`` False means a check runs only when it
    is asked for. ``needs`` is what it asks for beside its subjects. Fields that are no settings, because a run hands
    them in, are ``handed_in``.
    """

    id: ClassVar[str]
    label: ClassVar[Text]
    rules: ClassVar[tuple[Rule, ...]]
    version: ClassVar[str] = "1"
    cpu_bound: ClassVar[bool] = False
    default: ClassVar[bool] = True
    needs: ClassVar[frozenset[Need]] = frozenset()
    handed_in: ClassVar[frozenset[str]] = frozenset()
    subject: ClassVar[type]

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - those of Struct
        """Read the subject from the ``Check[...]`` that the class derives from."""
        super().__init_subclass__(**kwargs)
        for base in getattr(cls, "__orig_bases__", ()):
            if getattr(base, "__origin__", None) is Check:
                cls.subject = get_args(base)[0]
                cls.needs |= NEEDS_OF_SUBJECTS.get(cls.subject, frozenset())

    @classmethod
    def settings(cls) -> tuple[str, ...]:
        """Return the names of the fields that a configuration may set."""
        return tuple([name for name in cls.__struct_fields__ if name not in cls.handed_in])

    def __repr__(self) -> str:
        """Name the check and its settings: results are remembered under that."""
        return f"{type(self).__name__}({', '.join([f'{name}={getattr(self, name)!r}' for name in self.settings()])})"

    @property
    def column_limits(self) -> Mapping[ColumnType, str]:
        """By type of column, how long it may go without anything new (``14d``, ``6m``), where a setting says so.

        Summaries of columns keep to these limits as well. Most checks set none.
        """
        return {}

    def inspect(self, subject: S) -> Iterator[Finding]:
        """Yield what is wrong with the subject."""
        raise NotImplementedError

    def inspect_all(self, subjects: Sequence[S]) -> list[list[Finding]]:
        """Return what ``inspect`` yields for each subject; checks that read many at once faster do so here."""
        return [list(self.inspect(subject)) for subject in subjects]

    def knowing(self, hosts: frozenset[str]) -> Self:
        """Return the same check, knowing the hosts that earlier inspections saw linked (``Need.KNOWN_HOSTS``)."""
        raise NotImplementedError

    def review(
        self,
        subject: S,
        findings: Iterable[Finding],
        site: Any,  # noqa: ANN401
        page_terms: Any,  # noqa: ANN401
    ) -> Iterator[Finding]:
        """Yield what is wrong with a text on this site (``Need.SITE_LANGUAGE``).

        ``findings`` is what ``inspect`` yielded, now or in an earlier run; ``site`` is a SiteReader of
        ``checks/typos/site_language.py``, ``page_terms`` the page's PageTerms of ``checks/typos/page_terms.py``.
        """
        raise NotImplementedError
