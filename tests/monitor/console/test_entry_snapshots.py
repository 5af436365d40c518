"""The page of an entry as it was fetched: where it was kept, for who may see the entry, without rights."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from msgspec.structs import replace

from checks.model import Excerpt
from monitor.output.snapshots import snapshot
from monitor.store.findings import CheckFinding, FindingStore
from monitor.store.ledger.entries import EntryStore
from monitor.store.snapshots import Snapshot, SnapshotStore
from tests.monitor.console.bureau import NOW, PLAIN, Bureau, ServedConsole
from tests.monitor.feeding import HOME

HOSTILE = (
    "<title>登录</title><meta http-equiv=refresh content='0;url=//evil.example/'><base href=//evil.example/>"
    "<script>document.body.id=1</script><p onclick=steal()>请登录您的帐号办理业务</p>"
    "<img src=//evil.example/a onerror=steal()><form action=/logout method=post><button>好</button></form>"
    "<p>directory-listing</p><a href=javascript:steal() target=_top>甲</a><iframe src=/audit></iframe>"
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory, made) -> Iterator[ServedConsole]:
    """A console over a store that has the page of the wrong wording and that of the other site."""
    bureau = Bureau(tmp_path_factory.mktemp("kept"), made)
    for name, number in numbers(bureau).items():
        entry = EntryStore(bureau.store.engine).get([number])[number]
        taken = Snapshot(entry.page, name.encode().ljust(16), NOW, "text/html; charset=utf-8", HOSTILE.encode())
        SnapshotStore(bureau.store.engine).save(entry.last_run, [taken])
        other = replace(
            entry.finding, key="other", params={"wrong": "登录", "right": "登陆"}, text=Excerpt("请", "登录", "您", 1)
        )
        FindingStore(bureau.store.engine, entry.last_run).save([CheckFinding("typos", other)])
    with bureau.served() as console:
        yield console
    bureau.close()


def numbers(bureau: Bureau) -> dict[str, int]:
    """The numbers of the two entries."""
    entries = EntryStore(bureau.store.engine).get(range(1, 70)).values()
    (typo,) = (each.number for each in entries if each.page == f"{HOME}news/1.html")
    (foreign,) = (each.number for each in entries if each.site == "b")
    return {"typo": typo, "foreign": foreign}


def links_to_snapshots(page: str):
    return BeautifulSoup(page, "lxml").select('a[href*="/snapshot"]')


def test_an_entry_links_to_its_mark_in_the_page_as_it_was(kept):
    number = numbers(kept.bureau)["typo"]
    with kept.person("viewer") as client:
        (link,) = links_to_snapshots(client.get(f"/findings/{number}").text)
        assert "查看当时的页面" in link.get_text()
        assert (link["target"], set(link["rel"])) == ("_blank", {"noopener", "noreferrer"})
        path, _, anchor = link["href"].partition("#")
        page = BeautifulSoup(client.get(path).text, "lxml")
    (mark,) = page.main.find_all("mark")
    assert (mark["id"], mark.get_text()) == (anchor, "帐号")


def test_what_a_hostile_page_holds_is_taken_out_and_what_were_left_has_no_rights(kept):
    number = numbers(kept.bureau)["typo"]
    with kept.person("viewer") as client:
        answer = client.get(f"/findings/{number}/snapshot")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    rules = [rule.strip() for rule in answer.headers["content-security-policy"].split(";")]
    assert rules[:2] == ["sandbox", "default-src 'none'"]
    assert not any("allow-" in rule or "script-src" in rule or "unsafe" in rule for rule in rules)
    assert {"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"} <= set(rules)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    page = BeautifulSoup(answer.text, "lxml")
    assert page.select("script, iframe, form, base, meta[http-equiv=refresh], body [href], body [src]") == page.select(
        'header a[href^="#fault-"]'
    )
    assert not [name for each in page.select("*") for name in each.attrs if name.startswith("on")]


def test_only_the_fault_of_the_entry_is_told_of_nobody_elses(kept):
    """A department sees its own rows alone, whatever else is wrong with the page."""
    number = numbers(kept.bureau)["typo"]
    entry = EntryStore(kept.bureau.store.engine).get([number])[number]
    whole = BeautifulSoup(snapshot(kept.bureau.store, entry.last_run, entry.page), "lxml")
    assert len(whole.header.select("li")) == 2
    with kept.person("mender") as client:
        page = BeautifulSoup(client.get(f"/findings/{number}/snapshot").text, "lxml")
    assert len(page.header.select("li")) == 1


@pytest.mark.parametrize(
    ("who", "which", "status"),
    [
        ("admin", "foreign", 200),
        ("editor", "foreign", 404),
        ("mender", "foreign", 404),
        ("mender", "typo", 200),
        ("editor", "typo", 200),
    ],
)
def test_who_may_not_see_the_entry_finds_no_page(kept, who, which, status):
    with kept.person(who) as client:
        answer = client.get(f"/findings/{numbers(kept.bureau)[which]}/snapshot")
    assert answer.status_code == status
    assert ("directory-listing" in answer.text) is (status == 200)


def test_a_department_does_not_see_the_pages_of_others(kept):
    entries = EntryStore(kept.bureau.store.engine).get(range(1, 70)).values()
    other = next(each for each in entries if each.rule == PLAIN and each.site == "a")
    taken = Snapshot(other.page, b"other".ljust(16), NOW, "text/html", HOSTILE.encode())
    SnapshotStore(kept.bureau.store.engine).save(other.last_run, [taken])
    with kept.person("mender") as client, kept.person("editor") as editor:
        assert client.get(f"/findings/{other.number}/snapshot").status_code == 404
        assert editor.get(f"/findings/{other.number}/snapshot").status_code == 200


def test_without_a_kept_page_there_is_neither_link_nor_page(console, viewer):
    number = numbers(console.bureau)["typo"]
    assert links_to_snapshots(viewer.get(f"/findings/{number}").text) == []
    assert viewer.get(f"/findings/{number}/snapshot").status_code == 404
    assert viewer.get("/findings/99999/snapshot").status_code == 404


def test_nobody_sees_it_without_a_login(kept):
    with kept.visitor() as client:
        answer = client.get(f"/findings/{numbers(kept.bureau)['typo']}/snapshot")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
