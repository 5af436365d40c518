"""Make reports/templates/notice.docx, the packaged template of the notice (通报), in the layout of GB/T 9704-2012.

Usage: tools/notice_template.py (with the project's environment). Fonts are named and not embedded: a machine without
方正小标宋简体, 仿宋_GB2312, 楷体_GB2312 or 黑体 shows another of the kind.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

OUT = Path(__file__).parent.parent / "reports" / "templates" / "notice.docx"

SECOND, THIRD, FOURTH, SMALL_FOURTH, FIFTH = Pt(22), Pt(16), Pt(14), Pt(12), Pt(10.5)
"""Chinese sizes of type: 二号, 三号, 四号, 小四, 五号."""

LATIN = "Times New Roman"


def style(document, name, font, size, *, indent=True, align=None, exact=True):
    """Add a paragraph style: a Chinese font, a size, lines 28 points apart, two characters of indent."""
    made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = document.styles["Normal"]
    made.font.name, made.font.size = LATIN, size
    fonts = made.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    layout = made.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    if exact:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)
    if indent:
        element = made.element.get_or_add_pPr().get_or_add_ind()
        element.set(qn("w:firstLineChars"), "200")
        element.set(qn("w:firstLine"), str(int(size.pt * 2 * 20)))
    if align is not None:
        layout.alignment = align
    return made


def outline(made, level):
    """Give a style its place in the outline, which navigation and tables of contents read."""
    element = OxmlElement("w:outlineLvl")
    element.set(qn("w:val"), str(level))
    made.element.get_or_add_pPr().append(element)
    made.paragraph_format.keep_with_next = True


def styles(document):
    """Add the styles that an office may restyle."""
    centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    title = style(document, "公文标题", "方正小标宋简体", SECOND, indent=False, align=centre)
    title.paragraph_format.line_spacing = Pt(33)
    title.paragraph_format.space_after = Pt(28)
    style(document, "公文正文", "仿宋_GB2312", THIRD)
    style(document, "主送机关", "仿宋_GB2312", THIRD, indent=False)
    outline(style(document, "一级标题", "黑体", THIRD), 0)
    outline(style(document, "二级标题", "楷体_GB2312", THIRD), 1)
    style(document, "附件标志", "黑体", THIRD, indent=False)
    signed = style(document, "署名", "仿宋_GB2312", THIRD, indent=False, align=right)
    signed.paragraph_format.right_indent = Pt(64)
    style(document, "图", "仿宋_GB2312", THIRD, indent=False, align=centre, exact=False)
    table = style(document, "表格文字", "仿宋_GB2312", FIFTH, indent=False, exact=False)
    table.paragraph_format.line_spacing = 1.15
    heading = style(document, "表格标题", "黑体", FIFTH, indent=False, align=centre, exact=False)
    heading.paragraph_format.line_spacing = 1.15
    style(document, "页码", "宋体", FOURTH, indent=False, exact=False)


def page(section, *, landscape=False):
    """Lay out A4 with the margins of the standard; a sheet on its side has its head where the binding is."""
    width, height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = width, height
    edges = (28, 26, 37, 35) if landscape else (37, 35, 28, 26)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, edges)
    section.footer_distance = Mm(21 if landscape else 28)
    section.header_distance = Mm(15)


def page_numbers(section):
    """Give the pages their numbers, ``— 1 —``: on the right of odd ones and the left of even ones."""
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style, paragraph.alignment = "页码", align
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = FOURTH
        paragraph.add_run("— ")
        field(paragraph, "PAGE")
        paragraph.add_run(" —")


def field(paragraph, instruction):
    """Add a field that Word works out."""
    for kind, text in (("begin", None), (None, instruction), ("separate", None), ("text", "1"), ("end", None)):
        run = paragraph.add_run()
        if kind == "text":
            run.text = text
        elif kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = text
            run._r.append(element)
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run._r.append(element)


def repeated(row):
    """Print a row again at the head of each page."""
    element = OxmlElement("w:tblHeader")
    row._tr.get_or_add_trPr().append(element)


def whole(row):
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def fill_row(row, texts, name):
    """Write the cells of a row."""
    for cell, text in zip(row.cells, texts, strict=True):
        cell.paragraphs[0].style = name
        cell.paragraphs[0].add_run(text)


def padded(table):
    """Keep the text of a table from its lines."""
    margins = OxmlElement("w:tblCellMar")
    for edge, width in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80)):
        element = OxmlElement(f"w:{edge}")
        element.set(qn("w:w"), str(width))
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    table._tbl.tblPr.append(margins)
    table.autofit = False


def loop_row(table, statement):
    """Add a row that is a statement: it is not in the filled table."""
    row = table.add_row()
    row.cells[0].paragraphs[0].add_run("{%tr " + statement + " %}")


def body(document):
    """Write the notice: title, basis, overview with its chart, problems, what is to be done, signature."""
    add = document.add_paragraph
    add("{{ title }}", "公文标题")
    add("{{ recipients }}", "主送机关")
    add("{{ labels.basis }}", "一级标题")
    add("{{ basis }}", "公文正文")
    add("{{ labels.overview }}", "一级标题")
    for text in ("{%p for line in overview %}", "{{ line }}", "{%p endfor %}"):
        add(text, "公文正文")
    for text in ("{%p if chart %}", "{{r chart }}", "{%p endif %}"):
        add(text, "图")
    add("{{ labels.problems }}", "一级标题")
    add("{%p for problem in problems %}", "公文正文")
    add("{{ problem.heading }}", "二级标题")
    add("{{ labels.why }}{{ problem.why }}", "公文正文")
    add("{{ labels.remedy }}{{ problem.remedy }}", "公文正文")
    add("{{ labels.examples }}", "公文正文").paragraph_format.keep_with_next = True
    for text in ("{%p for example in problem.examples %}", "{{ loop.index }}. {{ example }}", "{%p endfor %}"):
        add(text, "公文正文")
    add("{%p endfor %}", "公文正文")
    for text in ("{%p if omitted %}", "{{ omitted }}", "{%p endif %}"):
        add(text, "公文正文")
    requirements(document)
    add("", "公文正文")
    add("{{ labels.attachment_line }}{{ attached.title }}", "公文正文")
    add("", "公文正文")
    add("{{ office }}", "署名")
    add("{{ date }}", "署名")
    for text in ("{%p if contact %}", "（{{ labels.contact }}{{ contact }}）", "{%p endif %}"):
        add(text, "公文正文")


def requirements(document):
    """Write what is to be done, and the table of what each department has to do until when."""
    document.add_paragraph("{{ labels.requirements }}", "一级标题")
    for text in ("{%p for line in requirements %}", "{{ line }}", "{%p endfor %}"):
        document.add_paragraph(text, "公文正文")
    names = ("department", "count", "critical", "overdue", "deadline")
    document.add_paragraph("{%p if shares %}", "公文正文")
    table = document.add_table(1, len(names), "Table Grid")
    padded(table)
    fill_row(table.rows[0], ["{{ labels." + name + " }}" for name in names], "表格标题")
    repeated(table.rows[0])
    loop_row(table, "for share in shares")
    row = table.add_row()
    fill_row(row, ["{{ share." + name + " }}" for name in names], "表格文字")
    whole(row)
    loop_row(table, "endfor")
    for column, width in zip(table.columns, (50, 22, 24, 22, 38), strict=True):
        for cell in column.cells:
            cell.width = Mm(width)
    document.add_paragraph("{%p endif %}", "公文正文")


def attachment(document):
    """Write the list, with as many columns as it has, on a sheet on its side."""
    document.add_paragraph("{{ labels.attachment }}", "附件标志")
    document.add_paragraph("{{ attached.title }}", "公文标题")
    table = document.add_table(1, 3, "Table Grid")
    padded(table)
    fill_row(table.rows[0], ["{%tc for heading in attached.headings %}", "{{ heading }}", "{%tc endfor %}"], "表格标题")
    repeated(table.rows[0])
    loop_row(table, "for row in attached.rows")
    row = table.add_row()
    fill_row(row, ["{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"], "表格文字")
    whole(row)
    loop_row(table, "endfor")
    for text in ("{%p if attached.omitted %}", "{{ attached.omitted }}", "{%p endif %}"):
        document.add_paragraph(text, "公文正文")


def main():
    """Write the file."""
    document = Document()
    document.core_properties.author = "Sitehealth"
    document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = datetime(2026, 1, 1)  # noqa: DTZ001
    document.settings.odd_and_even_pages_header_footer = True
    # Without it a missing font is replaced by one of Taiwan or Japan, whose commas stand in the middle.
    document.styles.element.xpath("w:docDefaults//w:lang")[0].set(qn("w:eastAsia"), "zh-CN")
    styles(document)
    first = document.sections[0]
    page(first)
    page_numbers(first)
    body(document)
    second = document.add_section()
    page(second, landscape=True)
    page_numbers(second)
    attachment(document)
    document.save(OUT)


if __name__ == "__main__":
    main()
