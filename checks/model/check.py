"""What a check is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Generic, TypeVar, get_args

from checks.model.finding import Finding, Rule
from checks.model.text import Text

S = TypeVar("S")


class Check(Generic[S]):
    """What every check is: a frozen dataclass whose fields are its settings and whose type names its subject.

    Subclass as ``class Typos(Check[Block])``. ``id`` is the configuration key, ``label`` what reports call the check.
    ``version`` changes whenever a verdict could: remembered verdicts of other versions are not used. ``cpu_bound``
    checks run in worker processes, so they must pickle. ``default`` False means a check runs only when it is asked for.
    ``reads_text`` says of a check of pages that it reads their text, so that they must be parsed with it.
    """

    id: ClassVar[str]
    label: ClassVar[Text]
    rules: ClassVar[tuple[Rule, ...]]
    version: ClassVar[str] = "1"
    cpu_bound: ClassVar[bool] = False
    default: ClassVar[bool] = True
    reads_text: ClassVar[bool] = False
    subject: ClassVar[type]

    def __init_subclass__(cls, **kwargs: object) -> None:
        """Read the subject from the ``Check[...]`` that the class derives from."""
        super().__init_subclass__(**kwargs)
        for base in getattr(cls, "__orig_bases__", ()):
            if getattr(base, "__origin__", None) is Check:
                cls.subject = get_args(base)[0]

    def inspect(self, subject: S) -> Iterator[Finding]:
        """Yield what is wrong with the subject."""
        raise NotImplementedError

    def inspect_all(self, subjects: Sequence[S]) -> list[list[Finding]]:
        """Return what ``inspect`` yields for each subject; checks that read many at once faster do so here."""
        return [list(self.inspect(subject)) for subject in subjects]
