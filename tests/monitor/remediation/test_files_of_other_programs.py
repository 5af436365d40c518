"""Workbooks in the forms that other programs write (ECMA-376 allows many): read as they were, or clearly refused.

Built after the standard and after what is known of Excel, WPS, the Open XML SDK and Numbers; LibreOffice and openpyxl
themselves save in ``test_spreadsheets``.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest

from monitor.store import Store
from reports.remediation.spreadsheet_reading import SpreadsheetError
from tests.monitor.remediation.workbooks import edited, exported, filled, now, rewritten, taken, typing

Part = tuple[str, bytes]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml"
SHEET = "xl/worksheets/sheet1.xml"
DAY = re.compile(r'(<c r="(?:M|P)\d+"[^>]*)><v>(\d+)</v>')
"""A deadline or a day of mending."""

TEXT = re.compile(r't="inlineStr"><is><t([^>]*)>(.*?)</t></is>', re.DOTALL)


@pytest.fixture
def ledger(tmp_path):
    with Store(f"sqlite:///{tmp_path}/store.db") as store:
        yield filled(store, 3)


def strict(name: str, data: bytes) -> Part:
    """“Strict Open XML Spreadsheet” of Excel: other namespaces, and days in ISO 8601."""
    text = data.decode()
    if name == SHEET:
        text = DAY.sub(r'\1 t="d"><v>2026-12-01T00:00:00</v>', text.replace(' t="n"', ""))
    text = text.replace(MAIN, f"{STRICT}/spreadsheetml/main")
    return name, text.replace(OFFICE, f"{STRICT}/officeDocument/relationships").encode()


def prefixed(name: str, data: bytes) -> Part:
    """Every element with a prefix, as the Open XML SDK writes them."""
    if not name.startswith("xl/") or name.endswith(".rels") or "theme" in name:
        return name, data
    text = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", data.decode())
    return name, text.replace(' xmlns="', ' xmlns:x="').encode()


def with_phonetics(name: str, data: bytes) -> Part:
    """Texts of several looks, and how they are read aloud, which Excel keeps beside Chinese and Japanese texts."""
    if name != SHEET:
        return name, data

    def parts(match: re.Match[str]) -> str:
        space, text = match.groups()
        if not text.isalnum():
            return match[0]
        run = '<rPr><sz val="10"/><rFont val="等线"/></rPr>'
        runs = f"<r><t>{text[:1]}</t></r><r>{run}<t{space}>{text[1:]}</t></r>"
        aloud = '<rPh sb="0" eb="1"><t>du</t></rPh><phoneticPr fontId="1" type="noConversion"/>'
        return f't="inlineStr"><is>{runs}{aloud}</is>'

    return name, TEXT.sub(parts, data.decode()).encode()


def with_other_looks(name: str, data: bytes) -> Part:
    """Looks numbered anew, with an apostrophe before what is a text (quotePrefix)."""
    text = data.decode()
    if name == "xl/styles.xml":
        more = '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>' * 3
        text = re.sub(r"(<cellXfs[^>]*>)", rf"\1{more}", text)
    if name == SHEET:
        text = re.sub(r'(<c r="[A-Z]+\d+" s=")(\d+)"', lambda match: f'{match[1]}{int(match[2]) + 3}"', text)
    return name, text.encode()


def with_extensions(name: str, data: bytes) -> Part:
    """What Excel adds: heights for other screens, spans, formulas beside the table, extensions at the end."""
    if name != SHEET:
        return name, data
    ac = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    text = data.decode().replace(
        "<worksheet ", f'<worksheet xmlns:mc="{mc}" mc:Ignorable="x14ac" xmlns:x14ac="{ac}" ', 1
    )
    text = text.replace("<row ", '<row spans="1:60" x14ac:dyDescent="0.2" ')
    text = text.replace(
        "</row>", '<c r="BH2" t="str"><f>VLOOKUP(B2,A:C,2)</f><v>3</v></c><c r="BI2" t="e"><v>#N/A</v></c></row>', 2
    )
    return name, text.replace(
        "</worksheet>", '<extLst><ext uri="{A}"><x14ac:c><x14ac:v>9</x14ac:v></x14ac:c></ext></extLst></worksheet>'
    ).encode()


def with_mark_of_order(name: str, data: bytes) -> Part:
    """A mark of byte order before the XML, as .NET writes it."""
    return name, b"\xef\xbb\xbf" + data.removeprefix(b"\xef\xbb\xbf")


def in_utf16(name: str, data: bytes) -> Part:
    """Another encoding that XML allows."""
    if name != SHEET:
        return name, data
    return name, data.decode().replace("UTF-8", "UTF-16", 1).encode("utf-16")


def with_exponents(name: str, data: bytes) -> Part:
    """Whole numbers with decimals and exponents, as they are computed."""
    if name != SHEET:
        return name, data
    return name, re.sub(rb'(<c r="[ABM]\d+"[^>]*><v>)(\d+)</v>', rb"\g<1>\2.0E0</v>", data)


FORMS: list[Callable[[str, bytes], Part]] = [
    strict,
    prefixed,
    with_phonetics,
    with_other_looks,
    with_extensions,
    with_mark_of_order,
    in_utf16,
    with_exponents,
]


def named(form: Callable[..., object]) -> str:
    return form.__name__


@pytest.mark.parametrize("form", FORMS, ids=named)
def test_a_workbook_in_another_form_is_read_as_it_was(ledger, form):
    before = now(ledger)
    outcome = taken(ledger, rewritten(exported(ledger), form))
    assert (outcome.changes, outcome.lines, now(ledger)) == ([], [], before)


@pytest.mark.parametrize("form", FORMS, ids=named)
def test_what_was_filled_in_comes_back_from_another_form(ledger, form):
    file = edited(exported(ledger), typing(4, owner="张三", state="整改中", deadline="12月8日", note="已联系"))
    outcome = taken(ledger, rewritten(file, form))
    assert {(row.number, row.field) for row in outcome.changes} == {
        (3, field) for field in ("owner", "state", "deadline", "note")
    }
    assert outcome.lines == []


def _large(workbook: io.BytesIO) -> io.BytesIO:
    """Parts whose sizes are told in 64 bits."""
    out = io.BytesIO()
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            with target.open(name, "w", force_zip64=True) as part:
                part.write(source.read(name))
    return out


class _Pipe(io.RawIOBase):
    """What can only be written to, on and on: sizes stand behind the parts then."""

    def __init__(self) -> None:
        self.written = b""

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.written += bytes(data)
        return len(data)


def _streamed(workbook: io.BytesIO) -> io.BytesIO:
    pipe = _Pipe()
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return io.BytesIO(pipe.written)


def _stored(workbook: io.BytesIO) -> io.BytesIO:
    """Not compressed, in another order, with folders as entries of their own."""
    out = io.BytesIO()
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(out, "w") as target:
        target.writestr("xl/", b"")
        for name in reversed(source.namelist()):
            target.writestr(name, source.read(name))
    return out


@pytest.mark.parametrize("pack", [_large, _streamed, _stored], ids=named)
def test_the_archive_may_be_packed_in_any_way(ledger, pack):
    file = edited(exported(ledger), typing(4, owner="张三"))
    outcome = taken(ledger, pack(file))
    assert ([(row.number, row.field) for row in outcome.changes], outcome.lines) == ([(3, "owner")], [])


def zipped(parts: dict[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out


def refers_to(target: str) -> bytes:
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    link = f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="{target}"/>'
    return f'<Relationships xmlns="{package}">{link}</Relationships>'.encode()


ODS = b"application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (zipped({"mimetype": ODS, "content.xml": b"<x/>"}), "ods"),
        (zipped({"_rels/.rels": refers_to("xl/workbook.bin"), "xl/workbook.bin": b"\x83\x01\x00"}), "xlsb"),
        (zipped({"Index/Document.iwa": b"\0", "Metadata/Properties.plist": b"\0"}), "Numbers"),
        (zipped({"_rels/.rels": refers_to("word/document.xml"), "word/document.xml": b"<w/>"}), "docx"),
        (io.BytesIO(b"<html><table><tr><td>1</td></tr></table></html>"), "xlsx"),
        (io.BytesIO("\ufeff问题编号,状态\n1,整改中\n".encode("utf-16")), "csv"),
    ],
)
def test_a_file_of_another_kind_is_named_in_both_languages(ledger, file, says):
    before = now(ledger)
    with pytest.raises(SpreadsheetError) as refused:
        taken(ledger, file)
    assert says in refused.value.reason.zh
    assert says in refused.value.reason.en
    assert "xlsx" in refused.value.reason.zh
    assert now(ledger) == before
