"""What a page declares as its charset: as browsers find it, wherever else the word stands."""

import pytest

from monitor.pages.decoding import PRESCAN, decode

GBK = "政务公开".encode("gbk")

DECLARED = [
    (b"<meta charset=gbk>", "gbk"),
    (b"<META\nCharSet = 'GB2312' />", "GB2312"),
    (b"<meta charset='\n gbk '>", "gbk"),
    (b"<meta http-equiv=Content-Type content='text/html; charset=gbk'>", "gbk"),
    (b"<meta content=text/html;charset=gbk http-equiv=content-type>", "gbk"),
    (b'<meta http-equiv="Content-Type" content="text/html; charset = \'gbk\'">', "gbk"),
    (b'<meta test="" charset=gbk>', "gbk"),
    (b"<meta x='>' charset=gbk>", "gbk"),
    (b"<p title='<meta charset=utf-8>'><meta charset=gbk>", "gbk"),
    (b"<meta charset=nonsense><meta charset=gbk>", "gbk"),
    (b"<meta charset=gbk><meta charset=utf-8>", "gbk"),
    (b"<!-- <meta charset=utf-8> --><meta charset=gbk>", "gbk"),
    (b"<!--><meta charset=gbk>", "gbk"),
    (b"<script>document.write('<meta charset=gbk>')</script>", "gbk"),
    (b"<meta charset=utf-16>", "utf-8"),
    (b"<?xml version='1.0' encoding='gbk'?><html>", "gbk"),
]

NOT_DECLARED = [
    b"<meta name=keywords content='charset=gbk'>",
    b"<meta name=description content='what charset=gbk means'>",
    b"<meta content='text/html; charset=gbk'>",
    b"<meta http-equiv=Content-Style-Type content='text/css; charset=gbk'>",
    b"<meta name=Content-Type content='text/html; charset=gbk'>",
    b"<metacharset=gbk>",
    b"<meta data-charset=gbk>",
    b"<meta test=' charset=gbk>",
    b"<!-- <meta charset=gbk> ",
    b"<p title=\"<meta charset='gbk'>\">",
    b"<a charset=gbk href=/a>",
    b"<script src=/a.js charset=gbk></script>",
    b"<p>&lt;?xml encoding='gbk'?&gt;</p><?xml encoding='gbk'?>",
    b" " * PRESCAN + b"<meta charset=gbk>",
]


@pytest.mark.parametrize(("head", "label"), DECLARED)
def test_a_declaration_is_found(head, label):
    assert decode(head + GBK, "text/html").declared == label


@pytest.mark.parametrize("head", NOT_DECLARED)
def test_what_only_speaks_of_a_charset_declares_none(head):
    assert decode(head + GBK, "text/html").declared is None


def test_a_description_does_not_garble_the_page():
    page = "<meta name=description content='charset=big5 说明'><meta charset=utf-8>政务公开".encode()
    decoded = decode(page, None)
    assert (decoded.charset, decoded.declared, decoded.undecodable) == ("utf-8", "utf-8", False)


@pytest.mark.parametrize(("label", "sent"), [("gb2312", "gbk"), ("GBK", "gbk"), ("gb18030", "gb18030"), ("", "gbk")])
def test_what_is_read_as_gb18030_is_sent_as_gbk_unless_the_page_says_otherwise(label, sent):
    assert decode(GBK, f"text/html; charset={label}").sent == sent


def test_what_came_in_utf_8_need_not_be_written_so_again():
    body = "<p>政务公开</p>".encode()
    assert decode(body, None).source is body
    assert decode(b"\xef\xbb\xbf" + body, None).source == body
    assert decode(body.decode().encode("gbk"), "text/html; charset=gbk").source is None
    assert decode(body + "政".encode()[:2], "text/html; charset=utf-8").source is None, "its end was cut off"
