"""Write corrections into a Word file as its reviewer would: tracked changes and comments, all else as it was.

Only the parts that hold text are parsed; every other part of the package is copied byte for byte. A correction splits
the runs that it touches, so that what goes and what comes has the formatting of what stood there (ECMA-376-1, 17.13.5).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from monitor.pages.documents import WORD, UnreadableError, outer_paragraphs, text_nodes, text_of_nodes, word_parts
from monitor.proofreading.proofread_messages import TextCorrection

if TYPE_CHECKING:
    from lxml.etree import _Element

PARTS = 5_000
"""Parts of a package at most: a Word file with a thousand pictures has some more than a thousand."""

UNPACKED = 96 * 1024 * 1024
"""Bytes that the parts of a package may unpack to together; pictures do not shrink, text does to a tenth."""

DOCUMENT, COMMENTS = "word/document.xml", "word/comments.xml"
RELATIONS, TYPES = "word/_rels/document.xml.rels", "[Content_Types].xml"

SPACE = "{http://www.w3.org/XML/1998/namespace}space"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
PACKAGE_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
COMMENTS_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"

INITIALS = 2
"""Characters of a name that stand beside its comments."""


def refuse_bomb(body: bytes) -> None:
    """Raise UnreadableError for a package that would unpack to far more than a document; what is no zip passes."""
    if not body.startswith(b"PK\x03\x04"):
        return
    try:
        parts = zipfile.ZipFile(BytesIO(body)).infolist()
    except zipfile.BadZipFile:
        raise UnreadableError("文件已损坏：不是 zip 压缩包", "the file is broken: not a zip archive") from None
    # A part that is longer than it says ends with an error where it is read (zipfile checks lengths and sums).
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise UnreadableError(
            f"文件解开后超过 {UNPACKED >> 20} MiB 或 {PARTS} 个部分",
            f"the file unpacks to more than {UNPACKED >> 20} MiB or {PARTS} parts",
        )


def corrected(body: bytes, corrections: Iterable[TextCorrection], author: str, at: datetime) -> bytes:
    """Return a Word file with corrections by an author at a moment. Raises UnreadableError.

    A remark outside of the document itself, in a header or a note, is left out: Word has no comments there.
    """
    refuse_bomb(body)
    wanted: dict[int, list[TextCorrection]] = {}
    for correction in corrections:
        wanted.setdefault(correction.passage, []).append(correction)
    with zipfile.ZipFile(BytesIO(body)) as package:
        changed = _changed_parts(package, wanted, _Hand(author, at))
        return _rewritten(package, changed)


class _Hand:
    """Who corrects and when, and the numbers of annotations that are still free."""

    def __init__(self, author: str, at: datetime) -> None:
        self.author = author
        self.attributes = {
            f"{WORD}author": author,
            f"{WORD}date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        self.remarks: list[tuple[str, str]] = []
        """Number and text of the comments that were made."""
        self._free = 0

    def begin(self, root: _Element) -> None:
        """Take numbers from above those that a part has."""
        known = [int(each.get(f"{WORD}id", "0")) for each in root.iter() if each.get(f"{WORD}id", "").isdecimal()]
        self._free = max([self._free, *known])

    def marked(self, name: str) -> _Element:
        """Return an element of a tracked change, ``ins`` or ``del``."""
        return etree.Element(f"{WORD}{name}", {f"{WORD}id": self.number(), **self.attributes})

    def number(self) -> str:
        """Return a number that no annotation has."""
        self._free += 1
        return str(self._free)


def _changed_parts(package: zipfile.ZipFile, wanted: dict[int, list[TextCorrection]], hand: _Hand) -> dict[str, bytes]:
    """Return the parts that are another than before, by name."""
    changed: dict[str, bytes] = {}
    comments = _parsed(package, COMMENTS) if COMMENTS in package.namelist() else None
    if comments is not None:
        hand.begin(comments)
    passage = 0
    for name in word_parts(package):
        root = _parsed(package, name)
        hand.begin(root)
        touched = False
        # The texts are found before any is changed: a change makes runs of its own.
        for nodes in [nodes for each in outer_paragraphs(root) for nodes in text_nodes(each) if text_of_nodes(nodes)]:
            spans = list(_spans(nodes))
            # From behind, so that what was found of the nodes before a correction stays true.
            for correction in sorted(wanted.get(passage, ()), key=lambda each: -each.start):
                touched |= _apply(spans, correction, hand, may_remark=name == DOCUMENT)
            passage += 1
        if touched:
            changed[name] = _serialized(root)
    if hand.remarks:
        changed |= _with_comments(package, comments, hand)
    return changed


def _parsed(package: zipfile.ZipFile, name: str) -> _Element:
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        return etree.fromstring(package.read(name), parser)
    except (etree.XMLSyntaxError, zipfile.BadZipFile, RuntimeError) as error:
        raise UnreadableError(f"{name} 读不出来：{error}", f"{name} cannot be read: {error}") from None


def _serialized(root: _Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _rewritten(package: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    """Return the package with some parts changed or added, the others as they were and in their order."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for part in package.infolist():
            content = changed[part.filename] if part.filename in changed else package.read(part)
            written.writestr(part, content, zipfile.ZIP_DEFLATED)
        for name in changed.keys() - package.namelist():
            written.writestr(name, changed[name])
    return out.getvalue()


# ---- within a paragraph -------------------------------------------------------------------------------


class _Span(NamedTuple):
    """Which characters of a text a node holds."""

    node: _Element
    start: int
    end: int


def _spans(nodes: Sequence[_Element]) -> Iterator[_Span]:
    at = 0
    for node in nodes:
        length = len(text_of_nodes([node]))
        yield _Span(node, at, at + length)
        at += length


