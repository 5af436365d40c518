"""The pictures of an entry: on its page, for who may see the entry, as pictures and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup

from monitor.store.ledger.entries import EntryStore
from monitor.store.pictures import FindingPicture, PictureStore
from reports.picture import PictureKind, picture_of
from tests.monitor.console.bureau import Bureau, ServedConsole
from tests.monitor.console.programs import API, program
from tests.monitor.feeding import HOME
from tests.webp import LOSSLESS, WEBP

CROP, OTHER = picture_of(PictureKind.CROP, WEBP), picture_of(PictureKind.CROP, LOSSLESS)


@pytest.fixture(scope="module")
def pictured(tmp_path_factory, made) -> Iterator[ServedConsole]:
    """A console over a store that has a picture of the wrong wording, and another of the other site."""
    bureau = Bureau(tmp_path_factory.mktemp("pictured"), made)
    for name, picture in (("typo", CROP), ("foreign", OTHER)):
        entry = EntryStore(bureau.store.engine).get([numbers(bureau)[name]])[numbers(bureau)[name]]
        PictureStore(bureau.store.engine).save(entry.last_run, [FindingPicture(entry.fingerprint, picture)])
    with bureau.served() as console:
        yield console
    bureau.close()


def numbers(bureau: Bureau) -> dict[str, int]:
    """The numbers of the two entries."""
    entries = EntryStore(bureau.store.engine).get(range(1, 70)).values()
    (typo,) = (each.number for each in entries if each.page == f"{HOME}news/1.html")
    (foreign,) = (each.number for each in entries if each.site == "b")
    return {"typo": typo, "foreign": foreign}


def test_an_entry_shows_its_pictures_and_a_browser_is_sent_nothing_else(pictured):
    number = numbers(pictured.bureau)["typo"]
    with pictured.person("viewer") as client:
        page = BeautifulSoup(client.get(f"/findings/{number}").text, "lxml")
        (image,) = page.select("img.evidence")
        assert (image["width"], image["height"], image["alt"]) == ("60", "20", "图片中的文字")
        answer = client.get(image["src"])
    assert (answer.status_code, answer.content) == (200, WEBP)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'; ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_a_program_is_told_of_them_and_given_them(pictured):
    number = numbers(pictured.bureau)["typo"]
    with program(pictured, "viewer") as client:
        entry = client.get(f"{pictured.url}{API}/entries/{number}").json()
        assert entry["pictures"] == [{"kind": "crop", "digest": CROP.digest, "width": 60, "height": 20}]
        answer = client.get(f"{pictured.url}{API}/entries/{number}/pictures/{CROP.digest}")
    assert (answer.content, answer.headers["content-type"]) == (WEBP, "image/webp")


@pytest.mark.parametrize(
    "name",
    [OTHER.digest, "0" * 32, CROP.digest.upper(), f"{CROP.digest}.webp", "..%2f..%2fstore.db", "....//store.db", "%00"],
)
def test_a_picture_has_one_name_and_no_other_opens_anything(pictured, name):
    number = numbers(pictured.bureau)["typo"]
    with pictured.person("admin") as client:
        answer = client.get(f"/findings/{number}/pictures/{name}")
    assert answer.status_code in {404, 422}
    assert WEBP not in answer.content
