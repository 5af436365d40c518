"""What pages and headers give away: versions, traces, listings, internal addresses."""

import pytest

from checks.security.leaks import Leaks

HEADERS = [
    (("Server", "nginx/1.18.0"), True),
    (("Server", "Apache/2.4.6 (CentOS) PHP/5.4.16"), True),
    (("Server", "Microsoft-IIS/10.0"), True),
    (("X-Powered-By", "PHP/7.4.3"), True),
    (("X-AspNet-Version", "4.0.30319"), True),
    (("X-Generator", "Drupal 7.5"), True),
    (("Server", "nginx"), False),
    (("Server", "openresty"), False),
    (("X-Powered-By", "ASP.NET"), False),
    (("Via", "1.1 proxy-12"), False),
    (("ETag", "apache/2.4.6"), False),
]

JAVA = (
    "<pre>java.lang.NullPointerException\n\tat com.site.web.ArticleController.show(ArticleController.java:57)\n"
    "\tat javax.servlet.http.HttpServlet.service(HttpServlet.java:750)</pre>"
)
TRACES = [
    (JAVA, "java"),
    ("<p>javax.servlet.ServletException: Cannot create bean</p>", "java"),
    ("<h1>Server Error in '/' Application.</h1>", "dotnet"),
    ("<h1>“/”应用程序中的服务器错误。</h1>", "dotnet"),
    (r"<pre>System.IO.IOException in D:\web\Site\List.aspx.cs:line 42</pre>", "dotnet"),
    ("<br /><b>Warning</b>:  include(a.php): failed in <b>/var/www/html/index.php</b> on line <b>12</b><br />", "php"),
    ("Fatal error: Uncaught Error in /var/www/a.php on line 3", "php"),
    ("<pre>#0 /var/www/html/lib/db.php(88): query()</pre>", "php"),
    ("Fatal error: Uncaught Error: Call to undefined function x() in /www/a.php:12 Stack trace:", "php"),
    ("<h1>系统发生错误</h1><p>错误位置</p><p>FILE: /www/web/ThinkPHP/Lib/App.php 　LINE: 120</p>", "php"),
    ("<font size=2>Microsoft VBScript 运行时错误</font> <font size=2>错误 '800a01a8'</font><p>缺少对象", "asp"),
    ("<p>ADODB.Recordset error '800a0bb9'</p>", "asp"),
    ("<p>Microsoft JET Database Engine 错误 '80040e14'</p>", "asp"),
    ("<pre>Traceback (most recent call last):\n  File &quot;/srv/app.py&quot;, line 3</pre>", "python"),
    ("You're seeing this error because you have <code>DEBUG = True</code>", "python"),
    ("<pre>Error: boom\n    at Object.&lt;anonymous&gt; (/srv/app/server.js:10:15)</pre>", "node"),
    ("You have an error in your SQL syntax; check the manual", "database"),
    ("ORA-00942: table or view does not exist", "database"),
    ("SQLSTATE[42S02]: Base table not found", "database"),
    ("Microsoft OLE DB Provider for SQL Server error '80040e14'", "database"),
]

CLEAN = [
    "<p>请登录系统办理，操作中如有 Warning 提示请联系我们。</p>",
    '<script src="/js/app.js:v2"></script><p>on line 服务，#0 号窗口</p>',
    "<p>关于停用 Microsoft VBScript 的通知：出现错误提示的，请联系我们</p>",
    "<p>FILE: 附件清单 LINE: 热线</p>",
    "<p>Java 培训通知：请参加 java.lang 课程</p>",
    "<p>COLORA-2026 型设备采购公告</p>",
    '<a href="/2024/10.html">十月</a><a href="/192.168.html">编号</a>',
    "<p>服务器内网地址段 192.168.1.1 的配置说明</p>",
    '<a href="http://172.15.0.1/">公网地址</a><a href="http://10.example.cn/">域名</a>',
]


def found(page):
    return [(finding.rule.id, finding.variant or finding.key) for finding in Leaks().inspect(page)]


@pytest.mark.parametrize(("header", "leaks"), HEADERS)
def test_a_header_leaks_when_it_tells_a_version(parsed, header, leaks):
    assert found(parsed("", headers=[header])) == ([("version-leak", "header")] if leaks else [])


@pytest.mark.parametrize(("html", "kind"), TRACES)
def test_error_details_are_told_apart_by_platform(parsed, html, kind):
    assert found(parsed(html, status=500)) == [("stack-trace", kind)]


