"""Departments with what each has to do, and the ledger as a workbook, out and back."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, UploadFile
from starlette.responses import Response

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.console.actions.ledger_files import ROWS, WorkbookRefusedError, ledger_workbook, read_workbook
from monitor.console.api import document_schemas
from monitor.console.api.api_call import Call, doing, operation_name, uploaded
from monitor.console.api.entries_endpoints import query_of
from monitor.console.api.entry_filters import EntryChoice
from monitor.console.queries.department_counts import department_counts
from reports.remediation.entry_items import change_item

router = APIRouter(tags=["ledger"], generate_unique_id_function=operation_name)

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOO_MANY = Text(
    f"条目超过 {ROWS} 条，请缩小范围，或用命令行导出",
    f"these are more than {ROWS} entries: narrow them, or export by the command line",
)


@router.get("/departments", response_model=document_schemas.DepartmentList, **doing(Action.ENTRY_SEE))
def list_departments(call: Call) -> Response:
    """List the departments whose rows the user may see, with what each has to do."""
    counts = department_counts(call.parts.reading, call.visible, call.today)
    return call.answer({"items": [asdict(each) for each in counts]})


@router.get(
    "/workbook",
    response_class=Response,
    responses={200: {"content": {WORKBOOK_TYPE: {}}, "description": "The workbook."}},
    **doing(Action.ENTRY_SEE),
)
def export_workbook(call: Call, wanted: Annotated[EntryChoice, Query()]) -> Response:
    """Download entries as the workbook of `sitehealth ledger export`, to be filled in and sent back."""
    body = ledger_workbook(call, query_of(call, wanted), call.language)
    if body is None:
        call.refuse(TOO_MANY)
    headers = {"Content-Disposition": f'attachment; filename="ledger-{call.today.isoformat()}.xlsx"'}
    return Response(body, media_type=WORKBOOK_TYPE, headers=headers)


@router.post("/workbook", response_model=document_schemas.WorkbookOutcome, **doing(Action.ENTRY_MEND))
def import_workbook(
    file: UploadFile,
    call: Call,
    dry_run: Annotated[bool, Query(description="Say what it would change, and change nothing.")] = False,  # noqa: FBT002
) -> Response:
    """Change what a workbook says that was filled in; what the user may not change is held back, and nothing else."""
    _, body = uploaded(call, file)
    try:
        outcome = read_workbook(call, body, dry_run=dry_run)
    except WorkbookRefusedError as error:
        zh, en = error.reason
        call.refuse(Text(f"无法读取该文件：{zh}", f"it cannot be read: {en}"))
    lines = [
        {"kind": each.kind, "place": each.place, "number": each.number, "text": each.message(call.language)}
        for each in outcome.lines
    ]
    return call.answer(
        {
            "dry_run": dry_run,
            "changed": sorted({row.number for row in outcome.changes}),
            "changes": [change_item(row, call.language) for row in outcome.changes],
            "lines": lines,
            "held_back": outcome.held_back,
        },
        HTTPStatus.OK,
    )
