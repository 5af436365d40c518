# ruff: noqa: E501 - markup reads best as it is sent
"""Build official pages as they are built in the field: a dozen skeletons, each of another school.

Every skeleton takes pieces for the head, the start and the end of the body, and the middle of its content, and brings
furniture of its own: menus, tabs, slides, footers, statistics.
"""

from __future__ import annotations

CONAC = (
    '<script type="text/javascript">document.write(unescape("%3Cspan id=\'_ideConac\' %3E%3C/span%3E%3Cscript '
    "src='https://dcs.conac.cn/js/13/200/0000/60400000/CA130002000060400000001.js' type='text/javascript'%3E%3C/script%3E"
    '"));</script>'
)
JIUCUO = (
    '<a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=1309210001" target="_blank">'
    '<img src="/images/jiucuo.png" alt="政府网站找错"></a>'
)
BEIAN = '<a href="https://beian.miit.gov.cn/" target="_blank">冀ICP备05001234号-1</a>'
BAIDU = (
    '<script>var _hmt=_hmt||[];(function(){var hm=document.createElement("script");'
    'hm.src="https://hm.baidu.com/hm.js?0123456789abcdef";var s=document.getElementsByTagName("script")[0];'
    "s.parentNode.insertBefore(hm,s);})();</script>"
)


def cms(head="", top="", middle="", end=""):
    """The div page of a content management system of 2015: inline tab script, drop-down menu, footer with marks."""
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>清河县人民政府</title><meta name="SiteName" content="清河县人民政府"><link rel="stylesheet" href="/css/main.css">
<style type="text/css">/* menu */ .nav ul.sub {{display:none; position:absolute;}} .nav li:hover ul.sub {{display:block}}
.tabcon {{display:none}} .tabcon.on {{display:block}}</style>{head}</head><body>{top}
<div class="nav"><ul><li><a href="/zwgk/">政务公开</a><ul class="sub"><li><a href="/zwgk/zc/">政策文件</a></li>
<li><a href="https://www.hebei.gov.cn/">省政府</a></li></ul></li><li><a href="/zmhd/">政民互动</a></li></ul></div>
<div class="tab"><span onmouseover="show(1)">通知</span><span onmouseover="show(2)">公告</span></div>
<div class="tabcon on"><a href="/art/1.html">关于做好秋季防火工作的通知</a></div>
<div class="tabcon"><a href="/art/2.html">招聘公告</a></div>{middle}
<div class="footer">{CONAC}{JIUCUO}{BEIAN}</div>{BAIDU}{end}</body></html>"""


def tables(head="", top="", middle="", end=""):
    """A page of nested tables and font elements from 2003, with a marquee of news."""
    return f"""<HTML><HEAD><META content="text/html; charset=utf-8" http-equiv=Content-Type><TITLE>清河县财政局</TITLE>{head}
<SCRIPT language=javascript>function openwin(){{window.open("/tz.htm","","width=300,height=200")}}</SCRIPT></HEAD>
<BODY bgColor=#ffffff leftMargin=0>{top}<TABLE width=1000 align=center bgColor=#cc0000><TR><TD height=1></TD></TR></TABLE>
<TABLE width="100%" border=0><TR><TD width=200 bgcolor="#003399"><FONT color=#ffffff>机构职能</FONT><BR>
<A href="jgsz.htm"><FONT color=#ffffff>机构设置</FONT></A></TD><TD><MARQUEE direction=up height=120 width=400
scrollamount=2 onmouseover=this.stop()><A href="n1.htm">预算公开</A><BR><A href="n2.htm">决算公开</A></MARQUEE>{middle}</TD>
</TR></TABLE><TABLE align=center><TR><TD>友情链接：<SELECT onchange="window.open(this.value)"><OPTION>--部委--</OPTION>
<OPTION value="http://www.mof.gov.cn">财政部</OPTION></SELECT></TD></TR></TABLE>{BEIAN}{end}</BODY></HTML>"""


def article(head="", top="", middle="", end=""):
    """An article with editor markup, share buttons and a hidden print area."""
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>县住建局召开工作会议_清河县人民政府</title>
<meta name="ArticleTitle" content="县住建局召开工作会议"><meta name="PubDate" content="2026-09-01 10:00">
<meta name="Keywords" content="住建,会议"><meta name="Description" content="县住建局召开工作会议">{head}</head><body>{top}
<div class="crumb"><a href="/">首页</a> &gt; <a href="/xwzx/">新闻中心</a></div><h1>县住建局召开工作会议</h1>
<div class="TRS_Editor"><style type="text/css">.TRS_Editor P{{line-height:2;font-family:宋体;}}</style>
<p style="text-indent:2em">9月1日，县住建局召开工作会议，研究部署老旧小区改造、物业管理等工作。</p>{middle}
<p style="text-indent:2em;display:none">内部编号 2026-118</p></div>
<div class="bdsharebuttonbox"><a href="#" class="bds_weixin" data-cmd="weixin"></a><a href="#" class="bds_tsina"></a></div>
<script>window._bd_share_config={{"common":{{"bdText":""}}}};with(document)0[(getElementsByTagName('head')[0]||body)
.appendChild(createElement('script')).src='/static/api/js/share.js?v=89860593.js'];</script>
<div id="printArea" style="display:none"></div><div class="foot">{BEIAN}{JIUCUO}</div>{end}</body></html>"""


