"""What style sheets load."""

import pytest

from monitor.pages.css import css_urls


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ('@import"x.css"', ["x.css"]),
        ("@import url(x.css) layer(a); @IMPORT 'y.css' screen;", ["x.css", "y.css"]),
        ("@import url('x.css') supports(display: grid);", ["x.css"]),
        ('@namespace url(http://www.w3.org/1999/xhtml); @namespace svg "http://x"; a{b:url(q)}', ["q"]),
        ('a{content:"url(no.png)"}', []),
        ("a{content:url(yes.png)}", ["yes.png"]),
        ("a{BACKGROUND: URL( bg.gif )}", ["bg.gif"]),
        (r'a{background:url("a\"b.png")}', ['a"b.png']),
        ('a{background:image-set("a.png" 1x, url(b.png) 2x)}', ["a.png", "b.png"]),
        ('@font-face{src:url(a.eot?#iefix) format("embedded"),local("x"),url("b.woff")}', ["a.eot?#iefix", "b.woff"]),
        (r"a{background:u\72l(d.png)}", ["d.png"]),
        ("/* url(c) */ a{filter:url(#f)} b{background:url(data:image/png;base64,AA)}", []),
        ("@media print{a{background:url(p.png)}}", ["p.png"]),
        ("@charset 'utf-8'; a{color:red}", []),
        ("a{background:url()}", []),
        ("a{background:url(a b)}", []),
    ],
)
def test_addresses_are_read_as_a_browser_reads_them(css, expected):
    assert list(css_urls(css)) == expected
