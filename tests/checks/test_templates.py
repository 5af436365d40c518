"""Template code that shows, and code that only looks so."""

import html

import pytest

from checks.templates import Templates
from tests.checks.typos.equipped import typos
from tests.sites.pages import document, page_of

CASES = {
    '<a href="<?=el.link?>">标题</a>': [("address", "<?=el.link?>")],
    '<a href="%3C?=el.link?%3E">标题</a>': [("address", "<?=el.link?>")],
    '<a href="/art/${id}.html">标题</a>': [("address", "${id}")],
    "<p><?=el.title?></p>": [("text", "<?=el.title?>")],
    "<p>${title}</p>": [("text", "${title}")],
    "<p>#{article.title}</p>": [("text", "#{article.title}")],
    "<p>{{title}}</p>": [("text", "{{title}}")],
    "<p>{{ item.date | date }}</p>": [("text", "{{ item.date | date }}")],
    "<p><%= title %></p>": [("text", "<%= title %>")],
    "<p>{{ item.date | date:'yyyy-MM-dd' }}</p>": [("text", "{{ item.date | date:'yyyy-MM-dd' }}")],
    "<p>{{单位名称}}</p>": [("text", "{{单位名称}}")],
    "<p>${item.title || '暂无'}</p>": [("text", "${item.title || '暂无'}")],
    "<p>[!--title--]</p>": [("text", "[!--title--]")],
    "<p>{$title}</p>": [("text", "{$title}")],
    "<p>{dede:field.title/}</p>": [("text", "{dede:field.title/}")],
    "<p><?php echo $t ?></p>": [("text", "<?php echo $t ?>")],
    "<p>{$row['title']}</p><p>{$a->b}</p>": [("text", "{$row['title']}")],
    "<p>{eyou:field name='title' /}</p>": [("text", "{eyou:field name='title' /}")],
    "<p>{% if x %}正文{% endif %}</p>": [("text", "{% if x %}")],
    "<p>$!{title}</p>": [("text", "$!{title}")],
    "<p>#foreach($a in $list)</p>": [("text", "#foreach($a in $list)")],
    "<p><#if title??></p>": [("text", "<#if title??>")],
    "<p>@Model.Title</p>": [("text", "@Model.Title")],
    "<h1>工作动态</h1><p>@Model.Title</p>": [("text", "@Model.Title")],
    "<p>{$FieldValue(title)}</p>": [("text", "{$FieldValue(title)}")],
    '<p>&lt;TRS_DOCUMENT FIELD="DOCTITLE"&gt;</p>': [("text", '<TRS_DOCUMENT FIELD="DOCTITLE">')],
    "<p>发布时间：NaN-NaN-NaN</p>": [("text", "NaN-NaN-NaN")],
    "<p>{%= title %}</p>": [("text", "{%= title %}")],
    "<p>${article.title!''}</p>": [("text", "${article.title!''}")],
    "<p>{{#each list}}{{/each}}</p>": [("text", "{{#each list}}")],
    "<p>{:url('index/show')}</p>": [("text", "{:url('index/show')}")],
    "<p>[field:title/]</p>": [("text", "[field:title/]")],
    "<p>[@cms_content]</p>": [("text", "[@cms_content]")],
    "<p>[object Object]</p>": [("text", "[object Object]")],
    "<p>请关注[@清河发布]，时间{:30}</p>": [],
    "<script src=/js/vue.runtime.min.js></script><p>{{a}}</p>": [],
    "<script src=https://cdn.example/san@3/dist/san.js></script><p>{{a}}</p>": [],
    "<div x-data>{{a}}</div>": [],
    "<p hidden>{{title}}</p><p>{{name}}</p>": [("text", "{{name}}")],
    "<p>请填 <code>x</code></p><p>{{title}}</p>": [("text", "{{title}}")],
    # code samples
    "<p>请将<code>${name}</code>换成单位名称。</p>": [],
    "<pre><code>cd ${HOME}/bin</code></pre>": [],
    "<pre>echo {{title}}</pre><samp>{$x}</samp><kbd>{{a}}</kbd>": [],
    # what nobody sees
    '<div style="Display:none">{{title}}</div><li style="color:red;display: none">${a}</li>': [],
    "<p hidden>{{title}}</p>": [],
    # what only looks so
    "<p>{{title}}</p><script>angular.bootstrap(document)</script>": [],
    '<p>{{title}}</p><script src="/js/template7.min.js"></script>': [],
    "<p>a@Model.com #1（号） 折扣{10%} 起</p>": [],
    '<div ms-visible="rows.length>0"><a ms-repeat="rows">{{el.name|text}}</a></div>': [],
    '<div :class="x" @click="go">{{ title }}</div>': [],
    '<li *ngFor="let a of b">{{ a.title }}</li>': [],
    '<div x-data="{}"><p x-text="t">{{t}}</p></div>': [],
    '<p>{{title}}</p><script src="/js/vue.min.js"></script>': [],
    '<div id=tpl>{{each list}}<p>{{title}}</p></div><script src="/js/template-web.js"></script>': [],
    "<div id=t>{{title}}</div><script>var html = Handlebars.compile($('#t').html())</script>": [],
    "<div id=t>${title}</div><script>$('#t').tmpl(data).appendTo('#list')</script>": [],
    "<div id=t>{{title}}</div><script>template('t', data)</script>": [],
    '<div id="app"><li v-for="item in list">{{ item.title }}</li></div>': [],
    "<div ng-app><p>{{title}}</p></div>": [],
    "<p>{{title}}</p><script>new Vue({el: '#app'})</script>": [],
    "<script>let a = `${title}`; let b = '<?=x?>';</script>": [],
    '<script type="text/html"><p><%= title %></p></script>': [],
    "<!-- <?=el.link?> {{title}} -->": [],
    "<p>价格在 $100 以上，{说明} 见附件</p>": [],
    "<p>5 &lt; 6 且 50% &gt; 40%</p>": [],
    "<p>{{}} ${} 符号</p>": [],
    '<?xml version="1.0"?><p>正文</p>': [],
}


