"""A digest brings the reports of its runs: the published file where there is one, else one made for the mail."""

from __future__ import annotations

import pytest

from monitor.delivery.report_files import MOST, ReportFiles
from monitor.output.publish import publish
from monitor.settings.report import ReportSettings
from monitor.settings.site import Settings
from monitor.store import Store


@pytest.fixture
def store(tmp_path):
    with Store(f"sqlite:///{tmp_path}/store.db") as opened:
        yield opened


def run_of(store, name="清河县/人民政府", scope="site"):
    run = store.runs.begin(site="a", name=name, url="http://a.cn/", scope=scope, engine="")
    store.runs.finish(run.id, status="complete", finished=1_800_000_000.0)
    return run.id


def files(store, folder, *formats, language="zh-CN"):
    return ReportFiles(store, Settings.model_validate({"daemon": {"reports": str(folder)}}), formats, language)


def test_files_have_chinese_names_and_their_media_types(store, tmp_path):
    found, left_out = files(store, tmp_path, "html", "csv").attachments([run_of(store)])
    names = [each.name for each in found]
    assert names == ["清河县人民政府-2027-01-15-全站巡检.html", "清河县人民政府-2027-01-15-全站巡检.csv"]
    assert [each.media_type for each in found] == ["text/html", "text/csv"]
    assert found[0].content.startswith(b"<!doctype html>")
    assert left_out == ""


def test_what_was_published_is_sent_as_it_is(store, tmp_path):
    number = run_of(store)
    (path,) = publish(store, number, tmp_path, ReportSettings(), ["json"])
    path.write_bytes(b"published")
    (same,), _ = files(store, tmp_path, "json").attachments([number])
    (other,), _ = files(store, tmp_path, "json", language="en").attachments([number])
    assert same.content == b"published"
    assert other.content != b"published"
    assert other.name == "清河县人民政府-2027-01-15-Full inspection.json"


def test_more_than_a_mail_holds_are_named(store, tmp_path):
    runs = [run_of(store, f"网站{number}") for number in range(MOST + 2)]
    found, left_out = files(store, tmp_path, "csv").attachments(runs)
    assert len(found) == MOST
    assert left_out.startswith(f"附件没有发送（一次最多 {MOST} 个）：网站{MOST}-")


def test_a_run_that_is_no_more_has_no_report(store, tmp_path):
    assert files(store, tmp_path, "html").attachments([999]) == ([], "")
