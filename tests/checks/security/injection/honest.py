# ruff: noqa: E501 - markup reads best as it is sent
"""What honest pages hold that looks like an injection from afar: hidden furniture, strangers, and the words themselves.

One entry a habit: a function of a random source to the pieces of a page, as in ``poison``.
"""

from __future__ import annotations

PLACES = ("青山", "东河", "清河", "石桥", "云溪", "临江")
COMPANIES = (
    "供水有限公司",
    "公交集团",
    "燃气公司",
    "文化旅游发展集团",
    "人民医院",
    "第一中学",
    "日报",
    "广播电视台",
    "慈善总会",
    "商会",
)
LATIN = ("qsgs", "dhgj", "qhrq", "sqwl", "yxyy", "ljyz", "lcrb", "qstv", "yxcs", "dhsh")
ANTI_GAMBLING = (
    "公安机关严厉打击跨境赌博违法犯罪",
    "警惕网络赌博陷阱，远离赌博危害",
    "县公安局打掉一个开设赌场犯罪团伙",
    "“六合彩”赌博的十大危害",
    "禁赌宣传进社区 共建平安家园",
    "参与网上赌博，男子输光积蓄",
    "境外赌场务工骗局揭秘",
    "我市集中销毁一批赌博游戏机",
    "三人利用手机APP开设百家乐赌局获刑",
    "反诈提醒：博彩网站诱导充值，都是骗局",
    "整治老虎机等赌博机专项行动启动",
    "世界杯期间警方提醒：赌球违法",
)
LOTTERY = (
    "中国福利彩票",
    "中国体育彩票",
    "福利彩票公益金使用情况公告",
    "体育彩票销量突破十亿元",
    "省福彩中心",
    "双色球第2026101期开奖公告",
    "体彩大乐透开奖结果",
    "福彩3D开奖号码",
    "彩票公益金助力养老",
    "关于规范彩票代销者管理的通知",
)
CLEAN_UP = (
    "扫黄打非·护苗2026专项行动",
    "清理整治网络色情和低俗信息",
    "打击淫秽色情信息举报指南",
    "查处一起卖淫嫖娼案件",
    "全市“扫黄打非”工作会议召开",
    "严厉打击制售假证违法犯罪",
    "警方破获特大制贩假毕业证案",
    "打击代开虚开发票专项行动",
    "谨防“无抵押贷款”诈骗",
    "裸聊敲诈案例警示",
    "防范代孕风险提示",
    "整治“传奇私服”侵权案宣判",
)
SERVICES = (
    "办证大厅",
    "护照办理",
    "身份证办理指南",
    "毕业证书遗失补办证明",
    "学历认证",
    "税务代开发票服务指南",
    "电子发票查验",
    "创业担保贷款申请",
    "公章刻制业备案",
    "成人高考报名",
    "成人教育培训",
    "盲人按摩机构备案",
    "娱乐场所经营许可证",
    "游艺娱乐场所设立审批",
    "棋牌室治安管理",
    "麻将馆噪声扰民投诉",
    "儿童福利机构",
    "文化娱乐活动中心",
    "电子竞技赛事备案",
    "兼职律师执业审批",
    "居住证办理",
    "二手车交易市场备案",
)
PLAIN = (
    "金沙江流域综合治理",
    "南京六合区与我县结对帮扶",
    "公私服务大厅正式启用",
    "激情广场大家唱",
    "暴雨黄色预警信号",
    "美女峰森林公园",
    "最美人物评选",
    "永利街道人大代表之家",
    "金沙县考察团来访",
    "太阳城社区卫生服务中心",
    "真人图书馆活动",
    "伦理道德讲堂",
    "皇冠假日酒店签约",
    "丝袜产业园开工",
    "农技推广中心",
    "论文评选结果",
    "网站建设情况通报",
    "政府网站考核排名通报",
)


