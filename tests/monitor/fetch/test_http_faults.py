"""What of HTTP's grammar a head breaks: heads that browsers open, and the faults that are named in them."""

import pytest

from checks.model import HttpFaultKind
from monitor.fetch.http_faults import faults_of

OK = b"HTTP/1.1 200 OK\r\n"
GOOD = [
    OK + b"Content-Type: text/html\r\nContent-Length: 5\r\n\r\n",
    b"HTTP/1.1 200\r\nServer: x\r\n\r\n",
    b"HTTP/1.1 200 \r\n\r\n",
    b"HTTP/1.0 404 Not Found\r\nX-Empty:\r\n\r\n",
    b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n",
    OK + b"Transfer-Encoding: chunked\r\n\r\n",
    OK + b"Transfer-Encoding: gzip, Chunked\r\n\r\n",
    OK + b"Content-Encoding: br\r\n\r\n",
    OK + b"Content-Encoding: GZIP\r\nVary: a\r\nVary: b\r\n\r\n",
    OK + "Content-Disposition: attachment; filename=通知.pdf\r\n\r\n".encode(),
    OK + b"X-Time:12:30\r\n\r\n",
]


@pytest.mark.parametrize("head", GOOD)
def test_a_head_by_the_grammar_has_no_fault(head):
    assert faults_of(head) == ()


BAD = [
    (b"", "no-head", ""),
    (b"HTTP/1.1 OK\r\n\r\n", "status-line", "HTTP/1.1 OK"),
    (b"http/1.1 200 OK\r\n\r\n", "status-line", "http/1.1 200 OK"),
    (b"HTTP 200 OK\r\n\r\n", "status-line", "HTTP 200 OK"),
    (b"HTTP/1.1  200 OK\r\n\r\n", "status-line", "HTTP/1.1  200 OK"),
    (OK + b"Server no colon\r\n\r\n", "header-line", "Server no colon"),
    (OK + b"Content-Type : text/html\r\n\r\n", "header-line", "Content-Type : text/html"),
    (OK + b"X Powered: a\r\n\r\n", "header-line", "X Powered: a"),
    (OK + b": nameless\r\n\r\n", "header-line", ": nameless"),
    (OK + "作者: 某局\r\n\r\n".encode(), "header-line", "作者: 某局"),
    (OK + b"<meta>\r\nServer: x\r\n\r\n", "header-line", "<meta>"),
    (OK + b"X-A: a\r\n b\r\n\r\n", "folded", "b"),
    (OK + b" X-A: a\r\nX-B: b\r\n\r\n", "folded", "X-A: a"),
    (OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "transfer-encoding", "chunked, chunked"),
    (OK + b"Transfer-Encoding: identity\r\n\r\n", "transfer-encoding", "identity"),
    (OK + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\n", "content-length", "5, 5"),
    (OK + b"Content-Length: -1\r\n\r\n", "content-length", "-1"),
    (OK + b"Content-Length:\r\n\r\n", "content-length", ""),
    (OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "two-lengths", "5 + chunked"),
    (OK + b"Content-Encoding: UTF-8\r\n\r\n", "content-encoding", "UTF-8"),
    (OK + b"Content-Encoding: none\r\n\r\n", "content-encoding", "none"),
]


@pytest.mark.parametrize(("head", "kind", "line"), BAD)
def test_a_fault_is_named_with_its_line(head, kind, line):
    assert [(fault.kind, fault.line) for fault in faults_of(head)] == [(kind, line)]


def test_every_fault_of_a_head_is_named_once():
    head = b"HTTP/1.1 x\r\nbad\r\nbad\r\nContent-Length: a\r\nContent-Encoding: utf-8\r\n\r\n"
    assert [fault.kind for fault in faults_of(head)] == [
        HttpFaultKind.STATUS_LINE,
        HttpFaultKind.HEADER_LINE,
        HttpFaultKind.CONTENT_LENGTH,
        HttpFaultKind.CONTENT_ENCODING,
    ]


def test_a_long_line_is_shown_in_part():
    (fault,) = faults_of(OK + b"a" * 5_000 + b"\r\n\r\n")
    assert len(fault.line) == 100
