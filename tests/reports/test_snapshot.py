"""A page as it was fetched: its faults marked, and nothing in it that acts, loads or leads away."""

from __future__ import annotations

import subprocess
from contextlib import closing
from socket import create_server

import pytest
from bs4 import BeautifulSoup

from checks import RULES
from checks.model import Excerpt
from monitor.pages.bounds import bounded
from reports.snapshot import FetchedPage, PageFault, render, source_of
from reports.wording import LANGUAGES
from tests.chromium import CHROMIUM
from tests.cost import assert_linear
from tests.factories import MONDAY, at, finding, link
from tests.reports.hostile import HOSTILE
from tests.reports.sample import BROKEN_LINK, TYPO

HARMFUL = (
    "<script>document.body.id=1</script>",
    "<img src=x onerror=document.body.id=1>",
    "<img src=//{sink}/a srcset='//{sink}/b 2x' lowsrc=//{sink}/c>",
    "<svg onload=document.body.id=1><image href=//{sink}/d /><style>@import url(//{sink}/e)</style></svg>",
    "<svg><style><img src=x onerror=document.body.id=1></style></svg>",
    '<math><mtext><table><mglyph><style><!--</style><b title="--&gt;&lt;img src=1 onerror=document.body.id=1&gt;">-->',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=document.body.id=1>",
    '<noscript><p title="</noscript><img src=x onerror=document.body.id=1>"></noscript>',
    "<template><img src=//{sink}/f onerror=document.body.id=1></template>",
    "<a id=go href=javascript:document.body.id=1>甲</a><a href='JaVaScRiPt:document.body.id=1'>乙</a>",
    "<a href='java&#10;script:document.body.id=1'>丙</a><a href='&#1;javascript:document.body.id=1'>丁</a>",
    "<a href='data:text/html,<script>document.body.id=1</script>' ping=//{sink}/g>戊</a>",
    "<base href=//{sink}/><meta http-equiv=refresh content='0;url=//{sink}/h'><link rel=stylesheet href=//{sink}/i>",
    "<style>body{{background:url(//{sink}/j)}}</style><div style='background:url(//{sink}/k)'>乙</div>",
    "<body background=//{sink}/l onload=document.body.id=1><table background=//{sink}/m><tr><td>表</table>",
    "<iframe src=//{sink}/n srcdoc='<script>parent.document.body.id=1</script>'></iframe>",
    "<object data=//{sink}/o></object>",
    "<embed src=//{sink}/p><video poster=//{sink}/q src=//{sink}/r></video><audio src=//{sink}/s></audio>",
    "<form action=//{sink}/t><input type=image src=//{sink}/u>",
    "<button formaction=javascript:document.body.id=1>搜</button></form>",
    "<input autofocus onfocus=document.body.id=1>",
    "<details open ontoggle=document.body.id=1>详</details><marquee onstart=document.body.id=1>",
    "<xmp><img src=x onerror=document.body.id=1></xmp><plaintext><script>document.body.id=1</script>",
    "<textarea></textarea><img src=x onerror=document.body.id=1></textarea>",
    "<title></title><script>document.body.id=1</script>",
    "<?xml-stylesheet href='//{sink}/v'?><!--[if IE]><script>document.body.id=1</script><![endif]-->",
)


def page(source, title="机构设置"):
    return FetchedPage(at("/a.html"), title, source, MONDAY, "12", "清河县人民政府")


def typo(before="认真", wrong="布署", after="工作", **fields):
    params = {"wrong": wrong, "right": "部署"}
    return PageFault(
        "7", "“布署”应为“部署”", finding(TYPO, params=params, text=Excerpt(before, wrong, after, 2), **fields)
    )


def broken(href, text="旧站", number="8"):
    target = link(at(href), href=href, referrers=((at("/a.html"), text),))
    return PageFault(
        number, "目标不存在", finding(BROKEN_LINK, target=target, variant="http-4xx", params={"status": 404})
    )


def soup(source, *faults, language="zh-CN"):
    return BeautifulSoup(render(page(source), faults, language).document, "lxml")


def test_the_page_as_a_whole_is_the_only_main_element():
    made = soup("<main><h1>标题</h1><p>统一布署</p></main>")
    assert len(made.find_all("main")) == 1
    assert "统一布署" in made.main.get_text()


def marked(source, *faults):
    return [each.get_text() for each in soup(source, *faults).main.select("mark")]