def stranger(rng):
    number = rng.randrange(len(COMPANIES))
    return f"http://www.{LATIN[number]}{rng.choice(('.com', '.com.cn', '.cn', '.net'))}/", rng.choice(
        PLACES
    ) + COMPANIES[number]


def neighbours(rng, count=6):
    return "".join('<li><a href="{}" target="_blank">{}</a></li>'.format(*stranger(rng)) for _ in range(count))


def news(rng, titles, count=4, base="/art/"):
    return "".join(
        f'<li><a href="{base}{number}.html">{title}</a></li>' for number, title in enumerate(rng.sample(titles, count))
    )


def friend_links(rng):
    return {"end": f'<div class="friend-links"><ul>{neighbours(rng, 9)}</ul></div>'}


def friend_links_in_hidden_tab(rng):
    return {
        "end": f'<div class="links"><div class="tab-con" style="display:none"><ul>{neighbours(rng)}</ul></div></div>'
    }


def friend_links_drop_up(rng):
    return {
        "head": "<style>.dropup ul{visibility:hidden;opacity:0;height:0;overflow:hidden;transition:all .3s}</style>",
        "end": f'<div class="dropup"><span>单位链接</span><ul>{neighbours(rng, 8)}</ul></div>',
    }


def friend_links_of_strange_names(rng):
    names = ("阳光采购", "智慧教育", "绿色出行", "书香青山", "数字乡村")
    items = "".join(f'<a href="http://www.{name}.com">{text}</a>' for name, text in zip(LATIN, names, strict=False))
    return {"end": f'<div id="link2" class="con" style="display:none">{items}</div>'}


def menu_far_off(rng):
    return {
        "head": "<style>.menu ul{position:absolute;left:-9999px}.menu li:hover ul{left:0}</style>",
        "top": f'<div class="menu"><ul>{neighbours(rng, 3)}<li><a href="/a/">概况</a></li></ul></div>',
    }


def reader_text(rng):
    return {
        "top": "<style>.visually-hidden{position:absolute!important;clip:rect(1px,1px,1px,1px);height:1px;width:1px;"
        'overflow:hidden}</style><div class="visually-hidden"><a href="#content">跳过导航</a>'
        '<a href="http://www.wzapt.com/help">读屏软件下载</a></div>'
    }


def icons(rng):
    return {
        "middle": '<a href="https://weibo.com/x" style="text-indent:-9999px;background:url(/i/wb.png);display:block">微博</a>'
        '<a href="http://www.qstv.net" class="icon-tv" style="text-indent:-999em">青山电视台</a>'
    }


def slides(rng):
    url, name = stranger(rng)
    return {
        "middle": f'<div class="swiper"><div class="slide" style="opacity:0"><a href="{url}"><img src="/1.jpg" alt="{name}"></a></div>'
        f'<div class="slide" style="transform:translateX(-3840px)"><a href="{url}"><img src="/2.jpg"></a></div></div>'
    }


def floating_advert(rng):
    url, name = stranger(rng)
    return {
        "top": f'<div id="ad1" style="position:fixed;left:10px"><a href="{url}"><img src="/a.jpg" alt="{name}"></a></div>',
        "end": '<script>function closead(){document.getElementById("ad1").style.display="none"}</script>',
    }


def centred_banner(rng):
    url, name = stranger(rng)
    return {
        "middle": f'<div style="position:absolute;left:50%;margin-left:-960px;width:1920px"><a href="{url}">{name}</a></div>'
    }


def equal_columns(rng):
    return {
        "middle": f'<div style="margin-bottom:-9999px;padding-bottom:9999px;overflow:hidden"><ul>{neighbours(rng)}</ul></div>'
    }


def inline_blocks(rng):
    return {
        "head": "<style>.flex{font-size:0}.flex a{font-size:14px;display:inline-block}</style>",
        "middle": f'<div class="flex">{neighbours(rng)}</div>',
    }


def white_on_blue(rng):
    url, name = stranger(rng)
    return {"middle": f'<div style="background:#003399"><a style="color:#fff" href="{url}">{name}</a></div>'}


