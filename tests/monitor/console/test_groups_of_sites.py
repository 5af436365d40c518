"""Groups of sites in the console: beside one another in the overview, and the ledger of one of them."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from monitor.settings.config_file import load
from monitor.settings.site import Settings
from tests.monitor.console.bureau import Bureau, send

COUNTY, TOWN = "清河县/县直", "清河县/乡镇"


class GroupedBureau(Bureau):
    """The same bureau, whose sites lie in two groups of one county."""

    def configured(self, *more: str) -> Settings:
        sites = f'[{{"id": "a", "url": "http://a.cn/", "name": "清河县政府", "group": "{COUNTY}"}},'
        sites += f' {{"id": "b", "url": "http://b.cn/", "name": "下河乡", "group": "{TOWN}"}}]'
        return load(None, [f"sites={sites}", f"store.url={self.url}", *more])


@pytest.fixture(scope="module")
def grouped(tmp_path_factory, made):
    bureau = GroupedBureau(tmp_path_factory.mktemp("grouped"), made)
    with bureau.served() as served:
        yield served
    bureau.close()


@pytest.fixture(scope="module")
def person(grouped):
    with grouped.person("admin") as client:
        yield client


def table_of_groups(page: str) -> str:
    """The rows of the table of groups; empty where there is none."""
    _, _, after = page.partition('aria-label="分组"')
    return after.partition("</table>")[0]


def test_the_overview_sets_groups_beside_one_another_level_by_level(person):
    first = table_of_groups(person.get("/").text)
    assert f'href="/?group={quote("清河县")}"' in first
    assert "县直" not in first
    second = person.get("/", params={"group": "清河县"}).text
    rows = table_of_groups(second)
    assert rows.index(">县直<") < rows.index(">乡镇<")  # which has no score
    assert "64.5" in rows
    assert f'href="/findings?group={quote(COUNTY, safe="")}' in rows
    assert f'href="/findings?group={quote("清河县")}&amp;overdue=1"' in second  # the figures are the group's
    narrowest = person.get("/", params={"group": TOWN}).text
    assert table_of_groups(narrowest) == ""
    assert "下河乡" in narrowest
    assert "清河县政府" not in narrowest


def test_the_ledger_of_a_group_is_that_of_its_sites(person):
    def sites_of(group: str) -> set[str]:
        page = person.get("/findings", params={"group": group, "state": "any"}).text
        return {name for name in ("清河县政府", "下河乡") if f"{name}</" in page}

    assert sites_of(COUNTY) == {"清河县政府"}
    assert sites_of(TOWN) == {"下河乡"}
    assert sites_of("清河县") == {"清河县政府", "下河乡"}
    assert sites_of("没有的组") == set()


def test_a_group_shows_nobody_what_they_may_not_see(grouped):
    with grouped.person("editor") as editor:  # of the site a alone
        assert "http://b.cn" not in editor.get("/findings", params={"group": TOWN, "state": "any"}).text
        assert "乡镇" not in table_of_groups(editor.get("/", params={"group": "清河县"}).text)


def test_a_saved_view_keeps_its_group(grouped):
    with grouped.person("viewer") as viewer:
        answer = send(
            viewer, "/views", {"name": "本县", "filter": f"group={quote(COUNTY)}&severity=major"}, "/findings"
        )
        assert answer.status_code == 303, answer.text
        assert f"group={quote(COUNTY, safe='')}" in viewer.get("/findings").text
