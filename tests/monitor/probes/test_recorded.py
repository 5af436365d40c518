"""Recorded cases: the forms a file may have, what a case says of its host, and what is said of files that hold none."""

import json

import pytest

from monitor.probes.recorded import ORIGIN, Case, CaseError, read_cases
from tests.hosts import CASES

NAME = "www.site-a.example"
SMALLEST = {"name": "smallest", "entry_host": NAME, "url": f"https://{NAME}/", "status": 200}


def written(tmp_path, text):
    path = tmp_path / "cases.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def case(**fields):
    return Case.model_validate(SMALLEST | fields).host()


def shape(chain):
    """Say of a chain what was asked and what became of it."""
    return [(answer.response.url, answer.response.status or answer.response.error) for answer in chain.answers]


@pytest.mark.parametrize(
    "form",
    [
        lambda cases: json.dumps({"meta": {}, "cases": cases}),
        json.dumps,
        lambda cases: "\n".join(json.dumps(each) for each in cases) + "\n\n",
        lambda cases: json.dumps(cases[0]),
    ],
    ids=["object", "list", "lines", "one"],
)
def test_forms_of_files(tmp_path, form):
    path = written(tmp_path, form([SMALLEST]))
    assert [each.name for each in read_cases(path)] == ["smallest"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "holds no cases"),
        ("nonsense", "line 1: not JSON"),
        ('{"name": 1}\n{', "line 2: not JSON"),
        ("3", "neither a list of cases nor an object"),
        ('"cases"', "neither a list of cases nor an object"),
        ("[1]", "case 1: case: "),
        ('[{"name": "x"}]', "case 1: entry_host: Field required"),
        (json.dumps([SMALLEST, SMALLEST | {"headers": [["a"]]}]), "case 2: headers.0"),
        (json.dumps([SMALLEST | {"status": "soon"}]), "case 1: status: "),
        (json.dumps([SMALLEST | {"entry_host": "a b"}]), "case 1: entry_host: "),
        (json.dumps([SMALLEST | {"url": "nowhere"}]), "case 1: url: "),
        (json.dumps([SMALLEST | {"extra_pages": [{"url": "x", "status": 200}]}]), "case 1: extra_pages.0.url: "),
        ("[" * 100_000, "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
    ],
    ids=lambda text: str(text)[:30],
)
def test_files_that_hold_no_cases(tmp_path, text, fault):
    path = written(tmp_path, text)
    with pytest.raises(CaseError, match=fault) as caught:
        list(read_cases(path))
    assert str(caught.value).startswith(str(path))


def test_every_recorded_case_can_be_read():
    assert len(list(read_cases(CASES))) == 173


def test_the_smallest_case():
    host = case()
    assert (host.name, host.url, host.origin) == (NAME, f"https://{NAME}/", ORIGIN)
    assert shape(host.http) == [(f"http://{NAME}/", 200)]
    assert shape(host.https) == [(f"https://{NAME}/", 200)]
    assert (host.robots, host.missing, host.preflight) == (None, None, None)


def test_redirects_are_followed_and_keep_their_headers():
    hops = [
        {"from": f"http://{NAME}/", "status": 301, "to": f"https://{NAME}/#top"},
        {"from": f"https://{NAME}/", "status": 302, "to": "/home", "headers": [["Set-Cookie", " a=1 "]]},
    ]
    host = case(url=f"https://{NAME}/home", redirects=hops)
    steps = [(f"http://{NAME}/", 301), (f"https://{NAME}/#top", 302), (f"https://{NAME}/home", 200)]
    assert shape(host.http) == steps
    assert host.https.answers[0].response.header_list("set-cookie") == ("a=1",)


@pytest.mark.parametrize("target", ["http://[", "ftp://x.example/", "javascript:1"])
def test_a_redirect_to_nowhere_breaks_the_chain(target):
    host = case(redirects=[{"from": f"http://{NAME}/", "status": 301, "to": target}])
    assert host.http.final is None
    assert shape(host.http)[-1][1] == "malformed"


def test_a_circle_is_left_after_ten_redirects():
    host = case(redirects=[{"from": f"http://{NAME}/", "status": 301, "to": f"http://{NAME}/"}])
    assert shape(host.http) == [(f"http://{NAME}/", 301)] * 11


@pytest.mark.parametrize(
    ("fields", "secure", "trusted", "http"),
    [
        ({"tls": "valid"}, True, True, 200),
        ({"tls": "self-signed"}, True, False, 200),
        ({"tls": "closed"}, False, True, 200),
        ({"http_open": False}, True, True, "connect"),
    ],
)
def test_ports_and_certificates(fields, secure, trusted, http):
    host = case(**fields)
    assert (host.secure, host.https.trusted, shape(host.http)[0][1]) == (secure, trusted, http)


def test_side_answers():
    pages = [
        {"url": f"https://{NAME}/robots.txt", "status": 404, "body": "none"},
        {"url": f"https://{NAME}/gone", "status": 410},
    ]
    preflight = {"status": 204, "headers": [["Access-Control-Allow-Origin", "$ORIGIN"]]}
    host = case(extra_pages=pages, preflight=preflight, preload=["Example"])
    assert (host.robots.body, host.missing.response.status, host.preload) == ("none", 410, {"example"})
    assert host.preflight.response.header("access-control-allow-origin") == ORIGIN


def test_an_answer_without_content_has_none():
    assert case(status=204, body="<script src=x>").judged.final.body == ""