def popup(rng):
    url, name = stranger(rng)
    return {
        "end": f'<div class="layer-mask" style="display:none"><div class="pop"><a href="{url}">{name}</a>'
        '<a href="https://mp.weixin.qq.com/s/x">公众号</a></div></div>'
    }


def accordion(rng):
    return {"middle": f'<div class="accordion-body" style="height:0;overflow:hidden">{neighbours(rng, 4)}</div>'}


def mobile_only(rng):
    return {
        "head": "<style>@media (min-width:800px){.m-foot{display:none}}</style>",
        "end": f'<div class="m-foot">{neighbours(rng, 5)}</div>',
    }


def print_sheet(rng):
    return {
        "head": "<style>@media print{ .col, a { display:none } #x { position:absolute; left:-9999px } }</style>",
        "middle": f'<ul class="col">{neighbours(rng, 5)}</ul>',
    }


CNZZ = (
    'var cnzz_protocol=(("https:"==document.location.protocol)?"https://":"http://");document.write(unescape("%3Cspan '
    "id='cnzz_stat_icon_1'%3E%3C/span%3E%3Cscript src='\"+cnzz_protocol+\"s4.cnzz.com/stat.php%3Fid%3D1%26show%3Dpic' "
    "type='text/javascript'%3E%3C/script%3E\"));"
)
CNZZ_LINK = 'document.write(\'<a href="http://www.cnzz.com/stat/website.php?web_id=1" target="_blank">站长统计</a>\');'
LA51 = "document.write('<script src=\"//js.users.51.la/1234567.js\"><\\/script>');"
ANALYTICS = (
    "var _gaq=_gaq||[];_gaq.push(['_setAccount','UA-1-1']);(function(){var ga=document.createElement('script');ga.src="
    "('https:'==document.location.protocol?'https://ssl':'http://www')+'.google-analytics.com/ga.js';})();"
)


def site_statistics(rng):
    code = rng.choice((CNZZ, CNZZ_LINK, LA51, ANALYTICS))
    return {"end": f'<div style="display:none"><script type="text/javascript">{code}</script></div>'}


def statistics_in_noscript(rng):
    return {
        "end": '<noscript><a href="https://www.51.la/?123" target="_blank">51La</a><img src="https://ia.51.la/go.asp"></noscript>'
    }


def baidu_push(rng):
    return {
        "end": "<script>(function(){var bp=document.createElement('script');var c=window.location.protocol.split(':')[0];"
        "if(c==='https'){bp.src='https://zz.bdstatic.com/linksubmit/push.js'}else{bp.src='http://push.zhanzhang.baidu.com/push.js'}"
        "var s=document.getElementsByTagName('script')[0];s.parentNode.insertBefore(bp,s)})();"
        "(function(){var e=/([http|https]:\\/\\/[a-zA-Z0-9\\_\\.]+\\.baidu\\.com)/gi,r=window.location.href,t=document.referrer;"
        "if(!e.test(r)){var o='//api.share.baidu.com/s.gif';t?(o+='?r='+encodeURIComponent(document.referrer)):0;"
        "var i=new Image;i.src=o}}(window));</script>"
    }


def counts_referrers(rng):
    return {
        "end": "<script>var from='direct';if(document.referrer.indexOf('baidu.com')>-1){from='baidu'}else if(/google|bing/.test("
        "document.referrer)){from='other'}$.post('/stat/visit',{from:from});</script>"
    }


def spares_spiders(rng):
    return {
        "end": "<script>if(!/Baiduspider|Googlebot|bingbot/i.test(navigator.userAgent)){$.getScript('/js/comment.js');"
        "location.hash='#top'}</script>"
    }


def app_of_a_search_engine(rng):
    return {
        "head": "<script>var ua=navigator.userAgent.toLowerCase();if(ua.indexOf('baiduboxapp')>-1||ua.indexOf('micromessenger')>-1){"
        "location.href='https://m.qinghe.gov.cn/'}</script>"
    }


