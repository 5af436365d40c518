"""Departments: what each has to do, its own page, and its ledger as a workbook, out and back."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from monitor.accounts.permissions import Action
from monitor.console.actions.ledger_files import ROWS, LedgerFiles, WorkbookRefusedError, ledger_workbook, read_workbook
from monitor.console.actions.proofreading_steps import file_name
from monitor.console.queries.department_counts import department_counts, rows_of
from monitor.console.queries.entry_lists import PAGE, titles_of
from monitor.console.visit import SignedIn, Visit
from monitor.store.ledger.entry_browsing import EntryBrowser, EntryOrder
from reports.remediation.states import STATES, State

if TYPE_CHECKING:
    from monitor.remediation.returned_spreadsheets import ImportOutcome

router = APIRouter()

SHOWN = 200
"""Changes of a workbook, and lines about what was not taken, that are shown; of more their number."""

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/departments")
def departments(visit: SignedIn) -> Response:
    """Show the departments whose rows the person may see."""
    visit.demand_somewhere(Action.ENTRY_SEE)
    counts = department_counts(visit.parts.reading, visit.visible, visit.today)
    return visit.show("departments.html.jinja", counts=counts)


@router.get("/department")
def department(visit: SignedIn) -> Response:
    """Show what the department ``name`` has to do, what is due first."""
    visit.demand_somewhere(Action.ENTRY_SEE)
    name = visit.field("name")
    counts = {each.name: each for each in department_counts(visit.parts.reading, visit.visible, visit.today)}
    if not name or name not in counts:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    browser = EntryBrowser(visit.parts.reading.engine)
    page = browser.page(rows_of(name, visit.visible), EntryOrder.DUE, PAGE, visit.field("after")[:64])
    return visit.show(
        "department.html.jinja",
        name=name,
        count=counts[name],
        page=page,
        is_later=bool(visit.field("after")),
        titles=titles_of(visit.parts.reading, page.entries),
        names=visit.site_names,
        can_be_mended=lambda entry: (
            State.TO_VERIFY in STATES[entry.state].next and visit.may(Action.ENTRY_MEND, entry.site, entry.department)
        ),
    )


@router.get("/departments/ledger.xlsx")
def workbook(visit: SignedIn) -> Response:
    """Send the ledger of a department, or of all whose rows the person may see, to be filled in."""
    visit.demand_somewhere(Action.ENTRY_SEE)
    name = visit.field("name")
    body = ledger_workbook(visit, rows_of(name, visit.visible), visit.preferences.language)
    if body is None:
        visit.tell(visit.say("departments_page.too_many", n=ROWS), is_error=True)
        return visit.go_back("/departments")
    stem = f"{visit.say('ledger_page.title')}-{name or visit.say('app.all')}-{visit.today.isoformat()}.xlsx"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(stem, safe='')}"}
    return Response(body, media_type=WORKBOOK_TYPE, headers=headers)


@router.post("/departments/workbook")
def read_back(visit: SignedIn) -> Response:
    """Show what a workbook that was filled in would change, and change nothing."""
    visit.demand_somewhere(Action.ENTRY_MEND)
    upload = visit.file("file")
    if upload is None:
        visit.tell(visit.say("departments_page.no_file"), is_error=True)
        return visit.go_back("/departments")
    with upload.file as file:
        body = file.read(visit.settings.console.upload + 1)
    if len(body) > visit.settings.console.upload:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    outcome = _outcome(visit, body, dry_run=True)
    name = file_name(upload.filename)
    key = _files(visit).keep(visit.user.name, name, body) if outcome.changes else ""
    return _show_outcome(visit, outcome, name, key)


@router.post("/departments/workbook/apply")
def apply(visit: SignedIn) -> Response:
    """Change what the workbook says whose changes were shown."""
    visit.demand_somewhere(Action.ENTRY_MEND)
    waiting = _files(visit).take(visit.user.name, visit.field("key"))
    if waiting is None:
        visit.tell(visit.say("departments_page.gone"), is_error=True)
        return visit.go("/departments")
    outcome = _outcome(visit, waiting.body, dry_run=False)
    undo = visit.notices.undoable(visit.user.name, outcome.changes)
    changed = len({row.number for row in outcome.changes})
    visit.tell(visit.say.count("changes.done", changed), undo=undo if changed else "")
    return _show_outcome(visit, outcome, waiting.name, "", is_done=True)


def _outcome(visit: Visit, body: bytes, *, dry_run: bool) -> ImportOutcome:
    try:
        return read_workbook(visit, body, dry_run=dry_run)
    except WorkbookRefusedError as error:
        reason = error.reason(visit.preferences.language)
        raise HTTPException(
            HTTPStatus.UNPROCESSABLE_ENTITY, visit.say("departments_page.unreadable", reason=reason)
        ) from None


def _show_outcome(visit: Visit, outcome: ImportOutcome, name: str, key: str, *, is_done: bool = False) -> Response:
    return visit.show(
        "workbook.html.jinja",
        name=name,
        key=key,
        changes=outcome.changes[:SHOWN],
        lines=outcome.lines[:SHOWN],
        entries=len({row.number for row in outcome.changes}),
        more_changes=max(0, len(outcome.changes) - SHOWN),
        more_lines=max(0, len(outcome.lines) - SHOWN),
        held_back=outcome.held_back,
        is_done=is_done,
        undo_back="/departments",
    )


def _files(visit: Visit) -> LedgerFiles:
    files: LedgerFiles = visit.request.app.state.ledger_files
    return files
