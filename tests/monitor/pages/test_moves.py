"""Where scripts take the reader."""

import pytest

from monitor.pages.moves import scripted_targets


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("location.href='/a.html'", ["/a.html"]),
        ('window.location = "/a.html";', ["/a.html"]),
        ("if (x) { location.replace('/m/'); }", ["/m/"]),
        ("window.open('/w.html', '_blank')", ["/w.html"]),
        ("open('/w.html')", ["/w.html"]),
        ("<!--\nlocation='/a'\n//-->", ["/a"]),
        ("// location.href='/no'", []),
        ("/* location.href='/no' */", []),
        ("<!-- location.href='/no'", []),
        ("var s = \"location.href='/no';\"", []),
        ("var u = 'http://a.cn/'; location.href='/a'", ["/a"]),
        ("location.href='/a?id=' + id", []),
        ("mylocation='/no'", []),
        ("xhr.open('GET', '/no')", []),
        ("window.open(url)", []),
        ("location.href == '/no'", []),
    ],
)
def test_only_a_move_that_is_written_out_and_runs_is_read(script, expected):
    assert list(scripted_targets(script)) == expected


def test_a_new_window_leaves_the_page_where_it_is():
    assert list(scripted_targets("window.open('/ad.html'); location='/a'", windows=False)) == ["/a"]