def mobile_edition(rng):
    return {
        "head": "<script>if(/Android|iPhone|Mobile/i.test(navigator.userAgent)){window.location.href='http://m.qinghe.gov.cn/'}</script>"
    }


def moved_by_script(rng):
    return {
        "head": "<script>if(location.protocol=='http:'){location.href='https:'+location.href.substring(5)}</script>"
    }


def refresh_home(rng):
    target = rng.choice(("/index.html", "http://www.qinghe.gov.cn/new/", "https://www.hebei.gov.cn/"))
    return {"head": f'<meta http-equiv="refresh" content="5;url={target}">'}


def technical_support(rng):
    return {
        "end": '<script>document.write(\'技术支持：<a href="http://www.qsrjkj.com" target="_blank">青山软件科技有限公司</a>\');</script>'
    }


def templates_in_script(rng):
    return {
        "end": "<script>function render(d){var html='';for(var i=0;i<d.length;i++){html+='<li style=\"display:none\"><a href=\"'+d[i].url"
        "+'\" title=\"'+d[i].title+'\">'+d[i].title+'</a></li>'}$('#list').append(html)}</script>"
    }


def map_popup(rng):
    return {
        "end": "<script>var opts={title:'<span style=\"font-size:14px\">政务服务中心</span>'};var win=new BMap.InfoWindow('地址：人民路1号<br>"
        '<a href="https://map.baidu.com/?q=1" target="_blank">查看路线</a><a href="http://www.qszwfw.com/">办事大厅</a>\',opts);</script>'
    }


def embedded(rng):
    return {
        "middle": '<iframe src="https://player.youku.com/embed/X" width=600 height=400></iframe><iframe name="up" style="display:none">'
        '</iframe><iframe src="about:blank" width=0 height=0></iframe><iframe src="/blank.html" width="1" height="1"></iframe>'
        '<iframe src="https://www.conac.cn/x" width=0 height=0></iframe>'
    }


def foreign_frame_in_sight(rng):
    return {
        "middle": '<iframe src="http://www.qsqxj.com/weather.html" width="300" height="60" scrolling="no"></iframe>'
    }


def anti_gambling_news(rng):
    return {"middle": f"<ul>{news(rng, ANTI_GAMBLING)}</ul>"}


def anti_gambling_press(rng):
    return {"middle": f"<ul>{news(rng, ANTI_GAMBLING, base='http://www.qsrb.com.cn/2026/')}</ul>"}


def anti_gambling_in_hidden_tab(rng):
    base = rng.choice(("/art/", "http://www.qsrb.com.cn/", "https://www.thepaper.cn/news_"))
    return {"middle": f'<div class="tabcon" style="display:none"><ul>{news(rng, ANTI_GAMBLING, base=base)}</ul></div>'}


def anti_gambling_article(rng):
    title = rng.choice(ANTI_GAMBLING)
    meta = f'<meta name="keywords" content="赌博,百家乐,打击,禁赌"><meta name="description" content="{title}">'

    def change(page):
        start, end = page.lower().index("<title>") + 7, page.lower().index("</title>")
        body = "<p>嫌疑人利用“百家乐”“六合彩”等形式在网上开设赌场，涉案网站为境外博彩网站，非法获利。</p>"
        page = f"{page[:start]}{title}_清河县人民政府{page[end:]}"
        return page.replace("</head>", f"{meta}</head>", 1).replace("</body>", f"{body}</body>", 1)

    return change


def lottery(rng):
    hosts = ("http://www.cwl.gov.cn/", "http://www.lottery.gov.cn/", "http://www.hbfcw.com/", "http://www.hebtycp.com/")
    items = "".join(f'<a href="{rng.choice(hosts)}">{text}</a>' for text in rng.sample(LOTTERY, 5))
    return rng.choice(({"middle": items}, {"end": f'<div class="links" style="display:none">{items}</div>'}))


