"""Word files for the tests of proofreading, as people write them: runs, tables, headers, somebody's tracked change."""

from __future__ import annotations

from io import BytesIO

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt


def draft() -> bytes:
    """A notice with a typo that is split over two runs, one in a table cell, one in a header, one somebody inserted."""
    document = Document()
    document.add_heading("关于召开会议的通知", 1)
    paragraph = document.add_paragraph("各单位要认真")
    bold = paragraph.add_run("布")
    bold.bold, bold.font.size = True, Pt(16)
    paragraph.add_run("署，确保落实。会议决定按装监控设备。")
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "凭身份证\t登录帐号办理"
    document.sections[0].header.paragraphs[0].text = "清河县布署会"
    inserted = parse_xml(
        f'<w:ins {nsdecls("w")} w:id="7" w:author="李四" w:date="2026-01-01T00:00:00Z">'
        "<w:r><w:t>请认真布署。</w:t></w:r></w:ins>"
    )
    document.add_paragraph()._p.append(inserted)  # python-docx writes no tracked changes
    out = BytesIO()
    document.save(out)
    return out.getvalue()
