"""A server that is out of order, and whose pages browsers open: a note about the server, and no broken link."""

import pytest

from tests.monitor.web import Command, web

BODY = b"<!doctype html><html lang=zh-CN><meta charset=utf-8><title>t</title><a href=/a.html>a</a><a href=/gone>b</a>"


def raw(*lines: bytes, body: bytes = BODY):
    async def handler(exchange):
        await exchange.raw(b"\r\n".join([b"HTTP/1.1 200 OK", b"Content-Type: text/html", *lines, b"", body]))

    return handler


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((b"Server no colon",), "Server no colon"),
        ((b"Transfer-Encoding: identity",), "identity"),
        ((b"Content-Encoding: utf-8", b"X Frame: a"), "X Frame: a"),
    ],
)
def test_a_note_says_what_is_wrong_with_the_server(tmp_path, lines, said):
    pages = {"/": raw(*lines), "/a.html": raw(*lines)}
    with web(pages).running() as site:
        outcome = Command(tmp_path)(site.url + "/", "--scope", "site", checks="links,http-syntax")
    assert outcome.targets("broken-link") == {"/gone"}
    notes = outcome.found("malformed-http")
    assert [note["severity"] for note in notes] == ["minor"] * len(notes)
    assert any(said in note["message"] for note in notes)
    assert {note["url"] for note in notes} == {site.url + "/"}


def test_a_server_by_the_book_gets_none(tmp_path):
    with web({"/": BODY}).running() as site:
        outcome = Command(tmp_path)(site.url + "/", checks="http-syntax")
    assert outcome.report["findings"] == []