def _apply(spans: Sequence[_Span], correction: TextCorrection, hand: _Hand, *, may_remark: bool) -> bool:
    """Make one correction in a text; return whether anything was changed."""
    places = list(_places(spans, correction.start, correction.end))
    is_text = all(node.tag == f"{WORD}t" and _parent(node).tag == f"{WORD}r" for node, _, _ in places)
    if not places or not is_text:  # a tab or a break within the wording: nothing that a run could be split at
        return False
    if correction.right is None and not may_remark:
        return False
    runs = [_isolated(node, start, end) for node, start, end in places]
    if correction.right is None:
        _remark(runs, correction.remark, hand)
    else:
        _replace(runs, correction.right, hand)
    return True


def _places(spans: Sequence[_Span], start: int, end: int) -> Iterator[tuple[_Element, int, int]]:
    """Yield each node that holds a part of characters ``start`` to ``end``, and which of its own these are."""
    for node, begins, ends in spans:
        first, last = max(start, begins), min(end, ends)
        if first < last:
            yield node, first - begins, last - begins


def _isolated(node: _Element, start: int, end: int) -> _Element:
    """Return a run that holds these characters of a node and nothing else; what stood beside them has its own."""
    text = node.text or ""
    if end < len(text) or node.getnext() is not None:
        _split(node, end)
    if start > 0:
        return _split(node, start)
    run = _parent(node)
    if any(each.tag != f"{WORD}rPr" for each in node.itersiblings(preceding=True)):
        own = _empty_like(run)
        run.addnext(own)
        own.append(node)
        return own
    return run


def _parent(element: _Element) -> _Element:
    parent = element.getparent()
    if parent is None:
        raise UnreadableError("有文字不在任何段落中", "text that stands in no paragraph")
    return parent


def _split(node: _Element, at: int) -> _Element:
    """Move what follows a character of a node into a run of its own behind it, and return that run."""
    run, text = _parent(node), node.text or ""
    behind = _empty_like(run)
    if text[at:]:
        behind.append(_text(text[at:]))
    behind.extend(list(node.itersiblings()))
    node.text = text[:at]
    node.set(SPACE, "preserve")
    run.addnext(behind)
    return behind


def _empty_like(run: _Element) -> _Element:
    """Return a run without content that looks as another one does."""
    made = etree.Element(f"{WORD}r")
    looks = run.find(f"{WORD}rPr")
    if looks is not None:
        made.append(deepcopy(looks))
    return made


def _text(text: str, tag: str = "t") -> _Element:
    made = etree.Element(f"{WORD}{tag}", {SPACE: "preserve"})
    made.text = text
    return made


def _replace(runs: Sequence[_Element], right: str, hand: _Hand) -> None:
    """Mark runs as deleted, and what comes in their place as inserted behind them, looking as the first of them."""
    new = _empty_like(runs[0])
    new.append(_text(right))
    for run in runs:
        deleted = hand.marked("del")
        run.addprevious(deleted)
        deleted.append(run)
        for node in run.iter(f"{WORD}t"):
            node.tag = f"{WORD}delText"
            node.set(SPACE, "preserve")
    if not right:
        return
    last = _parent(runs[-1])
    if _parent(last).tag == f"{WORD}ins":  # somebody's insertion: what stands in it belongs to it
        last.addnext(new)
    else:
        inserted = hand.marked("ins")
        inserted.append(new)
        last.addnext(inserted)


def _remark(runs: Sequence[_Element], text: str, hand: _Hand) -> None:
    """Put a comment at runs."""
    number = hand.number()
    hand.remarks.append((number, text))
    attributes = {f"{WORD}id": number}
    runs[0].addprevious(etree.Element(f"{WORD}commentRangeStart", attributes))
    ends = etree.Element(f"{WORD}commentRangeEnd", attributes)
    runs[-1].addnext(ends)
    reference = etree.Element(f"{WORD}r")
    etree.SubElement(reference, f"{WORD}commentReference", attributes)
    ends.addnext(reference)


def _with_comments(package: zipfile.ZipFile, comments: _Element | None, hand: _Hand) -> dict[str, bytes]:
    """Return the part of the comments with those that were made, and where it is new, the parts that name it."""
    changed: dict[str, bytes] = {}
    if comments is None:
        comments = etree.Element(f"{WORD}comments", nsmap={"w": WORD[1:-1]})
        relations = (
            _parsed(package, RELATIONS)
            if RELATIONS in package.namelist()
            else etree.fromstring(f'<Relationships xmlns="{PACKAGE_RELATIONS}"/>')
        )
        relation = {"Id": "rIdProofreading", "Type": COMMENTS_RELATION, "Target": "comments.xml"}
        etree.SubElement(relations, f"{{{PACKAGE_RELATIONS}}}Relationship", relation)
        types = _parsed(package, TYPES)
        override = {"PartName": f"/{COMMENTS}", "ContentType": COMMENTS_TYPE}
        etree.SubElement(types, f"{{{PACKAGE_TYPES}}}Override", override)
        changed = {RELATIONS: _serialized(relations), TYPES: _serialized(types)}
    # Comments stand in the order of the text, as Word writes them; they were made from behind within a paragraph.
    for number, text in hand.remarks:
        initials = hand.author[:INITIALS]
        attributes = {f"{WORD}id": number, **hand.attributes, f"{WORD}initials": initials}
        comment = etree.SubElement(comments, f"{WORD}comment", attributes)
        run = etree.SubElement(etree.SubElement(comment, f"{WORD}p"), f"{WORD}r")
        run.append(_text(text))
    return {**changed, COMMENTS: _serialized(comments)}
