"""The Observatory's way with scripts: which it takes for foreign, and which for secure."""

import pytest

from checks.security.observatory import grade
from checks.security.observatory.scripts import integrity
from tests.hosts import host

ABSENT = "sri-not-implemented-but-no-scripts-loaded"
OWN = "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"
OWN_HASHED = "sri-implemented-and-all-scripts-loaded-securely"
HASHED = "sri-implemented-and-external-scripts-loaded-securely"
HTTPS = "sri-not-implemented-but-external-scripts-loaded-securely"
HTTP = "sri-not-implemented-and-external-scripts-not-loaded-securely"
HTTP_HASHED = "sri-implemented-but-external-scripts-not-loaded-securely"

CDN = "https://cdn.site-b.example/a.js"


def script(src, integrity=""):
    return f'<script src="{src}" {integrity and f"integrity={integrity}"}></script>'


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("", ABSENT),
        ("<script>1</script>", OWN),
        (script("a.js"), OWN),
        (script(""), OWN),
        (script("/a.js", "x"), OWN_HASHED),
        (script("https://static.site-a.example/a.js", "x"), OWN_HASHED),
        (script("http://static.site-a.example/a.js", "x"), OWN),
        (script(CDN), HTTPS),
        (script(CDN, "anything"), HASHED),
        (script("http://cdn.site-b.example/a.js"), HTTP),
        (script("http://cdn.site-b.example/a.js", "x"), HTTP_HASHED),
        (script("//static.site-a.example/a.js"), HTTP),
        (script("//static.site-a.example/a.js", "x"), HTTP_HASHED),
        (script("HTTPS://CDN.site-b.example/a.js"), HTTPS),
        (script("https:/cdn.site-b.example/a.js"), HTTPS),
        (script("https:\\\\cdn.site-b.example\\a.js"), HTTPS),
        (script(" https://cdn.site-b.example/a.js "), HTTPS),
        (script(" //cdn.site-b.example/a.js"), OWN),
        (script("data:text/javascript,1"), OWN),
        (script("https://127.0.0.1/a.js"), HTTPS),
        (script("/a.js", "x") + script(CDN, "x"), OWN_HASHED),
        (script(CDN, "x") + script(CDN), HTTPS),
        (script(CDN) + script("//x.example/", "x"), HTTPS),
        (script(CDN) + script("//x.example/"), HTTP),
        (f"<template>{script(CDN)}</template>", ABSENT),
        (f"<!--{script(CDN)}-->", ABSENT),
        (f"<noscript>{script(CDN)}</noscript>", HTTPS),
        (f"<svg>{script(CDN)}</svg>", OWN),
        (f"<svg><foreignObject>{script(CDN)}</foreignObject></svg>", HTTPS),
        (f"<textarea>{script(CDN)}</textarea>", ABSENT),
        ("<base href='https://cdn.site-b.example/'>" + script("a.js"), HTTPS),
        ("<base href='https://cdn.site-b.example/'>" + script("//static.site-a.example/a.js"), OWN),
        ("<base href='/x/'>" + script("a.js"), OWN),
        ("<base target=x><base href='https://cdn.site-b.example/'>" + script("a.js"), HTTPS),
    ],
)
def test_where_scripts_come_from(body, result):
    assert integrity(host(body=f"<html><head>{body}</head></html>")) == result


@pytest.mark.parametrize(
    ("kind", "result"),
    [
        ("text/html", HTTPS),
        ("application/xhtml+xml;x", HTTPS),
        ("Text/HTML", "sri-not-implemented-response-not-html"),
        ("text/html ;x", "sri-not-implemented-response-not-html"),
        ("", "sri-not-implemented-response-not-html"),
    ],
)
def test_only_html_is_read(kind, result):
    assert integrity(host([("Content-Type", kind)], script(CDN))) == result


def test_an_address_that_is_none_ends_without_a_verdict():
    graded = grade(host(body=script("https://")))
    assert (graded.score, graded.error) == (None, "Invalid URL")
