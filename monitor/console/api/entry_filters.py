"""Read by what entries are narrowed: as the page of the ledger is, but what makes no sense is refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from checks.model import Confidence, Severity
from monitor.console.api.cursors import LONGEST, NoNul
from monitor.store.ledger.entry_browsing import EntryOrder
from reports.remediation.states import State

Value = Annotated[str, Field(max_length=255), NoNul]
Values = Annotated[list[Value], Field(max_length=50)]


class EntryChoice(BaseModel):
    """Which entries: of each field one of the values, whatever it holds where none is given."""

    state: list[State | Literal["any"]] = Field([], max_length=20, description="Default: what is to be worked on.")
    severity: list[Severity] = Field([], max_length=3)
    confidence: list[Confidence] = Field([], max_length=2)
    site: Values = []
    family: Values = []
    rule: Values = []
    department: Values = []
    owner: Values = []
    q: Annotated[str, Field(max_length=200, description="In number, address or wording."), NoNul] = ""
    overdue: bool = False


class EntryFilters(EntryChoice):
    """Which entries, in which order, how many of them at a time."""

    order: EntryOrder = EntryOrder.WORST
    limit: int = Field(50, ge=1, le=200, description="Items of a page at most.")
    cursor: Annotated[str, Field(max_length=LONGEST, description="`next` of the page before."), NoNul] = ""
