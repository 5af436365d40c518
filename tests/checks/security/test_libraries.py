"""Script libraries with published holes, by their address."""

import pytest

from checks.model import Confidence
from checks.security.libraries import FLOORS, NAMES, Libraries, recognise

RECOGNISED = [
    ("/js/jquery-1.12.4.min.js", "jquery", "1.12.4"),
    ("/js/jquery.1.8.3.js", "jquery", "1.8.3"),
    ("/js/jQuery-3.4.1.slim.min.js", "jquery", "3.4.1"),
    ("https://cdn.example.com/ajax/libs/jquery/1.9.1/jquery.min.js", "jquery", "1.9.1"),
    ("https://cdn.example.com/npm/jquery@3.4.1/dist/jquery.min.js", "jquery", "3.4.1"),
    ("https://code.jquery.com/ui/1.12.1/jquery-ui.js", "jquery-ui", "1.12.1"),
    ("/js/jquery-ui-1.8.custom.min.js", "jquery-ui", "1.8"),
    ("/lib/jqueryui/1.11.4/jquery-ui.min.js", "jquery-ui", "1.11.4"),
    ("/js/bootstrap-3.3.7/js/bootstrap.min.js", "bootstrap", "3.3.7"),
    ("https://cdn.example.com/twitter-bootstrap/4.1.0/js/bootstrap.bundle.min.js", "bootstrap", "4.1.0"),
    ("https://cdn.example.com/npm/vue@2.5.17/dist/vue.min.js", "vue", "2.5.17"),
    ("/js/moment.js/2.18.1/moment-with-locales.min.js", "moment", "2.18.1"),
    ("/js/jquery-validate/1.17.0/jquery.validate.min.js", "jquery-validation", "1.17.0"),
    ("https://cdn.ckeditor.com/4.14.0/standard/ckeditor.js", "ckeditor", "4.14.0"),
    ("/js/angularjs/1.8.2/angular.min.js", "angularjs", "1.8.2"),
    ("/js/angular.min.js", "angularjs", ""),
    ("/js/jquery.min.js", "jquery", ""),
    ("/js/jquery.js?v=1.8.3", "jquery", "1.8.3"),
]

STRANGERS = [
    "/js/jquery.cookie-1.4.1.js",
    "/js/jquery-migrate-1.2.1.min.js",
    "/js/bootstrap-datepicker-1.6.0.js",
    "/js/vue-router-2.0.0.js",
    "/js/angular-route.min.js",
    "/js/main-1.0.0.js",
    "/js/jqueryplus-1.0.js",
]


def library_page(parsed, *sources):
    return parsed("".join(f'<script src="{source}"></script>' for source in sources))


def judged(parsed, *sources, **settings):
    return [
        (finding.params["name"], finding.params["version"])
        for finding in Libraries(**settings).inspect(library_page(parsed, *sources))
    ]


@pytest.mark.parametrize(("source", "name", "version"), RECOGNISED)
def test_a_library_is_known_by_its_address(source, name, version):
    url = source if ":" in source else f"https://www.qinghe.gov.cn{source}"
    assert recognise(url)[:2] == (name, version)


@pytest.mark.parametrize("source", STRANGERS)
def test_its_plugins_are_not_the_library(source):
    assert recognise(f"https://www.qinghe.gov.cn{source}") is None


@pytest.mark.parametrize(("name", "floor"), [(name, floor) for name, floor in FLOORS.items() if floor])
def test_the_floor_itself_is_clean_and_the_release_before_it_is_not(parsed, name, floor):
    stem = {"jquery-validation": "jquery.validate"}.get(name, name)
    major, minor, patch = map(int, floor.split("."))
    below = f"{major}.{minor}.{patch - 1}" if patch else f"{major}.{minor - 1}.9"
    assert judged(parsed, f"/js/{stem}-{floor}.min.js") == []
    assert judged(parsed, f"/js/{stem}-{below}.min.js") == [(NAMES[name], below)]


def test_any_angularjs_is_too_old_but_not_what_came_after(parsed):
    assert judged(parsed, "/js/angular.min.js", "/js/angular-1.8.3.js") == [("AngularJS", ""), ("AngularJS", "1.8.3")]
    assert judged(parsed, "/js/angular-2.0.0.js") == []


def test_versions_compare_by_number(parsed):
    assert judged(parsed, "/js/jquery-3.10.0.js", "/js/vue-3.4.1.js") == []


def test_a_library_without_version_is_not_guessed_at(parsed):
    assert judged(parsed, "/js/jquery.min.js", "/v2.1/js/jquery.js") == []


def test_a_version_in_the_query_is_only_a_suspicion(parsed):
    (finding,) = Libraries().inspect(library_page(parsed, "/js/jquery.js?v=1.8.3"))
    assert finding.confidence is Confidence.SUSPECTED


def test_floors_can_be_moved_and_taken_away(parsed):
    sources = ("/js/jquery-3.5.1.js", "/js/bootstrap-3.3.7.js")
    assert judged(parsed, *sources, floors={"jquery": "3.6.0", "bootstrap": None}) == [("jQuery", "3.5.1")]


def test_a_file_that_5000_pages_load_is_one_finding(parsed):
    prints = {
        finding.fingerprint
        for number in range(3)
        for finding in Libraries().inspect(
            parsed('<script src="/js/jquery-1.8.3.js?t=9"></script>', f"https://www.qinghe.gov.cn/{number}.html")
        )
    }
    assert len(prints) == 1


def test_the_message_names_version_and_floor(parsed):
    (finding,) = Libraries().inspect(library_page(parsed, "/js/jquery-1.8.3.js"))
    assert "jQuery 1.8.3" in finding.rule.say(finding, "zh-CN")
    assert "3.5.0" in finding.rule.say(finding, "en")