def lottery_article(rng):
    title = rng.choice(LOTTERY)

    def change(page):
        start, end = page.lower().index("<title>") + 7, page.lower().index("</title>")
        page = page[:start] + title + page[end:]
        return page.replace("</head>", f'<meta name="keywords" content="福利彩票,{title}"></head>', 1)

    return change


def clean_up_news(rng):
    hidden = rng.choice(("", ' style="display:none"'))
    return {"middle": f'<div class="tabcon"{hidden}><ul>{news(rng, CLEAN_UP, 5)}</ul></div>'}


def services_in_hidden_menu(rng):
    return {"top": f'<ul class="submenu" style="display:none">{news(rng, SERVICES, 8, "/bszn/")}</ul>'}


def services_elsewhere(rng):
    base = rng.choice(("http://www.hbzwfw.gov.cn/", "https://www.qszwfw.com/item/"))
    return {
        "top": f'<div class="nav"><ul class="sub" style="visibility:hidden">{news(rng, SERVICES, 8, base)}</ul></div>'
    }


def plain_words(rng):
    hidden = rng.choice(("", ' style="display:none"'))
    base = rng.choice(("/art/", "http://www.qsrb.com.cn/"))
    return {"middle": f'<div class="news-box"{hidden}><ul>{news(rng, PLAIN, 6, base)}</ul></div>'}


def macao_news(rng):
    return {
        "middle": '<a href="https://www.dicj.gov.mo/">澳门博彩监察协调局</a><a href="http://www.chinanews.com.cn/ga/1.shtml">澳门博彩业收入同比增长</a>'
        '<a href="http://www.qsrb.com.cn/2.html">澳门特区修订博彩法律规范博彩业监管</a>'
    }


def encoded_document(rng):
    text = "清河县人民政府关于进一步加强安全生产工作的通知请各单位认真贯彻执行"

    def change(page):
        encoded = "".join(f"&#{ord(sign)};" for sign in text)
        start, end = page.lower().index("<title>") + 7, page.lower().index("</title>")
        page = page[:start] + encoded[:90] + page[end:]
        return page.replace("</body>", f"<p>{encoded * 9}</p></body>", 1)

    return change


def encoded_mail(rng):
    encoded = "".join(f"&#{ord(sign)};" for sign in "mailto:qhxzf@qinghe.gov.cn")
    return {"end": f'<a href="{encoded}">联系邮箱</a><a href="http://www.qsrb.com.cn/">青山日报</a>'}


def after_the_end(rng):
    return lambda page: (
        f'{page}<script src="https://hm.baidu.com/hm.js?1"></script><!-- cache 0.02s --><a href="/wap/">手机版</a>'
    )


def footer_after_the_end(rng):
    return lambda page: (
        page
        + '<div class="foot">主办：青山市人民政府 技术支持：<a href="http://www.qsrjkj.com">青山软件有限公司</a></div>'
    )


def closed_details(rng):
    return {"middle": f"<details><summary>更多单位</summary><ul>{neighbours(rng)}</ul></details>"}


def marquee_of_news(rng):
    return {"middle": f'<marquee scrollamount="3" width="600" height="24">{news(rng, ANTI_GAMBLING, 2)}</marquee>'}


def video_list(rng):
    return {
        "middle": '<ul class="video"><li><a href="/v/1.html">反诈微电影：网络赌博的真相</a></li><li><a href="https://www.bilibili.com/video/BV1">'
        "禁毒公益宣传片</a></li></ul>"
    }


def letters(rng):
    return {
        "middle": '<div class="list-box"><ul><li><a href="/xx/1.html">小区棋牌室深夜打麻将扰民</a></li><li><a href="/xx/2.html">举报小区内聚众赌博</a>'
        '</li><li><a href="/xx/3.html">饭店拒绝开发票怎么办</a></li><li><a href="/xx/4.html">KTV娱乐场所噪音大</a></li></ul></div>'
    }


HABITS = {
    name: make
    for name, make in list(globals().items())
    if callable(make) and name not in {"stranger", "neighbours", "news", "annotations"}
}