@pytest.mark.parametrize("html", CLEAN)
def test_ordinary_pages_leak_nothing(parsed, html):
    assert found(parsed(html)) == []


ERROR_PAGES = [
    ("<title>404 Not Found</title><center>nginx/1.18.0</center>", 404, True),
    ("<title>HTTP Status 404 – 未找到</title><h3>Apache Tomcat/8.5.51</h3>", 404, True),
    ("<title>出错了</title><address>Apache/2.4.6 (CentOS) Server at www.qinghe.gov.cn Port 80</address>", 500, True),
    ("<title>502 Bad Gateway</title><center>nginx</center>", 502, False),
    ("<title>关于 nginx/1.18.0 漏洞的预警通报</title><p>请升级 nginx/1.18.0</p>", 200, False),
]


@pytest.mark.parametrize(("html", "status", "leaks"), ERROR_PAGES)
def test_an_error_page_leaks_when_it_tells_a_version(parsed, html, status, leaks):
    assert found(parsed(html, status=status)) == ([("version-leak", "page")] if leaks else [])


LISTINGS = [
    '<title>Index of /upload/</title><h1>Index of /upload/</h1><a href="../">../</a>',
    "<title>Index of /</title><a href='/'>Parent Directory</a>",
    "<title>Directory listing for /data/</title><h1>Directory listing for /data/</h1>",
    "<title>www.qinghe.gov.cn - /upload/</title><pre><A HREF='/'>[To Parent Directory]</A></pre>",
    "<title>www.qinghe.gov.cn - /</title><pre><A HREF='/'>[转到父目录]</A></pre>",
]


@pytest.mark.parametrize("html", LISTINGS)
def test_a_directory_that_can_be_browsed_is_found(parsed, html):
    assert found(parsed(html)) == [("directory-listing", "")]


@pytest.mark.parametrize("title", ["信息公开目录 - /", "Index of 指数", "采购目录列表"])
def test_a_catalogue_is_no_directory_listing(parsed, title):
    assert found(parsed(f"<title>{title}</title><h1>目录</h1>")) == []


INTERNAL = [
    ('<a href="http://10.1.2.3/oa/">办公系统</a>', ["10.1.2.3"]),
    ('<img src="http://192.168.0.8:8080/a.jpg">', ["192.168.0.8"]),
    (r'<script>var api="http:\/\/172.20.1.1\/api";</script>', ["172.20.1.1"]),
    ("<p>请访问 http://10.1.2.3/ 查询，或 http://10.1.2.3/b</p>", ["10.1.2.3"]),
    ('<a href="http://10.1.2.3/">一</a><a href="https://172.31.0.9/">二</a>', ["10.1.2.3", "172.31.0.9"]),
]


@pytest.mark.parametrize(("html", "addresses"), INTERNAL)
def test_each_internal_address_is_one_finding(parsed, html, addresses):
    assert found(parsed(html)) == [("internal-address", address) for address in addresses]


def test_a_site_inside_may_link_to_its_neighbours(parsed):
    assert found(parsed('<a href="http://10.1.2.3/">办公系统</a>', "http://10.1.2.9/index.html")) == []


@pytest.mark.parametrize("html", [JAVA, '<a href="http://10.1.2.3/">办公系统</a>'])
def test_a_template_that_leaks_on_many_pages_is_one_finding(parsed, html):
    prints = {
        finding.fingerprint
        for number in range(3)
        for finding in Leaks().inspect(parsed(html, f"https://www.qinghe.gov.cn/{number}.html"))
    }
    assert len(prints) == 1


def test_every_message_reads_in_both_languages(parsed):
    pages = [parsed(html) for html, _ in TRACES] + [parsed(html) for html in LISTINGS] + [parsed(INTERNAL[0][0])]
    for finding in (finding for page in pages for finding in Leaks().inspect(page)):
        assert finding.rule.say(finding, "zh-CN") != finding.rule.say(finding, "en")
        assert finding.evidence


@pytest.mark.parametrize(
    "html",
    [
        "<p>报错示例：</p><pre><code>Traceback (most recent call last):\n  File &quot;a.py&quot;, line 1</code></pre>",
        "<pre class=screen>Traceback (most recent call last):\n  File &quot;/srv/app.py&quot;, line 3</pre>",
        f"<p>{'说明' * 300}</p><pre>Traceback (most recent call last):\n  File &quot;/srv/app.py&quot;, line 3</pre>",
    ],
)
def test_a_sample_of_code_is_no_stack_trace(parsed, html):
    assert found(parsed(html)) == []
