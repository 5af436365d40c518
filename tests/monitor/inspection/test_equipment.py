"""What a check goes without on this machine is said in the report: it finds less, and silence looks like health."""

from __future__ import annotations

import pytest

from monitor.models import missing
from tests.monitor.official import Office, Served
from tests.monitor.web import links, web

SAID = "没有安装语言模型，错别字只按词表和形式检查（sitehealth models install）"


@pytest.mark.parametrize(("checks", "said"), [("typos", [SAID]), ("links", [])])
def test_a_missing_language_model_is_a_notice_where_typos_are_looked_for(tmp_path, checks, said):
    with web({"/": links("/a.html"), "/a.html": ""}).running() as site:
        report = Office(tmp_path).inspect(
            Served(site.url), checks=checks, settings=(f"checks.typos.models={tmp_path}/none",)
        )
    assert [notice for notice in report["notices"] if "语言模型" in notice] == said


def test_a_model_that_is_there_is_no_news(tmp_path):
    if missing():
        pytest.skip("NOT TESTED: inspections with language models, because none are installed here (make models)")
    with web({"/": links("/a.html"), "/a.html": ""}).running() as site:
        report = Office(tmp_path).inspect(Served(site.url), checks="typos")
    assert report["notices"] == []