def listing(head="", top="", middle="", end=""):
    """A column page whose list is rendered by a script from a datastore, with paging."""
    rows = "".join(
        f"<record><![CDATA[<li><a href='/art/2026/9/{day}/art_12_{day}.html' title='第{day}号公告'>第{day}号公告</a></li>]]></record>"
        for day in range(1, 16)
    )
    return f"""<!doctype html><html><head><meta charset="utf-8"><title>通知公告</title><script src="/script/jquery.js"></script>
{head}</head><body>{top}<div class="column-name">通知公告</div><div id="12345"><script type="text/xml"><datastore>
<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1"></a>]]></nextgroup><recordset>{rows}</recordset>
</datastore></script><script>$(function(){{var perpage=15;$('#12345').jpage({{perPage:perpage,proxyUrl:'/module/web/jpage/'
+'dataproxy.jsp'}});}});</script></div>{middle}<div class="page"><a href="index_1.html">下一页</a></div>{BEIAN}{end}
</body></html>"""


def responsive(head="", top="", middle="", end=""):
    """A responsive page: off-canvas menu, carousel, modal, text for screen readers, media queries."""
    return f"""<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>清河县教育局</title><style>.sr-only{{position:absolute;width:1px;height:1px;padding:0;margin:-1px;overflow:hidden;
clip:rect(0,0,0,0);border:0}}.offcanvas{{position:fixed;left:-280px;top:0;width:280px}}.offcanvas.open{{left:0}}
.carousel .item{{display:none}}.carousel .item.active{{display:block}}.modal{{display:none;opacity:0}}
@media (max-width:768px){{.pc-only{{display:none}}}}@media print{{.noprint{{display:none}}}}</style>{head}</head><body>{top}
<a class="sr-only" href="#main">跳转到主要内容</a><div class="offcanvas"><a href="/">首页</a><a href="https://www.moe.gov.cn">教育部
</a></div><div class="carousel slide"><div class="item active"><a href="/a/1.html"><img src="/i/1.jpg" alt="开学第一课"></a></div>
<div class="item"><a href="https://www.xuexi.cn/"><img src="/i/2.jpg" alt="学习强国"></a></div></div><main id="main">{middle}
</main><div class="modal fade"><div class="modal-dialog"><a href="/wjdc/">问卷调查</a></div></div>
<footer class="noprint">{BEIAN}</footer><script src="/js/bootstrap.min.js"></script>{end}</body></html>"""


