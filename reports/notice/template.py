"""Fill the template of the notice, the packaged one or the office's own, with what the notice says.

A template is a docx file with Jinja in its text (docxtpl). It comes from the office and not from us, so it is filled in
a sandbox, with texts alone: it can call nothing, and read nothing but what the notice says. What a site wrote is
escaped and can neither be markup nor a template.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import asdict
from typing import BinaryIO

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Length
from docx.table import Table
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from checks.model import WordedError
from checks.packaged import packaged_bytes
from reports.notice.chart import Bars, chart_part, inline_drawing
from reports.notice.parts import AttachedList, Notice, Problem, Share, labels_of
from reports.safe import clip, one_line
from reports.wording import words

PACKAGED = "templates/notice.docx"

CHART_PART, CHART_TYPE = "/word/charts/notice.xml", "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"

PROPERTY_CHARACTERS = 255
"""What a property of a document holds."""

PLACE_CHARACTERS = 60
"""Of the text around a mistake, as an error quotes it."""


class NoticeTemplateError(WordedError, ValueError):
    """The template of the office cannot be filled; the reason says why, and where in it."""


def fill(notice: Notice, template: bytes | None, out: BinaryIO) -> None:
    """Write the notice as docx. ``template`` None is the packaged one. Raises NoticeTemplateError."""
    document = _opened(packaged_bytes("reports", PACKAGED) if template is None else template)
    try:
        _fill(document, notice, shares_widths=template is None)
        filled = io.BytesIO()
        document.save(filled)
    finally:
        _untie(document)
    _write_without_times(filled, out)


def _fill(document: DocxTemplate, notice: Notice, *, shares_widths: bool) -> None:
    """Fill the template in memory. Raises NoticeTemplateError."""
    try:
        document.render(_context(notice, document), _sandbox(), autoescape=True)
    except TemplateSyntaxError as error:
        near = _near(error)
        raise NoticeTemplateError(
            f"不是 Jinja 模板：{error.message}；位置：{near}", f"not Jinja: {error.message}; near: {near}"
        ) from None
    except TemplateError as error:  # an unknown name, or what the sandbox refuses
        raise NoticeTemplateError(f"模板无法填写：{error}", str(error)) from None
    except (ArithmeticError, AttributeError, TypeError, ValueError, etree.LxmlError) as error:
        raise NoticeTemplateError(f"模板无法填写：{error}", f"cannot be filled: {error}") from None
    document.docx.core_properties.title = clip(one_line(notice.title), PROPERTY_CHARACTERS)
    if shares_widths:
        _share_width(document.docx.tables[-1], notice.attached.widths)


def check(template: bytes) -> None:
    """Fill a template with a notice that has one of everything. Raises NoticeTemplateError."""
    say = words("zh-CN")
    example = Problem("标题", "严重", "1 处", "影响", "方法", ("例",))
    notice = Notice(
        title="标题",
        recipients="主送",
        basis="依据",
        overview=("情况",),
        problems=(example,),
        omitted="另有",
        requirements=("要求",),
        shares=(Share("处室", "1", "1", "0", "2026-01-01"),),
        attached=AttachedList("清单", ("列",), (1,), (("值",),), "另有"),
        office="单位",
        contact="电话",
        date="2026年1月1日",
        language=say.language,
        bars=Bars("图", ("类",), ("严重",), ((1,),)),
        labels=labels_of(say),
    )
    fill(notice, template, io.BytesIO())


def _opened(template: bytes) -> DocxTemplate:
    document = DocxTemplate(io.BytesIO(template))
    try:
        document.init_docx()
    except (KeyError, ValueError, zipfile.BadZipFile, etree.LxmlError) as error:
        raise NoticeTemplateError(f"不是 docx 文件：{error}", f"no docx file: {error}") from None
    return document


def _sandbox() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )


def _context(notice: Notice, document: DocxTemplate) -> dict[str, object]:
    """Return the names of the template. The chart is a run of a paragraph: ``{{r chart }}``."""
    names: dict[str, object] = {key: value for key, value in asdict(notice).items() if key != "bars"}
    document.render_init()
    names["chart"] = Markup(_chart(notice.bars, document)) if notice.bars.categories else ""  # noqa: S704 - our own XML
    return names


def _chart(bars: Bars, document: DocxTemplate) -> str:
    """Add the chart to the document, and return the run that shows it."""
    main = document.docx.part
    part = Part(PackURI(CHART_PART), CHART_TYPE, chart_part(bars), main.package)
    return inline_drawing(bars, main.relate_to(part, RELATIONSHIP_TYPE.CHART))


def _share_width(table: Table, widths: tuple[int, ...]) -> None:
    """Share the width of a table among its columns; the template, which knows no columns, has them all alike."""
    whole = sum(column.width or 0 for column in table.columns)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Length(whole * width // sum(widths))
    for row in table.rows:
        for cell, column in zip(row._tr.tc_lst, table.columns, strict=True):  # noqa: SLF001 - row.cells takes a millisecond
            cell.width = column.width


def _near(error: TemplateError) -> str:
    """Return the text of the template around a mistake."""
    lines = [line.strip() for line in getattr(error, "docx_context", ())]
    return clip(" / ".join(filter(None, lines)), PLACE_CHARACTERS)


def _untie(document: DocxTemplate) -> None:
    """Untie the parts of a document, so that it goes at once.

    They name each other in circles. The garbage collector, which counts objects, sees some hundred in them and comes
    late; libxml2 holds two megabytes for them (a backlog of 2,000 notices held 5 GB).
    """
    package = document.docx.part.package
    for part in [*package.iter_parts(), package]:
        vars(part).clear()


def _write_without_times(filled: io.BytesIO, out: BinaryIO) -> None:
    """Copy an archive without the times of its parts: the same report is the same bytes."""
    with zipfile.ZipFile(filled) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in made.namelist():
            with archive.open(name, "w") as part:
                part.write(made.read(name))