@pytest.mark.parametrize(("body", "expected"), CASES.items())
def test_template_code(body, expected):
    found = Templates().inspect(page_of(document(body, title="工作动态")))
    assert [(finding.variant, finding.evidence) for finding in found] == expected


@pytest.mark.parametrize("code", ["{{title}}", "${item.summary}", "<%= title %>", "{dede:field.title/}"])
def test_one_leftover_is_one_finding_of_an_inspection(code):
    page = page_of(document(f"<p>工作动态：{html.escape(code)}</p>", title="工作动态"))
    found = [*Templates().inspect(page), *(one for block in page.blocks for one in typos().inspect(block))]
    assert [finding.rule.id for finding in found] == ["template-leftover"]


def test_what_a_template_repeats_is_one_finding():
    first, second = (
        next(Templates().inspect(page_of(document(f"<p>${{title}}</p><p>{n}</p>"), url=f"https://a.gov.cn/{n}")))
        for n in "ab"
    )
    assert first.fingerprint == second.fingerprint


def test_titles_and_metas_are_read_too():
    assert [finding.variant for finding in Templates().inspect(page_of(document(title="${title}")))] == ["title"]
    page = page_of(document(title="工作动态", meta=[("ArticleTitle", "{{title}}")]))
    assert [finding.variant for finding in Templates().inspect(page)] == ["title"]


LONG = "<p>为做好有关工作，现就有关事项通知如下。各单位要提高认识，加强领导，落实责任。</p>" * 2
"""Text that people read; a frame or a page that leads on has less."""

TITLES = {
    "": "empty",
    "　": "empty",
    "无标题文档": "default",
    "无标题-1": "default",
    "新建网页 1": "default",
    "Untitled Document": "default",
    "New Page 1": "default",
    "网站标题": "default",
    "undefined": "default",
    "$title$": "default",
    'My JSP "index.jsp" starting page': "default",
    "-某县人民政府": "half",
    "_某县某局": "half",
    "通知公告": "",
    "标题大赛结果公示": "",
    "Document library": "",
    "“放管服”改革": "",
    "《办法》解读": "",
    "404": "",
}


@pytest.mark.parametrize(("title", "expected"), TITLES.items())
def test_a_title_that_nobody_filled_in(title, expected):
    found = Templates().inspect(page_of(document(LONG, title=title)))
    assert [(finding.rule.id, finding.variant) for finding in found] == [("unfilled-title", expected)] * bool(expected)


def test_pages_with_the_same_unfilled_title_are_one_finding():
    def fingerprint(path, title):
        (finding,) = Templates().inspect(page_of(document(LONG, title=title), url=f"https://a.gov.cn/{path}"))
        return finding.fingerprint

    for title in ("", "无标题文档", "-某县某局"):
        assert fingerprint("1.html", title) == fingerprint("2.html", title)
    assert fingerprint("1.html", "无标题文档") != fingerprint("1.html", "-某县某局")


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("", "<p>正在跳转</p>"),
        ("", f"{LONG}<script>document.title = '通知公告'</script>"),
        ("Vite App", '<div id="app"></div><script src="/assets/index.js"></script>'),
        ("Document", f'{LONG}<script src="/js/vue.min.js"></script>'),
    ],
)
def test_a_title_that_nobody_sees_or_that_a_script_writes_is_no_fault(title, body):
    assert list(Templates().inspect(page_of(document(body, title=title)))) == []
