"""Feeds as they are written: RSS, Atom, JSON, with dates of every kind, and what is none."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from checks.reading.dates import CHINA
from monitor.probes.feeds import LONGEST, POSTS, NoFeedError, read_feed, read_moment
from tests.cost import assert_bounded

SEEN = datetime(2026, 9, 10, 10, 0, tzinfo=CHINA)
URL = "https://wx.example.gov.cn/feed.xml"
TEN = datetime(2026, 9, 8, 2, 0, tzinfo=UTC)


def read(body, content_type=""):
    return read_feed(URL, body if isinstance(body, bytes) else body.encode(), content_type, SEEN)


RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>清河发布</title><item><title>防汛 &amp; 抗旱</title><link>/a/1.html</link><guid>1</guid>
<pubDate>Tue, 08 Sep 2026 10:00:00 +0800</pubDate><description>摘要</description>
<content:encoded><![CDATA[<p>各镇街：</p><p>请做好<b>防汛</b>工作。<script>x()</script></p>]]></content:encoded>
</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>清河发布</title>
<entry><title type="html">防汛 &amp;amp; 抗旱</title><link href="https://wx.example.gov.cn/a/1.html"/><id>urn:1</id><updated>2026-09-08T02:00:00Z</updated>
<content type="html">&lt;p&gt;各镇街：&lt;/p&gt;&lt;p&gt;请做好&lt;b&gt;防汛&lt;/b&gt;工作。&lt;/p&gt;</content>
</entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": 1,
                "url": "https://wx.example.gov.cn/a/1.html",
                "title": "防汛 & 抗旱",
                "date_published": "2026-09-08T10:00:00+08:00",
                "content_html": "<p>各镇街：</p><p>请做好<b>防汛</b>工作。</p>",
            },
            "no item",
        ],
    }
)
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>清河发布</title></channel>
<item rdf:about="https://wx.example.gov.cn/a/1.html"><title>防汛 &amp; 抗旱</title><link>https://wx.example.gov.cn/a/1.html</link>
<dc:date>2026-09-08T10:00:00+08:00</dc:date>
<description>&lt;p&gt;各镇街：&lt;/p&gt;&lt;p&gt;请做好防汛工作。&lt;/p&gt;</description></item></rdf:RDF>"""


@pytest.mark.parametrize("feed", [RSS, ATOM, JSON_FEED, RDF], ids=["RSS 2.0", "Atom", "JSON Feed", "RSS 1.0"])
def test_every_format_says_the_same(feed):
    (post,) = read(feed)
    assert (post.url, post.title, post.published) == ("https://wx.example.gov.cn/a/1.html", "防汛 & 抗旱", TEN)
    assert post.text == "防汛 & 抗旱\n各镇街：\n请做好防汛工作。"


def test_what_the_feed_declares_as_its_encoding_counts():
    body = RSS.replace('encoding="utf-8"', 'encoding="gb2312"').encode("gb18030")
    assert read(body)[0].title == "防汛 & 抗旱"
    assert read(JSON_FEED.encode("utf-8-sig"))[0].title == "防汛 & 抗旱"


@pytest.mark.parametrize("code", ["gb18030", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("content_type", ["", "text/xml; charset=utf-8", "application/rss+xml"])
def test_what_it_declares_wrongly_does_not(code, content_type):
    assert read(RSS.encode(code), content_type)[0].title == "防汛 & 抗旱"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Tue, 08 Sep 2026 10:00:00 +0800", TEN),
        ("Tue, 08 Sep 2026 02:00:00 GMT", TEN),
        ("8 Sep 2026 10:00:00", TEN),
        ("2026-09-08T10:00:00+08:00", TEN),
        ("2026-09-08T02:00:00Z", TEN),
        ("2026-09-08 10:00:00", TEN),
        ("2026-09-08T10:00:00", TEN),
        ("2026年9月8日 10:00", TEN),
        ("2026/09/08 10:00", TEN),
        (" 2026-09-08 ", datetime(2026, 9, 8, tzinfo=CHINA)),
        ("星期二, 08 九月 2026 10:00:00 +0800", TEN),
        ("周二, 8 9月 2026 10:00:00 +0800", TEN),
        ("星期二, 08 十三月 2026 10:00:00 +0800", None),
        ("1788832800", TEN),
        ("1788832800000", TEN),
        ("", None),
        ("不详", None),
        ("Tue, 99 Sep 2026", None),
        ("9" * 40, None),
    ],
)
def test_a_date_without_a_zone_is_of_china(text, moment):
    assert read_moment(text, SEEN) == moment


def test_an_entry_without_an_address_has_one_of_its_own():
    items = "".join(f"<item><guid isPermaLink='false'>{at}</guid><title>信息</title></item>" for at in "12")
    assert [post.url for post in read(f"<rss version='2.0'><channel>{items}</channel></rss>")] == [
        f"{URL}#1",
        f"{URL}#2",
    ]
    (post,) = read(
        "<rss version='2.0'><channel><item><link>javascript:x()</link><title>甲</title></item></channel></rss>"
    )
    assert post.url == f"{URL}#甲"


@pytest.mark.parametrize(
    "body",
    ["", "<!DOCTYPE html><title>404</title>", '{"items": 3}', "{", '{"a":' * 100_000, "[1]", "\0\1\2", "GIF89a"],
)
def test_what_is_no_feed_says_so(body):
    with pytest.raises(NoFeedError):
        read(body)


def test_the_newest_hundred_are_read_and_of_each_so_much():
    items = "".join(f"<item><link>/a/{at}</link><description>{'长' * 1000}</description></item>" for at in range(300))
    posts = read(f"<rss version='2.0'><channel>{items}</channel></rss>")
    assert len(posts) == POSTS
    long = json.dumps({"items": [{"id": "1", "content_html": "<p>长" * LONGEST}]})
    assert len(read(long)[0].html) == LONGEST


@pytest.mark.parametrize("order", [1, -1], ids=["oldest first", "newest first"])
def test_the_newest_are_read_of_a_feed_in_any_order(order):
    days = [SEEN - timedelta(days=at) for at in range(300, 0, -1)][::order]
    items = "".join(f"<item><link>/a/{day:%j}</link><pubDate>{day.isoformat()}</pubDate></item>" for day in days)
    posts = read(f"<rss version='2.0'><channel>{items}</channel></rss>")
    assert [post.published for post in posts] == (days[-POSTS:] if order == 1 else days[:POSTS])


ENTITIES = "".join(
    f'<!ENTITY {name} "{("&" + before + ";") * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
BOMB = f"""<!DOCTYPE x [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">{ENTITIES}]><rss version="2.0"><channel>
<item><title>&j;</title><link>/1</link></item></channel></rss>"""


def test_entities_within_entities_cost_nothing():
    def bomb():
        posts = read(BOMB)
        assert all(len(post.title) < 1_000 for post in posts)

    assert_bounded(bomb, 1.0)


def test_entities_lead_to_no_file(tmp_path):
    (tmp_path / "secret").write_text("机密")
    body = f'<!DOCTYPE x [<!ENTITY f SYSTEM "file://{tmp_path}/secret">]>' + RSS.partition("?>")[2].replace(
        "摘要", "&f;"
    )
    assert "机密" not in str(read(body.replace("防汛 &amp; 抗旱", "&f;")))
