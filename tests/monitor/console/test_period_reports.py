"""Reports of periods in the console: of what somebody may see, made in the background, taken along by who asked."""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
from docx import Document

from tests.monitor.console.bureau import Bureau, send


@pytest.fixture(scope="module")
def office(tmp_path_factory, made):
    """A console with a group of both sites, and one of the site a."""
    bureau = Bureau(tmp_path_factory.mktemp("office"), made, {"groups": '{"全县": ["a", "b"], "县直": ["a"]}'})
    with bureau.served() as served:
        yield served
    bureau.close()


def written(client, **fields) -> dict[str, str]:
    """Ask for a report and wait until it is written; return the addresses of its formats."""
    answer = send(client, "/reports", fields)
    assert answer.status_code == 303, answer.text
    with client.stream("GET", "/reports/events") as stream:
        assert "event: end" in list(stream.iter_lines())
    page = client.get("/reports").text.partition('class="plain held"')[2]
    return {path.rpartition("/")[2]: path for path in reversed(re.findall(r'href="(/reports/[^"]+)"', page))}


def test_a_quarter_of_a_site_is_written_and_downloaded(office):
    with office.person("editor") as client:
        files = written(client, about="site:a", quarter="2027Q1", format=["json", "docx"])
        answer = client.get(files["json"])
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''a-2027Q1.json"
        assert json.loads(answer.content)
        assert Document(BytesIO(client.get(files["docx"]).content)).paragraphs
        with office.person("admin") as other:
            assert other.get(files["json"]).status_code == 404
        assert client.get(files["json"].replace("/json", "/xlsx")).status_code == 404


def test_a_report_of_all_holds_what_its_reader_may_see(office):
    with office.person("editor") as client:
        page = client.get("/reports").text
        assert '<option value="2027Q1" selected>' in page
        assert "group:县直" in page
        assert "group:全县" not in page
        files = written(client, about="group:县直", **{"from": "2027-01-01", "to": "2027-01-15"}, format=["json"])
        body = client.get(files["json"]).text
        assert "清河县政府" in body
        assert "下河乡" not in body
    with office.person("viewer") as client:
        body = client.get(written(client, about="all", quarter="2027Q1", format=["json"])["json"]).text
        assert "下河乡" in body


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"about": "site:b", "quarter": "2027Q1", "format": "json"}, 404),
        ({"about": "group:全县", "quarter": "2027Q1", "format": "json"}, 404),
        ({"about": "site:../../etc", "quarter": "2027Q1", "format": "json"}, 404),
        ({"about": "site:a", "quarter": "2027Q2", "format": "json"}, 422),
        ({"about": "site:a", "quarter": "soon", "format": "json"}, 422),
        ({"about": "site:a", "from": "2027-01-02", "to": "2027-01-01", "format": "json"}, 422),
        ({"about": "site:a", "from": "2027-01-02", "format": "json"}, 422),
        ({"about": "site:a", "quarter": "2027Q1", "format": "exe"}, 422),
    ],
)
def test_what_makes_no_sense_or_is_not_theirs_is_refused(office, fields, status):
    with office.person("editor") as client:
        assert send(client, "/reports", fields).status_code == status


def test_departments_see_no_reports(mender):
    assert mender.get("/reports").status_code == 403
    assert 'href="/reports"' not in mender.get("/").text


def test_the_overview_chooses_the_sites_of_a_group(office):
    with office.person("admin") as client:
        page = client.get("/", params={"group": "县直"}).text
        assert re.findall(r'class="title" href="/sites/(\w+)"', page) == ["a"]
        assert re.findall(r"<option[^>]*>([^<]+)</option>", page)[1:] == ["全县", "县直"]
        assert "/sites/b" in client.get("/", params={"group": "全县"}).text
