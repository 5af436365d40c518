"""Take a run's report along: the files that are there, to who may see them, and no other file of the machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.output.publish import publish
from tests.monitor.console.bureau import Bureau, ServedConsole


@pytest.fixture(scope="module")
def with_reports(tmp_path_factory, made) -> Iterator[ServedConsole]:
    bureau = Bureau(tmp_path_factory.mktemp("reports"), made)
    folder = bureau.folder / "out"
    bureau.settings = bureau.configured(f"daemon.reports={folder}")
    for run in (1, 3):
        publish(bureau.store, run, folder, bureau.settings.report, ["json", "html"])
    (folder / "a" / "secret.txt").write_text("secret")
    (bureau.folder / "outside.html").write_text("secret")
    with bureau.served() as console:
        yield console
    bureau.close()


def links(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('href="') if "/reports/" in part.partition('"')[0]]


def test_files_are_listed_and_sent_to_be_kept(with_reports):
    with with_reports.person("viewer") as client:
        found = links(client.get("/runs/1").text)
        assert [name.rpartition(".")[2] for name in found] == ["html", "json"]
        assert links(client.get("/runs/2").text) == []
        for path in found:
            answer = client.get(path)
            assert answer.status_code == 200
            assert answer.headers["content-disposition"].startswith("attachment")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "清河县政府" in answer.text


@pytest.mark.parametrize(
    "name",
    ["secret.txt", "../outside.html", "..%2Foutside.html", "%2e%2e/outside.html", "..%5Coutside.html", "%00", "a", "."],
)
def test_no_other_file_is_sent(with_reports, name):
    with with_reports.person("admin") as client:
        answer = client.get(f"/runs/1/reports/{name}")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_a_file_of_another_run_or_of_a_site_that_is_not_theirs_is_not_found(with_reports):
    with with_reports.person("admin") as client:
        own, foreign = (links(client.get(f"/runs/{run}").text)[0] for run in (1, 3))
        assert client.get(own.replace("/runs/1/", "/runs/2/")).status_code == 404
    with with_reports.person("editor") as client:
        assert client.get(own).status_code == 200
        assert client.get(foreign).status_code == 404
    with with_reports.visitor() as client:
        assert client.get(own).status_code == 303
