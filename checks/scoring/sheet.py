"""Name what a score is made of: the site that is scored, the profile that says how, and the result."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from checks.model import NOTHING, Column, Finding, Inventory, Text


class Availability(Struct, frozen=True):
    """What the availability probe saw in a week: how often it asked, how often the homepage failed, over how many days.

    A probe fails when the homepage does not open within 15 seconds.
    """

    probes: int
    failed: int
    days: float

    @property
    def failed_share(self) -> float:
        """The share of probes that failed, 0 to 1."""
        return self.failed / self.probes if self.probes else 0.0


class ScoredSite(Struct, frozen=True):
    """All that a score is computed from. ``availability`` is None where no probe has run long enough."""

    findings: tuple[Finding, ...]
    inventory: Inventory
    availability: Availability | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The site's columns."""
        return self.inventory.columns


class Line(Struct, frozen=True):
    """One line of a profile: what is measured (a name of ``measures.MEASURES`` and its settings) and what it costs.

    ``points`` are taken off for each unit, ``most`` at most (None: no bound). ``veto`` lines cost nothing: they are met
    or not.
    """

    id: str
    title: Text
    measure: str
    points: float = 0.0
    most: float | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    unverified: bool = False


class Profile(Struct, frozen=True):
    """One official score sheet as data. ``by_hand`` is what only a person can judge."""

    id: str
    title: Text
    points: float
    deductions: tuple[Line, ...]
    vetoes: tuple[Line, ...]
    by_hand: tuple[Text, ...] = ()


class Measured(Struct, frozen=True):
    """What a measure found: how much of it, what shows it, and the URLs or fingerprints behind it.

    ``amount`` None means that it could not be judged, and ``evidence`` then says why.
    """

    amount: float | None
    evidence: Text
    behind: tuple[str, ...] = ()


class Deduction(Struct, frozen=True):
    """One line of the score: ``points`` is what it costs (negative), ``count`` the faults behind it.

    ``evidence`` names the first of them. ``behind`` holds them as far as they were kept: fingerprints of findings, and
    URLs of columns.
    """

    id: str
    title: Text
    points: float
    count: int
    basis: Text = NOTHING
    unverified: bool = False
    evidence: Text = NOTHING
    behind: tuple[str, ...] = ()


class Veto(Struct, frozen=True):
    """A 单项否决 that is met, with what shows it; ``behind`` as in a deduction."""

    id: str
    title: Text
    evidence: Text
    behind: tuple[str, ...] = ()
    unverified: bool = False


class Score(Struct, frozen=True):
    """The site by one score sheet. ``unjudged`` is what a program could not tell and a person must."""

    profile: str
    points: float
    veto: tuple[Veto, ...] = ()
    items: tuple[Deduction, ...] = ()
    unjudged: tuple[Text, ...] = ()