def homepage(head="", top="", middle="", end=""):
    """A homepage with floating pictures, tabs of friend links, weather, and a pop-up that can be closed."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>青山市人民政府门户网站</title>
<meta name="keywords" content="青山市,政府,门户,政务公开,政务服务"><meta name="description" content="青山市人民政府门户网站">{head}
</head><body>{top}<div id="float" style="position:absolute;z-index:99"><a href="http://www.xinhuanet.com/" target="_blank">
<img src="/pic/piao.jpg"></a><span onclick="closeFloat()">关闭</span></div><script>function closeFloat(){{
document.getElementById("float").style.display="none";}}</script><div class="weather"><iframe src="https://i.tianqi.com/index.php?c=code&id=34"
width="225" height="90" frameborder="0"></iframe></div>{middle}<div class="yqlj"><ul class="tit"><li>国家部委</li><li>新闻媒体</li></ul>
<div class="con" style="display:block"><a href="http://www.ndrc.gov.cn">国家发展改革委</a></div><div class="con" style="display:none">
<a href="http://www.people.com.cn">人民网</a><a href="http://www.cctv.com">央视网</a><a href="http://www.qsrb.com.cn">青山日报</a>
<a href="http://www.qstv.net">青山电视台</a></div></div><div class="foot">{CONAC}{BEIAN}{JIUCUO}</div>{BAIDU}{end}</body></html>"""


def service(head="", top="", middle="", end=""):
    """A service hall: Vue template, login over https, a hidden form, JSON in scripts."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>政务服务大厅</title>{head}</head><body>{top}<div id="app" v-cloak>
<ul><li v-for="item in list"><a :href="item.url" href="javascript:;">{{{{item.name}}}}</a></li></ul></div>
<form action="/login" method="post" style="display:none"><input type="hidden" name="csrf" value="abc"></form>{middle}
<script type="application/json">{{"menu":[{{"name":"社保","url":"https://si.12333.gov.cn"}}]}}</script>
<script>new Vue({{el:'#app',data:{{list:[]}},mounted:function(){{var u=navigator.userAgent;if(/Android|iPhone/i.test(u)){{
document.body.className='mobile';}}}}}});</script><div class="copyright">{BEIAN}</div>{end}</body></html>"""


def included(head="", top="", middle="", end=""):
    """A page put together from included files, each a document of its own, with attributes in capitals."""
    return f"""<html><head><title>东河区统计局</title><meta http-equiv="content-type" content="text/html; charset=utf-8">{head}</head>
<body>{top}<!-- include top --><html><body><div ID="header" CLASS="Top"><A HREF="/index.htm">首页</A></div></body></html>
<div class="main">{middle}<p>上半年全区地区生产总值同比增长百分之五。</p></div><!-- include bottom -->
<html><body><div id="bottom">主办：东河区统计局 {BEIAN}</div>{end}</body></html></body></html>"""


def english(head="", top="", middle="", end=""):
    """The English edition of a site."""
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Qingshan Municipal Government</title>{head}</head>
<body>{top}<div id="menu"><a href="/en/about/">About</a><div class="dropdown-menu" style="visibility:hidden;opacity:0">
<a href="http://english.www.gov.cn/">The State Council</a><a href="https://www.chinadaily.com.cn">China Daily</a></div></div>
<h2>Invest in Qingshan</h2><p>Qingshan lies on the middle reaches of the river.</p>{middle}<div>Copyright</div>{end}</body></html>"""


def old_portal(head="", top="", middle="", end=""):
    """A portal with an old menu that waits far off the screen and icons whose text is indented away."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>石桥街道办事处</title><style>
#nav li ul{{position:absolute;left:-999em;width:150px}}#nav li:hover ul{{left:auto}}
.icon{{display:block;width:32px;height:32px;text-indent:-9999px;overflow:hidden;background:url(/i/sprite.png)}}
.slide-box{{position:relative;overflow:hidden}}.slide-box li{{position:absolute;left:1200px}}.clear{{clear:both;height:0;overflow:hidden;
font-size:0;line-height:0}}</style>{head}</head><body>{top}<ul id="nav"><li><a href="/jd/">街道概况</a><ul><li><a href="/jd/ld/">领导</a>
</li><li><a href="http://www.hebei.gov.cn">河北省</a></li></ul></li></ul><a class="icon" href="https://weibo.com/shiqiao">官方微博</a>
<div class="slide-box"><ul><li><a href="/p/1.html"><img src="/p/1.jpg"></a></li><li><a href="http://www.wenming.cn/">
<img src="/p/2.jpg"></a></li></ul></div>{middle}<div class="clear"></div><p>{BEIAN}</p>{end}</body></html>"""


LAYOUTS = (cms, tables, article, listing, responsive, homepage, service, included, english, old_portal)
