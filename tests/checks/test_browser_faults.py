"""What only a browser sees: one finding a cause, and none for what we kept from a page."""

import pytest

from checks.browser_faults import BrowserFaults
from checks.model import Confidence, ErrorKind, ScriptFault, Severity, Subrequest, Viewing

PAGE = "https://www.qinghe.gov.cn/tzgg/"
OWN = "https://www.qinghe.gov.cn/js/list.js?v=3"
STATISTICS = "https://hm.statistics.example/hm.js"


def found(url=PAGE, **seen):
    return [
        (each.rule.id, each.variant, each.confidence, each.weight)
        for each in BrowserFaults().inspect(Viewing(url, **seen))
    ]


def fault(name="ReferenceError", message="$ is not defined", scripts=(PAGE,)):
    return ScriptFault(name, message, scripts)


ERROR = ("script-error", "page", Confidence.CONFIRMED, Severity.MINOR)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (fault(), ERROR),
        (fault("SyntaxError", "Unexpected token ';'", (OWN,)), ("script-error", "file", *ERROR[2:])),
        (fault("TypeError", "a is null", (OWN, PAGE)), ("script-error", "file", Confidence.SUSPECTED, Severity.MINOR)),
        (
            fault("TypeError", "a is null", ("https://cdn.example/jquery.js", OWN)),
            ("script-error", "file", "suspected", "minor"),
        ),
    ],
)
def test_an_exception_of_the_site_is_found(seen, expected):
    assert found(faults=(seen,)) == [expected]


@pytest.mark.parametrize(
    "seen",
    [
        fault(scripts=(STATISTICS,)),
        fault(scripts=()),
        fault("AbortError", "The play() request was interrupted", (PAGE,)),
        fault("NotAllowedError", "Write permission denied.", (PAGE,)),
        fault("", "cancelled", (PAGE,)),
        fault("TypeError", "Failed to fetch", (PAGE,)),
        fault("Error", "Request failed with status code 404", (OWN,)),
    ],
)
def test_an_exception_of_others_or_of_the_surroundings_is_none(seen):
    assert found(faults=(seen,)) == []


FAILURES = {
    "what we refused": {"hindered": True},
    "a script that is gone": {
        "requests": (Subrequest(STATISTICS, "script", 404),),
        "references": frozenset({STATISTICS}),
    },
    "a script that did not answer": {"requests": (Subrequest(STATISTICS, "script", None, ErrorKind.TIMEOUT),)},
    "a script that the guard keeps closed": {
        "requests": (Subrequest(STATISTICS, "script", None, ErrorKind.FORBIDDEN_ADDRESS),)
    },
    "a firewall": {"requests": (Subrequest(STATISTICS, "script", 403),)},
}


@pytest.mark.parametrize("kept", FAILURES.values(), ids=FAILURES)
def test_an_exception_that_follows_from_what_is_missing_is_none(kept):
    assert found(faults=(fault(),), **kept) == []


@pytest.mark.parametrize(
    ("request_seen", "expected"),
    [
        (Subrequest(f"{PAGE}list.json", "fetch", 404), ("status", Confidence.CONFIRMED, Severity.MAJOR)),
        (Subrequest(f"{PAGE}list.json", "xhr", 410), ("status", Confidence.CONFIRMED, Severity.MAJOR)),
        (Subrequest(f"{PAGE}list.json", "xhr", 502), ("status", Confidence.SUSPECTED, Severity.MAJOR)),
        (Subrequest("https://api.else.example/a", "xhr", 404), ("status", Confidence.CONFIRMED, Severity.MINOR)),
        (Subrequest(f"{PAGE}a.js", "script", None, ErrorKind.TIMEOUT), ("error", Confidence.SUSPECTED, Severity.MAJOR)),
    ],
)
def test_a_request_that_fails_is_found(request_seen, expected):
    assert found(requests=(request_seen,)) == [("failed-request", *expected)]
    (finding,) = BrowserFaults().inspect(Viewing(PAGE, requests=(request_seen,)))
    assert request_seen.url in finding.rule.say(finding, "zh-CN")
    assert request_seen.url in finding.rule.say(finding, "en")


@pytest.mark.parametrize(
    "request_seen",
    [
        Subrequest(f"{PAGE}list.json", "fetch", 200),
        Subrequest(f"{PAGE}list.json", "fetch", 403),
        Subrequest(f"{PAGE}list.json", "fetch", 401),
        Subrequest(f"{PAGE}list.json", "fetch", 429),
        Subrequest(f"{PAGE}list.json", "fetch"),
        Subrequest(f"{PAGE}list.json", "fetch", None, ErrorKind.FORBIDDEN_ADDRESS),
        Subrequest(f"{PAGE}a.png", "image", 404),
        Subrequest(STATISTICS, "script", None, ErrorKind.TIMEOUT),
        Subrequest(STATISTICS, "script", None, ErrorKind.DNS),
    ],
)
def test_what_may_be_our_doing_is_no_failed_request(request_seen):
    assert found(requests=(request_seen,)) == []


def test_a_request_of_a_page_that_was_kept_from_something_is_no_more_than_suspected():
    gone = Subrequest(f"{PAGE}undefined", "fetch", 404)
    assert found(requests=(gone,), hindered=True) == [
        ("failed-request", "status", Confidence.SUSPECTED, Severity.MAJOR)
    ]


def test_what_the_page_names_itself_is_judged_of_the_page():
    dead, clear = Subrequest(OWN, "script", 404), Subrequest("http://a.example/a.js", "script", blocked=True)
    assert found(requests=(dead, clear), references=frozenset({dead.url, clear.url})) == []


@pytest.mark.parametrize("kind", ["fetch", "xhr", "script", "stylesheet", "websocket"])
def test_content_in_the_clear_is_found_once_a_host(kind):
    blocked = tuple(Subrequest(f"http://a.example/{number}", kind, blocked=True) for number in range(3))
    assert found(requests=blocked, faults=(fault(),)) == [
        ("scripted-mixed-content", "", Confidence.CONFIRMED, Severity.MAJOR)
    ]


def keys(*viewings):
    return {each.fingerprint for viewing in viewings for each in BrowserFaults().inspect(viewing)}


def test_one_cause_is_one_finding_whatever_numbers_it_has():
    other = "https://www.qinghe.gov.cn/zwgk/"
    assert len(keys(*(Viewing(url, faults=(fault(scripts=(url,)),)) for url in (PAGE, other)))) == 1
    hits = [
        Viewing(PAGE, (Subrequest(f"https://www.qinghe.gov.cn/hits/{number}?t=1", "xhr", 404),)) for number in (1, 23)
    ]
    assert len(keys(*hits)) == 1
    builds = [
        Viewing(PAGE, faults=(fault("TypeError", f"{PAGE}{number} is not a function", (f"{PAGE}app.{digest}.js",)),))
        for number, digest in ((1, "3f2a1b9c"), (27, "0d44da8e"))
    ]
    assert len(keys(*builds)) == 1
    assert len(keys(Viewing(PAGE, faults=(fault(), fault(message="a is not defined"))))) == 2