class TestMarks:
    def test_a_wording_is_marked_where_its_neighbours_are(self):
        source = "<p>不布署</p><p>要认真布署工作</p><p>布署</p>"
        (paragraph,) = (each for each in soup(source, typo()).main.find_all("p") if each.mark)
        assert (paragraph.get_text(), paragraph.mark["id"]) == ("要认真布署工作", "fault-7")

    def test_a_link_is_marked_by_its_words_and_a_picture_by_its_address(self):
        source = '<a href="/gone.html">旧站</a><img class=lazy src=/blank.gif data-original="/x.jpg" alt="会议">'
        assert marked(source, broken("/gone.html"), broken("/x.jpg", "", "9")) == ["旧站", "会议〔/x.jpg〕"]

    def test_a_picture_is_told_by_its_words(self):
        """An ``img`` without ``src`` is no valid HTML."""
        made = soup('<p>前<img src=/a.jpg alt=" 会议<b>现场 ">后<img src=/b.gif alt=""><img src=/c.gif></p>').main
        assert made.p.get_text() == "前会议<b>现场后"
        assert [each.get_text() for each in made.select("span.picture")] == ["会议<b>现场"]
        assert made.find_all(["img", "b"]) == []

    def test_two_faults_of_one_sentence_are_both_marked(self):
        source = '<p>要认真布署工作，见<a href="/gone.html">旧站</a></p>'
        assert marked(source, typo(), broken("/gone.html")) == ["布署", "旧站"]

    def test_what_stands_in_the_code_is_quoted_above(self):
        made = soup('<head><script src="/gone.js"></script></head><p>文</p>', broken("/gone.js"))
        assert made.main.mark is None
        assert made.header.pre.mark.get_text() == '<script src="/gone.js">'

    def test_what_is_not_there_is_left_out(self):
        found = finding(RULES["x-frame-options"], evidence="文")
        faults = (typo(), broken("/none.html"), PageFault("1", "没有响应头", found))
        rendered = render(page("<p>文</p>"), faults, "zh-CN")
        assert rendered.shown == ()

    def test_a_page_cannot_set_marks_of_its_own(self):
        source = '<p title="布署">认真布署工作</p><mark id="fault-7">假</mark>'
        made = soup(source, typo())
        assert [each.get_text() for each in made.main.find_all(id="fault-7")] == ["布署"]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_head_says_what_it_is(self, language):
        text = soup("<p>文</p>", language=language).header.get_text()
        for part in ("机构设置", at("/a.html"), "清河县人民政府", "12", f"{MONDAY:%Y-%m-%d %H:%M}"):
            assert part in text


class TestSources:
    def test_the_element_around_an_address_is_quoted(self):
        source = '<p>前</p><a class=x href="/gone.html">旧站</a><p>后</p>'
        quoted = source_of(source, broken("/gone.html").finding)
        assert quoted[:3] == ("<p>前</p>", '<a class=x href="/gone.html">', "旧站</a><p>后</p>")

    def test_an_address_with_entities_is_found(self):
        quoted = source_of('<a href="/a?b=1&amp;c=2">旧站</a>', broken("/a?b=1&c=2").finding)
        assert quoted.wrong == '<a href="/a?b=1&amp;c=2">'

    def test_what_a_server_says_is_not_looked_for(self):
        assert source_of("<p>nosniff</p>", finding(RULES["x-content-type-options"], evidence="nosniff")) is None


class TestHarm:
    @pytest.mark.parametrize("source", HARMFUL)
    def test_nothing_is_left_that_could_act_load_or_lead_away(self, source):
        made = soup(f"<p>认真布署工作</p>{source.format(sink='evil.example')}", typo())
        names = {element.name for element in made.body.select("*")}
        assert not names & {
            "script",
            "style",
            "iframe",
            "img",
            "object",
            "embed",
            "form",
            "input",
            "svg",
            "math",
            "base",
            "link",
        }
        for element in made.main.select("*"):
            assert set(element.attrs) <= {"title", "lang", "colspan", "rowspan", "id", "class"}, element
            assert "class" not in element.attrs or element.attrs == {"class": ["picture"]}
            assert element.name == "mark" or "id" not in element.attrs

    @pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
    def test_hostile_texts_stay_texts(self, text):
        fault = PageFault(
            "7", text, finding(TYPO, text=Excerpt(text, text, text, 0), params={"wrong": text, "right": text})
        )
        document = render(page(f"<p>{text}</p>", title=text), (fault,), "zh-CN").document
        made = BeautifulSoup(document, "lxml")
        assert made.find_all(["script", "iframe", "img"]) == []
        assert [name for each in made.select("*") for name in each.attrs if name.startswith("on")] == []

    def test_a_policy_forbids_the_rest(self):
        policy = soup("<p>文</p>").find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "script-src" not in policy

    def test_it_costs_no_more_than_its_length(self):
        def make(n):
            return "<div><b>认真布署工作<a href=/gone.html>" * n

        faults = (typo(), broken("/gone.html"))
        assert_linear(lambda source: render(page(bounded(source)), faults, "zh-CN"), make, 4_000, seconds=4.0)


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, as `make test` installs it")
def test_a_browser_runs_nothing_and_asks_for_nothing(tmp_path):
    with closing(create_server(("127.0.0.1", 0))) as sink:
        sink.settimeout(0)
        source = "<p>要认真布署工作</p>" + "".join(HARMFUL).format(sink=f"127.0.0.1:{sink.getsockname()[1]}")
        (tmp_path / "shown.html").write_bytes(render(page(source), (typo(),), "zh-CN").document)
        (tmp_path / "raw.html").write_text("<p><img src=x onerror=document.body.id=1>")
        shown = _dump(tmp_path / "shown.html")
        with pytest.raises(BlockingIOError):
            sink.accept()
        assert '<mark id="fault-7"' in shown
        assert '<body id="1"' not in shown
        # The same browser would have run it.
        assert '<body id="1"' in _dump(tmp_path / "raw.html")


def _dump(file):
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", f"--user-data-dir={file.parent}/profile", "--dump-dom",
        file.as_uri(),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
