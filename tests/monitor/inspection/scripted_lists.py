"""A site whose columns are drawn by scripts in the forms that official sites use, and its static twin.

Each form is one column at an address of its own. Both sites have the same articles, dates and faults: a link that leads
nowhere in every column, an identity number in one, a list that is old.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

from tests.monitor.web import html, web
from tests.server.site import Handler, Site

BUILDS = Path(__file__).parent / "builds"

ITEMS = 6
BATCH = 4
"""Items that a list without an end loads at a time."""

MANY = 12
"""Items of it."""


@dataclass(frozen=True)
class Column:
    """A column at ``/path/``, called ``name``: ``page`` is its document where scripts draw it, beside ``files``.

    ``rows`` stand in lists of equal length, ``lists`` are their tags.
    """

    path: str
    name: str
    page: str
    files: dict[str, tuple[str, bytes]]
    rows: list[dict[str, str]]
    lists: tuple[str, ...] = ("<ul>",)

    @property
    def static(self) -> str:
        """The document as a server would have sent it."""
        length = len(self.rows) // len(self.lists)
        parts = [self.rows[at : at + length] for at in range(0, len(self.rows), length)]
        filled = (
            start + "".join(ITEM.format(**row) for row in part) + "</ul>"
            for start, part in zip(self.lists, parts, strict=True)
        )
        return framed(self.name, "".join(filled))


ITEM = '<li><a href="{url}">{title}</a><span>{date}</span></li>'
DRAW = '`<li><a href="${x.url}">${x.title}</a><span>${x.date}</span></li>`'
FILL = f"rows => {{document.getElementById('list-box').innerHTML = rows.map(x => {DRAW}).join('')}}"


def head(name: str) -> str:
    at = f"当前位置：<a href=/>首页</a> &gt; <span>{name}</span>"
    return f"<a href=/>首页</a><h2>{name}</h2><div class=position>{at}</div>"


def rows(path: str, month: str = "2026-08", count: int = ITEMS) -> list[dict[str, str]]:
    """Return what a column lists; the last of it leads nowhere."""
    listed = [
        {
            "url": f"/{path}/a{at}.html",
            "title": f"关于召开第{at}次{path}防汛抗旱工作会议的通知",
            "date": f"{month}-{28 - at:02}",
        }
        for at in range(1, count)
    ]
    return [
        *listed,
        {"url": f"/missing/{path}.html", "title": f"关于做好{path}医疗保险工作的通知", "date": f"{month}-05"},
    ]


def script(text: str) -> tuple[str, bytes]:
    return "text/javascript; charset=utf-8", text.encode()


def data(value: object) -> tuple[str, bytes]:
    return "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False).encode()


def framed(name: str, body: str) -> str:
    return html(f"{head(name)}{body}", name)


def fetched(path: str, name: str) -> Column:
    listed = rows(path)
    listed[0]["title"] = "李明，身份证号440106199003076235，公示名单"
    body = f"<ul id=list-box></ul><script>fetch('/{path}/list.json').then(r => r.json()).then({FILL})</script>"
    return Column(path, name, framed(name, body), {"list.json": data(listed)}, listed)


def jsonp(path: str, name: str) -> Column:
    listed = rows(path, "2023-05")
    body = f"""<ul id=list-box></ul><script>window.fill = {FILL};
    const s = document.createElement('script'); s.src = '/{path}/list.js?callback=fill'; s.onload = () => s.remove();
    document.body.append(s); /* $.ajax({{dataType: 'jsonp'}}) */</script>"""
    answer = script(f"fill({json.dumps(listed, ensure_ascii=False)})")
    return Column(path, name, framed(name, body), {"list.js": answer}, listed)


def template(path: str, name: str) -> Column:
    listed = rows(path)
    body = f"""<ul id=list-box></ul><script type="text/template" id=row><li><a href="{{{{ item.url }}}}">
    {{{{ item.title }}}}</a><span>{{{{ item.date }}}}</span></li></script><script>
    const one = document.getElementById('row').textContent, rows = {json.dumps(listed, ensure_ascii=False)};
    document.getElementById('list-box').innerHTML =
      rows.map(item => one.replace(/{{{{ item.(\\w+) }}}}/g, (_, name) => item[name])).join('')</script>"""
    return Column(path, name, framed(name, body), {}, listed)


def endless(path: str, name: str) -> Column:
    listed = rows(path, count=MANY)
    body = f"""<style>#list-box li {{height: 300px}}</style><ul id=list-box></ul><div id=end>加载中</div><script>
    let from = 0; new IntersectionObserver(seen => {{ if (seen[0].isIntersecting && from < {MANY})
      fetch('/{path}/part' + from + '.json').then(r => r.json()).then(rows => {{ from += rows.length;
        document.getElementById('list-box').insertAdjacentHTML('beforeend', rows.map(x => {DRAW}).join('')) }})
    }}).observe(document.getElementById('end'))</script>"""
    parts = {f"part{at}.json": data(listed[at : at + BATCH]) for at in range(0, MANY, BATCH)}
    return Column(path, name, framed(name, body), parts, listed)


def tabs(path: str, name: str) -> Column:
    listed = rows(path)
    panes = ("<ul id=pane0>", '<ul id=pane1 style="display:none">')
    body = f"""<div class=tabs><b id=tab0>通知</b> <b id=tab1>公告</b></div>{"</ul>".join(panes)}</ul>
    <script>for (const at of [0, 1]) {{ const pane = document.getElementById('pane' + at);
      document.getElementById('tab' + at).onclick = () => fetch('/{path}/tab' + at + '.json').then(r => r.json())
        .then(rows => {{pane.innerHTML = rows.map(x => {DRAW}).join('')}});
      document.getElementById('tab' + at).click() }}</script>"""
    half = ITEMS // 2
    files = {"tab0.json": data(listed[:half]), "tab1.json": data(listed[half:])}
    return Column(path, name, framed(name, body), files, listed, panes)


def hashes(path: str, name: str) -> Column:
    listed = rows(path)
    body = f"""<div id=app></div><script>
    const views = {{'#/list': () => fetch('/{path}/list.json').then(r => r.json()).then(rows =>
        {{document.getElementById('app').innerHTML = `{head(name)}<ul>${{rows.map(x => {DRAW}).join('')}}</ul>`}})}};
    const show = () => (views[location.hash] || (() => location.replace('#/list')))();
    addEventListener('hashchange', show); show()</script>"""
    return Column(path, name, html(body, name), {"list.json": data(listed)}, listed)


def vue(path: str, name: str) -> Column:
    listed = rows(path)
    runtime = gzip.decompress((BUILDS / "vue-3.5.45.js.gz").read_bytes())
    entry = """import {c as createApp} from './vendor-8d1e77c0.js';
    import('./ListView-1a2b3c4d.js').then(({default: view}) => createApp(view).mount('#app'));"""
    view = f"""import {{h, ref, onMounted}} from './runtime-core-5f0c1d2e.js';
    export default {{setup() {{ const rows = ref([]);
      onMounted(() => fetch('/{path}/list.json').then(r => r.json()).then(d => {{rows.value = d.data}}));
      return () => h('div', [h('div', {{innerHTML: {json.dumps(head(name), ensure_ascii=False)}}}),
        h('ul', rows.value.map(x =>
          h('li', {{key: x.url}}, [h('a', {{href: x.url}}, x.title), h('span', x.date)])))]) }}}}"""
    files = {
        "assets/index-4f2c9a1b.js": script(entry),
        "assets/vendor-8d1e77c0.js": script("export {createApp as c} from './runtime-core-5f0c1d2e.js'"),
        "assets/runtime-core-5f0c1d2e.js": ("text/javascript", runtime),
        "assets/ListView-1a2b3c4d.js": script(view),
        "list.json": data({"code": 200, "data": listed}),
    }
    source = f'<div id="app"></div><script type="module" crossorigin src="/{path}/assets/index-4f2c9a1b.js"></script>'
    return Column(path, name, html(source, name), files, listed)


def react(path: str, name: str) -> Column:
    listed = rows(path)
    runtime = gzip.decompress((BUILDS / "react-18.3.1.js.gz").read_bytes())
    main = f"""(() => {{ const modules = {{}}, chunks = {{787: '5e6f7a8b', 12: '9c0d1e2f'}};
    self.webpackChunkapp = {{push([ids, more]) {{
      Object.assign(modules, more); ids.forEach(id => chunks[id].resolve()) }}}};
    const load = id => new Promise((resolve, reject) => {{ const s = document.createElement('script');
      s.src = '/{path}/static/js/' + id + '.' + chunks[id] + '.chunk.js'; chunks[id] = {{resolve}}; s.onerror = reject;
      document.head.appendChild(s) }}); load(787).then(() => load(12)).then(() => modules[12]()) }})()"""
    push = "(self.webpackChunkapp=self.webpackChunkapp||[]).push"
    view = f"""{push}([[12], {{12: () => {{ const e = React.createElement;
    const App = () => {{ const [rows, set] = React.useState([]); React.useEffect(() => {{
        fetch('/{path}/list.json').then(r => r.json()).then(set) }}, []);
      return e('div', null,
        e('div', {{dangerouslySetInnerHTML: {{__html: {json.dumps(head(name), ensure_ascii=False)}}}}}),
        e('ul', null, rows.map(x =>
          e('li', {{key: x.url}}, e('a', {{href: x.url}}, x.title), e('span', null, x.date))))) }};
    ReactDOM.createRoot(document.getElementById('root')).render(e(App)) }}}}])"""
    files = {
        "static/js/main.3f2a1b9c.js": script(main),
        "static/js/787.5e6f7a8b.chunk.js": ("text/javascript", runtime + f"\n{push}([[787], {{}}])".encode()),
        "static/js/12.9c0d1e2f.chunk.js": script(view),
        "list.json": data(listed),
    }
    source = f'<div id="root"></div><script defer src="/{path}/static/js/main.3f2a1b9c.js"></script>'
    return Column(path, name, html(source, name), files, listed)


def kaipu(path: str, name: str) -> Column:
    """开普: a column of its search, by number."""
    listed = rows(path)
    results = [{"title": row["title"], "url": row["url"], "publishedTimeStr": row["date"]} for row in listed]
    body = f"""<ul id=list-box class=list></ul><script>const channel = 'ab12', fill = {FILL}; /* $.ajax( */
    const x = new XMLHttpRequest(), query = '?_isAgg=false&_isJson=true&_pageSize=20&page=1';
    x.open('GET', '/{path}/search/' + channel + query); x.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
    x.onload = () => fill(JSON.parse(x.responseText).data.results
      .map(r => ({{url: r.url, title: r.title, date: r.publishedTimeStr}}))); x.send()</script>"""
    return Column(path, name, framed(name, body), {"search/ab12": data({"data": {"results": results}})}, listed)


def gkmlpt(path: str, name: str) -> Column:
    """gkmlpt (广东政府信息公开平台): its interface is known, and asked without a browser."""
    listed = rows(path)
    articles = [{"title": row["title"], "url": row["url"], "display_publish_time": row["date"]} for row in listed]
    body = """<div id="app"><ul class="catalog"><li v-for="item in articles"><a :href="item.url">标题</a></li></ul>
    </div><script>window._CONFIG = {"SID": "200044", "CATEGORY_ID": 5002, "api": "/gkmlpt/api/all/"};
    new Vue({el: "#app"})</script>"""
    return Column(path, name, framed(name, body), {"/gkmlpt/api/all/5002": data({"articles": articles})}, listed)


def dahan(path: str, name: str) -> Column:
    """大汉, newer version: likewise."""
    listed = rows(path)
    unit = "<ul>" + "".join(ITEM.format(**row) for row in listed) + "</ul>"
    address = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    query = "{'parseType':'bulidstatic','webId':'9','tagId':'list','columnid':'202'}"
    body = f'<div class=list><script src="/script/unit.js" url="{address}" queryData="{query}"></script></div>'
    files = {address: data({"success": True, "data": {"html": unit}}), "/script/unit.js": script("void 0")}
    return Column(path, name, framed(name, body), files, listed)


DRAWN = (
    fetched("fetched", "公示名单"),
    jsonp("jsonp", "通知公告"),
    template("template", "工作动态"),
    endless("endless", "政务要闻"),
    tabs("tabs", "部门文件"),
    hashes("hashes", "政策文件"),
    vue("vue", "财政信息"),
    react("react", "人事信息"),
    kaipu("kaipu", "规划计划"),
)
"""Columns that it takes a browser to see."""

ASKED = (gkmlpt("gkmlpt", "规范性文件"), dahan("dahan", "行政执法"))
"""Columns whose interfaces are known."""


def official_site(*, scripted: bool) -> Site:
    """Return the site, or its static twin."""
    columns = DRAWN + ASKED
    menu = "".join(f"<p><a href=/{column.path}/>{column.name}</a></p>" for column in columns)
    pages: dict[str, str | Handler] = {"/": html(menu, "首页")}
    for column in columns:
        pages[f"/{column.path}/"] = column.page if scripted else column.static
        for row in column.rows[:-1]:
            pages[row["url"]] = html(
                f"<h1>{row['title']}</h1><p>{row['date']}</p>{'请各单位遵照执行。' * 20}", row["title"]
            )
        for name, (kind, body) in column.files.items():
            if scripted:
                pages[name if name.startswith("/") else f"/{column.path}/{name}"] = served(kind, body)
    return web(pages)


def served(kind: str, body: bytes) -> Handler:
    async def handler(exchange):
        exchange.keep_alive = True
        await exchange.answer(body, type=kind)

    return handler
