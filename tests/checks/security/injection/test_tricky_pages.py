# ruff: noqa: E501 - markup reads best as it is sent
"""Single pages written by hand: what slips through a net woven from templates."""

import pytest

from checks.security.injection.check import InjectedLinks


def page(body="", head="", title="某某市某某局"):
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body><h1>某某市某某局</h1><p>正文内容</p>{body}</body></html>"
    )


POISONED = [
    page('<div style="display: none;"><a href="http://www.abc-casino.com">赌场</a></div>'),
    page('<div style="visibility: hidden"><a href="https://example-bet.com">体育博彩</a></div>'),
    page('<div style="width:0;height:0;overflow:hidden"><a href="http://a.example.com">办证</a></div>'),
    page(
        '<div style="position:absolute;left:-10000px;"><a href="http://a.example.com">彩票</a><a href="http://b.example.com">娱乐</a></div>'
    ),
    page('<p style="text-indent:-10000px"><a href="http://a.example.net/">澳门银河</a></p>'),
    page('<div style="opacity:0;height:0"><a href="http://a.example.net/">裸聊</a></div>'),
    page('<marquee width="0" height="0"><a href="http://x.example.net">一夜情交友</a></marquee>'),
    page(
        '<marquee scrollamount="9999" style="width:1px;height:1px"><a href="http://x.example.net">找小姐</a></marquee>'
    ),
    page(
        '<script>document.write(\'<div style="display:none"><a href="http://spam.example.org">北京赛车</a></div>\')</script>'
    ),
    page(
        "<script>var s='%3Ca%20href%3D%22http%3A//spam.example.org%22%3E%u535A%u5F69%3C/a%3E';document.write(unescape(s));</script>"
    ),
    page(
        "<script>document.write(String.fromCharCode(60)+'a href=\"http://spam.example.org/\">'+'\\u8d4c\\u535a'+'</a>')</script>"
    ),
    page(
        "<script>var _0x1a2b=['\\x68\\x74\\x74\\x70\\x3a\\x2f\\x2f\\x65\\x76\\x69\\x6c\\x2e\\x63\\x6f\\x6d'];window.location=_0x1a2b[0];</script>"
    ),
    page("", title="&#x5F69;&#x7968;&#x5E73;&#x53F0;&#x5B98;&#x7F51;"),
    page("", title="六合彩,特码,香港马会,开奖结果,一肖一码", head='<meta name="keywords" content="六合彩,特码">'),
    page(
        "",
        head='<meta name="Keywords" content="六合彩,时时彩,北京赛车,百家乐,老虎机"><meta name="Description" content="最大的线上赌场">',
    ),
    page(
        "",
        head='<script>var r=document.referrer;if(r.indexOf("baidu")>-1||r.indexOf("sogou")>-1||r.indexOf("so.com")>-1){window.location.href="https://evil.example.com/"}</script>',
    ),
    page(
        "",
        head="<script>if(/Baiduspider/i.test(navigator.userAgent)){document.write(\"<a href='http://spam.example.com'>click</a>\")}</script>",
    ),
    page("", head='<script>if(navigator.userAgent.indexOf("Baiduspider")>-1){document.title="澳门赌场"}</script>'),
    page('<iframe src="http://evil.example.com/" width="0" height="0" frameborder="0"></iframe>'),
    page('<iframe src="http://evil.example.com/" style="display:none"></iframe>'),
    page('<iframe src="//evil.example.com/" style="width:1px;height:1px;visibility:hidden"></iframe>'),
    page("", head='<meta http-equiv="refresh" content="0; url=http://evil.example.com/landing">'),
    page(
        '<style>.hide-me{display:none}</style><div class="hide-me"><a href="http://spam.example.com">网上赌博</a></div>'
    ),
    page(
        '<style>#spam{position:absolute;top:-5000px}</style><div id="spam"><a href="http://spam.example.com">网上赌博</a></div>'
    ),
    page('<a href="http://spam.example.com" style="color:#ffffff;font-size:1px">真钱棋牌</a>'),
    page('<span style="font-size:0px"><a href="http://spam.example.com">代开发票</a></span>'),
    page(
        '<div style="display:none">'
        + "".join(f'<a href="http://site{i}.example{i}.com/">keyword{i}</a>' for i in range(10))
        + "</div>"
    ),
    page(
        '<div style="position:fixed;bottom:-999px">'
        + "".join(f'<a href="http://www.site{i}.com/">链接{i}</a>' for i in range(3))
        + "</div>"
    ),
    page(
        '<a href="http://www.qq123bet.com/">体育</a><div style="display:none"><a href="http://www.qq123bet.com/">体育</a></div>'
    ),
    page(
        '<div style="display:none"><p>友情链接：<a href="http://x1.example.com">彩票网</a> <a href="http://x2.example.com">网赌</a></p></div>'
    ),
    page(
        '<p>相关：<a href="http://spam.example.com">办理学历证书 QQ123456</a></p><p style="display:none"><a href="http://spam.example.com">学历证书办理</a></p>'
    ),
    page(
        '<!-- x --><div style="overflow:hidden;height:1px;"><a href="http://spam.example.com">成人用品 情趣</a></div>'
    ),
    page(
        "<script>eval(function(p,a,c,k,e,d){e=function(c){return(c<a?'':e(parseInt(c/a)))+((c=c%a)>35?String.fromCharCode(c+29):c.toString(36))};if(!''.replace(/^/,String)){while(c--){d[e(c)]=k[c]||e(c)}k=[function(e){return d[e]}];e=function(){return'\\\\w+'};c=1};while(c--){if(k[c]){p=p.replace(new RegExp('\\\\b'+e(c)+'\\\\b','g'),k[c])}}return p}('1.2.3=\"4://5.6.7/\"',8,8,'|window|location|href|http|www|evil9|com'.split('|'),0,{}))</script>"
    ),
    page(
        '<div style="display:none"><a href="http://spam.example.com/?id=1"><img src="http://spam.example.com/1.jpg" alt="真人赌场"></a></div>'
    ),
    page("<div style=display:none><ul><li><a target=_blank href=http://spam.example.com>seo优化</a></ul></div>"),
    page(
        '<div id="x9"><a href="http://spam.example.com">博彩网站大全</a></div><script>document.getElementById("x9").style.display="none"</script>'
    ),
    page(
        '<div style="height:0px;width:0px;overflow:hidden"><h2>澳门威尼斯人</h2><a href="/zt/1.html">澳门威尼斯人赌场</a></div>'
    ),
    page(
        "<script src='http://spam.example.com/a.js'></script><div style='display:none'><a href='http://spam.example.com'>AV女优</a></div>"
    ),
    page('<noscript><a href="http://spam.example.com">娱乐城</a></noscript>'),
    page('<a href="http://spam.example.com" style="position:absolute;clip:rect(0,0,0,0)">性爱视频</a>'),
    page(
        '<div style="display:none"><a href="http://192.0.2.5/">进入</a><a href="http://203.0.113.9/">下载</a><a href="http://198.51.100.7">x</a></div>'
    ),
    page("<script>setTimeout(function(){location.replace('http://'+'www.'+'bet'+'365.com')},1000)</script>"),
    page(
        '<div style="filter:alpha(opacity=0);-moz-opacity:0;opacity:0"><a href="http://spam.example.com">三级片</a></div>'
    ),
    page(
        '<div style="background-color:#fff;color:#fff"><a style="color:#fff" href="http://spam.example.com">皇冠体育</a></div>'
    ),
    page(
        '<div style="line-height:0;height:0;overflow:hidden;text-indent:-99em"><a href="http://a.example.com">abc</a></div>'
    ),
]

