"""Tell what a file is by its first bytes, whatever its name and its Content-Type say.

Magic numbers as in the file(1) database and the formats' own specifications; HTML as in WHATWG's MIME Sniffing.
"""

from __future__ import annotations

MAGIC = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"\x00\x00\x01\x00", "ico"),
)

HTML = (b"<!doctype html", b"<html", b"<head", b"<script", b"<meta", b"<title", b"<body", b"<div", b"<table", b"<style")

OFFICE_HTML = (b"urn:schemas-microsoft-com:office", b'progid="word.document"', b'progid="excel.sheet"')
"""Marks of a document that Word or Excel saved as HTML: it opens, although its name says .doc or .xls."""


def sniff(head: bytes) -> str | None:
    """Return a short name for what the first bytes are; None for no bytes, ``other`` for what nobody marks."""
    if not head:
        return None
    for magic, name in MAGIC:
        if head.startswith(magic):
            return name
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n\f").lower()
    while text.startswith(b"<!--"):
        text = text.partition(b"-->")[2].lstrip()
    if text.startswith(HTML):
        return "office-html" if any(mark in text for mark in OFFICE_HTML) else "html"
    return "other"
