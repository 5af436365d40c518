"""A picture is still WebP within bounds, and is shown once, however many findings it shows."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from bs4 import BeautifulSoup

from reports import FORMATS
from reports.model import Report
from reports.picture import LARGEST, Picture, PictureKind, picture_of
from tests.factories import entry, finding, rule, run
from tests.webp import EXTENDED, LOSSLESS, WEBP

SHOWN = picture_of(PictureKind.CROP, WEBP)


@pytest.mark.parametrize("body", [WEBP, LOSSLESS, EXTENDED], ids=["lossy", "lossless", "extended"])
def test_every_form_of_webp_tells_its_size(body):
    picture = picture_of(PictureKind.CROP, body)
    assert (picture.width, picture.height, picture.body) == (60, 20, body)
    assert len(picture.digest) == 32


@pytest.mark.parametrize(
    "body",
    [
        b"",
        WEBP[:29],
        b"\x89PNG\r\n\x1a\n" + WEBP,
        b"<svg onload=alert(1)>" + WEBP,
        WEBP[:12] + b"EVIL" + WEBP[16:],
        WEBP[:26] + b"\0\0" + WEBP[28:],  # no width
        EXTENDED[:20] + b"\x12" + EXTENDED[21:],  # moves
        EXTENDED[:24] + b"\xff\xff\xff" + EXTENDED[27:],  # sixteen million pixels wide
        WEBP + bytes(LARGEST),
    ],
    ids=["none", "short", "png", "svg", "unknown chunk", "no width", "animation", "wide", "large"],
)
def test_what_is_no_still_webp_within_bounds_is_no_picture(body):
    assert picture_of(PictureKind.CROP, body) is None


def found(number: int):
    return entry(finding(rule(f"rule-{number}"), url=f"http://a.cn/{number}", key=str(number)), entry=number)


def written(name: str, pictures) -> bytes:
    entries = tuple(found(number) for number in (1, 2, 3))
    shown = {each.finding.fingerprint: pictures.get(each.entry, ()) for each in entries}
    out = BytesIO()
    FORMATS[name].write(Report(run=run(), findings=entries, pictures={k: v for k, v in shown.items() if v}), "en", out)
    return out.getvalue()


def test_a_page_shows_a_picture_once_and_points_at_it_from_there_on():
    page = BeautifulSoup(written("html", {1: (SHOWN,), 3: (SHOWN,)}), "lxml")
    (image,) = page.select("figure.picture img")
    assert (image["src"], image["width"], image["height"]) == (SHOWN.address, "60", "20")
    assert image["alt"] == "the words in the picture"
    assert image.find_parent("tr")["id"] == "f-1"
    assert page.select_one("#f-3 a.picture")["href"] == "#f-1"
    assert page.select_one("#f-2 .picture") is None
    policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith("; img-src data:")


def test_a_page_without_pictures_may_show_none():
    left_out = Picture(SHOWN.kind, SHOWN.digest, SHOWN.width, SHOWN.height)
    assert b"<img" not in written("html", {1: (left_out,)})
    assert b"img-src" not in written("html", {})


def test_programs_are_told_their_names():
    report = json.loads(written("json", {2: (SHOWN,)}))
    named = {each["number"]: each["pictures"] for each in report["findings"]}
    assert named == {1: [], 2: [{"kind": "crop", "digest": SHOWN.digest, "width": 60, "height": 20}], 3: []}