HONEST = [
    page(
        '<div id="menu"><ul><li>一<ul style="display:none"><li><a href="/a">a</a><li><a href="http://www.example.org">合作单位</a></ul></ul></div>'
    ),
    page('<div class="tab-pane" style="display:none"><a href="http://www.example.com">example</a></div>'),
    page(
        '<div class="tab-pane" style="display:none">'
        + "".join(f'<a href="http://www.example{i}.com">合作伙伴{i}</a>' for i in range(8))
        + "</div>"
    ),
    page(
        '<div class="swiper-slide" style="opacity:0;transform:translate3d(-1200px,0,0)"><a href="http://www.example.com"><img src=a.jpg></a></div>'
    ),
    page('<span class="sr-only">当前位置</span><a class="visually-hidden" href="#main">跳到正文</a>'),
    page(
        '<style>.sr-only{position:absolute;left:-10000px;top:auto;width:1px;height:1px;overflow:hidden}</style><span class="sr-only"><a href="https://www.example.com/wza">无障碍说明</a></span>'
    ),
    page('<p>我市开展打击网络赌博专项行动</p><a href="http://news.example.com/1">打击网络赌博专项行动</a>'),
    page('<a href="https://www.example.com/news/2">公安部：跨境赌博打击成效显著</a>'),
    page(
        '<a href="http://www.zgflcp.example.com">中国福利彩票</a><a href="http://tc.example.com">体育彩票管理中心</a>'
    ),
    page("", title="关于做好福利彩票销售管理工作的通知", head='<meta name="keywords" content="福利彩票,彩票,销售">'),
    page("", title="严打黄赌毒 净化社会环境", head='<meta name="keywords" content="赌博,色情,毒品">'),
    page("", title="远离“网络赌博” 共建和谐家园"),
    page("", title="法院公开审理一起开设赌场案"),
    page("", title="体彩超级大乐透第26078期开奖结果", head='<meta name=keywords content="大乐透,开奖结果,体育彩票">'),
    page(
        '<script>var _hmt=[];(function(){var hm=document.createElement("script");hm.src="https://hm.baidu.com/hm.js?x";document.head.appendChild(hm)})()</script>'
    ),
    page(
        '<script>document.write(unescape("%3Cscript src=\'" + (("https:" == document.location.protocol) ? "https://ssl." : "http://www.") + "google-analytics.com/ga.js\' type=\'text/javascript\'%3E%3C/script%3E"));</script>'
    ),
    page('<script>if(document.referrer.indexOf("baidu.com")!=-1){_hmt.push(["_trackEvent","from","baidu"])}</script>'),
    page('<script>if(/iPhone|Android/i.test(navigator.userAgent)){location.href="/wap/index.html"}</script>'),
    page(
        '<script>if(/Baiduspider|Googlebot/i.test(navigator.userAgent)==false){document.getElementById("ad").style.display="block"}</script>'
    ),
    page(
        '<script>if(navigator.userAgent.indexOf("MSIE 6")>0){document.write("<p>请升级浏览器</p><a href=\'https://www.microsoft.com\'>下载</a>")}</script>'
    ),
    page('<iframe src="https://www.example.com/map" width="600" height="400"></iframe>'),
    page('<iframe src="/stat.html" width="0" height="0"></iframe><iframe id="dl" style="display:none"></iframe>'),
    page("", head='<meta http-equiv="refresh" content="300">'),
    page("", head='<meta http-equiv="refresh" content="3;url=/index.html">'),
    page('<div style="display:none" id="qrcode-pop"><a href="http://www.example.com">扫码关注</a></div>'),
    page('<div class="footer">技术支持：<a href="http://www.example.com">某某网络科技有限公司</a></div>'),
    page('<div style="display:none">技术支持：<a href="http://www.example.com">某某网络公司</a></div>'),
    page('<select onchange="location=this.value"><option value="http://www.example.com">友情链接</option></select>'),
    page('<a href="http://www.example.com/a" style="background:#fff;color:#ffffff00">广告位</a>'),
    page(
        '<div class="marquee"><marquee behavior="scroll" scrollamount="5"><a href="http://www.example.com">热烈庆祝某某节</a></marquee></div>'
    ),
    page(
        '<div style="height:0;overflow:hidden;transition:height .3s" class="nav-children"><a href="http://www.example.com">例子</a></div>'
    ),
    page(
        '<dl class="faq"><dt>问</dt><dd style="display:none">请访问<a href="http://www.example.com">官方网站</a></dd></dl>'
    ),
    page('<div id="loading" style="position:fixed;left:-9999px">加载中</div>'),
    page(
        '<a href="http://www.example.com/" style="display:inline-block;text-indent:-9999px;width:100px;height:30px" class="logo">example</a>'
    ),
    page('<p>网友留言：邻居开棋牌室赌博，请整治</p><a href="/letter/1">关于棋牌室赌博的投诉</a>'),
    page(
        '<ul class="news"><li><a href="https://www.example.com/n/1">男子沉迷网络赌博欠债百万</a></li><li><a href="https://www.example.com/n/2">警惕“刷单返利”诈骗</a></li><li><a href="https://www.example.com/n/3">博彩网站的套路</a></li></ul>'
    ),
    page(
        '<ul class="news" style="display:none"><li><a href="https://www.example.com/n/1">揭秘网络赌球骗局</a></li></ul>'
    ),
    page(
        '<div style="display:none"><a href="http://www.gov.cn">中国政府网</a><a href="http://www.example.com">统计</a></div>'
    ),
    page(
        "<script>var pop=\"<div class=info><a href='http://www.example.com/detail'>查看详情</a></div>\";map.addPopup(pop)</script>"
    ),
    page('<script>$("#list").html("<li><a href=\'http://www.example.com\'>某某公司</a></li>")</script>'),
    page('<img src="http://tongji.example.com/c.gif" width="1" height="1" style="display:none">'),
    page('<a href="https://www.example.com"><img width="0" height="0" src="x.gif"></a>'),
    page('<div style="display:none"><object data="http://www.example.com/v.swf"></object></div>'),
    page('<div class="video-box" style="visibility:hidden"><iframe src="https://v.example.com/p/1"></iframe></div>'),
]


def found(parsed, html):
    return [finding.evidence for finding in InjectedLinks().inspect(parsed(html, "http://127.0.0.1:8080/"))]


@pytest.mark.parametrize("html", POISONED)
def test_a_poisoned_page_is_found(parsed, html):
    assert found(parsed, html) != []


@pytest.mark.parametrize("html", HONEST)
def test_an_honest_page_is_not_accused(parsed, html):
    assert found(parsed, html) == []
